/* summary.c - see summary.h. */
#include "tools/explore/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *grow(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (!memory)
        abort();
    return memory;
}

/* Counts @run for the sighting @key, which is taken over. Two findings of a run may have one key. */
static void add(struct summary *summary, char *key, const json_t *finding, int status, size_t run)
{
    struct sighting *sighting = summary->sightings, *end = summary->sightings + summary->count;
    while (sighting < end && strcmp(sighting->key, key) != 0)
        sighting++;
    if (sighting == end) {
        summary->sightings = grow(summary->sightings, (summary->count + 1) * sizeof(*summary->sightings));
        sighting = &summary->sightings[summary->count++];
        *sighting = (struct sighting){.key = key, .finding = finding, .status = status};
    } else {
        free(key);
    }
    if (sighting->count && sighting->in_runs[sighting->count - 1] == run)
        return;
    sighting->in_runs = grow(sighting->in_runs, (sighting->count + 1) * sizeof(*sighting->in_runs));
    sighting->in_runs[sighting->count++] = run;
}

static void add_run(struct summary *summary, const struct outcome *outcome, size_t run)
{
    char *key;
    if (outcome->verdict == VERDICT_NONE || outcome->verdict == VERDICT_BROKEN)
        return;
    if (run > 0) {
        summary->made++;
        summary->clean += outcome->verdict == VERDICT_CLEAN;
        summary->with_findings += outcome->verdict == VERDICT_FINDINGS;
        summary->failed += outcome->verdict == VERDICT_FAILED;
    }
    if (outcome->verdict == VERDICT_FAILED) {
        if (asprintf(&key, "failed with status %d", outcome->status) < 0)
            abort();
        add(summary, key, NULL, outcome->status, run);
    }
    for (size_t i = 0; i < json_array_size(outcome->findings); i++) {
        const json_t *finding = json_array_get(outcome->findings, i);
        add(summary, finding_key(finding), finding, 0, run);
    }
}

void summary_make(struct summary *summary, const struct runs *runs)
{
    *summary = (struct summary){0};
    for (size_t run = 0; run <= runs->options->runs; run++)
        add_run(summary, &runs->outcomes[run], run);
}

void summary_free(struct summary *summary)
{
    for (size_t i = 0; i < summary->count; i++) {
        free(summary->sightings[i].key);
        free(summary->sightings[i].in_runs);
    }
    free(summary->sightings);
    *summary = (struct summary){0};
}
