// library.hpp - names besides the instructions that libraries in C++ expect of the device's compiler.
#ifndef DAV_CCE_LIBRARY_HPP
#define DAV_CCE_LIBRARY_HPP

#include "base.h"

using float16_t = half;
using float32_t = float;

// Objects that are read as numbers.
static constexpr struct {
    operator uint32_t() const { return get_block_idx(); }
} block_idx = {};
static constexpr struct {
    operator uint32_t() const { return get_block_num(); }
} block_num = {};

#endif
