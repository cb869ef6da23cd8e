/* permute.h - vector instructions that move elements: broadcast, gather, transpose, compaction, sorting. */
#ifndef DAV_CCE_PERMUTE_H
#define DAV_CCE_PERMUTE_H

#include "types.h"

/* Address registers, of eight addresses each; a transpose takes two that follow each other. */
typedef enum ub_addr8_t { VA0, VA1, VA2, VA3, VA4, VA5, VA6, VA7 } ub_addr8_t;

/* vreducev2's mode: C++ sources pass enumerations of their own. */
#ifdef __cplusplus
struct dav_mode {
    uint8_t value;
    template <typename T> dav_mode(T mode) : value(static_cast<uint8_t>(mode)) {}
    operator uint8_t() const { return value; }
};
#else
typedef uint8_t dav_mode;
#endif

#define DAV_BROADCAST(ctype, name, type)                                                                               \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src, uint16_t dst_blk, uint16_t dst_rpt,        \
                            uint8_t repeat)                                                                            \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), 0, ISA_V3(repeat, dst_blk, 0, 0),              \
                  ISA_V4(dst_rpt, 0, 0, 0));                                                                           \
    }
#define PERMUTE_BROADCAST(name, type, list) list(DAV_BROADCAST, name, type)

#define DAV_GATHER(ctype, name, type)                                                                                  \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ uint32_t *offsets, uint64_t base, uint16_t dst_rpt,    \
                            uint8_t repeat)                                                                            \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(offsets), base, ISA_V3(repeat, 1, 0, 0),             \
                  ISA_V4(dst_rpt, 0, 0, 0));                                                                           \
    }
#define PERMUTE_GATHER(name, type, list) list(DAV_GATHER, name, type)

#define PERMUTE_BLOCKS(name, type)                                                                                     \
    DAV_INTRINSIC void name(__ubuf__ void *dst, const __ubuf__ uint32_t *offsets, uint64_t base, uint16_t dst_rpt,     \
                            uint8_t dst_blk, uint8_t repeat)                                                           \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(offsets), base, ISA_V3(repeat, dst_blk, 0, 0),       \
                  ISA_V4(dst_rpt, 0, 0, 0));                                                                           \
    }

#define DAV_COMPACT(ctype, name, type)                                                                                 \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src, const __ubuf__ ctype *mask,                \
                            uint16_t repeat, uint8_t src_blk, dav_mode mode, uint16_t src_rpt, uint8_t mask_rpt)       \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), DAV_ADDR(mask), ISA_V3(repeat, 0, src_blk, 0), \
                  ISA_V4(0, src_rpt, mask_rpt, (uint8_t)mode));                                                        \
    }
#define PERMUTE_COMPACT(name, type, list) list(DAV_COMPACT, name, type)

#define PERMUTE_VA(name, type)                                                                                         \
    DAV_INTRINSIC void name(ub_addr8_t va, const uint64_t *addr)                                                       \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, (uint64_t)va, ISA_VA_PAIR(addr[0], addr[1]), ISA_VA_PAIR(addr[2], addr[3]),  \
                  ISA_VA_PAIR(addr[4], addr[5]), ISA_VA_PAIR(addr[6], addr[7]));                                       \
    }

#define PERMUTE_TRANSPOSE(name, type)                                                                                  \
    DAV_INTRINSIC void name(ub_addr8_t dst, ub_addr8_t src, uint8_t repeat, uint16_t dst_stride, uint16_t src_stride)  \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, (uint64_t)dst, (uint64_t)src, 0, ISA_V3(repeat, 0, 0, 0),                    \
                  ISA_V4(dst_stride, src_stride, 0, 0));                                                               \
    }

#define PERMUTE_TRANSPOSE8(name, type)                                                                                 \
    DAV_INTRINSIC void name(ub_addr8_t dst, ub_addr8_t src, uint8_t repeat, uint16_t dst_stride, uint16_t src_stride,  \
                            bool dst_high, bool src_high)                                                              \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, (uint64_t)dst, (uint64_t)src, 0, ISA_V3(repeat, 0, 0, 0),                    \
                  ISA_V4(dst_stride, src_stride, 0, (dst_high ? 1 : 0) | (src_high ? 2 : 0)));                         \
    }

#define PERMUTE_SORT(name, type, ctype)                                                                                \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *scores, const __ubuf__ uint32_t *indices,       \
                            uint8_t repeat)                                                                            \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(scores), DAV_ADDR(indices), ISA_V3(repeat, 0, 0, 0), \
                  0);                                                                                                  \
    }

/* count: 16 bits for the length of each list. config: [7:0] repeat, [11:8] a bit for each list that there is, [12] stop
 * when one is at its end. */
#define PERMUTE_MERGE(name, type, ctype)                                                                               \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, __ubuf__ ctype *const *lists, uint64_t count, uint64_t config)        \
    {                                                                                                                  \
        int n = __builtin_popcount((unsigned)(config >> 8 & 15));                                                      \
                                                                                                                       \
        dav_issue(                                                                                                     \
            ISA_OP_##name##_##type, DAV_ADDR(dst), n > 0 ? DAV_ADDR(lists[0]) : 0,                                     \
            ISA_LISTS(n > 1 ? DAV_ADDR(lists[1]) : 0, n > 2 ? DAV_ADDR(lists[2]) : 0, n > 3 ? DAV_ADDR(lists[3]) : 0), \
            count, config);                                                                                            \
    }

#include "../../permute.def"

#undef DAV_BROADCAST
#undef DAV_GATHER
#undef DAV_COMPACT

#endif
