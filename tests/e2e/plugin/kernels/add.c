/* add.c - *args[1] = *args[0] + args[2]. */
#include "aicore.h"

__aicore__ void kernel_add(__gm__ int64_t *args)
{
    *(__gm__ int64_t *)args[1] = *(__gm__ int64_t *)args[0] + args[2];
}
