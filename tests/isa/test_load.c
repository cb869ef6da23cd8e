/* test_load.c - loads of L0A, L0B, BT and FB: where each element comes from, by the definition of the layout. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

#define L1  machine.buffer[ISA_L1]
#define L0A machine.buffer[ISA_L0A]
#define L0B machine.buffer[ISA_L0B]

enum { SRC = 4096, DST = 1024 };

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

static void same(const uint8_t *at, const uint8_t *want, uint32_t size, const char *where, uint32_t i, uint32_t j)
{
    if (memcmp(at, want, size) != 0)
        fail_msg("%s: %u, %u", where, i, j);
}

/* ---- fractals ---- */

static void fractals_are_copied_with_strides(void **state)
{
    (void)state;
    load_cbuf_to_ca((__ca__ half *)DST, (__cbuf__ half *)SRC, 3, 5, 7, 2, 0, false, inc);
    assert_string_equal(machine.refused, "");
    for (uint32_t i = 0; i < 5; i++)
        same(L0A + DST + i * 3 * 512, L1 + SRC + (3 + i * 7) * 512, 512, "ca", i, 0);
    assert_int_equal(machine.units, 5 * 512);
    assert_int_equal(machine.entry->cost, ISA_COST_l1_to_l0a);
    load_cbuf_to_cb((__cb__ int8_t *)DST, (__cbuf__ int8_t *)SRC, 40, 6, 8, 0, 0, false, dec);
    assert_string_equal(machine.refused, "");
    for (uint32_t i = 0; i < 6; i++)
        same(L0B + DST + i * 512, L1 + SRC + (40 - i * 8) * 512, 512, "cb", i, 0);
    assert_int_equal(machine.entry->cost, ISA_COST_l1_to_l0b);
    assert_int_equal(machine.entry->pipe, ISA_MTE1);
    load_cbuf_to_cb((__cb__ float *)DST, (__cbuf__ float *)SRC, 0, 0, 1, 0, 0, false, inc);
    assert_string_equal(machine.refused, "");
    assert_int_equal(machine.written_bytes, 0);
}

static void halves_are_transposed_by_fractals(void **state)
{
    (void)state;
    load_cbuf_to_cb((__cb__ bfloat16_t *)DST, (__cbuf__ bfloat16_t *)SRC, 1, 3, 2, 1, 0, true, inc);
    assert_string_equal(machine.refused, "");
    for (uint32_t f = 0; f < 3; f++)
        for (uint32_t i = 0; i < 16; i++)
            for (uint32_t j = 0; j < 16; j++)
                same(L0B + DST + f * 2 * 512 + (j * 16 + i) * 2, L1 + SRC + (1 + f * 2) * 512 + (i * 16 + j) * 2, 2,
                     "b16", i, j);
}

static void squares_of_bytes(void **state)
{
    (void)state;
    load_cbuf_to_ca_transpose((__ca__ int8_t *)DST, (__cbuf__ int8_t *)SRC, 2, 3, 4, 6, false, 1);
    assert_string_equal(machine.refused, "");
    for (uint32_t f = 0; f < 3; f++)
        for (uint32_t i = 0; i < 32; i++)
            for (uint32_t j = 0; j < 32; j++) /* (i, j) of the square becomes (j, i), in fractal j / 16 */
                same(L0A + DST + f * 7 * 512 + j / 16 * 2 * 512 + j % 16 * 32 + i,
                     L1 + SRC + (2 + f * 4) * 1024 + i * 32 + j, 1, "b8", i, j);
    assert_int_equal(machine.units, 3 * 1024);
}

static void squares_of_halves(void **state)
{
    (void)state;
    load_cbuf_to_cb_transpose((__cb__ half *)DST, (__cbuf__ half *)SRC, 9, 3, 2, 1, true, 5);
    assert_string_equal(machine.refused, "");
    for (uint32_t f = 0; f < 3; f++)
        for (uint32_t i = 0; i < 16; i++)
            for (uint32_t j = 0; j < 16; j++)
                same(L0B + DST + f * 2 * 512 + (j * 16 + i) * 2, L1 + SRC + (9 - f * 2) * 512 + (i * 16 + j) * 2, 2,
                     "b16", i, j);
}

static void squares_of_floats(void **state)
{
    (void)state;
    load_cbuf_to_cb_transpose((__cb__ float *)DST, (__cbuf__ float *)SRC, 1, 2, 3, 3, false, 0);
    assert_string_equal(machine.refused, "");
    for (uint32_t f = 0; f < 2; f++)
        for (uint32_t i = 0; i < 16; i++)
            for (uint32_t j = 0; j < 16; j++)
                same(L0B + DST + f * 4 * 512 + i / 8 * 512 + j * 32 + i % 8 * 4,
                     L1 + SRC + (1 + f * 3) * 1024 + j / 8 * 512 + i * 32 + j % 8 * 4, 4, "b32", i, j);
}

static void fractals_are_refused(void **state)
{
    (void)state;
    load_cbuf_to_ca((__ca__ half *)32, (__cbuf__ half *)SRC, 0, 1, 1, 0, 0, false, inc);
    assert_string_equal(machine.refused, "the destination is not a multiple of 512");
    load_cbuf_to_ca((__ca__ float *)0, (__cbuf__ float *)SRC, 0, 1, 1, 0, 0, true, inc);
    assert_string_equal(machine.refused,
                        "transpose is for 16-bit elements only; others have load_cbuf_to_ca/cb_transpose");
    load_cbuf_to_ca((__ca__ half *)0, (__cbuf__ half *)SRC, 5, 4, 2, 0, 0, false, dec);
    assert_string_equal(machine.refused, "the source counts down below its first fractal");
    load_cbuf_to_ca((__ca__ half *)0, (__cbuf__ half *)16, 0, 1, 1, 0, 0, false, inc);
    assert_string_equal(machine.refused, "operand 1 is not aligned to 32 bytes");
    load_cbuf_to_ca((__ca__ half *)0, (__cbuf__ half *)0, 0, 129, 1, 0, 0, false, inc);
    assert_string_equal(machine.refused, "outside of a buffer");
}

/* ---- img2col ---- */

struct conv {
    uint32_t w, h, left, right, top, bottom, stride_w, stride_h, filter_w, filter_h, dilation_w, dilation_h, channels;
};

static void set_map(const struct conv *c, bool b)
{
    dav_spr_write(b ? ISA_SPR_FMATRIX_B : ISA_SPR_FMATRIX, c->w | c->h << 16 | (uint64_t)c->left << 32 |
                                                               (uint64_t)c->right << 40 | (uint64_t)c->top << 48 |
                                                               (uint64_t)c->bottom << 56);
    dav_spr_write(b ? ISA_SPR_FMATRIX : ISA_SPR_FMATRIX_B, 0);
}

/* Element (m, k) of the whole matrix, from its definition; NULL: padding. */
static const uint8_t *element(const struct conv *c, uint32_t size, uint32_t m, uint32_t k)
{
    int out_w = (int)((c->w + c->left + c->right - (c->filter_w - 1) * c->dilation_w - 1) / c->stride_w + 1);
    uint32_t c0 = 32 / size, channel = k % c0, kw = k / c0 % c->filter_w, kh = k / c0 / c->filter_w % c->filter_h,
             c1 = k / c0 / c->filter_w / c->filter_h;
    int x = (int)m % out_w * (int)c->stride_w - (int)c->left + (int)(kw * c->dilation_w),
        y = (int)m / out_w * (int)c->stride_h - (int)c->top + (int)(kh * c->dilation_h);

    if (x < 0 || x >= (int)c->w || y < 0 || y >= (int)c->h)
        return NULL;
    return L1 + SRC + (((c1 * c->h + (uint32_t)y) * c->w + (uint32_t)x) * c0 + channel) * size;
}

/* Where row r, element e along k stands in L0A; column r, element e in L0B. */
static uint32_t zz(uint32_t size, uint32_t r, uint32_t e, uint32_t all)
{
    uint32_t c0 = 32 / size;

    return (r / 16 * ((all + c0 - 1) / c0) + e / c0) * 512 + r % 16 * 32 + e % c0 * size;
}

static uint32_t zn(uint32_t size, uint32_t r, uint32_t e, uint32_t all)
{
    uint32_t c0 = 32 / size;

    return (e / c0 * ((all + 15) / 16) + r / 16) * 512 + r % 16 * 32 + e % c0 * size;
}

static void load_image(const struct conv *c, uint32_t size, bool to_b, bool transpose, uint32_t step_k, uint32_t step_m,
                       uint32_t pos_k, uint32_t pos_m)
{
#define LOAD(name, type)                                                                                               \
    name((type *)DST, (const type *)SRC, (uint16_t)step_k, (uint16_t)step_m, (uint16_t)pos_k, (uint16_t)pos_m,         \
         (uint8_t)c->stride_w, (uint8_t)c->stride_h, (uint8_t)c->filter_w, (uint8_t)c->filter_h,                       \
         (uint8_t)c->dilation_w, (uint8_t)c->dilation_h, c->filter_w > 255, c->filter_h > 255, transpose, to_b,        \
         (uint16_t)c->channels)
    if (size == 1)
        to_b ? LOAD(img2colv2_cbuf_to_cb, int8_t) : LOAD(img2colv2_cbuf_to_ca, int8_t);
    else if (size == 2)
        to_b ? LOAD(img2colv2_cbuf_to_cb, half) : LOAD(img2colv2_cbuf_to_ca, half);
    else
        to_b ? LOAD(img2colv2_cbuf_to_cb, float) : LOAD(img2colv2_cbuf_to_ca, float);
#undef LOAD
}

static void check_image(const struct conv *c, uint32_t size, bool to_b, bool transpose, uint32_t step_k,
                        uint32_t step_m, uint32_t pos_k, uint32_t pos_m)
{
    static const uint8_t padding[] = {0x34, 0x12, 0x78, 0x56};

    set_map(c, to_b);
    dav_spr_write(ISA_SPR_PADDING, 0x56781234);
    load_image(c, size, to_b, transpose, step_k, step_m, pos_k, pos_m);
    assert_string_equal(machine.refused, "");
    assert_int_equal(machine.units, step_k * step_m * size);
    assert_int_equal(machine.written_bytes, step_k * step_m * size);
    for (uint32_t m = 0; m < step_m; m++)
        for (uint32_t k = 0; k < step_k; k++) {
            const uint8_t *want = element(c, size, pos_m + m, pos_k + k), *at;

            if (!to_b)
                at = L0A + DST + (transpose ? zz(size, k, m, step_m) : zz(size, m, k, step_k));
            else
                at = L0B + DST + (transpose ? zn(size, m, k, step_m) : zn(size, k, m, step_k));
            same(at, want ? want : padding, size, to_b ? "cb" : "ca", m, k);
        }
}

static void matrices_by_a_1x1_filter(void **state)
{
    const struct conv c = {.w = 96,
                           .h = 1,
                           .stride_w = 1,
                           .stride_h = 1,
                           .filter_w = 1,
                           .filter_h = 1,
                           .dilation_w = 1,
                           .dilation_h = 1,
                           .channels = 64};

    (void)state;
    for (uint32_t size = 1; size <= 4; size *= 2)
        for (int way = 0; way < 4; way++) {
            check_image(&c, size, way & 1, way & 2, 64, 48, 0, 0);
            check_image(&c, size, way & 1, way & 2, 32, 32, 32, 16);
            check_image(&c, size, way & 1, way & 2, 41, 23, 0, 5);
        }
}

static void convolutions(void **state)
{
    static const struct conv convs[] = {
        {16, 4, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 32},  {57, 13, 1, 2, 1, 2, 2, 2, 3, 3, 2, 2, 32},
        {9, 25, 1, 1, 1, 1, 1, 2, 3, 3, 2, 1, 64},  {30, 14, 3, 0, 1, 2, 2, 2, 4, 4, 1, 1, 32},
        {60, 10, 1, 0, 1, 1, 2, 2, 2, 2, 2, 2, 64}, {7, 5, 0, 4, 2, 0, 3, 1, 5, 1, 1, 7, 32},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(convs) / sizeof(*convs); i++)
        for (uint32_t size = 1; size <= 4; size *= 2) {
            uint32_t k = convs[i].filter_w * convs[i].filter_h * 32 / size;

            check_image(&convs[i], size, false, false, k < 160 ? k : 160, 32, 0, 0);
            check_image(&convs[i], size, false, false, 64, 19, 32, 9);
            check_image(&convs[i], size, false, size == 2, 37, 33, 32, 3);
            check_image(&convs[i], size, true, false, 40, 20, 0, 11);
        }
}

static void a_wide_filter(void **state)
{
    const struct conv c = {.w = 300,
                           .h = 2,
                           .stride_w = 1,
                           .stride_h = 1,
                           .filter_w = 257,
                           .filter_h = 1,
                           .dilation_w = 1,
                           .dilation_h = 1,
                           .channels = 16};

    (void)state;
    check_image(&c, 2, false, false, 64, 16, 254 * 16, 1);
}

static void images_are_refused(void **state)
{
    static const struct conv good = {16, 4, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 32};
    struct conv c = good;

    (void)state;
#define REFUSED(why, ...)                                                                                              \
    do {                                                                                                               \
        set_map(&c, false);                                                                                            \
        load_image(&c, 2, false, false, __VA_ARGS__);                                                                  \
        assert_string_equal(machine.refused, why);                                                                     \
        c = good;                                                                                                      \
    } while (0)
    REFUSED("", 16, 16, 0, 0);
    REFUSED("stepK or stepM is 0", 0, 16, 0, 0);
    REFUSED("stepK or stepM is 0", 16, 0, 0, 0);
    REFUSED("posK is not a multiple of the elements in 32 B", 16, 16, 8, 0);
    c.stride_h = 0;
    REFUSED("a stride or dilation is 0", 16, 16, 0, 0);
    c.filter_w = 256; /* 0, and not high */
    c.filter_h = 0;
    REFUSED("the filter's width or height is 0", 16, 16, 0, 0);
    c.w = 0;
    REFUSED("FMATRIX says that the feature map is empty (set_fmatrix)", 16, 16, 0, 0);
    c.dilation_w = 100;
    REFUSED("the filter is wider than the feature map with its padding", 16, 16, 0, 0);
    c.channels = 4;
    REFUSED("channelSize is not a multiple of the elements in 32 B, which is not modelled", 16, 16, 0, 0);
    dav_spr_write(ISA_SPR_L3D_RPT, 1 << 16);
    REFUSED("", 16, 16, 0, 0);
    dav_spr_write(ISA_SPR_L3D_RPT, 2 << 16);
    REFUSED("L3D_RPT repeats the load, which is not modelled (set_l3d_rpt)", 16, 16, 0, 0);
#undef REFUSED
}

/* ---- tables ---- */

static void biases(void **state)
{
    const half *halves = (const half *)(const void *)(L1 + SRC);

    (void)state;
    copy_cbuf_to_bt((__biasbuf__ float *)64, (__cbuf__ float *)SRC, 0, 1, 3, 0, 0);
    assert_string_equal(machine.refused, "");
    same(machine.buffer[ISA_BT] + 64, L1 + SRC, 192, "f32", 0, 0);
    assert_int_equal(machine.units, 192);
    assert_int_equal(machine.entry->cost, ISA_COST_l1_to_bt);
    copy_cbuf_to_bt((uint64_t)0, (__cbuf__ int32_t *)SRC, 0, 2, 1, 1, 2);
    assert_string_equal(machine.refused, "");
    same(machine.buffer[ISA_BT] + 192, L1 + SRC + 96, 64, "bursts", 1, 0);
    for (int i = 0; i < 64; i++)
        memcpy(L1 + SRC + i * 2, &(half){(half)(i * 0.25f - 3)}, 2);
    copy_cbuf_to_bt((__biasbuf__ float *)256, (__cbuf__ half *)SRC, 1, 1, 2, 0, 0);
    assert_string_equal(machine.refused, "");
    for (int i = 0; i < 64; i++)
        same(machine.buffer[ISA_BT] + 256 + i * 4, (uint8_t *)&(float){(float)halves[i]}, 4, "f16", (uint32_t)i, 0);
    copy_cbuf_to_bt((__biasbuf__ float *)0, (__cbuf__ half *)SRC, 1, 1, 9, 0, 0);
    assert_string_equal(machine.refused, "outside of a buffer");
    copy_cbuf_to_bt((__biasbuf__ float *)0, (__cbuf__ half *)SRC, 0, 0, 1, 0, 0);
    assert_string_equal(machine.refused, "nBurst is 0 or more than 4095");
    copy_cbuf_to_bt((__biasbuf__ float *)0, (__cbuf__ half *)SRC, 0, 1, 0, 0, 0);
    assert_string_equal(machine.refused, "lenBurst is 0");
    copy_cbuf_to_bt((__biasbuf__ float *)0, (__cbuf__ half *)SRC, 2, 1, 1, 0, 0);
    assert_string_equal(machine.refused, "convControl is neither 0 nor 1");
}

static void scales(void **state)
{
    (void)state;
    copy_cbuf_to_fbuf((__fbuf__ uint64_t *)256, (__cbuf__ uint64_t *)SRC, 2, 2, 3, 1);
    assert_string_equal(machine.refused, "");
    same(machine.buffer[ISA_FB] + 256, L1 + SRC, 256, "burst", 0, 0);
    same(machine.buffer[ISA_FB] + 256 + 384, L1 + SRC + 256 + 96, 256, "burst", 1, 0);
    assert_int_equal(machine.units, 512);
    assert_int_equal(machine.entry->pipe, ISA_FIX);
    assert_int_equal(machine.entry->cost, ISA_COST_l1_to_fb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(fractals_are_copied_with_strides, reset),
        cmocka_unit_test_setup(halves_are_transposed_by_fractals, reset),
        cmocka_unit_test_setup(squares_of_bytes, reset),
        cmocka_unit_test_setup(squares_of_halves, reset),
        cmocka_unit_test_setup(squares_of_floats, reset),
        cmocka_unit_test_setup(fractals_are_refused, reset),
        cmocka_unit_test_setup(matrices_by_a_1x1_filter, reset),
        cmocka_unit_test_setup(convolutions, reset),
        cmocka_unit_test_setup(a_wide_filter, reset),
        cmocka_unit_test_setup(images_are_refused, reset),
        cmocka_unit_test_setup(biases, reset),
        cmocka_unit_test_setup(scales, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
