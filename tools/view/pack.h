/* pack.h - a timeline as the page of `davsim view` wants it: columns of numbers that a browser maps as typed arrays.
 *
 *     "DAVVIEW1"  uint32 length of the JSON  uint32 0  JSON  columns
 *
 * Little-endian; every column begins at a multiple of 8 bytes. The JSON tells strings, rows, and of each column its
 * name, type, offset in the file and count. Arguments are not in it: the page asks for those of a slice (detail.h).
 */
#ifndef DAV_TOOLS_VIEW_PACK_H
#define DAV_TOOLS_VIEW_PACK_H

#include "traces/reader.h"

/** pack_timeline - @timeline for the page, to be freed; *@size bytes.
 *  @title: what the page calls it. */
unsigned char *pack_timeline(const struct timeline *timeline, const char *title, size_t *size);

#endif
