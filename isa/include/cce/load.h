/* load.h - L1 to L0A, L0B, BT and FB. Strides and gaps are in fractals of 512 B, unless said otherwise. */
#ifndef DAV_CCE_LOAD_H
#define DAV_CCE_LOAD_H

#include "base.h"

/* Whether the next fractal of the source stands further up or down. */
#ifdef __cplusplus
namespace __cce_scalar
{
enum addr_cal_mode_t { inc = 0, dec = 1 };
}
#else
typedef enum { inc = 0, dec = 1 } addr_cal_mode_t;
#endif

#define LOAD_FRACTALS(name, type, ctype, cost)                                                                         \
    DAV_INTRINSIC void name(ctype *dst, const ctype *src, uint16_t base, uint8_t repeat, uint16_t src_stride,          \
                            uint16_t dst_gap, uint8_t sid, bool transpose, uint8_t mode)                               \
    {                                                                                                                  \
        (void)sid;                                                                                                     \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), ISA_LOAD2(base, repeat, src_stride, dst_gap),  \
                  ISA_LOAD3(transpose, mode, 0), 0);                                                                   \
    }

/* base and src_stride count squares: 16 x 16 elements of 16 or 32 bits, 32 x 32 bytes. frac_gap is between the two
 * fractals that a square of bytes or of 32-bit elements becomes. */
#define LOAD_SQUARES(name, type, ctype, cost)                                                                          \
    DAV_INTRINSIC void name(ctype *dst, const ctype *src, uint16_t base, uint8_t repeat, uint16_t src_stride,          \
                            uint16_t dst_gap, uint8_t mode, uint16_t frac_gap)                                         \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), ISA_LOAD2(base, repeat, src_stride, dst_gap),  \
                  ISA_LOAD3(1, mode, frac_gap), 0);                                                                    \
    }

#define LOAD_IMAGE(name, type, ctype, cost)                                                                            \
    DAV_INTRINSIC void name(ctype *dst, const ctype *src, uint16_t step_k, uint16_t step_m, uint16_t pos_k,            \
                            uint16_t pos_m, uint8_t stride_w, uint8_t stride_h, uint8_t filter_w, uint8_t filter_h,    \
                            uint8_t dilation_w, uint8_t dilation_h, bool high_w, bool high_h, bool transpose,          \
                            bool fmatrix_b, uint16_t channels)                                                         \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), ISA_IMG2(step_k, step_m, pos_k, pos_m),        \
                  ISA_IMG3(stride_w, stride_h, filter_w, filter_h, dilation_w, dilation_h, high_w, high_h),            \
                  ISA_IMG4(transpose, fmatrix_b, channels));                                                           \
    }

/* length in 64 B of the source, src_gap in 32 B, dst_gap in 64 B; convert 1: halves become floats */
#define LOAD_BIAS(name)                                                                                                \
    DAV_INTRINSIC void name(uint64_t dst, const void *src, uint16_t convert, uint16_t bursts, uint16_t length,         \
                            uint16_t src_gap, uint16_t dst_gap)                                                        \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_any, dst, DAV_ADDR(src), ISA_TABLE2(bursts, length, src_gap, dst_gap), convert, 0);  \
    }                                                                                                                  \
    DAV_INTRINSIC void name(void *dst, const void *src, uint16_t convert, uint16_t bursts, uint16_t length,            \
                            uint16_t src_gap, uint16_t dst_gap)                                                        \
    {                                                                                                                  \
        name(DAV_ADDR(dst), src, convert, bursts, length, src_gap, dst_gap);                                           \
    }

/* length in 128 B, src_gap in 32 B, dst_gap in 128 B */
#define LOAD_SCALES(name)                                                                                              \
    DAV_INTRINSIC void name(void *dst, const void *src, uint16_t bursts, uint16_t length, uint16_t src_gap,            \
                            uint16_t dst_gap)                                                                          \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_any, DAV_ADDR(dst), DAV_ADDR(src), ISA_TABLE2(bursts, length, src_gap, dst_gap), 0,  \
                  0);                                                                                                  \
    }

#include "../../load.def"

#endif
