/* reduce.h - reductions inside a repeat. Source strides are in 32 B blocks. The destination's repeat stride counts
 * results (vcadd, vcmax, vcmin; a pair of value and index is one, an index alone has 4 B), eights of results (vcgadd,
 * vcgmax, vcgmin) or 32 B blocks (vcpadd). */
#ifndef DAV_CCE_REDUCE_H
#define DAV_CCE_REDUCE_H

#include "base.h"

/* What vcmax and vcmin write; an index beside a value has the value's width, one alone is 32 bits wide. */
typedef enum Order_t { VALUE_INDEX = 0, INDEX_VALUE = 1, ONLY_VALUE = 2, ONLY_INDEX = 3 } Order_t;

#define REDUCE(name, type, ctype, cost)                                                                                \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src, uint8_t repeat, uint16_t dst_rpt,          \
                            uint16_t src_blk, uint16_t src_rpt)                                                        \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), 0, ISA_V3(repeat, 0, src_blk, 0),              \
                  ISA_V4(dst_rpt, src_rpt, 0, 0));                                                                     \
    }
#define REDUCE_BY(name, type, ctype, choice)                                                                           \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src, uint8_t repeat, uint16_t dst_rpt,          \
                            uint16_t src_blk, uint16_t src_rpt, choice what)                                           \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), 0, ISA_V3(repeat, 0, src_blk, 0),              \
                  ISA_V4(dst_rpt, src_rpt, 0, what));                                                                  \
    }

/* The last argument may be left out: mode false, VALUE_INDEX. */
#define REDUCE_ADD(name, type, ctype, cost)     REDUCE(name, type, ctype, cost) REDUCE_BY(name, type, ctype, bool)
#define REDUCE_EXTREME(name, type, ctype, cost) REDUCE(name, type, ctype, cost) REDUCE_BY(name, type, ctype, Order_t)
#define REDUCE_GROUP(name, type, ctype, cost)   REDUCE(name, type, ctype, cost)
#define REDUCE_PAIR(name, type, ctype, cost)    REDUCE(name, type, ctype, cost)

#include "../../reduce.def"

#undef REDUCE_BY
#undef REDUCE

#endif
