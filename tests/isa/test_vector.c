/* test_vector.c - elementwise vector instructions against a scalar reference: types, masks, strides, tails, repeats. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

static void vadd_f32_adds_full_repeats(void **state)
{
    float *ub = (float *)machine.buffer[ISA_UB];

    (void)state;
    for (int i = 0; i < 128; i++) {
        ub[i] = (float)i;
        ub[256 + i] = 0.5f * (float)i;
    }
    vadd((__ubuf__ float *)4096, (__ubuf__ float *)0, (__ubuf__ float *)1024, 2, 1, 1, 1, 8, 8, 8);
    assert_string_equal(machine.refused, "");
    for (int i = 0; i < 128; i++)
        assert_true(ub[1024 + i] == 1.5f * (float)i);
    assert_int_equal(machine.units, 2);
    assert_int_equal(machine.entry->pipe, ISA_V);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(vadd_f32_adds_full_repeats, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
