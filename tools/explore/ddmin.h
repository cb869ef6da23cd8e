/* ddmin.h - delta debugging: from a set that fails, the smallest part that still does.
 *
 * The algorithm is Zeller and Hildebrandt's ddmin (IEEE TSE 28(2), 2002). The result is 1-minimal: it fails, and
 * without any one of its items it does not. What "fails" means is the caller's; tests come in batches, so that the
 * caller may make them side by side.
 */
#ifndef DAV_TOOLS_DDMIN_H
#define DAV_TOOLS_DDMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Some of the items 0 .. n-1, by number, ascending. */
struct subset {
    size_t *items;
    size_t count;
};

#define DDMIN_STOP SIZE_MAX

struct ddmin {
    /* Tests @candidates. Return: the index of the first that fails, @count if none does, DDMIN_STOP to give up. */
    size_t (*first_failing)(void *ctx, const struct subset *candidates, size_t count);
    void *ctx;
    size_t limit; /* of tests */

    size_t tests; /* out: how many candidates were decided; does not depend on how many are tested side by side */
    bool minimal; /* out: the result is 1-minimal; false if the limit or DDMIN_STOP came first */
};

/** ddmin_reduce - reduce the set of all items 0 .. @items-1, which is known to fail.
 *  The empty set is tested first. Return: the reduced set, for subset_free. */
struct subset ddmin_reduce(struct ddmin *ddmin, size_t items);

void subset_free(struct subset *subset);

#endif
