/* A platform of coherent threads: a polling thread lets others run. */
#ifndef STUB_SPIN_HINT_H
#define STUB_SPIN_HINT_H

#include <sched.h>

#define SPIN_WAIT_HINT() sched_yield()

#endif
