/* pto.c - compile the parts of a runtime, its orchestration and its kernels by running davcc; see pto.h.
 *
 * Nothing here knows a compiler flag: davcc does. This file knows which sources make which part, and keeps results
 * under the contents of the sources, of davcc, of clang and of the device headers.
 */
#include "tools/pto.h"

#include "model/davsim.h"
#include "tools/build_cache.h"
#include "tools/build_config.h"
#include "tools/fail.h"
#include "tools/paths.h"
#include "tools/pto_find.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void pto_tell_errors(void (*tell)(const char *line))
{
    fail_tell(tell);
}

static int read_blob(const char *path, struct pto_blob *out)
{
    FILE *file = fopen(path, "re");
    struct stat status;
    if (!file || fstat(fileno(file), &status) != 0) {
        if (file)
            fclose(file);
        return fail(DAV_INTERNAL, "cannot read %s: %s", path, strerror(errno));
    }
    struct pto_blob blob = {malloc(status.st_size + 1), status.st_size};
    if (!blob.data || fread(blob.data, 1, blob.size, file) != blob.size) {
        free(blob.data);
        fclose(file);
        return fail(DAV_INTERNAL, "cannot read the %zu bytes of %s", blob.size, path);
    }
    fclose(file);
    *out = blob;
    return 0;
}

void pto_blob_free(struct pto_blob *blob)
{
    if (!blob)
        return;
    free(blob->data);
    *blob = (struct pto_blob){0};
}

/* Adds the file that a program's name means on PATH. */
static void add_program(struct list *list, const char *name)
{
    const char *dirs = getenv("PATH");
    while (dirs && *dirs) {
        char path[4096];
        size_t length = strcspn(dirs, ":");
        snprintf(path, sizeof(path), "%.*s/%s", (int)length, dirs, name);
        if (length && access(path, X_OK) == 0) {
            list_add(list, "%s", path);
            return;
        }
        dirs += length + (dirs[length] == ':');
    }
}

/* One run of davcc, from the cache if it was made before. */
static int davcc(const char *target, const char *what, const struct list *include_dirs, const char *const *macros,
                 const struct list *sources, struct pto_blob *out)
{
    struct list command = {0}, extra = {0}, lookup = {0};
    list_add(&command, "%s", paths_davcc());
    list_add(&command, "--target=%s", target);
    for (size_t i = 0; i < include_dirs->count; i++) {
        list_add(&command, "-I%s", include_dirs->items[i]);
        list_add(&lookup, "%s", include_dirs->items[i]);
    }
    for (size_t i = 0; macros && macros[i]; i++)
        list_add(&command, "-D%s", macros[i]);
    for (size_t i = 0; i < sources->count; i++)
        list_add(&command, "%s", sources->items[i]);
    list_add(&lookup, "%s", paths_share());

    list_add(&extra, "%s", paths_davcc());
    list_add(&extra, "%s/isa", paths_share());
    list_add(&extra, "%s/tools/kernel.ld", paths_share());
    add_program(&extra, "clang-19");

    struct build_job job = {target, what, &command, sources, &lookup, &extra};
    char *path;
    int status = build_cached(&job, &path);
    if (status == 0) {
        status = read_blob(path, out);
        free(path);
    }
    list_free(&command);
    list_free(&extra);
    list_free(&lookup);
    return status;
}

static int build_part(const char *target, const char *runtime, const struct build_part *part, struct pto_blob *out)
{
    char what[512];
    snprintf(what, sizeof(what), "the %s part of runtime %s", target, runtime);
    return davcc(target, what, &part->include_dirs, NULL, &part->sources, out);
}

static int read_config(const char *runtime, struct build_config *config)
{
    char *path, error[1024];
    int status = pto_find_runtime(runtime, &path);
    if (status == 0) {
        if (build_config_read(config, path, error, sizeof(error)) != 0)
            status = fail(DAV_BAD_INPUT, "%s", error);
        free(path);
    }
    return status;
}

static bool is_cxx(const char *source)
{
    const char *dot = strrchr(source, '.');
    return dot && strcmp(dot, ".c") != 0;
}

/* The platform's own sources in a host part: the C API, and what it needs in the language of the runtime. */
static void add_platform(struct build_part *host)
{
    bool cxx = false;
    for (size_t i = 0; i < host->sources.count; i++)
        cxx = cxx || is_cxx(host->sources.items[i]);
    list_add(&host->include_dirs, "%s", paths_share());
    list_add(&host->sources, "%s/tools/host/c_api.c", paths_share());
    list_add(&host->sources, "%s/tools/host/runtime.%s", paths_share(), cxx ? "cpp" : "c");
}

int pto_build_runtime(const char *name, struct pto_runtime_binaries *out)
{
    struct build_config config;
    struct pto_runtime_binaries built = {0};
    if (!out)
        return fail(DAV_BAD_INPUT, "pto_build_runtime: nowhere to put the binaries");
    int status = read_config(name, &config);
    if (status != 0)
        return status;
    add_platform(&config.host);
    status = build_part("host", name, &config.host, &built.host);
    if (status == 0)
        status = build_part("aicpu", name, &config.aicpu, &built.aicpu);
    if (status == 0)
        status = build_part("aicore", name, &config.aicore, &built.aicore);
    build_config_free(&config);
    if (status != 0) {
        pto_blob_free(&built.host);
        pto_blob_free(&built.aicpu);
        pto_blob_free(&built.aicore);
        return status;
    }
    *out = built;
    return 0;
}

/* One source file, named absolutely: the compiled lines in debug information must not depend on where we run. */
static int compile_one(const char *target, const char *source, const struct list *include_dirs,
                       const char *const *macros, struct pto_blob *out)
{
    char what[4200];
    struct list sources = {0};
    char *path = source ? realpath(source, NULL) : NULL;
    if (!path)
        return fail(DAV_BAD_INPUT, "cannot read source file %s: %s", source ? source : "(null)",
                    source ? strerror(errno) : "no name given");
    snprintf(what, sizeof(what), "%s for %s", path, target);
    list_add(&sources, "%s", path);
    int status = davcc(target, what, include_dirs, macros, &sources, out);
    list_free(&sources);
    free(path);
    return status;
}

int pto_compile_orchestration(const char *source, const char *runtime_name, struct pto_blob *out)
{
    struct build_config config;
    int status = read_config(runtime_name, &config);
    if (status != 0)
        return status;
    status = compile_one("orchestration", source, &config.host.include_dirs, NULL, out);
    build_config_free(&config);
    return status;
}

int pto_compile_incore(const char *source, const char *core_type, struct pto_blob *out)
{
    return pto_compile_incore_with(source, core_type, NULL, out);
}

int pto_compile_incore_with(const char *source, const char *core_type, const char *const *macros, struct pto_blob *out)
{
    const struct list none = {0};
    if (!core_type || (strcmp(core_type, "aic") != 0 && strcmp(core_type, "aiv") != 0))
        return fail(DAV_BAD_INPUT, "'%s' is not a core type: aic (cube) or aiv (vector)", core_type ? core_type : "");
    return compile_one(core_type, source, &none, macros, out);
}
