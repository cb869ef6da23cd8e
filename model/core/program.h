/* program.h - running device code on a core's stack, and getting out of it whatever it does. */
#ifndef DAV_PROGRAM_H
#define DAV_PROGRAM_H

#include "model/core/core.h"
#include "model/davsim.h"
#include "model/embed/symbol.h"

#ifdef __cplusplus
extern "C" {
#endif

/** core_run_program - run the core's program to its end, its fault or the end of the launch. */
void core_run_program(struct core *core);

/** program_catch - signals of device faults come here while a launch runs. program_release - the user's handlers are
 *  back. Return 0 or -1. */
int program_catch(void);
void program_release(void);

/** program_leave - from anywhere in the running core's program: end the launch with a device exception, for @what. */
void program_leave(struct core *core, const char *what) __attribute__((noreturn));

/** program_blame - a device exception of @core at @at_ps, found outside of its program: what stands before @pc (a
 * return address) asked for it. The launch ends. */
void program_blame(struct core *core, uint64_t pc, uint64_t at_ps, const char *what);

/** program_explain - put into words the device exception that ended the launch, if one did. Called on the host's stack:
 *  reading debug information takes more than a core's. */
void program_explain(struct chip_state *chip);

/** program_callers - the device code that called into the simulator: return addresses into it on @core's stack, from
 *  @sp upwards. Return how many were found, at most PROGRAM_CALLERS. */
enum { PROGRAM_CALLERS = 4 };
unsigned program_callers(const struct core *core, uint64_t sp, uint64_t found[PROGRAM_CALLERS]);

/** program_place - the first of @count return addresses whose source line is known, else the first of all. Return:
 *  false if none is device code. */
bool program_place(const uint64_t *found, unsigned count, struct symbol *place);

/** stack_room - bytes of host stack that @core needs: the device stack and what the simulator puts on top. */
size_t stack_room(const struct chip_state *chip, const struct core *core);

/** stack_deepest - the most that device code has used of @core's stack, bytes, as its basic blocks tell; what the
 *  simulator and the C library put on top is not in it. */
size_t stack_deepest(const struct core *core);

/** program_running - a core that stands for nobody, while no device code runs. */
extern struct core program_nobody;

#ifdef __cplusplus
}
#endif
#endif
