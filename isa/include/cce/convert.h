/* convert.h - */
#ifndef DAV_CCE_CONVERT_H
#define DAV_CCE_CONVERT_H

#include "base.h"

#endif
