/* pipe_bytes.c - see pipe_bytes.h.
 *
 * What an instruction touches is asked of its shape once, when it starts; boxes around that decide quickly who meets
 * whom. A box may say so of bytes that lie apart: then a body runs earlier than it had to, which changes nothing.
 */
#include "model/core/pipe_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/atomic.h"
#include "model/chip_state.h"

/* ---- looking ---- */

struct look {
    struct pipe_instr *instr;
    char *why;
    uint32_t size;
    bool good;
};

static void refuse(struct look *look, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    const struct pipe_instr *instr = look->instr;
    const char *why = space == ISA_GM         ? "are not device memory"
                      : instr->x.bytes[space] ? "is smaller"
                                              : "this core has not";

    if (look->good)
        snprintf(look->why, look->size, "%s %s %s 0x%llx to 0x%llx of %s, which %s", instr->x.entry->name,
                 access == ISA_READ ? "reads" : "writes", space == ISA_GM ? "addresses" : "bytes",
                 (unsigned long long)addr, (unsigned long long)(addr + bytes - 1), isa_space_name(space), why);
    look->good = false;
}

static void reach_gm(struct pipe_gm *gm, uint64_t addr, uint64_t bytes)
{
    if (!gm->pieces || addr < gm->low)
        gm->low = addr;
    if (addr + bytes > gm->high)
        gm->high = addr + bytes;
    gm->pieces++;
}

static void look_at_span(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct look *look = ctx;
    struct pipe_instr *instr = look->instr;
    struct pipe_box *box;

    if (space == ISA_GM) {
        if (!gm_contains(&instr->core->chip->gm, (const void *)(uintptr_t)addr, bytes))
            refuse(look, access, space, addr, bytes);
        instr->gm_bytes[access] += bytes;
        if (instr->core->chip->tell_instr)
            reach_gm(&instr->gm[access], addr, bytes);
        return;
    }
    if (addr > instr->x.bytes[space] || bytes > instr->x.bytes[space] - addr) {
        refuse(look, access, space, addr, bytes);
        return;
    }
    if (!bytes)
        return;
    instr->bytes[access] += bytes;
    box = &instr->boxes[access][space];
    box->low = (uint32_t)addr < box->low ? (uint32_t)addr : box->low;
    box->high = (uint32_t)(addr + bytes) > box->high ? (uint32_t)(addr + bytes) : box->high;
}

bool pipe_look(struct pipe_instr *instr, char *why, uint32_t size)
{
    struct look look = {instr, why, size, true};
    const struct isa_shape *shape = instr->x.entry->shape;
    const char *refused = shape->refuse ? shape->refuse(&instr->x) : NULL;

    if (refused) {
        snprintf(why, size, "%s: %s", instr->x.entry->name, refused);
        return false;
    }

    for (int space = 0; space < ISA_BUFFERS; space++)
        instr->boxes[ISA_READ][space] = instr->boxes[ISA_WRITE][space] = (struct pipe_box){UINT32_MAX, 0};
    memset(instr->bytes, 0, sizeof(instr->bytes));
    memset(instr->gm_bytes, 0, sizeof(instr->gm_bytes));
    memset(instr->gm, 0, sizeof(instr->gm));
    shape->spans(&instr->x, look_at_span, &look);
    return look.good;
}

/* ---- GM ---- */

struct cursor {
    struct pipe_instr *instr;
    uint8_t *at;
};

static void read_span(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct cursor *cursor = ctx;

    if (space != ISA_GM)
        return;
    if (access == ISA_READ)
        view_read(&cursor->instr->core->chip->view, addr, cursor->at, bytes);
    cursor->at += bytes;
}

void pipe_fetch(struct pipe_instr *instr)
{
    uint64_t bytes = instr->gm_bytes[ISA_READ] + instr->gm_bytes[ISA_WRITE];

    if (!bytes || !instr->core->chip->compute)
        return;
    instr->x.stage = malloc(bytes);
    if (!instr->x.stage)
        abort();
    if (instr->gm_bytes[ISA_READ])
        instr->x.entry->shape->spans(&instr->x, read_span, &(struct cursor){instr, instr->x.stage});
}

static void write_span(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct cursor *cursor = ctx;
    struct chip_state *chip = cursor->instr->core->chip;
    enum isa_atomic atomic = (enum isa_atomic)cursor->instr->x.state.atomic;

    if (space != ISA_GM)
        return;
    if (access == ISA_WRITE && atomic != ISA_ATOMIC_NONE) {
        uint8_t *sum = malloc(bytes);

        if (!sum)
            abort();
        view_read(&chip->view, addr, sum, bytes);
        isa_atomic_apply(atomic, sum, cursor->at, bytes);
        memcpy(cursor->at, sum, bytes);
        free(sum);
    }
    if (access == ISA_WRITE)
        view_write(&chip->view, addr, cursor->at, bytes, GM_WRITER_AICORE, cursor->instr->core->holder);
    cursor->at += bytes;
}

/* ---- computing ---- */

/* Spans of what an instruction writes in buffers, to and from one array. */
struct shelf {
    struct pipe_instr *instr;
    uint8_t *at;
    bool take;
};

static void shelve_span(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct shelf *shelf = ctx;
    uint8_t *buffer;

    if (space == ISA_GM || access == ISA_READ)
        return;
    buffer = shelf->instr->x.buffer[space] + addr;
    if (shelf->take)
        memcpy(shelf->at, buffer, bytes);
    else
        memcpy(buffer, shelf->at, bytes);
    shelf->at += bytes;
}

static void shelve(struct pipe_instr *instr, uint8_t *shelf, bool take)
{
    instr->x.entry->shape->spans(&instr->x, shelve_span, &(struct shelf){instr, shelf, take});
}

/* Run the body now, and keep what it writes. What its shape says of it must not change meanwhile, so spans that depend
 * on bytes that it overwrites itself are asked for before. */
static void compute_early(struct pipe_instr *instr)
{
    uint64_t bytes = instr->bytes[ISA_WRITE];
    uint8_t *before;

    if (instr->early_done || !instr->core->chip->compute)
        return;
    instr->early_done = true;
    if (!bytes) {
        instr->x.entry->body(&instr->x);
        return;
    }
    before = malloc(bytes);
    instr->early = malloc(bytes);
    if (!before || !instr->early)
        abort();
    shelve(instr, before, true);
    instr->x.entry->body(&instr->x);
    shelve(instr, instr->early, true);
    shelve(instr, before, false);
    free(before);
}

static uint64_t repeat_ps(const struct pipe_instr *instr)
{
    return pipe_cycles_ps(instr->core, instr->core->chip->file.isa[instr->x.entry->cost].slope);
}

bool pipe_in_time(const struct pipe_instr *older, const struct pipe_instr *younger)
{
    const struct pipe_box *written = &older->boxes[ISA_WRITE][ISA_UB], *read = &younger->boxes[ISA_READ][ISA_UB];
    uint32_t low = written->low > read->low ? written->low : read->low;
    uint32_t high = written->high < read->high ? written->high : read->high;
    uint64_t older_ps, younger_ps; /* a repeat */

    if (older->serial > younger->serial || !older->units || !younger->units || older->x.entry->unit != ISA_REPEAT ||
        younger->x.entry->unit != ISA_REPEAT)
        return false;
    older_ps = repeat_ps(older);
    younger_ps = repeat_ps(younger);
    for (uint32_t addr = low & ~31u; addr < high; addr += 32) {
        uint64_t write = isa_turn(&older->x, ISA_WRITE, addr < low ? low : addr, older->units);
        uint64_t turn = isa_turn(&younger->x, ISA_READ, addr < low ? low : addr, younger->units);

        if (write < older->units && turn < younger->units &&
            younger->start_ps + turn * younger_ps < older->end_ps - (older->units - 1 - write) * older_ps)
            return false;
    }
    return true;
}

static bool meets(const struct pipe_box *a, uint32_t low, uint32_t high)
{
    return a->low < high && low < a->high;
}

void pipe_save_readers(struct pipes *pipes, const struct pipe_instr *writer, enum isa_space space, uint32_t addr,
                       uint32_t size)
{
    for (int i = 0; i < ISA_PIPES; i++) {
        if (writer && writer->x.entry->pipe == (enum isa_pipe)i && i != ISA_V)
            continue; /* executes its instructions one after the other, and in that order */
        for (struct pipe_instr *other = pipes->pipe[i].flying; other; other = other->next)
            if (other != writer && meets(&other->boxes[ISA_READ][space], addr, addr + size) &&
                !(i == ISA_V && writer && writer->x.entry->pipe == ISA_V && pipe_in_time(writer, other)))
                compute_early(other);
    }
}

static void compute(struct pipe_instr *instr);

/* Older instructions of V that end later than @instr, though it takes over results of theirs. */
static void publish_older(struct pipe_instr *instr)
{
    const struct pipe_box *read = &instr->boxes[ISA_READ][ISA_UB];

    for (struct pipe_instr *older = instr->core->pipes->pipe[ISA_V].flying; older; older = older->next)
        if (older->serial < instr->serial && !older->published &&
            meets(&older->boxes[ISA_WRITE][ISA_UB], read->low, read->high) && pipe_in_time(older, instr)) {
            compute(older);
            older->published = true;
        }
}

static void compute(struct pipe_instr *instr)
{
    struct pipes *pipes = instr->core->pipes;

    if (instr->published)
        return;
    if (instr->x.entry->pipe == ISA_V && !instr->early_done)
        publish_older(instr);

    for (int space = 0; space < ISA_BUFFERS; space++) {
        const struct pipe_box *box = &instr->boxes[ISA_WRITE][space];

        if (box->low < box->high)
            pipe_save_readers(pipes, instr, (enum isa_space)space, box->low, box->high - box->low);
    }
    if (instr->early)
        shelve(instr, instr->early, false);
    else if (!instr->early_done)
        instr->x.entry->body(&instr->x);
}

void pipe_execute(struct pipe_instr *instr)
{
    if (!instr->core->chip->compute)
        return;
    compute(instr);
    if (instr->gm_bytes[ISA_WRITE])
        instr->x.entry->shape->spans(&instr->x, write_span, &(struct cursor){instr, instr->x.stage});
}
