/* base.h - what the intrinsics' headers share: address spaces, element types, and how an instruction is issued.
 *
 * The same headers serve C11 and C++17: overloads are clang's `overloadable` functions in C. An intrinsic has no line
 * of its own in the debug information, so that whoever looks for one finds the kernel's.
 */
#ifndef DAV_CCE_BASE_H
#define DAV_CCE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../core_port.h"
#include "../../encoding.h"
#include "../../opcode.h"

#include "../aicore/aicore.h"

#ifdef __cplusplus
#define DAV_INTRINSIC static inline __attribute__((always_inline, nodebug))
#else
#define DAV_INTRINSIC static inline __attribute__((always_inline, nodebug, overloadable))
#endif

/* A pointer into UB, L1, ... is an offset in that buffer; one into GM is a device address. */
#define DAV_ADDR(pointer) ((uint64_t)(pointer))

/* The bits of a scalar operand. */
DAV_INTRINSIC uint64_t dav_bits(half value)
{
    union {
        half value;
        uint16_t bits;
    } pun = {value};
    return pun.bits;
}
DAV_INTRINSIC uint64_t dav_bits(bfloat16_t value)
{
    union {
        bfloat16_t value;
        uint16_t bits;
    } pun = {value};
    return pun.bits;
}
DAV_INTRINSIC uint64_t dav_bits(float value)
{
    union {
        float value;
        uint32_t bits;
    } pun = {value};
    return pun.bits;
}
DAV_INTRINSIC uint64_t dav_bits(int8_t value)
{
    return (uint64_t)(int64_t)value;
}
DAV_INTRINSIC uint64_t dav_bits(uint8_t value)
{
    return value;
}
DAV_INTRINSIC uint64_t dav_bits(int16_t value)
{
    return (uint64_t)(int64_t)value;
}
DAV_INTRINSIC uint64_t dav_bits(uint16_t value)
{
    return value;
}
DAV_INTRINSIC uint64_t dav_bits(int32_t value)
{
    return (uint64_t)(int64_t)value;
}
DAV_INTRINSIC uint64_t dav_bits(uint32_t value)
{
    return value;
}
DAV_INTRINSIC uint64_t dav_bits(int64_t value)
{
    return (uint64_t)value;
}
DAV_INTRINSIC uint64_t dav_bits(uint64_t value)
{
    return value;
}

#endif
