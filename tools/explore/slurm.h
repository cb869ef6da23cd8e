/* slurm.h - the runs of an exploration in a Slurm job array.
 *
 * The perturbed runs are cut into parts of equal length. A task of the array makes one part, as an exploration of its
 * own that neither reduces nor prints, and leaves the outcomes in a file of a directory that all nodes see. So the
 * parts taken together say what one long exploration would.
 */
#ifndef DAV_TOOLS_EXPLORE_SLURM_H
#define DAV_TOOLS_EXPLORE_SLURM_H

#include "tools/explore/pool.h"
#include "tools/explore/runs.h"

/** slurm_explore - submit runs 1 .. options->runs, wait, collect. Run 0 has been made.
 *  Return: the lowest run that an exploration stops at, or RUNS_NONE. pool->error tells of a failure, after one line.
 */
size_t slurm_explore(struct pool *pool, struct runs *runs);

/** part_first, part_count - which runs options->part is. */
size_t part_first(const struct explore_options *options);
size_t part_count(const struct explore_options *options);

/** part_save - leave the outcomes of the part where slurm_explore waits for them.
 *  Return: 0, or DAV_INTERNAL after one line. */
int part_save(const struct runs *runs);

/** part_load - the outcomes of part @task from the directory @dir, if they are there yet.
 *  @stop: lowered to the run at which an exploration stops, if one of these is lower.
 *  Return: 1 if they are in, 0 if not yet, -1 if the file is damaged. */
int part_load(struct runs *runs, const char *dir, uint64_t task, size_t *stop);

#endif
