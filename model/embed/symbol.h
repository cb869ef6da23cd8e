/* symbol.h - which function and source line an address of device code belongs to, from the modules' and kernels' DWARF.
 *
 * Debug information is opened at the first question about a place, never while things are loaded, and once for all
 * copies of a module.
 */
#ifndef DAV_SYMBOL_H
#define DAV_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SYMBOL_FRAMES 8

/* One function at the address; those after the first are the ones it was inlined into. Strings stay valid. */
struct symbol_frame {
    const char *function; /* "?" if unknown */
    const char *file;     /* NULL if unknown */
    int line;             /* 0 if unknown */
};

struct symbol {
    const char *place; /* the module's or the kernel's name */
    uint64_t offset;   /* of the address in it, as its ELF counts */
    size_t depth;      /* frames filled: at least one */
    struct symbol_frame frames[SYMBOL_FRAMES];
};

/** symbol_find - look @pc up. For a return address, ask about the byte before it.
 *  Return: false if @pc is in no module and no kernel image. */
bool symbol_find(uint64_t pc, struct symbol *out);

/** symbol_is_code - is @pc an address of device code? It may be asked of any number, also in a signal handler. */
bool symbol_is_code(uint64_t pc);

/* A place in code, whichever core's copy of the module it was met in. */
struct symbol_key {
    uint64_t file;   /* equal for copies of the same code; 0: no device code */
    uint64_t offset; /* in it, as its ELF counts; without a file, the address itself */
};

/** symbol_key - which place in code @pc is. Cheap: no debug information is read, and it may be asked on a core's
 *  stack. */
struct symbol_key symbol_key(uint64_t pc);

/** symbol_data - write the name of the static object at @addr, "name+offset", into @text; module and offset if it has
 *  no name. Return: false if @addr is in no module. */
bool symbol_data(uint64_t addr, char *text, size_t size);

/** symbol_format - write "function at file:line" of the innermost frame, or what is known, into @text. */
void symbol_format(const struct symbol *symbol, char *text, size_t size);

/* For the loaders. */
struct symbol_place {
    const char *name;             /* kept by the caller */
    uint64_t low, high;           /* the addresses it covers */
    uint64_t code_low, code_high; /* where its instructions are, if not everywhere */
    uint64_t bias;                /* address minus the ELF's own count of it */
    const void *elf;              /* the ELF in memory, or NULL: */
    size_t elf_size;
    const char *path; /* read from this file, */
    uint64_t stamp;   /* if its image still carries this stamp */
};

/** symbol_add - make a place known; an older place at the same addresses is forgotten. */
void symbol_add(const struct symbol_place *place);

/** symbol_remove - forget the place that starts at @low. */
void symbol_remove(uint64_t low);

#ifdef __cplusplus
}
#endif
#endif
