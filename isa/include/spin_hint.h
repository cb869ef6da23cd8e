/* spin_hint.h - what to say inside a polling loop, on either kind of core. */
#ifndef DAV_SPIN_HINT_H
#define DAV_SPIN_HINT_H

#include "../core_port.h"

#define SPIN_WAIT_HINT() dav_spin_hint()

#endif
