/* pto_elf.c - cut the .text section out of an ELF file, whatever machine it is for, with libelf. */
#include "tools/pto.h"

#include "model/davsim.h"
#include "model/embed/elf_library.h"
#include "tools/fail.h"

#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

/* The section's header into @header. Return: the section, or NULL. */
static Elf_Scn *find_text(Elf *elf, GElf_Shdr *header)
{
    size_t names;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return NULL;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        const char *name = gelf_getshdr(section, header) ? elf_strptr(elf, names, header->sh_name) : NULL;
        if (name && strcmp(name, ".text") == 0)
            return section;
    }
    return NULL;
}

static int copy_text(const Elf_Data *text, struct pto_blob *out)
{
    struct pto_blob copy = {malloc(text->d_size), text->d_size};
    if (!copy.data)
        return fail(DAV_INTERNAL, "pto_extract_text: out of memory (%zu bytes)", text->d_size);
    memcpy(copy.data, text->d_buf, copy.size);
    *out = copy;
    return 0;
}

int pto_extract_text(const struct pto_blob *elf, struct pto_blob *out)
{
    if (!elf || !elf->data || !out)
        return fail(DAV_BAD_INPUT, "pto_extract_text: no ELF file given");
    Elf *handle = elf_library_open(elf->data, elf->size);
    if (!handle)
        return fail(DAV_BAD_INPUT, "pto_extract_text: the %zu bytes given are not a 64-bit ELF file", elf->size);
    GElf_Shdr header;
    int status;
    Elf_Scn *section = find_text(handle, &header);
    Elf_Data *text = section && header.sh_type != SHT_NOBITS && header.sh_size > 0 ? elf_rawdata(section, NULL) : NULL;
    if (text && text->d_buf && text->d_size == header.sh_size)
        status = copy_text(text, out);
    else if (!section && elf_library_table_end(handle) > elf->size)
        status =
            fail(DAV_BAD_INPUT,
                 "pto_extract_text: the ELF file is cut short: it has %zu bytes, its table of sections ends at %llu",
                 elf->size, (unsigned long long)elf_library_table_end(handle));
    else if (!section)
        status = fail(DAV_BAD_INPUT, "pto_extract_text: the ELF file has no .text section");
    else if (header.sh_type == SHT_NOBITS || header.sh_size == 0)
        status = fail(DAV_BAD_INPUT, "pto_extract_text: the .text section of the ELF file is empty");
    else
        status = fail(DAV_BAD_INPUT,
                      "pto_extract_text: the ELF file is cut short: it has %zu bytes, its .text is %llu bytes at %llu",
                      elf->size, (unsigned long long)header.sh_size, (unsigned long long)header.sh_offset);
    elf_end(handle);
    return status;
}
