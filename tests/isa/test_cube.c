/* test_cube.c - mad against the definition of a product: types, ragged sizes, what c starts from, and bits where the
 * order of the sums decides them. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/gemm.h"
#include "tests/isa/machine.h"

enum { A_AT = 1024, B_AT = 512, C_AT = 2048, BIAS_AT = 128, MAX = 1 << 17 };
enum start { ZERO, BIAS, KEPT };

static float a[MAX], b[MAX]; /* row by row: a[m][k], b[k][n] */

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

static uint32_t up(uint32_t value, uint32_t unit)
{
    return (value + unit - 1) / unit * unit;
}

static uint32_t bits_of(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, 4);
    return bits;
}

static float float_of(uint32_t bits)
{
    float value;

    memcpy(&value, &bits, 4);
    return value;
}

static uint32_t size_of(enum isa_type type)
{
    return type == ISA_F32 ? 4 : type == ISA_S8 ? 1 : 2;
}

/* A number that @type can hold, with as many bits as it has. */
static float some(enum isa_type type)
{
    uint64_t noise = machine_noise();
    float value = ((float)(int32_t)(noise & 0xffffff) - 0x800000) / 0x400000;

    switch (type) {
    case ISA_F16:
        return (float)(half)value;
    case ISA_BF16:
        return float_of(bits_of(value) & 0xffff0000);
    case ISA_S8:
        return (int8_t)noise;
    default:
        return value;
    }
}

static void put(uint8_t *at, float value, enum isa_type type)
{
    half narrow = (half)value;
    uint32_t bits = bits_of(value);

    if (type == ISA_F16)
        memcpy(at, &narrow, 2);
    else if (type == ISA_BF16)
        memcpy(at, (uint8_t *)&bits + 2, 2);
    else if (type == ISA_F32)
        memcpy(at, &value, 4);
    else
        *at = (uint8_t)(int8_t)value;
}

/* Both matrices to L0A (Zz, rows of fractals for @k_room along k) and L0B (Zn). */
static void load(enum isa_type type, uint32_t m, uint32_t k, uint32_t n, uint32_t k_room)
{
    uint32_t size = size_of(type), c0 = 32 / size;

    for (uint32_t i = 0; i < m; i++)
        for (uint32_t l = 0; l < k; l++) {
            uint32_t at =
                m == 1 ? l * size : (i / 16 * (up(k_room, c0) / c0) + l / c0) * 512 + i % 16 * 32 + l % c0 * size;

            put(machine.buffer[ISA_L0A] + A_AT + at, a[i * k + l], type);
        }
    for (uint32_t l = 0; l < k; l++)
        for (uint32_t j = 0; j < n; j++)
            put(machine.buffer[ISA_L0B] + B_AT + (l / c0 * (up(n, 16) / 16) + j / 16) * 512 + j % 16 * 32 +
                    l % c0 * size,
                b[l * n + j], type);
}

static void random_operands(enum isa_type type, uint32_t m, uint32_t k, uint32_t n)
{
    assert_true(m * k <= MAX && k * n <= MAX);
    for (uint32_t i = 0; i < m * k; i++)
        a[i] = some(type);
    for (uint32_t i = 0; i < k * n; i++)
        b[i] = some(type);
}

static uint32_t c_bits(uint32_t m, uint32_t i, uint32_t j)
{
    uint32_t bits;

    memcpy(&bits, machine.buffer[ISA_L0C] + C_AT + ((j / 16 * up(m, 16) + i) * 16 + j % 16) * 4, 4);
    return bits;
}

/* L0C before the instruction; c's floats are made small numbers where the product is of floats. */
static uint32_t *before(enum isa_type type)
{
    static uint32_t copy[(128 << 10) / 4];

    for (uint32_t i = 0; i < sizeof(copy) / 4; i++) {
        float value = some(ISA_F32);

        if (type != ISA_S8)
            memcpy(machine.buffer[ISA_L0C] + i * 4, &value, 4);
        if (type != ISA_S8 && i < 256)
            memcpy(machine.buffer[ISA_BT] + i * 4, &value, 4);
    }
    memcpy(copy, machine.buffer[ISA_L0C], sizeof(copy));
    return copy;
}

static uint32_t expected(enum isa_type type, uint32_t start, uint32_t k, uint32_t n, uint32_t i, uint32_t j)
{
    float sum = float_of(start);

    if (type == ISA_S8) {
        for (uint32_t l = 0; l < k; l++)
            start += (uint32_t)((int32_t)a[i * k + l] * (int32_t)b[l * n + j]);
        return start;
    }
    for (uint32_t l = 0; l < k; l++)
        sum += a[i * k + l] * b[l * n + j];
    return sum != sum ? 0x7fc00000 : bits_of(sum);
}

static void check(enum isa_type type, uint32_t m, uint32_t k, uint32_t n, enum start start, const uint32_t *old)
{
    for (uint32_t i = 0; i < up(m, 16); i++)
        for (uint32_t j = 0; j < up(n, 16); j++) {
            uint32_t from = 0, bits = c_bits(m, i, j);

            if (start == KEPT)
                from = old[C_AT / 4 + (j / 16 * up(m, 16) + i) * 16 + j % 16];
            if (start == BIAS && j < n)
                memcpy(&from, machine.buffer[ISA_BT] + BIAS_AT + j * 4, 4);
            if (i < m && j < n)
                from = expected(type, from, k, n, i, j);
            else if (start != KEPT)
                from = 0;
            if (bits != from)
                fail_msg("%u x %u x %u: element %u, %u is %08x, not %08x", m, k, n, i, j, bits, from);
        }
}

static void issue(enum isa_type type, uint32_t m, uint32_t k, uint32_t n, enum start start, bool k_align)
{
    uintptr_t c = C_AT | (start == BIAS ? (uintptr_t)BIAS_AT << 32 : 0);
    bool bias = start == BIAS, zero = start == ZERO;

    if (type == ISA_F16)
        mad((__cc__ float *)c, (__ca__ half *)A_AT, (__cb__ half *)B_AT, (uint16_t)m, (uint16_t)k, (uint16_t)n, 0,
            k_align, bias, zero);
    else if (type == ISA_BF16)
        mad((__cc__ float *)c, (__ca__ bfloat16_t *)A_AT, (__cb__ bfloat16_t *)B_AT, (uint16_t)m, (uint16_t)k,
            (uint16_t)n, 0, k_align, bias, zero);
    else if (type == ISA_F32)
        mad((__cc__ float *)c, (__ca__ float *)A_AT, (__cb__ float *)B_AT, (uint16_t)m, (uint16_t)k, (uint16_t)n, 0,
            k_align, bias, zero);
    else
        mad((__cc__ int32_t *)c, (__ca__ int8_t *)A_AT, (__cb__ int8_t *)B_AT, (uint16_t)m, (uint16_t)k, (uint16_t)n, 0,
            k_align, bias, zero);
    assert_string_equal(machine.refused, "");
}

static void product(enum isa_type type, uint32_t m, uint32_t k, uint32_t n, enum start start)
{
    uint32_t *old;

    random_operands(type, m, k, n);
    load(type, m, k, n, k);
    old = before(type);
    issue(type, m, k, n, start, false);
    check(type, m, k, n, start, old);
}

static void products(enum isa_type type)
{
    static const uint16_t sizes[][3] = {{16, 16, 16},  {2, 1, 1},      {15, 15, 15},  {17, 33, 16}, {16, 17, 33},
                                        {33, 255, 17}, {128, 64, 128}, {100, 31, 47}, {7, 130, 31}, {255, 16, 15}};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
        for (enum start start = ZERO; start <= KEPT; start++)
            product(type, sizes[i][0], sizes[i][1], sizes[i][2], start);
}

static void halves(void **state)
{
    (void)state;
    products(ISA_F16);
}

static void bfloats(void **state)
{
    (void)state;
    products(ISA_BF16);
}

static void floats(void **state)
{
    (void)state;
    products(ISA_F32);
}

static void bytes(void **state)
{
    (void)state;
    products(ISA_S8);
}

static void one_row_is_a_vector(void **state)
{
    (void)state;
    for (enum start start = ZERO; start <= KEPT; start++) {
        product(ISA_F16, 1, 255, 33, start);
        product(ISA_BF16, 1, 100, 16, start);
        product(ISA_F32, 1, 77, 20, start);
        product(ISA_S8, 1, 515, 17, start);
    }
}

static void long_sums_of_bytes_are_exact(void **state)
{
    uint32_t *old = before(ISA_S8);

    (void)state;
    for (uint32_t i = 0; i < 15 * 4000; i++) {
        a[i] = 127 - (float)(machine_noise() & 3);
        b[i] = 127 - (float)(machine_noise() & 3);
    }
    load(ISA_S8, 15, 4000, 15, 4000);
    issue(ISA_S8, 15, 4000, 15, ZERO, false);
    check(ISA_S8, 15, 4000, 15, ZERO, old);
    assert_true(c_bits(15, 0, 0) > 1 << 25);
}

static void many_rows_of_bytes(void **state)
{
    (void)state;
    product(ISA_S8, 300, 33, 35, KEPT);
    product(ISA_S8, 20, 70, 300, ZERO);
}

/* With kDirectionAlign, rows of floats leave room for 16 elements along k, not 8. */
static void rows_of_floats_may_be_aligned_to_16(void **state)
{
    uint32_t *old = before(ISA_F32);

    (void)state;
    random_operands(ISA_F32, 40, 36, 20);
    load(ISA_F32, 40, 36, 20, 48);
    issue(ISA_F32, 40, 36, 20, ZERO, true);
    check(ISA_F32, 40, 36, 20, ZERO, old);
}

/* 12 bits fewer; of a tie, to the even neighbour or away from zero. */
static float hf32(float value, bool away)
{
    uint32_t bits = bits_of(value), low = bits & 0xfff, odd = bits >> 12 & 1;

    bits -= low;
    if (low > 0x800 || (low == 0x800 && (away || odd)))
        bits += 0x1000;
    return float_of(bits);
}

static void floats_may_be_rounded_to_hf32(void **state)
{
    (void)state;
    for (int away = 0; away < 2; away++) {
        uint32_t *old;

        random_operands(ISA_F32, 20, 40, 20);
        a[0] = float_of(0x3f800800); /* ties: below an even and an odd neighbour */
        a[1] = float_of(0xbf801800);
        b[0] = float_of(0x7f800000);
        load(ISA_F32, 20, 40, 20, 40);
        old = before(ISA_F32);
        dav_spr_write(ISA_SPR_CTRL, 1ull << 46 | (uint64_t)away << 47);
        issue(ISA_F32, 20, 40, 20, ZERO, false);
        for (uint32_t i = 0; i < 20 * 40; i++) {
            a[i] = hf32(a[i], away);
            b[i] = i ? hf32(b[i], away) : b[i];
        }
        check(ISA_F32, 20, 40, 20, ZERO, old);
    }
}

/* Sums of @k products of numbers of 2 to the power of @size. */
static void bfloats_of(int32_t size, uint32_t k)
{
    uint32_t *old = before(ISA_BF16);

    memset(machine.buffer[ISA_L0A], 0, 64 << 10); /* that padding is none of these */
    memset(machine.buffer[ISA_L0B], 0, 64 << 10);
    for (uint32_t i = 0; i < 18 * k; i++) {
        a[i] = float_of(((uint32_t)machine_noise() & 0x807f0000) | (uint32_t)(127 + size) << 23);
        b[i] = float_of(((uint32_t)machine_noise() & 0x807f0000) | (uint32_t)(127 + size) << 23);
    }
    load(ISA_BF16, 18, k, 18, k);
    issue(ISA_BF16, 18, k, 18, ZERO, false);
    check(ISA_BF16, 18, k, 18, ZERO, old);
}

/* Products that overflow or are denormal: each is rounded before it is added, on every host. */
static void bfloats_beyond_the_range(void **state)
{
    (void)state;
    bfloats_of(63, 3);
    bfloats_of(64, 3);
    bfloats_of(-73, 40);
    bfloats_of(-62, 40);
}

static void a_nan_is_always_the_same(void **state)
{
    uint32_t *old;

    (void)state;
    random_operands(ISA_F16, 20, 20, 20);
    a[0] = float_of(0xffc00000);
    a[25] = float_of(0x7f800000);
    b[5 * 20 + 3] = 0;
    load(ISA_F16, 20, 20, 20, 20);
    old = before(ISA_F16);
    issue(ISA_F16, 20, 20, 20, ZERO, false);
    check(ISA_F16, 20, 20, 20, ZERO, old);
    assert_int_equal(c_bits(20, 0, 0), 0x7fc00000);
    assert_int_equal(c_bits(20, 1, 3), 0x7fc00000);
    assert_int_equal(c_bits(20, 1, 4) & 0x7fffffff, 0x7f800000);
}

static void it_tells_what_counts(void **state)
{
    (void)state;
    product(ISA_F16, 17, 18, 19, ZERO);
    assert_int_equal(machine.read_bytes, (17 * 18 + 18 * 19) * 2);
    assert_int_equal(machine.written_bytes, 2 * 2 * 1024);
    assert_int_equal(machine.units, 2 * 2 * 2);
    assert_int_equal(machine.entry->pipe, ISA_M);
    assert_int_equal(machine.entry->cost, ISA_COST_mad);
    product(ISA_F32, 17, 18, 19, KEPT);
    assert_int_equal(machine.read_bytes, (17 * 18 + 18 * 19) * 4 + 2 * 2 * 1024);
    assert_int_equal(machine.units, 2 * 3 * 2);
    assert_int_equal(machine.entry->cost, ISA_COST_mad_f32);
    product(ISA_S8, 1, 65, 19, BIAS);
    assert_int_equal(machine.read_bytes, 65 + 65 * 19 + 19 * 4);
    assert_int_equal(machine.units, 1 * 3 * 2);
}

static void refused(const char *why, uint16_t m, uint16_t k, uint16_t n, uintptr_t c, uintptr_t a_at, uintptr_t b_at,
                    uint8_t unit_flag)
{
    mad((__cc__ float *)c, (__ca__ half *)a_at, (__cb__ half *)b_at, m, k, n, unit_flag, false, true, false);
    assert_string_equal(machine.refused, why);
}

static void it_refuses(void **state)
{
    (void)state;
    refused("m, k or n is 0 or more than 4095", 0, 16, 16, 0, 0, 0, 0);
    refused("m, k or n is 0 or more than 4095", 16, 0, 16, 0, 0, 0, 0);
    refused("m, k or n is 0 or more than 4095", 16, 16, 4096, 0, 0, 0, 0);
    refused("c is not a multiple of 1024", 16, 16, 16, 512, 0, 0, 0);
    refused("a or b is not a multiple of 512", 16, 16, 16, 0, 256, 0, 0);
    refused("a or b is not a multiple of 512", 16, 16, 16, 0, 0, 32, 0);
    refused("the bias is not a multiple of 64", 16, 16, 16, (uintptr_t)32 << 32, 0, 0, 0);
    refused("unitFlag is none of 0, 2 and 3", 16, 16, 16, 0, 0, 0, 1);
    refused("outside of a buffer", 1024, 1024, 16, 0, 0, 0, 0);
    refused("outside of a buffer", 16, 16, 16, (uintptr_t)1024 << 32, 0, 0, 0);
    refused("", 16, 16, 16, 0, 0, 0, 3);
}

static void unit_flags_are_seen(void **state)
{
    struct isa_exec x = {.entry = isa_entry_of(ISA_OP_mad_F16)};

    (void)state;
    x.w[3] = ISA_MAD3(16, 16, 16, 0, 1, 1, 1);
    assert_false(isa_unit_flag(&x));
    x.w[3] = ISA_MAD3(16, 16, 16, 2, 0, 0, 0);
    assert_true(isa_unit_flag(&x));
    x.entry = isa_entry_of(ISA_OP_copy_matrix_cc_to_gm_F32_F32);
    x.w[3] = ISA_FIX3(16, 0, 63, 7, 1, 1);
    assert_false(isa_unit_flag(&x));
    x.w[3] = ISA_FIX3(16, 3, 0, 0, 0, 0);
    assert_true(isa_unit_flag(&x));
    x.entry = isa_entry_of(ISA_OP_copy_cbuf_to_bt_any);
    x.w[3] = ~0ull;
    assert_false(isa_unit_flag(&x));
}

/* ---- the kernels of gemm.h ---- */

static float *packed(size_t count)
{
    float *values = malloc(count * sizeof(float));

    for (size_t i = 0; i < count; i++)
        values[i] = some(ISA_F16);
    return values;
}

enum { M = 41, K = 150, N = 52, PANEL = 160 * 16, C_PANEL = 48 * 16 };

static float kernel_sum(const float *left, const float *right, float start, uint32_t i, uint32_t j)
{
    for (uint32_t l = 0; l < K; l++)
        start += left[i / 16 * PANEL + l / 16 * 256 + i % 16 * 16 + l % 16] * right[j / 16 * PANEL + l * 16 + j % 16];
    return start;
}

static void all_kernels_give_the_same_bits(void **state)
{
    float *left = packed(3 * PANEL), *right = packed(4 * PANEL), *old = packed(4 * C_PANEL), *c = packed(4 * C_PANEL);
    uint32_t sets = 0;

    (void)state;
    for (; isa_gemm_fused(sets); sets++)
        for (int fused = 0; fused < 2; fused++) {
            assert_non_null(isa_gemm_rounded(sets));
            memcpy(c, old, 4 * C_PANEL * sizeof(float));
            isa_gemm(&(struct isa_product){.m = M,
                                           .k = K,
                                           .n = N,
                                           .a = left,
                                           .b = right,
                                           .c = c,
                                           .a_panel = PANEL,
                                           .b_panel = PANEL,
                                           .c_panel = C_PANEL,
                                           .fused = fused,
                                           .set = sets});
            for (uint32_t j = 0; j < 64; j++)
                for (uint32_t i = 0; i < 48; i++) {
                    float *at = c + j / 16 * C_PANEL + i * 16 + j % 16, start = old[at - c];

                    assert_int_equal(bits_of(*at),
                                     bits_of(i < M && j < N ? kernel_sum(left, right, start, i, j) : start));
                }
        }
    assert_true(sets > 0);
    free(left);
    free(right);
    free(old);
    free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(halves, reset),
        cmocka_unit_test_setup(bfloats, reset),
        cmocka_unit_test_setup(floats, reset),
        cmocka_unit_test_setup(bytes, reset),
        cmocka_unit_test_setup(one_row_is_a_vector, reset),
        cmocka_unit_test_setup(long_sums_of_bytes_are_exact, reset),
        cmocka_unit_test_setup(many_rows_of_bytes, reset),
        cmocka_unit_test_setup(rows_of_floats_may_be_aligned_to_16, reset),
        cmocka_unit_test_setup(floats_may_be_rounded_to_hf32, reset),
        cmocka_unit_test_setup(bfloats_beyond_the_range, reset),
        cmocka_unit_test_setup(a_nan_is_always_the_same, reset),
        cmocka_unit_test_setup(it_tells_what_counts, reset),
        cmocka_unit_test_setup(it_refuses, reset),
        cmocka_unit_test_setup(unit_flags_are_seen, reset),
        cmocka_unit_test_setup(all_kernels_give_the_same_bits, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
