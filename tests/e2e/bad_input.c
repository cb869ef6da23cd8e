/* bad_input.c - a host program that does one thing wrong: `bad_input CASE KERNEL.c ORCHESTRATION.c [RUNTIME]`.
 *
 * It ends with the status of the first call that fails, as host programs do; the calls themselves say what was wrong.
 */
#include "tools/pto.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *wrong;

static bool is(const char *name)
{
    return strcmp(wrong, name) == 0;
}

/* Ends the program unless @status is 0. */
static void check(int status)
{
    if (status != 0)
        exit(status);
}

static struct pto_blob junk(void)
{
    struct pto_blob blob = {calloc(1, 4096), 4096};
    memcpy(blob.data, "this is not an ELF file", 23);
    return blob;
}

static void register_kernel(const struct pto_host *host, const char *source)
{
    struct pto_blob elf, text;
    check(pto_compile_incore(source, "aiv", &elf));
    check(pto_extract_text(&elf, &text));
    if (is("kernel-junk"))
        text = junk();
    check(host->register_kernel(is("kernel-id") ? -1 : 0, text.data, text.size));
}

static void use_memory_wrongly(const struct pto_host *host)
{
    static char buffer[64];
    if (is("copy-to-null"))
        check(host->copy_to_device(NULL, buffer, sizeof(buffer)));
    if (is("copy-to-host"))
        check(host->copy_to_device(malloc(sizeof(buffer)), buffer, sizeof(buffer)));
    if (is("copy-past-gm"))
        check(host->copy_to_device(host->device_malloc(64), buffer, (size_t)1 << 60));
    if (is("malloc-too-much") && !host->device_malloc((size_t)1 << 50))
        exit(2);
}

int main(int argc, char **argv)
{
    struct pto_runtime_binaries binaries;
    struct pto_blob orchestration;
    wrong = argv[1];
    if (is("ends-early"))
        return 0;
    check(pto_build_runtime(argc > 4 ? argv[4] : "host_build_graph", &binaries));
    if (is("host-junk"))
        binaries.host = junk();
    struct pto_host *host = pto_load_host(&binaries.host);
    if (!host)
        return 2;
    check(host->set_device(is("device-id") ? 1000 : 0));
    register_kernel(host, argv[2]);
    check(pto_compile_orchestration(argv[3], "host_build_graph", &orchestration));
    use_memory_wrongly(host);

    void *runtime = aligned_alloc(64, (host->get_runtime_size() + 63) / 64 * 64);
    uint64_t args[] = {is("no-such-kernel") ? 99 : 0};
    if (is("orchestration-junk"))
        orchestration = junk();
    check(host->init_runtime(is("null-runtime-init") ? NULL : runtime, orchestration.data, orchestration.size,
                             is("no-such-function") ? "missing" : "build_one_task", args, 1));
    if (is("ends-before-launch"))
        return 0;
    if (is("aicpu-junk"))
        binaries.aicpu = junk();
    if (is("aicore-junk"))
        binaries.aicore = junk();
    int threads = is("no-threads") ? 0 : is("many-threads") ? 100 : 1;
    int block_dim = is("no-blocks") ? 0 : is("many-blocks") ? 25 : is("huge-blocks") ? 1 << 30 : 1;
    check(host->launch_runtime(is("null-runtime") ? NULL : runtime, threads, block_dim, 0, binaries.aicpu.data,
                               is("aicpu-empty") ? 0 : binaries.aicpu.size, binaries.aicore.data,
                               binaries.aicore.size));
    check(host->finalize_runtime(runtime));
    puts("done");
    return 0;
}
