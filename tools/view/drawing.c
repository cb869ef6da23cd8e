/* drawing.c - see drawing.h. Edges are not smoothed: a slice covers whole pixels, and the picture is small. */
#include "tools/view/drawing.h"

#include <math.h>
#include <stdio.h>

enum { DEEPEST = 4, MOST_DEPTHS = 64, TICK = 110 /* pixels between two, at least */, LEAST_NAME = 14 };
static const double NARROW = 1.5; /* pixels */

static double span_ns(const struct drawing *drawing)
{
    return (double)(drawing->end_ns - drawing->begin_ns);
}

double drawing_x(const struct drawing *drawing, int64_t time_ns)
{
    return PICTURE_NAMES + (double)(time_ns - drawing->begin_ns) / span_ns(drawing) * PICTURE_TIME;
}

bool drawing_text(const struct drawing *drawing, const char *text, double x, double y, double width)
{
    cairo_text_extents_t extents;
    cairo_text_extents(drawing->cairo, text, &extents);
    if (width > 0 && extents.x_advance > width)
        return false;
    cairo_move_to(drawing->cairo, x, y + 4);
    cairo_show_text(drawing->cairo, text);
    return true;
}

void drawing_colour(struct drawing *drawing, const struct trace_slice *slice, double alpha)
{
    const char *const *strings = drawing->timeline->strings;
    struct colour colour = colour_of(strings[slice->name], strings[slice->category]);
    cairo_set_source_rgba(drawing->cairo, colour.red, colour.green, colour.blue, alpha);
}

/* Inner slices are drawn into outer ones, a little lower each. */
static int inset(uint32_t depth)
{
    return 2 * (int)(depth < DEEPEST ? depth : DEEPEST);
}

static void fill(struct drawing *drawing, const struct drawn_row *row, uint32_t depth, double left, double right)
{
    int height = PICTURE_ROW - 1 - inset(depth);
    cairo_rectangle(drawing->cairo, left, row->y + inset(depth), right - left, height);
    cairo_fill(drawing->cairo);
}

/* What begins in one pixel of one depth and is too narrow to be drawn by itself: one bar, as opaque as they cover it.
 */
struct bar {
    const struct trace_slice *slice; /* the first; NULL: empty */
    double x, covered_ns;
};

static void bar_draw(struct drawing *drawing, const struct drawn_row *row, struct bar *bar)
{
    if (!bar->slice)
        return;
    double coverage = bar->covered_ns / (span_ns(drawing) / PICTURE_TIME);
    drawing_colour(drawing, bar->slice, 0.25 + 0.75 * fmin(coverage, 1));
    fill(drawing, row, bar->slice->depth, bar->x, bar->x + 1);
    bar->slice = NULL;
}

static void bar_add(struct drawing *drawing, const struct drawn_row *row, struct bar *bar,
                    const struct trace_slice *slice, double x)
{
    if (bar->slice && bar->x != floor(x))
        bar_draw(drawing, row, bar);
    if (!bar->slice)
        *bar = (struct bar){.slice = slice, .x = floor(x)};
    bar->covered_ns += (double)(slice->end_ns - slice->begin_ns);
}

static void draw_name(struct drawing *drawing, const struct drawn_row *row, const struct trace_slice *slice)
{
    double left = drawing_x(drawing, slice->begin_ns), right = drawing_x(drawing, slice->end_ns);
    if (right - left < LEAST_NAME)
        return;
    cairo_set_source_rgb(drawing->cairo, 0.11, 0.15, 0.2);
    drawing_text(drawing, drawing->timeline->strings[slice->name], left + 3,
                 row->y + (PICTURE_ROW + inset(slice->depth)) / 2.0 - 1, right - left - 6);
}

static void draw_instant(struct drawing *drawing, const struct drawn_row *row, const struct trace_slice *slice)
{
    double x = drawing_x(drawing, slice->begin_ns);
    cairo_set_source_rgb(drawing->cairo, 0.64, 0.24, 0.24);
    cairo_move_to(drawing->cairo, x, row->y + 3);
    cairo_rel_line_to(drawing->cairo, 4, 8);
    cairo_rel_line_to(drawing->cairo, -8, 0);
    cairo_fill(drawing->cairo);
}

/* Returns whether there is something deeper. */
static bool draw_depth(struct drawing *drawing, const struct drawn_row *row, uint32_t depth)
{
    const struct trace_slice *slices = drawing->timeline->slices;
    struct bar bar = {0};
    bool deeper = false;

    for (size_t i = row->first; i < row->first + row->count; i++) {
        const struct trace_slice *slice = &slices[i];
        if (slice->depth > depth)
            deeper = true;
        if (slice->depth != depth || slice->instant)
            continue;
        double left = drawing_x(drawing, slice->begin_ns), right = drawing_x(drawing, slice->end_ns);
        if (right - left < NARROW) {
            bar_add(drawing, row, &bar, slice, left);
            continue;
        }
        bar_draw(drawing, row, &bar);
        drawing_colour(drawing, slice, 1);
        fill(drawing, row, depth, left, right);
        if (i + 1 == row->first + row->count || slices[i + 1].parent != i) /* nothing will be drawn over it */
            draw_name(drawing, row, slice);
    }
    bar_draw(drawing, row, &bar);
    return deeper;
}

void draw_slices(struct drawing *drawing, const struct drawn_row *row)
{
    /* What is deeper than that has long been drawn over. */
    for (uint32_t depth = 0; depth < MOST_DEPTHS && draw_depth(drawing, row, depth);)
        depth++;
    for (size_t i = row->first; i < row->first + row->count; i++)
        if (drawing->timeline->slices[i].instant)
            draw_instant(drawing, row, &drawing->timeline->slices[i]);
}

static double highest(const struct drawing *drawing, const struct drawn_row *row)
{
    double most = 0;
    for (size_t i = row->first; i < row->first + row->count; i++)
        most = fmax(most, drawing->timeline->samples[i].value);
    return most;
}

void draw_curve(struct drawing *drawing, const struct drawn_row *row)
{
    const struct trace_sample *samples = &drawing->timeline->samples[row->first];
    double most = highest(drawing, row);

    cairo_set_source_rgb(drawing->cairo, 0.48, 0.65, 0.85);
    for (size_t i = 0; most > 0 && i < row->count; i++) {
        int64_t until_ns = i + 1 < row->count ? samples[i + 1].time_ns : drawing->end_ns;
        double left = floor(drawing_x(drawing, samples[i].time_ns)), right = ceil(drawing_x(drawing, until_ns));
        double height = fmax(samples[i].value, 0) / most * (PICTURE_CURVE - 6);
        cairo_rectangle(drawing->cairo, left, row->y + PICTURE_CURVE - 2 - height, right - left, height);
        cairo_fill(drawing->cairo);
    }
}

void draw_curve_scale(struct drawing *drawing, const struct drawn_row *row)
{
    const char *unit = drawing->timeline->rows[row->row].unit;
    char text[64];

    snprintf(text, sizeof(text), "%g %s", highest(drawing, row), unit ? unit : "");
    cairo_set_source_rgb(drawing->cairo, 0.35, 0.39, 0.44);
    drawing_text(drawing, text, PICTURE_MARGIN, row->y + 24, 0);
}

/* The least of 1, 2, 5, 10, ... that is not below @least. */
static int64_t step_for(double least)
{
    static const int64_t factors[] = {2, 5, 10};
    for (int64_t power = 1;; power *= 10) {
        if ((double)power >= least)
            return power;
        for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++)
            if ((double)(factors[i] * power) >= least)
                return factors[i] * power;
    }
}

void draw_axis(struct drawing *drawing, int bottom)
{
    static const struct {
        double ns;
        const char *name;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1, "ns"}};
    int64_t step = step_for(span_ns(drawing) * TICK / PICTURE_TIME);
    size_t unit = 0;
    char text[64];

    while (unit < 3 && units[unit].ns > fmax((double)drawing->end_ns, (double)step))
        unit++;
    int digits = (int)fmax(0, ceil(-log10((double)step / units[unit].ns) - 1e-9));
    for (int64_t time = (drawing->begin_ns + step - 1) / step * step; time <= drawing->end_ns; time += step) {
        double x = floor(drawing_x(drawing, time));
        cairo_set_source_rgb(drawing->cairo, 0.92, 0.94, 0.95);
        cairo_rectangle(drawing->cairo, x, PICTURE_HEAD - 4, 1, bottom - PICTURE_HEAD + 4);
        cairo_fill(drawing->cairo);
        snprintf(text, sizeof(text), "%.*f %s", digits, (double)time / units[unit].ns, units[unit].name);
        cairo_set_source_rgb(drawing->cairo, 0.35, 0.39, 0.44);
        if (x + 60 < PICTURE_WIDTH)
            drawing_text(drawing, text, x + 3, PICTURE_HEAD - 12, 0);
    }
}
