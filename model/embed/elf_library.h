/* elf_library.h - may a library in memory be loaded? The dynamic linker trusts a file's headers, so it is asked before.
 */
#ifndef DAV_ELF_LIBRARY_H
#define DAV_ELF_LIBRARY_H

#include <libelf.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** elf_library_open - open the 64-bit ELF file in [@bytes, @bytes + @size), which is only read, for elf_end; NULL if it
 *  is none. */
Elf *elf_library_open(const void *bytes, size_t size);

/** elf_library_table_end - where the table of sections ends, as the header has it; 0 if there is none. */
uint64_t elf_library_table_end(Elf *elf);

/** elf_library_why_not - what keeps [@bytes, @bytes + @size) from being a whole shared library for this machine.
 *  Return: NULL if nothing does, else the end of a sentence: "is cut short". */
const char *elf_library_why_not(const void *bytes, size_t size);

#ifdef __cplusplus
}
#endif
#endif
