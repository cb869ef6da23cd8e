/* reduce.h - */
#ifndef DAV_CCE_REDUCE_H
#define DAV_CCE_REDUCE_H

#include "base.h"

#endif
