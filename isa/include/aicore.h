/* aicore.h - the name under which older sources find aicore/aicore.h. */
#ifndef DAV_FORWARD_AICORE_H
#define DAV_FORWARD_AICORE_H

#include "aicore/aicore.h"

#endif
