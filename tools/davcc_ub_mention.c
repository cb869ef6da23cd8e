/* davcc_ub_mention.c - which sources can access UB at all; see davcc_ub.h.
 *
 * Most do not, and the detour over IR text would cost them half of their compile time. A source accesses UB through a
 * pointer whose type it must have said, itself or in a header of its own, so the words are looked for. Our own headers
 * only pass such pointers on.
 */
#include "tools/davcc_ub.h"

#include "tools/davcc_text.h"
#include "tools/file.h"
#include "tools/paths.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool ub_is_mentioned(const char *path)
{
    char *text = file_text(path);
    bool mentioned = text && (strstr(text, "ubuf") || strstr(text, "address_space"));

    free(text);
    return mentioned;
}

/* The next file of a make rule's right side, unescaped, at *@rule; false at its end. */
static bool next_file(const char **rule, char *path, size_t size)
{
    const char *c = *rule;
    size_t length = 0;

    while (*c == ' ' || *c == '\n' || (*c == '\\' && c[1] == '\n'))
        c++;
    for (; *c && *c != ' ' && *c != '\n' && length + 1 < size; c++) {
        if ((*c == '\\' && c[1] && c[1] != '\n') || (*c == '$' && c[1] == '$'))
            c++;
        path[length++] = *c;
    }
    path[length] = '\0';
    *rule = c;
    return length > 0;
}

bool ub_is_mentioned_in(const char *dependencies)
{
    char ours[PATH_MAX], path[PATH_MAX], *text = file_text(dependencies);
    const char *rule = text ? strstr(text, ": ") : NULL;
    bool mentioned = !rule; /* who cannot be sure looks closer */

    snprintf(ours, sizeof(ours), "%s/isa/", paths_share());
    for (rule = rule ? rule + 1 : ""; !mentioned && next_file(&rule, path, sizeof(path));)
        mentioned = !text_starts(path, ours) && ub_is_mentioned(path);
    free(text);
    return mentioned;
}
