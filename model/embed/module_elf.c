/* module_elf.c - see module_elf.h. The dynamic linker trusts a file's headers and would crash on a cut one, so the
 * segments are checked against the size first.
 */
#include "model/embed/module_elf.h"

#include "model/embed/block_cost.h"

#include <gelf.h>
#include <stdio.h>
#include <string.h>

static int refuse(char *error, size_t error_size, const char *what)
{
    snprintf(error, error_size, "%s", what);
    return -1;
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int check_header(Elf *elf, size_t size, char *error, size_t error_size)
{
    GElf_Ehdr header;

    if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
        return refuse(error, error_size, "is not an ELF file: compile it with davcc");
    if (header.e_machine != EM_X86_64 || header.e_ident[EI_CLASS] != ELFCLASS64)
        return refuse(error, error_size,
                      "was compiled for another machine: the simulator runs x86-64 modules, "
                      "compile it with davcc");
    if (header.e_type != ET_DYN)
        return refuse(error, error_size, "is not a shared object: compile it with davcc --target=aicpu or aicore");
    if (header.e_shnum == 0)
        return refuse(error, error_size, "has no section table, by which its basic blocks are found: do not strip it");
    if (header.e_shoff > size || (uint64_t)header.e_shnum * header.e_shentsize > size - header.e_shoff)
        return refuse(error, error_size, "is cut short: its section table ends past the end of the file");
    return 0;
}

/* The dynamic linker makes the part before @relro_end read-only. */
static void read_data(struct module_elf *out, const GElf_Phdr *segment, uint64_t relro_end)
{
    uint64_t end = segment->p_vaddr + segment->p_memsz;

    out->data_addr = segment->p_vaddr < relro_end && relro_end <= end ? relro_end : segment->p_vaddr;
    out->data_size = end - out->data_addr;
}

static uint64_t relro_end(Elf *elf, size_t count)
{
    GElf_Phdr segment;

    for (size_t i = 0; i < count; i++)
        if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_GNU_RELRO)
            return segment.p_vaddr + segment.p_memsz;
    return 0;
}

static int read_segments(Elf *elf, struct module_elf *out, char *error, size_t error_size)
{
    size_t count;
    if (elf_getphdrnum(elf, &count) != 0)
        return refuse(error, error_size, "is damaged: its segments cannot be read");
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;
        if (!gelf_getphdr(elf, (int)i, &segment))
            return refuse(error, error_size, "is damaged: its segments cannot be read");
        if (segment.p_filesz > out->size || segment.p_offset > out->size - segment.p_filesz)
            return refuse(error, error_size, "is cut short: a segment ends past the end of the file");
        if (segment.p_type != PT_LOAD)
            continue;
        if (segment.p_filesz > segment.p_memsz || segment.p_vaddr + segment.p_memsz < segment.p_vaddr)
            return refuse(error, error_size, "is damaged: a segment contradicts itself");
        if (segment.p_vaddr + segment.p_memsz > out->span)
            out->span = segment.p_vaddr + segment.p_memsz;
        if (segment.p_flags & PF_X) {
            out->code_addr = segment.p_vaddr;
            out->code_size = segment.p_filesz;
        }
        if (segment.p_flags & PF_W)
            read_data(out, &segment, relro_end(elf, count));
    }
    return out->code_size ? 0 : refuse(error, error_size, "is damaged: it holds no code");
}

/* Data sections that the compiler and the linker keep for themselves. */
static bool is_toolchain_data(const char *name)
{
    static const char *const own[] = {
        ".got",           ".got.plt",        ".dynamic",        ".relro_padding", ".init_array", ".fini_array",
        ".preinit_array", ".tm_clone_table", "__sancov_guards", "__sancov_pcs",   NULL};
    for (size_t i = 0; own[i]; i++)
        if (strcmp(name, own[i]) == 0)
            return true;
    return starts_with(name, ".data.rel.ro");
}

/* Does a data section hold anything but the control words of emulated thread-local variables? */
static bool section_has_statics(Elf *elf, size_t index)
{
    bool has_symbols = false;

    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        Elf_Data *data;
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB || !(data = elf_getdata(section, NULL)))
            continue;
        GElf_Sym symbol;
        for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
            if (symbol.st_shndx != index || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT)
                continue;
            const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);
            has_symbols = true;
            if (!name || !starts_with(name, "__emutls_v."))
                return true;
        }
    }
    return !has_symbols; /* a stripped file does not say: assume the worst */
}

static void read_section(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, const char *name, struct module_elf *out)
{
    const uint64_t writable = SHF_ALLOC | SHF_WRITE;

    if (header->sh_addr > out->span || header->sh_size > out->span - header->sh_addr)
        return;
    if (header->sh_type == SHT_INIT_ARRAY) {
        out->init_addr = header->sh_addr;
        out->init_count = header->sh_size / sizeof(uint64_t);
    } else if (header->sh_type == SHT_FINI_ARRAY) {
        out->fini_addr = header->sh_addr;
        out->fini_count = header->sh_size / sizeof(uint64_t);
    } else if (strcmp(name, "__sancov_guards") == 0) {
        out->guards_addr = header->sh_addr;
        out->blocks = header->sh_size / sizeof(uint32_t);
    } else if (strcmp(name, "__sancov_pcs") == 0) {
        out->pcs_addr = header->sh_addr;
    } else if ((header->sh_flags & writable) == writable && header->sh_size && !is_toolchain_data(name) &&
               section_has_statics(elf, elf_ndxscn(section))) {
        out->has_statics = true;
    }
}

static int read_sections(Elf *elf, struct module_elf *out, char *error, size_t error_size)
{
    size_t names, pcs = 0;

    if (elf_getshdrstrndx(elf, &names) != 0)
        return refuse(error, error_size, "is damaged: its section table cannot be read");
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        const char *name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
        if (!name)
            continue;
        if (strcmp(name, "__sancov_pcs") == 0)
            pcs = header.sh_size / sizeof(struct block_pc);
        read_section(elf, section, &header, name, out);
    }
    if (pcs != out->blocks || (out->blocks && (!out->pcs_addr || out->guards_addr % 4 || out->pcs_addr % 8)))
        return refuse(error, error_size, "is damaged: its table of basic blocks contradicts itself");
    return 0;
}

int module_elf_read(struct module_elf *out, const void *bytes, size_t size, char *error, size_t error_size)
{
    *out = (struct module_elf){.bytes = bytes, .size = size};
    if (!bytes || size < sizeof(Elf64_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) != 0)
        return refuse(error, error_size, "is not an ELF file: compile it with davcc");
    elf_version(EV_CURRENT);
    Elf *elf = elf_memory((char *)(uintptr_t)bytes, size);
    int status = check_header(elf, size, error, error_size);
    if (status == 0)
        status = read_segments(elf, out, error, error_size);
    if (status == 0)
        status = read_sections(elf, out, error, error_size);
    elf_end(elf);
    return status;
}
