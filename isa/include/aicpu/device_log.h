/* aicpu/device_log.h - the AICPU's log. A line carries simulated time, the core and the function that wrote it. */
#ifndef DAV_AICPU_DEVICE_LOG_H
#define DAV_AICPU_DEVICE_LOG_H

#include <stdint.h>
#include <stdio.h>

#include "../../core_port.h"

#define DEV_DEBUG(...)  dav_log(DAV_LOG_DEBUG, __func__, __VA_ARGS__)
#define DEV_INFO(...)   dav_log(DAV_LOG_INFO, __func__, __VA_ARGS__)
#define DEV_WARN(...)   dav_log(DAV_LOG_WARN, __func__, __VA_ARGS__)
#define DEV_ERROR(...)  dav_log(DAV_LOG_ERROR, __func__, __VA_ARGS__)
#define DEV_ALWAYS(...) dav_log(DAV_LOG_ALWAYS, __func__, __VA_ARGS__)

/* Levels are the simulator's choice (-v), made when a line comes. */
static inline int is_log_enable_debug(void)
{
    return 1;
}
static inline int is_log_enable_info(void)
{
    return 1;
}
static inline int is_log_enable_warn(void)
{
    return 1;
}
static inline int is_log_enable_error(void)
{
    return 1;
}
static inline void init_log_switch(void)
{
}

/* A failed assertion is a device exception, with a line in the log that says which. */
#define DEV_ASSERT(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            DEV_ERROR("assertion failed at %s:%d: %s", __FILE__, __LINE__, #condition);                                \
            __builtin_trap();                                                                                          \
        }                                                                                                              \
    } while (0)

#define DEV_CHECK_COND_RETURN_VOID(condition, ...)                                                                     \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            DEV_ERROR(__VA_ARGS__);                                                                                    \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)

#define DEV_CHECK_COND_RETURN(condition, result, ...)                                                                  \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            DEV_ERROR(__VA_ARGS__);                                                                                    \
            return (result);                                                                                           \
        }                                                                                                              \
    } while (0)

#define DEV_CHECK_POINTER_NULL_RETURN_VOID(pointer, ...) DEV_CHECK_COND_RETURN_VOID((pointer) != 0, __VA_ARGS__)

#endif
