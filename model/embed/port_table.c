/* port_table.c - see port_table.h. */
#include "model/embed/port_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* Only the addresses matter here, so the names are declared under others, out of the way of the compiler's built-in
 * prototypes. A name that this build does not define leads to a trap, which is reported as a device exception. */
#define PORT(name) extern __attribute__((weak, visibility("default"))) void port_##name(void) __asm__(#name);
#include "isa/port_table.def"
#undef PORT

/* Those that tell a watcher of what they do. */
#define PORT(name)                                                                                                     \
    extern __attribute__((weak, visibility("hidden"))) void watched_##name(void) __asm__(PORT_WATCHED_PREFIX #name);
#include "isa/port_table.def"
#undef PORT

static const char *const names[PORT_SLOTS] = {
#define PORT(name) #name,
#include "isa/port_table.def"
#undef PORT
};

static void absent(void)
{
    __builtin_trap();
}

const char *port_slot_name(enum port_slot slot)
{
    return names[slot];
}

bool port_slot_is_hook(enum port_slot slot)
{
    return strncmp(names[slot], "__tsan_", 7) == 0 || strncmp(names[slot], "__sanitizer_cov_", 16) == 0 ||
           slot == PORT_SLOT_dav_ub;
}

static bool watched;

void port_table_watch(void)
{
    watched = true;
}

int port_table_map(char *error, size_t error_size)
{
    static bool mapped;
    void (*const functions[PORT_SLOTS])(void) = {
#define PORT(name) port_##name,
#include "isa/port_table.def"
#undef PORT
    };
    void (*const telling[PORT_SLOTS])(void) = {
#define PORT(name) watched_##name,
#include "isa/port_table.def"
#undef PORT
    };
    void *const wanted = (void *)(uintptr_t)DAV_PORT_TABLE_ADDR;

    if (mapped)
        return 0;
    void (**table)(void) = mmap(wanted, sizeof(functions), PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (table == MAP_FAILED) {
        snprintf(error, error_size, "cannot map the port table at %#x (%s): is vm.mmap_min_addr above 65536?",
                 DAV_PORT_TABLE_ADDR, strerror(errno));
        return -1;
    }
    for (size_t i = 0; i < PORT_SLOTS; i++)
        table[i] = watched && telling[i] ? telling[i] : functions[i] ? functions[i] : absent;
    if (mprotect(table, sizeof(functions), PROT_READ) != 0) {
        snprintf(error, error_size, "cannot protect the port table: %s", strerror(errno));
        return -1;
    }
    mapped = true;
    return 0;
}
