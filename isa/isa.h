/* isa.h - the instructions of the AICore's pipes: what each reads, writes, means and costs.
 *
 * An instruction is an opcode and five words, as device code gives them to its port (core_port.h: dav_issue).
 * Everything else that is known of it stands in its one entry: its pipe, how its words are read (its *shape*: which
 * bytes it reads and writes, what it refuses, how often it repeats), its functional body and its cost. Entries come
 * from the .def files (vector.def, convert.def, ...), which also give the opcodes their numbers and the device headers
 * (include/cce/) their prototypes: an instruction is one line there.
 *
 * Nothing here knows of the simulator: time, queues and hazards are model/core/pipe.h's, which asks the entry.
 *
 * Bytes. A body works on the core's own buffers (UB, L1, ...) at the addresses that its words name. GM it never
 * touches: the bytes of its GM spans lie, one span after the other in the order in which `spans` tells them, in
 * `stage`. Who runs the body has filled the stage (a load) or carries it to GM (a store). So a body may run at the
 * start of an instruction's time, at its end or in between.
 */
#ifndef DAV_ISA_H
#define DAV_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/cost.h"
#include "isa/encoding.h"
#include "isa/opcode.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers of pipe_t (include/aicore/aicore.h). */
enum isa_pipe {
    ISA_S = 0,
    ISA_V = 1,
    ISA_M = 2,
    ISA_MTE1 = 3,
    ISA_MTE2 = 4,
    ISA_MTE3 = 5,
    ISA_ALL = 6,
    ISA_FIX = 10,
    ISA_PIPES = 11, /* an array with a place for each */
};

enum isa_space { ISA_UB, ISA_L1, ISA_L0A, ISA_L0B, ISA_L0C, ISA_BT, ISA_FB, ISA_BUFFERS, ISA_GM = ISA_BUFFERS };

enum isa_core { ISA_AIC = 1, ISA_AIV = 2, ISA_ANY = 3 };

/* Element types. */
enum isa_type {
    ISA_F16,
    ISA_BF16,
    ISA_F32,
    ISA_S8,
    ISA_U8,
    ISA_S16,
    ISA_U16,
    ISA_S32,
    ISA_U32,
    ISA_S64,
    ISA_S4,
    ISA_TYPES
};

/** isa_bytes - size of an element; two ISA_S4 share a byte, of which it says 1. */
uint32_t isa_bytes(enum isa_type type);

/* What an instruction counts its cost in. */
enum isa_unit {
    ISA_REPEAT, /* repeats of a vector instruction */
    ISA_TILE,   /* 16 x 32 B x 16 products of mad */
    ISA_BYTE,   /* bytes moved inside the core */
    ISA_BLOCK,  /* 32 B blocks, five more a burst: UB to UB */
    ISA_GMBYTE, /* bytes between GM and the core: the memory system says how long */
    ISA_ONCE,   /* nothing */
};

/* Special registers that the scalar unit writes and an instruction takes along as they stand when it is issued. */
struct isa_state {
    uint64_t mask[2]; /* set_vector_mask: low and high word */
    bool count_mode;  /* set_mask_count / set_mask_norm */
    uint8_t atomic;   /* enum isa_atomic: what a store to GM does */
    uint64_t spr[ISA_SPRS];
};

/* Registers that belong to the V pipe: written and read by its instructions, in their order. */
struct isa_vregs {
    uint64_t cmpmask[2];
    uint32_t va[8][8]; /* VA0..7: eight UB addresses each */
    uint64_t rsvd_cnt, vms4_sr;
};

struct isa_entry;

/* An instruction that is being looked at or executed. */
struct isa_exec {
    const struct isa_entry *entry;
    uint64_t w[ISA_WORDS];
    struct isa_state state;
    struct isa_vregs *v;          /* of its core */
    uint8_t *buffer[ISA_BUFFERS]; /* of its core; NULL where it has none */
    uint32_t bytes[ISA_BUFFERS];  /* their sizes; 0 where it has none */
    uint8_t *stage;               /* bytes of its GM spans, see above; NULL if it has none */
};

enum isa_access { ISA_READ, ISA_WRITE };

/* Bytes [@addr, @addr + @bytes) of @space (GM: a device address) are read or written. */
typedef void isa_span_fn(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes);

enum isa_walks { ISA_WALKS_DST = 1, ISA_WALKS_SRC0 = 2, ISA_WALKS_SRC1 = 4, ISA_READS_DST = 8 };

struct isa_shape {
    /* Tell every byte that is read and written, exactly; in one order, neighbours joined where that is cheap.
     * This and the other two may look at UB and the V registers (offsets of a gather, scores of a merge, VA0..7): ask
     * when the instruction's turn has come, before its body runs, and keep what they say. */
    void (*spans)(const struct isa_exec *x, isa_span_fn *fn, void *ctx);
    /* What makes the operands invalid, as text for the user ("nBurst is 0; allowed: 1 to 4095"), or NULL. May be NULL.
     * Bounds of buffers are checked by the caller, from the spans; alignment too, from `align`. */
    const char *(*refuse)(const struct isa_exec *x);
    /* How many of the entry's units it takes. */
    uint64_t (*units)(const struct isa_exec *x);
    uint8_t align[3]; /* w[0..2] are addresses that must be multiples of this; 0: no address */
    uint8_t walks;    /* operands that are walked repeat by repeat with the strides of w[3] and w[4]: enum isa_walks */
};

struct isa_entry {
    const char *name;  /* as source code calls it */
    const char *types; /* of its operands, for people: "f32", "f32 f16" */
    enum isa_pipe pipe;
    enum isa_core cores;
    enum isa_cost_class cost;
    enum isa_unit unit;
    enum isa_type type, from; /* of destination and source elements, for the shape and the body */
    const struct isa_shape *shape;
    void (*body)(const struct isa_exec *x);
};

/** isa_entry_of - the entry of @opcode, NULL if there is none. */
const struct isa_entry *isa_entry_of(uint32_t opcode);

/** isa_unit_flag - whether mad or a move out of L0C hands fractals over with its unit flag: such a move waits for such
 * a mad before it, without a flag between M and FIX. */
bool isa_unit_flag(const struct isa_exec *x);

/** isa_turn - of a vector instruction's @repeats repeats, the one in which byte @addr of UB is first read, or last
 * written;
 *  @repeats if none does. If its shape walks no operand of this kind repeat by repeat, all are read in the first repeat
 *  and written in the last. */
uint64_t isa_turn(const struct isa_exec *x, enum isa_access access, uint64_t addr, uint64_t repeats);

/** isa_units_name - "repeats", "tiles", ...: for documents. */
const char *isa_unit_name(enum isa_unit unit);

/** isa_cost_name - as the chip file calls a cost class. */
const char *isa_cost_name(enum isa_cost_class class_);

/** isa_pipe_name - "V", "MTE2", ... */
const char *isa_pipe_name(enum isa_pipe pipe);

/** isa_space_name - "UB", "L0A", ..., "GM". */
const char *isa_space_name(enum isa_space space);

#ifdef __cplusplus
}
#endif
#endif
