/* sync.h - */
#ifndef DAV_CCE_SYNC_H
#define DAV_CCE_SYNC_H

#include "base.h"

#endif
