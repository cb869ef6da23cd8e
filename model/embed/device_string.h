/* device_string.h - strings as the running core reads them. */
#ifndef DAV_DEVICE_STRING_H
#define DAV_DEVICE_STRING_H

#include <stddef.h>

/** device_strnlen - length of @text, at most @limit; the core has loaded every byte of it, the terminator included. */
size_t device_strnlen(const char *text, size_t limit);

#endif
