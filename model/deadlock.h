/* deadlock.h - who waits for what, when nothing can happen any more. */
#ifndef DAV_DEADLOCK_H
#define DAV_DEADLOCK_H

#include "model/chip_state.h"

#ifdef __cplusplus
extern "C" {
#endif

/** deadlock_report - stop the launch as @status ("deadlock", or no progress): one line that names the most telling
 *  core, and a line for each further kind of waiting through @more (NULL: the line says how to get them). */
void deadlock_report(struct chip_state *chip, enum dav_status status, void (*more)(const char *line));

#ifdef __cplusplus
}
#endif
#endif
