/* test_move_l1.c - matrices of any size to the NZ layout in L1, L1 filled with a value, and the layouts themselves. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "isa/layout.h"
#include "tests/isa/machine.h"

#define L1(offset) ((__cbuf__ void *)(uint64_t)(offset))

enum { L1_BYTES = 512 << 10 };

static uint8_t want[L1_BYTES];

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

static uint32_t below(uint32_t limit)
{
    return (uint32_t)(machine_noise() % limit);
}

/* ---- layouts ---- */

static void layouts_put_each_element_where_the_manual_says(void **state)
{
    (void)state;
    assert_int_equal(isa_nd(3, 5, 100), 305);
    /* 32 rows, C0 16: column 17 is in the second group, whose row 3 starts after 32 + 3 rows of 16. */
    assert_int_equal(isa_nz(3, 17, 32, 16), (32 + 3) * 16 + 1);
    assert_int_equal(isa_nz(31, 15, 32, 16), 511);
    assert_int_equal(isa_zn(17, 3, 32, 16), (32 + 3) * 16 + 1);
    /* 64 columns are four fractals of 256 elements; row 17 is row 1 of the second row of fractals. */
    assert_int_equal(isa_zz(17, 35, 64, 16), (4 + 2) * 256 + 16 + 3);
    assert_int_equal(isa_zz(15, 15, 64, 16), 255);
    assert_int_equal(isa_round_up(33, 32), 64);
    assert_int_equal(isa_round_up(64, 32), 64);
}

static void every_layout_is_one_to_one(void **state)
{
    enum { ROWS = 48, COLUMNS = 64, C0 = 16 };
    uint8_t seen[3][ROWS * COLUMNS] = {0};

    (void)state;
    for (uint32_t i = 0; i < ROWS; i++)
        for (uint32_t j = 0; j < COLUMNS; j++) {
            seen[0][isa_nz(i, j, ROWS, C0)]++;
            seen[1][isa_zn(i, j, COLUMNS, C0)]++;
            seen[2][isa_zz(i, j, COLUMNS, C0)]++;
        }
    for (uint32_t layout = 0; layout < 3; layout++)
        for (uint32_t at = 0; at < ROWS * COLUMNS; at++)
            assert_int_equal(seen[layout][at], 1);
}

/* ---- ND to NZ ---- */

struct matrices {
    uint32_t element, n, rows, columns, src_matrix, src_row, dst_columns, dst_row, dst_matrix;
    uint32_t from, to;
};

static void issue(const struct matrices *m)
{
    const uint8_t *src = machine.gm + m->from;

    if (m->element == 1)
        copy_gm_to_cbuf_multi_nd2nz_b8(L1(m->to), src, 0, m->n, m->rows, m->columns, m->src_matrix, m->src_row,
                                       m->dst_columns, m->dst_row, m->dst_matrix);
    else if (m->element == 2)
        copy_gm_to_cbuf_multi_nd2nz_b16(L1(m->to), src, 0, m->n, m->rows, m->columns, m->src_matrix, m->src_row,
                                        m->dst_columns, m->dst_row, m->dst_matrix);
    else
        copy_gm_to_cbuf_multi_nd2nz_b32s(L1(m->to), src, 0, m->n, m->rows, m->columns, m->src_matrix, m->src_row,
                                         m->dst_columns, m->dst_row, m->dst_matrix);
}

static void expect(const struct matrices *m)
{
    uint32_t c0 = 32 / m->element;

    memcpy(want, machine.buffer[ISA_L1], sizeof(want));
    for (uint32_t n = 0; n < m->n; n++)
        for (uint32_t i = 0; i < m->rows; i++)
            for (uint32_t j = 0; j < (m->columns + c0 - 1) / c0 * c0; j++) {
                uint32_t to = n * m->dst_matrix + (j / c0 * m->dst_columns + i * m->dst_row) * c0 + j % c0;
                uint32_t from = n * m->src_matrix + i * m->src_row + j;

                for (uint32_t k = 0; k < m->element; k++)
                    want[m->to + to * m->element + k] =
                        j < m->columns ? machine.gm[m->from + from * m->element + k] : 0;
            }
}

static void ragged_matrices_are_filled_up_with_zeros(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        struct matrices m = {
            .element = 1u << below(3), .n = 1 + below(3), .rows = 1 + below(40), .columns = 1 + below(90)};
        uint32_t c0 = 32 / m.element;

        m.src_row = m.columns + below(2) * below(20);
        m.src_matrix = m.rows * m.src_row + below(30);
        m.dst_row = 1 + below(2) * below(3);
        m.dst_columns = m.rows * m.dst_row + below(2) * below(9);
        m.dst_matrix = ((m.columns + c0 - 1) / c0 * m.dst_columns + below(5)) * c0;
        m.from = m.element * below(500);
        m.to = 32 * below(200);
        expect(&m);
        issue(&m);
        assert_string_equal(machine.refused, "");
        assert_memory_equal(machine.buffer[ISA_L1], want, sizeof(want));
        assert_int_equal(machine.units, m.n * m.rows * m.columns * m.element);
        assert_int_equal(machine.read_bytes, machine.units);
        assert_int_equal(machine.written_bytes, m.n * m.rows * ((m.columns + c0 - 1) / c0) * 32);
        assert_int_equal(machine.entry->cost, ISA_COST_gm_to_l1);
    }
}

static void a_large_matrix_goes_through_whole(void **state)
{
    struct matrices m = {
        .element = 2, .n = 1, .rows = 300, .columns = 250, .src_row = 1000, .dst_columns = 304, .dst_row = 1};

    (void)state;
    expect(&m);
    issue(&m);
    assert_string_equal(machine.refused, "");
    assert_memory_equal(machine.buffer[ISA_L1], want, sizeof(want));
}

static void nothing_to_move_is_no_mistake(void **state)
{
    struct matrices m = {
        .element = 2, .n = 1, .rows = 16, .columns = 16, .src_row = 16, .dst_columns = 16, .dst_row = 1};
    struct matrices none[3] = {m, m, m};

    (void)state;
    none[0].n = none[1].rows = none[2].columns = 0;
    for (int i = 0; i < 3; i++) {
        issue(&none[i]);
        assert_string_equal(machine.refused, "");
        assert_int_equal(machine.written_bytes, 0);
    }
}

static void strides_that_the_hardware_does_not_take_are_refused(void **state)
{
    struct matrices m = {
        .element = 2, .n = 1, .rows = 16, .columns = 16, .src_row = 16, .dst_columns = 16, .dst_row = 1};
    struct matrices wrong = m;

    (void)state;
    wrong.n = 4096;
    issue(&wrong);
    assert_string_equal(machine.refused, "ndNum is 4096; allowed: 0 to 4095");
    wrong = m, wrong.rows = 16385;
    issue(&wrong);
    assert_string_equal(machine.refused, "nValue is 16385; allowed: 0 to 16384");
    wrong = m, wrong.src_row = 0;
    issue(&wrong);
    assert_string_equal(machine.refused, "srcDValue is 0; allowed: 1 to 65535");
    wrong = m, wrong.dst_columns = 0;
    issue(&wrong);
    assert_string_equal(machine.refused, "dstNzC0Stride is 0; allowed: 1 to 16384");
    wrong = m, wrong.dst_row = 16385;
    issue(&wrong);
    assert_string_equal(machine.refused, "dstNzNStride is 16385; allowed: 1 to 16384");
    wrong = m, wrong.n = 2, wrong.dst_matrix = 24;
    issue(&wrong);
    assert_string_equal(machine.refused, "dstNzMatrixStride is 24; allowed: whole 32 B blocks of 2-byte elements");
    wrong = m, wrong.to = 8;
    issue(&wrong);
    assert_string_equal(machine.refused, "operand 0 is not aligned to 32 bytes");
    wrong = m, wrong.to = L1_BYTES - 480;
    issue(&wrong);
    assert_string_equal(machine.refused, "outside of a buffer");
}

/* ---- fill ---- */

static void check_fill(const void *value, uint32_t element, uint32_t to, uint32_t repeats, uint32_t blocks,
                       uint32_t gap)
{
    assert_string_equal(machine.refused, "");
    for (uint32_t r = 0; r < repeats; r++)
        for (uint32_t i = 0; i < blocks * 32; i += element)
            memcpy(want + to + r * (blocks + gap) * 32 + i, value, element);
    assert_memory_equal(machine.buffer[ISA_L1], want, sizeof(want));
    assert_int_equal(machine.units, repeats * blocks * 32);
    assert_int_equal(machine.entry->pipe, ISA_MTE2);
    assert_int_equal(machine.entry->cost, ISA_COST_l1_fill);
}

static void l1_is_filled_with_values_of_their_own_size(void **state)
{
    int64_t config = INT64_C(3) | INT64_C(2) << 16 | INT64_C(5) << 32;
    uint16_t u16 = 0xbeef;
    uint32_t u32 = 0xdeadbeef;
    int32_t zero = 0;
    half h = (half)1.5f;
    bfloat16_t b = (bfloat16_t)-2.0f;

    (void)state;
    memcpy(want, machine.buffer[ISA_L1], sizeof(want));
    create_cbuf_matrix(L1(64), config, u16);
    check_fill(&u16, 2, 64, 3, 2, 5);
    create_cbuf_matrix(L1(1024), config, u32);
    check_fill(&u32, 4, 1024, 3, 2, 5);
    create_cbuf_matrix(L1(2048), INT64_C(4) | INT64_C(1) << 16, h);
    check_fill(&h, 2, 2048, 4, 1, 0);
    create_cbuf_matrix_bf16(L1(4096), config, b);
    check_fill(&b, 2, 4096, 3, 2, 5);
    create_cbuf_matrix((__cbuf__ uint16_t *)L1(64), config, 0);
    check_fill(&zero, 4, 64, 3, 2, 5);
    create_cbuf_matrix(L1(0), INT64_C(2) << 16, u32);
    check_fill(&u32, 4, 0, 0, 2, 0);
}

static void a_configuration_with_unknown_bits_is_refused(void **state)
{
    (void)state;
    create_cbuf_matrix(L1(0), INT64_C(1) | INT64_C(1) << 16 | INT64_C(1) << 47, 0);
    assert_string_equal(machine.refused,
                        "the configuration is 0x800000010001; allowed are bits 0 to 14, 16 to 30 and 32 to 46");
    create_cbuf_matrix(L1(16), INT64_C(1) | INT64_C(1) << 16, 0);
    assert_string_equal(machine.refused, "operand 0 is not aligned to 32 bytes");
    create_cbuf_matrix(L1(0), INT64_C(0x7fff) | INT64_C(2) << 16, 0);
    assert_string_equal(machine.refused, "outside of a buffer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_put_each_element_where_the_manual_says),
        cmocka_unit_test(every_layout_is_one_to_one),
        cmocka_unit_test_setup(ragged_matrices_are_filled_up_with_zeros, reset),
        cmocka_unit_test_setup(a_large_matrix_goes_through_whole, reset),
        cmocka_unit_test_setup(nothing_to_move_is_no_mistake, reset),
        cmocka_unit_test_setup(strides_that_the_hardware_does_not_take_are_refused, reset),
        cmocka_unit_test_setup(l1_is_filled_with_values_of_their_own_size, reset),
        cmocka_unit_test_setup(a_configuration_with_unknown_bits_is_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
