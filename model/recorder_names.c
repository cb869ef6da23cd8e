/* recorder_names.c - see recorder_names.h. */
#include "model/recorder_names.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

const char *names_keep(struct recorder_names *names, const char *name)
{
    char **found = tfind(name, &names->tree, compare);
    char *copy;

    if (found)
        return *found;
    copy = strdup(name);
    if (copy && !tsearch(copy, &names->tree, compare)) {
        free(copy);
        return NULL;
    }
    return copy;
}

void names_free(struct recorder_names *names)
{
    tdestroy(names->tree, free);
    names->tree = NULL;
}
