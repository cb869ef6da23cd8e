/* load_image.c - img2col: the matrix that makes a convolution a product, out of a feature map in L1.
 *
 * The map is NC1HWC0: for each 32 B of channels (C0) the whole image, 32 B a pixel. Row m of the matrix is the m-th
 * position of the filter; along k come, for each C0 channels and each point (kh, kw) of the filter, the C0 channels of
 * the pixel that lies under that point; pixels outside of the image are the padding value. A 1x1 filter so takes the
 * map as it is, which is how kernels load matrices that L1 holds by columns of 32 B (NZ).
 *
 * In L0A the matrix is the left one as it is, or transposed; in L0B its rows are the right matrix's (m runs along k
 * there), or, transposed, its columns. Rows of the destination beyond step_m and elements beyond step_k are not
 * written. The registers: FMATRIX, or FMATRIX_B, holds W | H << 16 | left << 32 | right << 40 | top << 48 | bottom
 * << 56.
 */
#include <string.h>

#include "isa/fractal.h"
#include "isa/join.h"
#include "isa/shapes.h"

struct image {
    int64_t w, h, left, top; /* of the map, and its padding */
    int64_t out_w;           /* positions of the filter along W */
    uint32_t stride_w, stride_h, filter_w, filter_h, dilation_w, dilation_h;
    uint32_t step_k, step_m, pos_k, pos_m, bytes, c0;
};

static int64_t positions(int64_t size, int64_t padding, uint32_t filter, uint32_t dilation, uint32_t stride)
{
    int64_t room = size + padding - ((int64_t)(filter - 1) * dilation + 1);

    return room < 0 || stride == 0 ? 0 : room / stride + 1;
}

static struct image image_of(const struct isa_exec *x)
{
    uint64_t fmatrix = x->state.spr[ISA_IMG_FMATRIX_B(x->w) ? ISA_SPR_FMATRIX_B : ISA_SPR_FMATRIX];
    uint32_t bytes = isa_bytes(x->entry->type);
    struct image image = {
        .w = ISA_TAKE(fmatrix, 0, 16),
        .h = ISA_TAKE(fmatrix, 16, 16),
        .left = ISA_TAKE(fmatrix, 32, 8),
        .top = ISA_TAKE(fmatrix, 48, 8),
        .stride_w = ISA_IMG_STRIDE_W(x->w),
        .stride_h = ISA_IMG_STRIDE_H(x->w),
        .filter_w = ISA_IMG_FILTER_W(x->w),
        .filter_h = ISA_IMG_FILTER_H(x->w),
        .dilation_w = ISA_IMG_DILATION_W(x->w),
        .dilation_h = ISA_IMG_DILATION_H(x->w),
        .step_k = ISA_IMG_STEP_K(x->w),
        .step_m = ISA_IMG_STEP_M(x->w),
        .pos_k = ISA_IMG_POS_K(x->w),
        .pos_m = ISA_IMG_POS_M(x->w),
        .bytes = bytes,
        .c0 = ISA_FRACTAL_ROW_BYTES / bytes,
    };

    image.out_w =
        positions(image.w, image.left + ISA_TAKE(fmatrix, 40, 8), image.filter_w, image.dilation_w, image.stride_w);
    return image;
}

/* Walks down the rows of one C0 piece of the matrix. */
struct column {
    int64_t base;   /* of the image of these channels, from the source */
    int64_t dw, dh; /* from the filter's first point in the image to the pixel */
    int64_t ow, oh; /* the filter's position */
};

static struct column column_of(const struct image *image, uint32_t piece)
{
    uint32_t index = image->pos_k / image->c0 + piece, points = image->filter_w * image->filter_h,
             point = index % points;

    return (struct column){
        .base = (int64_t)(index / points) * image->h * image->w,
        .dw = (int64_t)(point % image->filter_w) * image->dilation_w - image->left,
        .dh = (int64_t)(point / image->filter_w) * image->dilation_h - image->top,
        .ow = image->pos_m % image->out_w,
        .oh = image->pos_m / image->out_w,
    };
}

/* The next pixel, as bytes from the source; negative: padding. */
static int64_t next_pixel(const struct image *image, struct column *column)
{
    int64_t w = column->ow * image->stride_w + column->dw, h = column->oh * image->stride_h + column->dh;

    if (++column->ow == image->out_w) {
        column->ow = 0;
        column->oh++;
    }
    if (w < 0 || w >= image->w || h < 0 || h >= image->h)
        return -1;
    return (column->base + h * image->w + w) * ISA_FRACTAL_ROW_BYTES;
}

static uint32_t piece_length(const struct image *image, uint32_t piece)
{
    uint32_t length = image->step_k - piece * image->c0;

    return length < image->c0 ? length : image->c0;
}

/* Whether a pixel's channels stay together in the destination. */
static bool keeps_rows(const struct isa_exec *x)
{
    return (x->entry->cost == ISA_COST_l1_to_l0a) != ISA_IMG_TRANSPOSE(x->w);
}

static struct isa_fractals destination(const struct isa_exec *x, const struct image *image)
{
    uint32_t rows = keeps_rows(x) ? image->step_m : image->step_k, k = keeps_rows(x) ? image->step_k : image->step_m;

    return x->entry->cost == ISA_COST_l1_to_l0a ? isa_left(x->w[0], rows, k, k, image->bytes)
                                                : isa_right(x->w[0], rows, k, image->bytes);
}

static void image_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct image image = image_of(x);
    struct isa_fractals to = destination(x, &image);
    struct isa_join join = {.fn = fn, .ctx = ctx, .access = ISA_READ, .space = ISA_L1};

    for (uint32_t piece = 0; piece < isa_ceil(image.step_k, image.c0); piece++) {
        struct column column = column_of(&image, piece);
        uint32_t bytes = piece_length(&image, piece) * image.bytes;

        for (uint32_t m = 0; m < image.step_m; m++) {
            int64_t pixel = next_pixel(&image, &column);

            if (pixel >= 0)
                isa_join_add(&join, x->w[1] + (uint64_t)pixel, bytes);
        }
    }
    isa_join_end(&join);
    isa_fractal_spans(&to, ISA_WRITE, fn, ctx);
}

static const char *image_refuse(const struct isa_exec *x)
{
    struct image image = image_of(x);

    if (x->w[0] % ISA_FRACTAL_BYTES)
        return "the destination is not a multiple of 512";
    if (image.step_k == 0 || image.step_m == 0)
        return "stepK or stepM is 0";
    if (image.pos_k % image.c0)
        return "posK is not a multiple of the elements in 32 B";
    if (image.stride_w == 0 || image.stride_h == 0 || image.dilation_w == 0 || image.dilation_h == 0)
        return "a stride or dilation is 0";
    if (image.filter_w == 0 || image.filter_h == 0)
        return "the filter's width or height is 0";
    if (image.w == 0 || image.h == 0)
        return "FMATRIX says that the feature map is empty (set_fmatrix)";
    if (image.out_w == 0)
        return "the filter is wider than the feature map with its padding";
    if (ISA_IMG_CHANNELS(x->w) % image.c0)
        return "channelSize is not a multiple of the elements in 32 B, which is not modelled";
    if (ISA_TAKE(x->state.spr[ISA_SPR_L3D_RPT], 16, 8) > 1)
        return "L3D_RPT repeats the load, which is not modelled (set_l3d_rpt)";
    return NULL;
}

static uint64_t image_units(const struct isa_exec *x)
{
    return (uint64_t)ISA_IMG_STEP_K(x->w) * ISA_IMG_STEP_M(x->w) * isa_bytes(x->entry->type);
}

const struct isa_shape isa_shape_load_image = {
    .spans = image_spans,
    .refuse = image_refuse,
    .units = image_units,
    .align = {32, 32},
};

/* ---- body ---- */

/* 32 B of padding value. */
static void make_padding(const struct isa_exec *x, uint8_t padding[ISA_FRACTAL_ROW_BYTES])
{
    uint64_t value = x->state.spr[ISA_SPR_PADDING];
    uint32_t bytes = isa_bytes(x->entry->type);

    for (uint32_t i = 0; i < ISA_FRACTAL_ROW_BYTES; i += bytes)
        memcpy(padding + i, &value, bytes);
}

/* @count elements, the first bytes of a row, to as many rows: within a fractal, one below the other. */
static void scatter(uint8_t *to, const uint8_t *from, uint32_t count, uint32_t bytes)
{
    for (uint32_t i = 0; i < count; i++, to += ISA_FRACTAL_ROW_BYTES)
        switch (bytes) {
        case 1:
            *to = from[i];
            break;
        case 2:
            memcpy(to, from + 2 * i, 2);
            break;
        default:
            memcpy(to, from + 4 * i, 4);
        }
}

static void load_piece(const struct isa_exec *x, const struct image *image, uint32_t piece, const uint8_t *padding)
{
    struct isa_fractals f = destination(x, image);
    uint8_t *buffer = x->buffer[f.space];
    const uint8_t *source = x->buffer[ISA_L1] + x->w[1];
    struct column column = column_of(image, piece);
    uint32_t length = piece_length(image, piece), first = length < ISA_FRACTAL_ROWS ? length : ISA_FRACTAL_ROWS;
    bool rows = keeps_rows(x);

    for (uint32_t m = 0; m < image->step_m; m++) {
        int64_t pixel = next_pixel(image, &column);
        const uint8_t *from = pixel < 0 ? padding : source + pixel;

        if (rows) {
            memcpy(buffer + isa_fractal_addr(&f, m, piece * image->c0), from, length * image->bytes);
            continue;
        }
        scatter(buffer + isa_fractal_addr(&f, piece * image->c0, m), from, first, image->bytes);
        if (length > first)
            scatter(buffer + isa_fractal_addr(&f, piece * image->c0 + first, m), from + first * image->bytes,
                    length - first, image->bytes);
    }
}

static void load_image(const struct isa_exec *x)
{
    struct image image = image_of(x);
    uint8_t padding[ISA_FRACTAL_ROW_BYTES];

    make_padding(x, padding);
    for (uint32_t piece = 0; piece < isa_ceil(image.step_k, image.c0); piece++)
        load_piece(x, &image, piece, padding);
}

#define LOAD_FRACTALS(name, type, ctype, cost)
#define LOAD_SQUARES(name, type, ctype, cost)
#define LOAD_IMAGE(name, type, ctype, cost)                                                                            \
    void isa_body_##name##_##type(const struct isa_exec *x)                                                            \
    {                                                                                                                  \
        load_image(x);                                                                                                 \
    }
#define LOAD_BIAS(name)
#define LOAD_SCALES(name)
#include "isa/load.def"
