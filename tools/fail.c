/* fail.c - see fail.h. The line is built first and written at once, so that lines of several processes do not mix. */
#include "tools/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void (*listener)(const char *line);

void fail_tell(void (*tell)(const char *line))
{
    listener = tell;
}

int fail(int status, const char *format, ...)
{
    va_list args;
    char *message;

    va_start(args, format);
    int length = vasprintf(&message, format, args);
    va_end(args);
    if (length < 0)
        abort();
    for (char *c = message; *c; c++)
        if (*c == '\n')
            *c = ' ';
    if (listener)
        listener(message);
    else
        fprintf(stderr, "davsim: %s\n", message);
    free(message);
    return status;
}
