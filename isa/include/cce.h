/* cce.h - the AICore's instructions under the names that kernels call them by, for C11 and C++17. */
#ifndef DAV_CCE_H
#define DAV_CCE_H

#include "cce/compare.h"
#include "cce/convert.h"
#include "cce/cube.h"
#include "cce/load.h"
#include "cce/move.h"
#include "cce/permute.h"
#include "cce/reduce.h"
#include "cce/sync.h"
#include "cce/vector.h"

#endif
