/* test_vector.c - elementwise vector instructions against a reference that takes one element after the other.
 *
 * Every line of vector.def is a row here, so none can be forgotten; each is tried with random masks, counts, strides
 * (0 and gaps among them) and places (in place and overlapping among them) on ordinary values and special ones.
 */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"
#include "tests/isa/vector_meaning.h"

enum { UB_BYTES = 192 << 10, SHAPES = 8 };

enum kind { BINARY, TERNARY, UNARY, COPY, SCALAR, AXPY, DUP };

/* Operands of a call: 0 the destination, 1 and 2 the sources. */
struct call {
    uint64_t addr[3], scalar;
    uint32_t repeat, blk[3], rpt[3];
    bool round;
};

struct row {
    const char *name;
    enum isa_type type, from;
    enum kind kind;
    void (*issue)(const struct call *c);
};

/* ---- one caller a line of vector.def ---- */

#define ISSUE(name, suffix, ...)                                                                                       \
    static void issue_##name##_##suffix(const struct call *c)                                                          \
    {                                                                                                                  \
        __VA_ARGS__;                                                                                                   \
    }
#define AT(ctype, k) (__ubuf__ ctype *)c->addr[k]
#define VECTOR_BINARY(name, type, ctype, cost)                                                                         \
    ISSUE(name, type,                                                                                                  \
          name(AT(ctype, 0), AT(ctype, 1), AT(ctype, 2), (uint8_t)c->repeat, (uint8_t)c->blk[0], (uint8_t)c->blk[1],   \
               (uint8_t)c->blk[2], (uint8_t)c->rpt[0], (uint8_t)c->rpt[1], (uint8_t)c->rpt[2]))
#define VECTOR_TERNARY(name, type, ctype, cost) VECTOR_BINARY(name, type, ctype, cost)
#define STRIDES                                 (uint8_t) c->repeat, (uint16_t)c->blk[0], (uint16_t)c->blk[1], (uint8_t)c->rpt[0], (uint8_t)c->rpt[1]
#define VECTOR_UNARY(name, type, ctype, cost)   ISSUE(name, type, name(AT(ctype, 0), AT(ctype, 1), STRIDES))
#define VECTOR_COPY(name, type, ctype, cost)    VECTOR_UNARY(name, type, ctype, cost)
#define SCALAR_OF(ctype)                                                                                               \
    ctype scalar;                                                                                                      \
    memcpy(&scalar, &c->scalar, sizeof(scalar))
#define VECTOR_SCALAR(name, type, ctype, cost)                                                                         \
    ISSUE(name, type, SCALAR_OF(ctype); name(AT(ctype, 0), AT(ctype, 1), scalar, STRIDES))
#define VECTOR_SHIFT_RIGHT(name, type, ctype, cost)                                                                    \
    ISSUE(name, type, SCALAR_OF(ctype); name(AT(ctype, 0), AT(ctype, 1), scalar, STRIDES, c->round))
#define VECTOR_AXPY(name, suffix, type, ctype, from, cfrom, cost)                                                      \
    ISSUE(name, suffix, SCALAR_OF(cfrom); name(AT(ctype, 0), AT(cfrom, 1), scalar, STRIDES))
#define VECTOR_DUP(name, type, ctype, cost) ISSUE(name, type, SCALAR_OF(ctype); name(AT(ctype, 0), scalar, STRIDES))
#include "isa/vector.def"

#define ROW(name, suffix, type, from, kind) {#name, ISA_##type, ISA_##from, kind, issue_##name##_##suffix},
static const struct row rows[] = {
#define VECTOR_BINARY(name, type, ctype, cost)                    ROW(name, type, type, type, BINARY)
#define VECTOR_TERNARY(name, type, ctype, cost)                   ROW(name, type, type, type, TERNARY)
#define VECTOR_UNARY(name, type, ctype, cost)                     ROW(name, type, type, type, UNARY)
#define VECTOR_COPY(name, type, ctype, cost)                      ROW(name, type, type, type, COPY)
#define VECTOR_SCALAR(name, type, ctype, cost)                    ROW(name, type, type, type, SCALAR)
#define VECTOR_SHIFT_RIGHT(name, type, ctype, cost)               ROW(name, type, type, type, SCALAR)
#define VECTOR_AXPY(name, suffix, type, ctype, from, cfrom, cost) ROW(name, suffix, type, from, AXPY)
#define VECTOR_DUP(name, type, ctype, cost)                       ROW(name, type, type, type, DUP)
#include "isa/vector.def"
};

/* ---- the walk ---- */

static uint32_t meaning(const struct row *row, const struct call *c, uint32_t a, uint32_t b, uint32_t d)
{
    uint32_t s = (uint32_t)c->scalar;

    if (row->kind == COPY)
        return a;
    if (row->kind == DUP)
        return s;
    if (is_float(row->type))
        return float_bits(row->type,
                          (float)float_meaning(row->name, float_of(row->from, a), float_of(row->from, b),
                                               float_of(row->type, d), float_of(row->from, s), row->type == ISA_F16));
    return (uint32_t)int_meaning(row->name, int_of(row->type, a), int_of(row->type, b), int_of(row->type, s), c->round);
}

static uint32_t sources(const struct row *row)
{
    return row->kind == BINARY || row->kind == TERNARY ? 2 : row->kind == DUP ? 0 : 1;
}

static bool reads_dst(const struct row *row)
{
    return row->kind == TERNARY || row->kind == AXPY;
}

static uint32_t lanes_of(const struct row *row)
{
    return 256 / (isa_bytes(row->type) > isa_bytes(row->from) ? isa_bytes(row->type) : isa_bytes(row->from));
}

static uint32_t load(const uint8_t *ub, uint64_t at, uint32_t bytes)
{
    uint32_t bits = 0;

    memcpy(&bits, ub + at, bytes);
    return bits;
}

/* Lanes [0, @lanes) for which @acts says so, of operands that start at @at; @return how many act. */
static uint64_t expect_repeat(const struct row *row, const struct call *c, uint8_t *ub, const uint64_t at[3],
                              const bool *acts, uint32_t lanes)
{
    uint64_t where[128], count = 0;
    uint32_t result[128];

    for (uint32_t e = 0; e < lanes; e++) {
        uint32_t value[3] = {0, 0, 0};

        for (uint32_t k = 0; k < 3; k++) {
            uint32_t bytes = isa_bytes(k ? row->from : row->type);
            uint64_t place = at[k] + e / (32 / bytes) * c->blk[k] * 32 + e % (32 / bytes) * bytes;

            if (k == 0)
                where[e] = place;
            if (acts[e] && (k ? k <= sources(row) : reads_dst(row)))
                value[k] = load(ub, place, bytes);
        }
        result[e] = meaning(row, c, value[1], value[2], value[0]);
    }
    for (uint32_t e = 0; e < lanes; e++)
        if (acts[e]) {
            memcpy(ub + where[e], &result[e], isa_bytes(row->type));
            count++;
        }
    return count;
}

/* What @c makes of @ub; @units: how many repeats it takes; @return how many elements act. */
static uint64_t expect(const struct row *row, const struct call *c, uint8_t *ub, uint64_t *units)
{
    const struct isa_state *state = &machine.state;
    uint32_t lanes = lanes_of(row), repeats = c->repeat, whole = 1;
    uint64_t acting = 0;

    if (state->count_mode) {
        repeats = (uint32_t)((state->mask[0] + lanes - 1) / lanes);
        whole = row->kind == COPY ? c->repeat : 1;
    }
    *units = (uint64_t)whole * repeats;
    for (uint32_t row_index = 0; row_index < whole; row_index++)
        for (uint32_t r = 0; r < repeats; r++) {
            uint64_t at[3];
            bool acts[128];

            for (uint32_t k = 0; k < 3; k++)
                at[k] = c->addr[k] + (state->count_mode && row->kind == COPY
                                          ? row_index * c->rpt[k] * 32 + r * c->blk[k] * 256
                                          : r * c->rpt[k] * 32);
            for (uint32_t e = 0; e < lanes; e++)
                acts[e] = state->count_mode ? r * lanes + e < state->mask[0] : state->mask[e / 64] >> e % 64 & 1;
            acting += expect_repeat(row, c, ub, at, acts, lanes);
        }
    return acting;
}

static void check(const struct row *row, const struct call *c)
{
    static uint8_t expected[UB_BYTES];
    uint64_t acting, units;
    uint32_t to = isa_bytes(row->type), from = isa_bytes(row->from);

    memcpy(expected, machine.buffer[ISA_UB], UB_BYTES);
    acting = expect(row, c, expected, &units);
    row->issue(c);
    assert_string_equal(machine.refused, "");
    assert_string_equal(machine.entry->name, row->name);
    assert_int_equal(machine.entry->pipe, ISA_V);
    assert_int_equal(machine.units, units);
    assert_int_equal(machine.written_bytes, acting * to);
    assert_int_equal(machine.read_bytes, acting * (sources(row) * from + (reads_dst(row) ? to : 0)));
    for (uint32_t at = 0; at < UB_BYTES; at += to)
        if (memcmp(expected + at, machine.buffer[ISA_UB] + at, to) != 0)
            fail_msg("%s %s: UB+%u is %x, expected %x", row->name, machine.entry->types, at,
                     load(machine.buffer[ISA_UB], at, to), load(expected, at, to));
}

/* ---- random calls ---- */

#define PICK(...) pick((const uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
static uint32_t pick(const uint32_t *from, size_t count)
{
    return from[machine_noise() % count];
}

static uint32_t random_value(enum isa_type type)
{
    uint32_t noise = (uint32_t)machine_noise();

    if (!is_float(type))
        return noise & 1   ? noise
               : noise & 2 ? PICK(0, 1, 0xffffffff, 0x7fff, 0x8000, 0x7fffffff, 0x80000000)
                           : noise % 9;
    if (noise & 1)
        return float_bits(type, (float)(noise % 100000) / 5000 - 10);
    if (noise & 2)
        return (uint32_t)machine_noise();
    if (type == ISA_F16)
        return PICK(0, 0x8000, 0x7c00, 0xfc00, 0x7e00, 0xfd01, 1, 0x83ff, 0x400, 0x7bff, 0xfbff, 0x3c00, 0x3c01);
    return PICK(0, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xff812345, 1, 0x807fffff, 0x800000, 0x7f7fffff,
                0x42b17218, 0xc2cff1b5, 0x3f800000, 0x3f800001);
}

static uint64_t random_scalar(const struct row *row)
{
    if (is(row->name, "vshl") || is(row->name, "vshr"))
        return PICK(0, 1, 2, 7, 14, 15, 16, 17, 30, 31, 32, 33, 40, 0xffffffff);
    return random_value(row->from);
}

static void random_masks(uint32_t lanes)
{
    struct isa_state *state = &machine.state;
    uint64_t noise = machine_noise();

    state->count_mode = noise & 1;
    if (state->count_mode) {
        state->mask[0] =
            PICK(0, 1, 7, lanes - 1, lanes, lanes + 1, 3 * lanes + 5, 4 * lanes, (uint32_t)(noise >> 40) % 800);
        state->mask[1] = 0;
        return;
    }
    state->mask[0] = PICK(0, 1, 2) ? ~0ull : machine_noise();
    state->mask[1] = PICK(0, 1, 2) ? ~0ull : machine_noise();
    if (noise & 2) /* the first so many */
        state->mask[noise >> 2 & 1] = ~0ull >> (noise >> 3) % 64;
    if ((noise & 0xf0) == 0)
        state->mask[noise >> 2 & 1] = 0;
}

static struct call random_call(const struct row *row)
{
    struct call c = {.scalar = random_scalar(row), .repeat = PICK(0, 1, 1, 2, 3, 5, 8), .round = machine_noise() & 1};
    bool plain = machine_noise() % 3 == 0;

    for (uint32_t k = 0; k < 3; k++) {
        c.addr[k] = (uint64_t)k * 65536 + machine_noise() % 64 * 32;
        c.blk[k] = plain ? 1 : PICK(1, 1, 1, 2, 3, 0);
        c.rpt[k] = plain ? lanes_of(row) * isa_bytes(k ? row->from : row->type) / 32 : PICK(8, 8, 4, 9, 16, 1, 0);
    }
    switch (machine_noise() % 8) {
    case 0: /* in place */
        c.addr[1] = c.addr[0];
        break;
    case 1:
        c.addr[2] = c.addr[0];
        break;
    case 2:
        c.addr[1] = c.addr[2] = c.addr[0];
        break;
    case 3: /* the program's fault */
        c.addr[1] = c.addr[0] + PICK(32, 64, 256, 288);
        c.addr[2] = c.addr[0] + PICK(0, 32, 512);
        break;
    default:
        break;
    }
    return c;
}

static void fill_values(const struct row *row)
{
    /* Sources stand behind the destination, and in it when it is also one. */
    for (uint32_t at = 0; at < UB_BYTES;) {
        enum isa_type type = at < 65536 ? row->type : row->from;
        uint32_t value = random_value(type);

        memcpy(machine.buffer[ISA_UB] + at, &value, isa_bytes(type));
        at += isa_bytes(type);
    }
}

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

static void random_calls_mean_what_the_reference_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fill_values(&rows[i]);
        for (int shape = 0; shape < SHAPES; shape++) {
            struct call c = random_call(&rows[i]);

            random_masks(lanes_of(&rows[i]));
            check(&rows[i], &c);
        }
    }
}

/* ---- chosen calls ---- */

static const struct row *row_of(const char *name, enum isa_type type)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (is(rows[i].name, name) && rows[i].type == type)
            return &rows[i];
    fail_msg("no %s", name);
    return NULL;
}

static void as_many_repeats_as_the_field_holds(void **state)
{
    static const char *const names[] = {"vadd", "vmla", "vexp", "vadds", "vaxpy", "vcopy", "vector_dup"};

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct call c = {{0, 65536, 131072}, 0x3c00, 255, {1, 1, 1}, {8, 8, 8}, false};

        fill_values(row_of(names[i], ISA_F16));
        check(row_of(names[i], ISA_F16), &c);
        machine.state.mask[1] = 0x7fff;
        check(row_of(names[i], ISA_F16), &c);
        machine.state.mask[1] = ~0ull;
    }
}

static void count_mode_needs_no_repeat_field(void **state)
{
    struct call c = {{0, 65536, 131072}, 0, 0, {1, 1, 1}, {8, 8, 8}, false};

    (void)state;
    machine.state.count_mode = true;
    machine.state.mask[0] = 1003;
    fill_values(row_of("vmul", ISA_F32));
    check(row_of("vmul", ISA_F32), &c);
    assert_int_equal(machine.units, 16);
    assert_int_equal(machine.written_bytes, 4012);
}

static void vcopy_counts_the_elements_of_a_row(void **state)
{
    struct call c = {{0, 65536, 0}, 0, 3, {1, 1, 0}, {32, 16, 0}, false};

    (void)state;
    machine.state.count_mode = true;
    machine.state.mask[0] = 100;
    check(row_of("vcopy", ISA_S32), &c);
    assert_int_equal(machine.units, 6);
    assert_int_equal(machine.written_bytes, 1200);
}

static void the_high_mask_word_means_nothing_to_32_bits(void **state)
{
    struct call c = {{0, 65536, 131072}, 0, 2, {1, 1, 1}, {8, 8, 8}, false};

    (void)state;
    machine.state.mask[0] = 0;
    check(row_of("vadd", ISA_F32), &c);
    assert_int_equal(machine.written_bytes, 0);
    check(row_of("vadd", ISA_F16), &c);
    assert_int_equal(machine.written_bytes, 256);
}

static void bad_operands_are_refused(void **state)
{
    static const struct {
        struct call call;
        const char *why;
    } bad[] = {
        {{{16, 0, 0}, 0, 1, {1, 1, 1}, {8, 8, 8}, false}, "operand 0 is not aligned to 32 bytes"},
        {{{0, 2, 0}, 0, 1, {1, 1, 1}, {8, 8, 8}, false}, "operand 1 is not aligned to 32 bytes"},
        {{{0, 0, 8}, 0, 1, {1, 1, 1}, {8, 8, 8}, false}, "operand 2 is not aligned to 32 bytes"},
        {{{UB_BYTES - 224, 0, 0}, 0, 1, {1, 1, 1}, {8, 8, 8}, false}, "outside of a buffer"},
        {{{0, UB_BYTES, 0}, 0, 1, {0, 0, 0}, {0, 0, 0}, false}, "outside of a buffer"},
        {{{0, 0, UB_BYTES - 256}, 0, 2, {1, 1, 1}, {8, 8, 8}, false}, "outside of a buffer"},
        {{{0, 0, UB_BYTES - 256}, 0, 1, {1, 1, 2}, {8, 8, 8}, false}, "outside of a buffer"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        row_of("vadd", ISA_F32)->issue(&bad[i].call);
        assert_string_equal(machine.refused, bad[i].why);
    }
    /* Lanes that do not act may lie outside. */
    machine.state.mask[0] = 0x00ffffffffffffff;
    row_of("vadd", ISA_F32)->issue(&bad[3].call);
    assert_string_equal(machine.refused, "");
    machine.state.count_mode = true;
    machine.state.mask[0] = UB_BYTES / 4 + 1;
    row_of("vadd", ISA_F32)->issue(&(struct call){.blk = {1, 1, 1}});
    assert_string_equal(machine.refused, "count mode with more elements than UB holds");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(random_calls_mean_what_the_reference_says, reset),
        cmocka_unit_test_setup(as_many_repeats_as_the_field_holds, reset),
        cmocka_unit_test_setup(count_mode_needs_no_repeat_field, reset),
        cmocka_unit_test_setup(vcopy_counts_the_elements_of_a_row, reset),
        cmocka_unit_test_setup(the_high_mask_word_means_nothing_to_32_bits, reset),
        cmocka_unit_test_setup(bad_operands_are_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
