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

/* The agent of the first side with this @role, if one is given; else that of side @otherwise. */
static const char *agent_of(const struct finding *found, const char *role, uint32_t otherwise)
{
    for (uint32_t i = 0; role && i < found->side_count && i < FINDING_SIDES; i++)
        if (strcmp(found->sides[i].role, role) == 0)
            return finding_agent(&found->sides[i]);
    return otherwise < found->side_count && otherwise < FINDING_SIDES && found->sides[otherwise].agent[0]
               ? finding_agent(&found->sides[otherwise])
               : "another agent";
}

/* In a template: %m who met it, %o the other one, %b who wrote back, %w who wrote, %p the place, %s the size. */
static const char *const templates[FINDING_KINDS] = {
    [FINDING_STALE_READ] = "%m read a stale copy of %p: what %o wrote had reached GM before",
    [FINDING_RESIDUAL_LINE] = "%m read %p from a line left over from an earlier launch, not what %o wrote since",
    [FINDING_MISSING_DCCI_PUBLISH] = "%m read %p from GM while what %o had written was still in its cache",
    [FINDING_EARLY_SIGNAL] = "%m read %p before what %o had written arrived in GM",
    [FINDING_LOST_WRITE] = "%b's write-back replaced what %w had written to %p",
    [FINDING_DMA_NOT_INVALIDATED] = "%m read a cached copy of %p, which host DMA had replaced",
    [FINDING_DMA_CLOBBERED] = "%b's write-back replaced what host DMA had brought to %p",
    [FINDING_UNORDERED_PUBLISH] = "%m relied on %o's writes to %p arriving in order, which nothing guarantees",
    [FINDING_OOB] = "%m accessed %s at %p, which is in no allocation",
    [FINDING_USE_AFTER_FREE] = "%m accessed %s at %p, which was freed",
    [FINDING_UNINITIALISED] = "%m read %s at %p that nobody has written",
    [FINDING_DEADLOCK] = "no core can go on",
    [FINDING_LIVELOCK] = "cores go on without any task's progress",
    [FINDING_REDUNDANT_DCCI] = "%m wrote back a line of %p that nobody had changed",
    [FINDING_REDUNDANT_INVALIDATE] = "%m invalidated a line of %p that was not in its cache",
};

static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);

    snprintf(text + used, size - used, "%s", more);
}

static void fill_template(const struct finding *found, const char *template, char *text, size_t size)
{
    char place[sizeof(found->symbol)], bytes[32], letter[2] = "";

    format_place(found, place, sizeof(place));
    snprintf(bytes, sizeof(bytes), "%u byte%s", found->size, found->size == 1 ? "" : "s");
    text[0] = '\0';
    for (; *template; template ++) {
        const char *what = letter;
        letter[0] = *template;
        if (*template == '%') {
            switch (*++template) {
            case 'm':
                what = agent_of(found, NULL, 0);
                break;
            case 'o':
                what = agent_of(found, NULL, 1);
                break;
            case 'b':
                what = agent_of(found, "written back", 0);
                break;
            case 'w':
                what = agent_of(found, "written", 1);
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
    if (found->headline[0] || found->kind >= FINDING_KINDS || !templates[found->kind])
        snprintf(text + used, size - (size_t)used, "%s", found->headline);
    else
        fill_template(found, templates[found->kind], text + used, size - (size_t)used);
}
