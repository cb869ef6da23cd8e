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

#endif
