/* pto_elf.c - cut the .text section out of an ELF file, with libelf. */
#include "tools/pto.h"

#include "model/davsim.h"
#include "tools/fail.h"

#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

/* The section's bytes, or NULL. */
static Elf_Data *find_text(Elf *elf)
{
    size_t names;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return NULL;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS)
            continue;
        const char *name = elf_strptr(elf, names, header.sh_name);
        if (name && strcmp(name, ".text") == 0)
            return elf_rawdata(section, NULL);
    }
    return NULL;
}

int pto_extract_text(const struct pto_blob *elf, struct pto_blob *out)
{
    if (!elf || !elf->data || !out)
        return fail(DAV_BAD_INPUT, "pto_extract_text: no ELF file given");
    elf_version(EV_CURRENT);
    Elf *handle = elf_memory((char *)elf->data, elf->size);
    if (!handle || elf_kind(handle) != ELF_K_ELF || gelf_getclass(handle) != ELFCLASS64) {
        elf_end(handle);
        return fail(DAV_BAD_INPUT, "pto_extract_text: the %zu bytes given are not a 64-bit ELF file", elf->size);
    }
    Elf_Data *text = find_text(handle);
    int status = 0;
    if (!text || !text->d_buf || text->d_size == 0) {
        status = fail(DAV_BAD_INPUT, "pto_extract_text: the ELF file has no .text section with contents");
    } else {
        struct pto_blob copy = {malloc(text->d_size), text->d_size};
        if (!copy.data) {
            status = fail(DAV_INTERNAL, "pto_extract_text: out of memory (%zu bytes)", copy.size);
        } else {
            memcpy(copy.data, text->d_buf, copy.size);
            *out = copy;
        }
    }
    elf_end(handle);
    return status;
}
