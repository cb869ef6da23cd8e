/* main.c - my_example: out = in + 1 on the chip, by the runtime my_runtime, checked against plain C.
 *
 *     davsim run examples/my_example
 */
#include "tools/pto.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 1024, AICPU_THREADS = 1, BLOCK_DIM = 4 };

static float in[COUNT], out[COUNT];
static struct pto_runtime_binaries binaries;
static struct pto_blob orchestration;
static struct pto_host *host;

/* The name of a file beside this one. The next call reuses it. */
static const char *beside(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%.*s%s", (int)(sizeof __FILE__ - sizeof "main.c"), __FILE__, name);
    return path;
}

/* Build the runtime, load its host part, compile the orchestration. */
static int prepare(void)
{
    int status = pto_build_runtime("my_runtime", &binaries);
    if (status != 0)
        return status;
    host = pto_load_host(&binaries.host);
    if (!host)
        return 2;
    status = host->set_device(0);
    if (status != 0)
        return status;
    return pto_compile_orchestration(beside("kernels/orchestration/my_example_orch.c"), "my_runtime", &orchestration);
}

/* Compile the kernel and give it to the chip, as number 0. */
static int add_kernel(void)
{
    struct pto_blob elf = {0}, text = {0};
    int status = pto_compile_incore(beside("kernels/aiv/my_example_kernel.c"), "aiv", &elf);
    if (status == 0)
        status = pto_extract_text(&elf, &text);
    if (status == 0)
        status = host->register_kernel(0, text.data, text.size);
    pto_blob_free(&elf);
    pto_blob_free(&text);
    return status;
}

/* Let the orchestration make the tasks, execute them, take the result. */
static int launch(void)
{
    uint64_t args[] = {(uintptr_t)in, (uintptr_t)out, sizeof in};
    void *runtime = calloc(1, host->get_runtime_size());
    int status = host->init_runtime(runtime, orchestration.data, orchestration.size, "build_my_example", args, 3);
    if (status == 0) {
        status = host->launch_runtime(runtime, AICPU_THREADS, BLOCK_DIM, 0, binaries.aicpu.data, binaries.aicpu.size,
                                      binaries.aicore.data, binaries.aicore.size);
        int finalized = host->finalize_runtime(runtime);
        status = status ? status : finalized;
    }
    free(runtime);
    return status;
}

int main(void)
{
    for (int i = 0; i < COUNT; i++)
        in[i] = (float)i;
    int status = prepare();
    if (status == 0)
        status = add_kernel();
    if (status == 0)
        status = launch();
    for (int i = 0; status == 0 && i < COUNT; i++) {
        if (out[i] != in[i] + 1) {
            printf("my_example: WRONG: out[%d] is %g, not %g\n", i, out[i], in[i] + 1);
            status = 1;
        }
    }
    if (status == 0)
        printf("my_example: correct: %d floats\n", COUNT);
    return status;
}
