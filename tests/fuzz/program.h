/* program.h - a program for all agents, made of any bytes: run on model/memory and on the reference, and compared after
 * each step.
 */
#ifndef DAV_FUZZ_PROGRAM_H
#define DAV_FUZZ_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** program_run - run the steps that @bytes stand for; each is written to @log if that is not NULL. Return whether all
 *  that can be seen agreed after each; otherwise @why says what did not, in @room characters. */
bool program_run(const uint8_t *bytes, size_t size, FILE *log, char *why, size_t room);

#endif
