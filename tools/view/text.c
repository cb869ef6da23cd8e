/* text.c - see text.h. */
#include "tools/view/text.h"

#include <stdlib.h>
#include <string.h>

json_t *text_json(const char *text)
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
