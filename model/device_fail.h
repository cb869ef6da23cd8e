/* device_fail.h - the one way in which a call of the library tells its caller that it failed. */
#ifndef DAV_DEVICE_FAIL_H
#define DAV_DEVICE_FAIL_H

#include "model/davsim.h"

#ifdef __cplusplus
extern "C" {
#endif

/** device_fail - one line on stderr, or to whom dav_tell_errors named; the first one goes into the result file, too.
 *  Return: @status. */
enum dav_status device_fail(enum dav_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif
#endif
