/* common/phase.h - named stretches of device code in a trace, on either kind of core, in C and C++.
 *
 *     dav_phase_begin("resolve");
 *     ...
 *     dav_phase_end();
 *
 * Phases nest; one that is open when its kernel or its thread ends, ends there. They take no simulated time but that of
 * the call. Away from davsim (this file alone in another tree) they are nothing at all.
 */
#ifndef DAV_COMMON_PHASE_H
#define DAV_COMMON_PHASE_H

#ifdef __has_include
#if __has_include("../../core_port.h")
#include "../../core_port.h"
#define DAV_HAS_PHASES
#endif
#endif

#ifndef DAV_HAS_PHASES
#define dav_phase_begin(name) ((void)(name))
#define dav_phase_end()       ((void)0)
#endif

#endif
