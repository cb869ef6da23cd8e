/* device_phase.c - dav_phase_begin and dav_phase_end of isa/core_port.h. They cost nothing: what is looked at should
 * take the same time as what is not. */
#include <stdio.h>

#include "isa/core_port.h"
#include "model/embed/device_libc.h"

enum { NAME_BYTES = 200 };

static void announce(const char *name)
{
    struct core *core = libc_enter();

    if (!core)
        return;
    chip_announce(core->chip,
                  &(struct event){.kind = EVENT_PHASE, .time_ps = core->agent.now, .core = core, .text = name});
    core_leave(core);
}

/** dav_phase_begin - a bad pointer is the device code's: its name is read before the simulator is entered. */
DEVICE_CALL void dav_phase_begin(const char *name)
{
    char copy[NAME_BYTES];

    if (!dav_running->chip || !dav_running->chip->tell_threads)
        return;
    snprintf(copy, sizeof(copy), "%s", name ? name : "?");
    announce(copy);
}

DEVICE_CALL void dav_phase_end(void)
{
    if (dav_running->chip && dav_running->chip->tell_threads)
        announce(NULL);
}
