/* port_table.h - the port as one table of addresses at a fixed low page, which code made by davcc jumps through.
 *
 * A kernel image has nothing left to relocate and a module must not pick up another library's idea of these names (a
 * sanitizer's run-time library has some of them too), so davcc links both with stubs `jmp *slot`.
 */
#ifndef DAV_PORT_TABLE_H
#define DAV_PORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DAV_PORT_TABLE_ADDR 0x10000u /* the lowest page that an unprivileged process may map by default */
#define DAV_PORT_SLOT_BYTES 8u

enum port_slot {
#define PORT(name) PORT_SLOT_##name,
#include "isa/port_table.def"
#undef PORT
    PORT_SLOTS
};

/* The symbol of a name's form that tells a watcher (port_watched.c). */
#define PORT_WATCHED_PREFIX "dav_watched_"

/** port_slot_addr - address of a slot, fit for the 32-bit operand of an indirect call. */
static inline uint32_t port_slot_addr(enum port_slot slot)
{
    return DAV_PORT_TABLE_ADDR + DAV_PORT_SLOT_BYTES * (uint32_t)slot;
}

/** port_slot_name - the function that slot @slot leads to. */
const char *port_slot_name(enum port_slot slot);

/** port_slot_is_hook - is it a call that instrumentation put beside the program's own instructions? */
bool port_slot_is_hook(enum port_slot slot);

/** port_table_map - map and fill the table; later calls find it there.
 *  Return: 0, or -1 with one line in @error. */
int port_table_map(char *error, size_t error_size);

/** port_table_watch - before the table is mapped: let it lead to the hooks that tell a watcher (watch.h). */
void port_table_watch(void);

#ifdef __cplusplus
}
#endif
#endif
