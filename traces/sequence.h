/* sequence.h - what the packets of one sequence of a Perfetto trace share: string tables, defaults, clocks. */
#ifndef DAV_TRACES_SEQUENCE_H
#define DAV_TRACES_SEQUENCE_H

#include "perfetto.pb-c.h"
#include "traces/map.h"

enum sequence_table { SEQUENCE_NAMES, SEQUENCE_CATEGORIES, SEQUENCE_ARG_NAMES, SEQUENCE_ARG_STRINGS, SEQUENCE_TABLES };

/* A clock of the sequence's own. */
struct sequence_clock {
    uint32_t id;
    bool is_incremental;
    uint64_t multiplier; /* ns a unit */
    uint64_t value_ns;   /* of an incremental one, so far */
    uint64_t behind_ns;  /* how much the common clock is ahead of it */
};

enum { SEQUENCE_CLOCKS = 8 };

/* Starts zero-filled. */
struct sequence {
    bool is_valid; /* the packets that later ones need have been read */
    struct map tables[SEQUENCE_TABLES];
    uint64_t default_track;
    uint32_t default_clock;
    struct sequence_clock clocks[SEQUENCE_CLOCKS];
    uint32_t clock_count;
};

/** sequence_clear - nothing that was said before holds any more. */
void sequence_clear(struct sequence *sequence);

/** sequence_defaults - what later packets mean when they do not say it. */
void sequence_defaults(struct sequence *sequence, const Perfetto__Protos__TracePacketDefaults *defaults);

/** sequence_snapshot - what the clocks show. */
void sequence_snapshot(struct sequence *sequence, const Perfetto__Protos__ClockSnapshot *snapshot);

/** sequence_time - the time of @packet in ns; an incremental clock goes on with it. */
uint64_t sequence_time(struct sequence *sequence, const Perfetto__Protos__TracePacket *packet);

#endif
