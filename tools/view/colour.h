/* colour.h - a colour for each name, the same in each trace, and in the page (page/colour.js). */
#ifndef DAV_TOOLS_VIEW_COLOUR_H
#define DAV_TOOLS_VIEW_COLOUR_H

struct colour {
    double red, green, blue; /* 0 to 1 */
};

/** colour_of - of slices called @name in @category: vivid for kernels, pale for what surrounds them. */
struct colour colour_of(const char *name, const char *category);

#endif
