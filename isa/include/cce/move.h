/* move.h - moves between GM, UB and L1, and inside UB. Lengths are in bytes for the `align` forms and in 32 B blocks
 * for the others; a gap is from the end of a burst to the start of the next. */
#ifndef DAV_CCE_MOVE_H
#define DAV_CCE_MOVE_H

#include "types.h"

typedef enum pad_t {
    PAD_NONE,
    PAD_MODE1,
    PAD_MODE2,
    PAD_MODE3,
    PAD_MODE4,
    PAD_MODE5,
    PAD_MODE6,
    PAD_MODE7,
    PAD_MODE8
} pad_t;

/* Gaps: GM's in bytes, UB's in blocks. Padding: elements with the value of set_mov_pad_val. */
#define MOVE_ALIGN(name, type, from, to, pipe, cost, shape)                                                            \
    DAV_INTRINSIC void name(to void *dst, const from void *src, uint8_t sid, uint16_t bursts, uint32_t length,         \
                            uint8_t left, uint8_t right, uint32_t src_gap, uint32_t dst_gap)                           \
    {                                                                                                                  \
        (void)sid;                                                                                                     \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), ISA_MOVE2(bursts, length, left, right),        \
                  ISA_MOVE3(src_gap, dst_gap), 0);                                                                     \
    }

#define MOVE_PLAIN(name, from, to, pipe, cores, cost, unit, shape)                                                     \
    DAV_INTRINSIC void name(to void *dst, const from void *src, uint8_t sid, uint16_t bursts, uint16_t length,         \
                            uint16_t src_gap, uint16_t dst_gap)                                                        \
    {                                                                                                                  \
        (void)sid;                                                                                                     \
        dav_issue(ISA_OP_##name##_U8, DAV_ADDR(dst), DAV_ADDR(src), ISA_MOVE2(bursts, length, 0, 0),                   \
                  ISA_MOVE3(src_gap, dst_gap), 0);                                                                     \
    }

#define MOVE_PADDED(name, from, to, pipe, cores, cost, unit, shape)                                                    \
    DAV_INTRINSIC void name(to void *dst, const from void *src, uint8_t sid, uint16_t bursts, uint16_t length,         \
                            uint16_t src_gap, uint16_t dst_gap, pad_t pad)                                             \
    {                                                                                                                  \
        (void)sid;                                                                                                     \
        dav_issue(ISA_OP_##name##_U8, DAV_ADDR(dst), DAV_ADDR(src), ISA_MOVE2(bursts, length, 0, 0),                   \
                  ISA_MOVE3(src_gap, dst_gap), (uint64_t)pad);                                                         \
    }

/* Rows in GM to NZ. Strides: of src in elements; of dst from C0 columns to the next and from row to row in 32 B, from
 * matrix to matrix in elements. */
#define MOVE_ND2NZ(name, type)                                                                                         \
    DAV_INTRINSIC void name(__cbuf__ void *dst, const __gm__ void *src, uint8_t sid, uint16_t matrices, uint16_t rows, \
                            uint16_t columns, uint16_t src_matrix, uint16_t src_row, uint16_t dst_columns,             \
                            uint16_t dst_row, uint16_t dst_matrix)                                                     \
    {                                                                                                                  \
        (void)sid;                                                                                                     \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src),                                                \
                  ISA_ND2NZ(matrices, rows, columns, src_matrix),                                                      \
                  ISA_ND2NZ(src_row, dst_columns, dst_row, dst_matrix), 0);                                            \
    }

/* The value's own size says how wide it is in L1. */
#define DAV_FILL(ctype, name, type)                                                                                    \
    DAV_INTRINSIC void name(__cbuf__ void *dst, int64_t config, ctype value)                                           \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), 0, dav_bits(value), (uint64_t)config, 0);                     \
    }
#define MOVE_FILL(name, type, list) list(DAV_FILL, name, type)

#include "../../move.def"

#undef DAV_FILL

#endif
