/* past_cache.h - ld_dev, st_dev and st_atomic of an AICore: single words of GM past its data cache.
 *
 * A load waits for the word, as a miss does; a store is on its way like a write-back, and dsb waits for it. A line that
 * the core holds neither answers nor changes. All calls are made by the running core, between core_enter and
 * core_leave.
 */
#ifndef DAV_PAST_CACHE_H
#define DAV_PAST_CACHE_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** past_cache_load - @size bytes (1, 2, 4, 8) at @addr. */
uint64_t past_cache_load(struct core *core, uint64_t addr, uint32_t size);

/** past_cache_store - store @value, or with @atomic (enum isa_atomic) let GM add it. */
void past_cache_store(struct core *core, uint64_t addr, uint64_t value, uint32_t size, int atomic);

#ifdef __cplusplus
}
#endif
#endif
