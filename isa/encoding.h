/* encoding.h - how device code puts an instruction's operands into its five words; isa/ takes them apart again.
 *
 * Both sides include this file: the device headers (include/cce/) and the bodies. It is plain C11 and C++17.
 * w[0] is the destination and w[1] the source (or the first of two) of every instruction that has them; pointers into
 * UB, L1, L0A, L0B, L0C, BT and FB are byte offsets, pointers into GM are device addresses.
 */
#ifndef DAV_ISA_ENCODING_H
#define DAV_ISA_ENCODING_H

#include <stdint.h>

enum { ISA_WORDS = 5 };

/* Special registers of the scalar side (dav_spr_write, dav_spr_read). */
enum isa_spr {
    ISA_SPR_CTRL,
    ISA_SPR_MOV_PAD,
    ISA_SPR_FMATRIX,
    ISA_SPR_FMATRIX_B,
    ISA_SPR_L3D_RPT,
    ISA_SPR_PADDING,
    ISA_SPR_DEQSCALE,
    ISA_SPR_QUANT_PRE,
    ISA_SPR_ND_PARA,
    ISA_SPR_FPC,
    ISA_SPR_ST_ATOMIC,
    ISA_SPR_FFTS_BASE,
    ISA_SPR_LRELU_ALPHA, /* the bits of a float */
    ISA_SPRS,
    /* Not words of the state above: */
    ISA_SPR_MASK_COUNT = ISA_SPRS, /* 1: count mode, 0: norm mode */
    ISA_SPR_ATOMIC,                /* enum isa_atomic */
    ISA_SPR_RSVD_CNT,              /* read only: what the V pipe has left there */
    ISA_SPR_VMS4_SR,               /* read only */
};

/* set_atomic_*: what a store to GM does with what stands there. */
enum isa_atomic {
    ISA_ATOMIC_NONE,
    ISA_ATOMIC_F32,
    ISA_ATOMIC_F16,
    ISA_ATOMIC_BF16,
    ISA_ATOMIC_S32,
    ISA_ATOMIC_S16,
    ISA_ATOMIC_S8
};

/* ---- vector instructions ----
 * w[0] dst, w[1] src0, w[2] src1 or the scalar's bits, w[3] and w[4] as below. Strides in 32 B blocks, unless the
 * instruction says otherwise. */
#define ISA_FIELD(value, shift, bits) (((uint64_t)(value) & ((UINT64_C(1) << (bits)) - 1)) << (shift))
#define ISA_TAKE(word, shift, bits)   ((uint32_t)((word) >> (shift) & ((UINT64_C(1) << (bits)) - 1)))

/* w[3]: repeat, and the strides from block to block. */
#define ISA_V3(repeat, dst_blk, src0_blk, src1_blk)                                                                    \
    (ISA_FIELD(repeat, 0, 16) | ISA_FIELD(dst_blk, 16, 16) | ISA_FIELD(src0_blk, 32, 16) | ISA_FIELD(src1_blk, 48, 16))
/* w[4]: the strides from repeat to repeat, and what the instruction has besides (a mode, an order, a bool). */
#define ISA_V4(dst_rpt, src0_rpt, src1_rpt, mode)                                                                      \
    (ISA_FIELD(dst_rpt, 0, 16) | ISA_FIELD(src0_rpt, 16, 16) | ISA_FIELD(src1_rpt, 32, 16) | ISA_FIELD(mode, 48, 16))

#define ISA_V_REPEAT(w)   ISA_TAKE((w)[3], 0, 16)
#define ISA_V_DST_BLK(w)  ISA_TAKE((w)[3], 16, 16)
#define ISA_V_SRC0_BLK(w) ISA_TAKE((w)[3], 32, 16)
#define ISA_V_SRC1_BLK(w) ISA_TAKE((w)[3], 48, 16)
#define ISA_V_DST_RPT(w)  ISA_TAKE((w)[4], 0, 16)
#define ISA_V_SRC0_RPT(w) ISA_TAKE((w)[4], 16, 16)
#define ISA_V_SRC1_RPT(w) ISA_TAKE((w)[4], 32, 16)
#define ISA_V_MODE(w)     ISA_TAKE((w)[4], 48, 16)

/* ---- moves ----
 * w[0] dst, w[1] src. Bursts: w[2] number, bytes (or 32 B blocks) of each, padding elements before and behind; w[3] the
 * gaps between two in src and in dst, in the instruction's units. */
#define ISA_MOVE2(count, length, left, right)                                                                          \
    (ISA_FIELD(count, 0, 16) | ISA_FIELD(length, 16, 32) | ISA_FIELD(left, 48, 8) | ISA_FIELD(right, 56, 8))
#define ISA_MOVE3(src_gap, dst_gap) (ISA_FIELD(src_gap, 0, 32) | ISA_FIELD(dst_gap, 32, 32))

#define ISA_MOVE_COUNT(w)   ISA_TAKE((w)[2], 0, 16)
#define ISA_MOVE_LENGTH(w)  ISA_TAKE((w)[2], 16, 32)
#define ISA_MOVE_LEFT(w)    ISA_TAKE((w)[2], 48, 8)
#define ISA_MOVE_RIGHT(w)   ISA_TAKE((w)[2], 56, 8)
#define ISA_MOVE_SRC_GAP(w) ISA_TAKE((w)[3], 0, 32)
#define ISA_MOVE_DST_GAP(w) ISA_TAKE((w)[3], 32, 32)
#define ISA_MOVE_PAD(w)     ISA_TAKE((w)[4], 0, 8) /* pad_t of copy_gm_to_cbuf */

/* ND to NZ: w[2] matrices, rows, columns, from matrix to matrix in src (elements); w[3] from row to row in src
 * (elements), from C0 columns to the next and from row to row in dst (32 B), from matrix to matrix in dst (elements).
 */
#define ISA_ND2NZ(a, b, c, d) (ISA_FIELD(a, 0, 16) | ISA_FIELD(b, 16, 16) | ISA_FIELD(c, 32, 16) | ISA_FIELD(d, 48, 16))

#define ISA_ND2NZ_MATRICES(w)    ISA_TAKE((w)[2], 0, 16)
#define ISA_ND2NZ_ROWS(w)        ISA_TAKE((w)[2], 16, 16)
#define ISA_ND2NZ_COLUMNS(w)     ISA_TAKE((w)[2], 32, 16)
#define ISA_ND2NZ_SRC_MATRIX(w)  ISA_TAKE((w)[2], 48, 16)
#define ISA_ND2NZ_SRC_ROW(w)     ISA_TAKE((w)[3], 0, 16)
#define ISA_ND2NZ_DST_COLUMNS(w) ISA_TAKE((w)[3], 16, 16)
#define ISA_ND2NZ_DST_ROW(w)     ISA_TAKE((w)[3], 32, 16)
#define ISA_ND2NZ_DST_MATRIX(w)  ISA_TAKE((w)[3], 48, 16)

/* create_cbuf_matrix: w[2] the value's bits, w[3] its configuration as the source gives it:
 * [14:0] repeats, [30:16] 32 B blocks of each, [46:32] blocks between two. */

/* ---- vmrgsort4, transposes ----
 * vmrgsort4: w[1] the first list, w[2] the other three in 21 bits each, w[3] and w[4] count and config as given.
 * set_va_reg_sb: w[0] the register, w[1..4] its eight addresses, two in each word.
 * scatter_vnchwconv_*: w[0] and w[1] are numbers of registers; w[3] repeat, w[4] the two strides and the halves. */
#define ISA_LIST(addr)     ((uint64_t)(addr) < 0x1fffff ? (uint64_t)(addr) : 0x1fffff) /* too far stays too far */
#define ISA_LISTS(a, b, c) (ISA_LIST(a) | ISA_LIST(b) << 21 | ISA_LIST(c) << 42)
#define ISA_VA_ADDR(addr)  ((uint64_t)(addr) < UINT32_MAX ? (uint64_t)(addr) : UINT32_MAX)
#define ISA_VA_PAIR(a, b)  (ISA_VA_ADDR(a) | ISA_VA_ADDR(b) << 32)

/* ---- cube: L1 to L0A, L0B, BT and FB (load.def) ----
 * w[0] dst, w[1] src. */

/* Fractals of 512 B: w[2], and w[3] with what only the transposing form has besides. */
#define ISA_LOAD2(base, repeat, src_stride, dst_gap)                                                                   \
    (ISA_FIELD(base, 0, 16) | ISA_FIELD(repeat, 16, 16) | ISA_FIELD(src_stride, 32, 16) | ISA_FIELD(dst_gap, 48, 16))
#define ISA_LOAD3(transpose, down, frac_gap)                                                                           \
    (ISA_FIELD(transpose, 0, 1) | ISA_FIELD(down, 1, 1) | ISA_FIELD(frac_gap, 16, 16))
#define ISA_LOAD_BASE(w)       ISA_TAKE((w)[2], 0, 16)
#define ISA_LOAD_REPEAT(w)     ISA_TAKE((w)[2], 16, 16)
#define ISA_LOAD_SRC_STRIDE(w) ISA_TAKE((w)[2], 32, 16)
#define ISA_LOAD_DST_GAP(w)    ISA_TAKE((w)[2], 48, 16)
#define ISA_LOAD_TRANSPOSE(w)  ISA_TAKE((w)[3], 0, 1)
#define ISA_LOAD_DOWN(w)       ISA_TAKE((w)[3], 1, 1)
#define ISA_LOAD_FRAC_GAP(w)   ISA_TAKE((w)[3], 16, 16)

/* Bursts to BT and FB: w[2], and w[3] whether halves become floats on the way. */
#define ISA_TABLE2(bursts, length, src_gap, dst_gap)                                                                   \
    (ISA_FIELD(bursts, 0, 16) | ISA_FIELD(length, 16, 16) | ISA_FIELD(src_gap, 32, 16) | ISA_FIELD(dst_gap, 48, 16))
#define ISA_TABLE_BURSTS(w)  ISA_TAKE((w)[2], 0, 16)
#define ISA_TABLE_LENGTH(w)  ISA_TAKE((w)[2], 16, 16)
#define ISA_TABLE_SRC_GAP(w) ISA_TAKE((w)[2], 32, 16)
#define ISA_TABLE_DST_GAP(w) ISA_TAKE((w)[2], 48, 16)
#define ISA_TABLE_CONVERT(w) ISA_TAKE((w)[3], 0, 16)

/* img2col: w[2] the part of the matrix, w[3] the filter, w[4] the rest. A filter's size has nine bits: `high` is 256.
 */
#define ISA_IMG2(step_k, step_m, pos_k, pos_m)                                                                         \
    (ISA_FIELD(step_k, 0, 16) | ISA_FIELD(step_m, 16, 16) | ISA_FIELD(pos_k, 32, 16) | ISA_FIELD(pos_m, 48, 16))
#define ISA_IMG3(stride_w, stride_h, filter_w, filter_h, dilation_w, dilation_h, high_w, high_h)                       \
    (ISA_FIELD(stride_w, 0, 8) | ISA_FIELD(stride_h, 8, 8) | ISA_FIELD(filter_w, 16, 8) | ISA_FIELD(high_w, 24, 1) |   \
     ISA_FIELD(filter_h, 25, 8) | ISA_FIELD(high_h, 33, 1) | ISA_FIELD(dilation_w, 40, 8) |                            \
     ISA_FIELD(dilation_h, 48, 8))
#define ISA_IMG4(transpose, fmatrix_b, channels)                                                                       \
    (ISA_FIELD(transpose, 0, 1) | ISA_FIELD(fmatrix_b, 1, 1) | ISA_FIELD(channels, 16, 16))
#define ISA_IMG_STEP_K(w)     ISA_TAKE((w)[2], 0, 16)
#define ISA_IMG_STEP_M(w)     ISA_TAKE((w)[2], 16, 16)
#define ISA_IMG_POS_K(w)      ISA_TAKE((w)[2], 32, 16)
#define ISA_IMG_POS_M(w)      ISA_TAKE((w)[2], 48, 16)
#define ISA_IMG_STRIDE_W(w)   ISA_TAKE((w)[3], 0, 8)
#define ISA_IMG_STRIDE_H(w)   ISA_TAKE((w)[3], 8, 8)
#define ISA_IMG_FILTER_W(w)   ISA_TAKE((w)[3], 16, 9)
#define ISA_IMG_FILTER_H(w)   ISA_TAKE((w)[3], 25, 9)
#define ISA_IMG_DILATION_W(w) ISA_TAKE((w)[3], 40, 8)
#define ISA_IMG_DILATION_H(w) ISA_TAKE((w)[3], 48, 8)
#define ISA_IMG_TRANSPOSE(w)  ISA_TAKE((w)[4], 0, 1)
#define ISA_IMG_FMATRIX_B(w)  ISA_TAKE((w)[4], 1, 1)
#define ISA_IMG_CHANNELS(w)   ISA_TAKE((w)[4], 16, 16)

/* ---- cube: mad (cube.def) ----
 * w[0] c, w[1] a, w[2] b, w[3] as below, w[4] the bias in BT: the upper half of the pointer c. */
#define ISA_MAD3(m, k, n, unit_flag, k_align, from_bias, from_zero)                                                    \
    (ISA_FIELD(m, 0, 16) | ISA_FIELD(k, 16, 16) | ISA_FIELD(n, 32, 16) | ISA_FIELD(unit_flag, 48, 8) |                 \
     ISA_FIELD(k_align, 56, 1) | ISA_FIELD(from_bias, 57, 1) | ISA_FIELD(from_zero, 58, 1))
#define ISA_MAD_M(w)         ISA_TAKE((w)[3], 0, 16)
#define ISA_MAD_K(w)         ISA_TAKE((w)[3], 16, 16)
#define ISA_MAD_N(w)         ISA_TAKE((w)[3], 32, 16)
#define ISA_MAD_UNIT_FLAG(w) ISA_TAKE((w)[3], 48, 8)
#define ISA_MAD_K_ALIGN(w)   ISA_TAKE((w)[3], 56, 1)
#define ISA_MAD_FROM_BIAS(w) ISA_TAKE((w)[3], 57, 1)
#define ISA_MAD_FROM_ZERO(w) ISA_TAKE((w)[3], 58, 1)
/* CTRL: inputs of f32 mad are rounded to 11 bits of fraction; ties away from zero instead of to even. */
#define ISA_CTRL_HF32(ctrl)      ISA_TAKE(ctrl, 46, 1)
#define ISA_CTRL_HF32_AWAY(ctrl) ISA_TAKE(ctrl, 47, 1)

/* ---- cube: L0C to GM and L1 (cube.def) ----
 * w[0] dst, w[1] src; w[2] and w[3] are the registers Xm and Xt, which kernels put together themselves for GM. w[4] is
 * n once more, of which Xm has 12 bits only. The sixth bit of the quantisation mode stands apart from the others. */
#define ISA_FIX2(n, m, dst_stride) (ISA_FIELD(n, 4, 12) | ISA_FIELD(m, 16, 16) | ISA_FIELD(dst_stride, 32, 32))
#define ISA_FIX3(src_stride, unit_flag, quant, relu, split, nd)                                                        \
    (ISA_FIELD(src_stride, 0, 16) | ISA_FIELD((uint64_t)(quant) >> 5, 29, 1) | ISA_FIELD(unit_flag, 32, 2) |           \
     ISA_FIELD(quant, 34, 5) | ISA_FIELD(relu, 39, 3) | ISA_FIELD(split, 42, 1) | ISA_FIELD(nd, 43, 1))
#define ISA_FIX_M(w)          ISA_TAKE((w)[2], 16, 16)
#define ISA_FIX_DST_STRIDE(w) ISA_TAKE((w)[2], 32, 32)
#define ISA_FIX_SRC_STRIDE(w) ISA_TAKE((w)[3], 0, 16)
#define ISA_FIX_UNIT_FLAG(w)  ISA_TAKE((w)[3], 32, 2)
#define ISA_FIX_QUANT(w)      (ISA_TAKE((w)[3], 34, 5) | ISA_TAKE((w)[3], 29, 1) << 5)
#define ISA_FIX_RELU(w)       ISA_TAKE((w)[3], 39, 3)
#define ISA_FIX_SPLIT(w)      ISA_TAKE((w)[3], 42, 1)
#define ISA_FIX_ND(w)         ISA_TAKE((w)[3], 43, 1)
#define ISA_FIX_N(w)          ISA_TAKE((w)[4], 0, 16)
#define ISA_XM_N(xm)          ISA_TAKE(xm, 4, 12)

/* Quantisation modes: the names of QuantMode_t. A V in front: a scale for each column, from FB. */
enum isa_quant {
    ISA_QUANT_NONE = 0,
    ISA_QUANT_F32_F16 = 1,
    ISA_QUANT_VREQ8 = 2,
    ISA_QUANT_REQ8 = 3,
    ISA_QUANT_VDEQF16 = 4,
    ISA_QUANT_DEQF16 = 5,
    ISA_QUANT_VSHIFT_S16 = 12,
    ISA_QUANT_SHIFT_S16 = 13,
    ISA_QUANT_F32_BF16 = 16,
    ISA_QUANT_VF32_B8 = 23,
    ISA_QUANT_F32_B8 = 24,
    ISA_QUANT_F32_F16_SCALED = 32,
    ISA_QUANT_VF32_F16_SCALED = 33,
    ISA_QUANT_F32_BF16_SCALED = 34,
    ISA_QUANT_S32_BF16_SCALED = 35,
    ISA_QUANT_VF32_BF16_SCALED = 36,
    ISA_QUANT_VS32_BF16_SCALED = 39,
};

enum isa_relu { ISA_RELU_NONE, ISA_RELU_PLAIN, ISA_RELU_LEAKY };

#endif
