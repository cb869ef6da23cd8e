/* davcc_compile.c - see davcc_compile.h. */
#include "tools/davcc_compile.h"

#include "tools/davcc_cxx.h"
#include "tools/davcc_link.h"
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

/* Only one compilation of a source can write its rule. */
void compile_add_all_but_rules(struct list *to, const struct list *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!text_starts(from->items[i], "-M"))
            list_add(to, "%s", from->items[i]);
        else if (strlen(from->items[i]) == 3 && strchr("FTQ", from->items[i][2]))
            i++; /* -MF FILE, -MT and -MQ TARGET */
}

/* What is to be compiled: a source, or what the preprocessor has made of it. */
struct input {
    const char *path, *source;
    bool cxx, preprocessed;
};

/* Compiler and options for @input. */
static void compile_command(const struct compilation *how, const struct input *input, struct list *command)
{
    target_compile(how->target, input->cxx, command);
    list_add_all(command, input->cxx ? &how->cxx_std : &how->c_std);
    if (!input->preprocessed) {
        list_add_all(command, &how->compiler);
        return;
    }
    compile_add_all_but_rules(command, &how->compiler);
    list_add(command, "-Qunused-arguments");
}

static int compile_to(const struct compilation *how, struct list *command, const char *path, const char *result)
{
    list_add(command, "%s", path);
    list_add(command, "-o");
    list_add(command, "%s", result);
    return command_step(command, how->show);
}

/* Makes @preprocessed of @input, without the marks of device functions that the compiler would not understand. */
static int preprocess(const struct compilation *how, const struct input *input, const char *preprocessed)
{
    struct list command = {0};

    compile_command(how, input, &command);
    list_add(&command, "-E");
    int status = compile_to(how, &command, input->path, preprocessed);
    return status == 0 && !how->show ? cxx_unmark(preprocessed) : status;
}

/* In one go. @rule: where to write a make rule, or NULL. */
static int compile_plainly(const struct compilation *how, const struct input *input, const char *object,
                           const char *rule)
{
    struct list command = {0};

    compile_command(how, input, &command);
    list_add(&command, "-c");
    if (rule) {
        list_add(&command, "-MD");
        list_add(&command, "-MF");
        list_add(&command, "%s", rule);
    }
    return compile_to(how, &command, input->path, object);
}

/* By way of IR, which is rewritten before anything else is done to it. */
static int compile_by_ir(const struct compilation *how, const struct input *input, const char *object)
{
    char ir[PATH_MAX + 16], path[PATH_MAX + 16];
    const struct input rewritten = {path, input->source, input->cxx, .preprocessed = true};
    struct list front = {0}, back = {0};

    snprintf(ir, sizeof(ir), "%s/source.ll", how->dir);
    snprintf(path, sizeof(path), "%s/ub.ll", how->dir);
    compile_command(how, input, &front);
    list_add(&front, "-S");
    list_add(&front, "-emit-llvm");
    list_add(&front, "-Xclang");
    list_add(&front, "-disable-llvm-passes");
    int status = compile_to(how, &front, input->path, ir);
    if (status == 0 && !how->show)
        status = ub_rewrite(ir, path, input->source);
    if (status != 0)
        return status;
    compile_command(how, &rewritten, &back);
    list_add(&back, "-c");
    return compile_to(how, &back, path, object);
}

/* A kernel in C++: its text shows whether it has to do with UB, its object whether it has constructors that may yet be
 * computed (davcc_static.h). */
static int compile_cxx_kernel(const struct compilation *how, const char *source, const char *object)
{
    char path[PATH_MAX + 16];
    const struct input input = {source, source, .cxx = true, .preprocessed = false};
    const struct input text = {path, source, .cxx = true, .preprocessed = true};

    snprintf(path, sizeof(path), "%s/source.ii", how->dir);
    int status = preprocess(how, &input, path);
    if (status != 0)
        return status;
    if (ub_is_mentioned(how->show ? source : path))
        return compile_by_ir(how, &text, object);
    status = compile_plainly(how, &text, object, NULL);
    if (status == 0 && !how->show && link_constructs(object))
        status = compile_by_ir(how, &text, object);
    return status;
}

int compile_source(const struct compilation *how, const char *source, const char *object)
{
    const struct input input = {source, source, .cxx = language_of(source) == CXX, .preprocessed = false};
    char rule[PATH_MAX + 16];
    bool asked = false; /* the user wants a rule, which a second one of ours would replace */

    if (!target_has_ub(how->target) || language_of(source) == ASSEMBLER)
        return compile_plainly(how, &input, object, NULL);
    if (input.cxx && target_is_kernel(how->target))
        return compile_cxx_kernel(how, source, object);
    for (size_t i = 0; i < how->compiler.count; i++)
        asked |= text_starts(how->compiler.items[i], "-M");
    if (asked || ub_is_mentioned(source))
        return compile_by_ir(how, &input, object);
    snprintf(rule, sizeof(rule), "%s/source.d", how->dir);
    int status = compile_plainly(how, &input, object, rule);
    if (status == 0 && !how->show && ub_is_mentioned_in(rule))
        status = compile_by_ir(how, &input, object);
    return status;
}
