/* written.c - see written.h. */
#include "tools/check/written.h"

#include <stdlib.h>
#include <string.h>

int written_make(struct written *written, uint32_t bytes)
{
    written->words = (bytes / BLOCK_BYTES + 63) / 64;
    written->bits = written->words ? calloc(written->words, sizeof(*written->bits)) : NULL;
    return written->words && !written->bits ? -1 : 0;
}

void written_free(struct written *written)
{
    free(written->bits);
    written->bits = NULL;
}

void written_forget(struct written *written)
{
    if (written->words)
        memset(written->bits, 0, written->words * sizeof(*written->bits));
}

/* Blocks [first, end) as far as they stand in one word, from @block on: which bits, and where the next word begins. */
static uint64_t part(uint64_t block, uint64_t end, uint64_t *next)
{
    uint64_t count;

    *next = (block / 64 + 1) * 64;
    count = (*next < end ? *next : end) - block;
    return (count == 64 ? ~0ull : (1ull << count) - 1) << block % 64;
}

static uint64_t end_of(const struct span *span)
{
    return (span->high + BLOCK_BYTES - 1) / BLOCK_BYTES;
}

void written_add(struct written *written, const struct spans *spans)
{
    uint64_t next;

    for (uint32_t i = 0; i < spans->count; i++)
        for (uint64_t block = spans_list(spans)[i].low / BLOCK_BYTES, end = end_of(&spans_list(spans)[i]); block < end;
             block = next)
            written->bits[block / 64] |= part(block, end, &next);
}

bool written_any(const struct written *written, const struct spans *spans)
{
    uint64_t next;

    for (uint32_t i = 0; i < spans->count; i++)
        for (uint64_t block = spans_list(spans)[i].low / BLOCK_BYTES, end = end_of(&spans_list(spans)[i]); block < end;
             block = next)
            if (part(block, end, &next) & written->bits[block / 64])
                return true;
    return false;
}

/* The first block in [block, end) that is written, or (@not) is not; @end if none is. */
static uint64_t find(const struct written *written, uint64_t block, uint64_t end, bool not )
{
    uint64_t next;

    for (; block < end; block = next) {
        uint64_t bits = written->bits[block / 64], hits = part(block, end, &next) & (not ? ~bits : bits);

        if (hits)
            return block / 64 * 64 + (uint64_t)__builtin_ctzll(hits);
    }
    return end;
}

bool written_gap(const struct written *written, const struct spans *spans, struct span *gap)
{
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct span *span = &spans_list(spans)[i];
        uint64_t end = end_of(span), block = find(written, span->low / BLOCK_BYTES, end, true);

        if (block == end)
            continue;
        gap->low = block * BLOCK_BYTES > span->low ? block * BLOCK_BYTES : span->low;
        gap->high = find(written, block, end, false) * BLOCK_BYTES;
        if (gap->high > span->high)
            gap->high = span->high;
        return true;
    }
    return false;
}
