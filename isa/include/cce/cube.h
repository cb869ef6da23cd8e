/* cube.h - */
#ifndef DAV_CCE_CUBE_H
#define DAV_CCE_CUBE_H

#include "base.h"

#endif
