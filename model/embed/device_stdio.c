/* device_stdio.c - printf and its kin. What goes to stdout or stderr is the device's log; other streams are the host's
 * files, and formatted text is stored where it belongs as the core's own stores. The host's C library does the
 * formatting, on the core's view of memory.
 */
#include <errno.h>
#include <printf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/core_port.h"
#include "model/embed/device_libc.h"
#include "model/embed/device_log.h"
#include "model/embed/device_string.h"

enum { ARGUMENTS = 32 };

/* Strings among the arguments may stand in GM: the core reads them by its own loads first. */
static void read_strings(const char *format, va_list args)
{
    int types[ARGUMENTS];
    size_t count = parse_printf_format(format, ARGUMENTS, types);

    for (size_t i = 0; i < count && i < ARGUMENTS; i++) {
        switch (types[i] & ~PA_FLAG_MASK) {
        case PA_STRING: {
            const char *text = va_arg(args, const char *);

            if ((uintptr_t)text - dav_running->gm_base < dav_running->gm_size)
                device_strnlen(text, 4096);
            break;
        }
        case PA_DOUBLE:
        case PA_FLOAT:
            if (types[i] & PA_FLAG_LONG_DOUBLE)
                (void)va_arg(args, long double);
            else
                (void)va_arg(args, double);
            break;
        case PA_POINTER:
            (void)va_arg(args, void *);
            break;
        default:
            if (types[i] & (PA_FLAG_PTR | PA_FLAG_LONG | PA_FLAG_LONG_LONG))
                (void)va_arg(args, long);
            else
                (void)va_arg(args, int);
        }
    }
}

/* The text in the simulator's own memory; NULL when the format is bad. The caller frees it. */
static char *format_text(const char *format, va_list args, int *size)
{
    char *text = NULL;
    va_list copy;

    va_copy(copy, args);
    read_strings(format, copy);
    va_end(copy);
    *size = vasprintf(&text, format, args);
    libc_call();
    return *size < 0 ? NULL : text;
}

/* ---- into streams ---- */

static bool is_log(const FILE *stream)
{
    return stream == stdout || stream == stderr;
}

static void put(FILE *stream, const char *text, size_t size)
{
    if (is_log(stream))
        device_log_text(dav_running, stream == stderr ? DAV_LOG_ERROR : DAV_LOG_INFO, text, size);
    else
        fwrite(text, 1, size, stream);
}

DEVICE_CALL int __wrap_vfprintf(FILE *stream, const char *format, va_list args)
{
    int size;
    char *text = format_text(format, args, &size);

    if (text)
        put(stream, text, (size_t)size);
    free(text);
    return size;
}

DEVICE_CALL int __wrap_vprintf(const char *format, va_list args)
{
    return __wrap_vfprintf(stdout, format, args);
}

DEVICE_CALL int __wrap_fprintf(FILE *stream, const char *format, ...)
{
    va_list args;
    int size;

    va_start(args, format);
    size = __wrap_vfprintf(stream, format, args);
    va_end(args);
    return size;
}

DEVICE_CALL int __wrap_printf(const char *format, ...)
{
    va_list args;
    int size;

    va_start(args, format);
    size = __wrap_vfprintf(stdout, format, args);
    va_end(args);
    return size;
}

DEVICE_CALL size_t __wrap_fwrite(const void *from, size_t size, size_t count, FILE *stream)
{
    port_load_range(from, size * count);
    libc_call();
    put(stream, from, size * count);
    return count;
}

DEVICE_CALL int __wrap_fputs(const char *text, FILE *stream)
{
    size_t size = device_strnlen(text, SIZE_MAX);

    libc_call();
    put(stream, text, size);
    return 1;
}

DEVICE_CALL int __wrap_puts(const char *text)
{
    __wrap_fputs(text, stdout);
    put(stdout, "\n", 1);
    return 1;
}

DEVICE_CALL int __wrap_fputc(int character, FILE *stream)
{
    char byte = (char)character;

    libc_call();
    put(stream, &byte, 1);
    return (unsigned char)byte;
}

DEVICE_CALL int __wrap_putc(int character, FILE *stream)
{
    return __wrap_fputc(character, stream);
}

DEVICE_CALL int __wrap_putchar(int character)
{
    return __wrap_fputc(character, stdout);
}

DEVICE_CALL int __wrap_fflush(FILE *stream)
{
    libc_call();
    if (!stream || is_log(stream))
        device_log_flush(dav_running);
    return !stream || is_log(stream) ? 0 : fflush(stream);
}

DEVICE_CALL void __wrap_perror(const char *what)
{
    int error = errno;

    __wrap_fprintf(stderr, "%s%s%s\n", what ? what : "", what && *what ? ": " : "", strerror(error));
}

/* ---- into memory ---- */

DEVICE_CALL int __wrap_vsnprintf(char *to, size_t room, const char *format, va_list args)
{
    int size;
    char *text = format_text(format, args, &size);

    if (text && room) {
        size_t part = (size_t)size < room ? (size_t)size : room - 1;

        text[part] = '\0';
        port_store_block(to, text, 0, part + 1);
    }
    free(text);
    return size;
}

DEVICE_CALL int __wrap_vsprintf(char *to, const char *format, va_list args)
{
    return __wrap_vsnprintf(to, SIZE_MAX, format, args);
}

DEVICE_CALL int __wrap_snprintf(char *to, size_t room, const char *format, ...)
{
    va_list args;
    int size;

    va_start(args, format);
    size = __wrap_vsnprintf(to, room, format, args);
    va_end(args);
    return size;
}

DEVICE_CALL int __wrap_sprintf(char *to, const char *format, ...)
{
    va_list args;
    int size;

    va_start(args, format);
    size = __wrap_vsnprintf(to, SIZE_MAX, format, args);
    va_end(args);
    return size;
}
