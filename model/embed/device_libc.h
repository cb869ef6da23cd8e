/* device_libc.h - what the parts of the device's C library share.
 *
 * Device code calls __wrap_NAME where its source says NAME. A call with an outcome (it changes something, or its answer
 * differs each time) ends any search for a repeating poll; a pure one only takes its time. While a module is loaded its
 * constructors call too, but no core runs and there is no time: such a call does the plain thing.
 */
#ifndef DAV_DEVICE_LIBC_H
#define DAV_DEVICE_LIBC_H

#include <stdint.h>

#include "model/chip_state.h"
#include "model/core/aicpu.h"
#include "model/embed/port.h"

/* A function that device code is linked to. */
#define DEVICE_CALL __attribute__((visibility("default")))

/** libc_nobody - no core runs: a constructor of a module that is being loaded. */
static inline bool libc_nobody(void)
{
    return !dav_running->chip;
}

/** libc_call - the running core makes a call with an outcome and stays in device code. Charges a library call. */
void libc_call(void);

/** libc_enter - the running core makes a call with an outcome; into the simulator, free of charge. The caller must
 *  leave by core_leave. NULL while nobody runs. */
struct core *libc_enter(void);

/** libc_enter_aicpu - the same for a call @name that an AICore does not have: there it is a device exception. */
struct core *libc_enter_aicpu(const char *name);

/** libc_block - heap memory for device code, aligned to a line or to @alignment, whichever is more; NULL if there is
 *  none. For free(). */
void *libc_block(size_t alignment, size_t size);

/** libc_charge - the time of one library call. */
void libc_charge(struct core *core);

#endif
