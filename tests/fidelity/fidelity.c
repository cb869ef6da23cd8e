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
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/davsim.h"
#include "tests/fidelity/launch.h"
#include "tests/fidelity/pipes.h"
#include "tests/fidelity/runtime.h"

#define SHIPPED_NS 20.0 /* chip.sys_cnt */

/* A turn of the tasks' loop takes about 4 ns. */
enum { CLASSIFIED = 65792, WARM_UP = 1, TASKS = 5, LONG_WORK = 12500, TINY_WORK = 20 };

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
        launch_die("fidelity: only %d of %d events of probe %u were seen", seen, PROBE_STAMPS - 1, probe->kind);
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

    launch_run(probe);
    return (double)(probe->receiver[0] - probe->sender[0]) * tick_ns / count;
}

static void measure_window(double *values, struct probe *probe)
{
    *probe = (struct probe){.kind = PROBE_STORE, .gap = 10000};
    launch_run(probe);
    values[A01] = mean_spent(probe) * LAUNCH_RULER_NS;
    values[A02] = each(&(struct probe){.kind = PROBE_STORES, .count = 1000}, LAUNCH_RULER_NS);
    values[A04_1] = each(&(struct probe){.kind = PROBE_LOADS, .count = 10000, .cores = 1}, LAUNCH_RULER_NS);
    values[A04_3] = each(&(struct probe){.kind = PROBE_LOADS, .count = 10000, .cores = 3}, LAUNCH_RULER_NS);
    values[A04_9] = each(&(struct probe){.kind = PROBE_LOADS, .count = 10000, .cores = 9}, LAUNCH_RULER_NS);
    values[A09] = each(&(struct probe){.kind = PROBE_STORE_LOAD, .count = 1000, .cores = 1}, LAUNCH_RULER_NS);
}

static void measure_signals(double *values, struct probe *probe)
{
    double least;

    *probe = (struct probe){.kind = PROBE_DISPATCH, .gap = 10000};
    launch_run(probe);
    spread(probe, &least, &values[A10]);
    *probe = (struct probe){.kind = PROBE_COND, .gap = 10000};
    launch_run(probe);
    spread(probe, &values[A11_MIN], &values[A11_MEAN]);
    *probe = (struct probe){.kind = PROBE_WORD, .gap = 10000};
    launch_run(probe);
    spread(probe, &values[A12_MIN], &values[A12_MEAN]);
    values[A17] = mean_spent(probe);
    for (enum row_id row = A10; row <= A12_MEAN; row++)
        values[row] *= LAUNCH_RULER_NS;
    values[A17] *= LAUNCH_RULER_NS;
}

static void measure_aicore(double *values)
{
    values[A16] = each(&(struct probe){.kind = PROBE_SET_COND, .count = 1000}, LAUNCH_RULER_NS);
    values[A19_AIC] = each(&(struct probe){.kind = PROBE_TURN, .count = 1000}, LAUNCH_RULER_NS);
    values[A19_AIV] = each(&(struct probe){.kind = PROBE_TURN, .count = 1000, .worker = 1}, LAUNCH_RULER_NS);
    values[A34] = each(&(struct probe){.kind = PROBE_DELAY, .count = 100}, LAUNCH_RULER_NS) / 1e3;
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
        launch_die("fidelity: no memory");
    for (uint32_t i = 0; i < CLASSIFIED; i++) {
        int fanin = (int)(i * 2654435761u >> 16) % 3;

        memcpy(tasks + (size_t)i * stride, &fanin, sizeof(fanin));
    }
    if (dav_copy_to_device((void *)(uintptr_t)probe.memory, tasks, bytes) != 0)
        exit(2);
    free(tasks);
    return each(&probe, LAUNCH_RULER_NS);
}

static void measure_aicpu(double *values)
{
    struct probe probe = {.kind = PROBE_HIT, .count = 10000, .memory = (uintptr_t)launch_make_memory(1 << 20)};

    values[A13] = each(&probe, LAUNCH_RULER_NS);
    probe =
        (struct probe){.kind = PROBE_MEMSET, .count = 256 << 10, .memory = (uintptr_t)launch_make_memory(256 << 10)};
    values[D07] = each(&probe, LAUNCH_RULER_NS) * probe.count / 1e3;
    probe = (struct probe){
        .kind = PROBE_IDLE, .count = 1000, .cores = 24, .memory = (uintptr_t)launch_make_memory(1 << 20)};
    values[A29] = each(&probe, LAUNCH_RULER_NS);
    values[D12_PACKED] = classify(sizeof(int));
    values[D12_LINES] = classify(PROBE_LINE);
}

/* Mean microseconds from dispatch to start, without each core's first tasks. */
static double start(uint32_t cores, uint32_t threads, uint32_t work, double tick_ns, struct probe *probe)
{
    double sum = 0;

    *probe = (struct probe){.kind = PROBE_START, .count = TASKS, .cores = cores, .threads = threads, .work = work};
    launch_run(probe);
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
    values[B07_BARE] = start(72, 4, LONG_WORK, LAUNCH_RULER_NS, probe);
    values[B08_BARE] = start(5, 1, TINY_WORK, LAUNCH_RULER_NS, probe);
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
        launch_die("%s: has no line %.*s", path, (int)head, table);
    for (end = at; *end == '|'; end += *end == '\n')
        end += strcspn(end, "\n");
    *length = (size_t)(end - at);
    return at;
}

static bool check_document(const char *path, const char *table)
{
    struct launch_file document = launch_read_file(path);
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
    struct launch_file document = launch_read_file(path);
    size_t length;
    char *at = find_table(path, document.bytes, table, &length);
    FILE *file = fopen(path, "we");

    if (!file)
        launch_die("fidelity: cannot write %s", path);
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
        launch_die("usage: fidelity [--check FILE | --write FILE]");
    launch_read_modules(FIDELITY_AICPU, FIDELITY_AICORE);
    launch_in_child(measure_ruled, LAUNCH_RULER, values);
    launch_in_child(measure_shipped, "", values);
    pipes_measure(values);
    values[B07_GRAPH] = runtime_dispatch_us(FIDELITY_DAVSIM, FIDELITY_EXAMPLE, 1000);
    values[B08_GRAPH] = runtime_dispatch_us(FIDELITY_DAVSIM, FIDELITY_EXAMPLE, 1);
    out = open_memstream(&table, &size);
    if (!out)
        launch_die("fidelity: no memory");
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
