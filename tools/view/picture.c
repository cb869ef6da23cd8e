/* picture.c - see picture.h. Chooses the rows, gives each its place, has them drawn. Cores on which nothing but the
 * worker program ran are left out, and counted at the foot: most pictures are of a few kernels on a part of the chip.
 */
#include "tools/view/picture.h"

#include "model/davsim.h"
#include "tools/fail.h"
#include "tools/view/drawing.h"
#include "tools/view/legend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HIGHEST = 32000, /* what a surface can have */ FOOT = 22 };

struct picture {
    struct drawing drawing;
    struct drawn_row *rows;
    size_t row_count;
    size_t left_out; /* rows */
    int height;
};

static bool is_worth_a_row(const struct timeline *timeline, const struct drawn_row *row)
{
    uint32_t program = timeline_string(timeline, "program");
    for (size_t i = row->first; i < row->first + row->count; i++)
        if (timeline->slices[i].category != program)
            return true;
    return false;
}

/* Slices and samples are sorted by row, and rows are in the order of the screen, but each kind by itself. */
static void choose_rows(struct picture *picture)
{
    const struct timeline *timeline = picture->drawing.timeline;
    size_t slice = 0, sample = 0;

    picture->rows = calloc(timeline->row_count + 1, sizeof(*picture->rows));
    if (!picture->rows)
        abort();
    for (uint32_t i = 0; i < timeline->row_count; i++) {
        struct drawn_row row = {.row = i, .first = slice};
        while (slice < timeline->slice_count && timeline->slices[slice].row == i)
            slice++;
        row.count = slice - row.first;
        bool worth = row.count && is_worth_a_row(timeline, &row);
        size_t first_sample = sample;
        while (sample < timeline->sample_count && timeline->samples[sample].row == i)
            sample++;
        if (timeline->rows[i].is_counter) {
            row.first = first_sample;
            row.count = sample - first_sample;
            worth = row.count;
        }
        if (worth)
            picture->rows[picture->row_count++] = row;
        else
            picture->left_out += row.count > 0;
    }
}

static bool is_curve(const struct picture *picture, const struct drawn_row *row)
{
    return picture->drawing.timeline->rows[row->row].is_counter;
}

static void place_rows(struct picture *picture)
{
    int y = PICTURE_HEAD;
    for (size_t i = 0; i < picture->row_count; i++) {
        if (y > HIGHEST - 2 * PICTURE_CURVE - LEGEND_HEIGHT - FOOT) {
            picture->left_out += picture->row_count - i;
            picture->row_count = i;
            break;
        }
        picture->rows[i].y = y;
        y += is_curve(picture, &picture->rows[i]) ? PICTURE_CURVE : PICTURE_ROW;
    }
    picture->height = y + LEGEND_HEIGHT + (picture->left_out ? FOOT : 0);
}

static void draw_row(struct picture *picture, const struct drawn_row *row)
{
    struct drawing *drawing = &picture->drawing;
    cairo_set_source_rgb(drawing->cairo, 0.11, 0.15, 0.2);
    drawing_text(drawing, drawing->timeline->rows[row->row].name, PICTURE_MARGIN, row->y + 8, 0);
    if (is_curve(picture, row))
        draw_curve_scale(drawing, row);
    cairo_save(drawing->cairo);
    cairo_rectangle(drawing->cairo, PICTURE_NAMES, row->y, PICTURE_TIME, PICTURE_CURVE);
    cairo_clip(drawing->cairo);
    if (is_curve(picture, row))
        draw_curve(drawing, row);
    else
        draw_slices(drawing, row);
    cairo_restore(drawing->cairo);
}

static void draw(struct picture *picture, const char *title)
{
    struct drawing *drawing = &picture->drawing;
    char text[80];

    cairo_set_source_rgb(drawing->cairo, 1, 1, 1);
    cairo_paint(drawing->cairo);
    cairo_set_antialias(drawing->cairo, CAIRO_ANTIALIAS_NONE); /* of shapes; text has its own */
    cairo_select_font_face(drawing->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(drawing->cairo, 11);
    int bottom = picture->height - LEGEND_HEIGHT - (picture->left_out ? FOOT : 0);
    draw_axis(drawing, bottom);
    for (size_t i = 0; i < picture->row_count; i++)
        draw_row(picture, &picture->rows[i]);
    cairo_set_source_rgb(drawing->cairo, 0.11, 0.15, 0.2);
    drawing_text(drawing, title, PICTURE_MARGIN, 12, 0);
    draw_legend(drawing, bottom + 4);
    if (picture->left_out) {
        snprintf(text, sizeof(text), "%zu row%s not shown", picture->left_out,
                 picture->left_out == 1 ? " is" : "s are");
        cairo_set_source_rgb(drawing->cairo, 0.35, 0.39, 0.44);
        drawing_text(drawing, text, PICTURE_NAMES, bottom + LEGEND_HEIGHT + 8, 0);
    }
}

int picture_write(const struct timeline *timeline, const char *title, const char *path)
{
    struct picture picture = {.drawing.timeline = timeline};
    struct drawing *drawing = &picture.drawing;

    timeline_span(timeline, &drawing->begin_ns, &drawing->end_ns);
    drawing->end_ns += drawing->end_ns == drawing->begin_ns;
    choose_rows(&picture);
    place_rows(&picture);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, PICTURE_WIDTH, picture.height);
    drawing->cairo = cairo_create(surface);
    draw(&picture, title);
    cairo_status_t done = cairo_status(drawing->cairo);
    if (done == CAIRO_STATUS_SUCCESS)
        done = cairo_surface_write_to_png(surface, path);
    cairo_destroy(drawing->cairo);
    cairo_surface_destroy(surface);
    cairo_debug_reset_static_data(); /* what it keeps for the next text; leak checkers count it */
    free(picture.rows);
    if (done == CAIRO_STATUS_SUCCESS)
        return 0;
    return fail(DAV_INTERNAL, "view: cannot write %s: %s", path, cairo_status_to_string(done));
}
