/* types.h - lists of the C types that have a size, for prototypes that only move bits: DAV_B16(word, ...) is
 * word(type, ...) for each 16-bit type. */
#ifndef DAV_CCE_TYPES_H
#define DAV_CCE_TYPES_H

#include "base.h"

#define DAV_B16(word, ...)                                                                                             \
    word(uint16_t, __VA_ARGS__) word(int16_t, __VA_ARGS__) word(half, __VA_ARGS__) word(bfloat16_t, __VA_ARGS__)
#define DAV_B32(word, ...)  word(uint32_t, __VA_ARGS__) word(int32_t, __VA_ARGS__) word(float, __VA_ARGS__)
#define DAV_BF16(word, ...) word(bfloat16_t, __VA_ARGS__)

#endif
