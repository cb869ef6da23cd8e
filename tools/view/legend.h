/* legend.h - what the colours of a picture mean. */
#ifndef DAV_TOOLS_VIEW_LEGEND_H
#define DAV_TOOLS_VIEW_LEGEND_H

#include "tools/view/drawing.h"

enum { LEGEND_HEIGHT = 26 };

/** draw_legend - a line at @y: the kernels that took most time, most first. */
void draw_legend(struct drawing *drawing, int y);

#endif
