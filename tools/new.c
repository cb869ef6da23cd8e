/* new.c - see new.h. The command line: what to make, where, and which words of the templates become which names. */
#include "tools/new.h"

#include "model/davsim.h"
#include "tools/command_option.h"
#include "tools/fail.h"
#include "tools/file.h"
#include "tools/new_api.h"
#include "tools/new_template.h"
#include "tools/pto_find.h"

#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_LANG = 1000, KEY_DIR, KEY_RUNTIME };

struct options {
    const char *what, *name; /* the two arguments */
    const char *lang, *dir, *runtime;
};

static const struct argp_option table[] = {
    {"lang", KEY_LANG, "c|c++", 0, "the language of the runtime (c)", 0},
    {"runtime", KEY_RUNTIME, "R", 0, "the runtime that the example is for; the example is in its language", 0},
    {"dir", KEY_DIR, "DIR", 0, "make DIR/NAME, instead of runtime/NAME or examples/NAME", 0},
    COMMAND_HELP_ROW,
    {0},
};

static bool is_identifier(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    while (isalnum((unsigned char)*name) || *name == '_')
        name++;
    return *name == '\0';
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_LANG:
        options->lang = arg;
        return 0;
    case KEY_DIR:
        options->dir = arg;
        return 0;
    case KEY_RUNTIME:
        options->runtime = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num < 2) {
            *(state->arg_num == 0 ? &options->what : &options->name) = arg;
            return 0;
        }
        fail(DAV_BAD_INPUT, "new: '%s' is one argument too many: give runtime NAME, or example NAME", arg);
        return EINVAL;
    default:
        return command_option(key, state, "davsim new");
    }
}

static const struct argp argp = {
    table,
    parse,
    "runtime NAME\nexample NAME --runtime=R",
    "Make the files of a new runtime, or of an example for a runtime. They build and run as they are made: a runtime "
    "that executes one task after another, and an example that adds 1 to each of an array's floats.",
    NULL,
    NULL,
    NULL};

/* An example needs a runtime: say which there are. */
static int which_runtime(void)
{
    struct list names = {0};
    int status = pto_find_names(NULL, &names);
    if (status != 0)
        return status;
    char *joined = list_join(&names, ", ");
    status = fail(DAV_BAD_INPUT, "new: which runtime is the example for? Give --runtime=R; there is: %s", joined);
    free(joined);
    list_free(&names);
    return status;
}

/* What is wrong with the options as a whole? */
static int check(const struct options *options)
{
    if (!options->what)
        return fail(DAV_BAD_INPUT, "new: say what: runtime NAME, or example NAME --runtime=R");
    bool runtime = strcmp(options->what, "runtime") == 0;
    if (!runtime && strcmp(options->what, "example") != 0)
        return fail(DAV_BAD_INPUT, "new: '%s' is nothing that can be made: runtime or example", options->what);
    if (!options->name)
        return fail(DAV_BAD_INPUT, "new: give the new %s a name: davsim new %s NAME", options->what, options->what);
    if (!is_identifier(options->name))
        return fail(DAV_BAD_INPUT, "new: '%s' is no name for %s: use letters, digits and _, a digit not first",
                    options->name, runtime ? "a runtime" : "an example");
    if (options->lang && strcmp(options->lang, "c") != 0 && strcmp(options->lang, "c++") != 0)
        return fail(DAV_BAD_INPUT, "new: --lang is c or c++, not '%s'", options->lang);
    if (runtime && options->runtime)
        return fail(DAV_BAD_INPUT, "new: --runtime is for examples: davsim new example NAME --runtime=%s",
                    options->runtime);
    if (!runtime && options->lang)
        return fail(DAV_BAD_INPUT, "new: --lang is for runtimes; an example is in the language of its runtime");
    if (!runtime && !options->runtime)
        return which_runtime();
    return 0;
}

/* Where runtimes are in the current directory. */
static const char *runtime_dir(void)
{
    return !file_is_dir("runtime") && file_is_dir("src/runtime") ? "src/runtime" : "runtime";
}

static int new_runtime(const struct options *options)
{
    bool cxx = options->lang && strcmp(options->lang, "c++") == 0;
    const char *const templates[] = {"runtime/common", cxx ? "runtime/c++" : "runtime/c", NULL};
    struct new_words words = {0};
    char to[4096];
    snprintf(to, sizeof(to), "%s/%s", options->dir ? options->dir : runtime_dir(), options->name);
    new_word(&words, "my_runtime", options->name);
    return new_from_templates(templates, to, &words);
}

static int new_example(const struct options *options)
{
    struct new_api api;
    struct new_words words = {0};
    char to[4096];
    int status = new_api_of(options->runtime, &api);
    if (status != 0)
        return status;
    const char *const templates[] = {"example/common", api.cxx ? "example/c++" : "example/c", NULL};
    snprintf(to, sizeof(to), "%s/%s", options->dir ? options->dir : "examples", options->name);
    new_word(&words, "examples/my_example", to);
    new_word(&words, "my_example", options->name);
    new_word(&words, "my_runtime", options->runtime);
    if (api.cxx) { /* files that serve both languages name the others */
        new_word(&words, "_orch.c\"", "_orch.cpp\"");
        new_word(&words, "_kernel.c\"", "_kernel.cpp\"");
    }
    if (api.cxx && !api.camel_memory) {
        new_word(&words, "DeviceMalloc", "device_malloc");
        new_word(&words, "CopyToDevice", "copy_to_device");
    }
    if (api.cxx && !api.camel_pairs)
        new_word(&words, "RecordTensorPair", "record_tensor_pair");
    if (api.cxx && api.typed_cores)
        new_word(&words, "FUNC_ID, AIV)", "FUNC_ID, CoreType::AIV)");
    return new_from_templates(templates, to, &words);
}

int new_main(int argc, char **argv)
{
    struct options options = {0};
    argv[0] = "davsim: new"; /* how getopt begins its line */
    if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &options) != 0)
        return DAV_BAD_INPUT;
    int status = check(&options);
    if (status != 0)
        return status;
    return strcmp(options.what, "runtime") == 0 ? new_runtime(&options) : new_example(&options);
}
