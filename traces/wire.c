/* wire.c - see wire.h. */
#include "traces/wire.h"

#include <stdlib.h>

void wire_grow(struct wire *wire, size_t more)
{
    static uint8_t nowhere[2 * WIRE_MOST];
    size_t size = 2 * wire->size + more + WIRE_MOST;
    uint8_t *grown = wire->failed ? NULL : realloc(wire->bytes, size);
    if (grown) {
        wire->bytes = grown;
        wire->size = size;
        return;
    }
    if (!wire->failed)
        free(wire->bytes);
    wire->failed = true;
    wire->bytes = nowhere;
    wire->used = 0;
    wire->size = sizeof nowhere;
}

void wire_free(struct wire *wire)
{
    if (!wire->failed)
        free(wire->bytes);
    *wire = (struct wire){0};
}

void wire_bytes(struct wire *wire, uint32_t field, const void *bytes, size_t size)
{
    if (wire->size - wire->used < WIRE_MOST + size)
        wire_grow(wire, WIRE_MOST + size);
    if (wire->failed)
        return;
    uint8_t *at = wire_put_varint(wire_put_tag(wire->bytes + wire->used, field, WIRE_BYTES), size);
    memcpy(at, bytes, size);
    wire->used = (size_t)(at - wire->bytes) + size;
}

void wire_widen(struct wire *wire, size_t opened, size_t size)
{
    uint8_t sizes[WIRE_MOST];
    size_t width = (size_t)(wire_put_varint(sizes, size) - sizes);
    wire_room(wire);
    if (wire->failed)
        return;
    memmove(wire->bytes + opened - 1 + width, wire->bytes + opened, size);
    memcpy(wire->bytes + opened - 1, sizes, width);
    wire->used += width - 1;
}
