/* chip_state.h - everything a simulated device consists of, as the C parts see it. A process has one for each device
 * that it uses, and one of them is current. */
#ifndef DAV_CHIP_STATE_H
#define DAV_CHIP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/announcer.h"
#include "model/chipfile.h"
#include "model/clock.h"
#include "model/core/core.h"
#include "model/davsim.h"
#include "model/embed/module.h"
#include "model/event.h"
#include "model/memory/gm.h"
#include "model/memory/view.h"
#include "model/vary.h"

#ifdef __cplusplus
extern "C" {
#endif

struct watch;
struct module;
struct traffic;

/* Why a launch ended before its programs did. */
struct chip_stop {
    enum dav_status status;  /* DAV_OK: it did not */
    char line[1024];         /* what a user is told */
    const struct core *core; /* whose doing it was, and when; NULL: nobody's */
    uint64_t at_ps;
};

/* Traffic that belongs to no core. */
struct chip_counters {
    uint64_t h2d_bytes, d2h_bytes, copies;
};

struct chip_state {
    struct chip file;
    int device_id;
    struct clock clock;
    struct gm gm;
    struct view view;
    struct dcache cluster_cache;
    struct core *cores; /* AICores by physical number, then AICPU threads */
    uint32_t aicores, aicpus;
    uint32_t launch;       /* number of the current or latest launch, from 1 */
    uint64_t max_quiet_ps; /* --max-time: simulated time without task progress that is given up on */
    uint32_t parked;       /* cores that are parked just now */
    struct chip_stop stop;
    struct chip_counters counters;
    struct announcer announcer;
    struct module_set modules; /* what it has loaded, with the statics: embed/module.h */
    struct watch *watch;       /* a checker, NULL if none: see watch.h */
    void *runtime;             /* of the current launch */
    uint64_t runtime_size;
    uint64_t *window_bases;
    uint8_t *window_memory;
    uint64_t window_bytes;
    struct vary vary;
    struct traffic *traffic; /* who wants to know when the bus is used; NULL: nobody */
    struct mte *mte;         /* transfers between GM and the AICores' buffers */
    bool compute;            /* instructions of the pipes move and make bytes; else they only take their time */
    bool tell_threads;       /* announce EVENT_HANDED, EVENT_WAIT and EVENT_PHASE */
    bool tell_parked;        /* announce EVENT_PARK */
    bool tell_pipes;         /* announce EVENT_INSTR, EVENT_SET, EVENT_FLAG and EVENT_CROSS */
    bool tell_instr;         /* announce EVENT_SCALAR and EVENT_BARRIER, and give EVENT_INSTR its details */
    bool tell_cache;         /* announce EVENT_CACHE */
    uint32_t keeping;        /* AICPU threads that want to know what memory held before it changes: core/early.h */
};

extern struct chip_state *dav_chip; /* the current one */

static inline struct core *chip_aicpu(struct chip_state *chip, uint32_t number)
{
    return &chip->cores[chip->aicores + number];
}

/** chip_place - @core's number among the cores of its kind. */
static inline int chip_place(const struct core *core)
{
    return core->number - (core->kind == CORE_AIV ? (int)core->chip->file.chip.clusters : 0);
}

/** chip_announce - hand @event to everybody who listens. */
void chip_announce(struct chip_state *chip, const struct event *event);

/** chip_listen - let @sink hear of all that follows. */
void chip_listen(struct chip_state *chip, struct event_sink *sink);

/** chip_gm_changed - the view's callback. */
void chip_gm_changed(void *ctx, const struct view_change *change);

/** chip_memory_changed - @size bytes at @addr (GM, or memory the AICPU threads share) changed, @old stood there before:
 *  tell the cores that are parked on them. @snooped: the AICPU cluster lost its copy. */
void chip_memory_changed(struct chip_state *chip, uint64_t addr, uint32_t size, const uint8_t *old, bool differs,
                         bool snooped);

/** chip_progress - a task began or ended: the quiet time starts anew. */
void chip_progress(struct chip_state *chip, uint64_t now_ps);

/** chip_blame - the launch will be given up for what @core did or waits for at @at_ps; the first reason stands. */
void chip_blame(struct chip_state *chip, const struct core *core, uint64_t at_ps);

/** chip_stop_launch - end the current launch with @status and a line for the user; the first reason stands. */
void chip_stop_launch(struct chip_state *chip, enum dav_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** chip_read - [@addr, +@size) of GM of @chip, a struct chip_state, as GM holds it. Return false if it is not GM. */
bool chip_read(void *chip, uint64_t addr, void *out, uint64_t size);

/** chip_where - GM address @addr as "allocation+offset" text, for people. */
void chip_where(const struct chip_state *chip, uint64_t addr, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
