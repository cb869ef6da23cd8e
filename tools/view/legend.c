/* legend.c - see legend.h. */
#include "tools/view/legend.h"

#include <stdlib.h>
#include <string.h>

enum { BOX = 11, GAP = 18 };

struct entry {
    const struct trace_slice *slice; /* one of the kernel; NULL: none */
    double total_ns;
};

static int by_total(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->total_ns != y->total_ns)
        return x->total_ns < y->total_ns ? 1 : -1;
    if (!x->slice || !y->slice)
        return !x->slice - !y->slice;
    return x->slice < y->slice ? -1 : x->slice > y->slice;
}

void draw_legend(struct drawing *drawing, int y)
{
    const struct timeline *timeline = drawing->timeline;
    uint32_t task = timeline_string(timeline, "task");
    struct entry *entries = calloc(timeline->string_count, sizeof(*entries));
    double x = PICTURE_NAMES;
    cairo_text_extents_t extents;

    if (!entries)
        abort();
    for (size_t i = 0; i < timeline->slice_count; i++) {
        const struct trace_slice *slice = &timeline->slices[i];
        struct entry *entry = &entries[slice->name];
        if (slice->category != task || slice->instant)
            continue;
        if (!entry->slice)
            entry->slice = slice;
        entry->total_ns += (double)(slice->end_ns - slice->begin_ns);
    }
    qsort(entries, timeline->string_count, sizeof(*entries), by_total);
    for (size_t i = 0; i < timeline->string_count && entries[i].slice; i++) {
        const char *name = timeline->strings[entries[i].slice->name];
        cairo_text_extents(drawing->cairo, name, &extents);
        if (x + BOX + extents.x_advance + GAP > PICTURE_WIDTH)
            break;
        drawing_colour(drawing, entries[i].slice, 1);
        cairo_rectangle(drawing->cairo, x, y + 5, BOX, BOX);
        cairo_fill(drawing->cairo);
        cairo_set_source_rgb(drawing->cairo, 0.11, 0.15, 0.2);
        drawing_text(drawing, name, x + BOX + 4, y + 10, 0);
        x += BOX + 4 + extents.x_advance + GAP;
    }
    free(entries);
}
