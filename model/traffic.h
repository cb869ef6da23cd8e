/* traffic.h - what crosses the bus and how often caches are invalidated, by the microsecond of simulated time.
 *
 * The cores' own counters say how much there was, not when: cores run ahead of one another, and a parked core is told
 * of its skipped polls at their end. So each amount is counted in the window of its own moment, and the polls of a
 * parked core, which are known beforehand, in those in which they would have been made. What comes out is the same
 * whether cores are parked or not.
 *
 * Nobody counts unless somebody asked for it: chip->traffic is NULL.
 */
#ifndef DAV_TRAFFIC_H
#define DAV_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct core;
struct poll;

#define TRAFFIC_WINDOW_PS 1000000ull

enum traffic_kind { TRAFFIC_READ, TRAFFIC_WRITE, TRAFFIC_DCCI, TRAFFIC_KINDS };

/* Windows that are counted in at once: how far a core may be ahead. What is further counts in the last one. */
enum { TRAFFIC_WINDOWS = 256 };

struct traffic {
    uint64_t taken_ps;      /* all that is earlier has been taken */
    uint64_t first_end_ps;  /* the window that begins or continues there ends here, */
    uint64_t *first;        /* and is this one */
    uint64_t fill_reply_ps; /* from a fill's arrival in GM to its end, without a core's own way */
    uint64_t windows[TRAFFIC_WINDOWS][TRAFFIC_KINDS];
    struct poll *polls; /* by AICore */
    uint32_t aicores;
};

/** traffic_init - for launches of @chip. Return 0, or -1 without memory. */
int traffic_init(struct traffic *traffic, const struct chip_state *chip);
void traffic_fini(struct traffic *traffic);

/** traffic_begin - a launch: count in @traffic what happens on @chip from @at_ps on, and nothing that was earlier. */
void traffic_begin(struct chip_state *chip, struct traffic *traffic, uint64_t at_ps);

/** traffic_count - @amount (bytes, or times) at @at_ps. What was taken already is that of a core which relives it. */
void traffic_count(struct traffic *traffic, enum traffic_kind kind, uint64_t at_ps, uint64_t amount);

/** TRAFFIC_COUNT - the same on @chip, if anybody wants to know. */
#define TRAFFIC_COUNT(chip, kind, at_ps, amount)                                                                       \
    do {                                                                                                               \
        struct traffic *traffic_ = (chip)->traffic;                                                                    \
        if (__builtin_expect(traffic_ != NULL, 0))                                                                     \
            traffic_count(traffic_, kind, at_ps, amount);                                                              \
    } while (0)

/** traffic_park - @core is parked from now on. traffic_wake - it goes on from @until_ps, the begin of a round. */
void traffic_park(const struct core *core);
void traffic_wake(const struct core *core, uint64_t until_ps);

/** traffic_take - all from what was taken last up to @until_ps, which is a multiple of TRAFFIC_WINDOW_PS. */
void traffic_take(struct traffic *traffic, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS]);

/** traffic_take_rest - whatever is left, at the end of a launch. */
void traffic_take_rest(struct traffic *traffic, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS]);

#ifdef __cplusplus
}
#endif
#endif
