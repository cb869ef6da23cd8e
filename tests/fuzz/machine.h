/* machine.h - model/memory as the cores drive it (model/core), without time: the same calls as in reference.h, and what
 * each agent then sees. Loads and stores are made natively in the mapping, after the hook, as compiled device code
 * does.
 */
#ifndef DAV_FUZZ_MACHINE_H
#define DAV_FUZZ_MACHINE_H

#include "model/memory/gm.h"
#include "model/memory/store_buffer.h"
#include "model/memory/view.h"
#include "tests/fuzz/reference.h"

struct parcel {
    struct parcel *next;
    uint32_t line;
    uint8_t bytes[LINE_BYTES];
};

struct machine {
    struct gm gm;
    struct view view;
    struct dcache caches[HOLDERS];
    struct parcel *writebacks[AICORES];
    struct store_buffer stores[THREADS];
    int running;
};

/** machine_numbers - of the holders in the directory: at the ends of its words, and the cluster. */
extern const int machine_numbers[HOLDERS];

/** machine_build - all memory is @byte, nobody runs. Return whether it could be built. */
bool machine_build(struct machine *machine, bool dma_snooped, uint8_t byte);
void machine_take_down(struct machine *machine);

/** machine_run - @agent runs from now on, or NOBODY. */
void machine_run(struct machine *machine, int agent);

/** machine_at - what stands in the mapping at @at: that is what the running agent sees of what it holds. */
const uint8_t *machine_at(const struct machine *machine, uint32_t at);

/** machine_enter / machine_leave - from the running agent's code into the simulator and back: all of the following,
 *  but loads and stores, which do so themselves, are to be called between them. */
void machine_enter(struct machine *machine);
void machine_leave(struct machine *machine);

/* By the agent that runs. */
void machine_load(struct machine *machine, uint32_t at, uint32_t size);
void machine_store(struct machine *machine, uint32_t at, uint32_t size, const uint8_t *bytes);
void machine_dcci(struct machine *machine, int line, bool clean);
uint64_t machine_rmw(struct machine *machine, uint32_t at, uint32_t size, uint64_t operand);
void machine_invalidate(struct machine *machine, uint32_t at, uint32_t size, bool keep);

/* Whoever runs. @old: the bytes a line is filled with, NULL for GM's. */
void machine_fence(struct machine *machine, int agent);
void machine_fetch(struct machine *machine, int holder, uint32_t line, const uint8_t *old);
void machine_arrive(struct machine *machine, int agent);
void machine_dma_write(struct machine *machine, uint32_t at, uint32_t size, const uint8_t *bytes);
void machine_drop_all(struct machine *machine);

#endif
