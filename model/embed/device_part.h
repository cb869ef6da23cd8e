/* device_part.h - what davcc puts into an orchestration library beside the host's code: the same sources compiled for
 * the AICPU, a whole module, packed into one section that no host loads.
 */
#ifndef DAV_DEVICE_PART_H
#define DAV_DEVICE_PART_H

#include <stddef.h>
#include <stdint.h>

#define DEVICE_PART_SECTION ".davsim.device"
#define DEVICE_PART_MAGIC   0x31747261702e7664ull /* "dv.part1" */

/* The section: this, then the module's bytes as a zlib stream. */
struct device_part_header {
    uint64_t magic, size; /* of the module, unpacked */
};

/** device_part_unpack - the module in the orchestration library [@bytes, @bytes + @size).
 *  Return: its bytes, for the caller to free, and their number in @part_size; NULL if the library has none. */
void *device_part_unpack(const void *bytes, size_t size, size_t *part_size);

#endif
