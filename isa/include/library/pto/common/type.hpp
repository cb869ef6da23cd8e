// pto/common/type.hpp - stands in front of the tile library's header of that name. Everything of the library includes
// that one before it uses an instruction, so the instructions are declared here.
#ifndef DAV_LIBRARY_PTO_TYPE_HPP
#define DAV_LIBRARY_PTO_TYPE_HPP

#include <cce.h>
#include <cce/library.hpp>

#include_next <pto/common/type.hpp>

#endif
