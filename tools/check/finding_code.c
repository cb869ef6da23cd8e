/* finding_code.c - the source lines behind a finding's addresses, copied. */
#include "tools/check/collection.h"

#include <stdlib.h>
#include <string.h>

/* "/a/b/../c/./d.c" is /a/c/d.c: as the path is compared and shown, not as links would lead. */
static void straighten(char *path)
{
    char *out = path, *in = path;

    while (*in) {
        size_t length = strcspn(in + 1, "/") + 1; /* of the component, with its slash */
        if (length == 3 && strncmp(in, "/..", 3) == 0) {
            while (out > path && *--out != '/')
                ;
        } else if (length > 1 && !(length == 2 && in[1] == '.')) {
            memmove(out, in, length);
            out += length;
        }
        in += length;
    }
    *out = '\0';
}

static char *copy_path(const char *file)
{
    char *path = file ? strdup(file) : NULL;

    if (path && path[0] == '/')
        straighten(path);
    return path;
}

/* A header that davcc brings is not what anybody would change. */
static bool is_ours(const char *file)
{
    return !file || strstr(file, "/isa/include/");
}

void finding_code_find(struct finding_code *code, uint64_t pc)
{
    struct symbol symbol;

    if (code->known || !pc || !symbol_find(pc - 1, &symbol))
        return;
    code->known = true;
    code->place = strdup(symbol.place);
    code->offset = symbol.offset;
    code->depth = symbol.depth;
    for (size_t i = 0; i < symbol.depth; i++)
        code->frames[i] = (struct finding_frame){.function = strdup(symbol.frames[i].function),
                                                 .file = copy_path(symbol.frames[i].file),
                                                 .line = symbol.frames[i].line};
    while (code->user < code->depth && is_ours(code->frames[code->user].file))
        code->user++;
    if (code->user == code->depth)
        code->user = 0;
}

void finding_code_free(struct finding_code *code)
{
    free(code->place);
    for (size_t i = 0; i < code->depth; i++) {
        free(code->frames[i].function);
        free(code->frames[i].file);
    }
    *code = (struct finding_code){0};
}
