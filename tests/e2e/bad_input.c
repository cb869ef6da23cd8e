/* bad_input.c - a host program that does one thing wrong: `bad_input CASE KERNEL.c ORCHESTRATION.c [RUNTIME]`.
 *
 * It ends with the status of the first call that fails, as host programs do; the calls themselves say what was wrong.
 */
#include "model/davsim.h"
#include "tools/pto.h"

#include <dlfcn.h>
#include <elf.h>
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

/* The program that runs: an ELF file, but no module. */
static struct pto_blob own_binary(void)
{
    struct pto_blob blob = {malloc(1 << 20), 0};
    FILE *file = fopen("/proc/self/exe", "r");
    blob.size = fread(blob.data, 1, 1 << 20, file);
    fclose(file);
    return blob;
}

/* The header of the .text section of a kernel. */
static Elf64_Shdr *text_section(const struct pto_blob *elf)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)elf->data;
    Elf64_Shdr *sections = (Elf64_Shdr *)(elf->data + header->e_shoff);
    const char *names = (const char *)elf->data + sections[header->e_shstrndx].sh_offset;
    for (int i = 1; i < header->e_shnum; i++)
        if (strcmp(names + sections[i].sh_name, ".text") == 0)
            return &sections[i];
    exit(99);
}

static void damage(struct pto_blob *elf)
{
    if (is("no-elf"))
        *elf = junk();
    if (is("elf-cut"))
        elf->size -= 1;
    if (is("elf-cut-in-header"))
        elf->size = sizeof(Elf64_Ehdr) - 1;
    if (is("elf-cut-in-text"))
        text_section(elf)->sh_size = elf->size;
    if (is("elf-text-empty"))
        text_section(elf)->sh_size = 0;
    if (is("elf-no-text"))
        text_section(elf)->sh_name++; /* "text" */
    if (is("elf-program") || is("elf-other-machine"))
        *elf = own_binary();
    if (is("elf-other-machine"))
        ((Elf64_Ehdr *)elf->data)->e_machine = EM_AARCH64;
}

static void register_kernel(const struct pto_host *host, const char *source)
{
    struct pto_blob elf, text;
    check(pto_compile_incore(source, is("core-type") ? "aix" : "aiv", &elf));
    damage(&elf);
    check(pto_extract_text(&elf, &text));
    if (is("kernel-junk"))
        text = junk();
    if (is("kernel-elf"))
        text = elf;
    if (is("kernel-cut"))
        text.size -= 8;
    if (is("kernel-null"))
        text = (struct pto_blob){NULL, 0};
    if (is("kernel-empty"))
        text.size = 0;
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
    if (is("copy-from-host"))
        check(host->copy_from_device(buffer, buffer, sizeof(buffer)));
    if (is("copy-from-past"))
        check(host->copy_from_device(buffer, (char *)host->device_malloc(64) + ((size_t)1 << 45), sizeof(buffer)));
    if (is("copy-null-host"))
        check(host->copy_from_device(NULL, host->device_malloc(64), 64));
    if (is("free-wild"))
        host->device_free(buffer);
    if (is("free-twice")) {
        void *block = host->device_malloc(64);
        host->device_free(block);
        host->device_free(block);
    }
    if (is("malloc-too-much") && !host->device_malloc((size_t)1 << 50))
        exit(2);
}

/* Past the runtime's own checks: what only the chip can refuse. */
static void launch_raw(const struct pto_host *host, const struct pto_runtime_binaries *binaries)
{
    int (*launch)(const struct dav_launch *);
    void *symbol = dlsym(host->handle, "dav_launch");
    struct dav_launch what = {.runtime = (void *)binaries, .runtime_size = 64, .aicpu_threads = 1, .block_dim = 1};

    memcpy(&launch, &symbol, sizeof(launch));
    if (is("launch-null"))
        check(launch(NULL));
    if (is("launch-no-runtime"))
        what.runtime = NULL;
    if (is("launch-no-modules"))
        what.runtime = host->device_malloc(64);
    if (strncmp(wrong, "launch-", 7) == 0)
        check(launch(&what));
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 99;
    struct pto_runtime_binaries binaries;
    struct pto_blob orchestration;
    wrong = argv[1];
    if (is("ends-early"))
        return 0;
    check(pto_build_runtime(argc > 4 ? argv[4] : "host_build_graph", &binaries));
    if (is("host-junk"))
        binaries.host = junk();
    if (is("host-cut"))
        binaries.host.size /= 2;
    if (is("host-cut-little"))
        binaries.host.size -= 64;
    if (is("host-aicore"))
        binaries.host = binaries.aicore;
    struct pto_host *host = pto_load_host(&binaries.host);
    if (!host)
        return 2;
    check(host->set_device(is("device-id") ? 1000 : is("device-negative") ? -1 : 0));
    register_kernel(host, argv[2]);
    check(pto_compile_orchestration(argv[3], "host_build_graph", &orchestration));
    use_memory_wrongly(host);

    void *runtime = aligned_alloc(64, (host->get_runtime_size() + 63) / 64 * 64);
    uint64_t args[] = {is("no-such-kernel") ? 99 : 0};
    if (is("orchestration-junk"))
        orchestration = junk();
    if (is("orchestration-cut"))
        orchestration.size = 4000;
    if (is("launch-before-init"))
        check(host->launch_runtime(runtime, 1, 1, 0, binaries.aicpu.data, binaries.aicpu.size, binaries.aicore.data,
                                   binaries.aicore.size));
    if (is("odd-runtime"))
        runtime = (char *)runtime + 1;
    launch_raw(host, &binaries);
    check(host->init_runtime(is("null-runtime-init") ? NULL : runtime, orchestration.data, orchestration.size,
                             is("no-such-function") ? "missing" : "build_one_task", args, 1));
    if (is("ends-before-launch"))
        return 0;
    if (is("aicpu-junk"))
        binaries.aicpu = junk();
    if (is("aicpu-cut"))
        binaries.aicpu.size /= 2;
    if (is("aicpu-program"))
        binaries.aicpu = own_binary();
    if (is("aicpu-aicore"))
        binaries.aicpu = binaries.aicore;
    if (is("swapped")) {
        struct pto_blob aicpu = binaries.aicpu;
        binaries.aicpu = binaries.aicore;
        binaries.aicore = aicpu;
    }
    if (is("aicore-junk"))
        binaries.aicore = junk();
    if (is("aicore-empty"))
        binaries.aicore.size = 0;
    if (is("finalize-twice"))
        check(host->finalize_runtime(runtime));
    int device_id = is("other-device") ? 1 : 0;
    int threads = is("no-threads") ? 0 : is("many-threads") ? 100 : 1;
    int block_dim = is("no-blocks") ? 0 : is("many-blocks") ? 25 : is("huge-blocks") ? 1 << 30 : 1;
    check(host->launch_runtime(is("null-runtime") ? NULL : runtime, threads, block_dim, device_id, binaries.aicpu.data,
                               is("aicpu-empty") ? 0 : binaries.aicpu.size, binaries.aicore.data,
                               binaries.aicore.size));
    check(host->finalize_runtime(runtime));
    if (is("finalize-again"))
        check(host->finalize_runtime(runtime));
    puts("done");
    return 0;
}
