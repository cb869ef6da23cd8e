/* linear.h - what an instruction costs, as chip files write it: "10 + 2n + 14, counted 16", "265 + n/128".
 *
 * Numbers are cycles and are exact until each is rounded once to millionths, as in quantity.h.
 */
#ifndef DAV_LINEAR_H
#define DAV_LINEAR_H

#include "isa/cost.h"
#include "model/quantity.h"

/** linear_parse - read @text: HEAD + SLOPE [+ TAIL] [, counted MORE], where SLOPE is n, Kn, n/D or Kn/D.
 *  @most: what each part may come to, in cycles. @problem: receives what is wrong, without the text itself.
 *  Return: 0, or -1 with @problem set and @linear unchanged. */
int linear_parse(const char *text, uint64_t most, struct isa_linear *linear, char problem[QUANTITY_TEXT]);

/** linear_print - @linear as text from which linear_parse reads the same. */
void linear_print(const struct isa_linear *linear, char text[QUANTITY_TEXT]);

#endif
