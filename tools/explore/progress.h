/* progress.h - the line that shows how far an exploration is: on a terminal only, and gone afterwards. */
#ifndef DAV_TOOLS_EXPLORE_PROGRESS_H
#define DAV_TOOLS_EXPLORE_PROGRESS_H

#include "tools/explore/options.h"

/** progress_runs - @done of the runs are made, @bad of them are not clean. */
void progress_runs(const struct explore_options *options, size_t done, size_t bad);

/** progress_reduce - after @tests runs of reducing, @left perturbations are left. */
void progress_reduce(const struct explore_options *options, size_t tests, size_t left);

/** progress_clear - before anything else is printed. */
void progress_clear(const struct explore_options *options);

#endif
