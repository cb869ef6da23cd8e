/* davcc_link.c - what davcc insists on in a kernel image; see davcc_link.h. Reads the objects and the linked ELF.
 *
 * The chip copies an image somewhere and jumps to it: there is no loader that could fill an address in, run a
 * constructor or find a library. So an absolute address anywhere but in the pc table (offsets, since the image is
 * linked at 0) and in our own footer is refused, as is a function that neither the image nor the port has.
 */
#include "tools/davcc_link.h"

#include "model/embed/image.h"
#include "tools/davcc_run.h"
#include "tools/davcc_text.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One ELF file and its symbol table. */
struct object {
    int fd;
    Elf *elf;
    size_t names; /* section of the section names */
    Elf_Data *symbols;
    size_t strings; /* section of the symbols' names */
    size_t count;
};

static void object_close(struct object *object)
{
    elf_end(object->elf);
    if (object->fd >= 0)
        close(object->fd);
}

static bool object_open(struct object *object, const char *path)
{
    *object = (struct object){.fd = open(path, O_RDONLY | O_CLOEXEC)};
    elf_version(EV_CURRENT);
    object->elf = object->fd >= 0 ? elf_begin(object->fd, ELF_C_READ_MMAP, NULL) : NULL;
    if (!object->elf || elf_getshdrstrndx(object->elf, &object->names) != 0) {
        object_close(object); /* an archive, say: the linker looks at it, we do not */
        return false;
    }
    for (Elf_Scn *section = NULL; (section = elf_nextscn(object->elf, section));) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB || !header.sh_entsize)
            continue;
        object->symbols = elf_getdata(section, NULL);
        object->strings = header.sh_link;
        object->count = header.sh_size / header.sh_entsize;
    }
    return true;
}

static const char *object_symbol(const struct object *object, size_t index, GElf_Sym *symbol)
{
    if (!object->symbols || !gelf_getsym(object->symbols, (int)index, symbol))
        return NULL;
    return elf_strptr(object->elf, object->strings, symbol->st_name);
}

static const char *object_section_name(const struct object *object, Elf_Scn *section, GElf_Shdr *header)
{
    const char *name = gelf_getshdr(section, header) ? elf_strptr(object->elf, object->names, header->sh_name) : NULL;
    return name ? name : "";
}

/* The instrumentation's own constructors. */
static bool is_instrumentation(const char *name)
{
    return text_starts(name, "sancov.module_ctor") || text_starts(name, "tsan.module_ctor");
}

/* Adds the object's global functions to @found. */
static void add_functions(const struct object *object, struct list *found)
{
    for (size_t i = 0; i < object->count; i++) {
        GElf_Sym symbol;
        const char *name = object_symbol(object, i, &symbol);
        if (name && GELF_ST_BIND(symbol.st_info) == STB_GLOBAL && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
            symbol.st_shndx != SHN_UNDEF && !is_instrumentation(name) && !list_has(found, name))
            list_add(found, "%s", name);
    }
}

/* Is @symbol the function a C or C++ source calls @name? */
static bool is_called(const char *symbol, const char *name)
{
    size_t length = strlen(name);
    char *end;

    if (strcmp(symbol, name) == 0)
        return true;
    return text_starts(symbol, "_Z") && strtoul(symbol + 2, &end, 10) == length && strncmp(end, name, length) == 0;
}

char *link_find_entry(const struct link_parts *parts, const char *wanted)
{
    struct list functions = {0};
    char *entry = NULL;
    const char *first = parts->sources.items[0];

    for (size_t i = 0; i < parts->objects.count; i++) {
        struct object object;
        if (object_open(&object, parts->objects.items[i])) {
            add_functions(&object, &functions);
            object_close(&object);
        }
    }
    for (size_t i = 0; i < functions.count && !entry; i++)
        if (wanted ? is_called(functions.items[i], wanted) : functions.count == 1)
            entry = strdup(functions.items[i]);
    if (!entry) {
        char *all = list_join(&functions, ", ");
        if (wanted)
            complain(1, "%s: no global function %s to enter; there is: %s", first, wanted, *all ? all : "none");
        else if (functions.count == 0)
            complain(1, "%s: no kernel: define one global function, void NAME(__gm__ int64_t *args)", first);
        else
            complain(1,
                     "%s: which of its global functions is the kernel? Give --entry NAME, or make the others "
                     "static: %s",
                     first, all);
        free(all);
    }
    list_free(&functions);
    return entry;
}

/* Has it constructors: entries of .init_array that are not the instrumentation's? */
static bool has_constructors(const struct object *object)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(object->elf, section));) {
        GElf_Shdr header;
        const char *section_name = object_section_name(object, section, &header);
        Elf_Data *data;
        if (header.sh_type != SHT_RELA || !strstr(section_name, ".init_array") || !(data = elf_getdata(section, NULL)))
            continue;
        GElf_Rela rela;
        for (int i = 0; gelf_getrela(data, i, &rela); i++) {
            GElf_Sym symbol;
            GElf_Shdr target;
            const char *name = object_symbol(object, GELF_R_SYM(rela.r_info), &symbol);
            /* A static function is named by its section: .text.startup, .text.tsan.module_ctor, ... */
            if (name && GELF_ST_TYPE(symbol.st_info) == STT_SECTION) {
                name = object_section_name(object, elf_getscn(object->elf, symbol.st_shndx), &target);
                name += text_starts(name, ".text.") ? 6 : 0;
            }
            if (name && !is_instrumentation(name))
                return true;
        }
    }
    return false;
}

bool link_constructs(const char *path)
{
    struct object object;
    if (!object_open(&object, path))
        return false;
    bool constructs = has_constructors(&object);
    object_close(&object);
    return constructs;
}

int link_check_parts(const struct link_parts *parts)
{
    for (size_t i = 0; i < parts->objects.count; i++)
        if (link_constructs(parts->objects.items[i]))
            return complain(1,
                            "%s: has a static constructor, which nothing runs before a kernel: initialise with "
                            "constants",
                            parts->sources.items[i]);
    return 0;
}

/* The source whose object leaves @name undefined. */
static const char *source_that_needs(const struct link_parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->objects.count; i++) {
        struct object object;
        bool needs = false;
        if (!object_open(&object, parts->objects.items[i]))
            continue;
        for (size_t s = 0; s < object.count && !needs; s++) {
            GElf_Sym symbol;
            const char *other = object_symbol(&object, s, &symbol);
            needs = other && symbol.st_shndx == SHN_UNDEF && strcmp(other, name) == 0;
        }
        object_close(&object);
        if (needs)
            return parts->sources.items[i];
    }
    return parts->sources.items[0];
}

static int check_undefined(const struct object *image, const struct link_parts *parts)
{
    int status = 0;
    for (size_t i = 1; i < image->count; i++) {
        GElf_Sym symbol;
        const char *name = object_symbol(image, i, &symbol);
        if (name && *name && symbol.st_shndx == SHN_UNDEF)
            status = complain(1, "%s: kernel calls %s, which does not exist on the device",
                              source_that_needs(parts, name), name);
    }
    return status;
}

static uint64_t value_of(const struct object *image, const char *wanted)
{
    for (size_t i = 0; i < image->count; i++) {
        GElf_Sym symbol;
        const char *name = object_symbol(image, i, &symbol);
        if (name && strcmp(name, wanted) == 0)
            return symbol.st_value;
    }
    return 0;
}

/* The variable or function that covers @offset, or the name of what it refers to. */
static const char *holder_of(const struct object *image, uint64_t offset, const char *otherwise)
{
    for (size_t i = 0; i < image->count; i++) {
        GElf_Sym symbol;
        const char *name = object_symbol(image, i, &symbol);
        if (name && *name && symbol.st_shndx != SHN_UNDEF && offset >= symbol.st_value &&
            offset - symbol.st_value < symbol.st_size)
            return name;
    }
    return otherwise;
}

/* Does this relocation leave something in the image that is right at one address only? */
static bool ties_to_address(const GElf_Rela *rela, const uint8_t *text, uint64_t size)
{
    switch (GELF_R_TYPE(rela->r_info)) {
    case R_X86_64_NONE:
    case R_X86_64_PC8:
    case R_X86_64_PC16:
    case R_X86_64_PC32:
    case R_X86_64_PC64:
    case R_X86_64_PLT32:
    case R_X86_64_GOTPC32:
    case R_X86_64_GOTOFF64:
    case R_X86_64_SIZE32:
    case R_X86_64_SIZE64:
        return false;
    case R_X86_64_REX_GOTPCRELX:
    case R_X86_64_GOTPCRELX: {
        /* Harmless where the linker has made a lea or a direct call or jump of it. */
        if (rela->r_offset < 2 || rela->r_offset > size)
            return true;
        uint8_t opcode = text[rela->r_offset - 2], next = text[rela->r_offset - 1];
        return !(opcode == 0x8d || (opcode == 0x67 && next == 0xe8) || next == 0xe9);
    }
    default:
        return true;
    }
}

static int check_relocations(const struct object *image, Elf_Scn *section, const Elf_Data *text,
                             const struct link_parts *parts)
{
    const uint64_t pcs_start = value_of(image, "davsim_pcs_start"), pcs_stop = value_of(image, "davsim_pcs_stop");
    const uint64_t footer = value_of(image, "davsim_footer");
    Elf_Data *data = elf_getdata(section, NULL);
    struct list told = {0};
    GElf_Rela rela;

    for (int i = 0; data && gelf_getrela(data, i, &rela); i++) {
        GElf_Sym symbol;
        bool known = (rela.r_offset >= pcs_start && rela.r_offset < pcs_stop) || rela.r_offset >= footer;
        if (known || !ties_to_address(&rela, text->d_buf, text->d_size))
            continue;
        const char *target = object_symbol(image, GELF_R_SYM(rela.r_info), &symbol);
        const char *holder = holder_of(image, rela.r_offset, "a constant");
        if (list_has(&told, holder))
            continue;
        list_add(&told, "%s", holder);
        if (target && (!*target || GELF_ST_TYPE(symbol.st_info) == STT_SECTION))
            target = holder_of(image, symbol.st_value + rela.r_addend, "a constant");
        complain(1, "%s: %s holds the address of %s, but a kernel is not relocated: use an index or a switch",
                 parts->sources.items[0], holder, target ? target : "something");
    }
    int status = told.count ? 1 : 0;
    list_free(&told);
    return status;
}

int link_check(const char *path, const struct link_parts *parts)
{
    struct object image;
    Elf_Data *text = NULL;
    int status = 0;

    if (!object_open(&image, path))
        return complain(1, "cannot read back %s: %s", path, strerror(errno));
    status = check_undefined(&image, parts);
    for (Elf_Scn *section = NULL; (section = elf_nextscn(image.elf, section));) {
        GElf_Shdr header;
        const char *name = object_section_name(&image, section, &header);
        if (strcmp(name, ".text") == 0) {
            text = elf_rawdata(section, NULL);
            if (header.sh_addralign > IMAGE_HEADER_BYTES)
                status = complain(1, "%s: aligns something to %llu bytes; a kernel image has %u",
                                  parts->sources.items[0], (unsigned long long)header.sh_addralign, IMAGE_HEADER_BYTES);
        } else if (header.sh_flags & SHF_ALLOC) {
            status = complain(1, "%s: section %s has no place in a kernel image", parts->sources.items[0], name);
        } else if (strcmp(name, ".rela.text") == 0 && text && status == 0) {
            status = check_relocations(&image, section, text, parts);
        }
    }
    object_close(&image);
    return status;
}
