/* davcc_compile.c - see davcc_compile.h. */
#include "tools/davcc_compile.h"

#include "tools/davcc_run.h"
#include "tools/davcc_text.h"
#include "tools/davcc_ub.h"

#include <stdio.h>
#include <string.h>

enum language language_of(const char *path)
{
    static const struct {
        const char *suffix;
        enum language language;
    } known[] = {{".c", C},     {".S", ASSEMBLER}, {".s", ASSEMBLER}, {".cpp", CXX},  {".cc", CXX},
                 {".cxx", CXX}, {".o", OBJECT},    {".a", OBJECT},    {".so", OBJECT}};
    const char *suffix = strrchr(path, '.');
    for (size_t i = 0; suffix && i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(suffix, known[i].suffix) == 0)
            return known[i].language;
    return NO_SOURCE;
}

/* The options of @from but those that ask for a make rule, which only the compilation of the source can write. */
static void add_all_but_rules(struct list *to, const struct list *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!text_starts(from->items[i], "-M"))
            list_add(to, "%s", from->items[i]);
        else if (strlen(from->items[i]) == 3 && strchr("FTQ", from->items[i][2]))
            i++; /* -MF FILE, -MT and -MQ TARGET */
}

static void compile_command(const struct compilation *how, bool cxx, struct list *command)
{
    target_compile(how->target, cxx, command);
    list_add_all(command, cxx ? &how->cxx_std : &how->c_std);
}

static int compile_to(const struct compilation *how, struct list *command, const char *source, const char *result)
{
    list_add(command, "%s", source);
    list_add(command, "-o");
    list_add(command, "%s", result);
    return command_step(command, how->show);
}

/* In one go. @rule: where to write a make rule, or NULL. */
static int compile_plainly(const struct compilation *how, const char *source, const char *object, const char *rule)
{
    struct list command = {0};

    compile_command(how, language_of(source) == CXX, &command);
    list_add_all(&command, &how->compiler);
    list_add(&command, "-c");
    if (rule) {
        list_add(&command, "-MD");
        list_add(&command, "-MF");
        list_add(&command, "%s", rule);
    }
    return compile_to(how, &command, source, object);
}

/* By way of IR, on which accesses to UB are rewritten before anything else is done to it. */
static int compile_with_ub(const struct compilation *how, const char *source, const char *object)
{
    const bool cxx = language_of(source) == CXX;
    char ir[PATH_MAX + 16], rewritten[PATH_MAX + 16];
    struct list front = {0}, back = {0};

    snprintf(ir, sizeof(ir), "%s/source.ll", how->dir);
    snprintf(rewritten, sizeof(rewritten), "%s/ub.ll", how->dir);
    compile_command(how, cxx, &front);
    list_add_all(&front, &how->compiler);
    list_add(&front, "-S");
    list_add(&front, "-emit-llvm");
    list_add(&front, "-Xclang");
    list_add(&front, "-disable-llvm-passes");
    int status = compile_to(how, &front, source, ir);
    if (status == 0 && !how->show)
        status = ub_rewrite(ir, rewritten, source);
    if (status != 0)
        return status;
    compile_command(how, cxx, &back);
    add_all_but_rules(&back, &how->compiler);
    list_add(&back, "-Qunused-arguments");
    list_add(&back, "-c");
    return compile_to(how, &back, rewritten, object);
}

int compile_source(const struct compilation *how, const char *source, const char *object)
{
    char rule[PATH_MAX + 16];
    bool asked = false; /* the user wants a rule, which a second one of ours would replace */

    if (!target_has_ub(how->target) || language_of(source) == ASSEMBLER)
        return compile_plainly(how, source, object, NULL);
    for (size_t i = 0; i < how->compiler.count; i++)
        asked |= text_starts(how->compiler.items[i], "-M");
    if (asked || ub_is_mentioned(source))
        return compile_with_ub(how, source, object);
    snprintf(rule, sizeof(rule), "%s/source.d", how->dir);
    int status = compile_plainly(how, source, object, rule);
    if (status == 0 && !how->show && ub_is_mentioned_in(rule))
        status = compile_with_ub(how, source, object);
    return status;
}
