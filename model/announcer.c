/* announcer.c - see announcer.h. Few events wait at a time (about one a core), so a sorted array will do. */
#include "model/announcer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/core/pipe.h"

struct waiting_event {
    struct event event;
    char *text; /* the event's own, if it has one */
    struct pipe_detail *detail;
    uint32_t rank;
};

void announcer_listen(struct announcer *announcer, struct event_sink *sink)
{
    struct event_sink **end = &announcer->sinks;

    while (*end)
        end = &(*end)->next;
    sink->next = NULL;
    *end = sink;
}

void announcer_forget(struct announcer *announcer, struct event_sink *sink)
{
    struct event_sink **place = &announcer->sinks;

    while (*place && *place != sink)
        place = &(*place)->next;
    if (*place)
        *place = sink->next;
}

static void hand_on(const struct announcer *announcer, const struct event *event)
{
    for (struct event_sink *sink = announcer->sinks; sink; sink = sink->next)
        sink->event(sink, event);
}

void announcer_flush(struct announcer *announcer, uint64_t before_ps)
{
    while (announcer->count && announcer->waiting[announcer->first].event.time_ps < before_ps) {
        struct waiting_event next = announcer->waiting[announcer->first];

        announcer->first++;
        announcer->count--;
        hand_on(announcer, &next.event);
        free(next.text);
        free(next.detail);
    }
}

static bool has_own_text(const struct event *event)
{
    return event->text && event->kind != EVENT_INSTR && event->kind != EVENT_SCALAR && event->kind != EVENT_CACHE;
}

/* Without memory it has none. */
static struct pipe_detail *copy_detail(const struct pipe_detail *detail)
{
    struct pipe_detail *copy = malloc(sizeof(*copy));

    if (copy)
        *copy = *detail;
    return copy;
}

/* Room for one more at the end. */
static int make_room(struct announcer *announcer)
{
    uint32_t capacity = announcer->capacity ? 2 * announcer->capacity : 256;
    struct waiting_event *grown;

    if (announcer->first + announcer->count < announcer->capacity)
        return 0;
    if (announcer->first > announcer->capacity / 2) {
        memmove(announcer->waiting, announcer->waiting + announcer->first,
                announcer->count * sizeof(*announcer->waiting));
        announcer->first = 0;
        return 0;
    }
    grown = realloc(announcer->waiting, capacity * sizeof(*grown));
    if (!grown)
        return -1;
    announcer->waiting = grown;
    announcer->capacity = capacity;
    return 0;
}

static int later(const struct waiting_event *a, uint64_t time_ps, uint32_t rank)
{
    return a->event.time_ps > time_ps || (a->event.time_ps == time_ps && a->rank > rank);
}

void announcer_tell(struct announcer *announcer, const struct event *event, uint32_t rank, uint64_t passed_ps)
{
    struct waiting_event *place;

    if (!announcer->sinks)
        return;
    announcer_flush(announcer, passed_ps);
    if (make_room(announcer) != 0) {
        hand_on(announcer, event); /* out of order rather than lost */
        return;
    }
    place = announcer->waiting + announcer->first + announcer->count++;
    while (place > announcer->waiting + announcer->first && later(place - 1, event->time_ps, rank)) {
        *place = place[-1];
        place--;
    }
    *place = (struct waiting_event){.event = *event, .rank = rank};
    if (has_own_text(event))
        place->event.text = place->text = strdup(event->text);
    if (event->detail)
        place->event.detail = place->detail = copy_detail(event->detail);
}

void announcer_fini(struct announcer *announcer)
{
    free(announcer->waiting);
    *announcer = (struct announcer){0};
}
