/* new_api.c - see new_api.h. Two families of interfaces are known, told apart by the first parameter of add_task:
 *
 *   C     int add_task(Runtime *runtime, const uint64_t *args, int arg_count, int func_id, int core_type);
 *   C++   int add_task(uint64_t *args, int arg_count, int func_id, int core_type);      (of class Runtime)
 */
#include "tools/new_api.h"

#include "model/davsim.h"
#include "tools/build_config.h"
#include "tools/fail.h"
#include "tools/file.h"
#include "tools/pto_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text of runtime.h in the first of @dirs that holds it, for the caller to free; NULL if none does. */
static char *read_header(const struct list *dirs)
{
    for (size_t i = 0; i < dirs->count; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/runtime.h", dirs->items[i]);
        char *text = file_text(path);
        if (text)
            return text;
    }
    return NULL;
}

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* Finds the declaration of add_task in @header, and what it takes first. */
static bool find_add_task(const char *header, bool *cxx)
{
    const char *name = "int add_task(";
    for (const char *at = strstr(header, name); at; at = strstr(at, name)) {
        at += strlen(name);
        const char *type = begins(at, "const ") ? at + strlen("const ") : at;
        *cxx = begins(type, "uint64_t");
        if (*cxx || begins(type, "Runtime *") || begins(type, "Runtime* "))
            return true;
    }
    return false;
}

int new_api_of(const char *runtime, struct new_api *api)
{
    struct build_config config;
    char *path, error[1024];
    int status = pto_find_runtime(runtime, NULL, &path);
    if (status != 0)
        return status;
    if (build_config_read(&config, path, error, sizeof(error)) != 0) {
        status = fail(DAV_BAD_INPUT, "%s", error);
        free(path);
        return status;
    }
    char *header = read_header(&config.host.include_dirs);
    if (!header)
        status = fail(DAV_BAD_INPUT, "new: no include directory of the host part in %s holds a runtime.h", path);
    else if (!find_add_task(header, &api->cxx))
        status = fail(DAV_BAD_INPUT,
                      "new: runtime %s has no add_task that takes arguments, their count, func_id and core_type, as "
                      "the example's orchestration calls it; an example for it has to be written by hand",
                      runtime);
    if (status == 0) {
        api->camel_memory = strstr(header, "DeviceMalloc") != NULL;
        api->typed_cores = strstr(header, "CoreType core_type") != NULL;
        api->camel_pairs = strstr(header, "RecordTensorPair") != NULL;
    }
    free(header);
    free(path);
    build_config_free(&config);
    return status;
}
