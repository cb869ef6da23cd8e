/* cube.h - the product of matrices in L0A and L0B, and the way of its result out of L0C. */
#ifndef DAV_CCE_CUBE_H
#define DAV_CCE_CUBE_H

#include "base.h"

/* What becomes of an element on its way out of L0C. */
typedef enum {
    NoQuant = ISA_QUANT_NONE,
    F322F16 = ISA_QUANT_F32_F16,
    VREQ8 = ISA_QUANT_VREQ8,
    REQ8 = ISA_QUANT_REQ8,
    VDEQF16 = ISA_QUANT_VDEQF16,
    DEQF16 = ISA_QUANT_DEQF16,
    VSHIFTS322S16 = ISA_QUANT_VSHIFT_S16,
    SHIFTS322S16 = ISA_QUANT_SHIFT_S16,
    F322BF16 = ISA_QUANT_F32_BF16,
    VQF322B8_PRE = ISA_QUANT_VF32_B8,
    QF322B8_PRE = ISA_QUANT_F32_B8,
    QF322F16_PRE = ISA_QUANT_F32_F16_SCALED,
    VQF322F16_PRE = ISA_QUANT_VF32_F16_SCALED,
    QF322BF16_PRE = ISA_QUANT_F32_BF16_SCALED,
    QS322BF16_PRE = ISA_QUANT_S32_BF16_SCALED,
    VQF322BF16_PRE = ISA_QUANT_VF32_BF16_SCALED,
    VQS322BF16_PRE = ISA_QUANT_VS32_BF16_SCALED,
} QuantMode_t;

/* What leaky relu multiplies negative elements by. */
DAV_INTRINSIC void set_lrelu_alpha(float alpha)
{
    dav_spr_write(ISA_SPR_LRELU_ALPHA, dav_bits(alpha));
}
DAV_INTRINSIC void set_lrelu_alpha(half alpha)
{
    set_lrelu_alpha((float)alpha);
}

/* c's upper half may hold the address of a bias in BT. */
#define MAD(type, ctype, from, from_ctype, cost)                                                                       \
    DAV_INTRINSIC void mad(ctype *c, const from_ctype *a, const from_ctype *b, uint16_t m, uint16_t k, uint16_t n,     \
                           uint8_t unit_flag, bool k_align, bool from_bias, bool from_zero)                            \
    {                                                                                                                  \
        dav_issue(ISA_OP_mad_##from, (uint32_t)DAV_ADDR(c), DAV_ADDR(a), DAV_ADDR(b),                                  \
                  ISA_MAD3(m, k, n, unit_flag, k_align, from_bias, from_zero), DAV_ADDR(c) >> 32);                     \
    }

/* To GM, with the registers Xm and Xt as the kernel has put them together; to L1, with each field of them. */
#define FIX(name, type, ctype, from, from_ctype, cost, unit) FIX_##name(type, ctype, from, from_ctype)
#define FIX_copy_matrix_cc_to_gm(type, ctype, from, from_ctype)                                                        \
    DAV_INTRINSIC void copy_matrix_cc_to_gm(__gm__ ctype *dst, const from_ctype *src, uint64_t xm, uint64_t xt)        \
    {                                                                                                                  \
        dav_issue(ISA_OP_copy_matrix_cc_to_gm_##type##_##from, DAV_ADDR(dst), DAV_ADDR(src), xm, xt, ISA_XM_N(xm));    \
    }
#define FIX_copy_matrix_cc_to_cbuf(type, ctype, from, from_ctype)                                                      \
    DAV_INTRINSIC void copy_matrix_cc_to_cbuf(ctype *dst, const from_ctype *src, uint8_t sid, uint16_t n, uint16_t m,  \
                                              uint32_t dst_stride, uint16_t src_stride, uint8_t unit_flag,             \
                                              uint64_t quant, uint8_t relu, bool split, bool nd)                       \
    {                                                                                                                  \
        (void)sid;                                                                                                     \
        dav_issue(ISA_OP_copy_matrix_cc_to_cbuf_##type##_##from, DAV_ADDR(dst), DAV_ADDR(src),                         \
                  ISA_FIX2(n, m, dst_stride), ISA_FIX3(src_stride, unit_flag, quant, relu, split, nd), n);             \
    }

#include "../../cube.def"

#undef FIX_copy_matrix_cc_to_gm
#undef FIX_copy_matrix_cc_to_cbuf

#endif
