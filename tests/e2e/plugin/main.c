/* main.c - plugin FOLDER SOURCE|LIBRARY FUNCTION MODE: two launches whose graph is built on the device. Prints what
 * each came to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/runtime.h"
#include "tools/pto.h"

enum { COUNT = 40 };

static void need(int status)
{
    if (status != 0)
        exit(98);
}

static struct pto_blob read_library(const char *path)
{
    struct pto_blob blob = {0};
    FILE *file = fopen(path, "rb");

    need(!file || fseek(file, 0, SEEK_END) != 0);
    blob.size = (size_t)ftell(file);
    rewind(file);
    blob.data = malloc(blob.size);
    need(fread(blob.data, 1, blob.size, file) != blob.size);
    fclose(file);
    return blob;
}

static const char *verdict(const int64_t *lines, int64_t start)
{
    int64_t expected = 2 * start;

    for (int i = 0; i < COUNT; i++) {
        expected += i;
        if (lines[8 * i] != expected)
            return "wrong";
    }
    return "right";
}

int main(int argc, char **argv)
{
    struct pto_runtime_binaries built;
    struct pto_blob elf, text, orchestration;
    static int64_t lines[8 * COUNT];
    char path[4096];
    int worst = 0;

    if (argc != 5)
        return 99;
    need(pto_build_runtime("plugin", &built));
    snprintf(path, sizeof(path), "%s/kernels/add.c", argv[1]);
    need(pto_compile_incore(path, "aiv", &elf));
    need(pto_extract_text(&elf, &text));
    if (strstr(argv[2], ".so"))
        orchestration = read_library(argv[2]);
    else
        need(pto_compile_orchestration(argv[2], "plugin", &orchestration));
    struct pto_host *host = pto_load_host(&built.host);
    need(!host);
    need(host->set_device(0));
    need(host->register_kernel(0, text.data, text.size));
    void *runtime = calloc(1, host->get_runtime_size());
    uint64_t args[] = {(uintptr_t)host->device_malloc(64), (uintptr_t)host->device_malloc(sizeof(lines)), COUNT,
                       strtoul(argv[4], NULL, 0)};

    for (int64_t launch = 1; launch <= 2; launch++) {
        int64_t start = 100 * launch;
        need(host->copy_to_device((void *)args[0], &start, sizeof(start)));
        need(host->init_runtime(runtime, orchestration.data, orchestration.size, argv[3], args, 4));
        int status = host->launch_runtime(runtime, 4, 2, 0, built.aicpu.data, built.aicpu.size, built.aicore.data,
                                          built.aicore.size);
        need(host->copy_from_device(lines, (void *)args[1], sizeof(lines)));
        need(host->finalize_runtime(runtime));
        printf("launch %d: status %d, %s\n", (int)launch, status, status ? "-" : verdict(lines, start));
        fflush(stdout);
        worst = worst ? worst : status;
    }
    free(runtime);
    pto_blob_free(&elf);
    pto_blob_free(&text);
    pto_blob_free(&orchestration);
    pto_blob_free(&built.host);
    pto_blob_free(&built.aicpu);
    pto_blob_free(&built.aicore);
    return worst;
}
