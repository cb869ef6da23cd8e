/* nothing.c - a task that does nothing. */
#include "aicore.h"

__aicore__ void nothing(__gm__ int64_t *args)
{
    (void)args;
}
