/* recorder.h - what the chip announces, written down as a timeline: a row for the host and for each core that ran, a
 * slice a task, an arrow a dependency (recorder_tasks.h); where the chip tells of its pipes, rows for these below their
 * core's (recorder_pipes.h).
 */
#ifndef DAV_RECORDER_H
#define DAV_RECORDER_H

#include <stddef.h>

#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct kernels;
struct recorder;

/**
 * recorder_open - start the trace file @path and listen to @chip.
 * @kernels: for the names of tasks; must live as long as the recorder
 * @error, @error_size: receives one line when NULL is returned
 */
struct recorder *recorder_open(struct chip_state *chip, const struct kernels *kernels, const char *path,
                               enum trace_format format, char *error, size_t error_size);

/**
 * recorder_join - the same for a further device of the process, in the trace of the first one's recorder: its cores get
 * groups of their own, and what the host does says with which device. It ends with the first. NULL without memory.
 */
struct recorder *recorder_join(struct recorder *first, struct chip_state *chip, const struct kernels *kernels);

/**
 * recorder_modules - the ELF files that the next launch runs, to learn from their debug information what a task is.
 *
 * Call it before each launch; the same bytes are looked at once. The bytes are not kept.
 */
void recorder_modules(struct recorder *recorder, const void *aicore, size_t aicore_size, const void *aicpu,
                      size_t aicpu_size);

/** recorder_close - stop listening and complete the file. Return: 0, or -1 with one line in @error; the recorder and
 *  those that have joined it are gone either way. */
int recorder_close(struct recorder *recorder, char *error, size_t error_size);

#ifdef __cplusplus
}
#endif
#endif
