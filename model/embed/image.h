/* image.h - a kernel image: the one .text that davcc --target=aic|aiv links, and how it gets into GM.
 *
 * An image stands on its own: linked at 0, nothing to relocate, its calls leave through the port table. The last bytes
 * of it are a footer that says what is inside. In front of it the loader puts a thunk that tells the port where a
 * kernel begins and ends; the thunk's address is the kernel's.
 */
#ifndef DAV_IMAGE_H
#define DAV_IMAGE_H

#include "model/chipfile.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IMAGE_MAGIC        0x6567616d69766164u /* "davimage" */
#define IMAGE_VERSION      1u
#define IMAGE_HEADER_BYTES 512u /* room of the thunk; also the strictest alignment an image may ask for */

enum image_core { IMAGE_AIC, IMAGE_AIV };

/* The footer, in this order in the last bytes of the image; davcc writes it as assembler text. Offsets are from the
 * start of the image. */
struct image_footer {
    uint64_t entry, guards_start, guards_stop, pcs_start, pcs_stop;
    uint64_t name;  /* the kernel's name, ends with a zero byte */
    uint64_t path;  /* absolute path of the ELF with the debug information */
    uint64_t stamp; /* differs between different builds */
    uint64_t core;  /* enum image_core */
    uint64_t size;  /* of the whole image, the footer included */
    uint32_t version, footer_size;
    uint64_t magic;
};

/* What a checked image says about itself. The strings point into the image that was checked. */
struct image_info {
    const char *name, *path;
    size_t size;
    struct image_footer footer;
};

/** image_check - is [@text, @text + @size) an image that davcc made and nobody cut?
 *  Never reads outside it. Return: 0 with @info filled, or -1 with one line in @error. */
int image_check(const void *text, size_t size, struct image_info *info, char *error, size_t error_size);

/** image_room - bytes that image_load needs at its destination: header and image. */
static inline size_t image_room(const struct image_info *info)
{
    return IMAGE_HEADER_BYTES + info->size;
}

/** image_load - place a checked image at @dst, which is readable, writable and executable, image_room() bytes long and
 *  aligned to IMAGE_HEADER_BYTES; the kernel's address is then @dst itself.
 *  @id: what the thunk gives dav_port_kernel_begin(args, id) and dav_port_kernel_end(id).
 *  The image's blocks get their @costs, and symbol_find knows its addresses.
 *  Return: 0, or -1 with one line in @error. */
int image_load(void *dst, const void *text, const struct image_info *info, uint64_t id,
               const struct instruction_costs *costs, char *error, size_t error_size);

/** image_unload - forget the image at @dst; its memory may then hold another. */
void image_unload(void *dst);

#ifdef __cplusplus
}
#endif
#endif
