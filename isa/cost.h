/* cost.h - what instructions cost: a few numbers a class, which the chip file gives. */
#ifndef DAV_ISA_COST_H
#define DAV_ISA_COST_H

#include <stdint.h>

/* A class is a line of the chip file's section [isa], "name = head + slope n + tail": n counts what the instruction's
 * entry says (repeats, tiles, bytes). All in millionths of a cycle. */
struct isa_linear {
    uint64_t head;    /* before the first unit; paid when the pipe was idle */
    uint64_t slope;   /* for each unit: what keeps the pipe busy */
    uint64_t tail;    /* after the last one until the result is there; the next instruction does not wait for it */
    uint64_t counted; /* more in count mode */
};

enum isa_cost_class {
#define COST_CLASS(name, unit) ISA_COST_##name,
#include "isa/cost.def"
#undef COST_CLASS
    ISA_COST_CLASSES
};

#endif
