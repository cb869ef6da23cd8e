/* runs.h - all runs of an exploration and what they came to. */
#ifndef DAV_TOOLS_EXPLORE_RUNS_H
#define DAV_TOOLS_EXPLORE_RUNS_H

#include "tools/explore/options.h"
#include "tools/explore/outcome.h"

/* Run 0 is not perturbed; run i has the seed options->seed + i. */
struct runs {
    const struct explore_options *options;
    struct outcome *outcomes; /* [options->runs + 1] */
    size_t subject;           /* the lowest bad run that shows what run 0 does not; RUNS_NONE */
    size_t done;              /* outcomes that are in, for the progress bar */
    size_t bad;               /* of them not clean */
};

#define RUNS_NONE ((size_t)-1)

void runs_init(struct runs *runs, const struct explore_options *options);
void runs_free(struct runs *runs);

uint64_t runs_seed(const struct runs *runs, size_t run);

/** runs_add - take over @outcome as that of @run. In any order, but run 0 comes first.
 *  Return: true if an exploration stops at this run. */
bool runs_add(struct runs *runs, size_t run, struct outcome *outcome);

/** runs_forget_above - an exploration that stopped at @run knows nothing of the runs after it. */
void runs_forget_above(struct runs *runs, size_t run);

/** runs_worst - VERDICT_BROKEN if a run is, else failed, findings, clean; that run's number into @run. */
enum verdict runs_worst(const struct runs *runs, size_t *run);

/** runs_found - has any run a finding? */
bool runs_found(const struct runs *runs);

/** runs_news - the key of the first finding of @run that run 0 does not have, for the caller to free; NULL: none. */
char *runs_news(const struct runs *runs, size_t run);

#endif
