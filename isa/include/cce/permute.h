/* permute.h - */
#ifndef DAV_CCE_PERMUTE_H
#define DAV_CCE_PERMUTE_H

#include "base.h"

#endif
