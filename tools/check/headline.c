/* headline.c - the first line of a finding: what happened, in the words of its kind. */
#include "tools/check/collection.h"

#include <string.h>

static void format_place(const struct finding *found, char *text, size_t size)
{
    if (found->symbol[0] || found->where[0])
        snprintf(text, size, "%s", found->symbol[0] ? found->symbol : found->where);
    else if (found->addr)
        snprintf(text, size, "0x%llx", (unsigned long long)found->addr);
    else
        snprintf(text, size, "memory");
}

/* The first side whose role begins with @role, if one is given; else side @otherwise; NULL if there is neither. */
static const struct finding_side *side_of(const struct finding *found, const char *role, uint32_t otherwise)
{
    for (uint32_t i = 0; role && i < found->side_count && i < FINDING_SIDES; i++)
        if (strncmp(found->sides[i].role, role, strlen(role)) == 0)
            return &found->sides[i];
    return otherwise < found->side_count && otherwise < FINDING_SIDES ? &found->sides[otherwise] : NULL;
}

static const char *name_of(const struct finding_side *side)
{
    return side && side->agent[0] ? finding_agent(side) : "another agent";
}

static const char *verb_of(const struct finding_side *side)
{
    if (!side || strncmp(side->role, "writ", 4) != 0)
        return side && strncmp(side->role, "copied", 6) == 0 ? "copied" : "read";
    return "wrote";
}

/* The one whose write replaced another's, and the one whose write was replaced. */
static const struct finding_side *replacer_of(const struct finding *found)
{
    const struct finding_side *side = side_of(found, "written back", FINDING_SIDES);

    return side ? side : side_of(found, "overwritten", 0);
}

static const struct finding_side *victim_of(const struct finding *found)
{
    for (uint32_t i = 0; i < found->side_count && i < FINDING_SIDES; i++)
        if (strncmp(found->sides[i].role, "written", 7) == 0 && strncmp(found->sides[i].role, "written back", 12) != 0)
            return &found->sides[i];
    return side_of(found, NULL, 1);
}

/* For findings that have no headline of their own. In a template: %m who met it, %o the other one, %b who replaced what
 * %w had written, %v what %m did, %p the place, %s the size. */
static const char *const templates[FINDING_KINDS] = {
    [FINDING_STALE_READ] = "%m read an old copy of %p: what %o wrote had reached GM before",
    [FINDING_RESIDUAL_LINE] = "%m read %p from a line left over from an earlier launch, not what %o wrote since",
    [FINDING_MISSING_DCCI_PUBLISH] = "%m %v %p while what %o had written was still in its cache",
    [FINDING_EARLY_SIGNAL] = "%m %v %p before what %o had written arrived in GM",
    [FINDING_LOST_WRITE] = "%b replaced what %w had written to %p",
    [FINDING_DMA_NOT_INVALIDATED] = "%m read a cached copy of %p, which host DMA had replaced",
    [FINDING_DMA_CLOBBERED] = "%b replaced what host DMA had brought to %p",
    [FINDING_UNORDERED_PUBLISH] = "%m relied on the order of %o's write to %p, which nothing guarantees",
    [FINDING_OOB] = "%m %v %s outside of any allocation: %p",
    [FINDING_USE_AFTER_FREE] = "%m %v %s of memory that was given back: %p",
    [FINDING_UNINITIALISED] = "%m %v %p before anybody had written it",
    [FINDING_DEADLOCK] = "no core can go on",
    [FINDING_LIVELOCK] = "cores go on without any task's progress",
    [FINDING_REDUNDANT_DCCI] = "%m does a dcci of %p, which is not in its cache",
    [FINDING_REDUNDANT_INVALIDATE] = "%m invalidates %p, of which no line is dirty or older than GM",
};

static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);

    snprintf(text + used, size - used, "%s", more);
}

static void fill_template(const struct finding *found, const char *template, char *text, size_t size)
{
    char place[sizeof(found->symbol)], bytes[32], replacer[64], letter[2] = "";
    const struct finding_side *side = replacer_of(found);

    format_place(found, place, sizeof(place));
    snprintf(bytes, sizeof(bytes), "%u byte%s", found->size, found->size == 1 ? "" : "s");
    snprintf(replacer, sizeof(replacer), "%s%s", name_of(side),
             side && strncmp(side->role, "written back", 12) == 0 ? "'s write-back" : "");
    text[0] = '\0';
    for (; *template; template ++) {
        const char *what = letter;
        letter[0] = *template;
        if (*template == '%') {
            switch (*++template) {
            case 'm':
                what = name_of(side_of(found, NULL, 0));
                break;
            case 'o':
                what = name_of(side_of(found, NULL, 1));
                break;
            case 'b':
                what = replacer;
                break;
            case 'w':
                what = name_of(victim_of(found));
                break;
            case 'v':
                what = verb_of(side_of(found, NULL, 0));
                break;
            case 'p':
                what = place;
                break;
            default:
                what = bytes;
            }
        }
        append(text, size, what);
    }
}

void finding_headline(const struct finding_entry *entry, char *text, size_t size)
{
    const struct finding *found = &entry->found;
    const char *name = findings_name(found->kind);
    int used = snprintf(text, size, "%s: ", name);

    if (used < 0 || (size_t)used >= size)
        return;
    if (found->headline[0] || (found->kind < FINDING_KINDS && templates[found->kind]))
        fill_template(found, found->headline[0] ? found->headline : templates[found->kind], text + used,
                      size - (size_t)used);
}
