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

bool symbol_find(uint64_t pc, struct symbol *out)
{
    struct place *place = places;
    while (place && (pc < place->known.low || pc >= place->known.high))
        place = place->next;
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
