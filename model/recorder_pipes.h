/* recorder_pipes.h - the pipes of the AICores in the timeline: rows below their core's, for those that are used.
 *
 * A slice is the time for which an instruction keeps its pipe busy, so slices of a row follow one another; its result
 * may be there later, which an argument tells. An arrow leads from a set_flag to its wait_flag: from the instruction
 * that came before the set in its pipe to the one that came behind the wait. Where there is no such instruction, and on
 * the scalar unit's side, which is the core's own row, the arrow has an instant for its end. Cross-core flags have
 * instants on both sides.
 *
 * An instruction that had not left its pipe when the launch was given up may be missing or be marked `unfinished`. A
 * arrow from a set that nobody waited for ends in an instant, `no wait_flag`, at the launch's end.
 */
#ifndef DAV_RECORDER_PIPES_H
#define DAV_RECORDER_PIPES_H

#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct event;
struct recorder_pipes;

/** recorder_pipes_new - without rows yet. Return NULL without memory. recorder_pipes_free - @pipes may be NULL. */
struct recorder_pipes *recorder_pipes_new(struct trace *trace, const struct chip_state *chip);
void recorder_pipes_free(struct recorder_pipes *pipes);

/** recorder_pipes_event - EVENT_INSTR, EVENT_SET, EVENT_FLAG, EVENT_CROSS or EVENT_BARRIER.
 *  @core, @by: the rows of the event's cores */
void recorder_pipes_event(struct recorder_pipes *pipes, const struct event *event, trace_track_id core,
                          trace_track_id by);

/** recorder_pipes_end_launch - all that was held back is told; what goes beyond @time_ps was cut off there. */
void recorder_pipes_end_launch(struct recorder_pipes *pipes, uint64_t time_ps);

#ifdef __cplusplus
}
#endif
#endif
