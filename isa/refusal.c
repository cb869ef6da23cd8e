/* refusal.c - see refusal.h. */
#include "isa/refusal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

const char *isa_refusal(const char *format, ...)
{
    static char text[160];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return text;
}

const char *isa_range(const char *name, uint64_t value, uint64_t low, uint64_t high)
{
    if (value >= low && value <= high)
        return NULL;
    if (low == high)
        return isa_refusal("%s is %" PRIu64 "; allowed: %" PRIu64, name, value, low);
    return isa_refusal("%s is %" PRIu64 "; allowed: %" PRIu64 " to %" PRIu64, name, value, low, high);
}
