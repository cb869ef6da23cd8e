/* test_move.c - bursts between GM, UB and L1 and inside UB, byte by byte: gaps, padding, what is left alone, limits. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

#define UB(offset) ((__ubuf__ void *)(uint64_t)(offset))
#define L1(offset) ((__cbuf__ void *)(uint64_t)(offset))

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

/* What the buffer that is written should hold in the end. */
static uint8_t want[MACHINE_GM_BYTES];

static uint32_t up32(uint32_t bytes)
{
    return bytes + (32 - bytes % 32) % 32;
}

static void load_align(uint32_t element, uint64_t dst, const uint8_t *src, uint32_t n, uint32_t length, uint32_t left,
                       uint32_t right, uint32_t gm_gap, uint32_t ub_gap)
{
    if (element == 1)
        copy_gm_to_ubuf_align_b8(UB(dst), src, 0, n, length, left, right, gm_gap, ub_gap);
    else if (element == 2)
        copy_gm_to_ubuf_align_b16(UB(dst), src, 0, n, length, left, right, gm_gap, ub_gap);
    else
        copy_gm_to_ubuf_align_b32(UB(dst), src, 0, n, length, left, right, gm_gap, ub_gap);
}

static void store_align(uint32_t element, uint8_t *dst, uint64_t src, uint32_t n, uint32_t length, uint32_t ub_gap,
                        uint32_t gm_gap)
{
    if (element == 1)
        copy_ubuf_to_gm_align_b8(dst, UB(src), 0, n, length, 0, 0, ub_gap, gm_gap);
    else if (element == 2)
        copy_ubuf_to_gm_align_b16(dst, UB(src), 0, n, length, 0, 0, ub_gap, gm_gap);
    else
        copy_ubuf_to_gm_align_b32(dst, UB(src), 0, n, length, 0, 0, ub_gap, gm_gap);
}

static void aligned_loads_pad_each_burst_and_touch_nothing_else(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        uint32_t element = 1u << below(3), n = 1 + below(6), length = 1 + below(200), gm_gap = below(2) * below(300);
        uint32_t ub_gap = below(2) * below(4), left = below(32 / element + 1), right = below(32 / element + 1);
        uint32_t start = below(5000), at = 32 * below(100), padding = (left + right) * element;
        uint64_t value = machine_noise();

        if (round % 3 == 0)
            left = right = padding = 0;
        dav_spr_write(ISA_SPR_MOV_PAD, value);
        memcpy(want, machine.buffer[ISA_UB], 192 << 10);
        for (uint32_t b = 0, to = at; b < n; b++, to += up32(padding + length) + ub_gap * 32) {
            for (uint32_t i = 0; i < padding + length; i++)
                want[to + i] = (uint8_t)(value >> i % element * 8);
            for (uint32_t i = left * element + length; i < padding + length; i++)
                want[to + i] = (uint8_t)(value >> (i - length) % element * 8);
            memcpy(want + to + left * element, machine.gm + start + b * (length + gm_gap), length);
        }
        load_align(element, at, machine.gm + start, n, length, left, right, gm_gap, ub_gap);
        assert_string_equal(machine.refused, "");
        assert_memory_equal(machine.buffer[ISA_UB], want, 192 << 10);
        assert_int_equal(machine.units, n * length);
        assert_int_equal(machine.read_bytes, n * length);
        assert_int_equal(machine.written_bytes, n * (length + padding));
    }
}

static void aligned_stores_leave_the_gaps_in_gm(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        uint32_t element = 1u << below(3), n = 1 + below(6), length = 1 + below(200), gm_gap = below(2) * below(300);
        uint32_t ub_gap = below(2) * below(4), start = below(5000), at = 32 * below(100);

        memcpy(want, machine.gm, sizeof(want));
        for (uint32_t b = 0; b < n; b++)
            memcpy(want + start + b * (length + gm_gap), machine.buffer[ISA_UB] + at + b * (up32(length) + ub_gap * 32),
                   length);
        store_align(element, machine.gm + start, at, n, length, ub_gap, gm_gap);
        assert_string_equal(machine.refused, "");
        assert_memory_equal(machine.gm, want, 1 << 20);
        assert_int_equal(machine.units, n * length);
        assert_int_equal(machine.written_bytes, n * length);
    }
}

static void plain_moves_count_in_blocks(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        uint32_t n = 1 + below(5), length = 1 + below(9), src_gap = below(2) * below(7), dst_gap = below(2) * below(7);
        uint32_t from = 32 * below(50), to = 32 * (1000 + below(50)), buffer = round % 4 < 2 ? ISA_UB : ISA_L1;
        bool load = round % 2 == 0, inside = round % 5 == 4;
        uint8_t *src = load && !inside ? machine.gm : machine.buffer[inside ? (uint32_t)ISA_UB : buffer];
        uint8_t *dst = inside ? machine.buffer[ISA_UB] : load ? machine.buffer[buffer] : machine.gm;

        memcpy(want, dst, 128 << 10);
        for (uint32_t b = 0; b < n; b++)
            memcpy(want + to + b * (length + dst_gap) * 32, src + from + b * (length + src_gap) * 32, length * 32);
        if (inside)
            copy_ubuf_to_ubuf(UB(to), UB(from), 0, n, length, src_gap, dst_gap);
        else if (load && buffer == ISA_UB)
            copy_gm_to_ubuf(UB(to), machine.gm + from, 0, n, length, src_gap, dst_gap);
        else if (load)
            copy_gm_to_cbuf(L1(to), machine.gm + from, 0, n, length, src_gap, dst_gap, PAD_NONE);
        else if (buffer == ISA_UB)
            copy_ubuf_to_gm(machine.gm + to, UB(from), 0, n, length, src_gap, dst_gap);
        else
            copy_cbuf_to_gm(machine.gm + to, L1(from), 0, n, length, src_gap, dst_gap);
        assert_string_equal(machine.refused, "");
        assert_memory_equal(dst, want, 128 << 10);
        assert_int_equal(machine.units, inside ? n * (length + 5) : n * length * 32);
        assert_int_equal(machine.read_bytes, n * length * 32);
    }
}

static void pipes_cores_and_costs_are_those_of_the_paths(void **state)
{
    static const struct {
        enum isa_pipe pipe;
        enum isa_core core;
        enum isa_cost_class cost;
        enum isa_unit unit;
    } paths[] = {
        {ISA_MTE2, ISA_AIV, ISA_COST_gm_to_ub, ISA_GMBYTE}, {ISA_MTE3, ISA_AIV, ISA_COST_ub_to_gm, ISA_GMBYTE},
        {ISA_V, ISA_AIV, ISA_COST_copy_ubuf, ISA_BLOCK},    {ISA_MTE2, ISA_AIC, ISA_COST_gm_to_l1, ISA_GMBYTE},
        {ISA_MTE3, ISA_AIC, ISA_COST_l1_to_gm, ISA_GMBYTE},
    };

    (void)state;
    for (int i = 0; i < 5; i++) {
        if (i == 0)
            copy_gm_to_ubuf(UB(0), machine.gm, 0, 1, 1, 0, 0);
        else if (i == 1)
            copy_ubuf_to_gm(machine.gm, UB(0), 0, 1, 1, 0, 0);
        else if (i == 2)
            copy_ubuf_to_ubuf(UB(64), UB(0), 0, 1, 1, 0, 0);
        else if (i == 3)
            copy_gm_to_cbuf(L1(0), machine.gm, 0, 1, 1, 0, 0, PAD_NONE);
        else
            copy_cbuf_to_gm(machine.gm, L1(0), 0, 1, 1, 0, 0);
        assert_int_equal(machine.entry->pipe, paths[i].pipe);
        assert_int_equal(machine.entry->cores, paths[i].core);
        assert_int_equal(machine.entry->cost, paths[i].cost);
        assert_int_equal(machine.entry->unit, paths[i].unit);
    }
}

static void a_move_may_fill_the_whole_buffer_and_no_more(void **state)
{
    (void)state;
    copy_gm_to_ubuf(UB(0), machine.gm, 0, 1, (192 << 10) / 32, 0, 0);
    assert_string_equal(machine.refused, "");
    assert_memory_equal(machine.buffer[ISA_UB], machine.gm, 192 << 10);
    copy_gm_to_ubuf(UB(32), machine.gm, 0, 1, (192 << 10) / 32, 0, 0);
    assert_string_equal(machine.refused, "outside of a buffer");
    copy_gm_to_cbuf(L1(0), machine.gm, 0, 1, (512 << 10) / 32, 0, 0, PAD_NONE);
    assert_string_equal(machine.refused, "");
    copy_gm_to_cbuf(L1(512 << 10), machine.gm, 0, 1, 1, 0, 0, PAD_NONE);
    assert_string_equal(machine.refused, "outside of a buffer");
    copy_gm_to_ubuf_align_b8(UB(0), machine.gm, 0, 3, 100000, 0, 0, 0, 0);
    assert_string_equal(machine.refused, "outside of a buffer");
}

/* Loads and stores of a part of a tile that has no rows, or no columns. */
static void aligned_moves_of_nothing_move_nothing(void **state)
{
    (void)state;
    load_align(1, 0, machine.gm, 0, 32, 0, 0, 0, 0);
    assert_string_equal(machine.refused, "");
    load_align(4, 0, machine.gm, 1, 0, 2, 2, 0, 0);
    assert_string_equal(machine.refused, "");
    assert_int_equal(machine.written_bytes, 0);
    store_align(2, machine.gm, 0, 3, 0, 0, 0);
    assert_string_equal(machine.refused, "");
    assert_int_equal(machine.read_bytes, 0);
    assert_int_equal(machine.units, 0);
}

static void operands_that_the_hardware_does_not_take_are_refused(void **state)
{
    (void)state;
    load_align(2, 0, machine.gm, 4096, 32, 0, 0, 0, 0);
    assert_string_equal(machine.refused, "nBurst is 4096; allowed: 0 to 4095");
    load_align(4, 0, machine.gm, 1, 1 << 21, 0, 0, 0, 0);
    assert_string_equal(machine.refused, "lenBurst is 2097152; allowed: 0 to 2097151");
    load_align(4, 0, machine.gm, 1, 4, 9, 0, 0, 0);
    assert_string_equal(machine.refused, "leftPaddingNum is 9; allowed: 0 to 8");
    load_align(2, 0, machine.gm, 1, 4, 0, 17, 0, 0);
    assert_string_equal(machine.refused, "rightPaddingNum is 17; allowed: 0 to 16");
    load_align(2, 16, machine.gm, 1, 4, 0, 0, 0, 0);
    assert_string_equal(machine.refused, "operand 0 is not aligned to 32 bytes");
    store_align(2, machine.gm, 8, 1, 4, 0, 0);
    assert_string_equal(machine.refused, "operand 1 is not aligned to 32 bytes");
    copy_ubuf_to_gm_align_b8(machine.gm, UB(0), 0, 1, 4, 1, 0, 0, 0);
    assert_string_equal(machine.refused, "leftPaddingNum is 1; allowed: 0");
    copy_ubuf_to_gm_align_b8(machine.gm, UB(0), 0, 1, 4, 0, 2, 0, 0);
    assert_string_equal(machine.refused, "rightPaddingNum is 2; allowed: 0");
    copy_gm_to_ubuf(UB(0), machine.gm + 16, 0, 1, 1, 0, 0);
    assert_string_equal(machine.refused, "operand 1 is not aligned to 32 bytes");
    copy_ubuf_to_gm(machine.gm + 4, UB(0), 0, 1, 1, 0, 0);
    assert_string_equal(machine.refused, "operand 0 is not aligned to 32 bytes");
    copy_ubuf_to_ubuf(UB(0), UB(32), 0, 1, 0, 0, 0);
    assert_string_equal(machine.refused, "lenBurst is 0; allowed: 1 to 65535");
    copy_gm_to_cbuf(L1(0), machine.gm, 0, 1, 1, 0, 0, PAD_MODE2);
    assert_string_equal(machine.refused, "padMode is 2; allowed: 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(aligned_loads_pad_each_burst_and_touch_nothing_else, reset),
        cmocka_unit_test_setup(aligned_stores_leave_the_gaps_in_gm, reset),
        cmocka_unit_test_setup(plain_moves_count_in_blocks, reset),
        cmocka_unit_test_setup(pipes_cores_and_costs_are_those_of_the_paths, reset),
        cmocka_unit_test_setup(a_move_may_fill_the_whole_buffer_and_no_more, reset),
        cmocka_unit_test_setup(aligned_moves_of_nothing_move_nothing, reset),
        cmocka_unit_test_setup(operands_that_the_hardware_does_not_take_are_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
