/* sequence.c - see sequence.h. Writers of Perfetto's SDK use a clock of their own that counts differences. */
#include "traces/sequence.h"

enum { FIRST_OWN_CLOCK = 64, LAST_OWN_CLOCK = 127 };

void sequence_clear(struct sequence *sequence)
{
    for (int i = 0; i < SEQUENCE_TABLES; i++)
        map_clear(&sequence->tables[i]);
    *sequence = (struct sequence){0};
}

void sequence_defaults(struct sequence *sequence, const Perfetto__Protos__TracePacketDefaults *defaults)
{
    sequence->default_clock = defaults->timestamp_clock_id;
    sequence->default_track = defaults->track_event_defaults ? defaults->track_event_defaults->track_uuid : 0;
}

static struct sequence_clock *find_clock(struct sequence *sequence, uint32_t id)
{
    for (uint32_t i = 0; i < sequence->clock_count; i++)
        if (sequence->clocks[i].id == id)
            return &sequence->clocks[i];
    return NULL;
}

void sequence_snapshot(struct sequence *sequence, const Perfetto__Protos__ClockSnapshot *snapshot)
{
    uint64_t common_ns = 0;
    for (size_t i = 0; i < snapshot->n_clocks; i++)
        if (snapshot->clocks[i]->clock_id == PERFETTO__PROTOS__BUILTIN_CLOCK__BUILTIN_CLOCK_BOOTTIME)
            common_ns = snapshot->clocks[i]->timestamp;
    for (size_t i = 0; i < snapshot->n_clocks; i++) {
        const Perfetto__Protos__ClockSnapshot__Clock *shown = snapshot->clocks[i];
        if (shown->clock_id < FIRST_OWN_CLOCK || shown->clock_id > LAST_OWN_CLOCK)
            continue;
        struct sequence_clock *clock = find_clock(sequence, shown->clock_id);
        if (!clock && sequence->clock_count < SEQUENCE_CLOCKS)
            clock = &sequence->clocks[sequence->clock_count++];
        if (!clock)
            continue;
        uint64_t multiplier = shown->unit_multiplier_ns ? shown->unit_multiplier_ns : 1;
        uint64_t value_ns = shown->timestamp * multiplier;
        *clock = (struct sequence_clock){.id = shown->clock_id,
                                         .is_incremental = shown->is_incremental,
                                         .multiplier = multiplier,
                                         .value_ns = value_ns,
                                         .behind_ns = common_ns ? common_ns - value_ns : 0};
    }
}

uint64_t sequence_time(struct sequence *sequence, const Perfetto__Protos__TracePacket *packet)
{
    uint32_t id = packet->has_timestamp_clock_id ? packet->timestamp_clock_id : sequence->default_clock;
    struct sequence_clock *clock = find_clock(sequence, id);
    if (!clock)
        return packet->timestamp;
    uint64_t ns = packet->timestamp * clock->multiplier;
    if (clock->is_incremental)
        ns = clock->value_ns += ns;
    return ns + clock->behind_ns;
}
