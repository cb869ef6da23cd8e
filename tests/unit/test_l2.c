/* test_l2.c - which sectors are resident in L2: capacity, ways, who leaves first, and what writes leave behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/memory/l2.h"

/* 4 sets of 2 ways, sectors of 32 bytes: 0, 128, 256, ... compete. */
enum { SECTOR = 32, SETS = 4, WAYS = 2, COMPETES = SECTOR * SETS, SIZE = SECTOR * SETS * WAYS };

static struct l2 l2;

static int start(void **state)
{
    (void)state;
    return l2_init(&l2, &(struct l2_geometry){SIZE, WAYS, SECTOR});
}

static int stop(void **state)
{
    (void)state;
    l2_fini(&l2);
    return 0;
}

static uint64_t read_misses(uint64_t offset, uint64_t bytes)
{
    return l2_touch(&l2, offset, bytes, false).missed_bytes;
}

static uint64_t write_back(uint64_t offset, uint64_t bytes, bool write)
{
    return l2_touch(&l2, offset, bytes, write).written_back_bytes;
}

static void test_what_was_read_is_resident(void **state)
{
    (void)state;
    assert_int_equal(read_misses(0, SECTOR), SECTOR);
    assert_int_equal(read_misses(0, SECTOR), 0);
    assert_int_equal(read_misses(SECTOR, SECTOR), SECTOR);
    assert_int_equal(read_misses(0, 2 * SECTOR), 0);
}

static void test_bytes_count_and_sectors_come_in(void **state)
{
    (void)state;
    assert_int_equal(read_misses(10, 4), 4);
    assert_int_equal(read_misses(0, SECTOR), 0); /* the whole sector came with the four */
    assert_int_equal(read_misses(3 * SECTOR - 1, 1), 1);
    assert_int_equal(read_misses(3 * SECTOR, 1), 1);
}

static void test_across_sectors_each_counts_for_its_bytes(void **state)
{
    (void)state;
    read_misses(SECTOR, 1);
    assert_int_equal(read_misses(20, 12 + SECTOR + 7), 12 + 7); /* the one in the middle was there */
    assert_int_equal(read_misses(20, 12 + SECTOR + 7), 0);
    assert_int_equal(read_misses(4 * SECTOR - 3, 6), 6);
}

static void test_nothing_touches_nothing(void **state)
{
    (void)state;
    assert_int_equal(read_misses(0, 0), 0);
    assert_int_equal(read_misses(SECTOR, 0), 0);
    assert_int_equal(read_misses(0, 1), 1);
}

static void test_as_much_as_it_holds_stays(void **state)
{
    (void)state;
    assert_int_equal(read_misses(SECTOR, SIZE), SIZE);
    assert_int_equal(read_misses(SECTOR, SIZE), 0);
    assert_int_equal(read_misses(SECTOR, SIZE + SECTOR), SECTOR);
    assert_int_equal(read_misses(SECTOR, SIZE + SECTOR), 3 * SECTOR); /* in turn, three compete for two ways */
}

static void test_the_least_recently_used_of_a_set_leaves(void **state)
{
    (void)state;
    read_misses(0, 1);
    read_misses(COMPETES, 1);
    read_misses(0, 1);
    read_misses(2 * COMPETES, 1); /* in the place of COMPETES */
    assert_int_equal(read_misses(0, 1), 0);
    assert_int_equal(read_misses(2 * COMPETES, 1), 0);
    assert_int_equal(read_misses(COMPETES, 1), 1); /* in the place of 0 */
    assert_int_equal(read_misses(2 * COMPETES, 1), 0);
    assert_int_equal(read_misses(0, 1), 1);
}

static void test_other_sets_are_left_alone(void **state)
{
    (void)state;
    read_misses(0, SECTOR * SETS);
    for (uint64_t i = 1; i < 10; i++)
        read_misses(i * COMPETES, 1);
    assert_int_equal(read_misses(0, SECTOR * SETS), SECTOR);
}

static void test_a_write_makes_resident(void **state)
{
    (void)state;
    assert_int_equal(l2_touch(&l2, 5, 3, true).missed_bytes, 3);
    assert_int_equal(read_misses(0, SECTOR), 0);
    assert_int_equal(l2_touch(&l2, 0, SECTOR, true).missed_bytes, 0);
}

static void test_what_was_written_is_written_back_when_it_leaves(void **state)
{
    (void)state;
    assert_int_equal(write_back(0, 1, true), 0);
    assert_int_equal(write_back(0, 1, false), 0); /* a read leaves it dirty */
    assert_int_equal(write_back(COMPETES, 1, false), 0);
    assert_int_equal(write_back(2 * COMPETES, 1, false), SECTOR);
    assert_int_equal(write_back(0, 1, false), 0);
    assert_int_equal(write_back(COMPETES, 1, true), 0);
    assert_int_equal(write_back(2 * COMPETES, 1, true), 0);
    assert_int_equal(write_back(0, 1, false), SECTOR); /* COMPETES */
}

static void test_what_is_forgotten_is_gone_and_not_written_back(void **state)
{
    (void)state;
    l2_touch(&l2, 0, SIZE, true);
    l2_forget(&l2, SECTOR + 5, SECTOR); /* lies in two sectors */
    assert_int_equal(read_misses(3 * SECTOR, SIZE - 3 * SECTOR), 0);
    assert_int_equal(read_misses(0, SECTOR), 0);
    assert_int_equal(write_back(SIZE + SECTOR, 2 * SECTOR, false), 0); /* there is room */
    assert_int_equal(write_back(SIZE, SECTOR, false), SECTOR);
    l2_forget(&l2, 0, 0);
    assert_int_equal(read_misses(SIZE, SECTOR), 0);
    l2_forget(&l2, 0, 1ull << 30);
    assert_int_equal(read_misses(0, SIZE), SIZE);
}

static void test_a_reset_empties_and_keeps_count(void **state)
{
    (void)state;
    l2_touch(&l2, 0, SIZE, true);
    l2_touch(&l2, 0, SIZE, true);
    l2_touch(&l2, 16, SECTOR, false);
    l2_touch(&l2, SIZE, SECTOR, false);
    l2_reset(&l2);
    assert_int_equal(l2_touch(&l2, 0, SIZE, false).missed_bytes, SIZE);
    assert_int_equal(l2.done.write_missed_bytes, SIZE);
    assert_int_equal(l2.done.write_hit_bytes, SIZE);
    assert_int_equal(l2.done.read_hit_bytes, SECTOR);
    assert_int_equal(l2.done.read_missed_bytes, SECTOR + SIZE);
    assert_int_equal(l2.done.written_back_bytes, SECTOR);
}

static void test_sets_need_not_be_a_power_of_two(void **state)
{
    struct l2 odd;

    (void)state;
    assert_int_equal(l2_init(&odd, &(struct l2_geometry){3 * 5 * 64, 5, 64}), 0);
    assert_int_equal(l2_touch(&odd, 7 * 64, 15 * 64, false).missed_bytes, 15 * 64);
    assert_int_equal(l2_touch(&odd, 7 * 64, 15 * 64, false).missed_bytes, 0);
    assert_int_equal(l2_touch(&odd, 22 * 64, 1, false).missed_bytes, 1);
    assert_int_equal(l2_touch(&odd, 8 * 64, 14 * 64, false).missed_bytes, 0);
    assert_int_equal(l2_touch(&odd, 7 * 64, 64, false).missed_bytes, 64);
    l2_fini(&odd);
}

static void test_the_far_end_of_a_large_memory(void **state)
{
    struct l2 large;
    uint64_t end = 64ull << 30;

    (void)state;
    assert_int_equal(l2_init(&large, &(struct l2_geometry){192ull << 20, 16, 512}), 0);
    assert_int_equal(l2_touch(&large, end - 100 * 512, 100 * 512, true).missed_bytes, 100 * 512);
    assert_int_equal(l2_touch(&large, end - 100 * 512, 100 * 512, false).missed_bytes, 0);
    assert_int_equal(l2_touch(&large, 0, 192ull << 20, false).missed_bytes, 192ull << 20);
    assert_int_equal(large.done.written_back_bytes, 100 * 512);
    l2_fini(&large);
}

/* A model too simple to be wrong: of each sector, whether it is resident or dirty, and when it was used. */
enum { SECTORS = 64, TOUCHES = 100000 };

struct simple {
    bool resident[SECTORS], dirty[SECTORS];
    int used[SECTORS];
};

static struct l2_traffic simple_touch(struct simple *simple, int now, int offset, int bytes, bool write)
{
    struct l2_traffic traffic = {0};

    for (int at = offset; at < offset + bytes;) {
        int sector = at / SECTOR, oldest = -1, residents = 0, missed = 0;

        for (; at < offset + bytes && at / SECTOR == sector; at++)
            missed++;
        simple->used[sector] = now;
        simple->dirty[sector] |= write;
        if (simple->resident[sector])
            continue;
        traffic.missed_bytes += missed;
        for (int other = sector % SETS; other < SECTORS; other += SETS)
            if (simple->resident[other]) {
                residents++;
                oldest = oldest < 0 || simple->used[other] < simple->used[oldest] ? other : oldest;
            }
        simple->resident[sector] = true;
        if (residents < WAYS)
            continue;
        traffic.written_back_bytes += simple->dirty[oldest] ? SECTOR : 0;
        simple->resident[oldest] = simple->dirty[oldest] = false;
    }
    return traffic;
}

static uint64_t draw(void)
{
    static uint64_t lot = 0x9e3779b97f4a7c15ull;

    lot ^= lot << 13;
    lot ^= lot >> 7;
    lot ^= lot << 17;
    return lot >> 11;
}

static void test_any_sequence_agrees_with_a_simple_model(void **state)
{
    static struct simple simple;
    uint64_t hits = 0, written_back = 0;

    (void)state;
    for (int now = 1; now <= TOUCHES; now++) {
        int offset = (int)(draw() % (SECTORS * SECTOR)), bytes = (int)(draw() % (draw() % 4 ? 40 : 90));
        bool write = draw() % 3 == 0;
        struct l2_traffic expected, traffic;

        bytes = bytes < SECTORS * SECTOR - offset ? bytes : SECTORS * SECTOR - offset;
        if (draw() % 50 == 0 && bytes) {
            l2_forget(&l2, (uint64_t)offset, (uint64_t)bytes);
            for (int sector = offset / SECTOR; sector <= (offset + bytes - 1) / SECTOR; sector++)
                simple.resident[sector] = simple.dirty[sector] = false;
            continue;
        }
        expected = simple_touch(&simple, now, offset, bytes, write);
        traffic = l2_touch(&l2, (uint64_t)offset, (uint64_t)bytes, write);
        assert_int_equal(traffic.missed_bytes, expected.missed_bytes);
        assert_int_equal(traffic.written_back_bytes, expected.written_back_bytes);
        hits += (uint64_t)bytes - traffic.missed_bytes;
        written_back += traffic.written_back_bytes;
    }
    assert_int_equal(hits, l2.done.read_hit_bytes + l2.done.write_hit_bytes);
    assert_int_equal(written_back, l2.done.written_back_bytes);
    assert_true(hits > TOUCHES && written_back > TOUCHES); /* the lot does meet both */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(test_what_was_read_is_resident),
        TEST(test_bytes_count_and_sectors_come_in),
        TEST(test_across_sectors_each_counts_for_its_bytes),
        TEST(test_nothing_touches_nothing),
        TEST(test_as_much_as_it_holds_stays),
        TEST(test_the_least_recently_used_of_a_set_leaves),
        TEST(test_other_sets_are_left_alone),
        TEST(test_a_write_makes_resident),
        TEST(test_what_was_written_is_written_back_when_it_leaves),
        TEST(test_what_is_forgotten_is_gone_and_not_written_back),
        TEST(test_a_reset_empties_and_keeps_count),
        TEST(test_sets_need_not_be_a_power_of_two),
        TEST(test_the_far_end_of_a_large_memory),
        TEST(test_any_sequence_agrees_with_a_simple_model),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
