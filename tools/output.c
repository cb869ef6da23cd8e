/* output.c - see output.h. */
#include "tools/output.h"

#include "model/davsim.h"
#include "tools/fail.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int output_check(const char *command, const char *option, const char *path)
{
    if (!path)
        return 0;
    char *copy = strdup(path);
    if (!copy)
        abort();
    const char *dir = dirname(copy);
    int status = 0;
    if (!*path || access(dir, W_OK | X_OK) != 0)
        status = fail(DAV_BAD_INPUT, "%s: %s: cannot write into the directory %s: %s", command, option, dir,
                      strerror(errno));
    free(copy);
    return status;
}

int output_json(json_t *root, const char *path)
{
    FILE *file = fopen(path, "we");
    int written = file ? json_dumpf(root, file, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : -1;
    if (file && (fputc('\n', file) == EOF || ferror(file)))
        written = -1;
    if (file && fclose(file) != 0)
        written = -1;
    return written;
}
