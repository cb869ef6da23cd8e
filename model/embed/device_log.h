/* device_log.h - the device's log: what device code prints, line by line. Lines are announced (EVENT_LOG); who shows
 * them is decided elsewhere. */
#ifndef DAV_DEVICE_LOG_H
#define DAV_DEVICE_LOG_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** device_log_text - @core printed [@text, +@size): announce each line that it completes. */
void device_log_text(struct core *core, int level, const char *text, size_t size);

/** device_log_flush - announce what @core printed since the latest newline, if anything. For the end of a program. */
void device_log_flush(struct core *core);

/** device_log_fini - free what @core holds. */
void device_log_fini(struct core *core);

#ifdef __cplusplus
}
#endif
#endif
