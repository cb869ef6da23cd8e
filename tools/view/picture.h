/* picture.h - a timeline as a picture, for reports. */
#ifndef DAV_TOOLS_VIEW_PICTURE_H
#define DAV_TOOLS_VIEW_PICTURE_H

#include "traces/reader.h"

/** picture_write - draw @timeline into the PNG file @path; @title stands at the top.
 *  Return: 0, or a status after one line. */
int picture_write(const struct timeline *timeline, const char *title, const char *path);

#endif
