/* example.h - make a program out of a directory with a main.c. */
#ifndef DAV_TOOLS_EXAMPLE_H
#define DAV_TOOLS_EXAMPLE_H

#include <stdbool.h>

/** example_find - is @name a directory, here or among the examples that come with davsim?
 *  @dir: receives its absolute name, for the caller to free. */
bool example_find(const char *name, char **dir);

/** example_build - compile @dir/main.c against tools/pto.h and libdavpto, or find the program made before.
 *  @program: receives the executable's name, for the caller to free.
 *  Return: 0 or one of enum dav_status after one line. */
int example_build(const char *dir, char **program);

#endif
