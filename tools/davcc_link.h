/* davcc_link.h - what davcc adds to device code, and what it insists on in a kernel image.
 *
 * The addition is a small piece of assembler text made for each link: the port's stubs, and for a kernel image the
 * jump to the kernel at offset 0 and the footer that the loader reads (model/embed/image.h).
 */
#ifndef DAV_DAVCC_LINK_H
#define DAV_DAVCC_LINK_H

#include "tools/davcc_target.h"
#include "tools/list.h"

/* The user's sources of one link and the objects made of them, side by side. */
struct link_parts {
    struct list sources, objects;
};

/** link_find_entry - which global function of the objects is the kernel?
 *  @wanted: the name given with --entry, or NULL: then there must be exactly one.
 *  Return: its symbol, for the caller to free, or NULL after one line of complaint. */
char *link_find_entry(const struct link_parts *parts, const char *wanted);

/** link_constructs - does the object @path need a constructor to run before anything else? */
bool link_constructs(const char *path);

/** link_check_parts - refuse what the objects need before a kernel starts: static constructors.
 *  Return: 0, or 1 after one line of complaint. */
int link_check_parts(const struct link_parts *parts);

/** link_write_port - write the assembler text to the file @path.
 *  @entry, @debug_path: of a kernel image; NULL for a module.
 *  Return: 0, or 1 after one line of complaint. */
int link_write_port(const char *path, enum target target, const char *entry, const char *debug_path,
                    const struct link_parts *parts);

/** link_check - refuse the linked image @path if it calls what the device has not, or would need relocation.
 *  Return: 0, or 1 after a line of complaint for each such name. */
int link_check(const char *path, const struct link_parts *parts);

#endif
