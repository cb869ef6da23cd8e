/* fidelity.c - fidelity [--check FILE | --write FILE]: measure in simulated time what was measured on silicon, and
 * print both.
 *
 * The ruler is the chip's own system counter. As shipped it ticks every 20 ns and takes long to read, so most rows are
 * measured on a chip whose counter has ticks of 100 ps and costs next to nothing; nothing else of it is changed. Rows
 * that are about the counter, or whose silicon values contain its reading (A28, B07, B08), and the host's copies run on
 * the chip as shipped. Each chip has a process of its own.
 *
 * --check compares the table with the one in FILE (the lines from its head on), --write puts it there.
 * Exit status: 0 when every row is what rows.c says of it, and the tables are equal; else 1.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/davsim.h"
#include "tests/fidelity/probe.h"
#include "tests/fidelity/rows.h"
#include "tests/fidelity/runtime.h"

#define RULER      "chip.sys_cnt=10GHz\naicore.sys_cnt=1ps\naicpu.sys_cnt=1ps"
#define RULER_NS   0.1
#define SHIPPED_NS 20.0 /* chip.sys_cnt */

/* A turn of the tasks' loop takes about 4 ns. */
enum { CLASSIFIED = 65792, WARM_UP = 1, TASKS = 5, LONG_WORK = 12500, TINY_WORK = 20 };

struct binary {
    void *bytes;
    size_t size;
};

static struct binary aicpu, aicore;

static _Noreturn void die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

static struct binary read_file(const char *path)
{
    struct binary binary = {NULL, 0};
    FILE *file = fopen(path, "rbe");
    long size = -1;

    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size < 0)
        die("fidelity: %s: cannot read it; build the target fidelity_modules", path);
    rewind(file);
    binary = (struct binary){calloc(1, (size_t)size + 1), (size_t)size};
    if (!binary.bytes || fread(binary.bytes, 1, binary.size, file) != binary.size)
        die("fidelity: %s: cannot read it", path);
    fclose(file);
    return binary;
}

/* Zeroed device memory. */
static void *make_memory(size_t bytes)
{
    void *zeros = calloc(1, bytes), *memory = dav_malloc(bytes);

    if (!zeros || !memory || dav_copy_to_device(memory, zeros, bytes) != 0)
        exit(2);
    free(zeros);
    return memory;
}

/* One launch; @probe says what, and receives the times. */
static void run(struct probe *probe)
{
    uint32_t cores = probe->kind == PROBE_START ? probe->cores : probe->worker + 1;
    uint32_t threads = probe->threads ? probe->threads : 1;
    struct dav_launch launch = {.runtime = dav_malloc(sizeof(*probe)),
                                .runtime_size = sizeof(*probe),
                                .aicpu_threads = (int)threads,
                                .block_dim = (int)(cores + 2) / 3,
                                .aicpu_binary = aicpu.bytes,
                                .aicpu_size = aicpu.size,
                                .aicore_binary = aicore.bytes,
                                .aicore_size = aicore.size};

    if (!launch.runtime || dav_copy_to_device(launch.runtime, probe, sizeof(*probe)) != 0 || dav_launch(&launch) != 0 ||
        dav_copy_from_device(probe, launch.runtime, sizeof(*probe)) != 0)
        exit(2);
}

/* ---- rows ---- */

/* Ticks from `sender` to `receiver` over the events that were seen: the least and the mean. */
static void spread(const struct probe *probe, double *least, double *mean)
{
    double sum = 0, smallest = INT64_MAX;
    int seen = 0;

    for (int i = 1; i < PROBE_STAMPS; i++) {
        double took = (double)(int64_t)(probe->receiver[i] - probe->sender[i]);

        if (probe->receiver[i] == 0)
            continue;
        sum += took;
        smallest = took < smallest ? took : smallest;
        seen++;
    }
    if (seen < PROBE_STAMPS / 2)
        die("fidelity: only %d of %d events of probe %u were seen", seen, PROBE_STAMPS - 1, probe->kind);
    *least = smallest;
    *mean = sum / seen;
}

static double mean_spent(const struct probe *probe)
{
    double sum = 0;

    for (int i = 1; i < PROBE_STAMPS; i++)
        sum += (double)probe->spent[i];
    return sum / (PROBE_STAMPS - 1);
}

/* A launch in which something was repeated: nanoseconds of each. */
static double each(struct probe *probe, double tick_ns)
{
    uint32_t count = probe->count;

    run(probe);
    return (double)(probe->receiver[0] - probe->sender[0]) * tick_ns / count;
}

static void measure_window(double *values, struct probe *probe)
{
    *probe = (struct probe){.kind = PROBE_STORE, .gap = 10000};
    run(probe);
    values[A01] = mean_spent(probe) * RULER_NS;
    values[A02] = each(&(struct probe){.kind = PROBE_STORES, .count = 1000}, RULER_NS);
    values[A04_1] = each(&(struct probe){.kind = PROBE_LOADS, .count = 10000, .cores = 1}, RULER_NS);
    values[A04_3] = each(&(struct probe){.kind = PROBE_LOADS, .count = 10000, .cores = 3}, RULER_NS);
    values[A04_9] = each(&(struct probe){.kind = PROBE_LOADS, .count = 10000, .cores = 9}, RULER_NS);
    values[A09] = each(&(struct probe){.kind = PROBE_STORE_LOAD, .count = 1000, .cores = 1}, RULER_NS);
}

static void measure_signals(double *values, struct probe *probe)
{
    double least;

    *probe = (struct probe){.kind = PROBE_DISPATCH, .gap = 10000};
    run(probe);
    spread(probe, &least, &values[A10]);
    *probe = (struct probe){.kind = PROBE_COND, .gap = 10000};
    run(probe);
    spread(probe, &values[A11_MIN], &values[A11_MEAN]);
    *probe = (struct probe){.kind = PROBE_WORD, .gap = 10000};
    run(probe);
    spread(probe, &values[A12_MIN], &values[A12_MEAN]);
    values[A17] = mean_spent(probe);
    for (enum row_id row = A10; row <= A12_MEAN; row++)
        values[row] *= RULER_NS;
    values[A17] *= RULER_NS;
}

static void measure_aicore(double *values)
{
    values[A16] = each(&(struct probe){.kind = PROBE_SET_COND, .count = 1000}, RULER_NS);
    values[A19_AIC] = each(&(struct probe){.kind = PROBE_TURN, .count = 1000}, RULER_NS);
    values[A19_AIV] = each(&(struct probe){.kind = PROBE_TURN, .count = 1000, .worker = 1}, RULER_NS);
    values[A34] = each(&(struct probe){.kind = PROBE_DELAY, .count = 100}, RULER_NS) / 1e3;
}

static double classify(uint32_t stride)
{
    size_t bytes = (size_t)CLASSIFIED * stride;
    char *tasks = calloc(1, bytes);
    struct probe probe = {.kind = PROBE_CLASSIFY,
                          .count = CLASSIFIED,
                          .stride = stride,
                          .memory = (uintptr_t)dav_malloc(bytes + CLASSIFIED * sizeof(uint32_t))};

    if (!tasks || !probe.memory)
        die("fidelity: no memory");
    for (uint32_t i = 0; i < CLASSIFIED; i++) {
        int fanin = (int)(i * 2654435761u >> 16) % 3;

        memcpy(tasks + (size_t)i * stride, &fanin, sizeof(fanin));
    }
    if (dav_copy_to_device((void *)(uintptr_t)probe.memory, tasks, bytes) != 0)
        exit(2);
    free(tasks);
    return each(&probe, RULER_NS);
}

static void measure_aicpu(double *values)
{
    struct probe probe = {.kind = PROBE_HIT, .count = 10000, .memory = (uintptr_t)make_memory(1 << 20)};

    values[A13] = each(&probe, RULER_NS);
    probe = (struct probe){.kind = PROBE_MEMSET, .count = 256 << 10, .memory = (uintptr_t)make_memory(256 << 10)};
    values[D07] = each(&probe, RULER_NS) * probe.count / 1e3;
    probe = (struct probe){.kind = PROBE_IDLE, .count = 1000, .cores = 24, .memory = (uintptr_t)make_memory(1 << 20)};
    values[A29] = each(&probe, RULER_NS);
    values[D12_PACKED] = classify(sizeof(int));
    values[D12_LINES] = classify(PROBE_LINE);
}

/* Mean microseconds from dispatch to start, without each core's first tasks. */
static double start(uint32_t cores, uint32_t threads, uint32_t work, double tick_ns, struct probe *probe)
{
    double sum = 0;

    *probe = (struct probe){.kind = PROBE_START, .count = TASKS, .cores = cores, .threads = threads, .work = work};
    run(probe);
    for (uint32_t core = 0; core < cores; core++)
        for (uint32_t task = WARM_UP + 1; task <= TASKS; task++)
            sum += (double)(int64_t)(probe->seats[core].started[task] - probe->seats[core].dispatched[task]);
    return sum / (cores * (TASKS - WARM_UP)) * tick_ns / 1e3;
}

/* Seconds that a copy of @bytes takes, with the allocation or without. */
static double copy(size_t bytes, bool with_malloc)
{
    void *from = calloc(1, bytes), *to;
    uint64_t before = dav_time_ps();

    to = dav_malloc(bytes);
    if (!with_malloc)
        before = dav_time_ps();
    if (!from || !to || dav_copy_to_device(to, from, bytes) != 0 || dav_free(to) != 0)
        exit(2);
    free(from);
    return (double)(dav_time_ps() - before) / 1e12;
}

static void measure_ruled(double *values, struct probe *probe)
{
    measure_window(values, probe);
    measure_signals(values, probe);
    measure_aicore(values);
    measure_aicpu(values);
    values[B07_BARE] = start(72, 4, LONG_WORK, RULER_NS, probe);
    values[B08_BARE] = start(5, 1, TINY_WORK, RULER_NS, probe);
}

static void measure_shipped(double *values, struct probe *probe)
{
    values[A28] = each(&(struct probe){.kind = PROBE_COUNTER, .count = 1000}, SHIPPED_NS);
    values[B07] = start(72, 4, LONG_WORK, SHIPPED_NS, probe);
    values[B08] = start(5, 1, TINY_WORK, SHIPPED_NS, probe);
    values[G01] = 256e6 / copy(256000000, false) / 1e9;
    values[G03] = 2.24e6 / copy(2240000, false) / 1e9;
    values[G04] = copy(64, true) * 1e6;
}

/* ---- the table ---- */

/* Behind those that the caller has set: a question of the kind "what if". */
static void override(const char *overrides)
{
    const char *before = getenv("DAVSIM_SET");
    char both[4096];

    snprintf(both, sizeof(both), "%s\n%s", before ? before : "", overrides);
    setenv("DAVSIM_SET", both, 1);
}

/* In a process of its own, for it is another chip: fill in those of @values that @measure measures. */
static void in_child(void (*measure)(double *, struct probe *), const char *overrides, double values[ROW_COUNT])
{
    double measured[ROW_COUNT] = {0};
    int pipes[2], status;
    pid_t child;

    if (pipe(pipes) != 0 || (child = fork()) < 0)
        die("fidelity: no second process");
    if (child == 0) {
        struct probe *probe = aligned_alloc(PROBE_LINE, sizeof(*probe));

        override(overrides);
        if (!probe || dav_set_device(0) != 0)
            exit(2);
        measure(measured, probe);
        free(probe);
        exit(write(pipes[1], measured, sizeof(measured)) == sizeof(measured) ? 0 : 2);
    }
    close(pipes[1]);
    if (read(pipes[0], measured, sizeof(measured)) != sizeof(measured) || waitpid(child, &status, 0) != child || status)
        die("fidelity: the measurement failed");
    for (int i = 0; i < ROW_COUNT; i++)
        values[i] += measured[i];
}

/* Where the table stands in @document, and its length; it ends where a line begins with anything but '|'. */
static char *find_table(const char *path, char *document, const char *table, size_t *length)
{
    size_t head = strcspn(table, "\n");
    char *at = document, *end;

    while (at && strncmp(at, table, head) != 0) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    if (!at)
        die("%s: has no line %.*s", path, (int)head, table);
    for (end = at; *end == '|'; end += *end == '\n')
        end += strcspn(end, "\n");
    *length = (size_t)(end - at);
    return at;
}

static bool check_document(const char *path, const char *table)
{
    struct binary document = read_file(path);
    size_t length;
    char *at = find_table(path, document.bytes, table, &length);
    bool same = length == strlen(table) && strncmp(at, table, length) == 0;

    free(document.bytes);
    if (same)
        return true;
    fprintf(stderr, "%s: its table is not the one above; `fidelity --write %s` brings it up to date\n", path, path);
    return false;
}

static bool write_document(const char *path, const char *table)
{
    struct binary document = read_file(path);
    size_t length;
    char *at = find_table(path, document.bytes, table, &length);
    FILE *file = fopen(path, "we");

    if (!file)
        die("fidelity: cannot write %s", path);
    fprintf(file, "%.*s%s%s", (int)(at - (char *)document.bytes), (char *)document.bytes, table, at + length);
    free(document.bytes);
    return fclose(file) == 0;
}

int main(int argc, char **argv)
{
    double values[ROW_COUNT] = {0};
    size_t size;
    char *table;
    FILE *out;
    bool fine = true;

    if (argc != 1 && (argc != 3 || (strcmp(argv[1], "--check") != 0 && strcmp(argv[1], "--write") != 0)))
        die("usage: fidelity [--check FILE | --write FILE]");
    aicpu = read_file(FIDELITY_AICPU);
    aicore = read_file(FIDELITY_AICORE);
    in_child(measure_ruled, RULER, values);
    in_child(measure_shipped, "", values);
    values[B07_GRAPH] = runtime_dispatch_us(FIDELITY_DAVSIM, FIDELITY_EXAMPLE, 1000);
    values[B08_GRAPH] = runtime_dispatch_us(FIDELITY_DAVSIM, FIDELITY_EXAMPLE, 1);
    out = open_memstream(&table, &size);
    if (!out)
        die("fidelity: no memory");
    row_print_head(out);
    for (enum row_id row = 0; row < ROW_COUNT; row++) {
        if (!row_print(out, row, values[row])) {
            fine = false;
            fprintf(stderr, "not as rows.c says: row %d of the table below\n", (int)row + 1);
        }
    }
    fclose(out);
    fputs(table, stdout);
    if (argc == 3)
        fine &= strcmp(argv[1], "--check") == 0 ? check_document(argv[2], table) : write_document(argv[2], table);
    free(table);
    return fine ? 0 : 1;
}
