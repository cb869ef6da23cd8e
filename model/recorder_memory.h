/* recorder_memory.h - curves of a device's memory in the timeline, over windows of a microsecond within launches: what
 * is read and written in GM, how often it stood in L2, dcci, transfers under way.
 *
 * The values of a window stand at its begin; a curve has a point where its value is another than before. When nothing
 * but polls has happened for MEMORY_WINDOWS windows, the rest of that time is one long window.
 */
#ifndef DAV_RECORDER_MEMORY_H
#define DAV_RECORDER_MEMORY_H

#include "model/recorder_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct recorder_memory;

enum { MEMORY_WINDOWS = 1000 };

/** memory_new - listen to @chip's clock. Return NULL without memory. memory_free - @memory may be NULL. */
struct recorder_memory *memory_new(struct trace *trace, struct chip_state *chip, struct recorder_rows *rows);
void memory_free(struct recorder_memory *memory);

/** memory_begin_launch / memory_end_launch - the curves go on at @time_ps, and end. A launch that is given up ends at
 *  once, before what is under way is forgotten. */
void memory_begin_launch(struct recorder_memory *memory, uint64_t time_ps);
void memory_end_launch(struct recorder_memory *memory, uint64_t time_ps);

/** memory_write - an event at @time_ps is heard of: write the points of windows that were over before it. */
void memory_write(struct recorder_memory *memory, uint64_t time_ps);

#ifdef __cplusplus
}
#endif
#endif
