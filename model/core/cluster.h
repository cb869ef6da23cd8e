/* cluster.h - the cache that the AICPU threads share, one holder in the directory.
 *
 * The threads see one another's fills and evictions, so these are effects, like all that others can see. A store goes
 * through to GM when it drains, and leaves its line dirty; that matters only where GM was changed by DMA below it.
 */
#ifndef DAV_CLUSTER_H
#define DAV_CLUSTER_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** cluster_load - the running thread reads @line: wait until the cluster holds it. Return whether it had to be fetched.
 */
bool cluster_load(struct core *core, uint64_t line);

/** cluster_store - a store of @core to @line drains at @at: the cluster holds the line from now on. From an effect. */
void cluster_store(struct core *core, uint64_t line, uint64_t at);

/** cluster_invalidate - `dc civac` (@keep: `dc cvac`) over the lines of [@addr, +@size), then wait for its end. */
void cluster_invalidate(struct core *core, uint64_t addr, uint64_t size, bool keep);

#ifdef __cplusplus
}
#endif
#endif
