/* json_text.c - see json_text.h. */
#include "tools/json_text.h"

#include <stdlib.h>
#include <string.h>

json_t *json_text(const char *text)
{
    json_t *json = json_string(text);
    if (json)
        return json;

    char *copy = strdup(text);
    if (!copy)
        abort();
    for (char *c = copy; *c; c++)
        if (*c & 0x80)
            *c = '?';
    json = json_string(copy);
    free(copy);
    return json;
}
