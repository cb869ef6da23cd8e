/* example.c - see example.h. main.c is compiled under its absolute name, so that __FILE__ leads it to the kernels
 * beside it from whatever directory it is run.
 */
#include "tools/example.h"

#include "model/davsim.h"
#include "tools/build_cache.h"
#include "tools/fail.h"
#include "tools/file.h"
#include "tools/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool example_find(const char *name, char **dir)
{
    char shipped[4096];
    snprintf(shipped, sizeof(shipped), "%s/%s", paths_share(), name);
    if (file_is_dir(name))
        *dir = realpath(name, NULL);
    else if (strncmp(name, "examples/", 9) == 0 && file_is_dir(shipped))
        *dir = realpath(shipped, NULL);
    else
        *dir = NULL;
    return *dir != NULL;
}

static void compiler_command(struct list *command, const char *main_c, const struct list *includes)
{
    static const char *const flags[] = {"cc",
                                        "-std=gnu11",
                                        "-O2",
                                        "-g",
                                        "-Wall",
                                        "-Wextra",
#ifdef __SANITIZE_ADDRESS__
                                        "-fsanitize=address,undefined",
#endif
                                        NULL};
    for (size_t i = 0; flags[i]; i++)
        list_add(command, "%s", flags[i]);
    for (size_t i = 0; i < includes->count; i++)
        list_add(command, "-I%s", includes->items[i]);
    list_add(command, "%s", main_c);
    list_add(command, "-L%s", paths_libdir());
    list_add(command, "-Wl,-rpath,%s", paths_libdir());
    list_add(command, "-ldavpto");
    list_add(command, "-lm");
}

int example_build(const char *dir, char **program)
{
    struct list command = {0}, sources = {0}, includes = {0}, extra = {0};
    char main_c[4096], what[4200];
    snprintf(main_c, sizeof(main_c), "%s/main.c", dir);
    if (access(main_c, R_OK) != 0)
        return fail(DAV_BAD_INPUT, "%s is a directory without a main.c: give a program or an example's directory", dir);
    snprintf(what, sizeof(what), "the example %s", dir);
    list_add(&sources, "%s", main_c);
    list_add(&includes, "%s", paths_share());
    list_add(&includes, "%s/tools", paths_share());
    compiler_command(&command, main_c, &includes);
    struct build_job job = {"example", what, &command, &sources, &includes, &extra};
    int status = build_cached(&job, program);
    list_free(&command);
    list_free(&sources);
    list_free(&includes);
    return status;
}
