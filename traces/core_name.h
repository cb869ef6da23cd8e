/* core_name.h - what the name of a core's row tells: of which type it is, and of which device. */
#ifndef DAV_CORE_NAME_H
#define DAV_CORE_NAME_H

#include "traces/reader.h"

enum { CORE_TYPE_LENGTH = 32 };

/** core_device - of @row, which is called "dev1.AIC_3" or stands in a group "dev1 Cluster 0"; -1: there is one device.
 */
int64_t core_device(const struct timeline *timeline, uint32_t row);

/** core_type - of a core called @name: AIC of "AIC_3" and "dev1.AIC_3". A Sched_ row is a thread of the AICPU. */
void core_type(const char *name, char type[CORE_TYPE_LENGTH]);

#endif
