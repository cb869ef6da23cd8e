/* common/memory_barrier.h - the AICPU's barriers. They stand in the model as well as in the compiler. */
#ifndef DAV_COMMON_MEMORY_BARRIER_H
#define DAV_COMMON_MEMORY_BARRIER_H

#include "../../core_port.h"

#define rmb()                  dav_fence(DAV_FENCE_LOAD)  /* dsb ld */
#define wmb()                  dav_fence(DAV_FENCE_STORE) /* dsb st */
#define poll_acquire_barrier() dav_fence(DAV_FENCE_FULL)

/* aicore/aicore.h has its own, for a core that executes in order. */
#ifndef OUT_OF_ORDER_STORE_BARRIER
#define OUT_OF_ORDER_STORE_BARRIER() dav_fence(DAV_FENCE_STORE)
#endif

#endif
