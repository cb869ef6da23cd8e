/* type_path.c - see type_path.h. A walk down the types: at each level the member or element that covers the offset; a
 * union tries all of its members, and the one that fits the access best wins. */
#include "model/embed/type_path.h"

#include "model/embed/dwarf_type.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NESTING = 32, MAX_DIMENSIONS = 8, KNOWN = 8, PATH_BYTES = 256 };

struct type_path {
    Elf *elf;
    Dwarf *dwarf;
    struct {
        char name[64];
        Dwarf_Die type;
        bool found;
    } known[KNOWN]; /* the latest that were asked for */
    unsigned next;
};

/* How well a path describes an access. */
enum fit { FIT_NONE, FIT_PADDING, FIT_INSIDE, FIT_BEGINS, FIT_EXACT };

struct walk {
    uint32_t bytes; /* of the access */
    char text[PATH_BYTES];
    size_t used;
};

/* ---- the type of a name ---- */

/* The first part of "a::b" and what follows it; the whole and NULL if there is one part. */
static const char *split(const char *name, size_t *length)
{
    const char *colons = strstr(name, "::");

    *length = colons ? (size_t)(colons - name) : strlen(name);
    return colons ? colons + 2 : NULL;
}

static bool has_name(Dwarf_Die *die, const char *name, size_t length)
{
    const char *own = dwarf_diename(die);

    return own && strlen(own) == length && memcmp(own, name, length) == 0;
}

/* Look among what @scope holds; a scope's name may be left out of @name. */
static bool search(Dwarf_Die *scope, const char *name, int nesting, Dwarf_Die *type)
{
    Dwarf_Die child;
    size_t length;
    const char *rest = split(name, &length);

    if (nesting > MAX_NESTING || dwarf_child(scope, &child) != 0)
        return false;
    do {
        int tag = dwarf_tag(&child);
        bool scoping = tag == DW_TAG_namespace || dwarf_type_is_compound(&child),
             named = has_name(&child, name, length);

        if (named && !rest && (tag == DW_TAG_typedef || dwarf_type_is_compound(&child)) &&
            dwarf_type_complete(&child, type))
            return true;
        if (named && rest && scoping && search(&child, rest, nesting + 1, type))
            return true;
        if (tag == DW_TAG_namespace && search(&child, name, nesting + 1, type))
            return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

static bool search_units(Dwarf *dwarf, const char *name, Dwarf_Die *type)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;

    while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
        if (search(&die, name, 0, type))
            return true;
    return false;
}

static bool find_type(struct type_path *types, const char *name, Dwarf_Die *type)
{
    unsigned slot = types->next;

    for (unsigned i = 0; i < KNOWN; i++) {
        if (types->known[i].name[0] && strcmp(types->known[i].name, name) == 0) {
            *type = types->known[i].type;
            return types->known[i].found;
        }
    }
    bool found = search_units(types->dwarf, name, type);
    if (strlen(name) < sizeof(types->known[slot].name)) {
        snprintf(types->known[slot].name, sizeof(types->known[slot].name), "%s", name);
        types->known[slot].found = found;
        if (found)
            types->known[slot].type = *type;
        types->next = (slot + 1) % KNOWN;
    }
    return found;
}

/* ---- the walk ---- */

static enum fit walk_type(struct walk *walk, Dwarf_Die *type, uint64_t offset, int nesting);

static void put(struct walk *walk, const char *text)
{
    size_t length = strlen(text), room = sizeof(walk->text) - walk->used - 1;

    if (length > room)
        length = room;
    memcpy(walk->text + walk->used, text, length);
    walk->used += length;
    walk->text[walk->used] = '\0';
}

static void put_number(struct walk *walk, const char *format, uint64_t number)
{
    char text[32];

    snprintf(text, sizeof(text), format, (unsigned long long)number);
    put(walk, text);
}

static void take_back(struct walk *walk, size_t used)
{
    walk->used = used;
    walk->text[used] = '\0';
}

/* The library's own names (_M_elems, _M_i) are nothing that the source says. */
static void put_member(struct walk *walk, const char *name)
{
    if (!name || strncmp(name, "_M_", 3) == 0)
        return;
    if (walk->used)
        put(walk, ".");
    put(walk, name);
}

static enum fit rest_of(struct walk *walk, uint64_t offset, enum fit fit)
{
    if (offset)
        put_number(walk, "+%llu", offset);
    return fit;
}

static enum fit walk_leaf(struct walk *walk, uint64_t size, uint64_t offset)
{
    if (offset)
        return rest_of(walk, offset, FIT_INSIDE);
    return size == walk->bytes ? FIT_EXACT : FIT_BEGINS;
}

/* Elements of each dimension; 0 of the first one if it is left open. Return how many dimensions. */
static unsigned dimensions(Dwarf_Die *array, uint64_t counts[MAX_DIMENSIONS])
{
    Dwarf_Attribute attribute;
    unsigned count = 0;
    Dwarf_Word value;
    Dwarf_Die child;

    if (dwarf_child(array, &child) != 0)
        return 0;
    do {
        if (dwarf_tag(&child) != DW_TAG_subrange_type || count == MAX_DIMENSIONS)
            continue;
        counts[count] = 0;
        if (dwarf_formudata(dwarf_attr(&child, DW_AT_count, &attribute), &value) == 0)
            counts[count] = value;
        else if (dwarf_formudata(dwarf_attr(&child, DW_AT_upper_bound, &attribute), &value) == 0)
            counts[count] = value + 1;
        count++;
    } while (dwarf_siblingof(&child, &child) == 0);
    return count;
}

static enum fit walk_array(struct walk *walk, Dwarf_Die *array, uint64_t offset, int nesting)
{
    uint64_t counts[MAX_DIMENSIONS], index, below = 1;
    unsigned count = dimensions(array, counts);
    Dwarf_Word size;
    Dwarf_Die element;

    if (count == 0 || !dwarf_type_of(array, &element) || dwarf_aggregate_size(&element, &size) != 0 || size == 0)
        return rest_of(walk, offset, FIT_PADDING);
    for (unsigned i = 1; i < count; i++)
        below *= counts[i] ? counts[i] : 1;
    index = offset / size;
    for (unsigned i = 0; i < count; i++) {
        put_number(walk, "[%llu]", index / below);
        index %= below;
        if (i + 1 < count)
            below /= counts[i + 1] ? counts[i + 1] : 1;
    }
    return walk_type(walk, &element, offset % size, nesting + 1);
}

/* An array without a length, at the end of its structure, covers all that follows. */
static bool is_open(Dwarf_Die *type)
{
    uint64_t counts[MAX_DIMENSIONS];

    return dwarf_tag(type) == DW_TAG_array_type && dimensions(type, counts) > 0 && counts[0] == 0;
}

static enum fit walk_member(struct walk *walk, Dwarf_Die *member, uint64_t offset, int nesting)
{
    uint64_t from, size;
    Dwarf_Die type;
    int tag = dwarf_tag(member);

    if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || dwarf_hasattr(member, DW_AT_external) ||
        dwarf_hasattr(member, DW_AT_declaration) || !dwarf_type_of(member, &type) ||
        !dwarf_type_place(member, &type, &from, &size))
        return FIT_NONE;
    if (offset < from || (offset - from >= size && !is_open(&type)))
        return FIT_NONE;
    size_t used = walk->used;
    if (tag == DW_TAG_member)
        put_member(walk, dwarf_diename(member));
    if (dwarf_hasattr(member, DW_AT_bit_size))
        return FIT_BEGINS;
    enum fit fit = walk_type(walk, &type, offset - from, nesting + 1);
    bool named = walk->used > used && walk->text[used] != '+';
    return fit == FIT_PADDING && !named ? FIT_NONE : fit; /* without a name it is padding of what it is in */
}

/* All members are tried, since those of a union share their place. */
static enum fit walk_compound(struct walk *walk, Dwarf_Die *compound, uint64_t offset, int nesting)
{
    size_t used = walk->used;
    struct walk best = *walk;
    enum fit best_fit = FIT_NONE;
    Dwarf_Die child;

    if (dwarf_child(compound, &child) == 0) {
        do {
            enum fit fit = walk_member(walk, &child, offset, nesting);
            if (fit > best_fit) {
                best = *walk;
                best_fit = fit;
            }
            take_back(walk, used);
        } while (best_fit < FIT_EXACT && dwarf_siblingof(&child, &child) == 0);
    }
    *walk = best;
    return best_fit == FIT_NONE ? rest_of(walk, offset, FIT_PADDING) : best_fit;
}

static enum fit walk_type(struct walk *walk, Dwarf_Die *type, uint64_t offset, int nesting)
{
    size_t used = walk->used;
    Dwarf_Word size = 0;
    enum fit fit;

    if (dwarf_aggregate_size(type, &size) != 0)
        size = 0;
    if (nesting > MAX_NESTING)
        return rest_of(walk, offset, FIT_PADDING);
    if (dwarf_tag(type) == DW_TAG_array_type)
        fit = walk_array(walk, type, offset, nesting);
    else if (dwarf_type_is_compound(type))
        fit = walk_compound(walk, type, offset, nesting);
    else
        return walk_leaf(walk, size, offset);
    if (fit == FIT_EXACT || offset || size != walk->bytes || nesting == 0)
        return fit;
    take_back(walk, used); /* an access to the whole of it */
    return FIT_EXACT;
}

/* ---- the face ---- */

bool type_path_member(struct type_path *types, const char *name, const char *path, struct type_member *member)
{
    Dwarf_Die type;

    *member = (struct type_member){0};
    return types && find_type(types, name, &type) && dwarf_type_member(&type, path, member);
}

bool type_path_find(struct type_path *types, const char *name, uint64_t offset, uint32_t bytes, char *text, size_t size)
{
    struct walk walk = {.bytes = bytes};
    Dwarf_Word whole;
    Dwarf_Die type;

    if (size)
        text[0] = '\0';
    if (!types || !find_type(types, name, &type) || dwarf_aggregate_size(&type, &whole) != 0)
        return false;
    if (walk_type(&walk, &type, offset, 0) <= FIT_PADDING && offset >= whole)
        return false; /* behind it, and in no array that is left open */
    snprintf(text, size, "%s", walk.text);
    return true;
}

uint64_t type_path_size(struct type_path *types, const char *name)
{
    Dwarf_Word size;
    Dwarf_Die type;

    return types && find_type(types, name, &type) && dwarf_aggregate_size(&type, &size) == 0 ? size : 0;
}

struct type_path *type_path_open(const void *elf, size_t size)
{
    struct type_path *types = calloc(1, sizeof(*types));

    if (types && elf && size && elf_version(EV_CURRENT) != EV_NONE)
        types->elf = elf_memory((char *)(uintptr_t)elf, size); /* opened so, it is only read */
    if (types && types->elf && elf_kind(types->elf) == ELF_K_ELF)
        types->dwarf = dwarf_begin_elf(types->elf, DWARF_C_READ, NULL);
    if (types && types->dwarf)
        return types;
    type_path_close(types);
    return NULL;
}

void type_path_close(struct type_path *types)
{
    if (!types)
        return;
    if (types->dwarf)
        dwarf_end(types->dwarf);
    if (types->elf)
        elf_end(types->elf);
    free(types);
}
