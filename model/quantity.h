/* quantity.h - amounts with units, as chip files write them: "1.8GHz", "64 GiB", "2.5cyc".
 *
 * An amount is an exact fraction and is rounded once, to the base unit of its quantity (ps, bytes, bytes a second, Hz):
 * no floating point, so neither the host nor its locale can change a parameter.
 */
#ifndef DAV_QUANTITY_H
#define DAV_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum quantity { NAME, COUNT, FLAG, TIME, SIZE, RATE, CLOCK, LINEAR /* linear.h */ };

enum {
    QUANTITY_TEXT = 200, /* room for any phrase made here */
    DIGITS_MAX = 15,     /* of a number; its product with any unit then fits in 128 bits */
};

typedef unsigned __int128 wide_t;

struct amount {
    uint64_t digits, divisor; /* the number that was written is digits / divisor */
    uint64_t scale;           /* of its unit, in base units; 0: cycles, worth what the clock says */
};

/** decimal_read - read the decimal that @text starts with into @amount, which comes as a zero of divisor 1.
 *  Return: what follows the decimal, or NULL if there is none or it has more than DIGITS_MAX digits. */
const char *decimal_read(const char *text, struct amount *amount);

/** quantity_parse - read @text, a number and its unit.
 *  @cycles: whether `cyc` is a unit here. @problem: receives what is wrong, without the text itself.
 *  Return: 0, or -1 with @problem set. */
int quantity_parse(enum quantity quantity, bool cycles, const char *text, struct amount *amount,
                   char problem[QUANTITY_TEXT]);

/** quantity_limit - the amount that @text of our own tables means, in base units ("64" for a count). */
uint64_t quantity_limit(const char *text);

/** amount_base - @amount in base units, rounded to nearest; @clock_hz is needed when its scale is 0. */
wide_t amount_base(const struct amount *amount, uint64_t clock_hz);

/** quantity_units - ", in ps, ns, us or ms", or ", without a unit". */
void quantity_units(enum quantity quantity, bool cycles, char phrase[QUANTITY_TEXT]);

/** quantity_base_unit - "ps", "B", "B/s", "Hz"; "" for quantities without units. */
const char *quantity_base_unit(enum quantity quantity);

#endif
