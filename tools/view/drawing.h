/* drawing.h - what the parts of a picture share: the surface, the scale of time, and the rows that are drawn. */
#ifndef DAV_TOOLS_VIEW_DRAWING_H
#define DAV_TOOLS_VIEW_DRAWING_H

#include "tools/view/colour.h"
#include "traces/reader.h"

#include <cairo.h>

enum {
    PICTURE_WIDTH = 1600,
    PICTURE_NAMES = 150, /* for the rows' names */
    PICTURE_HEAD = 48,   /* title and axis */
    PICTURE_ROW = 17,
    PICTURE_CURVE = 40,
    PICTURE_MARGIN = 10,
    PICTURE_TIME = PICTURE_WIDTH - PICTURE_NAMES - PICTURE_MARGIN /* pixels that are time */
};

struct drawing {
    const struct timeline *timeline;
    cairo_t *cairo;
    int64_t begin_ns, end_ns; /* of what is drawn; not the same */
};

/* A row that is drawn: its slices or samples, and where. */
struct drawn_row {
    uint32_t row;
    size_t first, count; /* slices, of a counter samples */
    int y;
};

/** drawing_x - the pixel of a time. */
double drawing_x(const struct drawing *drawing, int64_t time_ns);

/** drawing_text - @text at (x, y), y its middle; at most @width pixels of it, 0: all. Returns false, having drawn
 * nothing, if it does not fit. */
bool drawing_text(const struct drawing *drawing, const char *text, double x, double y, double width);

/** drawing_colour - set the colour of a slice, @alpha of it. */
void drawing_colour(struct drawing *drawing, const struct trace_slice *slice, double alpha);

/** draw_slices - one row of slices. Names are written where nothing lies over a slice and they fit. */
void draw_slices(struct drawing *drawing, const struct drawn_row *row);

/** draw_curve - one row of samples; draw_curve_scale - beside it, the highest value. */
void draw_curve(struct drawing *drawing, const struct drawn_row *row);
void draw_curve_scale(struct drawing *drawing, const struct drawn_row *row);

/** draw_axis - ticks, and lines down to @bottom. */
void draw_axis(struct drawing *drawing, int bottom);

#endif
