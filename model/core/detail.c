/* detail.c - see detail.h. */
#include "model/core/detail.h"

void detail_scalar(const struct core *core, struct event what)
{
    what.kind = EVENT_SCALAR;
    what.core = core;
    what.time_ps = core->agent.now;
    chip_announce(core->chip, &what);
}

void detail_cache(const struct core *core, struct event what)
{
    what.kind = EVENT_CACHE;
    what.core = core;
    chip_announce(core->chip, &what);
}
