/* entry.h - under which name a module exports its entry: as C does, or mangled as C++ does.
 */
#ifndef DAV_ENTRY_H
#define DAV_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** entry_find - the symbol of the first of @names (NULL at the end) that the ELF in [@elf, @elf + @size) exports: the
 *  name itself, or that of a C++ function so called, whatever its parameters are.
 *  @symbol: receives the symbol.
 *  Return: false if there is none. Any bytes are allowed. */
bool entry_find(const void *elf, size_t size, const char *const *names, char *symbol, size_t symbol_size);

#ifdef __cplusplus
}
#endif
#endif
