/* test_format.c - half precision and bfloat16: every half there and back, and rounding against the compiler's own. */
#include "isa/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

static void every_half_comes_back(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 65536; bits++) {
        float value = isa_f16_to_f32((uint16_t)bits);
        uint16_t in = (uint16_t)bits;
        _Float16 half;
        uint16_t back = isa_f32_to_f16(value);

        memcpy(&half, &in, 2);
        if (value != value) {
            assert_int_equal(back, bits | 0x200);
            continue;
        }
        assert_true(value == (float)half);
        assert_int_equal(back, bits);
    }
}

static void floats_round_to_nearest_even(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 4000000; i++) {
        uint32_t bits = (uint32_t)machine_noise(), in_range = (bits & 0x8fffffff) | 0x30000000;
        float value = isa_f32_of(i & 1 ? bits : in_range);
        _Float16 half = (_Float16)value;
        uint16_t wanted;

        memcpy(&wanted, &half, 2);
        if (value == value)
            assert_int_equal(isa_f32_to_f16(value), wanted);
    }
}

static void arrays_agree_with_single_values(void **state)
{
    enum { COUNT = 65543 };
    float *floats = malloc(COUNT * sizeof(float)), *again = malloc(COUNT * sizeof(float));
    uint16_t *halves = malloc(COUNT * 2);

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        floats[i] = isa_f32_of((uint32_t)machine_noise());
    isa_f32_to_f16_n(halves, floats, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(halves[i], isa_f32_to_f16(floats[i]));
    for (size_t i = 0; i < COUNT; i++)
        halves[i] = (uint16_t)i;
    isa_f16_to_f32_n(again, halves, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(isa_f32_bits(again[i]), isa_f32_bits(isa_f16_to_f32(halves[i])));
    free(floats);
    free(again);
    free(halves);
}

static void bfloats_round_to_nearest_even(void **state)
{
    (void)state;
    assert_int_equal(isa_f32_to_bf16(isa_f32_of(0x3f808000)), 0x3f80);
    assert_int_equal(isa_f32_to_bf16(isa_f32_of(0x3f818000)), 0x3f82);
    assert_int_equal(isa_f32_to_bf16(isa_f32_of(0x3f808001)), 0x3f81);
    assert_int_equal(isa_f32_to_bf16(isa_f32_of(0x7f7fffff)), 0x7f80);
    assert_int_equal(isa_f32_to_bf16(isa_f32_of(0x7f800001)), 0x7fc0);
    for (uint32_t bits = 0; bits < 65536; bits++) {
        float value = isa_bf16_to_f32((uint16_t)bits);

        if (value == value)
            assert_int_equal(isa_f32_to_bf16(value), bits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_half_comes_back),
        cmocka_unit_test(floats_round_to_nearest_even),
        cmocka_unit_test(arrays_agree_with_single_values),
        cmocka_unit_test(bfloats_round_to_nearest_even),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
