/* test_store_buffer.c - pending stores of one thread, seen by nobody else: laid over memory, and taken up again.
 *
 * The last test draws stores, drains and foreign writes by lot and compares with a byte-wise replay.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/memory/store_buffer.h"

enum { MEMORY = 32 };

static uint8_t memory[MEMORY];
static struct store_buffer buffer;
static struct pending_store stores[STORE_BUFFER_ENTRIES];
static uint32_t next_store;

static int start(void **state)
{
    (void)state;
    memset(memory, '.', sizeof(memory));
    memset(&buffer, 0, sizeof(buffer));
    memset(stores, 0, sizeof(stores));
    next_store = 0;
    return 0;
}

/* The next entry in turn that is not pending. */
static struct pending_store *free_store(void)
{
    struct pending_store *store = &stores[next_store++ % STORE_BUFFER_ENTRIES];

    for (uint32_t i = 0; i < buffer.count; i++)
        if (store_buffer_at(&buffer, i) == store)
            return free_store();
    return store;
}

/* The thread runs a store instruction: the hook first, then the bytes, then it enters the simulator again. */
static void run_store(uint32_t at, const void *bytes, uint32_t size)
{
    struct pending_store *store = free_store();

    store->addr = (uintptr_t)&memory[at];
    store->size = size;
    store_buffer_lay(&buffer);
    store_buffer_push(&buffer, store);
    memcpy(&memory[at], bytes, size);
    store_buffer_settle(&buffer);
    store_buffer_take_up(&buffer);
}

static void put(uint32_t at, const char *bytes)
{
    run_store(at, bytes, (uint32_t)strlen(bytes));
}

static void drain_entry(uint32_t place)
{
    const struct pending_store *store = store_buffer_at(&buffer, place);

    store_buffer_remove(&buffer, store);
    memcpy((void *)(uintptr_t)store->addr, store->bytes, store->size);
}

/* The oldest store becomes visible to all. */
static void drain(void)
{
    drain_entry(0);
}

static void expect_others_see(const char *text)
{
    assert_memory_equal(memory, text, strlen(text));
}

static void expect_thread_sees(const char *text)
{
    store_buffer_lay(&buffer);
    assert_memory_equal(memory, text, strlen(text));
    store_buffer_take_up(&buffer);
}

static void test_a_pending_store_is_seen_by_its_thread_only(void **state)
{
    (void)state;
    put(1, "ab");
    expect_others_see("....");
    expect_thread_sees(".ab.");
    expect_others_see("....");
    drain();
    expect_others_see(".ab.");
    expect_thread_sees(".ab.");
}

static void test_overlapping_stores_lie_in_order(void **state)
{
    (void)state;
    put(0, "aaaa");
    put(2, "bbbb");
    put(1, "cc");
    expect_thread_sees("accbbb.");
    expect_others_see(".......");
    drain();
    expect_others_see("aaaa...");
    expect_thread_sees("accbbb.");
    drain();
    expect_others_see("aabbbb.");
    drain();
    expect_others_see("accbbb.");
}

static void test_others_writes_are_seen_around_and_below(void **state)
{
    (void)state;
    put(1, "b");
    memcpy(memory, "xyz", 3); /* another agent's effect */
    expect_thread_sees("xbz");
    expect_others_see("xyz");
    drain(); /* by bytes: only what was stored */
    expect_others_see("xbz");
}

static void test_any_entry_may_drain(void **state)
{
    (void)state;
    put(0, "a");
    put(4, "b");
    put(8, "c");
    drain_entry(1);
    expect_others_see("....b....");
    expect_thread_sees("a...b...c");
    drain_entry(1);
    expect_others_see("....b...c");
    expect_thread_sees("a...b...c");
    put(4, "d");
    drain_entry(0);
    expect_others_see("a...b...c");
    expect_thread_sees("a...d...c");
    drain_entry(0);
    expect_others_see("a...d...c");
    assert_int_equal(buffer.count, 0);
}

static void test_removal_keeps_the_order_of_the_rest(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < STORE_BUFFER_ENTRIES; i++) /* also where the ring goes round */
        put(i % MEMORY, "x");
    for (uint32_t i = 0; i < 5; i++)
        drain_entry(0);
    for (uint32_t i = 0; i < 5; i++)
        put(i, "y");
    store_buffer_remove(&buffer, &stores[0]); /* the first of the new ones */
    store_buffer_remove(&buffer, &stores[20]);
    store_buffer_remove(&buffer, &stores[STORE_BUFFER_ENTRIES - 1]);
    assert_int_equal(store_buffer_room(&buffer), 3);
    assert_ptr_equal(store_buffer_at(&buffer, 0), &stores[5]);
    assert_ptr_equal(store_buffer_at(&buffer, 14), &stores[19]);
    assert_ptr_equal(store_buffer_at(&buffer, 15), &stores[21]);
    assert_ptr_equal(store_buffer_at(&buffer, 56), &stores[62]);
    assert_ptr_equal(store_buffer_at(&buffer, 57), &stores[1]);
    assert_ptr_equal(store_buffer_at(&buffer, 60), &stores[4]);
}

static void test_the_last_drain_of_a_line(void **state)
{
    static uint8_t lines[3 * STORE_BYTES] __attribute__((aligned(STORE_BYTES)));
    static const struct {
        uint32_t at;
        uint64_t drain;
    } given[] = {{0, 70}, {STORE_BYTES - 1, 50}, {STORE_BYTES, 90}};

    (void)state;
    store_buffer_lay(&buffer);
    for (uint32_t i = 0; i < 3; i++) {
        stores[i].addr = (uintptr_t)&lines[given[i].at];
        stores[i].size = 1;
        stores[i].effect.at = given[i].drain;
        store_buffer_push(&buffer, &stores[i]);
    }
    assert_int_equal(store_buffer_line_drain(&buffer, (uintptr_t)&lines[8]), 70);
    assert_int_equal(store_buffer_line_drain(&buffer, (uintptr_t)&lines[STORE_BYTES + 8]), 90);
    assert_int_equal(store_buffer_line_drain(&buffer, (uintptr_t)&lines[2 * STORE_BYTES]), 0);
    store_buffer_settle(&buffer);
    store_buffer_take_up(&buffer);
}

static void test_laying_and_taking_up_twice_changes_nothing(void **state)
{
    (void)state;
    put(0, "a");
    put(0, "b");
    store_buffer_lay(&buffer);
    store_buffer_lay(&buffer);
    assert_int_equal(memory[0], 'b');
    store_buffer_take_up(&buffer);
    assert_int_equal(memory[0], '.');
    memory[0] = 'x';
    store_buffer_take_up(&buffer);
    assert_int_equal(memory[0], 'x');
    expect_thread_sees("b");
    expect_others_see("x");
}

static void test_bytes_are_those_at_the_next_entry(void **state)
{
    struct pending_store *store = &stores[0];

    (void)state;
    store->addr = (uintptr_t)memory;
    store->size = 1;
    store_buffer_lay(&buffer);
    store_buffer_push(&buffer, store);
    assert_int_equal(buffer.unsettled, 1);
    memory[0] = 'a'; /* the instruction after the hook */
    store_buffer_settle(&buffer);
    assert_int_equal(buffer.unsettled, 0);
    memory[0] = 'z';
    store_buffer_settle(&buffer); /* too late to count */
    assert_int_equal(store->bytes[0], 'a');
    store_buffer_take_up(&buffer);
    expect_others_see(".");
}

static void test_a_store_may_come_in_parts(void **state)
{
    (void)state;
    put(0, "x");
    for (uint32_t i = 0; i < 2; i++) {
        stores[1 + i].addr = (uintptr_t)&memory[1 + i];
        stores[1 + i].size = 1;
    }
    store_buffer_lay(&buffer);
    store_buffer_push(&buffer, &stores[1]);
    store_buffer_push(&buffer, &stores[2]);
    memcpy(&memory[1], "ab", 2); /* one instruction */
    store_buffer_settle(&buffer);
    store_buffer_take_up(&buffer);
    expect_others_see("....");
    expect_thread_sees("xab.");
    drain();
    drain();
    expect_others_see("xa..");
}

static void test_the_ring_goes_round(void **state)
{
    (void)state;
    for (int i = 0; i < 3 * STORE_BUFFER_ENTRIES; i++) {
        const char byte = (char)('a' + i % 26);

        run_store((uint32_t)i % MEMORY, &byte, 1);
        if (i % 3 == 2)
            while (buffer.count)
                drain();
        assert_int_not_equal(store_buffer_room(&buffer), 0);
    }
    for (int i = 3 * STORE_BUFFER_ENTRIES - MEMORY; i < 3 * STORE_BUFFER_ENTRIES; i++)
        assert_int_equal(memory[i % MEMORY], 'a' + i % 26);
}

static void test_full_at_its_number_of_entries(void **state)
{
    (void)state;
    for (int i = 0; i < STORE_BUFFER_ENTRIES; i++) {
        assert_int_equal(store_buffer_room(&buffer), STORE_BUFFER_ENTRIES - i);
        put((uint32_t)i % MEMORY, "x");
    }
    assert_int_equal(store_buffer_room(&buffer), 0);
    store_buffer_remove(&buffer, &stores[0]);
    assert_ptr_equal(store_buffer_at(&buffer, 0), &stores[1]);
    assert_int_equal(store_buffer_room(&buffer), 1);
}

static void test_a_whole_line_fits_an_entry(void **state)
{
    static uint8_t line[STORE_BYTES], wanted[STORE_BYTES];
    struct pending_store *store = &stores[0];

    (void)state;
    memset(wanted, 'w', sizeof(wanted));
    store->addr = (uintptr_t)line;
    store->size = STORE_BYTES;
    store_buffer_lay(&buffer);
    store_buffer_push(&buffer, store);
    memcpy(line, wanted, sizeof(line));
    store_buffer_settle(&buffer);
    store_buffer_take_up(&buffer);
    assert_int_equal(line[0], 0);
    assert_int_equal(line[STORE_BYTES - 1], 0);
    drain();
    assert_memory_equal(line, wanted, sizeof(line));
}

/* ---- by lot ---- */

static uint32_t lot;

static uint32_t draw(uint32_t below)
{
    lot = lot * 1664525u + 1013904223u;
    return (lot >> 8) % below;
}

/* What the thread sees: what all see, and its pending stores over it in order. */
static void replay(const uint8_t *shared, uint8_t *seen)
{
    memcpy(seen, shared, MEMORY);
    for (uint32_t i = 0; i < buffer.count; i++) {
        const struct pending_store *store = store_buffer_at(&buffer, i);

        memcpy(seen + (store->addr - (uintptr_t)memory), store->bytes, store->size);
    }
}

/* The oldest entry that entry @place may not overtake, itself if there is none. */
static uint32_t first_that_overlaps(uint32_t place)
{
    for (uint32_t i = 0; i < place; i++) {
        const struct pending_store *one = store_buffer_at(&buffer, i), *other = store_buffer_at(&buffer, place);

        if (one->addr < other->addr + other->size && other->addr < one->addr + one->size)
            return first_that_overlaps(i);
    }
    return place;
}

static void test_any_sequence_agrees_with_a_replay(void **state)
{
    uint8_t shared[MEMORY], seen[MEMORY], bytes[8];

    (void)state;
    lot = 1;
    memcpy(shared, memory, MEMORY);
    for (int step = 0; step < 50000; step++) {
        uint32_t what = draw(4), size = 1 + draw(8), at = draw(MEMORY - size + 1);

        for (int i = 0; i < 8; i++)
            bytes[i] = (uint8_t)draw(256);
        if (what < 2 && store_buffer_room(&buffer)) {
            run_store(at, bytes, size);
            assert_memory_equal(store_buffer_at(&buffer, buffer.count - 1)->bytes, bytes, size);
        } else if (what == 2 && buffer.count) {
            uint32_t place = first_that_overlaps(draw(buffer.count));
            const struct pending_store *store = store_buffer_at(&buffer, place);

            memcpy(shared + (store->addr - (uintptr_t)memory), store->bytes, store->size);
            drain_entry(place);
        } else if (what == 3) {
            memcpy(shared + at, bytes, size);
            memcpy(memory + at, bytes, size);
        }
        assert_memory_equal(memory, shared, MEMORY);
        replay(shared, seen);
        store_buffer_lay(&buffer);
        assert_memory_equal(memory, seen, MEMORY);
        store_buffer_take_up(&buffer);
        assert_memory_equal(memory, shared, MEMORY);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_pending_store_is_seen_by_its_thread_only),
        TEST(test_overlapping_stores_lie_in_order),
        TEST(test_others_writes_are_seen_around_and_below),
        TEST(test_any_entry_may_drain),
        TEST(test_removal_keeps_the_order_of_the_rest),
        TEST(test_the_last_drain_of_a_line),
        TEST(test_laying_and_taking_up_twice_changes_nothing),
        TEST(test_bytes_are_those_at_the_next_entry),
        TEST(test_a_store_may_come_in_parts),
        TEST(test_the_ring_goes_round),
        TEST(test_full_at_its_number_of_entries),
        TEST(test_a_whole_line_fits_an_entry),
        TEST(test_any_sequence_agrees_with_a_replay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
