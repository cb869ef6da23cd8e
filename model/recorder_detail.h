/* recorder_detail.h - rows below a core's for levels instr and mem: `S`, what its scalar unit does beside plain loads
 * and stores, and `cache`, what happens in its data cache. What takes time is a slice, the rest an instant.
 */
#ifndef DAV_RECORDER_DETAIL_H
#define DAV_RECORDER_DETAIL_H

#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct event;
struct recorder_detail;

/** recorder_detail_new - without rows yet. Return NULL without memory. recorder_detail_free - @detail may be NULL. */
struct recorder_detail *recorder_detail_new(struct trace *trace, const struct chip_state *chip);
void recorder_detail_free(struct recorder_detail *detail);

/** recorder_detail_event - EVENT_SCALAR or EVENT_CACHE of the core whose row is @core. */
void recorder_detail_event(struct recorder_detail *detail, const struct event *event, trace_track_id core);

#ifdef __cplusplus
}
#endif
#endif
