/* device_log.h - the name under which older sources find aicpu/device_log.h. */
#ifndef DAV_FORWARD_DEVICE_LOG_H
#define DAV_FORWARD_DEVICE_LOG_H

#include "aicpu/device_log.h"

#endif
