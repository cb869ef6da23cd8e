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

#include "../../vector.def"

#endif
