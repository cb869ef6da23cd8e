/* pipe.h - the pipes of an AICore beside its scalar unit: V, M, MTE1, MTE2, MTE3, FIX.
 *
 * The scalar unit puts instructions, set_flag, wait_flag and barriers into a pipe's queue and goes on; each pipe takes
 * what is at its head, in order. An instruction *starts* when those before it leave the pipe free, reads its operands
 * then, and writes when it *ends*; the next one starts before that end where the pipe is pipelined (the cost's tail).
 * So what no flag or barrier orders shows as wrong data.
 *
 * Bytes move late. An instruction's body runs at its end, unless somebody is about to overwrite what it has read: then
 * it runs before that, and its results are kept until its end (pipe_bytes.h). Nobody can see the difference.
 *
 * Everything that happens in a pipe is an effect of its core (clock.h). A pipe has at most one step in the book.
 */
#ifndef DAV_PIPE_H
#define DAV_PIPE_H

#include "isa/isa.h"
#include "model/clock.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct core;
struct pipes;

enum { PIPE_IDS = 8, PIPE_CROSS_IDS = 16, PIPE_COUNT_MAX = 15 };

/* [low, high) of a buffer; nothing if high is not above low. */
struct pipe_box {
    uint32_t low, high;
};

/* Around what an instruction reads or writes in GM, which lies in so many pieces. */
struct pipe_gm {
    uint64_t low, high, pieces;
};

/* An instruction from its issue to its end. */
struct pipe_instr {
    struct isa_exec x;
    struct core *core;
    uint64_t serial; /* order of issue in its core */
    uint64_t pc;     /* return address into device code */
    uint64_t issued_ps, start_ps, slot_ps, end_ps;
    struct pipe_box boxes[2][ISA_BUFFERS]; /* around what it reads and writes */
    uint64_t bytes[2];                     /* that it reads and writes in buffers */
    uint64_t gm_bytes[2];                  /* and in GM, */
    struct pipe_gm gm[2];                  /* where: if chip->tell_instr */
    bool early_done;                       /* its body has run before its end */
    uint8_t *early;                        /* and what it wrote in buffers is kept here; NULL: nothing */
    uint64_t units;                        /* inside the core */
    bool published;                        /* its results stood in the buffers before its end: pipe_bytes.c */
    uint64_t missed_bytes, hbm_bytes;      /* GM: that are read and not in L2; that cross HBM for it */
    uint64_t latency_ps;                   /* GM: from the end of the transfer to the instruction's */
    void *note;                            /* a watcher's */
    struct pipe_instr *next;
};

/* What is told of an instruction at level instr, beside when. */
struct pipe_detail {
    const struct isa_entry *entry;
    uint64_t words[ISA_WORDS];
    uint64_t mask[2];
    uint64_t issued_ps, units;
    struct pipe_box boxes[2][ISA_BUFFERS];
    struct pipe_gm gm[2];
    uint64_t missed_bytes, hbm_bytes, latency_ps;
};

/* Who set a flag: told to who listens when somebody has waited for it. */
struct pipe_token {
    uint64_t serial, set_ps, pc;
    int from, id;
    struct core *core; /* whose scalar unit or pipe it was */
};

/* An event id of a pair of pipes, or a cross-core flag. */
struct pipe_flag {
    uint32_t count, first;
    struct pipe_token *tokens; /* a ring of PIPE_COUNT_MAX; NULL until the first set */
};

enum pipe_entry_kind { PIPE_INSTR, PIPE_SET, PIPE_WAIT, PIPE_BARRIER, PIPE_CROSS };

struct pipe_entry {
    enum pipe_entry_kind kind;
    int from, to, id;
    uint64_t config; /* of a cross-core flag */
    uint64_t issued_ps, pc, serial;
    struct pipe_instr *instr;
};

struct pipe {
    struct pipes *of;
    enum isa_pipe number;
    struct pipe_entry *queue; /* a ring of depth entries */
    uint32_t depth, first, count;
    uint64_t step_ps;          /* its step in the book; CLOCK_NEVER if none */
    uint64_t slot_ps;          /* an instruction may start from then on */
    uint64_t complete_ps;      /* those that started are complete then */
    struct pipe_instr *moving; /* its transfer is under way: both times above are not known yet */
    struct pipe_instr *flying; /* started and not ended, oldest first */
    uint64_t busy_ps;          /* for reports */
    uint64_t instructions;
};

/* What the scalar unit is blocked on. */
enum pipes_wait { PIPES_GO, PIPES_QUEUE, PIPES_FLAG, PIPES_CROSS, PIPES_DRAIN, PIPES_MEMORY };

struct pipes {
    struct core *core;
    uint8_t *buffer[ISA_BUFFERS];
    uint32_t bytes[ISA_BUFFERS];
    struct isa_state state;
    struct isa_vregs v;
    struct pipe pipe[ISA_PIPES];
    struct pipe_flag flags[ISA_PIPES][ISA_PIPES][PIPE_IDS];
    struct pipe_flag cross[PIPE_CROSS_IDS];
    uint64_t serial;
    enum pipes_wait wait;
    int wait_from, wait_to, wait_id;
    uint64_t wait_pc;
    uint64_t loaded; /* what ld_dev has brought */
    struct pipe_instr *free;
};

/** pipes_make - @core's pipes and buffers, made at their first use. */
struct pipes *pipes_make(struct core *core);

/** pipes_reset - a launch begins: no flags, special registers as after a reset. pipes_forget - after a stop: nothing of
 *  what was under way happens. pipes_free - for good. */
void pipes_reset(struct core *core);
void pipes_forget(struct core *core);
void pipes_free(struct core *core);

/** pipes_busy - whether a queue or a pipe of @core is not empty. */
bool pipes_busy(const struct core *core);

/** pipe_put - the running core puts @entry into pipe @number's queue; waits until there is room. */
void pipe_put(struct core *core, enum isa_pipe number, const struct pipe_entry *entry);

/** pipe_queued - the @number-th entry of @pipe's queue, from the head. */
static inline struct pipe_entry *pipe_queued(const struct pipe *pipe, uint32_t number)
{
    uint32_t place = pipe->first + number;

    return &pipe->queue[place < pipe->depth ? place : place - pipe->depth];
}

/** pipe_kick - something that @pipe's head may wait for has happened: let it look at time @now. */
void pipe_kick(struct pipe *pipe, uint64_t now);

/** pipe_moved - the transfer of @pipe's moving instruction is over at @now. */
void pipe_moved(struct pipe *pipe, uint64_t now);

/** pipes_wake - the scalar unit goes on at @at. */
void pipes_wake(struct pipes *pipes, uint64_t at);

/** pipe_cycles_ps - millionths of a cycle of @core's clock, in ps. */
uint64_t pipe_cycles_ps(const struct core *core, uint64_t millionths);

/** pipe_exists - whether @number is a pipe that a core of this kind has. PIPE_S counts where @scalar. */
bool pipe_exists(const struct core *core, int number, bool scalar);

#ifdef __cplusplus
}
#endif
#endif
