/* load.h - */
#ifndef DAV_CCE_LOAD_H
#define DAV_CCE_LOAD_H

#include "base.h"

#endif
