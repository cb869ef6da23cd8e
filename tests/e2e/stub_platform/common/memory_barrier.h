/* A platform of coherent threads: its barriers are the compiler's. */
#ifndef STUB_MEMORY_BARRIER_H
#define STUB_MEMORY_BARRIER_H

#define rmb() __sync_synchronize()
#define wmb() __sync_synchronize()

#endif
