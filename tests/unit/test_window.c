/* test_window.c - the registers of one AICore as the AICPU addresses them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/core/window.h"

static struct window window;

static int start(void **state)
{
    (void)state;
    window = (struct window){0};
    return 0;
}

static void set(uint32_t offset, uint32_t value)
{
    assert_true(window_set(&window, offset, value));
}

static void expect(uint32_t offset, uint32_t value)
{
    uint32_t got = ~value;

    assert_true(window_get(&window, offset, &got));
    assert_int_equal(got, value);
}

static void test_registers_stand_where_the_platform_says(void **state)
{
    (void)state;
    assert_int_equal(WINDOW_CTRL, 0x0);
    assert_int_equal(WINDOW_FAST_PATH_ENABLE, 0x18);
    assert_int_equal(WINDOW_DATA_MAIN_BASE, 0xA0);
    assert_int_equal(WINDOW_COND, 0x4C8);
}

static void test_registers_keep_what_is_written(void **state)
{
    static const uint32_t offsets[] = {WINDOW_CTRL, WINDOW_DATA_MAIN_BASE, WINDOW_DATA_MAIN_BASE + 4, WINDOW_COND,
                                       WINDOW_COND + 4};

    (void)state;
    set(WINDOW_FAST_PATH_ENABLE, WINDOW_FAST_PATH_OPEN);
    for (uint32_t i = 0; i < 5; i++)
        set(offsets[i], 100 + i);
    for (uint32_t i = 0; i < 5; i++)
        expect(offsets[i], 100 + i);
    expect(WINDOW_FAST_PATH_ENABLE, WINDOW_FAST_PATH_OPEN);
}

static void test_there_is_nothing_between_the_registers(void **state)
{
    (void)state;
    for (uint32_t offset = 0; offset < 0x1000; offset++) {
        uint32_t value = 77;
        bool exists = offset == WINDOW_CTRL || offset == WINDOW_FAST_PATH_ENABLE ||
                      (offset & ~4u) == WINDOW_DATA_MAIN_BASE || (offset & ~4u) == WINDOW_COND;

        assert_int_equal(window_get(&window, offset, &value), exists);
        assert_int_equal(value, exists ? 0 : 77);
        assert_int_equal(window_set(&window, offset, 0), exists);
    }
}

static void test_a_closed_fast_path_loses_writes_of_data_main_base(void **state)
{
    (void)state;
    set(WINDOW_DATA_MAIN_BASE, 1); /* closed until it is opened */
    expect(WINDOW_DATA_MAIN_BASE, 0);
    set(WINDOW_FAST_PATH_ENABLE, WINDOW_FAST_PATH_OPEN);
    set(WINDOW_DATA_MAIN_BASE, 2);
    set(WINDOW_DATA_MAIN_BASE + 4, 3);
    set(WINDOW_FAST_PATH_ENABLE, WINDOW_FAST_PATH_CLOSE);
    set(WINDOW_DATA_MAIN_BASE, 4);
    set(WINDOW_DATA_MAIN_BASE + 4, 5);
    expect(WINDOW_DATA_MAIN_BASE, 2); /* what was there stays */
    expect(WINDOW_DATA_MAIN_BASE + 4, 3);
}

static void test_a_closed_fast_path_is_no_matter_to_other_registers(void **state)
{
    (void)state;
    set(WINDOW_FAST_PATH_ENABLE, WINDOW_FAST_PATH_CLOSE);
    set(WINDOW_COND, 6);
    set(WINDOW_CTRL, 7);
    expect(WINDOW_COND, 6);
    expect(WINDOW_CTRL, 7);
}

static void test_a_launch_clears_data_main_base_only(void **state)
{
    (void)state;
    set(WINDOW_FAST_PATH_ENABLE, WINDOW_FAST_PATH_OPEN);
    set(WINDOW_DATA_MAIN_BASE, 1);
    set(WINDOW_DATA_MAIN_BASE + 4, 2);
    set(WINDOW_COND, 3);
    set(WINDOW_COND + 4, 4);
    set(WINDOW_CTRL, 5);
    window_reset(&window);
    expect(WINDOW_DATA_MAIN_BASE, 0);
    expect(WINDOW_DATA_MAIN_BASE + 4, 0);
    expect(WINDOW_COND, 3);
    expect(WINDOW_COND + 4, 4);
    expect(WINDOW_CTRL, 5);
    expect(WINDOW_FAST_PATH_ENABLE, WINDOW_FAST_PATH_OPEN);
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_registers_stand_where_the_platform_says),
        TEST(test_registers_keep_what_is_written),
        TEST(test_there_is_nothing_between_the_registers),
        TEST(test_a_closed_fast_path_loses_writes_of_data_main_base),
        TEST(test_a_closed_fast_path_is_no_matter_to_other_registers),
        TEST(test_a_launch_clears_data_main_base_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
