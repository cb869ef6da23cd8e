/* pto_elf.c - what is read out of ELF files, with libelf: the .text section of a kernel, whatever machine it is for,
 * and the functions that an orchestration exports.
 */
#include "tools/pto.h"

#include "model/davsim.h"
#include "tools/fail.h"

#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Opens a 64-bit ELF file in memory, or returns NULL. */
static Elf *open_elf(const struct pto_blob *file)
{
    elf_version(EV_CURRENT);
    Elf *elf = elf_memory((char *)file->data, file->size);
    if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getclass(elf) == ELFCLASS64)
        return elf;
    elf_end(elf);
    return NULL;
}

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

/* Where the table of sections ends, as the ELF header has it; 0 if there is none. */
static uint64_t table_end(Elf *elf)
{
    GElf_Ehdr header;
    if (!gelf_getehdr(elf, &header) || header.e_shoff == 0)
        return 0;
    uint64_t size = (uint64_t)header.e_shnum * header.e_shentsize;
    return header.e_shoff > UINT64_MAX - size ? UINT64_MAX : header.e_shoff + size;
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
    Elf *handle = open_elf(elf);
    if (!handle)
        return fail(DAV_BAD_INPUT, "pto_extract_text: the %zu bytes given are not a 64-bit ELF file", elf->size);
    GElf_Shdr header;
    int status;
    Elf_Scn *section = find_text(handle, &header);
    Elf_Data *text = section && header.sh_type != SHT_NOBITS && header.sh_size > 0 ? elf_rawdata(section, NULL) : NULL;
    if (text && text->d_buf && text->d_size == header.sh_size)
        status = copy_text(text, out);
    else if (!section && table_end(handle) > elf->size)
        status =
            fail(DAV_BAD_INPUT,
                 "pto_extract_text: the ELF file is cut short: it has %zu bytes, its table of sections ends at %llu",
                 elf->size, (unsigned long long)table_end(handle));
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

/* Does the library export @function? */
static bool exports(Elf *elf, const char *function)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        GElf_Sym symbol;
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM)
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
            const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);
            if (name && symbol.st_shndx != SHN_UNDEF && GELF_ST_BIND(symbol.st_info) != STB_LOCAL &&
                strcmp(name, function) == 0)
                return true;
        }
    }
    return false;
}

int pto_check_orchestration(const struct pto_blob *orchestration, const char *function)
{
    if (!orchestration || !orchestration->data || !function)
        return fail(DAV_BAD_INPUT, "init_runtime: needs the orchestration's bytes and the name of its function");
    Elf *elf = open_elf(orchestration);
    GElf_Ehdr header;
    int status = 0;
    if (!elf || !gelf_getehdr(elf, &header) || header.e_type != ET_DYN)
        status = fail(DAV_BAD_INPUT,
                      "init_runtime: the orchestration (%zu bytes) is not an ELF shared library; compile it with "
                      "compile_orchestration",
                      orchestration->size);
    else if (header.e_machine != EM_X86_64)
        status =
            fail(DAV_BAD_INPUT,
                 "init_runtime: the orchestration is for another machine (number %u of ELF, x86-64 is %d); compile "
                 "it with compile_orchestration",
                 header.e_machine, EM_X86_64);
    else if (table_end(elf) > orchestration->size)
        status =
            fail(DAV_BAD_INPUT,
                 "init_runtime: the orchestration is cut short: it has %zu bytes, its table of sections ends at %llu",
                 orchestration->size, (unsigned long long)table_end(elf));
    else if (!exports(elf, function))
        status = fail(DAV_BAD_INPUT,
                      "init_runtime: the orchestration has no function %s; is it spelled so, and neither static nor "
                      "mangled (extern \"C\")?",
                      function);
    elf_end(elf);
    return status;
}
