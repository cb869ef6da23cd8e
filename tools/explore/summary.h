/* summary.h - what was seen across the runs of an exploration: each thing once, with the runs that showed it.
 */
#ifndef DAV_TOOLS_EXPLORE_SUMMARY_H
#define DAV_TOOLS_EXPLORE_SUMMARY_H

#include "tools/explore/runs.h"

/* A finding, or a way for the program to fail. */
struct sighting {
    char *key;
    const json_t *finding; /* as the first run has it; NULL: the program failed */
    int status;            /* of the failed program */
    size_t *in_runs;       /* ascending */
    size_t count;
};

struct summary {
    size_t made;                         /* perturbed runs that were made and count */
    size_t clean, with_findings, failed; /* of those */
    struct sighting *sightings;          /* in order of first appearance; run 0 included */
    size_t count;
};

void summary_make(struct summary *summary, const struct runs *runs);
void summary_free(struct summary *summary);

#endif
