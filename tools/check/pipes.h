/* pipes.h - what the checker keeps of one AICore's pipes, for the files that look at them:
 *
 *   pipes.c     what happens in the core, in order; accesses that nothing orders (hazard.h)
 *   unwritten.c bytes of its buffers that nobody has written
 *   flags.c     set_flag and wait_flag, counted as the program states them
 *   moves.c     what its pipes read and write in GM
 *   stores.c    who reads it there
 *   crossing.c  flags between cores
 */
#ifndef DAV_CHECK_PIPES_H
#define DAV_CHECK_PIPES_H

#include "tools/check/hazard.h"
#include "tools/check/state.h"
#include "tools/check/written.h"

enum {
    PIPE_PLACES = 7,
    SCALAR_ACTS = 16,
    EARLY_READS = 16,
    SIGNALS = 16,
    CROSSINGS = 64,
    FLAG_USES = PIPE_PLACES * PIPE_PLACES * PIPE_IDS,
};

/* A flag, as the scalar unit has set and waited for it. */
struct flag_use {
    int32_t open, base;      /* sets less waits: now, and when the task began */
    int32_t told;            /* how much of it was a finding */
    uint64_t set_pc, set_ps; /* the latest of each */
    uint64_t wait_pc, wait_ps;
};

/* A read of bytes that nobody has written, as far as is known: their writer may have been issued before and begin only
 * afterwards. Then that is a hazard, and told as such. */
struct early_read {
    struct act *act;
    enum isa_space space;
    struct span span;
    uint8_t bytes[FINDING_BYTES];
};

/* What the scalar unit knows became known to others. */
struct signal {
    uint32_t epoch;
    uint64_t pc, time_ps;
};

/* A sync of this core's for others: see crossing.c. */
struct crossing {
    uint64_t serial;
    struct origin *origin;     /* what it carries */
    uint32_t round;            /* 0: it has not been sent; else: */
    struct hazard_clock clock; /* what was over in this core then */
    int mode, id;
};

struct core_pipes {
    struct core *core;
    struct hazard *hazard;
    struct written written[ISA_BUFFERS];
    struct act *under_way, **under_way_end; /* instructions that have not ended, in the order of their issue */
    struct act *scalar[SCALAR_ACTS];        /* the latest of the scalar unit's, by address of the code */
    struct early_read early[EARLY_READS];
    uint32_t early_count;
    struct flag_use flags[FLAG_USES];
    bool flags_used;
    struct signal signals[SIGNALS];
    uint32_t signal_count;
    struct crossing crossings[CROSSINGS];
    uint32_t crossing_count, synced[3][PIPE_CROSS_IDS];
};

/** pipes_of - what is kept of @core, made at the first use. */
struct core_pipes *pipes_of(struct check *check, const struct core *core);

/** pipes_hazard - tell of two accesses. */
void pipes_hazard(void *check, const struct hazard_meeting *meeting);

/** pipes_side - the side of @act, which does @access. */
void pipes_side(struct check *check, const struct act *act, enum isa_access access);

/** pipes_end_hazard - headline and remedy of the draft, which is then handed over: of two accesses in the order of the
 *  program, nothing orders the second one behind the first. @wrong: it is known to have come too early this time. */
void pipes_end_hazard(struct check *check, const struct act *second, enum isa_access second_does,
                      const struct act *first, enum isa_access first_does, bool wrong);

/* ---- unwritten.c ---- */

/** unwritten_read, unwritten_write - @act is about to. */
void unwritten_read(struct check *check, struct core_pipes *pipes, struct act *act, enum isa_space space,
                    const struct spans *spans);
void unwritten_write(struct core_pipes *pipes, const struct act *act, enum isa_space space, const struct spans *spans);

/** unwritten_tell - no writer will come any more for what was read so far. */
void unwritten_tell(struct check *check, struct core_pipes *pipes);

/* ---- flags.c ---- */

/** flags_set, flags_waited - the scalar unit has come to it, at @pc. */
void flags_set(struct core_pipes *pipes, int from, int to, int id, uint64_t pc);
void flags_waited(struct core_pipes *pipes, int from, int to, int id, uint64_t pc);

/** flags_begin - a task begins. flags_judge - it ends, or (@all) the launch does: tell of what is left. */
void flags_begin(struct core_pipes *pipes);
void flags_judge(struct check *check, struct core_pipes *pipes, bool all);

/** flags_latest_set - the flag of the pair that was set last, whatever its id; NULL if none ever was. @id: its id. */
const struct flag_use *flags_latest_set(const struct core_pipes *pipes, int from, int to, int *id);

/* ---- moves.c ---- */

/** moves_issue, moves_start, moves_end - of an instruction that touches GM. */
void moves_issue(struct check *check, struct core_pipes *pipes, struct act *act, const struct pipe_instr *instr);
void moves_start(struct check *check, struct core_pipes *pipes, struct act *act);
void moves_end(struct check *check, struct core_pipes *pipes, struct act *act);

/** moves_forget - those that are under way never reach GM. */
void moves_forget(struct check *check);

/** moves_learn - the scalar unit has waited for something: which of the pipes' stores are over. */
void moves_learn(struct check *check, struct core_pipes *pipes);

/** moves_dev - an access of the scalar unit past its cache. */
void moves_dev(struct watch *watch, struct core *core, uint64_t addr, uint32_t size, enum access_past what);

/* ---- crossing.c ---- */

/** crossing_enter - a cross-core sync has been put into a pipe's queue. */
void crossing_enter(struct check *check, struct core_pipes *pipes, uint64_t serial);

/** crossing_forget, crossing_forget_rounds - a launch begins: of a core's syncs, of all who met. */
void crossing_forget(struct core_pipes *pipes);
void crossing_forget_rounds(struct check *check);

#endif
