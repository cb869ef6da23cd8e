/* l2.h - which sectors of GM are resident in L2: tags only, set-associative, least recently used out first.
 *
 * GM's bytes stand in its mapping whether resident or not; L2 decides only what a transfer costs. A read brings the
 * sectors in that it misses. A write makes its sectors resident without fetching them, and dirty; a dirty sector is
 * written back to HBM, as a whole, when another takes its place. That a write may cover a part of its sector only is
 * not kept: whoever reads the rest hits.
 *
 * Neighbouring sectors stand in neighbouring sets (sector modulo sets). A set's tags stand together in the order of
 * their use, 4 bytes each, so 192 MiB in sectors of 512 B take 1.5 MiB, which the host hands out as they are touched.
 */
#ifndef DAV_L2_H
#define DAV_L2_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { L2_SECTORS_MAX = INT32_MAX }; /* of GM: a tag has 31 bits beside the dirty one, and 0 is no sector */

struct l2_geometry {
    uint64_t size_bytes;
    uint32_t ways;
    uint32_t sector_bytes; /* a power of two */
};

/* What a touch costs beyond L2, or all of them together. */
struct l2_traffic {
    uint64_t missed_bytes;       /* of those touched, how many were not resident: a read fetches them */
    uint64_t written_back_bytes; /* of dirty sectors that had to go */
};

struct l2 {
    uint32_t *tags; /* sets * ways; (sector + 1) * 2 + dirty, 0: empty; most recent first, empty ones last */
    void *memory;
    uint32_t sets, ways;
    uint32_t sector_shift;
    struct {
        uint64_t read_hit_bytes, read_missed_bytes;
        uint64_t write_hit_bytes, write_missed_bytes;
        uint64_t written_back_bytes;
    } done;
};

/** l2_init - an L2 with nothing resident. The size must be a multiple of ways * sector_bytes. Return 0, or -1 without
 *  memory. */
int l2_init(struct l2 *l2, const struct l2_geometry *geometry);
void l2_fini(struct l2 *l2);

/** l2_touch - read or write @bytes bytes at @offset in GM. */
struct l2_traffic l2_touch(struct l2 *l2, uint64_t offset, uint64_t bytes, bool write);

/** l2_forget - sectors of [@offset, @offset + @bytes) are no longer resident, and nothing is written back. */
void l2_forget(struct l2 *l2, uint64_t offset, uint64_t bytes);

/** l2_reset - the same for all sectors. What was done keeps standing in the counters. */
void l2_reset(struct l2 *l2);

#ifdef __cplusplus
}
#endif
#endif
