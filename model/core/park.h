/* park.h - a core that repeats the same poll is taken out of the simulation until what it polls changes.
 *
 * Between two visits of the same point in the code a core has done one *round*. When its registers and its stack are
 * the same at both, it stored nothing in between, and it read the same values at the same intervals, then the next
 * round will be the same again unless something it reads changes: a proof, not a guess. After two equal rounds the core
 * is blocked. The change that wakes it happens at time w, inside some round; the core is set back to the start of that
 * round and *relives* it up to w: what it reads before w is what stood there before the change. It has no effect on
 * anybody in that time, so going back is exact: times and traces are those of a run that simulated every poll.
 */
#ifndef DAV_PARK_H
#define DAV_PARK_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct core;
struct view_change;

/* Registers that survive a call (System V x86-64), as port_entry.S saves them: the device code's state at a hook. */
struct saved_registers {
    uint64_t r15, r14, r13, r12, rbp, rbx;
    uint64_t return_address;
};

enum park_op_kind {
    PARK_LOAD, /* a load that hit, or that needs no cache */
    PARK_FILL, /* a line that was filled */
    PARK_DCCI,
    PARK_SPR,   /* the core's own DATA_MAIN_BASE */
    PARK_OTHER, /* something without an outcome: a fence, a hint */
};

enum { PARK_OPS = 1024, PARK_ROUNDS = 64, PARK_OLD = 8 };

/* Stands for the core's DATA_MAIN_BASE where an address is asked for. */
#define PARK_REGISTER_ADDR 1ull

struct park_op {
    uint64_t offset_ps; /* since the start of the round */
    uint64_t addr;
    uint64_t value;
    uint64_t pc; /* core->pc: for a watcher */
    uint32_t size;
    enum park_op_kind kind;
};

struct park_old {
    uint64_t addr;
    uint32_t size;
    uint8_t bytes[64];
    uint8_t beneath[64];
};

struct park {
    bool enabled;
    bool probing; /* every access takes the slow path and is recorded */
    bool anchored;
    bool parked;
    bool laid;
    struct saved_registers anchor;
    uint64_t anchor_sp, anchor_stack, anchor_pc;
    uint64_t anchor_ps; /* start of the round that is recorded now */
    uint64_t changes;   /* core->changes when probing began */
    uint32_t rounds;    /* equal rounds seen */
    uint64_t period_ps;
    struct park_op *ops, *before; /* this round and the one before */
    uint32_t count, count_before;
    uint64_t *counters_before;
    uint64_t next_probe_ps, interval_ps;
    uint64_t seen_changes; /* core->changes at the previous opportunity to probe */
    uint64_t relive_until; /* w; 0 when the core lives in the present */
    uint32_t relive_rank;  /* rank of the agent whose effect woke it: decides ties at w */
    struct park_old old[PARK_OLD];
    uint32_t old_count;
    uint64_t parked_ps, rounds_skipped;
};

int park_init(struct core *core, bool enabled);
void park_fini(struct core *core);

/** park_consider - an opportunity (a dcci, a bound): begin probing if nothing changed since the previous one. */
void park_consider(struct core *core);

/** park_visit - the core is at a hook, before the access. While probing: compare with the anchor, and park if two
 *  rounds were equal; then returns when woken, the clock set back. */
void park_visit(struct core *core, const struct saved_registers *registers);

/** park_record - the access just done, while probing. */
void park_record(struct core *core, enum park_op_kind kind, uint64_t addr, uint32_t size, uint64_t value);

/** park_forget - something happened that no repeating poll does: stop probing. */
void park_forget(struct core *core);

/** park_notice - GM line or AICPU memory [@addr, +@size) changes, @old stood there before: wake who polls it.
 *  @unseen: the bytes are as before, but the AICPU lost its copy. */
void park_notice(struct core *core, uint64_t addr, uint32_t size, const uint8_t *old, bool differs, bool snooped);

/** park_notice_register - the core's DATA_MAIN_BASE changes. */
void park_notice_register(struct core *core, uint64_t old);

/** park_reliving - whether an access at time @at belongs to time that the core relives. */
static inline bool park_reliving_at(const struct park *park, uint32_t rank, uint64_t at)
{
    return park->relive_until && (at < park->relive_until || (at == park->relive_until && rank < park->relive_rank));
}

/** park_old_line - the 64 bytes line @addr had before the change that woke the core, NULL if it did not change. */
const uint8_t *park_old_line(const struct park *park, uint64_t addr);

/** park_relived - the core has caught up with w. */
void park_relived(struct core *core);

/** park_lay / park_take_up - while an AICPU thread relives: show it what stood in memory before. */
void park_lay(struct core *core);
void park_take_up(struct core *core);

#ifdef __cplusplus
}
#endif
#endif
