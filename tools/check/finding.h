/* finding.h - what a checker has found: which rule was broken, by whom, where in the source, and what mends it.
 *
 * A checker fills a struct finding with what it knows at that moment (addresses of code, not names: reading debug
 * information takes more stack than a core has) and hands it over. The same pair of code lines is one finding, however
 * often and on however many cores it comes up. Names are looked up and texts made when the findings are told, on the
 * host's stack, between launches. docs/check.md is for those who read the reports.
 */
#ifndef DAV_FINDING_H
#define DAV_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum finding_kind {
    FINDING_STALE_READ,           /* a core used a byte of its cache after another agent's newer one reached GM */
    FINDING_RESIDUAL_LINE,        /* the same, with a line from an earlier launch */
    FINDING_MISSING_DCCI_PUBLISH, /* a byte was read from GM while a newer one sat dirty in a core's cache */
    FINDING_EARLY_SIGNAL,         /* it was read while the newer one was still on its way to GM */
    FINDING_LOST_WRITE,           /* a whole-line write-back replaced what another agent had written */
    FINDING_DMA_NOT_INVALIDATED,  /* the AICPU read a line that host DMA had replaced */
    FINDING_DMA_CLOBBERED,        /* a late write-back went over what host DMA had brought */
    FINDING_UNORDERED_PUBLISH,    /* a reader relied on an order of two lines that nothing guarantees */
    FINDING_OOB,                  /* GM that is in no allocation */
    FINDING_USE_AFTER_FREE,       /* GM whose allocation was given back */
    FINDING_UNINITIALISED,        /* GM that nobody has written */
    FINDING_PIPE_HAZARD,          /* two pipes of a core touched the same bytes, and nothing ordered them */
    FINDING_UNPAIRED_FLAG,        /* set_flag without wait_flag, or the reverse */
    FINDING_DEADLOCK,
    FINDING_LIVELOCK,
    FINDING_REDUNDANT_DCCI, /* from here on: notes on performance, told only when asked for */
    FINDING_REDUNDANT_INVALIDATE,
    FINDING_KINDS,
    FINDING_FIRST_NOTE = FINDING_REDUNDANT_DCCI,
};

enum { FINDING_SIDES = 4, FINDING_HOLDERS = 8, FINDING_BYTES = 16, FINDING_CHAIN = 16 };

/* One access: who, on behalf of which task, at which instruction, when. The first line of a lost write and of clobbered
 * DMA names the sides whose roles begin with "written back" or "overwritten" and with "written"; the others name the
 * first two in their order. */
struct finding_side {
    char role[64];  /* what it did, as a participle: "read from GM", "written, then lost"; " by AGENT" follows */
    char agent[24]; /* "AIV_3", "AICPU_1", "host" */
    bool has_task;
    int64_t task;    /* task id */
    char kernel[64]; /* name of the kernel; "" outside one */
    uint64_t pc;     /* a return address in device code; 0: the host's, or unknown */
    uint64_t time_ps;
    uint64_t cycle; /* of that core's clock; 0 for the host */
};

/* Some 8 KiB: a core's stack is no place for one. */
struct finding {
    enum finding_kind kind;
    char
        headline[256]; /* what happened, for the first line, %p being the place; "": made from the kind and the sides */
    struct finding_side sides[FINDING_SIDES]; /* the one who met the consequence first; the cause behind it */
    uint32_t side_count;
    uint32_t cause; /* the side whose code alone makes it another finding; 0: the first two sides do */

    uint64_t addr; /* of the bytes; 0: none */
    uint32_t size;
    char where[96];   /* "allocation 0x...+128", "Runtime+1664" */
    char symbol[128]; /* "Runtime.workers[3].task_status", "" if unknown */
    bool has_values; /* told as "SEEN_LABEL x, OTHER_LABEL y"; as "x -> y" with the label "old"; y may be without label:
                        none */
    uint32_t value_bytes; /* of each value below, at most FINDING_BYTES; little-endian as in memory */
    uint8_t seen[FINDING_BYTES], in_gm[FINDING_BYTES];
    char seen_label[32], other_label[32]; /* "seen", "in GM"; "old", "new" */
    uint64_t filled_ps, dirtied_ps;       /* of the line in question; 0: does not apply */
    uint64_t distance_ps;                 /* between the first two sides; 0: does not apply */
    char holders[FINDING_HOLDERS][96];    /* the line's state in each cache that holds it: "AIV_3: dirty, ..." */
    uint32_t holder_count;
    char remedy[320]; /* which operation is missing and where it belongs, one line; {0}, {1}: where sides 0, 1 stand */
    char chain[FINDING_CHAIN][320]; /* deadlock, livelock: who waits for what, a line each */
    uint32_t chain_count;
};

struct findings;

/** findings_new - an empty collection. @suppress: files of suppressions, newlines between them, NULL for none; @notes:
 *  keep performance notes. NULL, with one line in @error, when a file cannot be used. */
struct findings *findings_new(const char *suppress, bool notes, char *error, size_t error_size);
void findings_free(struct findings *findings);

/** findings_name - "stale-read", ... */
const char *findings_name(enum finding_kind kind);

/** findings_add - take a copy of @found, or count it if its pair of code places is known already. Cheap when it is;
 *  reads no debug information, so it may be called on a core's stack.
 *  Return: the kept one, for the caller to complete later (another side that is known only afterwards), or NULL when it
 *  was known or is not kept. */
struct finding *findings_add(struct findings *findings, const struct finding *found);

/** findings_again - to be asked before a struct finding is put together: is one of @kind with the code addresses of its
 *  first two sides, @pc and @other_pc, known already? Then it is counted, as met by @agent. Never so when both are 0.
 */
bool findings_again(struct findings *findings, enum finding_kind kind, uint64_t pc, uint64_t other_pc,
                    const char *agent);

/** findings_complete_with - call @complete for each finding once, on the host's stack, before it is told: the place for
 *  what takes debug information, such as `symbol`. */
void findings_complete_with(struct findings *findings, void (*complete)(void *ctx, struct finding *found), void *ctx);

/** findings_generate - from now on a block that would suppress it follows each finding told. */
void findings_generate(struct findings *findings);

/** findings_tell_unused - a line for each suppression that met nothing. */
void findings_tell_unused(const struct findings *findings, FILE *out);

/** findings_tell - on the host's stack: write what was not told yet to @out for people. @colour: with escapes. */
void findings_tell(struct findings *findings, FILE *out, bool colour);

/** findings_summary - the line that closes a run. Told even when there is none: "no findings". */
void findings_summary(struct findings *findings, FILE *out, bool colour);

/** findings_json - on the host's stack: all of them as JSON into the file @path. Return 0, or -1 with one line in
 * @error. */
int findings_json(struct findings *findings, const char *path, char *error, size_t error_size);

/** findings_count - different findings that are neither notes nor suppressed. */
uint32_t findings_count(const struct findings *findings);

/** findings_each - call @each for every finding to be told (not suppressed), in order of first appearance. */
void findings_each(const struct findings *findings, void (*each)(void *ctx, const struct finding *found), void *ctx);

#ifdef __cplusplus
}
#endif
#endif
