/* wire.h - protobuf's wire format by hand, for the messages of which there is one an event.
 *
 * A wire is a buffer that grows. A field goes to its end: its tag (number and how the value is written), then the
 * value. A message within a message is what stands between wire_open and wire_close. Everything of which there is
 * little goes through protobuf-c instead.
 */
#ifndef DAV_TRACES_WIRE_H
#define DAV_TRACES_WIRE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2 }; /* how a value is written */
enum { WIRE_MOST = 64 };                                    /* what a few fields without text take at most */

/* Starts zero-filled. */
struct wire {
    uint8_t *bytes;
    size_t used, size;
    bool failed; /* there was no memory; all that came later is missing */
};

/** wire_grow - room for @more bytes, or the wire has failed and has room for WIRE_MOST. */
void wire_grow(struct wire *wire, size_t more);
void wire_free(struct wire *wire);

static inline uint8_t *wire_put_varint(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

/* @field < 2048. */
static inline uint8_t *wire_put_tag(uint8_t *at, uint32_t field, uint32_t how)
{
    uint32_t tag = field << 3 | how;
    if (tag >= 0x80) {
        *at++ = (uint8_t)(tag | 0x80);
        tag >>= 7;
    }
    *at++ = (uint8_t)tag;
    return at;
}

/* Where a field is to be put. */
static inline uint8_t *wire_room(struct wire *wire)
{
    if (wire->size - wire->used < WIRE_MOST)
        wire_grow(wire, WIRE_MOST);
    return wire->bytes + wire->used;
}

static inline uint8_t *wire_put_number(uint8_t *at, uint32_t field, uint64_t value)
{
    return wire_put_varint(wire_put_tag(at, field, WIRE_VARINT), value);
}

/* What was put in the room ends at @end. */
static inline void wire_put(struct wire *wire, const uint8_t *end)
{
    wire->used = (size_t)(end - wire->bytes);
}

static inline void wire_number(struct wire *wire, uint32_t field, uint64_t value)
{
    wire_put(wire, wire_put_number(wire_room(wire), field, value));
}

static inline void wire_fixed64(struct wire *wire, uint32_t field, uint64_t value)
{
    uint8_t *at = wire_put_tag(wire_room(wire), field, WIRE_FIXED64);
    value = htole64(value);
    memcpy(at, &value, sizeof value);
    wire->used = (size_t)(at - wire->bytes) + sizeof value;
}

static inline void wire_double(struct wire *wire, uint32_t field, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    wire_fixed64(wire, field, bits);
}

void wire_bytes(struct wire *wire, uint32_t field, const void *bytes, size_t size);

static inline void wire_text(struct wire *wire, uint32_t field, const char *text)
{
    wire_bytes(wire, field, text, strlen(text));
}

/** wire_open - a message begins in @field. wire_close - it ends; @opened: what wire_open returned. */
static inline size_t wire_open(struct wire *wire, uint32_t field)
{
    uint8_t *end = wire_put_tag(wire_room(wire), field, WIRE_BYTES);
    wire->used = (size_t)(end - wire->bytes) + 1; /* its size takes one byte; if not, wire_widen makes room */
    return wire->used;
}

void wire_widen(struct wire *wire, size_t opened, size_t size);

static inline void wire_close(struct wire *wire, size_t opened)
{
    size_t size = wire->used - opened;
    if (size < 0x80)
        wire->bytes[opened - 1] = (uint8_t)size;
    else
        wire_widen(wire, opened, size);
}

#endif
