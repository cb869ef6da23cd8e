/* pto.c - compile the parts of a runtime, its orchestration and its kernels by running davcc; see pto.h.
 *
 * Nothing here knows a compiler flag: davcc does. This file knows which sources make which part, and keeps results
 * under the contents of the sources, of davcc, of clang and of the device headers.
 */
#include "tools/pto.h"

#include "model/davsim.h"
#include "tools/build_cache.h"
#include "tools/build_config.h"
#include "tools/build_key.h"
#include "tools/fail.h"
#include "tools/file.h"
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

/* What one run of davcc is given. */
struct job {
    const char *target, *what;
    const struct list *include_dirs, *sources;
    const char *const *macros; /* NULL at the end; may be NULL */
    const char *library;       /* to link with, NULL if none */
};

/* One run of davcc, from the cache if it was made before. @path: receives the file, for the caller to free. */
static int davcc(const struct job *asked, char **path)
{
    const struct list *include_dirs = asked->include_dirs, *sources = asked->sources;
    const char *const *macros = asked->macros;
    struct list command = {0}, extra = {0}, lookup = {0};
    list_add(&command, "%s", paths_davcc());
    list_add(&command, "--target=%s", asked->target);
    for (size_t i = 0; i < include_dirs->count; i++) {
        list_add(&command, "-I%s", include_dirs->items[i]);
        list_add(&lookup, "%s", include_dirs->items[i]);
    }
    for (size_t i = 0; macros && macros[i]; i++)
        list_add(&command, "-D%s", macros[i]);
    for (size_t i = 0; i < sources->count; i++)
        list_add(&command, "%s", sources->items[i]);
    if (asked->library)
        list_add(&command, "-Wl,%s", asked->library);
    list_add(&lookup, "%s", paths_share());

    list_add(&extra, "%s", paths_davcc());
    list_add(&extra, "%s/isa", paths_share());
    list_add(&extra, "%s/tools/kernel.ld", paths_share());
    add_program(&extra, "clang-19");

    struct build_job job = {asked->target, asked->what, &command, sources, &lookup, &extra};
    int status = build_cached(&job, path);
    list_free(&command);
    list_free(&extra);
    list_free(&lookup);
    return status;
}

static int davcc_read(const struct job *job, struct pto_blob *out)
{
    char *path;
    int status = davcc(job, &path);
    if (status == 0) {
        status = read_blob(path, out);
        free(path);
    }
    return status;
}

/* ---- runtimes ---- */

static int build_part(const char *target, const char *runtime, const struct build_part *part, const char *const *macros,
                      struct pto_blob *out)
{
    char what[512];
    snprintf(what, sizeof(what), "the %s part of runtime %s", target, runtime);
    const struct job job = {target, what, &part->include_dirs, &part->sources, macros, NULL};
    return davcc_read(&job, out);
}

/* Does one of the sources, or a header of the runtime that it includes, speak of @word? */
static bool speaks_of(const struct build_part *part, const char *word)
{
    struct build_key key;
    char hex[BUILD_KEY_HEX];
    bool found = false;
    build_key_init(&key);
    for (size_t i = 0; i < part->sources.count; i++)
        build_key_source(&key, part->sources.items[i], &part->include_dirs);
    for (size_t i = 0; i < key.seen.count && !found; i++) {
        char *text = file_text(key.seen.items[i]);
        found = text && strstr(text, word);
        free(text);
    }
    build_key_finish(&key, hex);
    return found;
}

static int read_config(const char *path, struct build_config *config)
{
    char error[1024];
    return build_config_read(config, path, error, sizeof(error)) == 0 ? 0 : fail(DAV_BAD_INPUT, "%s", error);
}

/* What the caller adds to the AICPU part. */
static int extend(struct build_part *part, const char *const *include_dirs, const char *const *source_dirs)
{
    for (size_t i = 0; include_dirs && include_dirs[i]; i++)
        list_add(&part->include_dirs, "%s", include_dirs[i]);
    for (size_t i = 0; source_dirs && source_dirs[i]; i++)
        if (build_config_add_sources(&part->sources, source_dirs[i]) != 0)
            return fail(DAV_BAD_INPUT, "cannot read the directory %s of more AICPU sources: %s", source_dirs[i],
                        strerror(errno));
    return 0;
}

/* The three parts, each added to @out when it is done. */
static int build_parts(const char *name, const struct build_config *config, struct pto_runtime_binaries *out)
{
    /* isa/include/aicpu/platform_regs.h: two forms of a protocol, which the AICore's side tells apart. */
    const char *const answers_exit[] = {"DAV_AICORE_ANSWERS_EXIT", NULL};
    const bool answers = speaks_of(&config->aicore, "AICORE_EXITED_VALUE");
    int status = build_part("host", name, &config->host, NULL, &out->host);
    if (status == 0)
        status = build_part("aicpu", name, &config->aicpu, answers ? answers_exit : NULL, &out->aicpu);
    if (status == 0)
        status = build_part("aicore", name, &config->aicore, NULL, &out->aicore);
    if (status != 0) {
        pto_blob_free(&out->host);
        pto_blob_free(&out->aicpu);
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

int pto_build_runtime_with(const char *name, const struct pto_build_options *options, struct pto_runtime_binaries *out)
{
    struct build_config config;
    struct pto_runtime_binaries built = {0};
    char *path;
    if (!out)
        return fail(DAV_BAD_INPUT, "pto_build_runtime: nowhere to put the binaries");
    int status = pto_find_runtime(name, options, &path);
    if (status != 0)
        return status;
    status = read_config(path, &config);
    if (status == 0) {
        add_platform(&config.host);
        if (options)
            status = extend(&config.aicpu, options->aicpu_include_dirs, options->aicpu_source_dirs);
        if (status == 0)
            status = build_parts(name, &config, &built);
        build_config_free(&config);
    }
    if (status == 0) {
        pto_find_remember(name, path);
        *out = built;
    }
    free(path);
    return status;
}

int pto_build_runtime(const char *name, struct pto_runtime_binaries *out)
{
    return pto_build_runtime_with(name, NULL, out);
}

int pto_list_runtimes(const struct pto_build_options *options, char ***names)
{
    struct list list = {0};
    if (!names)
        return fail(DAV_BAD_INPUT, "pto_list_runtimes: nowhere to put the names");
    int status = pto_find_names(options, &list);
    if (status != 0)
        return status;
    *names = list.items ? list.items : calloc(1, sizeof(char *));
    return *names ? 0 : fail(DAV_INTERNAL, "pto_list_runtimes: out of memory");
}

void pto_list_free(char **names)
{
    for (size_t i = 0; names && names[i]; i++)
        free(names[i]);
    free(names);
}

int pto_runtime_dir(const char *name, const struct pto_build_options *options, char **dir)
{
    if (!dir)
        return fail(DAV_BAD_INPUT, "pto_runtime_dir: nowhere to put the name");
    int status = pto_find_runtime(name, options, dir);
    if (status == 0)
        *strrchr(*dir, '/') = '\0';
    return status;
}

/* ---- single sources ---- */

/* @source, and @more if that is not NULL. The source is named absolutely: the compiled lines in debug information must
 * not depend on where we run. */
static int compile(struct job job, const char *source, const struct list *more, struct pto_blob *out)
{
    char what[4200];
    struct list sources = {0};
    char *path = source ? realpath(source, NULL) : NULL;
    if (!path)
        return fail(DAV_BAD_INPUT, "cannot read source file %s: %s", source ? source : "(null)",
                    source ? strerror(errno) : "no name given");
    snprintf(what, sizeof(what), "%s for %s", path, job.target);
    list_add(&sources, "%s", path);
    for (size_t i = 0; more && i < more->count; i++)
        if (!list_has(&sources, more->items[i]))
            list_add(&sources, "%s", more->items[i]);
    job.what = what;
    job.sources = &sources;
    int status = davcc_read(&job, out);
    list_free(&sources);
    free(path);
    return status;
}

static void add_each(struct list *list, const char *const *items)
{
    for (size_t i = 0; items && items[i]; i++)
        list_add(list, "%s", items[i]);
}

/* The build_config.py of the runtime that an orchestration is for. */
static int find_config(const char *runtime_name, const struct pto_build_options *runtimes, char **path)
{
    const char *built = runtimes && runtime_name ? NULL : pto_find_built(runtime_name);
    if (built) {
        *path = strdup(built);
        return *path ? 0 : fail(DAV_INTERNAL, "out of memory");
    }
    if (!runtime_name)
        return fail(DAV_BAD_INPUT, "compile_orchestration: for which runtime? Name it, or build it first");
    return pto_find_runtime(runtime_name, runtimes, path);
}

/* The file of the host part of the runtime at @config_path. An orchestration is linked with it, so that it finds this
 * runtime's functions among those of all runtimes of its process. */
static int host_library(const char *config_path, struct build_config *config, char **library)
{
    char what[4200];
    snprintf(what, sizeof(what), "the host part of the runtime of %s", config_path);
    add_platform(&config->host);
    const struct job job = {"host", what, &config->host.include_dirs, &config->host.sources, NULL, NULL};
    return davcc(&job, library);
}

int pto_compile_orchestration_with(const char *source, const char *runtime_name,
                                   const struct pto_compile_options *options, struct pto_blob *out)
{
    struct build_config config;
    struct list include_dirs = {0};
    char *path, *library = NULL;
    int status = find_config(runtime_name, options ? options->runtimes : NULL, &path);
    if (status != 0)
        return status;
    status = read_config(path, &config);
    if (status == 0) {
        if (options)
            add_each(&include_dirs, options->include_dirs);
        list_add_all(&include_dirs, &config.orchestration.include_dirs);
        list_add_all(&include_dirs, &config.host.include_dirs);
        status = host_library(path, &config, &library);
        const struct job job = {.target = "orchestration",
                                .include_dirs = &include_dirs,
                                .macros = options ? options->macros : NULL,
                                .library = library};
        if (status == 0)
            status = compile(job, source, &config.orchestration.sources, out);
        build_config_free(&config);
    }
    list_free(&include_dirs);
    free(library);
    free(path);
    return status;
}

int pto_compile_orchestration(const char *source, const char *runtime_name, struct pto_blob *out)
{
    return pto_compile_orchestration_with(source, runtime_name, NULL, out);
}

int pto_compile_incore_with(const char *source, const char *core_type, const struct pto_compile_options *options,
                            struct pto_blob *out)
{
    struct list include_dirs = {0};
    if (!core_type || (strcmp(core_type, "aic") != 0 && strcmp(core_type, "aiv") != 0))
        return fail(DAV_BAD_INPUT, "'%s' is not a core type: aic (cube) or aiv (vector)", core_type ? core_type : "");
    if (options)
        add_each(&include_dirs, options->include_dirs);
    const struct job job = {
        .target = core_type, .include_dirs = &include_dirs, .macros = options ? options->macros : NULL};
    int status = compile(job, source, NULL, out);
    list_free(&include_dirs);
    return status;
}

int pto_compile_incore(const char *source, const char *core_type, struct pto_blob *out)
{
    return pto_compile_incore_with(source, core_type, NULL, out);
}
