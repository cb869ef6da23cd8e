/* convert.h - conversions between element types. Strides are in 32 B blocks of their side, `repeat` counts repeats of
 * as many lanes as the wider side has in 256 B. The letter at the end of a name is the rounding: r to nearest even, a
 * to nearest away from zero, f floor, c ceiling, z towards zero, o to odd; without one, r where anything is to be
 * rounded.
 */
#ifndef DAV_CCE_CONVERT_H
#define DAV_CCE_CONVERT_H

#include "base.h"

#define CONVERT(name, type, ctype, from, cfrom, how)                                                                   \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ cfrom *src, uint8_t repeat, uint16_t dst_blk,          \
                            uint16_t src_blk, uint16_t dst_rpt, uint16_t src_rpt)                                      \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), 0, ISA_V3(repeat, dst_blk, src_blk, 0),        \
                  ISA_V4(dst_rpt, src_rpt, 0, 0));                                                                     \
    }

/* dst = relu(src0 op src1), converted; `upper` must be false. */
#define CONVERT_RELU(name, type, ctype, from, cfrom, sign)                                                             \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ cfrom *src0, const __ubuf__ cfrom *src1,               \
                            uint8_t repeat, uint8_t dst_blk, uint8_t src0_blk, uint8_t src1_blk, uint8_t dst_rpt,      \
                            uint8_t src0_rpt, uint8_t src1_rpt, bool upper)                                            \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src0), DAV_ADDR(src1),                               \
                  ISA_V3(repeat, dst_blk, src0_blk, src1_blk), ISA_V4(dst_rpt, src0_rpt, src1_rpt, upper));            \
    }

#include "../../convert.def"

#endif
