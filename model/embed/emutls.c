/* emutls.c - see emutls.h.
 *
 * With -femulated-tls the compiler makes a control word for each thread_local object and asks for the object's address
 * by it, at every use. The control words of a module live as long as the process, and so do the numbers given to them.
 */
#include "model/embed/emutls.h"

#include <stdlib.h>
#include <string.h>

#include "model/embed/device_libc.h"

/* As the compiler lays it out. */
struct emutls_control {
    size_t size, alignment;
    uintptr_t number; /* 0 until its first use */
    void *initial;    /* NULL: zeros */
};

static uintptr_t numbers;

static void *make_object(const struct emutls_control *control)
{
    void *object = libc_block(control->alignment, control->size);

    if (!object)
        port_fail("%s has no memory for a thread_local object of %zu bytes", dav_running->name, control->size);
    if (control->initial)
        memcpy(object, control->initial, control->size);
    else
        memset(object, 0, control->size);
    return object;
}

/* Room for object @number. */
static void grow(struct core *core, uintptr_t number)
{
    uint32_t count = core->tls_count ? core->tls_count : 8;
    void **tls;

    while (count < number)
        count *= 2;
    tls = realloc(core->tls, count * sizeof(*tls));
    if (!tls)
        port_fail("%s has no memory for its thread_local objects", core->name);
    memset(tls + core->tls_count, 0, (count - core->tls_count) * sizeof(*tls));
    core->tls = tls;
    core->tls_count = count;
}

__attribute__((visibility("default"))) void *__emutls_get_address(void *compilers)
{
    struct emutls_control *control = compilers;
    struct core *core = dav_running;
    void **object;

    if (!control->number)
        control->number = ++numbers;
    if (control->number > core->tls_count)
        grow(core, control->number);
    object = &core->tls[control->number - 1];
    if (!*object) {
        core->changes++;
        *object = make_object(control);
    }
    return *object;
}

void emutls_new_thread(struct core *core)
{
    for (uint32_t i = 0; i < core->tls_count; i++) {
        free(core->tls[i]);
        core->tls[i] = NULL;
    }
    memset(core->cxx_globals, 0, sizeof(core->cxx_globals));
}

void emutls_fini(struct core *core)
{
    emutls_new_thread(core);
    free(core->tls);
    core->tls = NULL;
    core->tls_count = 0;
}
