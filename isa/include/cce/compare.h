/* compare.h - */
#ifndef DAV_CCE_COMPARE_H
#define DAV_CCE_COMPARE_H

#include "base.h"

#endif
