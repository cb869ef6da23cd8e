/* written.h - which blocks of an AICore's buffer have been written: a bit for each 32 bytes, which is what a transfer
 * moves at least. A block of which some bytes were written counts as written: the rest is padding.
 */
#ifndef DAV_CHECK_WRITTEN_H
#define DAV_CHECK_WRITTEN_H

#include "tools/check/spans.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { BLOCK_BYTES = 32 };

struct written {
    uint64_t *bits; /* NULL: the core has no such buffer */
    uint32_t words;
};

/** written_make - for a buffer of @bytes, nothing of it written. Return 0 or -1. */
int written_make(struct written *written, uint32_t bytes);
void written_free(struct written *written);

/** written_forget - nothing is written any more. */
void written_forget(struct written *written);

/** written_add - @spans are. */
void written_add(struct written *written, const struct spans *spans);

/** written_any - whether any block of @spans is. */
bool written_any(const struct written *written, const struct spans *spans);

/** written_gap - the first bytes of @spans that are not; false if there are none. */
bool written_gap(const struct written *written, const struct spans *spans, struct span *gap);

#ifdef __cplusplus
}
#endif
#endif
