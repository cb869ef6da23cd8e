/* reduce.h - from a run that failed, the few perturbations that it takes. */
#ifndef DAV_TOOLS_EXPLORE_REDUCE_H
#define DAV_TOOLS_EXPLORE_REDUCE_H

#include "tools/explore/pool.h"
#include "tools/explore/runs.h"

enum reduction_end {
    REDUCTION_NOT_TRIED,
    REDUCTION_MINIMAL,   /* without any one of those left, the run does not fail */
    REDUCTION_LIMITED,   /* --reduce-runs, or a signal, came first; those left suffice */
    REDUCTION_NOT_AGAIN, /* the run did not fail a second time */
};

struct reduction {
    enum reduction_end end;
    size_t run;       /* which one */
    char *finding;    /* finding_key of the finding that had to come again; NULL: a program that fails */
    struct list from; /* its perturbations */
    struct list to;   /* those left */
    size_t tests;     /* runs that were decided */
};

/** reduction_make - reduce runs->subject; run 0 if that is the only bad one. */
void reduction_make(struct reduction *reduction, struct pool *pool, const struct runs *runs);

void reduction_free(struct reduction *reduction);

#endif
