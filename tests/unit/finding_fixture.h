/* finding_fixture.h - code to find things in: a module compiled by davcc, known to the symbols at two addresses, as the
 * copies of two cores are. The test stands in the folder of its source, so paths are short. */
#ifndef DAV_TESTS_FINDING_FIXTURE_H
#define DAV_TESTS_FINDING_FIXTURE_H

#include "davcc_fixture.h"
#include "model/embed/symbol.h"
#include "tools/check/finding.h"

enum { COPY_DISTANCE = 0x1000000 };
static const uint64_t first_copy = 0x100000000000;

/* Line numbers matter: see code_at. */
static const char finding_source[] = "static inline void put(volatile int *out, int value)\n" /* 1 */
                                     "{\n"                                                    /* 2 */
                                     "    out[1] = value;\n"                                  /* 3 */
                                     "}\n"                                                    /* 4 */
                                     "void store_sum(volatile int *out);\n"                   /* 5 */
                                     "void store_sum(volatile int *out)\n"                    /* 6 */
                                     "{\n"                                                    /* 7 */
                                     "    put(out, 42);\n"                                    /* 8 */
                                     "}\n"                                                    /* 9 */
                                     "int load_sum(volatile int *out);\n"                     /* 10 */
                                     "int load_sum(volatile int *out)\n"                      /* 11 */
                                     "{\n"                                                    /* 12 */
                                     "    int sum = 0;\n"                                     /* 13 */
                                     "    for (int i = 0; i < 4; i++)\n"                      /* 14 */
                                     "        sum += out[i];\n"                               /* 15 */
                                     "    return sum;\n"                                      /* 16 */
                                     "}\n";

static uint8_t *finding_elf;

static inline int finding_setup(void **state)
{
    size_t size;

    (void)state;
    fixture_setup();
    if (chdir(fixture_dir) != 0 || mkdir("kernels", 0755) != 0)
        return -1;
    FILE *file = fopen("kernels/sum.c", "we");
    if (!file || fputs(finding_source, file) == EOF || fclose(file) != 0)
        return -1;
    char path[128];
    snprintf(path, sizeof(path), "%s/kernels/sum.c", fixture_dir);
    if (fixture_run("--target=aicore", path, "sum.so") != 0)
        return -1;
    finding_elf = fixture_read("sum.so", &size);
    for (uint64_t copy = 0; copy < 2; copy++) {
        uint64_t base = first_copy + copy * COPY_DISTANCE;
        const struct symbol_place place = {.name = "AICore binary",
                                           .low = base,
                                           .high = base + COPY_DISTANCE,
                                           .bias = base,
                                           .elf = finding_elf,
                                           .elf_size = size};
        symbol_add(&place);
    }
    return 0;
}

static inline int finding_teardown(void **state)
{
    (void)state;
    for (uint64_t copy = 0; copy < 2; copy++)
        symbol_remove(first_copy + copy * COPY_DISTANCE);
    free(finding_elf);
    if (chdir("/") != 0)
        return -1;
    fixture_cleanup();
    return 0;
}

/* The return address of the @nth instruction byte of source line @line in @copy. */
static inline uint64_t code_at(int line, unsigned copy, unsigned nth)
{
    uint64_t base = first_copy + copy * (uint64_t)COPY_DISTANCE;
    struct symbol found;

    for (uint64_t offset = 0; offset < 0x10000; offset++)
        if (symbol_find(base + offset, &found) && found.frames[0].line == line && nth-- == 0)
            return base + offset + 1;
    fail_msg("no code on line %d", line);
    return 0;
}

/* AIV_1's write-back over what AIV_0 had written, on core copy @copy. */
static inline struct finding lost_write(unsigned copy)
{
    struct finding found = {
        .kind = FINDING_LOST_WRITE,
        .sides = {{.role = "written back",
                   .agent = "AIV_1",
                   .has_task = true,
                   .task = 4,
                   .kernel = "kernel_sum",
                   .pc = code_at(15, copy, 0),
                   .time_ps = 21530000,
                   .cycle = 38754},
                  {.role = "written",
                   .agent = "AIV_0",
                   .has_task = true,
                   .task = 3,
                   .kernel = "kernel_sum",
                   .pc = code_at(3, copy, 0),
                   .time_ps = 21004900,
                   .cycle = 37807}},
        .side_count = 2,
        .addr = 0x200000000204,
        .size = 4,
        .where = "allocation 0x200000000200+4",
        .symbol = "out[1]",
        .has_values = true,
        .value_bytes = 4,
        .seen = {0x2a},
        .seen_label = "old",
        .other_label = "new",
        .filled_ps = 20700000,
        .dirtied_ps = 20910000,
        .distance_ps = 526000,
        .holders = {"AIV_1: dirty, wrote bytes 0-3"},
        .holder_count = 1,
        .remedy = "give each block a line of its own (64 B)",
    };
    if (copy)
        snprintf(found.sides[0].agent, sizeof(found.sides[0].agent), "AIV_2");
    return found;
}

/* What @write prints of @findings; valid until the next call. */
static inline const char *printed(void (*write)(struct findings *findings, FILE *out), struct findings *findings)
{
    static char *text;
    size_t size;

    free(text);
    FILE *out = open_memstream(&text, &size);
    write(findings, out);
    fclose(out);
    return text;
}

static inline void write_told(struct findings *findings, FILE *out)
{
    findings_tell(findings, out, false);
}

static inline void write_summary(struct findings *findings, FILE *out)
{
    findings_summary(findings, out, false);
}

#endif
