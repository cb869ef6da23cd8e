/* test_recorder_names.c - one copy of each text, which stays where it is whatever comes later. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "model/recorder_names.h"

static void each_text_has_one_copy(void **state)
{
    enum { NAMES = 1000 };
    struct recorder_names names = {0};
    const char *kept[NAMES];
    char text[32];
    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < NAMES; i++) {
            snprintf(text, sizeof text, "phase %d", i);
            const char *name = names_keep(&names, text);
            assert_ptr_not_equal(name, text);
            if (round == 0)
                kept[i] = name;
            assert_ptr_equal(name, kept[i]);
            assert_string_equal(kept[i], text);
        }
    assert_string_equal(names_keep(&names, ""), "");
    names_free(&names);
}

static void it_can_be_used_again(void **state)
{
    struct recorder_names names = {0};
    (void)state;
    names_free(&names);
    assert_string_equal(names_keep(&names, "a"), "a");
    names_free(&names);
    assert_string_equal(names_keep(&names, "a"), "a");
    names_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_has_one_copy),
        cmocka_unit_test(it_can_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
