/* symbol.c - see symbol.h. Places are few (a module per core, a kernel per function id): a list is enough. */
#include "model/embed/symbol.h"

#include "model/embed/image.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
    struct symbol_place known;
    char *name, *path;
    bool opened;
    int fd;
    Elf *elf;
    Dwarf *dwarf; /* NULL: no debug information */
    struct place *next;
};

static struct place *places;

static void place_free(struct place *place)
{
    if (place->dwarf)
        dwarf_end(place->dwarf);
    if (place->elf)
        elf_end(place->elf);
    if (place->fd >= 0)
        close(place->fd);
    free(place->name);
    free(place->path);
    free(place);
}

void symbol_remove(uint64_t low)
{
    for (struct place **link = &places; *link;) {
        struct place *place = *link;
        if (place->known.low == low) {
            *link = place->next;
            place_free(place);
        } else {
            link = &place->next;
        }
    }
}

void symbol_add(const struct symbol_place *known)
{
    struct place *place = calloc(1, sizeof(*place));

    symbol_remove(known->low);
    if (!place)
        return; /* symbols are a comfort: without memory for them, go on without */
    place->known = *known;
    place->name = strdup(known->name);
    place->path = known->path ? strdup(known->path) : NULL;
    place->fd = -1;
    place->next = places;
    places = place;
}

/* Is the image in this ELF the one that was loaded, not a later build of it? */
static bool stamp_matches(Elf *elf, uint64_t stamp)
{
    size_t names;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return false;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        struct image_footer footer;
        if (!gelf_getshdr(section, &header))
            return false;
        const char *name = elf_strptr(elf, names, header.sh_name);
        if (!name || strcmp(name, ".text") != 0)
            continue;
        Elf_Data *data = elf_rawdata(section, NULL);
        if (!data || data->d_size < sizeof(footer))
            return false;
        memcpy(&footer, (char *)data->d_buf + data->d_size - sizeof(footer), sizeof(footer));
        return footer.magic == IMAGE_MAGIC && footer.stamp == stamp;
    }
    return false;
}

static void place_open(struct place *place)
{
    if (place->opened)
        return;
    place->opened = true;
    elf_version(EV_CURRENT);
    if (place->known.elf) {
        place->elf = elf_memory((char *)(uintptr_t)place->known.elf, place->known.elf_size);
    } else if (place->path) {
        place->fd = open(place->path, O_RDONLY | O_CLOEXEC);
        place->elf = place->fd >= 0 ? elf_begin(place->fd, ELF_C_READ_MMAP, NULL) : NULL;
        if (place->elf && !stamp_matches(place->elf, place->known.stamp))
            return;
    }
    if (place->elf)
        place->dwarf = dwarf_begin_elf(place->elf, DWARF_C_READ, NULL);
}

/* The compilation unit whose code holds @addr. Clang writes no .debug_aranges, so each is asked. */
static bool find_unit(Dwarf *dwarf, Dwarf_Addr addr, Dwarf_Die *unit)
{
    Dwarf_CU *cu = NULL;
    while (dwarf_get_units(dwarf, cu, &cu, NULL, NULL, unit, NULL) == 0)
        if (dwarf_haspc(unit, addr) > 0)
            return true;
    return false;
}

static bool is_function(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/* Where an inlined function was called from. */
static void call_site(Dwarf_Die *unit, Dwarf_Die *inlined, struct symbol_frame *caller)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file = 0, line = 0;
    Dwarf_Files *files;
    size_t count;

    if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) == 0)
        caller->line = (int)line;
    if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) == 0 &&
        dwarf_getsrcfiles(unit, &files, &count) == 0)
        caller->file = dwarf_filesrc(files, file, NULL, NULL);
}

static void find_frames(Dwarf_Die *unit, Dwarf_Addr addr, struct symbol *out)
{
    Dwarf_Die *scopes, *chain;
    Dwarf_Line *line = dwarf_getsrc_die(unit, addr);
    struct symbol_frame *frame = out->frames;

    if (line) {
        frame->file = dwarf_linesrc(line, NULL, NULL);
        dwarf_lineno(line, &frame->line);
    }
    if (dwarf_getscopes(unit, addr, &scopes) <= 0)
        return;
    /* dwarf_getscopes leaves an inlined function towards its definition; the call chain is that of the parents. */
    int count = dwarf_getscopes_die(&scopes[0], &chain);
    for (int i = 0; i < count; i++) {
        if (!is_function(&chain[i]))
            continue;
        const char *name = dwarf_diename(&chain[i]);
        frame->function = name ? name : "?";
        if (dwarf_tag(&chain[i]) == DW_TAG_subprogram || out->depth == SYMBOL_FRAMES)
            break;
        frame = &out->frames[out->depth++];
        *frame = (struct symbol_frame){.function = "?"};
        call_site(unit, &chain[i], frame);
    }
    if (count > 0)
        free(chain);
    free(scopes);
}

static struct place *place_of(uint64_t addr)
{
    struct place *place = places;
    while (place && (addr < place->known.low || addr >= place->known.high))
        place = place->next;
    return place;
}

bool symbol_is_code(uint64_t pc)
{
    const struct place *place = place_of(pc);

    return place && (!place->known.code_high || (pc >= place->known.code_low && pc < place->known.code_high));
}

/* The object in this section that covers @offset, if this is the table of symbols. */
static bool find_object(Elf *elf, Elf_Scn *section, uint64_t offset, char *text, size_t size)
{
    GElf_Shdr header;
    GElf_Sym symbol;
    Elf_Data *data;

    if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB || !(data = elf_getdata(section, NULL)))
        return false;
    for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
        const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);

        if (GELF_ST_TYPE(symbol.st_info) != STT_OBJECT || offset - symbol.st_value >= symbol.st_size || !name)
            continue;
        if (offset == symbol.st_value)
            snprintf(text, size, "%s", name);
        else
            snprintf(text, size, "%s+%llu", name, (unsigned long long)(offset - symbol.st_value));
        return true;
    }
    return false;
}

bool symbol_data(uint64_t addr, char *text, size_t size)
{
    struct place *place = place_of(addr);

    if (!place)
        return false;
    place_open(place);
    for (Elf_Scn *section = NULL; place->elf && (section = elf_nextscn(place->elf, section));)
        if (find_object(place->elf, section, addr - place->known.bias, text, size))
            return true;
    snprintf(text, size, "%s+%#llx", place->name, (unsigned long long)(addr - place->known.bias));
    return true;
}

bool symbol_find(uint64_t pc, struct symbol *out)
{
    struct place *place = place_of(pc);

    if (!place)
        return false;

    *out = (struct symbol){.place = place->name, .offset = pc - place->known.bias, .depth = 1};
    out->frames[0] = (struct symbol_frame){.function = "?"};
    place_open(place);
    Dwarf_Die unit;
    if (place->dwarf && find_unit(place->dwarf, out->offset, &unit))
        find_frames(&unit, out->offset, out);
    return true;
}

void symbol_format(const struct symbol *symbol, char *text, size_t size)
{
    const struct symbol_frame *frame = &symbol->frames[0];
    if (frame->file && frame->line)
        snprintf(text, size, "%s at %s:%d", frame->function, frame->file, frame->line);
    else
        snprintf(text, size, "%s+%#llx", symbol->place, (unsigned long long)symbol->offset);
}
