/* fair.h - the level at which a link is full, when all that cross it get as much as they want up to that level.
 *
 * Rates are whole numbers and so is the level: the largest that the capacity allows, whatever the first guess was. A
 * good guess (the level before the latest change) saves looks at all demands, of which a bad one costs a few.
 */
#ifndef DAV_FAIR_H
#define DAV_FAIR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { FAIR_WEIGHT_SHIFT = 32 };           /* a weight of 1 is 1 << 32 */
#define FAIR_WEIGHT_MAX ((1ull << 48) - 1) /* sums of rates and weights fit */

/** fair_level - the largest level at which min(demand, level), summed over the @count @demands, is at most @capacity.
 *  The demands themselves must be more than that together. Demands of 0 are those of nobody. */
uint64_t fair_level(const uint64_t *demands, uint32_t count, uint64_t capacity, uint64_t guess);

/** fair_weighted_level - the same where each loads the link with its rate times its weight. */
uint64_t fair_weighted_level(const uint64_t *demands, const uint64_t *weights, uint32_t count, uint64_t capacity,
                             uint64_t guess);

#ifdef __cplusplus
}
#endif
#endif
