/* test_permute_transpose.c - address registers and the transposes that take their rows from them. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

enum { UB_BYTES = 192 << 10, ROWS = 16 };

static uint8_t want[UB_BYTES];
static uint64_t from[ROWS], to[ROWS];

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

/* Rows anywhere: sources in the first third of UB, destinations apart from each other in the second. */
static void scatter_rows(ub_addr8_t dst, ub_addr8_t src)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        from[i] = 32 * below(2000);
        to[i] = (64 << 10) + 4096 * ((i * 5) % ROWS) + 32 * below(100);
    }
    set_va_reg_sb(src, from);
    set_va_reg_sb((ub_addr8_t)(src + 1), from + 8);
    set_va_reg_sb(dst, to);
    set_va_reg_sb((ub_addr8_t)(dst + 1), to + 8);
    memcpy(want, machine.buffer[ISA_UB], sizeof(want));
}

static void check(uint32_t repeat)
{
    assert_string_equal(machine.refused, "");
    assert_memory_equal(machine.buffer[ISA_UB], want, sizeof(want));
    assert_int_equal(machine.units, repeat);
    assert_int_equal(machine.entry->cost, ISA_COST_vtranspose);
    assert_int_equal(machine.entry->pipe, ISA_V);
}

static void address_registers_hold_eight_addresses(void **state)
{
    uint64_t addr[8] = {0, 32, 0x2ffe0, 64, 5, UINT64_C(1) << 33, 96, 128};

    (void)state;
    set_va_reg_sb(VA5, addr);
    assert_string_equal(machine.refused, "");
    assert_int_equal(machine.entry->cost, ISA_COST_vspr);
    assert_int_equal(machine.units, 1);
    assert_int_equal(machine.read_bytes + machine.written_bytes, 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(machine.v.va[5][i], i == 5 ? UINT32_MAX : addr[i]); /* never an address that fits UB */
    assert_int_equal(machine.v.va[4][0] | machine.v.va[6][0], 0);
    set_va_reg_sb((ub_addr8_t)8, addr);
    assert_string_equal(machine.refused, "VA is 8; allowed: 0 to 7");
}

static void b16_is_a_transpose_of_16_by_16(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 12; round++) {
        uint32_t repeat = below(5), dst_stride = 1 + below(6), src_stride = below(6);

        scatter_rows(VA0, VA2);
        for (uint32_t r = 0; r < repeat; r++)
            for (uint32_t i = 0; i < 16; i++)
                for (uint32_t j = 0; j < 16; j++)
                    memcpy(want + to[i] + r * dst_stride * 32 + j * 2,
                           machine.buffer[ISA_UB] + from[j] + r * src_stride * 32 + i * 2, 2);
        scatter_vnchwconv_b16(VA0, VA2, repeat, dst_stride, src_stride);
        check(repeat);
    }
}

static void b32_makes_two_rows_of_each_column(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 12; round++) {
        uint32_t repeat = below(5), dst_stride = 1 + below(6), src_stride = below(6);

        scatter_rows(VA4, VA6);
        for (uint32_t r = 0; r < repeat; r++)
            for (uint32_t i = 0; i < 16; i++)
                for (uint32_t j = 0; j < 8; j++)
                    memcpy(want + to[2 * j + i / 8] + r * dst_stride * 32 + i % 8 * 4,
                           machine.buffer[ISA_UB] + from[i] + r * src_stride * 32 + j * 4, 4);
        scatter_vnchwconv_b32(VA4, VA6, repeat, dst_stride, src_stride);
        check(repeat);
    }
}

static void b8_takes_and_fills_halves_of_blocks(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 16; round++) {
        uint32_t repeat = below(5), dst_stride = 1 + below(6), src_stride = below(6);
        bool dst_high = round & 1, src_high = round & 2;

        scatter_rows(VA6, VA0);
        for (uint32_t r = 0; r < repeat; r++)
            for (uint32_t i = 0; i < 16; i++)
                for (uint32_t j = 0; j < 16; j++)
                    want[to[i] + r * dst_stride * 32 + dst_high * 16 + j] =
                        machine.buffer[ISA_UB][from[j] + r * src_stride * 32 + src_high * 16 + i];
        scatter_vnchwconv_b8(VA6, VA0, repeat, dst_stride, src_stride, dst_high, src_high);
        check(repeat);
        assert_int_equal(machine.written_bytes, repeat * 256);
    }
}

static void a_square_may_be_turned_in_place(void **state)
{
    uint16_t *square = (uint16_t *)machine.buffer[ISA_UB], before[256];

    (void)state;
    memcpy(before, square, sizeof(before));
    for (uint32_t i = 0; i < ROWS; i++)
        from[i] = 32 * i;
    set_va_reg_sb(VA0, from);
    set_va_reg_sb(VA1, from + 8);
    scatter_vnchwconv_b16(VA0, VA0, 1, 0, 0);
    assert_string_equal(machine.refused, "");
    for (uint32_t i = 0; i < 256; i++)
        assert_int_equal(square[i], before[i % 16 * 16 + i / 16]);
}

static void addresses_that_are_no_rows_are_refused(void **state)
{
    (void)state;
    scatter_rows(VA0, VA2);
    scatter_vnchwconv_b16(VA1, VA2, 1, 0, 0);
    assert_string_equal(machine.refused, "dst is VA1; allowed: VA0, VA2, VA4, VA6");
    scatter_vnchwconv_b16(VA0, (ub_addr8_t)8, 1, 0, 0);
    assert_string_equal(machine.refused, "src is VA8; allowed: VA0, VA2, VA4, VA6");
    from[11] = 48;
    set_va_reg_sb(VA3, from + 8);
    scatter_vnchwconv_b32(VA0, VA2, 1, 0, 0);
    assert_string_equal(machine.refused, "address 3 of VA3 is 0x30; allowed: multiples of 32");
    from[11] = UB_BYTES;
    set_va_reg_sb(VA3, from + 8);
    scatter_vnchwconv_b16(VA0, VA2, 1, 0, 0);
    assert_string_equal(machine.refused, "outside of a buffer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(address_registers_hold_eight_addresses, reset),
        cmocka_unit_test_setup(b16_is_a_transpose_of_16_by_16, reset),
        cmocka_unit_test_setup(b32_makes_two_rows_of_each_column, reset),
        cmocka_unit_test_setup(b8_takes_and_fills_halves_of_blocks, reset),
        cmocka_unit_test_setup(a_square_may_be_turned_in_place, reset),
        cmocka_unit_test_setup(addresses_that_are_no_rows_are_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
