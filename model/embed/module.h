/* module.h - a device module: the shared object that davcc --target=aicpu|aicore links, loaded from its bytes.
 *
 * The same bytes are loaded once a device and stay until the process ends, so a module's statics survive from one
 * launch to the next, unless a launch is given up and the device starts anew, with an empty list. On the chip every
 * AICore has its own statics: module_for_core gives a core its own copy where there are any.
 */
#ifndef DAV_MODULE_H
#define DAV_MODULE_H

#include "model/chipfile.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct module;

/** module_load - load the ELF in [@bytes, @bytes + @size), or find it if it was loaded before under the same @name.
 *  @list: the device's modules, NULL at first. Who empties it forgets them; they stay mapped, since the objects of an
 *  interrupted program are in no state to be destroyed.
 *  @name: what error lines and symbols call it ("AICPU binary").
 *  @costs: of the cores that will run it; its blocks are costed with them.
 *  Constructors of the module's own statics run here: the port must bear being called while no core runs.
 *  Return: the module, never to be freed, or NULL with one line in @error. */
struct module *module_load(struct module **list, const void *bytes, size_t size, const char *name,
                           const struct instruction_costs *costs, char *error, size_t error_size);

/** module_for_core - the copy of @module that core @core runs: @module itself if it has no writable statics, else one
 *  of the core's own, made at the first call. Return: the copy, or NULL with one line in @error. */
struct module *module_for_core(struct module *module, unsigned core, char *error, size_t error_size);

/** module_symbol - address of the first of @names (NULL at the end) that the module itself defines, or NULL. */
void *module_symbol(const struct module *module, const char *const *names);

/** module_has_statics - does the ELF hold data that a core could change, beyond what the compiler keeps there? */
bool module_has_statics(const void *bytes, size_t size);

/** module_blocks - number of instrumented basic blocks in the module. */
size_t module_blocks(const struct module *module);

#ifdef __cplusplus
}
#endif
#endif
