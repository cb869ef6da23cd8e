/* view.h - GM as each cache owner sees it, in one mapping.
 *
 * Invariant: while holder h runs, the mapping shows h's content of every line that h holds. A line that agrees with GM
 * needs nothing; a *divergent* line (dirty, or clean while GM changed below it) has 64 bytes beside the mapping: the
 * holder's content while the mapping shows something else, GM's content while the mapping shows the holder's.
 * A line that h does not hold may show anything: h misses on it, and the fill asks here.
 *
 * Showing is lazy. When the mapping of a line changes hands, the other holders get the line on a list, which is worked
 * off when they run next; so a switch between cores that share no divergent line moves nothing.
 */
#ifndef DAV_VIEW_H
#define DAV_VIEW_H

#include "model/memory/dcache.h"
#include "model/memory/directory.h"
#include "model/memory/gm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who changes GM; it decides which copies are told. */
enum gm_writer {
    GM_WRITER_AICPU,       /* a drained store or atomic of an AICPU thread */
    GM_WRITER_AICPU_CLEAN, /* dc civac: a line that the AICPU cluster writes back whole */
    GM_WRITER_AICORE,      /* a write-back; the AICPU caches see it */
    GM_WRITER_DMA,         /* host DMA; the AICPU caches see it only where they snoop */
};

struct view_change {
    uint64_t line;
    enum gm_writer writer;
    int agent;          /* holder number of the writer, or DIRECTORY_NOBODY */
    const uint8_t *old; /* the 64 bytes before */
    bool differs;       /* some byte changed */
    bool snooped;       /* the AICPU cluster lost its copy to this write */
};

struct view_queue {
    uint64_t *lines;
    uint32_t count, capacity;
};

struct view {
    struct gm *gm;
    struct directory directory;
    struct dcache *caches[DIRECTORY_HOLDERS];
    struct view_queue queues[DIRECTORY_HOLDERS];
    int current; /* holder that runs, or DIRECTORY_NOBODY */
    bool dma_snooped;
    uint32_t dropped_queue; /* queue entries lost for want of memory: 0, or the run is void */
    void (*changed)(void *ctx, const struct view_change *change); /* after every change of GM; may be NULL */
    void *changed_ctx;
    const uint32_t *tell_all; /* while it points to 0, only changes of lines that have an entry are told; NULL: all */
};

/** view_init - views over @gm with room for @lines_held lines in all caches together. Return 0 or -1. */
int view_init(struct view *view, struct gm *gm, uint32_t lines_held, bool dma_snooped);
void view_fini(struct view *view);

/** view_enter - @holder runs now (NOBODY: the host does): let the mapping show its content. */
void view_enter(struct view *view, int holder);

/** view_read / view_write - GM itself, whatever the mapping shows. */
void view_read(const struct view *view, uint64_t addr, void *out, uint64_t size);
void view_write(struct view *view, uint64_t addr, const void *bytes, uint64_t size, enum gm_writer writer, int agent);

/** view_coherent_read - as the AICPU cluster sees it: its own copy where that is stale, else GM. Within one line. */
void view_coherent_read(const struct view *view, uint64_t addr, void *out, uint32_t size);

/** view_hold - @holder's way @index has just been filled with @line from GM (@old: with these 64 older bytes). */
void view_hold(struct view *view, int holder, uint32_t index, const uint8_t *old);

/** view_dirty - the running holder is about to store to way @index for the first time since it was clean. */
void view_dirty(struct view *view, int holder, uint32_t index);

/** view_content - the 64 bytes of way @index as @holder sees them. */
void view_content(const struct view *view, int holder, uint32_t index, uint8_t *out);

/** view_clean - way @index of the AICPU cluster goes to GM whole if it is dirty, over what DMA may have left there; the
 *  cluster keeps it, clean and in agreement with GM. */
void view_clean(struct view *view, int holder, uint32_t index);

/** view_drop - way @index is no longer held; its content is lost unless it was captured before. */
void view_drop(struct view *view, int holder, uint32_t index);

#ifdef __cplusplus
}
#endif
#endif
