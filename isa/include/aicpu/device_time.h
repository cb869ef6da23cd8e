/* aicpu/device_time.h - the system counter as the AICPU reads it. */
#ifndef DAV_AICPU_DEVICE_TIME_H
#define DAV_AICPU_DEVICE_TIME_H

#include <stdint.h>

#include "../../core_port.h"

/** get_sys_cnt_aicpu - ticks of the counter that AICPU and AICores share. */
static inline uint64_t get_sys_cnt_aicpu(void)
{
    return dav_sys_cnt();
}

#endif
