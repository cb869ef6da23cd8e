/* flash_aiv.c - an AIV's side of flash.h: the weights of its 64 rows, and the sum of the parts.
 *
 * A step's part comes after the next step's scores, so what the one leaves for the other (how much the maximum has
 * grown; at a tile's end the sum of the weights) has two places too.
 */
#include "../../../common/rows.h"
#include "../flash.h"

#define MATRIX (HALF_OF * TILE * 4) /* bytes of half a tile of floats */

/* Places in UB. */
#define SCORES_UB(place)  ROWS_FLOAT((place)*MATRIX)
#define PART_UB           ROWS_FLOAT(2 * MATRIX)
#define SUM_UB            ROWS_FLOAT(3 * MATRIX)
#define WEIGHTS_UB(place) ((__ubuf__ half *)(uint64_t)(4 * MATRIX + (place) * (MATRIX / 2)))
#define SCRATCH           ROWS_FLOAT(5 * MATRIX) /* for reductions */
#define NUMBERS(n)        (SCRATCH + ROWS_SCRATCH + (n)*HALF_OF)
#define MAXIMUM           NUMBERS(0)
#define NEW_MAXIMUM       NUMBERS(1)
#define STEP_TOTAL        NUMBERS(2)
#define GROWTH(place)     NUMBERS(4 + (place)) /* exp(maximum before - maximum now) */
#define TOTAL(tile)       NUMBERS(6 + (tile) % 2)
#define SPREAD            NUMBERS(8)

/* Flags beside those of the two places. */
#define THIRD 2

/* Rows of this AIV. */
__aicore__ static struct rows rows_of(struct step s, uint32_t columns)
{
    uint32_t from = get_subblockid() * HALF_OF;
    return (struct rows){s.rows > from ? at_most(s.rows - from, HALF_OF) : 0, columns, TILE};
}

/* MTE2: rows of scratch memory, which have the same pitch in UB. */
__aicore__ static void load(rows_ub to, const __gm__ float *from, struct rows r)
{
    uint32_t bytes = r.columns * 4;
    copy_gm_to_ubuf_align_b32(to, from, 0, (uint16_t)r.count, bytes, 0, 0, TILE * 4 - bytes, (TILE * 4 - bytes) / 32);
}

/* V: the maximum so far, and by what that makes earlier weights smaller. The rows' numbers are one repeat. */
__aicore__ static void raise_maximum(struct step s, struct rows r)
{
    rows_max(NEW_MAXIMUM, SCRATCH, SCORES_UB(s.place), r);
    pipe_barrier(PIPE_V);
    rows_mask(r.count);
    if (!s.first) {
        vmax(NEW_MAXIMUM, NEW_MAXIMUM, MAXIMUM, 1, 1, 1, 1, 8, 8, 8);
        pipe_barrier(PIPE_V);
        vsub(GROWTH(s.place), MAXIMUM, NEW_MAXIMUM, 1, 1, 1, 1, 8, 8, 8);
        pipe_barrier(PIPE_V);
        vexp(GROWTH(s.place), GROWTH(s.place), 1, 1, 1, 8, 8);
        pipe_barrier(PIPE_V);
    }
    vcopy(MAXIMUM, NEW_MAXIMUM, 1, 1, 1, 8, 8);
    rows_spread(SPREAD, NEW_MAXIMUM, r.count);
    pipe_barrier(PIPE_V);
}

/* V: the sum of all weights so far. */
__aicore__ static void raise_total(struct step s, struct rows r)
{
    rows_sum(STEP_TOTAL, SCRATCH, SCORES_UB(s.place), r);
    pipe_barrier(PIPE_V);
    rows_mask(r.count);
    if (s.first) {
        vcopy(TOTAL(s.tile), STEP_TOTAL, 1, 1, 1, 8, 8);
    } else {
        vmul(TOTAL(s.tile), TOTAL(s.tile), GROWTH(s.place), 1, 1, 1, 1, 8, 8, 8);
        pipe_barrier(PIPE_V);
        vadd(TOTAL(s.tile), TOTAL(s.tile), STEP_TOTAL, 1, 1, 1, 1, 8, 8, 8);
    }
    pipe_barrier(PIPE_V);
}

__aicore__ static void make_weights(const struct flash *f, struct step s)
{
    struct rows r = rows_of(s, s.keys);
    uint32_t row = get_subblockid() * HALF_OF;
    rows_ub x = SCORES_UB(s.place);

    wait_flag_dev(SCORES);
    wait_flag(PIPE_V, PIPE_MTE2, s.place);
    if (r.count > 0)
        load(x, &f->scratch->scores[s.place][row][0], r);
    set_flag(PIPE_MTE2, PIPE_V, s.place);

    wait_flag(PIPE_MTE2, PIPE_V, s.place);
    wait_flag(PIPE_MTE3, PIPE_V, s.place);
    if (r.count > 0) {
        ROWS_EACH_REPEAT (at, r)
            vmuls(x + at, x + at, f->scale, (uint8_t)r.count, 1, 1, TILE / 8, TILE / 8);
        pipe_barrier(PIPE_V);
        raise_maximum(s, r);
        rows_sub(x, x, SPREAD, r);
        pipe_barrier(PIPE_V);
        ROWS_EACH_REPEAT (at, r)
            vexp(x + at, x + at, (uint8_t)r.count, 1, 1, TILE / 8, TILE / 8);
        pipe_barrier(PIPE_V);
        ROWS_EACH_REPEAT (at, r)
            vconv_f322f16(WEIGHTS_UB(s.place) + at, x + at, (uint8_t)r.count, 1, 1, TILE / 16, TILE / 8);
        raise_total(s, r);
    }
    set_flag(PIPE_V, PIPE_MTE2, s.place);
    set_flag(PIPE_V, PIPE_MTE3, s.place);

    wait_flag(PIPE_V, PIPE_MTE3, s.place);
    if (r.count > 0)
        copy_ubuf_to_gm_align_b16(&f->scratch->weights[s.place][row][0], WEIGHTS_UB(s.place), 0, (uint16_t)r.count,
                                  r.columns * 2, 0, 0, (TILE - r.columns) / 16, (TILE - r.columns) * 2);
    set_flag(PIPE_MTE3, PIPE_V, s.place);
#ifndef SABOTAGE
    ffts_cross_core_sync(PIPE_MTE3, TO_OTHERS(WEIGHTS)); /* an AIV without rows says so too */
#endif
}

/* V: what has been summed up, and this step's part. */
__aicore__ static void sum_up(struct step s, struct rows r)
{
    if (s.first) {
        ROWS_EACH_REPEAT (at, r)
            vcopy(SUM_UB + at, PART_UB + at, (uint8_t)r.count, 1, 1, TILE / 8, TILE / 8);
        pipe_barrier(PIPE_V);
        return;
    }
    rows_spread(SPREAD, GROWTH(s.place), r.count);
    pipe_barrier(PIPE_V);
    rows_mul(SUM_UB, SUM_UB, SPREAD, r);
    pipe_barrier(PIPE_V);
    ROWS_EACH_REPEAT (at, r)
        vadd(SUM_UB + at, SUM_UB + at, PART_UB + at, (uint8_t)r.count, 1, 1, 1, TILE / 8, TILE / 8, TILE / 8);
    pipe_barrier(PIPE_V);
}

/* The tile is complete: its rows of the result. */
__aicore__ static void finish(const struct flash *f, struct step s, struct rows r)
{
    if (r.count > 0) {
        rows_spread(SPREAD, TOTAL(s.tile), r.count);
        pipe_barrier(PIPE_V);
        rows_div(SUM_UB, SUM_UB, SPREAD, r);
        pipe_barrier(PIPE_V);
    }
    set_flag(PIPE_V, PIPE_MTE3, THIRD);
    wait_flag(PIPE_V, PIPE_MTE3, THIRD);
    if (r.count > 0)
        copy_ubuf_to_gm_align_b32(f->out + s.q + get_subblockid() * HALF_OF * f->columns, SUM_UB, 0, (uint16_t)r.count,
                                  r.columns * 4, 0, 0, (TILE - r.columns) / 8, 0);
    set_flag(PIPE_MTE3, PIPE_V, THIRD);
}

__aicore__ static void take_part(const struct flash *f, struct step s)
{
    struct rows r = rows_of(s, f->columns);

    wait_flag_dev(PART);
    wait_flag(PIPE_V, PIPE_MTE2, THIRD);
    if (r.count > 0)
        load(PART_UB, &f->scratch->part[s.place][get_subblockid() * HALF_OF][0], r);
    set_flag(PIPE_MTE2, PIPE_V, THIRD);

    wait_flag(PIPE_MTE2, PIPE_V, THIRD);
    if (s.first)
        wait_flag(PIPE_MTE3, PIPE_V, THIRD); /* the tile before is in GM */
    if (r.count > 0)
        sum_up(s, r);
    set_flag(PIPE_V, PIPE_MTE2, THIRD);
    if (s.last)
        finish(f, s, r);
}

__aicore__ void flash_aiv(__gm__ int64_t *args)
{
    struct flash f = flash_of(args);

    for (int place = 0; place < 3; place++) {
        set_flag(PIPE_V, PIPE_MTE2, place);
        set_flag(PIPE_MTE3, PIPE_V, place);
    }
    for (uint32_t i = 0; i < f.steps; i++) {
        make_weights(&f, step_of(&f, i));
        if (i > 0)
            take_part(&f, step_of(&f, i - 1));
    }
    if (f.steps > 0)
        take_part(&f, step_of(&f, f.steps - 1));
    for (int place = 0; place < 3; place++) {
        wait_flag(PIPE_V, PIPE_MTE2, place);
        wait_flag(PIPE_MTE3, PIPE_V, place);
    }
    pipe_barrier(PIPE_ALL);
}
