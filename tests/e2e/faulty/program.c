/* program.c - a host program that launches twice: `program CASE FOLDER [RUNTIME [THREADS]]`. The first launch does what
 * the case says, the second is a good one; what became of each goes to stdout.
 */
#include "faults.h"
#include "tools/pto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
#define FAULT_NAME(name) [FAULT_##name] = #name,
    FAULTS(FAULT_NAME)
#undef FAULT_NAME
};

struct program {
    struct pto_runtime_binaries binaries;
    struct pto_blob orchestration;
    struct pto_host *host;
    void *runtime;
    int threads;
};

static enum fault find_case(const char *name)
{
    for (int i = 0; i < FAULT_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return (enum fault)i;
    fprintf(stderr, "program: no case %s\n", name);
    exit(99);
}

static void need(int status)
{
    if (status != 0)
        exit(98);
}

static void build(struct program *program, const char *folder, const char *runtime)
{
    struct pto_blob elf, text;
    char path[4096];

    need(pto_build_runtime(runtime, &program->binaries));
    snprintf(path, sizeof(path), "%s/orchestration.c", folder);
    need(pto_compile_orchestration(path, "host_build_graph", &program->orchestration));
    snprintf(path, sizeof(path), "%s/kernel.c", folder);
    need(pto_compile_incore(path, "aiv", &elf));
    need(pto_extract_text(&elf, &text));
    program->host = pto_load_host(&program->binaries.host);
    need(!program->host);
    need(program->host->register_kernel(0, text.data, text.size));
    program->runtime = calloc(1, program->host->get_runtime_size());
    pto_blob_free(&elf);
    pto_blob_free(&text);
}

static int launch(const struct program *program, const char *which, enum fault fault)
{
    const struct pto_host *host = program->host;
    const struct pto_blob *aicpu = &program->binaries.aicpu, *aicore = &program->binaries.aicore;
    int64_t result = -1;
    uint64_t args[] = {fault, (uintptr_t)&result};

    need(host->init_runtime(program->runtime, program->orchestration.data, program->orchestration.size, "build_faulty",
                            args, 2));
    int status = host->launch_runtime(program->runtime, program->threads, 1, 0, aicpu->data, aicpu->size, aicore->data,
                                      aicore->size);
    int finalized = host->finalize_runtime(program->runtime);
    printf("%s launch: status %d, result %s\n", which, status,
           finalized      ? "lost"
           : result == 42 ? "right"
           : result == -1 ? "absent"
                          : "wrong");
    fflush(stdout);
    return status;
}

int main(int argc, char **argv)
{
    struct program program = {.threads = argc > 4 ? atoi(argv[4]) : 1};
    if (argc < 3)
        return 99;
    build(&program, argv[2], argc > 3 ? argv[3] : "faulty");
    int status = launch(&program, "first", find_case(argv[1]));
    int second = launch(&program, "second", FAULT_nothing);
    free(program.runtime);
    pto_blob_free(&program.binaries.host);
    pto_blob_free(&program.binaries.aicpu);
    pto_blob_free(&program.binaries.aicore);
    pto_blob_free(&program.orchestration);
    return status ? status : second;
}
