/* test_chipfile.c - chip files as people write them: what is read, and the one line that a mistake gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/chipfile.h"

enum { ERROR_MAX = 1024, PATH_SIZE = 512 };

static char chips_dir[PATH_SIZE]; /* the shipped chips: of $SOURCE_DIR, or found from this file's path */
static char scratch[] = "/tmp/test_chipfile.XXXXXX"; /* a folder for the files of these tests */
static char file_path[64], other_path[64];

/* A file that says nothing of its own, so that a line after it is the only thing that can be wrong. */
#define BASE "include = minimal\n"

static void write_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "w");

    assert_non_null(stream);
    assert_true(fputs(text, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

static int load(struct chip *chip, const char *text, const char *overrides, char error[ERROR_MAX])
{
    write_file(file_path, text);
    return chip_load(chip, file_path, chips_dir, overrides, error, ERROR_MAX);
}

static void load_well(struct chip *chip, const char *text, const char *overrides)
{
    char error[ERROR_MAX];

    if (load(chip, text, overrides, error))
        fail_msg("%s", error);
}

/* ---- shipped chips ---- */

static void test_shipped_chips_load(void **state)
{
    static const struct {
        const char *name;
        uint32_t cores, devices, threads;
    } chips[] = {{"ascend910b", 72, 16, 6}, {"ascend910c", 72, 16, 6}, {"minimal", 3, 16, 2}};

    (void)state;
    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        struct chip chip;
        char error[ERROR_MAX];

        if (chip_load(&chip, chips[i].name, chips_dir, NULL, error, sizeof(error)))
            fail_msg("%s", error);
        assert_string_equal(chip.name, chips[i].name);
        assert_int_equal(chip_cores(&chip), chips[i].cores);
        assert_int_equal(chip.chip.devices, chips[i].devices);
        assert_int_equal(chip.aicpu.threads, chips[i].threads);
        assert_int_equal(chip.window.stride_bytes, 8 << 20);
    }
}

static void test_facts_of_the_910b(void **state)
{
    struct chip chip;
    char error[ERROR_MAX];

    (void)state;
    assert_int_equal(chip_load(&chip, "ascend910b", chips_dir, "", error, sizeof(error)), 0);
    assert_string_equal(error, "");
    assert_int_equal(chip.chip.sys_cnt_hz, 50000000);
    assert_int_equal(chip.gm.size_bytes, 64ull << 30);
    assert_false(chip.gm.zeroed);
    assert_int_equal(chip.aicore.clock_hz, 1800000000);
    assert_int_equal(chip.aicore.ub_bytes, 192 << 10);
    assert_true(chip.aicore.dcci_two_args_clean);
    assert_false(chip.aicpu.dma_snooped);
    assert_int_equal(chip.bus.port_bytes_per_s, 108340550042); /* 100.9 GiB/s, rounded once */
    assert_int_equal(chip.l2.size_bytes, 192 << 20);
    assert_int_equal(chip.l2.sector_bytes, 512);
    assert_int_equal(chip.l2.miss_ps, 83333); /* 150 cycles of the AICore's clock */
    assert_int_equal(chip.isa[ISA_COST_vadd].head, 10000000);
    assert_int_equal(chip.isa[ISA_COST_vadd].slope, 2000000);
    assert_int_equal(chip.isa[ISA_COST_vadd].tail, 14000000);
    assert_int_equal(chip.isa[ISA_COST_vadd].counted, 16000000);
}

/* ---- values ---- */

static void test_units(void **state)
{
    static const char text[] = BASE "[bus]\naicore_request = 1500ps\naicore_reply = 1.5 us\nport = 2TB/s\n"
                                    "aicpu_request = 0.002ms ; with a comment\n  aicpu_reply = 12ns\n"
                                    "# another comment\n[aicpu.cache]\nsize = 128KiB\n[chip]\nsys_cnt = 0.1GHz\n"
                                    "[gm]\nsize = 1GiB\nzeroed = true\n[host]\nh2d = 3.5MB/s\nd2h = 1GiB/s\n";
    struct chip chip;

    (void)state;
    load_well(&chip, text, NULL);
    assert_int_equal(chip.bus.aicore_request_ps, 1500);
    assert_int_equal(chip.bus.aicore_reply_ps, 1500000);
    assert_int_equal(chip.bus.aicpu_request_ps, 2000000);
    assert_int_equal(chip.bus.aicpu_reply_ps, 12000);
    assert_int_equal(chip.bus.port_bytes_per_s, 2000000000000);
    assert_int_equal(chip.aicpu.cache.size_bytes, 128 << 10);
    assert_int_equal(chip.chip.sys_cnt_hz, 100000000);
    assert_int_equal(chip.gm.size_bytes, 1 << 30);
    assert_true(chip.gm.zeroed);
    assert_int_equal(chip.host.h2d_bytes_per_s, 3500000);
    assert_int_equal(chip.host.d2h_bytes_per_s, 1 << 30);
}

static void test_cycles_use_the_final_clock(void **state)
{
    struct chip chip;

    (void)state;
    load_well(&chip, BASE "[aicore]\nhit = 3cyc\nclock = 1GHz\n[aicpu.cost]\nsimple = 0.5cyc\n", NULL);
    assert_int_equal(chip.aicore.hit_ps, 3000);
    assert_int_equal(chip.aicpu.cost.simple_ps, 250);
    load_well(&chip, BASE "[aicore]\nhit = 3cyc\n", "aicore.clock=1.8GHz");
    assert_int_equal(chip.aicore.hit_ps, 1667); /* 1666.67 */
    load_well(&chip, BASE "[aicore]\nhit = 3cyc\n", "aicore.clock=500MHz\naicore.hit=7ns");
    assert_int_equal(chip.aicore.hit_ps, 7000);
}

static void test_pipes_and_the_way_to_gm(void **state)
{
    static const char text[] = BASE "[pipe]\ndepth = 8\nflag = 2cyc\nub = 0ns\nsync = 3ns\n[ffts]\nlatency = 4cyc\n"
                                    "[l2]\nsize = 1MiB\nways = 8\nsector = 128B\nbandwidth = 1TB/s\nmiss = 10cyc\n"
                                    "[hbm]\nbandwidth = 500GB/s\n[isa]\nvadd = 1 + 2.5n + 3, counted 4\n"
                                    "mad = 5 + n/128 ; with a comment\n";
    struct chip chip;

    (void)state;
    load_well(&chip, text, "aicore.clock=1GHz\naicpu.clock=3GHz");
    assert_int_equal(chip.pipe.depth, 8);
    assert_int_equal(chip.pipe.flag_ps, 2000);
    assert_int_equal(chip.pipe.ub_ps, 0);
    assert_int_equal(chip.pipe.sync_ps, 3000);
    assert_int_equal(chip.ffts.latency_ps, 4000);
    assert_int_equal(chip.l2.size_bytes, 1 << 20);
    assert_int_equal(chip.l2.ways, 8);
    assert_int_equal(chip.l2.sector_bytes, 128);
    assert_int_equal(chip.l2.bandwidth_bytes_per_s, 1000000000000);
    assert_int_equal(chip.l2.miss_ps, 10000);
    assert_int_equal(chip.hbm.bandwidth_bytes_per_s, 500000000000);
    assert_memory_equal(&chip.isa[ISA_COST_vadd], (&(struct isa_linear){1000000, 2500000, 3000000, 4000000}),
                        sizeof(struct isa_linear));
    assert_memory_equal(&chip.isa[ISA_COST_mad], (&(struct isa_linear){5000000, 7813, 0, 0}),
                        sizeof(struct isa_linear));
    load_well(&chip, BASE "[isa]\nvadd = 1 + 2n + 3, counted 4\n", "isa.vadd=7 + n");
    assert_memory_equal(&chip.isa[ISA_COST_vadd], (&(struct isa_linear){7000000, 1000000, 0, 0}),
                        sizeof(struct isa_linear));
}

static void test_overrides(void **state)
{
    struct chip chip;

    (void)state;
    load_well(&chip, BASE, "\n window.load = 200ns \naicore.hit=2cyc\n\nchip.clusters=5\nchip.clusters=7\n");
    assert_int_equal(chip.window.load_ps, 200000);
    assert_int_equal(chip.aicore.hit_ps, 1111);
    assert_int_equal(chip.chip.clusters, 7); /* the last one counts */
    load_well(&chip, BASE, "gm.zeroed=yes\nchip.name=mine-2\naicore.dcache.size=64KiB");
    assert_true(chip.gm.zeroed);
    assert_string_equal(chip.name, "mine-2");
    assert_int_equal(chip.aicore.dcache.size_bytes, 65536);
}

static void test_subsection_either_way(void **state)
{
    struct chip chip;

    (void)state;
    load_well(&chip, BASE "[aicore]\ndcache.ways = 2\n[aicore.cost]\ndivide = 10cyc\n", NULL);
    assert_int_equal(chip.aicore.dcache.ways, 2);
    assert_int_equal(chip.aicore.cost.divide_ps, 5556);
}

static void test_include_by_path(void **state)
{
    struct chip chip;

    (void)state;
    write_file(other_path, BASE "[chip]\nclusters = 3\ndevices = 4\n");
    load_well(&chip, "; mine\ninclude = other.ini\n[chip]\nclusters = 2\n", NULL); /* beside the file itself */
    assert_int_equal(chip.chip.clusters, 2);
    assert_int_equal(chip.chip.devices, 4);
    load_well(&chip, "include = other\n", NULL);
    assert_int_equal(chip.chip.clusters, 3);
}

/* ---- mistakes ---- */

#define HIT_ALLOWED "allowed: 0ps to 1us, in ps, ns, us, ms or cyc"
#define COST_ALLOWED                                                                                                   \
    "allowed: like \"10 + 2n\", \"265 + n/128\" or \"10 + 2n + 14, counted 16\", each part 0 to 1000000 cycles"

static const struct mistake {
    const char *text, *overrides;
    const char *error; /* '@' stands for the file's path */
} mistakes[] = {
    /* units */
    {BASE "[aicore]\nhit = 5\n", NULL, "@:3: aicore.hit = 5: a time needs its unit; " HIT_ALLOWED},
    {BASE "[aicore]\nhit = 5GHz\n", NULL, "@:3: aicore.hit = 5GHz: \"GHz\" is no unit of a time here; " HIT_ALLOWED},
    {BASE "[aicore]\nhit = 5 NS\n", NULL, "@:3: aicore.hit = 5 NS: \"NS\" is no unit of a time here; " HIT_ALLOWED},
    {BASE "\n\n[bus]\nport = 1cyc\n", NULL,
     "@:5: bus.port = 1cyc: \"cyc\" is no unit of a bandwidth here; allowed: 1MB/s to 1000TB/s, in B/s, MB/s, GB/s, "
     "GiB/s or TB/s"},
    {BASE "[window]\nload = 90cyc\n", NULL,
     "@:3: window.load = 90cyc: \"cyc\" is no unit of a time here; allowed: 1ns to 1ms, in ps, ns, us or ms"},
    {BASE "[chip]\nclusters = 4 B\n", NULL,
     "@:3: chip.clusters = 4 B: a count has no \"B\" after it; allowed: 1 to 127, without a unit"},
    {BASE "[aicore]\nhit = 5ns # fast\n", NULL,
     "@:3: aicore.hit = 5ns # fast: \"ns # fast\" is no unit of a time here; " HIT_ALLOWED},
    /* numbers */
    {BASE "[aicore]\nhit = -1ns\n", NULL,
     "@:3: aicore.hit = -1ns: a time is a plain number of at most 15 digits; " HIT_ALLOWED},
    {BASE "[aicore]\nhit = 0.1234567890123456ns\n", NULL,
     "@:3: aicore.hit = 0.1234567890123456ns: a time is a plain number of at most 15 digits; " HIT_ALLOWED},
    {BASE "[aicore]\nhit =\n", NULL, "@:3: aicore.hit = : no value; " HIT_ALLOWED},
    {BASE "[chip]\nclusters = 1.5\n", NULL,
     "@:3: chip.clusters = 1.5: not a whole number; allowed: 1 to 127, without a unit"},
    {BASE "[gm]\nsize = 1048576.5B\n", NULL,
     "@:3: gm.size = 1048576.5B: not a whole number of bytes; allowed: 1MiB to 1024GiB, a multiple of 4KiB, in B, KiB, "
     "MiB or GiB"},
    {BASE "[gm]\nzeroed = maybe\n", NULL, "@:3: gm.zeroed = maybe: not a switch; allowed: yes, no, true or false"},
    {BASE "[chip]\nname = my chip\n", NULL,
     "@:3: chip.name = my chip: not a name; allowed: 1 to 63 letters, digits, '.', '_' or '-'"},
    /* ranges */
    {BASE "[chip]\nclusters = 0\n", NULL, "@:3: chip.clusters = 0: too small; allowed: 1 to 127, without a unit"},
    {BASE "[aicpu]\ndrain = 999ps\n", NULL,
     "@:3: aicpu.drain = 999ps: too small; allowed: 1ns to 1ms, in ps, ns, us, ms or cyc"},
    {BASE "[bus]\naicore_reply = 0ns\n", NULL,
     "@:3: bus.aicore_reply = 0ns: too small; allowed: 1ns to 1ms, in ps, ns, us or ms"},
    {BASE "[aicore]\nhit = 999999999999999ms\n", NULL, "@:3: aicore.hit = 999999999999999ms: too large; " HIT_ALLOWED},
    {BASE "[aicore]\nhit = 2000cyc\n", NULL, "@:3: aicore.hit = 2000cyc: too large; " HIT_ALLOWED},
    {BASE "[aicore]\nstack = 5000B\n", NULL,
     "@:3: aicore.stack = 5000B: not a multiple of 4KiB; allowed: 4KiB to 64MiB, a multiple of 4KiB, in B, KiB, MiB or "
     "GiB"},
    {BASE "[pipe]\ndepth = 0\n", NULL, "@:3: pipe.depth = 0: too small; allowed: 1 to 1024, without a unit"},
    {BASE "[ffts]\nlatency = 1cyc\n", NULL,
     "@:3: ffts.latency = 1cyc: too small; allowed: 1ns to 1ms, in ps, ns, us, ms or cyc"},
    {BASE "[l2]\nsector = 100B\n", NULL,
     "@:3: l2.sector = 100B: not a multiple of 64B; allowed: 64B to 64KiB, a multiple of 64B, in B, KiB, MiB or GiB"},
    /* costs: all kinds of mistakes are in test_linear.c */
    {BASE "[isa]\nvadd = 10 + 2\n", NULL, "@:3: isa.vadd = 10 + 2: the slope needs its n; " COST_ALLOWED},
    {BASE "[isa]\nvadd =\n", NULL, "@:3: isa.vadd = : no value; " COST_ALLOWED},
    {BASE "[isa]\nmad = 12 + 1000001n\n", NULL, "@:3: isa.mad = 12 + 1000001n: the slope is too large; " COST_ALLOWED},
    {BASE, "isa.gm_to_ub=265 + n/128B",
     "--set: isa.gm_to_ub = 265 + n/128B: a cost has no \"B\" after its slope; " COST_ALLOWED},
    {BASE "[isa]\nvad = 10 + 2n\n", NULL, "@:3: unknown key isa.vad; the nearest known key is isa.vadd"},
    /* values that do not go together */
    {BASE "[l2]\nsize = 1MiB\n", NULL,
     "@:3: l2.size = 1MiB: does not go with l2.ways = 12; allowed: a multiple of ways x sector, 6144B"},
    {BASE, "l2.sector=640B",
     "--set: l2.sector = 640B: does not go with l2.size = 192MiB; allowed: a size of whole sectors"},
    {BASE, "l2.sector=192B\nl2.ways=16",
     "--set: l2.sector = 192B: no power of two; allowed: 64B to 64KiB, a multiple of 64B, in B, KiB, MiB or GiB"},
    {BASE "[l2]\nsector = 64B\n", "gm.size=128GiB",
     "--set: gm.size = 128GiB: does not go with l2.sector = 64B; allowed: less than 2147483647 sectors"},
    {BASE "[isa]\nub_to_gm = 0 + n/128\n", NULL,
     "@:3: isa.ub_to_gm = 0 + n/128: does not go with aicore.clock = 1.8GHz; allowed: at least 1ns before the first "
     "byte"},
    {BASE "[aicore.dcache]\nsize = 24KiB\nways = 4\n", NULL,
     "@:3: aicore.dcache.size = 24KiB: does not go with aicore.dcache.ways = 4; allowed: ways x 64B x a power of two"},
    {BASE "[aicpu.cache]\nsize = 64B\n", NULL,
     "@:3: aicpu.cache.size = 64B: does not go with aicpu.cache.ways = 8; allowed: ways x 64B x a power of two"},
    {BASE, "aicore.dcache.ways=3",
     "--set: aicore.dcache.ways = 3: does not go with aicore.dcache.size = 8KiB; allowed: ways x 64B x a power of two"},
    {BASE "[window]\nload = 10ns\nload_sample = 11ns\n", NULL,
     "@:4: window.load_sample = 11ns: does not go with window.load = 10ns; allowed: load_sample at most load"},
    {BASE "[chip]\nclusters = 43\n", NULL,
     "@:3: chip.clusters = 43: does not go with chip.aiv_per_cluster = 2; allowed: at most 127 AICores"},
    {BASE "[window]\nstride = 2MiB\n", NULL,
     "@:3: window.stride = 2MiB: does not go with window.sub_stride = 1MiB; allowed: a stride of at least 3 "
     "sub_strides"},
    /* names */
    {BASE "[aicore]\nhitt = 5ns\n", NULL, "@:3: unknown key aicore.hitt; the nearest known key is aicore.hit"},
    {BASE "[aicor]\nhit = 5ns\n", NULL, "@:3: unknown section of key aicor.hit; the nearest known key is aicore.hit"},
    {"hit = 5ns\n", NULL, "@:1: no section for key hit; the nearest known key is aicore.hit"},
    {BASE "[aicore]\nhit = 5ns\nwriteback = 1us\nhit = 6ns\n", NULL,
     "@:5: aicore.hit = 6ns: the key stands at line 3 already; remove one"},
    /* the file's form */
    {BASE "[aicore\nhit = 5ns\n", NULL, "@:2: neither a [section] nor \"key = value\""},
    {BASE "[aicore]\nhit\nhitt = 5ns\n", NULL, "@:3: neither a [section] nor \"key = value\""},
    {"[aicore]\nhit = 5ns\ninclude = minimal\n", NULL,
     "@:3: include = minimal: an include comes before everything else"},
    {"include = minimal\ninclude = minimal\n", NULL, "@:2: include = minimal: an include comes before everything else"},
    {"include = t.ini\n", NULL, "@:1: include = t.ini: more than 4 files deep; does a file include itself?"},
    {"include = nowhere.ini\n", NULL,
     "@:1: include = nowhere.ini: no chip file (No such file or directory); shipped chips: ascend910b, ascend910c, "
     "minimal"},
    /* overrides */
    {BASE, "aicore.hit=5", "--set: aicore.hit = 5: a time needs its unit; " HIT_ALLOWED},
    {BASE, "aicore.hit=2000cyc", "--set: aicore.hit = 2000cyc: too large; " HIT_ALLOWED},
    {BASE, "window.laod=5ns", "--set: unknown key window.laod; the nearest known key is window.load"},
    {BASE, "gm.zeroed=yes\naicore.hit", "--set: aicore.hit: not of the form section.key=value"},
    {BASE, "=5ns", "--set: =5ns: not of the form section.key=value"},
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        const struct mistake *mistake = &mistakes[i];
        char error[ERROR_MAX], expected[ERROR_MAX];
        struct chip chip;

        snprintf(expected, sizeof(expected), "%s%s", *mistake->error == '@' ? file_path : "",
                 mistake->error + (*mistake->error == '@'));
        assert_int_equal(load(&chip, mistake->text, mistake->overrides, error), -1);
        assert_string_equal(error, expected);
    }
}

static void test_missing_keys(void **state)
{
    char error[ERROR_MAX], expected[ERROR_MAX], text[32768] = "";
    struct chip chip;
    FILE *shipped;
    size_t length;

    (void)state;
    assert_int_equal(load(&chip, "[chip]\nname = x\n", NULL, error), -1);
    snprintf(expected, sizeof(expected),
             "%s: missing key chip.clusters (and 135 more); allowed: 1 to 127, without a unit", file_path);
    assert_string_equal(error, expected);

    /* The whole 910B but one line. */
    snprintf(expected, sizeof(expected), "%s/ascend910b.ini", chips_dir);
    shipped = fopen(expected, "r");
    assert_non_null(shipped);
    length = fread(text, 1, sizeof(text) - 1, shipped);
    fclose(shipped);
    assert_true(length < sizeof(text) - 1);
    memset(strstr(text, "dcci_dirty"), ';', strlen("dcci_dirty"));
    assert_int_equal(load(&chip, text, NULL, error), -1);
    snprintf(expected, sizeof(expected),
             "%s: missing key aicore.dcci_dirty; allowed: 1ps to 1ms, in ps, ns, us, ms or cyc", file_path);
    assert_string_equal(error, expected);
    load_well(&chip, text, "aicore.dcci_dirty=1ns"); /* an override gives it as well */
}

static void test_a_mistake_in_an_included_file(void **state)
{
    char error[ERROR_MAX], expected[ERROR_MAX];
    struct chip chip;

    (void)state;
    write_file(other_path, BASE "[aicore]\nhit = 5\n");
    assert_int_equal(load(&chip, "include = other.ini\n[aicore]\nhit = 5ns\n", NULL, error), -1);
    snprintf(expected, sizeof(expected), "%s:3: aicore.hit = 5: a time needs its unit; " HIT_ALLOWED, other_path);
    assert_string_equal(error, expected);
}

static void test_no_such_chip(void **state)
{
    char error[ERROR_MAX], small[12];
    struct chip chip;

    (void)state;
    assert_int_equal(chip_load(&chip, "ascend999", chips_dir, NULL, error, sizeof(error)), -1);
    assert_string_equal(error, "chip ascend999: no chip file (No such file or directory); "
                               "shipped chips: ascend910b, ascend910c, minimal");
    assert_int_equal(chip_load(&chip, "./nowhere.ini", chips_dir, NULL, error, sizeof(error)), -1);
    assert_string_equal(error, "chip ./nowhere.ini: no chip file (No such file or directory); "
                               "shipped chips: ascend910b, ascend910c, minimal");
    assert_int_equal(chip_load(&chip, "ascend910b", NULL, NULL, error, sizeof(error)), -1);
    assert_string_equal(error, "chip ascend910b: no chip file (No such file or directory)");
    assert_int_equal(chip_load(&chip, scratch, chips_dir, NULL, error, sizeof(error)), -1);
    assert_non_null(strstr(error, "cannot be read: Is a directory"));
    assert_int_equal(chip_load(&chip, "ascend999", chips_dir, NULL, small, sizeof(small)), -1);
    assert_string_equal(small, "chip ascend");
}

static void test_lines_that_are_not_text(void **state)
{
    char error[ERROR_MAX], expected[ERROR_MAX], text[600];
    struct chip chip;

    (void)state;
    memset(text, ';', sizeof(text));
    memcpy(text, BASE, strlen(BASE));
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(load(&chip, text, NULL, error), -1);
    snprintf(expected, sizeof(expected), "%s:2: not a line of text of at most 198 characters", file_path);
    assert_string_equal(error, expected);
    assert_int_equal(chip_load(&chip, "/proc/self/exe.ini/", chips_dir, NULL, error, sizeof(error)), -1);
    assert_int_equal(chip_load(&chip, "/proc/self/exe", chips_dir, NULL, error, sizeof(error)), -1);
    assert_null(strchr(error, '\n'));
}

/* ---- the dump ---- */

struct dump {
    char text[8192];
    int lines;
};

static void dump_line(void *ctx, const char *text)
{
    struct dump *dump = ctx;
    size_t used = strlen(dump->text);

    snprintf(dump->text + used, sizeof(dump->text) - used, "%s\n", text);
    dump->lines++;
}

static void test_dump_is_what_overrides_take(void **state)
{
    struct dump first = {.lines = 0}, again = {.lines = 0};
    struct chip chip, other;

    (void)state;
    load_well(&chip, "include = ascend910b\n", "aicore.hit=3cyc\ngm.zeroed=yes");
    chip_dump(&chip, dump_line, &first);
    assert_int_equal(first.lines, 137);
    assert_int_equal(strncmp(first.text, "chip.name=ascend910b\nchip.clusters=24\n", 38), 0);
    assert_non_null(strstr(first.text, "\naicore.hit=1667 ps\n"));
    assert_non_null(strstr(first.text, "\naicore.clock=1800000000 Hz\n"));
    assert_non_null(strstr(first.text, "\nbus.port=108340550042 B/s\n"));
    assert_non_null(strstr(first.text, "\ngm.zeroed=yes\n"));
    assert_non_null(strstr(first.text, "\nisa.vadd=10 + 2n + 14, counted 16\n"));
    assert_non_null(strstr(first.text, "\nisa.gm_to_ub=265 + 0.007813n\n"));
    load_well(&other, BASE, first.text); /* every parameter of the other chip */
    chip_dump(&other, dump_line, &again);
    assert_string_equal(again.text, first.text);
    assert_memory_equal(&chip, &other, sizeof(chip));
}

static void find_in_document(void *ctx, const char *text)
{
    char row[128];

    snprintf(row, sizeof(row), "| `%.*s` |", (int)strcspn(text, "="), text);
    if (!strstr(ctx, row))
        fail_msg("docs/chip-files.md has no row %s", row);
}

static void test_every_key_is_documented(void **state)
{
    static char text[65536];
    char path[PATH_SIZE + 32];
    struct chip chip;
    FILE *document;

    (void)state;
    snprintf(path, sizeof(path), "%s/../../docs/chip-files.md", chips_dir);
    document = fopen(path, "r");
    assert_non_null(document);
    text[fread(text, 1, sizeof(text) - 1, document)] = '\0';
    fclose(document);
    load_well(&chip, BASE, NULL);
    chip_dump(&chip, find_in_document, text);
}

/* ---- */

static int set_up(void **state)
{
    static const char here[] = "tests/unit/test_chipfile.c";

    (void)state;
    if (getenv("SOURCE_DIR"))
        snprintf(chips_dir, sizeof(chips_dir), "%s/model/chips", getenv("SOURCE_DIR"));
    else
        snprintf(chips_dir, sizeof(chips_dir), "%.*smodel/chips", (int)(strlen(__FILE__) - strlen(here)), __FILE__);
    if (!mkdtemp(scratch))
        return -1;
    snprintf(file_path, sizeof(file_path), "%s/t.ini", scratch);
    snprintf(other_path, sizeof(other_path), "%s/other.ini", scratch);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(file_path);
    unlink(other_path);
    return rmdir(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_chips_load),
        cmocka_unit_test(test_facts_of_the_910b),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_cycles_use_the_final_clock),
        cmocka_unit_test(test_pipes_and_the_way_to_gm),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_subsection_either_way),
        cmocka_unit_test(test_include_by_path),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_missing_keys),
        cmocka_unit_test(test_a_mistake_in_an_included_file),
        cmocka_unit_test(test_no_such_chip),
        cmocka_unit_test(test_lines_that_are_not_text),
        cmocka_unit_test(test_dump_is_what_overrides_take),
        cmocka_unit_test(test_every_key_is_documented),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
