/* module_bind.h - what a module leaves undefined is looked for on the device, and nowhere else.
 *
 * The dynamic linker would look into the host program and the runtime's host part first: code that no device has, and
 * whose accesses the port never sees. So every name is settled before it is asked: what another module defines becomes
 * an address, what the device's C library has is left to the linker, and the rest is refused.
 */
#ifndef DAV_MODULE_BIND_H
#define DAV_MODULE_BIND_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct module;

/* Where else to look. */
struct module_scope {
    struct module *const *modules;
    size_t count;
    bool lazy;                           /* a function that nobody defines is refused when it is called: */
    void (*undefined)(const char *name); /* by this */
    const struct module *hidden;         /* what it defines nobody sees, but it could be shown; or NULL */
};

/** module_bind - settle the undefined names of the module in [@bytes, @bytes + @size), which is changed.
 *  @name: for messages. Return: 0, or -1 with one line in @error. */
int module_bind(void *bytes, size_t size, const struct module_scope *scope, const char *name, char *error,
                size_t error_size);

/** module_library - the address of @name in the device's C library, or NULL. */
void *module_library(const char *name);

#ifdef __cplusplus
}
#endif
#endif
