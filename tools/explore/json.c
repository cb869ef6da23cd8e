/* json.c - table_save of table.h: what the table says, as JSON. */
#include "model/davsim.h"
#include "tools/explore/table.h"
#include "tools/fail.h"
#include "tools/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1 };

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

/* A word of a command may be no UTF-8, which JSON takes only. */
static json_t *strings(const struct list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        if (json_array_append_new(array, json_string(list->items[i])) != 0)
            json_array_append_new(array, json_string("?"));
    return array;
}

static json_t *runs_json(const struct runs *runs)
{
    json_t *array = json_array();
    for (size_t run = 0; run <= runs->options->runs; run++) {
        if (runs->outcomes[run].verdict == VERDICT_NONE)
            continue;
        json_t *json = outcome_json(&runs->outcomes[run], false);
        json_object_set_new(json, "run", number(run));
        json_object_set_new(json, "seed", number(runs_seed(runs, run)));
        json_array_append_new(array, json);
    }
    return array;
}

static json_t *sightings_json(const struct runs *runs, const struct summary *summary)
{
    json_t *array = json_array();
    for (size_t i = 0; i < summary->count; i++) {
        const struct sighting *sighting = &summary->sightings[i];
        json_t *json = json_object(), *in_runs = json_array(), *seeds = json_array();
        if (sighting->finding) {
            char *place = finding_place(sighting->finding);
            json_object_set_new(json, "kind", json_string(finding_kind(sighting->finding)));
            json_object_set_new(json, "place", json_string(place));
            free(place);
        } else {
            json_object_set_new(json, "kind", json_string("failed"));
            json_object_set_new(json, "status", json_integer(sighting->status));
        }
        for (size_t run = 0; run < sighting->count; run++) {
            json_array_append_new(in_runs, number(sighting->in_runs[run]));
            json_array_append_new(seeds, number(runs_seed(runs, sighting->in_runs[run])));
        }
        json_object_set_new(json, "runs", in_runs);
        json_object_set_new(json, "seeds", seeds);
        json_array_append_new(array, json);
    }
    return array;
}

static json_t *replay_json(const struct runs *runs, const struct reduction *reduction, const char *vary)
{
    struct list command = table_replay(runs, reduction, vary);
    json_t *json = strings(&command);
    list_free(&command);
    return json;
}

static json_t *reduction_json(const struct runs *runs, const struct reduction *reduction)
{
    static const char *const ends[] = {"not-tried", "minimal", "limited", "not-again"};
    json_t *json = json_object();
    char *vary = list_join(&reduction->to, ",");
    json_object_set_new(json, "run", number(reduction->run));
    json_object_set_new(json, "seed", number(runs_seed(runs, reduction->run)));
    json_object_set_new(json, "end", json_string(ends[reduction->end]));
    json_object_set_new(json, "tests", number(reduction->tests));
    json_object_set_new(json, "from", strings(&reduction->from));
    json_object_set_new(json, "to", strings(&reduction->to));
    if (reduction->end == REDUCTION_MINIMAL || reduction->end == REDUCTION_LIMITED)
        json_object_set_new(json, "replay", replay_json(runs, reduction, vary));
    json_object_set_new(json, "replay_all", replay_json(runs, reduction, NULL));
    free(vary);
    return json;
}

static json_t *table_json(const struct runs *runs, const struct reduction *reduction, bool interrupted)
{
    struct summary summary;
    json_t *root = json_object();
    struct list command = {0};
    summary_make(&summary, runs);
    for (char **word = runs->options->command; *word; word++)
        list_add(&command, "%s", *word);
    json_object_set_new(root, "version", json_integer(VERSION));
    json_object_set_new(root, "command", strings(&command));
    json_object_set_new(root, "options", strings(&runs->options->passed_on));
    json_object_set_new(root, "checked", json_boolean(!runs->options->no_check));
    json_object_set_new(root, "vary", json_string(runs->options->vary));
    json_object_set_new(root, "seed", number(runs->options->seed));
    json_object_set_new(root, "runs_asked", number(runs->options->runs));
    json_object_set_new(root, "runs_made", number(summary.made));
    json_object_set_new(root, "interrupted", json_boolean(interrupted));
    json_object_set_new(root, "clean", number(summary.clean));
    json_object_set_new(root, "with_findings", number(summary.with_findings));
    json_object_set_new(root, "failed", number(summary.failed));
    json_object_set_new(root, "findings", sightings_json(runs, &summary));
    json_object_set_new(root, "runs", runs_json(runs));
    if (outcome_is_bad(&runs->outcomes[reduction->run]))
        json_object_set_new(root, "reduction", reduction_json(runs, reduction));
    list_free(&command);
    summary_free(&summary);
    return root;
}

int table_save(const char *path, const struct runs *runs, const struct reduction *reduction, bool interrupted)
{
    json_t *root = table_json(runs, reduction, interrupted);
    int written = output_json(root, path);
    json_decref(root);
    return written == 0 ? 0 : fail(DAV_INTERNAL, "explore: cannot write %s: %s", path, strerror(errno));
}
