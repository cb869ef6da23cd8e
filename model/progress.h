/* progress.h - a line on the terminal that tells how far a long launch is. It is erased when something else is said. */
#ifndef DAV_PROGRESS_H
#define DAV_PROGRESS_H

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct progress;

/** progress_open - show the progress of @chip's launches on @out, from a second of host time on. Call it before other
 *  sinks that write to @out subscribe, so that the line is gone when they do. NULL without memory. */
struct progress *progress_open(struct chip_state *chip, FILE *out);

/** progress_close - free it; the chip must announce nothing any more. */
void progress_close(struct progress *progress);

#ifdef __cplusplus
}
#endif
#endif
