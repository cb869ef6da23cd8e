/* new_api.h - how an orchestration talks to a runtime, found out from the runtime's own runtime.h. */
#ifndef DAV_TOOLS_NEW_API_H
#define DAV_TOOLS_NEW_API_H

#include <stdbool.h>

struct new_api {
    bool cxx;          /* methods of a C++ class, not functions of C */
    bool camel_memory; /* host_api.DeviceMalloc, not device_malloc */
    bool camel_pairs;  /* RecordTensorPair, not record_tensor_pair */
    bool typed_cores;  /* add_task takes a CoreType, not an int */
};

/** new_api_of - read the header of the runtime named @runtime.
 *  Return: 0, or one of enum dav_status after one line: there is no such runtime, or it has no add_task. */
int new_api_of(const char *runtime, struct new_api *api);

#endif
