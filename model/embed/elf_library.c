/* elf_library.c - see elf_library.h. */
#include "model/embed/elf_library.h"

#include <gelf.h>
#include <stdbool.h>

Elf *elf_library_open(const void *bytes, size_t size)
{
    elf_version(EV_CURRENT);
    Elf *elf = elf_memory((char *)(uintptr_t)bytes, size);
    if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getclass(elf) == ELFCLASS64)
        return elf;
    elf_end(elf);
    return NULL;
}

uint64_t elf_library_table_end(Elf *elf)
{
    GElf_Ehdr header;
    if (!gelf_getehdr(elf, &header) || header.e_shoff == 0)
        return 0;
    uint64_t size = (uint64_t)header.e_shnum * header.e_shentsize;
    return header.e_shoff > UINT64_MAX - size ? UINT64_MAX : header.e_shoff + size;
}

/* Do all segments that are loaded lie in the file? One that does not would be a fault in the middle of dlopen. */
static bool is_whole(Elf *elf, uint64_t size)
{
    size_t count = 0;
    GElf_Phdr segment;
    if (elf_getphdrnum(elf, &count) != 0 || elf_library_table_end(elf) > size)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!gelf_getphdr(elf, (int)i, &segment) || segment.p_offset > size ||
            segment.p_filesz > size - segment.p_offset)
            return false;
    return true;
}

const char *elf_library_why_not(const void *bytes, size_t size)
{
    Elf *elf = elf_library_open(bytes, size);
    GElf_Ehdr header;
    const char *why = NULL;
    if (!elf || !gelf_getehdr(elf, &header))
        why = "is not an ELF shared library";
    else if (header.e_machine != EM_X86_64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
        why = "is for another machine than x86-64";
    else if (!is_whole(elf, size))
        why = "is cut short";
    else if (header.e_type != ET_DYN)
        why = "is not an ELF shared library";
    elf_end(elf);
    return why;
}
