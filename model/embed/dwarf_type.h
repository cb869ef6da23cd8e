/* dwarf_type.h - types as debug information has them: what a member is, and where.
 *
 * For those who read structures that are not ours (type_path.h, task_layout.h). Belongs on the host's stack.
 */
#ifndef DAV_DWARF_TYPE_H
#define DAV_DWARF_TYPE_H

#include <elfutils/libdw.h>

#include "model/embed/type_path.h"

/** dwarf_type_is_compound - is it a structure, a class or a union? */
bool dwarf_type_is_compound(Dwarf_Die *die);

/** dwarf_type_complete - @die as a complete type without typedefs and qualifiers; false if it is only declared. */
bool dwarf_type_complete(Dwarf_Die *die, Dwarf_Die *type);

/** dwarf_type_of - the complete type that @die refers to. */
bool dwarf_type_of(Dwarf_Die *die, Dwarf_Die *type);

/** dwarf_type_place - where in its structure @member, of @type, is, in bytes; false if it is in none of them. */
bool dwarf_type_place(Dwarf_Die *member, Dwarf_Die *type, uint64_t *offset, uint64_t *size);

/** dwarf_type_member - the member @path of the compound @type: see type_path_member. */
bool dwarf_type_member(Dwarf_Die *type, const char *path, struct type_member *member);

#endif
