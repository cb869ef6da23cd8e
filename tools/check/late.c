/* late.c - write-backs that come too late: for bytes that somebody else has stored to meanwhile, and newer ones.
 *
 * Newer is a store whose maker knew of the other, or of which the one who writes back knows himself. What is neither is
 * a race of two stores, and either may stand in the end.
 */
#include "tools/check/state.h"

static void pass(struct check *check, uint32_t agent, const struct segments *own, struct segments *passed,
                 uint64_t mask, struct origin *origin)
{
    for (uint32_t i = 0; i < own->count; i++)
        if (segments_list(own)[i].mask & mask && happens_intended(check->happens, agent, segments_list(own)[i].origin))
            segments_set(passed, segments_list(own)[i].mask & mask, origin);
}

/* A store to bytes of the line that another core has written, and of whose store its maker knows, but which have not
 * arrived: when they do, they will replace what is newer. */
void late_passes(struct check *check, const struct core *core, uint32_t agent, struct origin *origin, uint64_t line,
                 uint64_t mask, uint32_t in_flight)
{
    const struct chip_state *chip = check->chip;
    const struct directory_entry *entry = directory_get(&chip->view.directory, line);

    for (int holder = entry ? directory_next(entry, 0) : DIRECTORY_NOBODY;
         holder != DIRECTORY_NOBODY && holder != DIRECTORY_CLUSTER; holder = directory_next(entry, holder + 1)) {
        uint32_t index = dcache_find(chip->view.caches[holder], line);

        if (&chip->cores[holder] != core && index != DCACHE_NONE)
            pass(check, agent, &check->held[holder][index].own, &check->held[holder][index].passed, mask, origin);
    }
    for (uint32_t i = 0; in_flight && i < chip->aicores; i++)
        for (struct flight *flight = check->flights[i].first; flight; flight = flight->next)
            if (flight->line == line && &chip->cores[i] != core)
                pass(check, agent, &flight->own, &flight->passed, mask, origin);
}

/* It writes back what it has stored, though it knows of a newer store of another to the same bytes. */
void late_knowingly(struct check *check, const struct core *core, struct held_line *held, uint64_t line)
{
    const struct segments *writers = &check_line(check, line)->writers;

    for (uint32_t i = 0; held->overtaken && i < writers->count; i++)
        if (segments_list(writers)[i].mask & held->overtaken &&
            happens_intended(check->happens, agent_of(check, core), segments_list(writers)[i].origin))
            segments_set(&held->passed, segments_list(writers)[i].mask & held->overtaken,
                         segments_list(writers)[i].origin);
}

/* Bytes that the core did write, but that were old already when its write-back arrived. */
uint64_t late_bytes(const struct flight *flight, const struct shadow_line *known)
{
    uint64_t mask = 0;

    for (uint32_t i = 0; i < flight->passed.count; i++)
        for (uint32_t j = 0; j < known->writers.count; j++)
            if (segments_list(&flight->passed)[i].origin == segments_list(&known->writers)[j].origin)
                mask |= segments_list(&flight->passed)[i].mask & segments_list(&known->writers)[j].mask;
    return mask & segments_mask(&flight->own);
}
