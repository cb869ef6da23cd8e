// prelude.hpp - what the device's own compiler knows without any header; davcc puts it in front of a kernel in C++.
#ifndef DAV_CCE_PRELUDE_HPP
#define DAV_CCE_PRELUDE_HPP

#include "../aicore/aicore.h"

// The same type as half; clang's own is one that can only be stored.
#define __fp16 _Float16

// A function of tiles, and what its parameters are made from.
#define __tf__
#define __cce_get_tile_ptr(tile) (tile)

#endif
