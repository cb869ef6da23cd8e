/* move.h - */
#ifndef DAV_CCE_MOVE_H
#define DAV_CCE_MOVE_H

#include "base.h"

#endif
