/* test_permute.c - broadcast, gathers and compaction: strides, masks, counts, operands in place, what is refused. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

#define U16(offset) ((__ubuf__ uint16_t *)(uint64_t)(offset))
#define U32(offset) ((__ubuf__ uint32_t *)(uint64_t)(offset))

enum { UB_BYTES = 192 << 10, DST = 0, OFFSETS = 64 << 10, DATA = 128 << 10 };

static uint8_t want[UB_BYTES];

static int reset(void **state)
{
    (void)state;
    machine_reset();
    memcpy(want, machine.buffer[ISA_UB], sizeof(want));
    return 0;
}

static uint32_t below(uint32_t limit)
{
    return (uint32_t)(machine_noise() % limit);
}

static void start(void)
{
    memcpy(want, machine.buffer[ISA_UB], sizeof(want));
}

static void check(void)
{
    assert_string_equal(machine.refused, "");
    for (uint32_t i = 0; i < UB_BYTES; i++)
        if (machine.buffer[ISA_UB][i] != want[i])
            fail_msg("UB+%u is 0x%02x, should be 0x%02x", i, machine.buffer[ISA_UB][i], want[i]);
}

/* ---- vbrcb ---- */

static void each_scalar_fills_a_block(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        uint32_t bytes = round % 2 ? 2 : 4, blk = 1 + below(3), rpt = 7 * blk + 1 + below(5), repeat = below(6);

        start();
        for (uint32_t i = 0; i < repeat * 8; i++)
            for (uint32_t k = 0; k < 32; k++)
                want[DST + (i / 8 * rpt + i % 8 * blk) * 32 + k] = want[DATA + i * bytes + k % bytes];
        if (bytes == 2)
            vbrcb(U16(DST), U16(DATA), blk, rpt, repeat);
        else
            vbrcb(U32(DST), U32(DATA), blk, rpt, repeat);
        check();
        assert_int_equal(machine.units, repeat);
        assert_int_equal(machine.entry->cost, ISA_COST_vbrcb);
    }
}

static void a_broadcast_may_stand_on_its_source_for_one_repeat(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 8; i++)
        for (uint32_t k = 0; k < 32; k++)
            want[DST + i * 32 + k] = machine.buffer[ISA_UB][DST + i * 4 + k % 4];
    vbrcb(U32(DST), U32(DST), 1, 8, 1);
    check();
    vbrcb(U32(DST), U32(DST), 1, 8, 2);
    assert_string_equal(machine.refused, "dst overlaps what a later repeat reads of src");
}

/* ---- vgather ---- */

static void fill_offsets(uint32_t count, uint32_t bytes)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t offset = below(8000) * bytes;

        memcpy(machine.buffer[ISA_UB] + OFFSETS + i * 4, &offset, 4);
    }
}

static uint32_t offset_at(const uint8_t *ub, uint32_t i)
{
    uint32_t offset;

    memcpy(&offset, ub + OFFSETS + i * 4, 4);
    return offset;
}

static void gather(uint32_t bytes, uint32_t dst, uint64_t base, uint32_t rpt, uint32_t repeat)
{
    if (bytes == 2)
        vgather(U16(dst), U32(OFFSETS), base, rpt, repeat);
    else
        vgather(U32(dst), U32(OFFSETS), base, rpt, repeat);
}

static void gathers_obey_the_mask(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        uint32_t bytes = round % 2 ? 2 : 4, lanes = 256 / bytes, repeat = below(5), rpt = 8 + below(4);

        fill_offsets(repeat * lanes, bytes);
        machine.state.mask[0] = round < 4 ? ~0ull : machine_noise();
        machine.state.mask[1] = round < 4 ? ~0ull : machine_noise();
        start();
        for (uint32_t r = 0; r < repeat; r++)
            for (uint32_t e = 0; e < lanes; e++)
                if (machine.state.mask[e / 64] >> e % 64 & 1)
                    memcpy(want + DST + r * rpt * 32 + e * bytes, want + DATA + offset_at(want, r * lanes + e), bytes);
        gather(bytes, DST, DATA, rpt, repeat);
        check();
        assert_int_equal(machine.units, repeat);
    }
}

static void gathers_obey_the_count(void **state)
{
    (void)state;
    machine.state.count_mode = true;
    machine.state.mask[1] = 0;
    for (int round = 0; round < 20; round++) {
        uint32_t bytes = round % 2 ? 2 : 4, lanes = 256 / bytes, count = below(600);

        fill_offsets(count, bytes);
        machine.state.mask[0] = count;
        start();
        for (uint32_t e = 0; e < count; e++)
            memcpy(want + DST + e * bytes, want + DATA + offset_at(want, e), bytes);
        gather(bytes, DST, DATA, 8, 1);
        check();
        assert_int_equal(machine.units, (count + lanes - 1) / lanes);
    }
}

static void a_gather_may_stand_on_its_offsets(void **state)
{
    (void)state;
    machine.state.count_mode = true;
    machine.state.mask[0] = 200;
    for (uint32_t bytes = 2; bytes <= 4; bytes += 2) {
        fill_offsets(200, bytes);
        start();
        for (uint32_t e = 0; e < 200; e++)
            memcpy(want + OFFSETS + e * bytes, machine.buffer[ISA_UB] + DATA + offset_at(machine.buffer[ISA_UB], e),
                   bytes);
        gather(bytes, OFFSETS, DATA, 8, 1);
        check();
    }
    gather(4, OFFSETS + 256, DATA, 8, 1);
    assert_string_equal(machine.refused, "dst overlaps the offsets of a later repeat");
}

static void offsets_count_from_the_base_and_may_be_negative(void **state)
{
    uint32_t offset = (uint32_t)-64;

    (void)state;
    memcpy(machine.buffer[ISA_UB] + OFFSETS, &offset, 4);
    machine.state.mask[0] = 1;
    start();
    memcpy(want + DST, want + DATA - 64, 4);
    gather(4, DST, DATA, 8, 1);
    check();
}

static void offsets_that_lead_astray_are_refused(void **state)
{
    uint32_t offset = UB_BYTES - DATA;

    (void)state;
    fill_offsets(128, 4);
    memcpy(machine.buffer[ISA_UB] + OFFSETS + 40, &offset, 4);
    gather(4, DST, DATA, 8, 1);
    assert_string_equal(machine.refused, "outside of a buffer");
    machine.state.mask[0] = ~(1ull << 10); /* nobody looks at it then */
    gather(4, DST, DATA, 8, 1);
    assert_string_equal(machine.refused, "");
    machine.state.mask[0] = ~0ull;
    offset = 6;
    memcpy(machine.buffer[ISA_UB] + OFFSETS + 40, &offset, 4);
    gather(4, DST, DATA, 8, 1);
    assert_string_equal(machine.refused, "offset 10 leads to UB+0x20006; allowed: multiples of 4");
    gather(4, DST, 1ull << 40, 8, 1);
    assert_string_equal(machine.refused, "the base is 0x10000000000; allowed: addresses of UB");
    gather(4, DST, DATA, 4096, 1);
    assert_string_equal(machine.refused, "dstRepeatStride is 4096; allowed: 0 to 4095");
    vgather(U32(DST), U32(UB_BYTES - 32), DATA, 8, 1);
    assert_string_equal(machine.refused, "outside of a buffer");
    machine.state.count_mode = true;
    machine.state.mask[0] = ~0ull;
    gather(4, DST, DATA, 8, 1);
    assert_string_equal(machine.refused, "the number of elements is 18446744073709551615; allowed: 0 to 196608");
}

/* ---- vgatherb ---- */

static void blocks_are_gathered_whatever_the_mask(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        uint32_t repeat = below(6), blk = 1 + below(3), rpt = 7 * blk + 1 + below(4);

        fill_offsets(repeat * 8, 1);
        for (uint32_t i = 0; i < repeat * 8; i++)
            machine.buffer[ISA_UB][OFFSETS + i * 4] &= 0xe0;
        machine.state.mask[0] = machine_noise();
        start();
        for (uint32_t i = 0; i < repeat * 8; i++)
            memcpy(want + DST + (i / 8 * rpt + i % 8 * blk) * 32, want + DATA + offset_at(want, i), 32);
        if (round % 2)
            vgatherb((__ubuf__ half *)DST, U32(OFFSETS), DATA, rpt, blk, repeat);
        else
            vgatherb(U32(DST), U32(OFFSETS), DATA, rpt, blk, repeat);
        check();
        assert_int_equal(machine.units, repeat);
    }
}

static void blocks_that_cannot_be_gathered_are_refused(void **state)
{
    uint32_t offset = 16;

    (void)state;
    memset(machine.buffer[ISA_UB] + OFFSETS, 0, 256);
    memcpy(machine.buffer[ISA_UB] + OFFSETS + 8, &offset, 4);
    vgatherb(U32(DST), U32(OFFSETS), DATA, 8, 1, 1);
    assert_string_equal(machine.refused, "offset 2 leads to UB+0x20010; allowed: multiples of 32");
    offset = 1 << 20;
    memcpy(machine.buffer[ISA_UB] + OFFSETS + 8, &offset, 4);
    vgatherb(U32(DST), U32(OFFSETS), DATA, 8, 1, 1);
    assert_string_equal(machine.refused, "outside of a buffer");
    vgatherb(U32(OFFSETS), U32(OFFSETS), DATA, 8, 1, 2);
    assert_string_equal(machine.refused, "dst overlaps the offsets of a later repeat");
}

/* ---- vreducev2 ---- */

static void compact(uint32_t bytes, uint32_t dst, uint32_t src, uint32_t mask, uint32_t repeat, uint32_t blk,
                    uint32_t mode, uint32_t rpt, uint32_t mask_rpt)
{
    if (bytes == 2)
        vreducev2(U16(dst), U16(src), U16(mask), repeat, blk, mode, rpt, mask_rpt);
    else
        vreducev2(U32(dst), U32(src), U32(mask), repeat, blk, mode, rpt, mask_rpt);
}

static bool picks(uint32_t mode, uint32_t e, const uint8_t *mask)
{
    static const char *const patterns[] = {"", "10", "01", "1000", "0100", "0010", "0001", "1"};

    return mode ? patterns[mode][e % strlen(patterns[mode])] == '1' : mask[e / 8] >> e % 8 & 1;
}

static uint32_t expect_compact(uint32_t bytes, uint32_t dst, uint32_t src, uint32_t n, uint32_t repeat, uint32_t blk,
                               uint32_t mode, uint32_t rpt, uint32_t mask_rpt)
{
    const uint8_t *ub = machine.buffer[ISA_UB];
    uint32_t out = 0, per_block = 32 / bytes;

    for (uint32_t r = 0; r < repeat; r++)
        for (uint32_t e = 0; e < n; e++)
            if (picks(mode, e, ub + OFFSETS + r * mask_rpt * 32))
                memcpy(want + dst + out++ * bytes,
                       ub + src + r * rpt * 32 + e / per_block * blk * 32 + e % per_block * bytes, bytes);
    return out;
}

static void patterns_choose_in_every_repeat_and_the_results_stand_close(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 48; round++) {
        uint32_t bytes = round % 2 ? 2 : 4, mode = round % 8, repeat = below(5), blk = 1 + below(2),
                 mask_rpt = below(3);
        uint32_t n = 256 / bytes, rpt = 8 * blk + below(3), out;

        machine.state.count_mode = round >= 24;
        machine.state.mask[0] = machine_noise(); /* no matter in norm mode */
        if (machine.state.count_mode)
            machine.state.mask[0] = n = below(300);
        start();
        out = expect_compact(bytes, DST, DATA, n, repeat, blk, mode, rpt, mask_rpt);
        compact(bytes, DST, DATA, OFFSETS, repeat, blk, mode, rpt, mask_rpt);
        check();
        assert_int_equal(machine.v.rsvd_cnt, out);
        assert_int_equal(dav_spr_read(ISA_SPR_RSVD_CNT), out);
        assert_int_equal(machine.written_bytes, out * bytes);
        assert_int_equal(machine.units, repeat * ((n * bytes + 255) / 256));
    }
}

static void a_compaction_may_stand_on_its_source(void **state)
{
    uint32_t out;

    (void)state;
    start();
    out = expect_compact(4, DATA, DATA, 64, 3, 1, 2, 8, 0);
    compact(4, DATA, DATA, OFFSETS, 3, 1, 2, 8, 0);
    check();
    assert_int_equal(machine.v.rsvd_cnt, out);
}

static void masks_and_modes_that_cannot_be_are_refused(void **state)
{
    (void)state;
    compact(4, DST, DATA, OFFSETS, 1, 1, 8, 8, 0);
    assert_string_equal(machine.refused, "patternMode is 8; allowed: 0 to 7");
    memset(machine.buffer[ISA_UB] + OFFSETS, 0xff, 32);
    compact(4, OFFSETS - 64, DATA, OFFSETS, 1, 1, 0, 8, 0);
    assert_string_equal(machine.refused, "dst overlaps the mask");
    compact(4, DST, DATA, OFFSETS + 4, 1, 1, 0, 8, 0);
    assert_string_equal(machine.refused, "src1 is 0x10004; allowed: multiples of 32");
    compact(4, DST, DATA, UB_BYTES, 1, 1, 0, 8, 0);
    assert_string_equal(machine.refused, "outside of a buffer");
    compact(4, UB_BYTES - 32, DATA, OFFSETS, 1, 1, 7, 8, 0);
    assert_string_equal(machine.refused, "outside of a buffer");
    machine.state.count_mode = true;
    compact(4, DST, DATA, OFFSETS, 1, 1, 1, 8, 0);
    assert_string_equal(machine.refused, "the count of the vector mask is 18446744073709551615; allowed: 0 to 49152");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_scalar_fills_a_block, reset),
        cmocka_unit_test_setup(a_broadcast_may_stand_on_its_source_for_one_repeat, reset),
        cmocka_unit_test_setup(gathers_obey_the_mask, reset),
        cmocka_unit_test_setup(gathers_obey_the_count, reset),
        cmocka_unit_test_setup(a_gather_may_stand_on_its_offsets, reset),
        cmocka_unit_test_setup(offsets_count_from_the_base_and_may_be_negative, reset),
        cmocka_unit_test_setup(offsets_that_lead_astray_are_refused, reset),
        cmocka_unit_test_setup(blocks_are_gathered_whatever_the_mask, reset),
        cmocka_unit_test_setup(blocks_that_cannot_be_gathered_are_refused, reset),
        cmocka_unit_test_setup(patterns_choose_in_every_repeat_and_the_results_stand_close, reset),
        cmocka_unit_test_setup(a_compaction_may_stand_on_its_source, reset),
        cmocka_unit_test_setup(masks_and_modes_that_cannot_be_are_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
