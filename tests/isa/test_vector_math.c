/* test_vector_math.c - how near vexp, vln, vsqrt, vrsqrt, vrec and vdiv come to the true value, in units of the last
 * place of it: every half, and floats across the whole range, against the C library in double.
 */
#include "cce.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"
#include "tests/isa/vector_meaning.h"

enum { HALVES = 65536, FLOATS = 32768, BATCHES = 8 };

static double reciprocal(double x)
{
    return 1 / x;
}

static double inverse_root(double x)
{
    return 1 / sqrt(x);
}

/* Issue @name on the @count elements at the start of UB, in place, whatever their number. */
#define OPERATION(name)                                                                                                \
    static void name##_f16(uint32_t count)                                                                             \
    {                                                                                                                  \
        machine.state.count_mode = true;                                                                               \
        machine.state.mask[0] = count;                                                                                 \
        name((__ubuf__ half *)0, (__ubuf__ half *)0, 0, 1, 1, 8, 8);                                                   \
    }                                                                                                                  \
    static void name##_f32(uint32_t count)                                                                             \
    {                                                                                                                  \
        machine.state.count_mode = true;                                                                               \
        machine.state.mask[0] = count;                                                                                 \
        name((__ubuf__ float *)0, (__ubuf__ float *)0, 0, 1, 1, 8, 8);                                                 \
    }
OPERATION(vexp)
OPERATION(vln)
OPERATION(vsqrt)
OPERATION(vrsqrt)
OPERATION(vrec)

static const struct operation {
    const char *name;
    double (*meaning)(double);
    void (*f16)(uint32_t count), (*f32)(uint32_t count);
    double ulps_f16, ulps_f32; /* what vector_float.c claims */
} operations[] = {
    {"vexp", exp, vexp_f16, vexp_f32, 0.5001, 0.5002},
    {"vln", log, vln_f16, vln_f32, 0.5001, 0.5006},
    {"vsqrt", sqrt, vsqrt_f16, vsqrt_f32, 0.5, 0.5},
    {"vrsqrt", inverse_root, vrsqrt_f16, vrsqrt_f32, 0.5, 0.500001},
    {"vrec", reciprocal, vrec_f16, vrec_f32, 0.5, 0.500001}, /* the reference is rounded, too */
};

/* The unit of the last place of @value in a type of @digits bits whose least exponent is @least. */
static double ulp(double value, int digits, int least)
{
    int exponent;

    frexp(value, &exponent);
    return ldexp(1, (exponent > least ? exponent : least) - digits);
}

static void check(const struct operation *op, enum isa_type type, uint32_t in, uint32_t out)
{
    double x = float_of(type, in), got = float_of(type, out), wanted = op->meaning(x);
    double rounded = float_of(type, float_bits(type, (float)wanted));
    double allowed = type == ISA_F16 ? op->ulps_f16 * ulp(wanted, 11, -13) : op->ulps_f32 * ulp(wanted, 24, -125);

    if (isnan(wanted) || isinf(rounded) || rounded == 0)
        assert_int_equal(out, float_bits(type, (float)wanted));
    else if (!(fabs(got - wanted) <= allowed))
        fail_msg("%s of %a (%x) is %a, should be %a", op->name, x, in, got, wanted);
}

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

static void every_half(void **state)
{
    uint16_t *ub = (uint16_t *)machine.buffer[ISA_UB];

    (void)state;
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        for (uint32_t bits = 0; bits < HALVES; bits++)
            ub[bits] = (uint16_t)bits;
        operations[i].f16(HALVES);
        for (uint32_t bits = 0; bits < HALVES; bits++)
            check(&operations[i], ISA_F16, bits, ub[bits]);
    }
}

/* Most batches are spread over all floats; the last ones lie where e^x is neither 0 nor infinite, and around 1. */
static uint32_t sample(int batch)
{
    uint64_t noise = machine_noise();
    float value;
    uint32_t bits;

    if (batch < BATCHES - 3)
        return (uint32_t)noise;
    if (batch == BATCHES - 1)
        return 0x3f800000 + (uint32_t)(noise % 0x20000) - 0x10000;
    value = (float)((double)(noise >> 11) * 0x1p-53 * 194 - 105);
    memcpy(&bits, &value, 4);
    return bits;
}

static void many_floats(void **state)
{
    static uint32_t in[FLOATS];
    uint32_t *ub = (uint32_t *)machine.buffer[ISA_UB];

    (void)state;
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
        for (int batch = 0; batch < BATCHES; batch++) {
            for (uint32_t k = 0; k < FLOATS; k++)
                ub[k] = in[k] = sample(batch);
            operations[i].f32(FLOATS);
            for (uint32_t k = 0; k < FLOATS; k++)
                check(&operations[i], ISA_F32, in[k], ub[k]);
        }
}

static void special_values(void **state)
{
    static const struct {
        const char *name;
        uint32_t in, out;
    } cases[] = {
        {"vexp", 0x00000000, 0x3f800000},   {"vexp", 0x80000000, 0x3f800000},   {"vexp", 0x7f800000, 0x7f800000},
        {"vexp", 0xff800000, 0x00000000},   {"vexp", 0x42b17218, 0x7f800000},   {"vexp", 0x42b17217, 0x7f7fff84},
        {"vexp", 0xc2cff1b4, 0x00000001},   {"vexp", 0xc2cff1b5, 0x00000000},   {"vexp", 0x7f800001, 0x7fc00000},
        {"vln", 0x00000000, 0xff800000},    {"vln", 0x80000000, 0xff800000},    {"vln", 0x3f800000, 0x00000000},
        {"vln", 0xbf800000, 0x7fc00000},    {"vln", 0x7f800000, 0x7f800000},    {"vln", 0xff800000, 0x7fc00000},
        {"vln", 0x00000001, 0xc2ce8ed0},    {"vsqrt", 0x80000000, 0x80000000},  {"vsqrt", 0xbf800000, 0x7fc00000},
        {"vrsqrt", 0x00000000, 0x7f800000}, {"vrsqrt", 0x80000000, 0xff800000}, {"vrsqrt", 0x7f800000, 0x00000000},
        {"vrec", 0x00000000, 0x7f800000},   {"vrec", 0x80000000, 0xff800000},   {"vrec", 0xff800000, 0x80000000},
    };
    uint32_t *ub = (uint32_t *)machine.buffer[ISA_UB];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (size_t k = 0; k < sizeof(operations) / sizeof(operations[0]); k++)
            if (is(operations[k].name, cases[i].name)) {
                ub[0] = cases[i].in;
                operations[k].f32(1);
                if (ub[0] != cases[i].out)
                    fail_msg("%s of %x is %x, should be %x", cases[i].name, cases[i].in, ub[0], cases[i].out);
            }
}

static void quotients_are_rounded_correctly(void **state)
{
    uint32_t *ub = (uint32_t *)machine.buffer[ISA_UB], in[2][4096];

    (void)state;
    for (uint32_t k = 0; k < 4096; k++) {
        ub[k] = in[0][k] = (uint32_t)machine_noise();
        ub[4096 + k] = in[1][k] = k & 1 ? sample(BATCHES - 1) : (uint32_t)machine_noise();
    }
    vdiv((__ubuf__ float *)0, (__ubuf__ float *)0, (__ubuf__ float *)16384, 64, 1, 1, 1, 8, 8, 8);
    for (uint32_t k = 0; k < 4096; k++)
        assert_int_equal(ub[k],
                         float_bits(ISA_F32, (float)(float_of(ISA_F32, in[0][k]) / float_of(ISA_F32, in[1][k]))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_half, reset),
        cmocka_unit_test_setup(many_floats, reset),
        cmocka_unit_test_setup(special_values, reset),
        cmocka_unit_test_setup(quotients_are_rounded_correctly, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
