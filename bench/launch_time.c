/* launch_time.c - preloaded into a host program, it writes the host's nanoseconds of each dav_launch to $LAUNCH_TIMES.
 *
 * It is linked to libdavsim, so that the library's own dav_launch is the next one of that name.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "model/davsim.h"

int dav_launch(const struct dav_launch *launch)
{
    int (*real)(const struct dav_launch *) = (int (*)(const struct dav_launch *))dlsym(RTLD_NEXT, "dav_launch");
    const char *path = getenv("LAUNCH_TIMES");
    FILE *file = path ? fopen(path, "ae") : NULL;
    struct timespec from, to;
    int status;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    status = real(launch);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    if (file) {
        fprintf(file, "%lld\n", (to.tv_sec - from.tv_sec) * 1000000000ll + (to.tv_nsec - from.tv_nsec));
        fclose(file);
    }
    return status;
}
