/* finding.c - see finding.h. Findings that come up on one of 72 cores come up on the others: a module's copies count as
 * one by the place in the code (symbol_key), which needs no debug information. When they are told, those that turn out
 * to stand on the same lines are merged: an inlined function, or a loop that the compiler unrolled.
 */
#include "tools/check/suppress.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More different ones than anybody reads; what comes then is only counted. */
enum { MOST_KEPT = 1000 };

struct findings *findings_new(const char *suppress, bool notes, char *error, size_t error_size)
{
    struct findings *findings = calloc(1, sizeof(*findings));

    if (!findings) {
        snprintf(error, error_size, "no memory for findings");
        return NULL;
    }
    findings->notes = notes;
    findings->cwd = getcwd(NULL, 0);
    findings->suppressions = suppressions_read(suppress, error, error_size);
    if (findings->suppressions)
        return findings;
    findings_free(findings);
    return NULL;
}

void findings_free(struct findings *findings)
{
    if (!findings)
        return;
    for (uint32_t i = 0; i < findings->count; i++) {
        for (size_t side = 0; side < FINDING_SIDES; side++)
            finding_code_free(&findings->entries[i]->code[side]);
        free(findings->entries[i]);
    }
    free(findings->entries);
    suppressions_free(findings->suppressions);
    free(findings->cwd);
    free(findings);
}

const char *findings_name(enum finding_kind kind)
{
    static const char *const names[FINDING_KINDS] = {
        [FINDING_STALE_READ] = "stale-read",
        [FINDING_RESIDUAL_LINE] = "residual-line",
        [FINDING_MISSING_DCCI_PUBLISH] = "missing-dcci-publish",
        [FINDING_EARLY_SIGNAL] = "early-signal",
        [FINDING_LOST_WRITE] = "lost-write",
        [FINDING_DMA_NOT_INVALIDATED] = "dma-not-invalidated",
        [FINDING_DMA_CLOBBERED] = "dma-clobbered",
        [FINDING_UNORDERED_PUBLISH] = "unordered-publish",
        [FINDING_OOB] = "oob",
        [FINDING_USE_AFTER_FREE] = "use-after-free",
        [FINDING_UNINITIALISED] = "uninitialised",
        [FINDING_PIPE_HAZARD] = "pipe-hazard",
        [FINDING_UNPAIRED_FLAG] = "unpaired-flag",
        [FINDING_DEADLOCK] = "deadlock",
        [FINDING_LIVELOCK] = "livelock",
        [FINDING_REDUNDANT_DCCI] = "redundant-dcci",
        [FINDING_REDUNDANT_INVALIDATE] = "redundant-invalidate",
    };

    return kind < FINDING_KINDS && names[kind] ? names[kind] : "finding";
}

void findings_complete_with(struct findings *findings, void (*complete)(void *ctx, struct finding *found), void *ctx)
{
    findings->complete = complete;
    findings->complete_ctx = ctx;
}

void findings_generate(struct findings *findings)
{
    findings->generate = true;
}

/* ---- what is known already ---- */

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
    return hash;
}

static struct finding_key key_of(enum finding_kind kind, uint64_t pc, uint64_t other_pc)
{
    return (struct finding_key){.kind = kind, .code = {symbol_key(pc), symbol_key(other_pc)}};
}

/* Without code the place in memory tells findings apart. */
static uint64_t other_of(const struct finding *found)
{
    uint64_t hash = hash_text(found->addr, found->where);

    if (found->chain_count)
        hash = hash_text(hash, found->chain[0]);
    return hash_text(hash, found->headline);
}

static bool has_code(const struct finding_key *key)
{
    return key->code[0].offset || key->code[1].offset;
}

static bool same_code(const struct symbol_key *a, const struct symbol_key *b)
{
    return a->file == b->file && a->offset == b->offset;
}

static struct finding_entry **bucket_of(struct findings *findings, const struct finding_key *key)
{
    uint64_t hash = (uint64_t)key->kind ^ key->other;

    for (size_t i = 0; i < FINDING_PAIR; i++) {
        hash = (hash ^ key->code[i].file) * 0x9e3779b97f4a7c15u;
        hash = (hash ^ hash >> 29 ^ key->code[i].offset) * 0x9e3779b97f4a7c15u;
    }
    return &findings->buckets[(hash >> 40) % FINDING_BUCKETS];
}

static struct finding_entry *find(struct findings *findings, const struct finding_key *key)
{
    struct finding_entry *entry = *bucket_of(findings, key);

    while (entry && (entry->key.kind != key->kind || entry->key.other != key->other ||
                     !same_code(&entry->key.code[0], &key->code[0]) || !same_code(&entry->key.code[1], &key->code[1])))
        entry = entry->next;
    return entry;
}

/* Count @agent among those that met @entry. Names have their places in a table by their hash. */
static void add_agent(struct findings *findings, struct finding_entry *entry, const char *agent)
{
    uint64_t slot = hash_text(0xcbf29ce484222325u, agent) % FINDING_AGENTS;

    for (size_t tries = 0; tries < FINDING_AGENTS; tries++, slot = (slot + 1) % FINDING_AGENTS) {
        if (!findings->agents[slot][0])
            snprintf(findings->agents[slot], sizeof(findings->agents[slot]), "%s", agent);
        if (strcmp(findings->agents[slot], agent) == 0) {
            entry->agents[slot / 64] |= 1ull << slot % 64;
            return;
        }
    }
}

static void count_again(struct findings *findings, struct finding_entry *entry, const char *agent)
{
    while (entry->same)
        entry = entry->same;
    entry->count++;
    add_agent(findings, entry, agent);
}

bool findings_again(struct findings *findings, enum finding_kind kind, uint64_t pc, uint64_t other_pc,
                    const char *agent)
{
    struct finding_key key = key_of(kind, pc, other_pc);
    struct finding_entry *entry = has_code(&key) ? find(findings, &key) : NULL;

    if (entry)
        count_again(findings, entry, agent);
    return entry;
}

/* ---- adding ---- */

static struct finding_entry *new_entry(struct findings *findings)
{
    struct finding_entry *entry;

    if (findings->count == findings->capacity) {
        uint32_t capacity = findings->capacity ? 2 * findings->capacity : 16;
        struct finding_entry **entries = realloc(findings->entries, capacity * sizeof(struct finding_entry *));
        if (!entries)
            return NULL;
        findings->entries = entries;
        findings->capacity = capacity;
    }
    entry = calloc(1, sizeof(*entry));
    if (entry)
        findings->entries[findings->count++] = entry;
    return entry;
}

struct finding *findings_add(struct findings *findings, const struct finding *found)
{
    struct finding_key key = found->cause ? key_of(found->kind, found->sides[found->cause].pc, 0)
                                          : key_of(found->kind, found->sides[0].pc, found->sides[1].pc);
    struct finding_entry *entry, **bucket;

    if (found->kind >= FINDING_FIRST_NOTE && !findings->notes)
        return NULL;
    if (!has_code(&key))
        key.other = other_of(found);
    entry = find(findings, &key);
    if (entry) {
        count_again(findings, entry, found->sides[0].agent);
        return NULL;
    }
    if (findings->count == MOST_KEPT || !(entry = new_entry(findings))) {
        findings->not_kept++;
        return NULL;
    }
    bucket = bucket_of(findings, &key);
    entry->found = *found;
    entry->key = key;
    entry->next = *bucket;
    *bucket = entry;
    count_again(findings, entry, found->sides[0].agent);
    return &entry->found;
}

uint32_t finding_agents(const struct finding_entry *entry)
{
    uint32_t count = 0;

    for (size_t i = 0; i < FINDING_AGENTS / 64; i++)
        count += (uint32_t)__builtin_popcountll(entry->agents[i]);
    return count;
}

/* ---- settling: what takes debug information ---- */

const char *finding_file(const struct findings *findings, const char *file)
{
    size_t length = findings->cwd ? strlen(findings->cwd) : 0;

    if (length > 1 && strncmp(file, findings->cwd, length) == 0 && file[length] == '/')
        return file + length + 1;
    return file;
}

static bool same_frame(const struct finding_frame *a, const struct finding_frame *b)
{
    return a->line == b->line && a->file && b->file && strcmp(a->file, b->file) == 0;
}

/* The line that a side is told by: two instructions of it are the same to people. */
static bool same_line(const struct finding_entry *a, const struct finding_entry *b, size_t side, size_t key)
{
    const struct finding_code *code[] = {&a->code[side], &b->code[side]};
    bool by_calls = a->found.kind == FINDING_PIPE_HAZARD; /* the same helpers of a kernel, used at other places */
    const struct finding_frame *frame[] = {&code[0]->frames[code[0]->user], &code[1]->frames[code[1]->user]};

    if (!code[0]->known || !code[1]->known || !frame[0]->file || !frame[1]->file)
        return same_code(&a->key.code[key], &b->key.code[key]);
    for (size_t i = 0; by_calls && code[0]->user + i < code[0]->depth && code[1]->user + i < code[1]->depth; i++)
        if (!same_frame(&frame[0][i], &frame[1][i]))
            return false;
    return same_frame(frame[0], frame[1]);
}

/* Do the sides that tell findings apart stand on the same lines? */
static bool same_place(const struct finding_entry *a, const struct finding_entry *b)
{
    uint32_t cause = a->found.cause;

    if (cause || b->found.cause)
        return cause == b->found.cause && same_line(a, b, cause, 0);
    return same_line(a, b, 0, 0) && same_line(a, b, 1, 1);
}

static struct finding_entry *find_same(struct findings *findings, const struct finding_entry *entry)
{
    for (uint32_t i = 0; i < findings->count && findings->entries[i] != entry; i++) {
        struct finding_entry *older = findings->entries[i];
        if (older->state != FINDING_MERGED && older->key.kind == entry->key.kind &&
            older->key.other == entry->key.other && same_place(older, entry))
            return older;
    }
    return NULL;
}

static void merge(struct finding_entry *into, struct finding_entry *entry)
{
    entry->state = FINDING_MERGED;
    entry->same = into;
    into->count += entry->count;
    for (size_t i = 0; i < FINDING_AGENTS / 64; i++)
        into->agents[i] |= entry->agents[i];
}

static void look_up_code(struct finding_entry *entry)
{
    for (uint32_t side = 0; side < entry->found.side_count && side < FINDING_SIDES; side++)
        finding_code_find(&entry->code[side], entry->found.sides[side].pc);
}

/* The line that side @side stands at, as people are shown it; where both stand on one line, the line of the call in
 * which they differ. */
static void name_line(const struct findings *findings, const struct finding_entry *entry, uint32_t side, char *text,
                      size_t size)
{
    const struct finding_code *code = &entry->code[side], *other = &entry->code[!side];
    size_t out = 0;

    while (code->user + out + 1 < code->depth && other->user + out + 1 < other->depth &&
           same_frame(&code->frames[code->user + out], &other->frames[other->user + out]))
        out++;
    const struct finding_frame *frame = &code->frames[code->user + out];

    if (side < entry->found.side_count && code->known && frame->file)
        snprintf(text, size, "%s:%d", finding_file(findings, frame->file), frame->line);
    else
        snprintf(text, size, "it");
}

/* Lines of the source into the remedy, where it asks for them: {0}, {1}. */
static void complete_remedy(const struct findings *findings, struct finding_entry *entry)
{
    char text[sizeof(entry->found.remedy)], line[160];
    size_t used = 0;

    for (const char *at = entry->found.remedy; *at && used + 1 < sizeof(text); at++) {
        if (at[0] == '{' && (at[1] == '0' || at[1] == '1') && at[2] == '}') {
            name_line(findings, entry, (uint32_t)(at[1] - '0'), line, sizeof(line));
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s", line);
            at += 2;
            continue;
        }
        text[used++] = *at;
    }
    text[used < sizeof(text) ? used : sizeof(text) - 1] = '\0';
    snprintf(entry->found.remedy, sizeof(entry->found.remedy), "%s", text);
}

static void settle(struct findings *findings, struct finding_entry *entry)
{
    struct finding_entry *same;

    if (findings->complete)
        findings->complete(findings->complete_ctx, &entry->found);
    look_up_code(entry);
    complete_remedy(findings, entry);
    if ((same = find_same(findings, entry)))
        merge(same, entry); /* which may itself be suppressed */
    else if (suppressions_match(findings->suppressions, entry))
        entry->state = FINDING_SUPPRESSED;
    else
        entry->state = FINDING_SETTLED;
}

void findings_settle(struct findings *findings)
{
    for (uint32_t i = 0; i < findings->count; i++) {
        if (findings->entries[i]->state == FINDING_NEW)
            settle(findings, findings->entries[i]);
        else if (finding_is_told(findings->entries[i]))
            look_up_code(findings->entries[i]); /* of a side that was added since */
    }
}

/* ---- what is to be told ---- */

uint32_t findings_count(const struct findings *findings)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < findings->count; i++)
        count += finding_is_told(findings->entries[i]) && findings->entries[i]->found.kind < FINDING_FIRST_NOTE;
    return count;
}

void findings_each(const struct findings *findings, void (*each)(void *ctx, const struct finding *found), void *ctx)
{
    for (uint32_t i = 0; i < findings->count; i++)
        if (finding_is_told(findings->entries[i]))
            each(ctx, &findings->entries[i]->found);
}

void findings_tell_unused(const struct findings *findings, FILE *out)
{
    suppressions_unused(findings->suppressions, out);
}
