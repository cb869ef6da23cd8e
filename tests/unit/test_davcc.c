/* test_davcc.c - accesses to UB in kernels: each goes through dav_ub, at the right place and size, and only there.
 */
#include "image_fixture.h"
#include "isa/core_port.h"
#include "isa/opcode.h"

struct point {
    float x, y;
    char tag[8];
};

/* What the port was told besides. */
static struct {
    uint64_t opcode, dst, src;
    int from, to, set, waited, barrier;
    char text[64];
} told;

void dav_issue(uint32_t opcode, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4)
{
    (void)w2, (void)w3, (void)w4;
    told.opcode = opcode;
    told.dst = w0;
    told.src = w1;
}

void dav_set_flag(int from, int to, int id)
{
    told.from = from;
    told.to = to;
    told.set = id;
}

void dav_wait_flag(int from, int to, int id)
{
    told.waited = from == told.from && to == told.to ? id : -1;
}

void dav_pipe_barrier(int pipe)
{
    told.barrier = pipe;
}

uint32_t dav_block_idx(void)
{
    return 3;
}

uint32_t dav_subblock_dim(void)
{
    return 2;
}

void dav_log(int level, const char *func, const char *format, ...)
{
    va_list args;

    (void)level, (void)func;
    va_start(args, format);
    vsnprintf(told.text, sizeof(told.text), format, args);
    va_end(args);
}

#define UB(type, offset) ((type *)(void *)(fake_ub + (offset)))

static void every_type_is_accessed(const char *options)
{
    int64_t out[5] = {0}, args[2];
    struct point gm[2] = {{0}, {7, 8, "gm"}};
    const struct point first = {1.5f, 2.5f, "ub"}, zero = {0};

    memset(fake_ub, 0, sizeof(fake_ub));
    *UB(int8_t, 64) = 5;
    *UB(_Float16, 128) = 3;
    *UB(uint16_t, 160) = 0x4040;
    *UB(int64_t, 192) = 1LL << 40;
    *UB(double, 256) = 9;
    *UB(uint64_t, 512) = 768;
    UB(float, 768)[1] = 41;
    *UB(struct point, 1024) = first;
    *UB(struct point, 1024 + 4 * sizeof(first)) = first;
    UB(int32_t, 2048)[0] = 6;
    UB(int32_t, 2048)[1] = 7;
    args[0] = (int64_t)out;
    args[1] = (int64_t)gm;
    enter(load(options, "kernel_ub.c", 1), args);

    assert_int_equal(UB(int8_t, 64)[1], -5);
    assert_true(UB(_Float16, 128)[1] == 6);
    assert_int_equal(UB(uint16_t, 160)[1], 0x4040);
    assert_int_equal(UB(int64_t, 192)[1], (1LL << 40) + 1);
    assert_true(UB(double, 256)[1] == 4.5);
    assert_int_equal(UB(uint64_t, 512)[1], 772);

    const struct point *points = UB(struct point, 1024);
    assert_memory_equal(&points[1], &first, sizeof(first));
    assert_true(points[2].x == 2.5f && gm[0].x == 2.5f && gm[0].y == 2.5f && strcmp(gm[0].tag, "ub") == 0);
    assert_true(points[3].x == 7 && strcmp(points[3].tag, "gz") == 0);
    assert_memory_equal(&points[4], &zero, sizeof(zero));
    const int32_t word[3] = {7, 40, 40};
    assert_memory_equal(UB(int32_t, 2048), word, sizeof(word));
    const int64_t want[5] = {-5, 6, 41, 7, 1};
    assert_memory_equal(out, want, sizeof(want));

    /* Of scalars, of pointers and what one points to, of structures (16 bytes each) and a byte in one, of words that
     * are volatile or atomic. */
    assert_int_equal(port_calls.ub_loads, 8 + 3 + 3 + 3);
    assert_int_equal(port_calls.ub_stores, 5 + 1 + 5 + 4);
    assert_int_equal(port_calls.ub_bytes, (26 + 21) + (20 + 8) + (3 * 16 + 4 * 16 + 1) + 7 * 4);
    assert_int_equal(port_calls.atomics, 0);
    assert_int_equal(port_calls.stack_misaligned, 0);
}

static void every_type_is_accessed_optimised(void **state)
{
    (void)state;
    every_type_is_accessed("--target=aiv");
}

static void every_type_is_accessed_unoptimised(void **state)
{
    (void)state;
    every_type_is_accessed("--target=aiv -O0");
}

static void sum_in_cxx(const char *options)
{
    int64_t args[2] = {256, 16};

    for (int i = 0; i < 16; i++)
        UB(float, 256)[i] = (float)i;
    enter(load(options, "kernel_ub_sum.cpp", 1), args);
    assert_true(UB(float, 256)[16] == 120);
    assert_int_equal(port_calls.ub_loads, 16);
    assert_int_equal(port_calls.ub_stores, 1);
    assert_int_equal(port_calls.ub_bytes, 17 * 4);
    /* The arguments' are the only hooks: UB has no GM's. */
    assert_int_equal(port_calls.loads, 2);
    assert_int_equal(port_calls.stores, 0);
}

static void cxx_reaches_ub(void **state)
{
    (void)state;
    sum_in_cxx("--target=aiv");
    sum_in_cxx("--target=aic -O3");
    sum_in_cxx("--target=aiv -g0");
}

static void a_header_may_speak_of_ub(void **state)
{
    int64_t args[2] = {64, 0};
    char rule[128];

    (void)state;
    *UB(int32_t, 64) = 77;
    enter(load("--target=aiv", "kernel_ub_header.c", 1), args);
    assert_int_equal(args[1], 77);
    /* Nor does a rule that the user wants as well suffer. */
    snprintf(rule, sizeof(rule), "--target=aiv -MMD -MF %s/rule", fixture_dir);
    args[1] = 0;
    enter(load(rule, "kernel_ub_header.c", 1), args);
    assert_int_equal(args[1], 77);
    size_t size;
    char *text = (char *)fixture_read("rule", &size);
    assert_non_null(strstr(text, "kernel_ub_header.h"));
    free(text);
}

static void marks_and_constructors_leave_no_trace(void **state)
{
    static const char *const options[] = {"--target=aiv", "--target=aiv -DWITH_UB"};
    int64_t args[4];

    (void)state;
    *UB(int32_t, 1000) = 1000;
    for (int i = 0; i < 2; i++) {
        enter(load(options[i], "kernel_cxx_static.cpp", 1), args);
        const int64_t want[4] = {12 + 35, 1000, 4, '['};
        assert_memory_equal(args, want, sizeof(want));
        assert_int_equal(port_calls.ub_loads, i);
    }
}

/* The compiler's part of what a tile library needs: its marks, names, conversions, and all instructions. */
static void a_library_of_tiles_needs_nothing_else(void **state)
{
    char options[PATH_MAX];
    int64_t args[2] = {5, 0};

    (void)state;
    snprintf(options, sizeof(options), "--target=aiv -Wall -Wextra -Werror -I%s/tests/unit/fixtures/library",
             getenv("SOURCE_DIR"));
    enter(load(options, "kernel_library.cpp", 1), args);
    assert_true(UB(float, 0)[63] == 5 && UB(float, 256)[63] == 2);
    assert_int_equal(port_calls.ub_stores, 128);
    assert_int_equal(told.opcode, ISA_OP_vadd_F32);
    assert_true(told.dst == 512 && told.src == 0);
    assert_true(told.from == 0 && told.to == 1 && told.set == 2 && told.waited == 2 && told.barrier == 1);
    assert_int_equal(args[1], 3 + 10 * 2);
    assert_string_equal(told.text, "5 in block 3\n");
}

static void what_ub_cannot_do_is_refused_by_line(void **state)
{
    static const char *const wanted[] = {
        "kernel_ub_bad.c:4: table cannot be a variable in UB",
        "kernel_ub_bad.c:9: a pointer into UB becomes a plain pointer",
        "kernel_ub_bad.c:11: assembler code cannot have a pointer into UB",
        "kernel_ub_bad.c:12: llvm.prefetch.p8 with a pointer into UB is nothing",
    };
    size_t size;

    (void)state;
    assert_int_equal(fixture_compile("--target=aiv", "kernel_ub_bad.c", "bad.o"), 1);
    const char *messages = fixture_messages();
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        if (!strstr(messages, wanted[i]))
            fail_msg("expected \"%s\" in: %s", wanted[i], messages);
    assert_null(fixture_read("bad.o", &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_accessed_optimised),
        cmocka_unit_test(every_type_is_accessed_unoptimised),
        cmocka_unit_test(cxx_reaches_ub),
        cmocka_unit_test(a_header_may_speak_of_ub),
        cmocka_unit_test(marks_and_constructors_leave_no_trace),
        cmocka_unit_test(a_library_of_tiles_needs_nothing_else),
        cmocka_unit_test(what_ub_cannot_do_is_refused_by_line),
    };
    return cmocka_run_group_tests_name("davcc", tests, setup, teardown);
}
