/* result.h - the JSON file in which the library leaves what a process did on the chip, for `davsim run` to report.
 *
 * It holds simulated figures only: equal runs give equal files, whatever the host does, and whether or not cores are
 * parked. With verbose >= 2 an object `simulator` is added, which may differ.
 */
#ifndef DAV_RESULT_H
#define DAV_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct statistics;

/* A device that was used. */
struct result_device {
    const struct chip_state *chip;
    struct statistics *statistics;
};

struct result_summary {
    const struct result_device *devices; /* by their numbers; figures are of all together, and then of each */
    size_t device_count;                 /* 0: none was ever built */
    int status;                          /* the first failure, enum dav_status; 0: there was none */
    const char *error;                   /* and its line; NULL or empty if none */
    const char *trace;                   /* the trace file, NULL or empty if none */
    int verbose;
    bool checked;           /* findings were looked for: */
    unsigned long findings; /* how many there are */
    int interrupted;        /* the signal that ended the process in a launch, 0 if none did */
};

/** result_write - write @summary to @path; the file takes its name when it is complete.
 *  Return: 0, or -1 with one line in @error. */
int result_write(const char *path, const struct result_summary *summary, char *error, size_t error_size);

#ifdef __cplusplus
}
#endif
#endif
