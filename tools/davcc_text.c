/* davcc_text.c - see davcc_text.h. A line of IR holds one instruction, so that nothing here goes past a line's end. */
#include "tools/davcc_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

const char *span_find(struct span in, const char *text)
{
    return memmem(in.at, (size_t)in.length, text, strlen(text));
}

struct span ir_line(const char *at)
{
    return span(at, at + strcspn(at, "\n"));
}

static bool opens(char c)
{
    return c && strchr("([{<\"", c);
}

static bool closes(char c)
{
    return c && strchr(")]}>", c);
}

const char *ir_word_end(const char *c)
{
    while (*c == '%' || *c == '@' || *c == '!')
        c++;
    if (*c == '"')
        return ir_bracket_end(c);
    while (*c && !strchr(" ,\n", *c) && !opens(*c) && !closes(*c))
        c++;
    return c;
}

const char *ir_bracket_end(const char *c)
{
    if (*c == '"') {
        for (c++; *c && *c != '"' && *c != '\n';)
            c++;
        return *c == '"' ? c + 1 : c;
    }
    for (c++; *c && *c != '\n' && !closes(*c);)
        c = opens(*c) ? ir_bracket_end(c) : c + 1;
    return closes(*c) ? c + 1 : c;
}

const char *ir_piece_end(const char *c)
{
    while (*c && *c != '\n' && *c != ',' && !closes(*c))
        c = opens(*c) ? ir_bracket_end(c) : c + 1;
    return c;
}

const char *ir_type_end(const char *c)
{
    bool pointer = text_starts(c, "ptr"), target = text_starts(c, "target(");
    const char *end = opens(*c) ? ir_bracket_end(c) : ir_word_end(c);

    if (pointer && text_starts(end, " addrspace("))
        end = ir_bracket_end(end + strlen(" addrspace"));
    return target ? ir_bracket_end(end) : end;
}

const char *ir_value_end(const char *c)
{
    static const char *const operators[] = {"getelementptr", "inttoptr", "addrspacecast", "bitcast", NULL};

    for (size_t i = 0; operators[i]; i++)
        if (text_starts(c, operators[i])) {
            while (*c && *c != '(' && *c != '\n')
                c++;
            return *c == '(' ? ir_bracket_end(c) : c;
        }
    return opens(*c) ? ir_bracket_end(c) : ir_word_end(c);
}
