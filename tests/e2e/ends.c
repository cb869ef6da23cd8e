/* ends.c - a host program that ends in one of many ways: `ends CASE FOLDER`, with the kernels of tests/e2e/faulty. */
#include "faulty/faults.h"
#include "tools/pto.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static const char *way;

static bool is(const char *name)
{
    return strcmp(way, name) == 0;
}

static void need(int status)
{
    if (status != 0)
        exit(status);
}

static void leave(int signal)
{
    (void)signal;
    exit(9);
}

/* One launch; the kernel does what @fault says. */
static void launch(const char *folder, enum fault fault)
{
    struct pto_runtime_binaries binaries;
    struct pto_blob orchestration, elf, text;
    char path[4096];
    int64_t result = -1;
    uint64_t args[] = {fault, (uintptr_t)&result};

    need(pto_build_runtime("faulty", &binaries));
    snprintf(path, sizeof(path), "%s/orchestration.c", folder);
    need(pto_compile_orchestration(path, "host_build_graph", &orchestration));
    snprintf(path, sizeof(path), "%s/kernel.c", folder);
    need(pto_compile_incore(path, "aiv", &elf));
    need(pto_extract_text(&elf, &text));
    struct pto_host *host = pto_load_host(&binaries.host);
    need(!host);
    need(host->register_kernel(0, text.data, text.size));
    void *runtime = calloc(1, host->get_runtime_size());
    need(host->init_runtime(runtime, orchestration.data, orchestration.size, "build_faulty", args, 2));
    puts("launching");
    fflush(stdout);
    if (is("crash_before"))
        raise(SIGSEGV);
    if (is("alarm_in_launch") || is("exit_in_launch"))
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 100000}, NULL);
    need(host->launch_runtime(runtime, 1, 1, 0, binaries.aicpu.data, binaries.aicpu.size, binaries.aicore.data,
                              binaries.aicore.size));
    need(host->finalize_runtime(runtime));
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 99;
    way = argv[1];
    if (is("exit_at_once"))
        exit(0);
    if (is("exit_3_at_once"))
        exit(3);
    if (is("abort_at_once"))
        abort();
    if (is("exit_in_launch"))
        signal(SIGALRM, leave);
    bool endless = is("alarm_in_launch") || is("exit_in_launch") || is("endless");
    launch(argv[2], endless ? FAULT_kernel_endless : FAULT_nothing);
    if (is("kill_after"))
        raise(SIGKILL);
    if (is("crash_after"))
        raise(SIGSEGV);
    if (is("exit_past_exit"))
        _exit(3);
    return is("exit_3_after") ? 3 : 0;
}
