/* kernel_args.h - the name under which older sources find common/kernel_args.h. */
#ifndef DAV_FORWARD_KERNEL_ARGS_H
#define DAV_FORWARD_KERNEL_ARGS_H

#include "common/kernel_args.h"

#endif
