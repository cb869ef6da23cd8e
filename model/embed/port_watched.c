/* port_watched.c - the hooks as they stand in the port table while somebody watches (watch.h): each makes the plain
 * hook's access and tells of it. port_table.c finds them by their names.
 */
#include "model/chip_state.h"
#include "model/embed/port.h"
#include "model/embed/port_table.h"
#include "model/watch.h"

#define WATCHED(name) PORT_WATCHED_PREFIX #name

#define LOAD(name, size, access)                                                                                       \
    void name(void *addr);                                                                                             \
    void watched##name(void *addr) __asm__(WATCHED(name));                                                             \
    void watched##name(void *addr)                                                                                     \
    {                                                                                                                  \
        struct core *core = dav_running;                                                                               \
                                                                                                                       \
        core->pc = (uintptr_t)__builtin_return_address(0);                                                             \
        core->device_sp = (uintptr_t)__builtin_dwarf_cfa();                                                            \
        name(addr);                                                                                                    \
        core->device_sp = 0;                                                                                           \
        if (core->chip)                                                                                                \
            WATCH(core->chip, load, core, (uintptr_t)addr, size, access, 0);                                           \
    }

#define STORE(name, size, access)                                                                                      \
    void name(void *addr);                                                                                             \
    void watched##name(void *addr) __asm__(WATCHED(name));                                                             \
    void watched##name(void *addr)                                                                                     \
    {                                                                                                                  \
        struct core *core = dav_running;                                                                               \
                                                                                                                       \
        core->pc = (uintptr_t)__builtin_return_address(0);                                                             \
        if (core->chip)                                                                                                \
            WATCH(core->chip, will_store, core, (uintptr_t)addr, size, access, 0);                                     \
        name(addr);                                                                                                    \
        if (core->chip)                                                                                                \
            WATCH(core->chip, stored, core, (uintptr_t)addr, size);                                                    \
    }

#define HOOKS(n)                                                                                                       \
    LOAD(__tsan_read##n, n, ACCESS_PLAIN)                                                                              \
    STORE(__tsan_write##n, n, ACCESS_PLAIN)                                                                            \
    LOAD(__tsan_volatile_read##n, n, ACCESS_VOLATILE)                                                                  \
    STORE(__tsan_volatile_write##n, n, ACCESS_VOLATILE)                                                                \
    LOAD(__tsan_unaligned_read##n, n, ACCESS_PLAIN)                                                                    \
    STORE(__tsan_unaligned_write##n, n, ACCESS_PLAIN)                                                                  \
    LOAD(__tsan_unaligned_volatile_read##n, n, ACCESS_VOLATILE)                                                        \
    STORE(__tsan_unaligned_volatile_write##n, n, ACCESS_VOLATILE)

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)
LOAD(__tsan_vptr_read, 8, ACCESS_PLAIN)

/* The others tell of their own accesses, line by line: here is where they were called from. */
#define FROM_DEVICE() (dav_running->pc = (uintptr_t)__builtin_return_address(0))

void __tsan_vptr_update(void **vptr, void *value);
void watched__tsan_vptr_update(void **vptr, void *value) __asm__(WATCHED(__tsan_vptr_update));
void watched__tsan_vptr_update(void **vptr, void *value)
{
    struct core *core = dav_running;

    FROM_DEVICE();
    if (core->chip)
        WATCH(core->chip, will_store, core, (uintptr_t)vptr, 8, ACCESS_PLAIN, 0);
    __tsan_vptr_update(vptr, value);
    if (core->chip)
        WATCH(core->chip, stored, core, (uintptr_t)vptr, 8);
}

#define RANGE(name)                                                                                                    \
    void name(void *addr, size_t size);                                                                                \
    void watched##name(void *addr, size_t size) __asm__(WATCHED(name));                                                \
    void watched##name(void *addr, size_t size)                                                                        \
    {                                                                                                                  \
        FROM_DEVICE();                                                                                                 \
        name(addr, size);                                                                                              \
    }

RANGE(__tsan_read_range)
RANGE(__tsan_write_range)

#define COPY(name, type)                                                                                               \
    void *name(void *to, type from, size_t size);                                                                      \
    void *watched##name(void *to, type from, size_t size) __asm__(WATCHED(name));                                      \
    void *watched##name(void *to, type from, size_t size)                                                              \
    {                                                                                                                  \
        FROM_DEVICE();                                                                                                 \
        return name(to, from, size);                                                                                   \
    }

COPY(__tsan_memcpy, const void *)
COPY(__tsan_memmove, const void *)
COPY(__tsan_memset, int)
