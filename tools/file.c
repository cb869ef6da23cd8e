/* file.c - see file.h. */
#include "tools/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

char *file_text(const char *path)
{
    FILE *file = fopen(path, "re");
    struct stat about;
    char *text = NULL;

    if (!file)
        return NULL;
    if (fstat(fileno(file), &about) == 0 && (text = malloc((size_t)about.st_size + 1)))
        text[fread(text, 1, (size_t)about.st_size, file)] = '\0';
    fclose(file);
    return text;
}

bool file_is_dir(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}
