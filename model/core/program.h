/* program.h - running device code on a core's stack, and getting out of it whatever it does. */
#ifndef DAV_PROGRAM_H
#define DAV_PROGRAM_H

#include "model/core/core.h"
#include "model/davsim.h"

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

/** program_explain - put into words the device exception that ended the launch, if one did. Called on the host's stack:
 *  reading debug information takes more than a core's. */
void program_explain(struct chip_state *chip);

/** program_caller - the device code that called into the simulator: the first return address on @core's stack from @sp
 *  upwards that is device code; 0 if there is none. */
uint64_t program_caller(const struct core *core, uint64_t sp);

/** stack_room - bytes of host stack that @core needs: the device stack and what the simulator puts on top. */
size_t stack_room(const struct chip_state *chip, const struct core *core);

/** stack_deepest - the most that a program used of @core's stack, bytes. */
size_t stack_deepest(const struct core *core);

/** program_running - a core that stands for nobody, while no device code runs. */
extern struct core program_nobody;

#ifdef __cplusplus
}
#endif
#endif
