/* launch.c - see launch.h. */
#include "tests/fidelity/launch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/davsim.h"

static struct launch_file aicpu, aicore;

_Noreturn void launch_die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

struct launch_file launch_read_file(const char *path)
{
    struct launch_file binary = {NULL, 0};
    FILE *file = fopen(path, "rbe");
    long size = -1;

    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size < 0)
        launch_die("fidelity: %s: cannot read it; build the target fidelity_modules", path);
    rewind(file);
    binary = (struct launch_file){calloc(1, (size_t)size + 1), (size_t)size};
    if (!binary.bytes || fread(binary.bytes, 1, binary.size, file) != binary.size)
        launch_die("fidelity: %s: cannot read it", path);
    fclose(file);
    return binary;
}

void launch_read_modules(const char *aicpu_path, const char *aicore_path)
{
    aicpu = launch_read_file(aicpu_path);
    aicore = launch_read_file(aicore_path);
}

void *launch_make_memory(size_t bytes)
{
    void *zeros = calloc(1, bytes), *memory = dav_malloc(bytes);

    if (!zeros || !memory || dav_copy_to_device(memory, zeros, bytes) != 0)
        exit(2);
    free(zeros);
    return memory;
}

/* Some probes use as many cores as they say, the others one: blocks of an AIC and two AIVs. */
static int blocks(const struct probe *probe)
{
    bool many = probe->kind == PROBE_START || probe->kind == PROBE_GEMM || probe->kind == PROBE_STREAM;

    return (int)((many ? probe->cores : probe->worker + 1) + 2) / 3;
}

void launch_run(struct probe *probe)
{
    struct dav_launch launch = {.runtime = dav_malloc(sizeof(*probe)),
                                .runtime_size = sizeof(*probe),
                                .aicpu_threads = probe->threads ? (int)probe->threads : 1,
                                .block_dim = blocks(probe),
                                .aicpu_binary = aicpu.bytes,
                                .aicpu_size = aicpu.size,
                                .aicore_binary = aicore.bytes,
                                .aicore_size = aicore.size};

    if (!launch.runtime || dav_copy_to_device(launch.runtime, probe, sizeof(*probe)) != 0 || dav_launch(&launch) != 0 ||
        dav_copy_from_device(probe, launch.runtime, sizeof(*probe)) != 0)
        exit(2);
}

static void override(const char *overrides)
{
    const char *before = getenv("DAVSIM_SET");
    char both[4096];

    snprintf(both, sizeof(both), "%s\n%s", before ? before : "", overrides);
    setenv("DAVSIM_SET", both, 1);
}

static _Noreturn void measure_and_exit(void (*measure)(double *, struct probe *), const char *overrides, int out)
{
    double measured[ROW_COUNT] = {0};
    struct probe *probe = aligned_alloc(PROBE_LINE, sizeof(*probe));

    override(overrides);
    if (!probe || dav_set_device(0) != 0)
        exit(2);
    measure(measured, probe);
    free(probe);
    exit(write(out, measured, sizeof(measured)) == sizeof(measured) ? 0 : 2);
}

void launch_in_child(void (*measure)(double *, struct probe *), const char *overrides, double values[ROW_COUNT])
{
    double measured[ROW_COUNT] = {0};
    int pipes[2], status;
    pid_t child;

    if (pipe(pipes) != 0 || (child = fork()) < 0)
        launch_die("fidelity: no second process");
    if (child == 0)
        measure_and_exit(measure, overrides, pipes[1]);
    close(pipes[1]);
    if (read(pipes[0], measured, sizeof(measured)) != sizeof(measured) || waitpid(child, &status, 0) != child || status)
        launch_die("fidelity: the measurement failed");
    close(pipes[0]);
    for (int i = 0; i < ROW_COUNT; i++)
        values[i] += measured[i];
}
