/* test_directory.c - who holds a line: entries that come and go, and up to 128 holders in each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/memory/directory.h"

enum { LINES = 1000, CAPACITY = 4 };

static struct directory directory;

static int start(void **state)
{
    (void)state;
    return directory_init(&directory, LINES, CAPACITY);
}

static int stop(void **state)
{
    (void)state;
    directory_fini(&directory);
    return 0;
}

/* ---- holders ---- */

static void test_a_new_entry_has_no_holder_and_shows_gm(void **state)
{
    const struct directory_entry *entry = directory_make(&directory, 7);

    (void)state;
    for (int holder = 0; holder < DIRECTORY_HOLDERS; holder++)
        assert_false(directory_holds(entry, holder));
    assert_int_equal(directory_next(entry, 0), DIRECTORY_NOBODY);
    assert_int_equal(entry->shown, DIRECTORY_NOBODY);
    assert_int_equal(entry->done_core, DIRECTORY_NOBODY);
    assert_int_equal(entry->watchers, 0);
}

static void test_each_of_128_holders_stands_alone(void **state)
{
    struct directory_entry *entry = directory_make(&directory, 7);

    (void)state;
    for (int holder = 0; holder < DIRECTORY_HOLDERS; holder++) {
        directory_add(entry, holder);
        for (int other = 0; other < DIRECTORY_HOLDERS; other++)
            assert_int_equal(directory_holds(entry, other), other == holder);
        assert_int_equal(directory_next(entry, 0), holder);
        assert_int_equal(directory_next(entry, holder), holder);
        assert_int_equal(directory_next(entry, holder + 1), DIRECTORY_NOBODY);
        directory_remove(entry, holder);
        assert_false(directory_holds(entry, holder));
    }
}

static void test_holders_are_visited_in_order(void **state)
{
    static const int holders[] = {0, 1, 62, 63, 64, 65, 126, DIRECTORY_CLUSTER};
    struct directory_entry *entry = directory_make(&directory, 7);
    int at = 0;

    (void)state;
    for (int i = 7; i >= 0; i--)
        directory_add(entry, holders[i]);
    for (int holder = directory_next(entry, 0); holder != DIRECTORY_NOBODY; holder = directory_next(entry, holder + 1))
        assert_int_equal(holder, holders[at++]);
    assert_int_equal(at, 8);
}

static void test_adding_and_removing_twice_changes_nothing(void **state)
{
    struct directory_entry *entry = directory_make(&directory, 7);

    (void)state;
    directory_add(entry, 5);
    directory_add(entry, 5);
    directory_remove(entry, 5);
    assert_false(directory_holds(entry, 5));
    directory_remove(entry, 5);
    assert_int_equal(directory_next(entry, 0), DIRECTORY_NOBODY);
}

/* ---- entries ---- */

static void test_a_line_has_one_entry_that_stays_where_it_is(void **state)
{
    struct directory_entry *entry = directory_make(&directory, 999);

    (void)state;
    assert_null(directory_get(&directory, 0));
    assert_ptr_equal(directory_get(&directory, 999), entry);
    assert_ptr_equal(directory_make(&directory, 999), entry);
    directory_make(&directory, 0);
    directory_make(&directory, 1);
    assert_ptr_equal(directory_get(&directory, 999), entry);
}

static void test_only_an_unused_entry_is_released(void **state)
{
    struct directory_entry *entry = directory_make(&directory, 3);

    (void)state;
    directory_add(entry, DIRECTORY_CLUSTER);
    directory_release(&directory, 3);
    assert_ptr_equal(directory_get(&directory, 3), entry);
    directory_remove(entry, DIRECTORY_CLUSTER);

    entry->watchers = 1;
    directory_release(&directory, 3);
    assert_ptr_equal(directory_get(&directory, 3), entry);
    entry->watchers = 0;

    entry->done_ps = 1;
    directory_release(&directory, 3);
    assert_ptr_equal(directory_get(&directory, 3), entry);
    entry->done_ps = 0;

    directory_release(&directory, 3);
    assert_null(directory_get(&directory, 3));
    directory_release(&directory, 3); /* nothing to do */
}

static void test_a_released_entry_starts_anew(void **state)
{
    struct directory_entry *entry = directory_make(&directory, 3);

    (void)state;
    entry->aicpu_stored_ps = 17;
    entry->shown = 5;
    directory_release(&directory, 3);
    entry = directory_make(&directory, 4);
    assert_int_equal(entry->aicpu_stored_ps, 0);
    assert_int_equal(entry->shown, DIRECTORY_NOBODY);
}

static void test_capacity_bounds_entries_in_use(void **state)
{
    (void)state;
    for (uint64_t line = 0; line < CAPACITY; line++)
        assert_non_null(directory_make(&directory, line));
    assert_null(directory_make(&directory, 500));
    assert_non_null(directory_make(&directory, 2)); /* it has one */
    directory_release(&directory, 1);
    assert_non_null(directory_make(&directory, 500));
    assert_null(directory_get(&directory, 1));
    assert_null(directory_make(&directory, 501));
}

static void test_released_entries_come_back_without_end(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 10000; i++) {
        struct directory_entry *entry = directory_make(&directory, i % LINES);

        assert_non_null(entry);
        directory_add(entry, (int)(i % DIRECTORY_HOLDERS));
        directory_remove(entry, (int)(i % DIRECTORY_HOLDERS));
        directory_release(&directory, i % LINES);
    }
    assert_true(directory.used <= CAPACITY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_new_entry_has_no_holder_and_shows_gm),
        TEST(test_each_of_128_holders_stands_alone),
        TEST(test_holders_are_visited_in_order),
        TEST(test_adding_and_removing_twice_changes_nothing),
        TEST(test_a_line_has_one_entry_that_stays_where_it_is),
        TEST(test_only_an_unused_entry_is_released),
        TEST(test_a_released_entry_starts_anew),
        TEST(test_capacity_bounds_entries_in_use),
        TEST(test_released_entries_come_back_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
