/* inner_kernel.h - the name under which older sources find aicore/aicore.h. */
#ifndef DAV_FORWARD_INNER_KERNEL_H
#define DAV_FORWARD_INNER_KERNEL_H

#include "aicore/aicore.h"

#endif
