/* davcc_device.c - see davcc_device.h. */
#include "tools/davcc_device.h"

#include "model/embed/device_part.h"
#include "tools/davcc_run.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "re");
    void *bytes = NULL;
    long end;

    if (file && fseek(file, 0, SEEK_END) == 0 && (end = ftell(file)) > 0) {
        rewind(file);
        *size = (size_t)end;
        bytes = malloc(*size);
        if (bytes && fread(bytes, 1, *size, file) != *size) {
            free(bytes);
            bytes = NULL;
        }
    }
    if (file)
        fclose(file);
    return bytes;
}

static bool write_packed(const char *path, const void *bytes, size_t size)
{
    struct device_part_header header = {DEVICE_PART_MAGIC, size};
    uLongf room = compressBound(size);
    void *packed = malloc(room);
    FILE *file = NULL;
    bool written = packed && compress2(packed, &room, bytes, size, Z_BEST_COMPRESSION) == Z_OK &&
                   (file = fopen(path, "we")) && fwrite(&header, sizeof(header), 1, file) == 1 &&
                   fwrite(packed, 1, room, file) == room;

    if (file && fclose(file) != 0)
        written = false;
    free(packed);
    return written;
}

static bool write_text(const char *path, const char *packed)
{
    FILE *file = fopen(path, "we");

    if (!file)
        return false;
    fprintf(file, "\t.section " DEVICE_PART_SECTION ",\"\",@progbits\n\t.incbin \"%s\"\n", packed);
    fprintf(file, "\t.section .note.GNU-stack,\"\",@progbits\n");
    bool written = !ferror(file);
    return fclose(file) == 0 && written;
}

int device_part_write(const char *module, const char *packed, const char *text)
{
    size_t size;
    void *bytes = read_file(module, &size);
    int status = 0;

    if (!bytes)
        return complain(1, "cannot read back %s: %s", module, strerror(errno));
    if (!write_packed(packed, bytes, size) || !write_text(text, packed))
        status = complain(1, "cannot write %s or %s: %s", packed, text, strerror(errno));
    free(bytes);
    return status;
}
