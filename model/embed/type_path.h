/* type_path.h - which member of a structure of the device's program stands at an offset: "workers[3].task_status".
 *
 * The program's own debug information tells, so that a report speaks of an address as its source would. Everything here
 * reads debug information and belongs on the host's stack.
 */
#ifndef DAV_TYPE_PATH_H
#define DAV_TYPE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct type_path;

/** type_path_open - read the types of the ELF in [@elf, @elf + @size), which stays where it is until type_path_close.
 *  Any bytes are allowed. Return: NULL if there is no debug information, or no memory. */
struct type_path *type_path_open(const void *elf, size_t size);
void type_path_close(struct type_path *types);

/** type_path_size - bytes of the type @name, 0 if there is none that is complete. @name: of a structure, class, union
 * or typedef, in whatever namespace it is; "space::Name" asks for one in `space`. */
uint64_t type_path_size(struct type_path *types, const char *name);

/** type_path_find - write into @text what stands @offset bytes into an object of type @name: members, elements of
 *  arrays, members of base classes, as in "workers[3].task_status". Where a union has several, the first that begins
 *  there and has @bytes bytes is taken, else the first. What is inside a member gets "+N" after it, as has padding:
 *  "workers[3]+28".
 *  @bytes: of the access; 0 if unknown.
 *  Return: false, with @text empty, if the type is not known or not that large. */
bool type_path_find(struct type_path *types, const char *name, uint64_t offset, uint32_t bytes, char *text,
                    size_t size);

/* Where a member stands. */
struct type_member {
    uint64_t offset;   /* from the start of the outer type, in the first element of arrays on the way */
    uint64_t size;     /* of the whole member; a pointer or an integer has that of its type */
    uint64_t element;  /* of an array: bytes from one element to the next; 0: it is none */
    uint64_t elements; /* of an array, over all its dimensions */
    bool is_integer;   /* it, or an element of the array, is an integer of 1, 2, 4 or 8 bytes, or an enumeration */
    bool is_signed;
};

/** type_path_member - the other way round: where in type @name the member @path is, "workers.task_status": names with
 *  dots between them, through arrays without an index. Private members and those of base classes count as all others.
 *  Return: false, with @member all 0, if the type or the member is not there. */
bool type_path_member(struct type_path *types, const char *name, const char *path, struct type_member *member);

#ifdef __cplusplus
}
#endif
#endif
