/* machine.c - see machine.h. */
#include "tests/isa/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/atomic.h"
#include "isa/core_port.h"

struct machine machine;

static const uint32_t sizes[ISA_BUFFERS] = {
    [ISA_UB] = 192 << 10,  [ISA_L1] = 512 << 10, [ISA_L0A] = 64 << 10, [ISA_L0B] = 64 << 10,
    [ISA_L0C] = 128 << 10, [ISA_BT] = 1 << 10,   [ISA_FB] = 7 << 10};
static uint64_t seed;

/* What an instruction tells of itself: a mark for each byte of each buffer and of GM. */
static uint8_t *told[ISA_BUFFERS + 1];
enum { TOLD_READ = 1, TOLD_WRITE = 2 };

uint64_t machine_noise(void)
{
    uint64_t z = seed += 0x9e3779b97f4a7c15ull;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static void fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        uint64_t noise = machine_noise();

        memcpy(bytes + i, &noise, 8);
    }
}

void machine_reset(void)
{
    seed = 1;
    for (int i = 0; i < ISA_BUFFERS; i++) {
        if (!machine.buffer[i])
            machine.buffer[i] = malloc(sizes[i]);
        if (!told[i])
            told[i] = calloc(1, sizes[i]);
        fill(machine.buffer[i], sizes[i]);
    }
    if (!machine.gm)
        machine.gm = aligned_alloc(4096, MACHINE_GM_BYTES);
    if (!told[ISA_GM])
        told[ISA_GM] = calloc(1, MACHINE_GM_BYTES);
    fill(machine.gm, MACHINE_GM_BYTES);
    memset(&machine.state, 0, sizeof(machine.state));
    memset(&machine.v, 0, sizeof(machine.v));
    machine.state.mask[0] = machine.state.mask[1] = ~0ull;
    machine.refused[0] = 0;
}

/* ---- spans ---- */

/* They are asked for once, before the body runs: what it writes may be what they depend on (the offsets of a gather).
 */
static struct {
    enum isa_access access;
    enum isa_space space;
    uint64_t addr, bytes;
} * spans;
static size_t span_count, span_room;

static void record(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    (void)ctx;
    if (span_count == span_room)
        spans = realloc(spans, (span_room = 2 * span_room + 64) * sizeof(*spans));
    spans[span_count].access = access;
    spans[span_count].space = space;
    spans[span_count].addr = addr;
    spans[span_count++].bytes = bytes;
}

static void each_span(isa_span_fn *fn, void *ctx)
{
    for (size_t i = 0; i < span_count; i++)
        fn(ctx, spans[i].access, spans[i].space, spans[i].addr, spans[i].bytes);
}

struct walk {
    bool inside;
    uint64_t gm_bytes;
};

static void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void refuse(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(machine.refused, sizeof(machine.refused), format, args);
    va_end(args);
}

static uint64_t offset_of(enum isa_space space, uint64_t addr)
{
    return space == ISA_GM ? addr - (uintptr_t)machine.gm : addr;
}

static uint64_t size_of(enum isa_space space)
{
    return space == ISA_GM ? (uint64_t)MACHINE_GM_BYTES : sizes[space];
}

static void measure(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct walk *walk = ctx;
    uint64_t offset = offset_of(space, addr);

    if (offset > size_of(space) || bytes > size_of(space) - offset) {
        walk->inside = false;
        return;
    }
    if (space == ISA_GM)
        walk->gm_bytes += bytes;
    if (access == ISA_READ)
        machine.read_bytes += bytes;
    else
        machine.written_bytes += bytes;
    for (uint64_t i = 0; i < bytes; i++)
        told[space][offset + i] |= access == ISA_READ ? TOLD_READ : TOLD_WRITE;
}

static void forget(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    (void)ctx;
    (void)access;
    memset(told[space] + offset_of(space, addr), 0, bytes);
}

struct staging {
    uint8_t *at;
    enum isa_access access;
    enum isa_atomic atomic;
};

static void stage(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct staging *staging = ctx;
    uint8_t *gm = (uint8_t *)(uintptr_t)addr;

    if (space != ISA_GM)
        return;
    if (access == ISA_READ && staging->access == ISA_READ)
        memcpy(staging->at, gm, bytes);
    else if (access == ISA_WRITE && staging->access == ISA_WRITE)
        isa_atomic_apply(staging->atomic, gm, staging->at, bytes);
    staging->at += bytes;
}

/* ---- execution ---- */

/* A second set of buffers in which every byte that the instruction does not read has another value. */
static uint8_t *other[ISA_BUFFERS];

static void make_other(void)
{
    for (int i = 0; i < ISA_BUFFERS; i++) {
        if (!other[i])
            other[i] = malloc(sizes[i]);
        for (uint32_t k = 0; k < sizes[i]; k++)
            other[i][k] = told[i][k] & TOLD_READ ? machine.buffer[i][k] : (uint8_t)~machine.buffer[i][k];
    }
}

static void compare(uint8_t *const before[ISA_BUFFERS])
{
    for (int i = 0; i < ISA_BUFFERS; i++)
        for (uint32_t k = 0; k < sizes[i]; k++) {
            if (!(told[i][k] & TOLD_WRITE) && machine.buffer[i][k] != before[i][k])
                fail_msg("%s %s writes %s+%u, which its shape does not tell", machine.entry->name, machine.entry->types,
                         isa_space_name(i), k);
            if (told[i][k] & TOLD_WRITE && machine.buffer[i][k] != other[i][k])
                fail_msg("%s %s: %s+%u is not written, or depends on bytes that its shape does not tell",
                         machine.entry->name, machine.entry->types, isa_space_name(i), k);
        }
}

static void execute(struct isa_exec *x, uint64_t gm_bytes)
{
    uint8_t *before[ISA_BUFFERS], *first, *second;
    struct isa_vregs v = machine.v;
    struct isa_exec again = *x;

    for (int i = 0; i < ISA_BUFFERS; i++) {
        before[i] = malloc(sizes[i]);
        memcpy(before[i], machine.buffer[i], sizes[i]);
    }
    make_other();
    first = malloc(gm_bytes + 1);
    second = malloc(gm_bytes + 1);
    memset(first, 0x5a, gm_bytes);
    memset(second, 0xa5, gm_bytes);
    x->stage = first;
    again.stage = second;
    again.v = &v;
    memcpy(again.buffer, other, sizeof(other));
    each_span(stage, &(struct staging){first, ISA_READ, ISA_ATOMIC_NONE});
    each_span(stage, &(struct staging){second, ISA_READ, ISA_ATOMIC_NONE});
    x->entry->body(x);
    x->entry->body(&again);
    if (memcmp(first, second, gm_bytes) != 0)
        fail_msg("%s %s leaves bytes for GM unwritten", machine.entry->name, machine.entry->types);
    if (memcmp(&v, x->v, sizeof(v)) != 0)
        fail_msg("%s %s: a register depends on bytes that its shape does not tell", machine.entry->name,
                 machine.entry->types);
    compare(before);
    each_span(stage, &(struct staging){first, ISA_WRITE, x->state.atomic});
    free(first);
    free(second);
    for (int i = 0; i < ISA_BUFFERS; i++)
        free(before[i]);
}

void dav_issue(uint32_t opcode, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4)
{
    const struct isa_entry *entry = isa_entry_of(opcode);
    struct isa_exec x = {.entry = entry, .w = {w0, w1, w2, w3, w4}, .state = machine.state, .v = &machine.v};
    struct walk walk = {.inside = true};
    const char *why;

    machine.entry = entry;
    machine.refused[0] = 0;
    machine.read_bytes = machine.written_bytes = 0;
    assert_non_null(entry);
    for (int i = 0; i < ISA_BUFFERS; i++) {
        x.buffer[i] = machine.buffer[i];
        x.bytes[i] = sizes[i];
    }
    machine.units = entry->shape->units(&x);
    for (int i = 0; i < 3; i++)
        if (entry->shape->align[i] && x.w[i] % entry->shape->align[i]) {
            refuse("operand %d is not aligned to %u bytes", i, entry->shape->align[i]);
            return;
        }
    why = entry->shape->refuse ? entry->shape->refuse(&x) : NULL;
    if (why) {
        refuse("%s", why);
        return;
    }
    span_count = 0;
    entry->shape->spans(&x, record, NULL);
    each_span(measure, &walk);
    if (walk.inside) {
        execute(&x, walk.gm_bytes);
        each_span(forget, NULL);
        return;
    }
    refuse("outside of a buffer");
    for (int i = 0; i <= ISA_BUFFERS; i++)
        memset(told[i], 0, size_of(i));
}

void dav_spr_write(uint32_t spr, uint64_t value)
{
    if (spr < ISA_SPRS)
        machine.state.spr[spr] = value;
    else if (spr == ISA_SPR_MASK_COUNT)
        machine.state.count_mode = value;
    else if (spr == ISA_SPR_ATOMIC)
        machine.state.atomic = (uint8_t)value;
    else
        fail_msg("special register %u cannot be written", spr);
}

uint64_t dav_spr_read(uint32_t spr)
{
    if (spr < ISA_SPRS)
        return machine.state.spr[spr];
    return spr == ISA_SPR_RSVD_CNT ? machine.v.rsvd_cnt : machine.v.vms4_sr;
}

void dav_set_vector_mask(uint64_t high, uint64_t low)
{
    machine.state.mask[0] = low;
    machine.state.mask[1] = high;
}

/* What the headers' inline functions name and no test of this kind calls. */
#define NOT_HERE(declaration)                                                                                          \
    declaration                                                                                                        \
    {                                                                                                                  \
        abort();                                                                                                       \
    }
NOT_HERE(void dav_dcci(const volatile void *addr __attribute__((unused)), int lines __attribute__((unused)),
                       int form __attribute__((unused))))
