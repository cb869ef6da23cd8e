/* symbol.c - see symbol.h. Places are few (a module per core, a kernel per function id): a list is enough. Copies of
 * one module are places of their own that share one source, whose debug information is read once. */
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

enum { MEMO = 512 };

/* What code was compiled to. */
struct source {
    uint64_t identity; /* equal for equal bytes, never 0 */
    unsigned places;   /* that use it */
    const void *bytes; /* the ELF in memory, or NULL: */
    size_t size;
    char *path;     /* in this file, */
    uint64_t stamp; /* if its image still carries this stamp */
    bool opened;
    int fd;
    Elf *elf;
    Dwarf *dwarf; /* NULL: no debug information */
    struct source *next;
};

struct place {
    struct symbol_place known;
    char *name;
    struct source *source;
    struct place *next;
};

static struct place *places;
static struct source *sources;
static struct {
    uint64_t pc; /* 0: empty */
    struct symbol_key key;
} memo[MEMO]; /* symbol_key's latest answers */

static void source_release(struct source *source)
{
    struct source **link = &sources;

    if (--source->places)
        return;
    while (*link != source)
        link = &(*link)->next;
    *link = source->next;
    if (source->dwarf)
        dwarf_end(source->dwarf);
    if (source->elf)
        elf_end(source->elf);
    if (source->fd >= 0)
        close(source->fd);
    free(source->path);
    free(source);
}

static uint64_t hash(uint64_t so_far, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;

    for (uint64_t word; size >= sizeof(word); at += sizeof(word), size -= sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        so_far = (so_far ^ word) * 0x9e3779b97f4a7c15u;
        so_far ^= so_far >> 32;
    }
    for (; size; at++, size--)
        so_far = (so_far ^ *at) * 0x100000001b3u;
    return so_far;
}

static uint64_t identify(const struct symbol_place *known)
{
    uint64_t identity =
        known->elf ? hash(known->elf_size, known->elf, known->elf_size) : hash(1, &known->stamp, sizeof(known->stamp));

    if (known->path)
        identity = hash(identity, known->path, strlen(known->path));
    return identity ? identity : 1;
}

/* The source of a new place: the one that is there already, or another. NULL without memory. */
static struct source *source_of(const struct symbol_place *known)
{
    struct source *source;
    uint64_t identity;

    for (source = sources; known->elf && source; source = source->next)
        if (source->bytes == known->elf && source->size == known->elf_size)
            break; /* one more core's copy */
    identity = known->elf && source ? source->identity : identify(known);
    for (source = sources; source; source = source->next)
        if (source->identity == identity)
            break;
    if (!source && (source = calloc(1, sizeof(*source)))) {
        *source = (struct source){.identity = identity,
                                  .bytes = known->elf,
                                  .size = known->elf_size,
                                  .path = known->path ? strdup(known->path) : NULL,
                                  .stamp = known->stamp,
                                  .fd = -1,
                                  .next = sources};
        sources = source;
    }
    if (source)
        source->places++;
    return source;
}

void symbol_remove(uint64_t low)
{
    for (struct place **link = &places; *link;) {
        struct place *place = *link;
        if (place->known.low == low) {
            *link = place->next;
            source_release(place->source);
            free(place->name);
            free(place);
        } else {
            link = &place->next;
        }
    }
    memset(memo, 0, sizeof(memo));
}

void symbol_add(const struct symbol_place *known)
{
    struct place *place = calloc(1, sizeof(*place));

    symbol_remove(known->low);
    if (!place || !(place->name = strdup(known->name)) || !(place->source = source_of(known))) {
        if (place)
            free(place->name);
        free(place);
        return; /* symbols are a comfort: without memory for them, go on without */
    }
    place->known = *known;
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

static void source_open(struct source *source)
{
    if (source->opened)
        return;
    source->opened = true;
    elf_version(EV_CURRENT);
    if (source->bytes) {
        source->elf = elf_memory((char *)(uintptr_t)source->bytes, source->size);
    } else if (source->path) {
        source->fd = open(source->path, O_RDONLY | O_CLOEXEC);
        source->elf = source->fd >= 0 ? elf_begin(source->fd, ELF_C_READ_MMAP, NULL) : NULL;
        if (source->elf && !stamp_matches(source->elf, source->stamp))
            return;
    }
    if (source->elf)
        source->dwarf = dwarf_begin_elf(source->elf, DWARF_C_READ, NULL);
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

/* The line of the instruction at @addr. What the compiler has merged from several lines has none of its own: then that
 * of the nearest instruction before it. */
static Dwarf_Line *find_line(Dwarf_Die *unit, Dwarf_Addr addr)
{
    Dwarf_Line *line = dwarf_getsrc_die(unit, addr);
    Dwarf_Lines *lines;
    size_t count, i = 0;
    int number;

    if (!line || dwarf_lineno(line, &number) != 0 || number || dwarf_getsrclines(unit, &lines, &count) != 0)
        return line;
    while (i < count && dwarf_onesrcline(lines, i) != line)
        i++;
    while (i-- > 0) {
        Dwarf_Line *before = dwarf_onesrcline(lines, i);
        bool ends = false;

        if (dwarf_lineendsequence(before, &ends) != 0 || ends)
            break;
        if (dwarf_lineno(before, &number) == 0 && number)
            return before;
    }
    return line;
}

static void find_frames(Dwarf_Die *unit, Dwarf_Addr addr, struct symbol *out)
{
    Dwarf_Die *scopes, *chain;
    Dwarf_Line *line = find_line(unit, addr);
    struct symbol_frame *frame = out->frames;
    Dwarf_Attribute attribute;

    out->folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
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

struct symbol_key symbol_key(uint64_t pc)
{
    size_t slot = (pc ^ pc >> 12) % MEMO;
    const struct place *place;

    if (!pc)
        return (struct symbol_key){0, 0};
    if (memo[slot].pc != pc) {
        place = place_of(pc);
        memo[slot].pc = pc;
        memo[slot].key =
            place ? (struct symbol_key){place->source->identity, pc - place->known.bias} : (struct symbol_key){0, pc};
    }
    return memo[slot].key;
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
    source_open(place->source);
    for (Elf_Scn *section = NULL; place->source->elf && (section = elf_nextscn(place->source->elf, section));)
        if (find_object(place->source->elf, section, addr - place->known.bias, text, size))
            return true;
    snprintf(text, size, "%s+%#llx", place->name, (unsigned long long)(addr - place->known.bias));
    return true;
}

bool symbol_find(uint64_t pc, struct symbol *out)
{
    struct place *place = place_of(pc);

    if (!place)
        return false;

    /* A kernel's thunk stands before its code. */
    *out = (struct symbol){
        .place = place->name, .offset = pc < place->known.bias ? 0 : pc - place->known.bias, .depth = 1};
    out->frames[0] = (struct symbol_frame){.function = "?"};
    source_open(place->source);
    Dwarf_Die unit;
    if (place->source->dwarf && find_unit(place->source->dwarf, out->offset, &unit))
        find_frames(&unit, out->offset, out);
    return true;
}

static bool is_users(const char *file)
{
    return file && !strstr(file, "/isa/include/") && strncmp(file, "isa/include/", 12) != 0;
}

size_t symbol_users(const struct symbol *symbol)
{
    for (size_t i = 0; i < symbol->depth; i++)
        if (is_users(symbol->frames[i].file))
            return i;
    return 0;
}

void symbol_format(const struct symbol *symbol, char *text, size_t size)
{
    const struct symbol_frame *frame = &symbol->frames[symbol_users(symbol)];
    if (frame->file && frame->line)
        snprintf(text, size, "%s at %s:%d", frame->function, frame->file, frame->line);
    else
        snprintf(text, size, "%s+%#llx", symbol->place, (unsigned long long)symbol->offset);
}
