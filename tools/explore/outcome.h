/* outcome.h - what one run of an exploration came to. */
#ifndef DAV_TOOLS_EXPLORE_OUTCOME_H
#define DAV_TOOLS_EXPLORE_OUTCOME_H

#include "tools/list.h"

#include <jansson.h>

enum verdict {
    VERDICT_NONE, /* not made, or not needed */
    VERDICT_CLEAN,
    VERDICT_FINDINGS, /* the program succeeded, but checkers found something */
    VERDICT_FAILED,   /* the program failed; there may be findings too */
    VERDICT_BROKEN,   /* it could not be run: bad input, or the simulator's own failure */
};

struct outcome {
    enum verdict verdict;
    int status;       /* exit status of the run, as a shell gives it */
    json_t *findings; /* as `davsim check --json` writes them; NULL: none */
    struct list vary; /* the perturbations that were active, for a run that is not clean */
    char *output;     /* what a run printed that is not clean, or its end; NULL: nothing */
};

/** outcome_read - judge a run by how it ended and by what it left.
 *  @wait_status: as waitpid gives it. @checked: under `davsim check`, not `davsim run`.
 *  @dir: where its report.json, findings.json and output are. */
void outcome_read(struct outcome *outcome, int wait_status, bool checked, const char *dir);

void outcome_free(struct outcome *outcome);

/** outcome_trim - let go of what takes much room: what was printed, and the perturbations. */
void outcome_trim(struct outcome *outcome);

/** outcome_is_bad - a run that an exploration stops at. */
bool outcome_is_bad(const struct outcome *outcome);

/** outcome_has - is one of the findings of the same kind and at the same place as @key, an outcome_key? */
bool outcome_has(const struct outcome *outcome, const char *key);

/** finding_kind, finding_place - "lost-write"; "a.c:12, b.c:7", for the caller to free. */
const char *finding_kind(const json_t *finding);
char *finding_place(const json_t *finding);

/** finding_key - kind and place as one text, which is the same for the same finding in another run; to be freed. */
char *finding_key(const json_t *finding);

const char *verdict_name(enum verdict verdict);

/** outcome_json - for other programs. @whole: with what it printed and its perturbations, so that outcome_from_json
 *  gives an equal one. */
json_t *outcome_json(const struct outcome *outcome, bool whole);

/** outcome_from_json - Return: false if @json is not what outcome_json makes. */
bool outcome_from_json(struct outcome *outcome, json_t *json);

#endif
