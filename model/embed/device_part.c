/* device_part.c - see device_part.h. A library is whatever device code has written into a file: nothing in it is
 * trusted before it was looked at.
 */
#include "model/embed/device_part.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* zlib makes a thousand bytes of one at the most; whoever claims more lies. */
enum { RATIO_MAX = 1040 };

static void *unpack(const uint8_t *packed, size_t size, size_t *part_size)
{
    struct device_part_header header;
    uLongf room;
    void *part;

    if (size < sizeof(header))
        return NULL;
    memcpy(&header, packed, sizeof(header));
    if (header.magic != DEVICE_PART_MAGIC || header.size == 0 || header.size / RATIO_MAX > size)
        return NULL;
    room = header.size;
    part = malloc(room);
    if (part &&
        (uncompress(part, &room, packed + sizeof(header), size - sizeof(header)) != Z_OK || room != header.size)) {
        free(part);
        return NULL;
    }
    *part_size = header.size;
    return part;
}

void *device_part_unpack(const void *bytes, size_t size, size_t *part_size)
{
    Elf *elf;
    size_t names;
    void *part = NULL;

    if (size < sizeof(Elf64_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) != 0)
        return NULL;
    elf_version(EV_CURRENT);
    elf = elf_memory((char *)(uintptr_t)bytes, size);
    if (elf && elf_getshdrstrndx(elf, &names) == 0) {
        for (Elf_Scn *section = NULL; !part && (section = elf_nextscn(elf, section));) {
            GElf_Shdr header;
            const char *name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;

            if (name && strcmp(name, DEVICE_PART_SECTION) == 0 && header.sh_offset <= size &&
                header.sh_size <= size - header.sh_offset)
                part = unpack((const uint8_t *)bytes + header.sh_offset, header.sh_size, part_size);
        }
    }
    elf_end(elf);
    return part;
}
