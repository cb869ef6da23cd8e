/* module_bind.c - see module_bind.h.
 *
 * A name is settled in the module's own symbol table: a hidden symbol at an absolute address is one that the dynamic
 * linker takes as it stands. A function that may stay undefined until it is called gets a few instructions of its own
 * that say its name.
 */
#include "model/embed/module_bind.h"

#include "model/embed/module.h"

#include <dlfcn.h>
#include <gelf.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* ---- the device's C library: the simulator's own functions, and what of the host's is used as it is ---- */

/* The library or program that holds the simulator, and where it is loaded. */
static void *own_handle(void **base)
{
    static void *handle, *loaded_at;
    struct link_map *map = NULL;
    Dl_info info;

    if (!handle && dladdr1((void *)(uintptr_t)module_bind, &info, (void **)&map, RTLD_DL_LINKMAP) && map) {
        loaded_at = info.dli_fbase;
        handle = dlopen(map->l_name[0] ? map->l_name : NULL, RTLD_NOW | RTLD_NOLOAD);
    }
    *base = loaded_at;
    return handle;
}

void *module_library(const char *name)
{
    static const char *const names[] = {"libc.so.6", "libm.so.6", "libgcc_s.so.1"};
    static void *handles[sizeof(names) / sizeof(*names)];
    void *base, *handle = own_handle(&base), *address = handle ? dlsym(handle, name) : NULL;
    Dl_info info;

    if (address && dladdr(address, &info) && info.dli_fbase == base)
        return address;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (!handles[i])
            handles[i] = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        address = handles[i] ? dlsym(handles[i], name) : NULL;
        if (address)
            return address;
    }
    return NULL;
}

/* ---- functions that may stay undefined ---- */

enum { TRAP_BYTES = 32, TRAPS = 128 };

/* mov NAME, %rdi; mov UNDEFINED, %rax; jmp *%rax */
static void *make_trap(const char *name, void (*undefined)(const char *))
{
    static uint8_t *page;
    static size_t used = TRAPS;
    const char *kept = strdup(name);
    uint64_t target = (uintptr_t)undefined;

    if (used == TRAPS) {
        page = mmap(NULL, TRAPS * TRAP_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        used = 0;
    }
    if (!kept || page == MAP_FAILED || mprotect(page, TRAPS * TRAP_BYTES, PROT_READ | PROT_WRITE) != 0) {
        used = TRAPS;
        return NULL;
    }
    uint8_t *trap = page + used++ * TRAP_BYTES;
    memcpy(trap, "\x48\xbf", 2);
    memcpy(trap + 2, &kept, sizeof(kept));
    memcpy(trap + 10, "\x48\xb8", 2);
    memcpy(trap + 12, &target, sizeof(target));
    memcpy(trap + 20, "\xff\xe0", 2);
    return mprotect(page, TRAPS * TRAP_BYTES, PROT_READ | PROT_EXEC) == 0 ? trap : NULL;
}

/* Does the module only call symbol @index, never take its address? */
static bool is_only_called(Elf *elf, size_t index)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        GElf_Rela rela;
        Elf_Data *data;

        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_RELA || !(data = elf_getdata(section, NULL)))
            continue;
        for (int i = 0; gelf_getrela(data, i, &rela); i++)
            if (GELF_R_SYM(rela.r_info) == index && GELF_R_TYPE(rela.r_info) != R_X86_64_JUMP_SLOT)
                return false;
    }
    return true;
}

/* ---- names ---- */

static void settle(Elf64_Sym *symbol, const void *address)
{
    symbol->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
    symbol->st_other = STV_HIDDEN;
    symbol->st_shndx = SHN_ABS;
    symbol->st_value = (uintptr_t)address;
}

/* What there may be only once in a process would be the host's: its C++ library has the same. */
static void own_alone(Elf64_Sym *symbol)
{
    if (ELF64_ST_BIND(symbol->st_info) == STB_GNU_UNIQUE)
        symbol->st_info = ELF64_ST_INFO(STB_GLOBAL, ELF64_ST_TYPE(symbol->st_info));
}

static void *find(const struct module_scope *scope, const char *name)
{
    void *address = NULL;

    for (size_t i = 0; i < scope->count && !address; i++)
        address = module_symbol(scope->modules[i], (const char *const[]){name, NULL});
    return address;
}

static int bind_symbol(Elf *elf, Elf64_Sym *symbol, size_t index, const char *name, const struct module_scope *scope)
{
    void *address = find(scope, name);

    if (!address && module_library(name))
        return 0;
    if (!address && ELF64_ST_BIND(symbol->st_info) != STB_WEAK) {
        if (!scope->lazy || !is_only_called(elf, index) || !(address = make_trap(name, scope->undefined)))
            return -1;
    }
    settle(symbol, address);
    return 0;
}

/* The table of symbols that the dynamic linker sees, in @bytes. */
static Elf64_Sym *dynamic_symbols(Elf *elf, uint8_t *bytes, size_t size, size_t *count, size_t *strings)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;

        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM)
            continue;
        if (header.sh_offset > size || header.sh_size > size - header.sh_offset || header.sh_offset % 8)
            return NULL;
        *count = header.sh_size / sizeof(Elf64_Sym);
        *strings = header.sh_link;
        return (Elf64_Sym *)(void *)(bytes + header.sh_offset);
    }
    return NULL;
}

static void explain(const struct module_scope *scope, const char *name, const char *symbol, char *error,
                    size_t error_size)
{
    if (scope->hidden && module_symbol(scope->hidden, (const char *const[]){symbol, NULL}))
        snprintf(error, error_size,
                 "%s: needs %s, which the AICPU binary defines but does not show: let it dlopen itself by the name "
                 "that dladdr gives it, with RTLD_GLOBAL",
                 name, symbol);
    else /* davcc links the C library's names to the device's own */
        snprintf(error, error_size, "%s: needs %s, which nothing on the device defines", name,
                 strncmp(symbol, "__wrap_", 7) == 0 ? symbol + 7 : symbol);
}

int module_bind(void *bytes, size_t size, const struct module_scope *scope, const char *name, char *error,
                size_t error_size)
{
    Elf *elf = elf_memory(bytes, size);
    size_t count = 0, strings = 0;
    Elf64_Sym *symbols = elf ? dynamic_symbols(elf, bytes, size, &count, &strings) : NULL;
    int status = 0;

    for (size_t i = 1; symbols && i < count && status == 0; i++) {
        const char *symbol = elf_strptr(elf, strings, symbols[i].st_name);

        own_alone(&symbols[i]);
        if (symbols[i].st_shndx != SHN_UNDEF || !symbol || !*symbol)
            continue;
        status = bind_symbol(elf, &symbols[i], i, symbol, scope);
        if (status != 0)
            explain(scope, name, symbol, error, error_size);
    }
    elf_end(elf);
    return status;
}
