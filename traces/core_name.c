/* core_name.c - see core_name.h. */
#include "traces/core_name.h"

#include <stdio.h>
#include <string.h>

int64_t core_device(const struct timeline *timeline, uint32_t row)
{
    for (; row != TRACE_NONE; row = timeline->rows[row].parent) {
        long long device;
        char separator;

        if (sscanf(timeline->rows[row].name, "dev%lld%c", &device, &separator) == 2 && device >= 0 &&
            (separator == '.' || separator == ' '))
            return device;
    }
    return -1;
}

void core_type(const char *name, char type[CORE_TYPE_LENGTH])
{
    const char *dot = strncmp(name, "dev", 3) == 0 ? strchr(name, '.') : NULL;
    size_t length;

    snprintf(type, CORE_TYPE_LENGTH, "%s", dot ? dot + 1 : name);
    length = strlen(type);
    while (length && type[length - 1] >= '0' && type[length - 1] <= '9')
        length--;
    while (length && (type[length - 1] == '_' || type[length - 1] == ' '))
        length--;
    if (length)
        type[length] = '\0';
    if (strcmp(type, "Sched") == 0)
        strcpy(type, "AICPU");
}
