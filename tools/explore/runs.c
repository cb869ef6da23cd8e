/* runs.c - see runs.h. What a run printed is kept only for the subject, and for run 0: thousands of
 * runs may fail.
 */
#include "tools/explore/runs.h"

#include <stdlib.h>

void runs_init(struct runs *runs, const struct explore_options *options)
{
    *runs = (struct runs){options, calloc(options->runs + 1, sizeof(*runs->outcomes)), RUNS_NONE, 0, 0};
    if (!runs->outcomes)
        abort();
}

void runs_free(struct runs *runs)
{
    for (size_t i = 0; i <= runs->options->runs; i++)
        outcome_free(&runs->outcomes[i]);
    free(runs->outcomes);
}

uint64_t runs_seed(const struct runs *runs, size_t run)
{
    return runs->options->seed + run;
}

char *runs_news(const struct runs *runs, size_t run)
{
    const struct outcome *outcome = &runs->outcomes[run];
    for (size_t i = 0; i < json_array_size(outcome->findings); i++) {
        char *key = finding_key(json_array_get(outcome->findings, i));
        if (run == 0 || !outcome_has(&runs->outcomes[0], key))
            return key;
        free(key);
    }
    return NULL;
}

/* Does @run show what run 0 does not: a finding, or a program that fails? */
static bool is_news(const struct runs *runs, size_t run)
{
    if (!outcome_is_bad(&runs->outcomes[0]))
        return true;
    if (runs->outcomes[run].verdict > runs->outcomes[0].verdict)
        return true;
    char *key = runs_news(runs, run);
    free(key);
    return key != NULL;
}

bool runs_add(struct runs *runs, size_t run, struct outcome *outcome)
{
    runs->outcomes[run] = *outcome;
    *outcome = (struct outcome){0};
    runs->done++;
    if (!outcome_is_bad(&runs->outcomes[run]))
        return false;
    runs->bad++;
    if (run > 0 && run < runs->subject && is_news(runs, run)) {
        if (runs->subject != RUNS_NONE && !runs->options->part.dir)
            outcome_trim(&runs->outcomes[runs->subject]);
        runs->subject = run;
    } else if (run > 0 && !runs->options->part.dir && runs->outcomes[run].verdict != VERDICT_BROKEN) {
        outcome_trim(&runs->outcomes[run]);
    }
    return !runs->options->keep_going || runs->outcomes[run].verdict == VERDICT_BROKEN;
}

void runs_forget_above(struct runs *runs, size_t run)
{
    for (size_t i = run + 1; i <= runs->options->runs; i++)
        outcome_free(&runs->outcomes[i]);
    if (runs->subject != RUNS_NONE && runs->subject > run)
        runs->subject = RUNS_NONE;
}

bool runs_found(const struct runs *runs)
{
    for (size_t i = 0; i <= runs->options->runs; i++)
        if (json_array_size(runs->outcomes[i].findings))
            return true;
    return false;
}

enum verdict runs_worst(const struct runs *runs, size_t *run)
{
    enum verdict worst = VERDICT_NONE;
    for (size_t i = 0; i <= runs->options->runs; i++) {
        if (runs->outcomes[i].verdict > worst) {
            worst = runs->outcomes[i].verdict;
            *run = i;
        }
    }
    return worst;
}
