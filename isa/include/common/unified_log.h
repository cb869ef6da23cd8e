/* common/unified_log.h - one log for host and device sources: LOG_*, and the functions beneath it. */
#ifndef DAV_COMMON_UNIFIED_LOG_H
#define DAV_COMMON_UNIFIED_LOG_H

#include "../../core_port.h"

#define unified_log_error(func, ...)  dav_log(DAV_LOG_ERROR, (func), __VA_ARGS__)
#define unified_log_warn(func, ...)   dav_log(DAV_LOG_WARN, (func), __VA_ARGS__)
#define unified_log_info(func, ...)   dav_log(DAV_LOG_INFO, (func), __VA_ARGS__)
#define unified_log_debug(func, ...)  dav_log(DAV_LOG_DEBUG, (func), __VA_ARGS__)
#define unified_log_always(func, ...) dav_log(DAV_LOG_ALWAYS, (func), __VA_ARGS__)

#define LOG_ERROR(...)  unified_log_error(__func__, __VA_ARGS__)
#define LOG_WARN(...)   unified_log_warn(__func__, __VA_ARGS__)
#define LOG_INFO(...)   unified_log_info(__func__, __VA_ARGS__)
#define LOG_DEBUG(...)  unified_log_debug(__func__, __VA_ARGS__)
#define LOG_ALWAYS(...) unified_log_always(__func__, __VA_ARGS__)

#endif
