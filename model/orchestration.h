/* orchestration.h - a library that builds graphs calls the functions of its runtime, which are in a host part. */
#ifndef DAV_ORCHESTRATION_H
#define DAV_ORCHESTRATION_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** orchestration_check - is @library a shared library of this machine that exports @function under this very name?
 *  Return: false with one line in @error if not. */
bool orchestration_check(const uint8_t *library, size_t size, const char *function, char *error, size_t error_size);

/** orchestration_bind - a copy of @library that finds these functions in the host part that was loaded as @map.
 *  Several runtimes of a process define the same names, so no host part's are global; an orchestration was linked with
 *  the host part of one of them, and the loader goes by that name. If it was linked with none, @map's functions become
 *  global after all. @map: NULL if nothing is known of it.
 *  Return: for the caller to free. */
uint8_t *orchestration_bind(const struct link_map *map, const uint8_t *library, size_t size);

#endif
