/* device_string.c - the string functions. memcpy, memmove and memset are the port's (port.c): the compiler calls them
 * by their instrumented names. Each of these reads byte after byte and loads a line when it comes to it, so it touches
 * what a plain loop would touch and not a byte more.
 */
#include "model/embed/device_string.h"

#include <stdlib.h>
#include <string.h>

#include "model/embed/device_libc.h"

/* A place in memory that is read upwards. */
struct reader {
    const unsigned char *at;
    bool begun;
};

static inline unsigned char read_byte(struct reader *reader)
{
    if (!reader->begun || ((uintptr_t)reader->at & (GM_LINE_BYTES - 1)) == 0)
        port_load((uintptr_t)reader->at, 1);
    reader->begun = true;
    return *reader->at++;
}

size_t device_strnlen(const char *text, size_t limit)
{
    struct reader reader = {.at = (const unsigned char *)text};
    size_t length = 0;

    while (length < limit && read_byte(&reader))
        length++;
    return length;
}

/* The difference of the first bytes that differ, of at most @limit; strings end at a zero. */
static int compare(const void *a, const void *b, size_t limit, bool strings)
{
    struct reader left = {.at = a}, right = {.at = b};

    libc_call();
    while (limit--) {
        int x = read_byte(&left), y = read_byte(&right);

        if (x != y || (strings && !x))
            return x - y;
    }
    return 0;
}

DEVICE_CALL int __wrap_memcmp(const void *a, const void *b, size_t size)
{
    return compare(a, b, size, false);
}

DEVICE_CALL int __wrap_bcmp(const void *a, const void *b, size_t size)
{
    return compare(a, b, size, false);
}

DEVICE_CALL int __wrap_strcmp(const char *a, const char *b)
{
    return compare(a, b, SIZE_MAX, true);
}

DEVICE_CALL int __wrap_strncmp(const char *a, const char *b, size_t limit)
{
    return compare(a, b, limit, true);
}

DEVICE_CALL size_t __wrap_strlen(const char *text)
{
    libc_call();
    return device_strnlen(text, SIZE_MAX);
}

DEVICE_CALL size_t __wrap_strnlen(const char *text, size_t limit)
{
    libc_call();
    return device_strnlen(text, limit);
}

/* ---- searching ---- */

DEVICE_CALL void *__wrap_memchr(const void *memory, int byte, size_t size)
{
    struct reader reader = {.at = memory};

    libc_call();
    while (size--)
        if (read_byte(&reader) == (unsigned char)byte)
            return (void *)(uintptr_t)(reader.at - 1);
    return NULL;
}

DEVICE_CALL char *__wrap_strchr(const char *text, int character)
{
    struct reader reader = {.at = (const unsigned char *)text};
    unsigned char byte;

    libc_call();
    do {
        byte = read_byte(&reader);
        if (byte == (unsigned char)character)
            return (char *)(uintptr_t)(reader.at - 1);
    } while (byte);
    return NULL;
}

DEVICE_CALL char *__wrap_strrchr(const char *text, int character)
{
    libc_call();
    device_strnlen(text, SIZE_MAX);
    return strrchr(text, character);
}

DEVICE_CALL char *__wrap_strstr(const char *text, const char *part)
{
    libc_call();
    device_strnlen(part, SIZE_MAX);
    device_strnlen(text, SIZE_MAX);
    return strstr(text, part);
}

/* ---- copying ---- */

DEVICE_CALL char *__wrap_stpcpy(char *to, const char *from)
{
    size_t length;

    libc_call();
    length = device_strnlen(from, SIZE_MAX);
    port_store_block(to, from, 0, length + 1);
    return to + length;
}

DEVICE_CALL char *__wrap_strcpy(char *to, const char *from)
{
    __wrap_stpcpy(to, from);
    return to;
}

DEVICE_CALL char *__wrap_strncpy(char *to, const char *from, size_t size)
{
    size_t length;

    libc_call();
    length = device_strnlen(from, size);
    port_store_block(to, from, 0, length);
    port_store_block(to + length, NULL, 0, size - length);
    return to;
}

DEVICE_CALL char *__wrap_strncat(char *to, const char *from, size_t limit)
{
    size_t length, end;

    libc_call();
    end = device_strnlen(to, SIZE_MAX);
    length = device_strnlen(from, limit);
    port_store_block(to + end, from, 0, length);
    port_store_block(to + end + length, NULL, 0, 1);
    return to;
}

DEVICE_CALL char *__wrap_strcat(char *to, const char *from)
{
    return __wrap_strncat(to, from, SIZE_MAX);
}

DEVICE_CALL char *__wrap_strndup(const char *text, size_t limit)
{
    size_t length;
    char *copy;

    libc_call();
    length = device_strnlen(text, limit);
    copy = libc_block(0, length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, length); /* nobody else knows of it yet */
    copy[length] = '\0';
    return copy;
}

DEVICE_CALL char *__wrap_strdup(const char *text)
{
    return __wrap_strndup(text, SIZE_MAX);
}
