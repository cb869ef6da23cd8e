// pto/common/pto_tile.hpp - stands in front of the tile library's header of that name. There, for a device's compiler
// only, a template is specialised for types in GM; here these are types like any other.
#ifndef DAV_LIBRARY_PTO_TILE_HPP
#define DAV_LIBRARY_PTO_TILE_HPP

#include "type.hpp"

#pragma push_macro("__CCE_AICORE__")
#undef __CCE_AICORE__
#include_next <pto/common/pto_tile.hpp>
#pragma pop_macro("__CCE_AICORE__")

#endif
