/* module.h - a device module: the shared object that davcc --target=aicpu|aicore links, loaded from its bytes.
 *
 * The same bytes are loaded once a device and stay until the process ends, so a module's statics survive from one
 * launch to the next, unless a launch is given up and the device starts anew, with an empty list. On the chip every
 * AICore has its own statics: module_for_core gives a core its own copy where there are any.
 */
#ifndef DAV_MODULE_H
#define DAV_MODULE_H

#include "model/chipfile.h"
#include "model/embed/module_bind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct module;

/* What a device has loaded; all 0 at first. */
struct module_set {
    struct module *modules, *libraries;
    unsigned generation; /* of all sets and times of this process */
};

/** module_load - load the ELF in [@bytes, @bytes + @size), or find it if it was loaded before under the same @name.
 *  @name: what error lines and symbols call it ("AICPU binary").
 *  @costs: of the cores that will run it; its blocks are costed with them.
 *  Constructors of the module's own statics run here: the port must bear being called while no core runs.
 *  Return: the module, never to be freed, or NULL with one line in @error. */
struct module *module_load(struct module_set *set, const void *bytes, size_t size, const char *name,
                           const struct instruction_costs *costs, char *error, size_t error_size);

/** module_for_core - the copy of @module that core @core runs: @module itself if it has no writable statics, else one
 *  of the core's own, made at the first call. Return: the copy, or NULL with one line in @error. */
struct module *module_for_core(struct module *module, unsigned core, char *error, size_t error_size);

/** module_symbol - address of the first of @names (NULL at the end) that the module itself defines, or NULL. */
void *module_symbol(const struct module *module, const char *const *names);

/** module_has_statics - does the ELF hold data that a core could change, beyond what the compiler keeps there? */
bool module_has_statics(const void *bytes, size_t size);

/** module_open - load an AICPU library that device code asks for, with its statics as they were compiled.
 *  @name: what symbols call it. @scope: where it finds what it leaves undefined, beside the device's C library.
 *  None of its constructors has run: module_functions. It takes more stack than a core has.
 *  Return: the module, or NULL with one line in @error. */
struct module *module_open(struct module_set *set, const void *bytes, size_t size, const char *name,
                           const struct instruction_costs *costs, const struct module_scope *scope, char *error,
                           size_t error_size);

/** module_close - what module_open gave may not be called any more. */
void module_close(struct module *module);

/** module_is_closed - is it such a library? @module may be NULL. */
bool module_is_closed(const struct module *module);

/** module_functions - what is to be called when a library was opened, or, with @closing, before it is closed, from the
 *  last to the first. Return: their number. */
size_t module_functions(const struct module *module, bool closing, void (*const **functions)(void));

/** module_at - the module that covers @addr, or NULL. */
struct module *module_at(const struct module_set *set, uintptr_t addr);

/** module_base - where it begins. */
uintptr_t module_base(const struct module *module);

/** module_costs - what its instructions cost. */
const struct instruction_costs *module_costs(const struct module *module);

/** module_serial - how many modules of its name were loaded before it. */
unsigned module_serial(const struct module *module);

/** module_generation - a number that is another one for another set, and after module_forget_all. */
unsigned module_generation(struct module_set *set);

/** module_forget_all - what is loaded from now on is loaded anew, with its statics as they were compiled. What there is
 *  stays mapped: the objects of an interrupted program are in no state to be destroyed. */
void module_forget_all(struct module_set *set);

/** module_blocks - number of instrumented basic blocks in the module. */
size_t module_blocks(const struct module *module);

#ifdef __cplusplus
}
#endif
#endif
