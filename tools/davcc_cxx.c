/* davcc_cxx.c - see davcc_cxx.h. */
#include "tools/davcc_cxx.h"

#include "tools/davcc_run.h"
#include "tools/davcc_text.h"
#include "tools/file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Past the string or character constant at @c; an apostrophe inside a number begins none. */
static char *skip_constant(char *c, const char *text)
{
    const char quote = *c;

    if (quote == '\'' && c > text && isxdigit((unsigned char)c[-1]))
        return c + 1;
    if (c > text && c[-1] == 'R' && quote == '"' && strchr(c, '(')) { /* R"end(...)end" */
        char end[24];
        int length = (int)strcspn(c + 1, "(");
        snprintf(end, sizeof(end), ")%.*s\"", length, c + 1);
        char *found = strstr(c, end);
        return found ? found + strlen(end) : c + 1;
    }
    for (c++; *c && *c != quote && *c != '\n'; c++)
        c += *c == '\\' && c[1];
    return *c == quote ? c + 1 : c;
}

/* How long the mark at @c is, 0 if it is none: an index would stand right behind what it is applied to. */
static size_t mark_length(const char *c, const char *text)
{
    size_t length = 1 + strspn(c + 1, " \t");
    const char before = c > text ? c[-1] : ' ';

    if (isalnum((unsigned char)before) || before == '_' || before == ')' || before == ']')
        return 0;
    if (!text_starts(c + length, "aicore"))
        return 0;
    length += strlen("aicore");
    length += strspn(c + length, " \t");
    return c[length] == ']' ? length + 1 : 0;
}

int cxx_unmark(const char *path)
{
    char *text = file_text(path);
    FILE *out;

    if (!text)
        return complain(1, "cannot read back %s: %s", path, strerror(errno));
    for (char *c = text; *c;) {
        size_t mark = *c == '[' ? mark_length(c, text) : 0;
        memset(c, ' ', mark);
        c = *c == '"' || *c == '\'' ? skip_constant(c, text) : c + (mark ? mark : 1);
    }
    out = fopen(path, "we");
    bool failed = !out || fputs(text, out) < 0;
    failed |= out && fclose(out) != 0;
    free(text);
    return failed ? complain(1, "cannot write %s: %s", path, strerror(errno)) : 0;
}
