/* collection.h - how findings are kept, for the files that tell them (finding_text.c, finding_json.c, suppress.c). */
#ifndef DAV_COLLECTION_H
#define DAV_COLLECTION_H

#include "model/embed/symbol.h"
#include "tools/check/finding.h"

#include <string.h>

enum { FINDING_PAIR = 2 /* sides that make a finding a different one */, FINDING_AGENTS = 256 };

/* The source of one side's instruction. Strings are copies: modules may go before the findings do. */
struct finding_frame {
    char *function;
    char *file; /* absolute; NULL if unknown */
    int line;
};

struct finding_code {
    bool known; /* it is in a module or a kernel */
    char *place;
    uint64_t offset;
    size_t depth, user; /* user: the first frame that is not in a header of davsim's own */
    struct finding_frame frames[SYMBOL_FRAMES];
};

struct finding_key {
    enum finding_kind kind;
    struct symbol_key code[FINDING_PAIR];
    uint64_t other; /* tells findings apart that no code belongs to */
};

enum finding_state { FINDING_NEW, FINDING_SETTLED, FINDING_TOLD, FINDING_SUPPRESSED, FINDING_MERGED };

struct finding_entry {
    struct finding found;
    struct finding_key key;
    struct finding_code code[FINDING_SIDES];
    enum finding_state state;
    struct finding_entry *same; /* of FINDING_MERGED: the one that counts for it */
    uint64_t count;
    uint64_t agents[FINDING_AGENTS / 64]; /* a bit each, who met it as the first side */
    struct finding_entry *next;           /* in its bucket */
};

struct suppressions;

enum { FINDING_BUCKETS = 1024 };

struct findings {
    struct finding_entry **entries; /* in order of first appearance */
    uint32_t count, capacity;
    uint64_t not_kept; /* occurrences of others, beyond the most that are kept */
    struct finding_entry *buckets[FINDING_BUCKETS];
    char agents[FINDING_AGENTS][24];
    struct suppressions *suppressions;
    bool notes, generate;
    void (*complete)(void *ctx, struct finding *found);
    void *complete_ctx;
    char *cwd; /* paths below it are shown relative to it */
};

/** findings_settle - look up the code of what is new, suppress and merge: all of it is FINDING_SETTLED afterwards, or
 *  is not to be told. */
void findings_settle(struct findings *findings);

/** finding_is_told - is it neither suppressed nor merged into another? */
static inline bool finding_is_told(const struct finding_entry *entry)
{
    return entry->state != FINDING_SUPPRESSED && entry->state != FINDING_MERGED;
}

/** finding_agent - who it was, in a sentence. */
static inline const char *finding_agent(const struct finding_side *side)
{
    if (!side->agent[0])
        return "?";
    return strcmp(side->agent, "host") == 0 ? "the host" : side->agent;
}

/** finding_agents - how many different agents met it. */
uint32_t finding_agents(const struct finding_entry *entry);

/** finding_file - @file as people are shown it. */
const char *finding_file(const struct findings *findings, const char *file);

/** finding_headline - the first line of a finding, without "davsim: ". */
void finding_headline(const struct finding_entry *entry, char *text, size_t size);

/** finding_code_find - the source of @pc, a return address. finding_code_free - give it back. */
void finding_code_find(struct finding_code *code, uint64_t pc);
void finding_code_free(struct finding_code *code);

#endif
