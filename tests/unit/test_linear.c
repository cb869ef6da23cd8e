/* test_linear.c - costs as chip files write them: what each form comes to, and that what is printed reads the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/linear.h"

enum { MOST = 1000000 };

static const struct {
    const char *text, *printed;
    struct isa_linear linear; /* head, slope, tail, counted */
} forms[] = {
    {"12 + n", "12 + 1n", {12000000, 1000000, 0, 0}},
    {"10 + 2n + 14", "10 + 2n + 14", {10000000, 2000000, 14000000, 0}},
    {"13 + 2.5n + 18, counted 16", "13 + 2.5n + 18, counted 16", {13000000, 2500000, 18000000, 16000000}},
    {"10 + 2n, counted 16", "10 + 2n, counted 16", {10000000, 2000000, 0, 16000000}},
    {"0 + 0n", "0 + 0n", {0, 0, 0, 0}},
    {"1 + n + 0, counted 0", "1 + 1n", {1000000, 1000000, 0, 0}},
    /* blanks */
    {"10+2n+14,counted 16", "10 + 2n + 14, counted 16", {10000000, 2000000, 14000000, 16000000}},
    {"10\t +  2 n / 4 +1 ,  counted16", "10 + 0.5n + 1, counted 16", {10000000, 500000, 1000000, 16000000}},
    /* each part is rounded once, to the nearest millionth; halves upwards */
    {"265 + n/128", "265 + 0.007813n", {265000000, 7813, 0, 0}},   /* 0.0078125 */
    {"265 + n/109.4", "265 + 0.009141n", {265000000, 9141, 0, 0}}, /* 0.00914077 */
    {"0 + 1.5n/109.4", "0 + 0.013711n", {0, 13711, 0, 0}},         /* 0.01371115: not 1.5 times 0.009141 */
    {"0 + 3n/0.25", "0 + 12n", {0, 12000000, 0, 0}},               /* a divisor may be below 1 */
    {"0.0000005 + 0.00000049n", "0.000001 + 0n", {1, 0, 0, 0}},
    {"0.1 + 0.3n + 0.7", "0.1 + 0.3n + 0.7", {100000, 300000, 700000, 0}},
    {"1.000001 + 10n", "1.000001 + 10n", {1000001, 10000000, 0, 0}},
    /* the largest */
    {"1000000 + 1000000n + 1000000, counted 1000000",
     "1000000 + 1000000n + 1000000, counted 1000000",
     {1000000000000, 1000000000000, 1000000000000, 1000000000000}},
    {"0 + 999999999999999n/999999999999.999", "0 + 1000n", {0, 1000000000, 0, 0}},
    {"0 + 0.00000000000001n/999999999999999", "0 + 0n", {0, 0, 0, 0}},
};

static void read_well(const char *text, struct isa_linear *linear)
{
    char problem[QUANTITY_TEXT];

    memset(linear, 0xff, sizeof(*linear));
    if (linear_parse(text, MOST, linear, problem))
        fail_msg("%s: %s", text, problem);
}

static void test_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct isa_linear linear, again;
        char printed[QUANTITY_TEXT];

        read_well(forms[i].text, &linear);
        assert_memory_equal(&linear, &forms[i].linear, sizeof(linear));
        linear_print(&linear, printed);
        assert_string_equal(printed, forms[i].printed);
        read_well(printed, &again);
        assert_memory_equal(&again, &linear, sizeof(linear));
    }
}

static const struct {
    const char *text, *problem;
} mistakes[] = {
    /* parts that are no numbers */
    {"n", "the head is a plain number of at most 15 digits"},
    {"", "the head is a plain number of at most 15 digits"},
    {"-1 + n", "the head is a plain number of at most 15 digits"},
    {"1234567890123456 + n", "the head is a plain number of at most 15 digits"},
    {"1 +", "the slope is a plain number of at most 15 digits"},
    {"1 + + 2", "the slope is a plain number of at most 15 digits"},
    {"1 + n/", "the divisor is a plain number of at most 15 digits"},
    {"1 + n/n", "the divisor is a plain number of at most 15 digits"},
    {"1 + n +", "the tail is a plain number of at most 15 digits"},
    {"1 + n + x", "the tail is a plain number of at most 15 digits"},
    {"1 + n, counted", "the counted part is a plain number of at most 15 digits"},
    /* parts that are missing */
    {"10", "a cost needs its slope"},
    {"10 + 2", "the slope needs its n"},
    {"10 + 2 + 14", "the slope needs its n"},
    {"10 + 2N", "the slope needs its n"},
    /* parts that have no place */
    {"2n + 10", "a cost has no \"n + 10\" after its head"},
    {"10cyc + 2n", "a cost has no \"cyc + 2n\" after its head"},
    {"10 - 2n", "a cost has no \"- 2n\" after its head"},
    {"10 + 2nn", "a cost has no \"n\" after its slope"},
    {"10 + 2n 14", "a cost has no \"14\" after its slope"},
    {"10 + n/128 B", "a cost has no \"B\" after its slope"},
    {"10 + 2n + 14 + 3", "a cost has no \"+ 3\" after its tail"},
    {"10 + 2n + 14 counted 16", "a cost has no \"counted 16\" after its tail"},
    {"10 + 2n + 14, 16", "a cost has no \", 16\" after its tail"},
    {"10 + 2n, counted 16 + 14", "a cost has no \"+ 14\" after its counted part"},
    /* values */
    {"10 + n/0", "the divisor is 0"},
    {"10 + n/0.00", "the divisor is 0"},
    {"1000000.000001 + n", "the head is too large"},
    {"1 + 1000001n", "the slope is too large"},
    {"1 + n/0.0000001", "the slope is too large"},
    {"1 + 999999999999999n/0.00000000000001", "the slope is too large"},
    {"1 + n + 999999999999999", "the tail is too large"},
    {"1 + n, counted 1000001", "the counted part is too large"},
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct isa_linear linear = {1, 2, 3, 4};
        char problem[QUANTITY_TEXT] = "";

        assert_int_equal(linear_parse(mistakes[i].text, MOST, &linear, problem), -1);
        assert_string_equal(problem, mistakes[i].problem);
        assert_memory_equal(&linear, (&(struct isa_linear){1, 2, 3, 4}), sizeof(linear)); /* as it was */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
