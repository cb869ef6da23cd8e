/* refusal.h - the texts of a shape's refuse(). They are built in one static place: a text is good until the next one.
 */
#ifndef DAV_ISA_REFUSAL_H
#define DAV_ISA_REFUSAL_H

#include <stdint.h>

/** isa_refusal - a text as printf makes it, one line. */
const char *isa_refusal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** isa_range - NULL if parameter @name is within @low and @high, else the text that says so. */
const char *isa_range(const char *name, uint64_t value, uint64_t low, uint64_t high);

#endif
