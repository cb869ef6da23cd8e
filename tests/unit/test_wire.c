/* test_wire.c - what is put by hand is protobuf: numbers of every width, and messages whose size takes more bytes than
 * the one that was left for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "traces/wire.h"

/* ---- a reader ---- */

struct bytes {
    const uint8_t *at, *end;
};

static uint64_t read_varint(struct bytes *bytes)
{
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        assert_true(bytes->at < bytes->end && shift < 70);
        uint8_t byte = *bytes->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
}

static void expect_tag(struct bytes *bytes, uint32_t field, uint32_t how)
{
    assert_int_equal(read_varint(bytes), field << 3 | how);
}

/* The bytes of @field, of which there are @size. */
static struct bytes read_bytes(struct bytes *bytes, uint32_t field, size_t size)
{
    expect_tag(bytes, field, WIRE_BYTES);
    assert_int_equal(read_varint(bytes), size);
    assert_true(size <= (size_t)(bytes->end - bytes->at));
    struct bytes within = {bytes->at, bytes->at + size};
    bytes->at += size;
    return within;
}

static struct bytes all_of(const struct wire *wire)
{
    assert_false(wire->failed);
    return (struct bytes){wire->bytes, wire->bytes + wire->used};
}

/* ---- */

static const size_t sizes[] = {0, 1, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 16380, 16383, 16384, 2097152};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void numbers_of_every_width_are_kept(void **state)
{
    (void)state;
    static const uint32_t fields[] = {1, 15, 16, 47, 2047};
    struct wire wire = {0};
    for (int bits = 0; bits <= 64; bits++)
        wire_number(&wire, fields[bits % 5], bits < 64 ? (1ull << bits) - 1 : UINT64_MAX);
    wire_fixed64(&wire, 47, 0x0102030405060708);
    wire_double(&wire, 5, -0.5);
    struct bytes bytes = all_of(&wire);
    for (int bits = 0; bits <= 64; bits++) {
        expect_tag(&bytes, fields[bits % 5], WIRE_VARINT);
        assert_int_equal(read_varint(&bytes), bits < 64 ? (1ull << bits) - 1 : UINT64_MAX);
    }
    expect_tag(&bytes, 47, WIRE_FIXED64);
    assert_memory_equal(bytes.at, "\x08\x07\x06\x05\x04\x03\x02\x01", 8);
    bytes.at += 8;
    expect_tag(&bytes, 5, WIRE_FIXED64);
    assert_memory_equal(bytes.at, "\x00\x00\x00\x00\x00\x00\xe0\xbf", 8);
    assert_ptr_equal(bytes.at + 8, bytes.end);
    wire_free(&wire);
}

/* Of a message of @size bytes, with its tag and its size. */
static size_t whole(size_t size)
{
    return 1 + (size < 0x80 ? 1 : size < 0x4000 ? 2 : size < 0x200000 ? 3 : 4) + size;
}

/* A text within a message within a message, and what comes behind. */
static void sizes_take_as_many_bytes_as_they_need(void **state)
{
    (void)state;
    uint8_t *text = malloc(sizes[SIZES - 1]);
    for (size_t i = 0; i < sizes[SIZES - 1]; i++)
        text[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < SIZES; i++) {
        struct wire wire = {0};
        wire_number(&wire, 9, 9);
        size_t outer = wire_open(&wire, 1), inner = wire_open(&wire, 2);
        wire_bytes(&wire, 3, text, sizes[i]);
        wire_close(&wire, inner);
        wire_number(&wire, 4, 300);
        wire_close(&wire, outer);
        wire_number(&wire, 5, 1);

        struct bytes bytes = all_of(&wire);
        expect_tag(&bytes, 9, WIRE_VARINT);
        assert_int_equal(read_varint(&bytes), 9);
        struct bytes out = read_bytes(&bytes, 1, whole(whole(sizes[i])) + 3);
        struct bytes in = read_bytes(&out, 2, whole(sizes[i]));
        struct bytes told = read_bytes(&in, 3, sizes[i]);
        assert_memory_equal(told.at, text, sizes[i]);
        assert_ptr_equal(in.at, in.end);
        expect_tag(&out, 4, WIRE_VARINT);
        assert_int_equal(read_varint(&out), 300);
        assert_ptr_equal(out.at, out.end);
        expect_tag(&bytes, 5, WIRE_VARINT);
        assert_int_equal(read_varint(&bytes), 1);
        assert_ptr_equal(bytes.at, bytes.end);
        wire_free(&wire);
    }
    free(text);
}

/* Many messages in one buffer: it moves while one of them is open. */
static void it_grows_within_a_message(void **state)
{
    (void)state;
    enum { NUMBERS = 5000 };
    struct wire wire = {0};
    size_t opened = wire_open(&wire, 1);
    for (uint64_t i = 0; i < NUMBERS; i++)
        wire_number(&wire, 2, i);
    wire_close(&wire, opened);
    struct bytes bytes = all_of(&wire);
    struct bytes numbers = read_bytes(&bytes, 1, 128 * 2 + (NUMBERS - 128) * 3);
    for (uint64_t i = 0; i < NUMBERS; i++) {
        expect_tag(&numbers, 2, WIRE_VARINT);
        assert_int_equal(read_varint(&numbers), i);
    }
    wire_free(&wire);
}

/* All calls go on, and nothing that they do is seen. */
static void without_memory_it_has_failed(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* it ends programs that ask for so much */
#endif
    struct wire wire = {0};
    char text[1000] = {0};
    wire_bytes(&wire, 1, text, sizeof text);
    size_t outer = wire_open(&wire, 1);
    wire_grow(&wire, SIZE_MAX / 4);
    assert_true(wire.failed);
    size_t inner = wire_open(&wire, 2);
    for (int i = 0; i < 1000; i++) {
        wire_number(&wire, 3, UINT64_MAX);
        wire_bytes(&wire, 4, text, sizeof text);
    }
    wire_close(&wire, inner);
    wire_close(&wire, outer);
    assert_true(wire.failed);
    assert_true(wire.used <= wire.size && wire.size <= 2 * WIRE_MOST);
    wire_free(&wire);
    assert_false(wire.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_every_width_are_kept),
        cmocka_unit_test(sizes_take_as_many_bytes_as_they_need),
        cmocka_unit_test(it_grows_within_a_message),
        cmocka_unit_test(without_memory_it_has_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
