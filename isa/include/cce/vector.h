/* vector.h - elementwise vector instructions. Strides are in 32 B blocks, `repeat` counts repeats of 256 B. */
#ifndef DAV_CCE_VECTOR_H
#define DAV_CCE_VECTOR_H

#include "base.h"

/* dst = src0 op src1 */
#define VECTOR_BINARY(name, type, ctype, cost)                                                                         \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src0, const __ubuf__ ctype *src1,               \
                            uint8_t repeat, uint8_t dst_blk, uint8_t src0_blk, uint8_t src1_blk, uint8_t dst_rpt,      \
                            uint8_t src0_rpt, uint8_t src1_rpt)                                                        \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src0), DAV_ADDR(src1),                               \
                  ISA_V3(repeat, dst_blk, src0_blk, src1_blk), ISA_V4(dst_rpt, src0_rpt, src1_rpt, 0));                \
    }

/* The same, and dst is read too. */
#define VECTOR_TERNARY(name, type, ctype, cost) VECTOR_BINARY(name, type, ctype, cost)

/* dst = op src; rpt_t: how wide the strides between repeats are */
#define DAV_VECTOR_UNARY(name, type, ctype, rpt_t)                                                                     \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src, uint8_t repeat, uint16_t dst_blk,          \
                            uint16_t src_blk, rpt_t dst_rpt, rpt_t src_rpt)                                            \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), 0, ISA_V3(repeat, dst_blk, src_blk, 0),        \
                  ISA_V4(dst_rpt, src_rpt, 0, 0));                                                                     \
    }
#define VECTOR_UNARY(name, type, ctype, cost) DAV_VECTOR_UNARY(name, type, ctype, uint8_t)
#define VECTOR_COPY(name, type, ctype, cost)  DAV_VECTOR_UNARY(name, type, ctype, uint16_t)

/* dst = src op scalar */
#define VECTOR_SCALAR(name, type, ctype, cost) VECTOR_AXPY(name, type, type, ctype, type, ctype, cost)
#define VECTOR_AXPY(name, suffix, type, ctype, from, cfrom, cost)                                                      \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ cfrom *src, cfrom scalar, uint8_t repeat,              \
                            uint16_t dst_blk, uint16_t src_blk, uint8_t dst_rpt, uint8_t src_rpt)                      \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##suffix, DAV_ADDR(dst), DAV_ADDR(src), dav_bits(scalar),                            \
                  ISA_V3(repeat, dst_blk, src_blk, 0), ISA_V4(dst_rpt, src_rpt, 0, 0));                                \
    }

/* The same; @round adds the last bit that falls off. */
#define VECTOR_SHIFT_RIGHT(name, type, ctype, cost)                                                                    \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src, ctype scalar, uint8_t repeat,              \
                            uint16_t dst_blk, uint16_t src_blk, uint8_t dst_rpt, uint8_t src_rpt, bool round)          \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), dav_bits(scalar),                              \
                  ISA_V3(repeat, dst_blk, src_blk, 0), ISA_V4(dst_rpt, src_rpt, 0, round));                            \
    }

/* dst = scalar; the source's strides mean nothing */
#define VECTOR_DUP(name, type, ctype, cost)                                                                            \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, ctype scalar, uint8_t repeat, uint16_t dst_blk, uint16_t src_blk,     \
                            uint8_t dst_rpt, uint8_t src_rpt)                                                          \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), 0, dav_bits(scalar), ISA_V3(repeat, dst_blk, src_blk, 0),     \
                  ISA_V4(dst_rpt, src_rpt, 0, 0));                                                                     \
    }

#include "../../vector.def"

#undef DAV_VECTOR_UNARY

#endif
