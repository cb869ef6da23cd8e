/* example.h - what the host programs of the examples share: build a runtime and its kernels, launch, read options, make
 * numbers up and compare them.
 *
 * An example is one main.c, so everything here is static inline. examples/vector_graph does without, and shows each
 * call.
 */
#ifndef EXAMPLES_COMMON_EXAMPLE_H
#define EXAMPLES_COMMON_EXAMPLE_H

#include "bits.h"
#include "tools/pto.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The binaries that every launch needs, and where the sources are. */
struct example {
    const char *main_c;  /* __FILE__ of the example */
    const char *runtime; /* its name */
    struct pto_runtime_binaries binaries;
    struct pto_blob orchestration;
    struct pto_host *host;
    void *memory; /* the runtime */
};

/* ---- building ---- */

/* The absolute name of a file beside main.c, in a buffer that the next call reuses. */
static inline const char *example_file(const struct example *example, const char *name)
{
    static char path[4096];
    const char *dir = getenv("PTO_EXAMPLE_DIR");
    const char *slash = strrchr(example->main_c, '/');
    if (dir && *dir)
        snprintf(path, sizeof path, "%s/%s", dir, name);
    else if (slash)
        snprintf(path, sizeof path, "%.*s/%s", (int)(slash - example->main_c), example->main_c, name);
    else
        snprintf(path, sizeof path, "%s", name);
    return path;
}

/* Build the runtime that @example names, and the orchestration. */
static inline int example_open(struct example *example, const char *orchestration)
{
    int status = pto_build_runtime(example->runtime, &example->binaries);
    if (status != 0)
        return status;
    example->host = pto_load_host(&example->binaries.host);
    if (!example->host)
        return 2;
    example->memory = calloc(1, example->host->get_runtime_size());
    if (!example->memory)
        return 7;
    status = example->host->set_device(0);
    if (status == 0)
        status =
            pto_compile_orchestration(example_file(example, orchestration), example->runtime, &example->orchestration);
    return status;
}

static inline void example_close(struct example *example)
{
    pto_blob_free(&example->binaries.host);
    pto_blob_free(&example->binaries.aicpu);
    pto_blob_free(&example->binaries.aicore);
    pto_blob_free(&example->orchestration);
    free(example->memory);
}

/* Compile a kernel and register it. @core_type: "aic" or "aiv"; @macros: to define, NULL at the end; may be NULL. */
static inline int example_kernel(const struct example *example, int func_id, const char *source, const char *core_type,
                                 const char *const *macros)
{
    struct pto_blob elf = {0}, text = {0};
    int status = pto_compile_incore_with(example_file(example, source), core_type,
                                         &(struct pto_compile_options){.macros = macros}, &elf);
    if (status == 0)
        status = pto_extract_text(&elf, &text);
    if (status == 0)
        status = example->host->register_kernel(func_id, text.data, text.size);
    pto_blob_free(&elf);
    pto_blob_free(&text);
    return status;
}

/* Let @function of the orchestration set the runtime up, run it, take the results. */
static inline int example_launch(const struct example *example, const char *function, uint64_t *args, int arg_count,
                                 long aicpu_threads, long block_dim)
{
    const struct pto_host *host = example->host;
    int status = host->init_runtime(example->memory, example->orchestration.data, example->orchestration.size, function,
                                    args, arg_count);
    if (status != 0)
        return status;
    status = host->launch_runtime(example->memory, (int)aicpu_threads, (int)block_dim, 0, example->binaries.aicpu.data,
                                  example->binaries.aicpu.size, example->binaries.aicore.data,
                                  example->binaries.aicore.size);
    int finalized = host->finalize_runtime(example->memory);
    return status != 0 ? status : finalized;
}

/* After a launch: whether there are results. If not, davsim only tells how long things take. */
static inline bool example_computes(const struct example *example)
{
    return example->host->device_computes();
}

/* ---- options ---- */

static inline long example_number(struct argp_state *state, const char *name, const char *text, long least, long most)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < least || value > most)
        argp_error(state, "--%s is '%s'; allowed is a number from %ld to %ld", name, text, least, most);
    return value;
}

/* The index of @text among @choices, which are separated by '|'. */
static inline int example_choice(struct argp_state *state, const char *name, const char *text, const char *choices)
{
    size_t length = strlen(text);
    int index = 0;
    for (const char *choice = choices; choice; choice = strchr(choice, '|'), index++) {
        choice += index > 0;
        if (length > 0 && strncmp(choice, text, length) == 0 && (choice[length] == '|' || !choice[length]))
            return index;
    }
    argp_error(state, "--%s is '%s'; allowed is %s", name, text, choices);
    return 0;
}

/* ---- numbers ---- */

/* Numbers between -1 and 1, the same in each run. */
static inline float example_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (float)(int32_t)(*state & 0xffffff00u) * 0x1p-31f;
}

/* Of @count rows, as many are checked as @most allows: their distance, and the one behind @row; the last one always. */
static inline long example_step(long count, long most)
{
    return most >= count ? 1 : most < 1 ? count : count / most + 1;
}
static inline long example_next(long row, long count, long step)
{
    return row + step < count || row == count - 1 ? row + step : count - 1;
}

/* Counts what is wrong, and keeps the first that is. */
struct example_errors {
    size_t count, first;
    double got, wanted;
};

/* Count @got as wrong unless it is @wanted but for @tolerance, which is relative to numbers greater than 1. NaN always
 * is wrong. */
static inline void example_compare(struct example_errors *errors, size_t i, double got, double wanted, double tolerance)
{
    if (fabs(got - wanted) <= tolerance * fmax(1, fabs(wanted)))
        return;
    if (errors->count++ == 0) {
        errors->first = i;
        errors->got = got;
        errors->wanted = wanted;
    }
}

/* One line if something is wrong. Return: 0, or 1. */
static inline int example_report(const struct example_errors *errors, const char *name, size_t total)
{
    if (errors->count == 0)
        return 0;
    printf("%s: WRONG: result %zu is %.9g, not %.9g; %zu of %zu are wrong\n", name, errors->first, errors->got,
           errors->wanted, errors->count, total);
    return 1;
}

#endif
