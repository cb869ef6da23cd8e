/* davcc_static.c - see davcc_static.h. */
#include "tools/davcc_static.h"

#include <string.h>

struct span static_constructors(const char *ir)
{
    const char *list = strstr(ir, "\n@llvm.global_ctors = ");
    return list ? ir_line(list + 1) : (struct span){"", 0};
}

/* Is the object whose name is @prefix and @name among those that have a constructor? Each is listed as `ptr @NAME }`.
 */
static bool is_constructed(struct span constructors, const char *prefix, struct span name)
{
    const char *end = constructors.at + constructors.length, *entry;

    while ((entry = span_find(constructors, "ptr @"))) {
        entry += strlen("ptr @");
        constructors = span(entry, end);
        if (!text_starts(entry, prefix))
            continue;
        entry += strlen(prefix);
        if (strncmp(entry, name.at, (size_t)name.length) == 0 && text_starts(entry + name.length, " }"))
            return true;
    }
    return false;
}

bool static_rewrite(FILE *out, struct span line, struct span constructors)
{
    static const char *const linkages[] = {" = linkonce_odr ", " = weak_odr ", NULL};
    static const char *const dropped[] = {"dso_local ", "hidden ", "protected ", NULL};
    const char *name_end = ir_word_end(line.at), *end = line.at + line.length, *c = NULL, *comdat;
    const bool mark = text_starts(line.at, "@_ZGV"); /* that _ZNAME has been constructed */
    const int name_length = (int)(name_end - line.at);

    for (size_t i = 0; linkages[i]; i++)
        if (text_starts(name_end, linkages[i]))
            c = name_end + strlen(linkages[i]);
    struct span name = span(line.at + (mark ? strlen("@_ZGV") : strlen("@")), name_end);
    if (!c || !is_constructed(constructors, mark ? "_Z" : "", name))
        return false;
    /* Only a byte of it is used, and the optimiser computes with whole objects. */
    if (mark) {
        fprintf(out, "%.*s = internal global i8 0\n", name_length, line.at);
        return true;
    }
    for (size_t i = 0; dropped[i]; i++)
        if (text_starts(c, dropped[i]))
            c += strlen(dropped[i]);
    comdat = span_find(span(c, end), ", comdat");
    fprintf(out, "%.*s = internal %.*s", name_length, line.at, (int)((comdat ? comdat : end) - c), c);
    if (comdat) {
        comdat += strlen(", comdat");
        comdat = *comdat == '(' ? ir_bracket_end(comdat) : comdat;
        fprintf(out, "%.*s", (int)(end - comdat), comdat);
    }
    fputc('\n', out);
    return true;
}
