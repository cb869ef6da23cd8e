/* gm.h - global memory: one reserved host mapping in which a device address *is* the host address, and its allocator.
 *
 * The mapping stands at the same place in every run, so that device addresses (and all that is derived from them: cache
 * sets, traces) repeat. Pages are touched only when the program touches them. The allocator is first fit over a list
 * ordered by address, so that freed addresses come back at once, as a device's do; it never writes to GM.
 */
#ifndef DAV_GM_H
#define DAV_GM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { GM_LINE_BYTES = 64, GM_LINE_SHIFT = 6, GM_ALIGN_BYTES = 512, GM_SLOTS = 16 };

/* Device slot 0 begins here; slots are 1 TiB apart. Well away from where Linux places programs, libraries, the heap
 * and the address sanitizer's shadow on x86-64. */
#define GM_FIRST_BASE 0x200000000000ull
#define GM_SLOT_BYTES 0x10000000000ull

struct gm_block;

struct gm {
    uint8_t *base;
    uint64_t size;
    int slot;
    bool zeroed;
    struct gm_block *blocks; /* every block, free and used, by address */
    uint64_t used_bytes;
    uint64_t fresh; /* offset from which on nothing was ever handed out */
    uint64_t seed;  /* of what stands in memory that nobody has written; 0: zeros */
};

/** gm_init - reserve @size bytes at device slot @slot (each device id has its own). Return 0, or -1 with errno set. */
int gm_init(struct gm *gm, uint64_t size, unsigned slot, bool zeroed);
void gm_fini(struct gm *gm);

/** gm_set_seed - let memory that is handed out for the first time hold noise: device memory is not zeroed, and who
 * reads what nobody wrote shall notice. The noise depends on @seed and on the address alone. */
void gm_set_seed(struct gm *gm, uint64_t seed);

/** gm_alloc - @size bytes aligned to GM_ALIGN_BYTES; NULL when no hole is large enough or @size is 0. */
void *gm_alloc(struct gm *gm, uint64_t size);

/** gm_free - give back what gm_alloc returned. Return 0, or -1 when @ptr is not the start of a live allocation. */
int gm_free(struct gm *gm, void *ptr);

/** gm_find - the live allocation that contains @addr: its start and size. Return false when none does. */
bool gm_find(const struct gm *gm, const void *addr, uint64_t *start, uint64_t *size);

/** gm_make_executable - let the host run code from the pages of [@addr, @addr + @size), for as long as the allocation
 *  around it lives. */
int gm_make_executable(struct gm *gm, void *addr, uint64_t size);

/** gm_hide - until gm_show, whoever touches GM faults: code that runs on another device must not reach it.
 *  Return 0, or -1 with errno set. */
int gm_hide(struct gm *gm);
int gm_show(struct gm *gm);

/** gm_slot_of - the device slot that @addr belongs to, whether or not it has any memory there; -1 if none. */
static inline int gm_slot_of(uint64_t addr)
{
    uint64_t slot = (addr - GM_FIRST_BASE) / GM_SLOT_BYTES;

    return slot < GM_SLOTS ? (int)slot : -1;
}

/** gm_contains - whether [@addr, @addr + @size) lies in GM. */
static inline bool gm_contains(const struct gm *gm, const void *addr, uint64_t size)
{
    uint64_t offset = (uint64_t)((uintptr_t)addr - (uintptr_t)gm->base);

    return offset < gm->size && size <= gm->size - offset;
}

static inline uint64_t gm_line_of(const struct gm *gm, uint64_t addr)
{
    return (addr - (uintptr_t)gm->base) >> GM_LINE_SHIFT;
}

static inline uint8_t *gm_line_ptr(const struct gm *gm, uint64_t line)
{
    return gm->base + (line << GM_LINE_SHIFT);
}

/** gm_line_mask - a bit for each of the @size bytes of a line from its byte @first on. */
static inline uint64_t gm_line_mask(uint32_t first, uint32_t size)
{
    return (size >= GM_LINE_BYTES ? ~0ull : (1ull << size) - 1) << first;
}

#ifdef __cplusplus
}
#endif
#endif
