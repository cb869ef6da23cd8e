/* detail.h - what a core announces in detail, if somebody asked for it: what its scalar unit does beside plain loads
 * and stores (chip->tell_instr), and what happens in its data cache (chip->tell_cache). Polls that are skipped are not
 * told.
 */
#ifndef DAV_DETAIL_H
#define DAV_DETAIL_H

#include "model/chip_state.h"

#ifdef __cplusplus
extern "C" {
#endif

/** detail_scalar - @what.text since @what.begin_ps, until the core's present. @what says more: event.h. */
void detail_scalar(const struct core *core, struct event what);

/** detail_cache - @what.level of the line at @what.args, from @what.begin_ps to @what.time_ps. */
void detail_cache(const struct core *core, struct event what);

/** DETAIL_SCALAR(core, .text = "dsb", .begin_ps = begin_ps), DETAIL_CACHE - the same if somebody listens. */
#define DETAIL_SCALAR(core, ...)                                                                                       \
    do {                                                                                                               \
        if (__builtin_expect((core)->chip->tell_instr, 0))                                                             \
            detail_scalar(core, (struct event){__VA_ARGS__});                                                          \
    } while (0)
#define DETAIL_CACHE(core, ...)                                                                                        \
    do {                                                                                                               \
        if (__builtin_expect((core)->chip->tell_cache, 0))                                                             \
            detail_cache(core, (struct event){__VA_ARGS__});                                                           \
    } while (0)

#ifdef __cplusplus
}
#endif
#endif
