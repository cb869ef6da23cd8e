/* need.h - memory for the checker, without which there is no honest way on: one that forgets would accuse the innocent.
 */
#ifndef DAV_CHECK_NEED_H
#define DAV_CHECK_NEED_H

#include <stdlib.h>

/** need - @memory, which has just been allocated: the program ends if there was none. */
static inline void *need(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

#endif
