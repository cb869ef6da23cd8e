/* part.c - the file in which a task of a Slurm job leaves what its runs came to; see slurm.h. It
 * appears by rename, so half of one is never read.
 */
#include "model/davsim.h"
#include "tools/explore/slurm.h"
#include "tools/fail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void part_path(char path[4300], const char *dir, uint64_t task)
{
    snprintf(path, 4300, "%s/part-%" PRIu64 ".json", dir, task);
}

size_t part_first(const struct explore_options *options)
{
    return options->part.task * options->part.runs + 1;
}

size_t part_count(const struct explore_options *options)
{
    size_t first = part_first(options);
    size_t left = first > options->runs ? 0 : options->runs - first + 1;
    return left < options->part.runs ? left : options->part.runs;
}

int part_save(const struct runs *runs)
{
    const struct explore_options *options = runs->options;
    char path[4300], temporary[4320];
    json_t *array = json_array();
    for (size_t i = 0; i < part_count(options); i++) {
        const struct outcome *outcome = &runs->outcomes[part_first(options) + i];
        if (outcome->verdict == VERDICT_NONE)
            break;
        json_array_append_new(array, outcome_json(outcome, true));
    }
    part_path(path, options->part.dir, options->part.task);
    snprintf(temporary, sizeof(temporary), "%s.tmp", path);
    int written = json_dump_file(array, temporary, JSON_COMPACT);
    json_decref(array);
    if (written == 0 && rename(temporary, path) == 0)
        return 0;
    return fail(DAV_INTERNAL, "explore: cannot write %s: %s", path, strerror(errno));
}

int part_load(struct runs *runs, const char *dir, uint64_t task, size_t *stop)
{
    struct explore_options part = *runs->options;
    char path[4300];
    size_t index;
    json_t *json;
    part_path(path, dir, task);
    if (access(path, R_OK) != 0)
        return 0;
    part.part.task = task;
    json_t *array = json_load_file(path, 0, NULL);
    int result = json_is_array(array) && json_array_size(array) <= part_count(&part) ? 1 : -1;
    bool stopped = false;
    json_array_foreach (array, index, json) {
        struct outcome outcome;
        size_t run = part_first(&part) + index;
        if (result != 1 || !outcome_from_json(&outcome, json)) {
            result = -1;
            break;
        }
        stopped = runs_add(runs, run, &outcome);
        if (stopped && run < *stop)
            *stop = run;
    }
    if (!stopped && json_array_size(array) < part_count(&part))
        result = -1;
    json_decref(array);
    return result;
}
