/* dwarf_type.c - see dwarf_type.h. */
#include "model/embed/dwarf_type.h"

#include <dwarf.h>
#include <string.h>

enum { MAX_NESTING = 32 };

bool dwarf_type_is_compound(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);

    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

bool dwarf_type_complete(Dwarf_Die *die, Dwarf_Die *type)
{
    return dwarf_peel_type(die, type) == 0 && !dwarf_hasattr(type, DW_AT_declaration);
}

bool dwarf_type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Die own;

    return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attribute), &own) &&
           dwarf_type_complete(&own, type);
}

bool dwarf_type_place(Dwarf_Die *member, Dwarf_Die *type, uint64_t *offset, uint64_t *size)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0, bits = 0;

    *offset = 0;
    if (dwarf_attr(member, DW_AT_data_member_location, &attribute)) {
        if (dwarf_formudata(&attribute, &value) != 0)
            return false; /* a virtual base: only the object itself knows */
        *offset = value;
    }
    if (dwarf_formudata(dwarf_attr(member, DW_AT_bit_size, &attribute), &bits) == 0) {
        if (dwarf_formudata(dwarf_attr(member, DW_AT_data_bit_offset, &attribute), &value) == 0) {
            *offset = value / 8;
            *size = (value % 8 + bits + 7) / 8;
            return true;
        }
    }
    if (dwarf_aggregate_size(type, &value) != 0)
        value = 0;
    *size = value;
    return true;
}

/* ---- from a name to its place ---- */

/* An integer, or an enumeration: @member says which. */
static void describe_integer(Dwarf_Die *type, struct type_member *member)
{
    Dwarf_Attribute attribute;
    Dwarf_Word encoding = DW_ATE_unsigned;
    int bytes = dwarf_bytesize(type);

    if (dwarf_tag(type) == DW_TAG_base_type)
        dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &attribute), &encoding);
    else if (dwarf_tag(type) != DW_TAG_enumeration_type)
        return;
    member->is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
    member->is_integer = (member->is_signed || encoding == DW_ATE_unsigned || encoding == DW_ATE_unsigned_char) &&
                         (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8);
}

static bool locate(Dwarf_Die *type, const char *path, int nesting, struct type_member *found);

/* What stands behind the name: an array's numbers, and the rest of the path in what it holds. */
static bool locate_in(Dwarf_Die *type, const char *rest, int nesting, struct type_member *found)
{
    Dwarf_Die inner = *type;
    Dwarf_Word size = 0;

    if (dwarf_aggregate_size(type, &size) != 0)
        size = 0;
    found->size = size;
    found->element = found->elements = 0;
    found->is_integer = found->is_signed = false;
    while (dwarf_tag(&inner) == DW_TAG_array_type)
        if (!dwarf_type_of(&inner, &inner))
            return false;
    if (dwarf_tag(type) == DW_TAG_array_type && dwarf_aggregate_size(&inner, &size) == 0 && size) {
        found->element = size;
        found->elements = found->size / size;
    }
    describe_integer(&inner, found);
    return !rest || locate(&inner, rest, nesting + 1, found);
}

/* @member itself, or a member of what it holds without a name of its own: a base class, a union. */
static bool locate_member(Dwarf_Die *member, const char *path, int nesting, struct type_member *found)
{
    size_t length = strcspn(path, ".");
    const char *name = dwarf_tag(member) == DW_TAG_member ? dwarf_diename(member) : NULL;
    uint64_t from, size, before = found->offset;
    Dwarf_Die type;

    if ((name && (strlen(name) != length || memcmp(name, path, length) != 0)) ||
        dwarf_hasattr(member, DW_AT_external) || dwarf_hasattr(member, DW_AT_bit_size) ||
        !dwarf_type_of(member, &type) || !dwarf_type_place(member, &type, &from, &size))
        return false;
    found->offset += from;
    if (name ? locate_in(&type, path[length] ? path + length + 1 : NULL, nesting, found)
             : locate(&type, path, nesting + 1, found))
        return true;
    found->offset = before;
    return false;
}

static bool locate(Dwarf_Die *type, const char *path, int nesting, struct type_member *found)
{
    Dwarf_Die child;

    if (nesting > MAX_NESTING || !dwarf_type_is_compound(type) || dwarf_child(type, &child) != 0)
        return false;
    do {
        int tag = dwarf_tag(&child);

        if ((tag == DW_TAG_member || tag == DW_TAG_inheritance) && locate_member(&child, path, nesting, found))
            return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

bool dwarf_type_member(Dwarf_Die *type, const char *path, struct type_member *member)
{
    *member = (struct type_member){0};
    if (locate(type, path, 0, member))
        return true;
    *member = (struct type_member){0};
    return false;
}
