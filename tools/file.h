/* file.h - two questions that most tools have of the file system. */
#ifndef DAV_TOOLS_FILE_H
#define DAV_TOOLS_FILE_H

#include <stdbool.h>

/** file_text - the bytes of the file @path with a zero behind them, for the caller to free; NULL with errno. */
char *file_text(const char *path);

/** file_is_dir - is @path a directory? */
bool file_is_dir(const char *path);

#endif
