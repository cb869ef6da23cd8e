/* runtime.c - see runtime.h. */
#include "tests/fidelity/runtime.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

double runtime_dispatch_us(const char *davsim, const char *example, int tiles)
{
    char report[] = "/tmp/fidelity-XXXXXX", command[8192];
    int file = mkstemp(report);
    json_t *root = NULL;
    double ps;

    if (file < 0)
        return -1;
    close(file);
    snprintf(command, sizeof(command), "unset DAVSIM_RESULT; '%s' run --quiet --report %s '%s' --tiles %d >/dev/null",
             davsim, report, example, tiles);
    if (system(command) == 0)
        root = json_load_file(report, 0, NULL);
    unlink(report);
    ps = json_number_value(
        json_object_get(json_object_get(json_object_get(root, "overhead"), "dispatch_to_start_ps"), "avg"));
    json_decref(root);
    return ps > 0 ? ps / 1e6 : -1;
}
