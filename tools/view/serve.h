/* serve.h - the page and what it asks for, over HTTP on the loopback interface.
 *
 *     /             the page
 *     /timeline     the columns (pack.h)
 *     /slice/N      all that is known of a slice (detail.h)
 *     /critical     the critical path of each launch (critical.h)
 *     /trace        the trace file as it is
 */
#ifndef DAV_TOOLS_VIEW_SERVE_H
#define DAV_TOOLS_VIEW_SERVE_H

#include "traces/reader.h"

#include <stdbool.h>
#include <stdint.h>

struct view {
    const struct timeline *timeline;
    const char *path;  /* of the trace */
    const char *title; /* its name */
};

/** serve - until SIGINT or SIGTERM. The address is printed as a line of its own on standard output.
 *  @port: 0: any that is free. @browser: open the address in the user's browser.
 *  Return: 0, or a status after one line. */
int serve(const struct view *view, uint16_t port, bool browser);

#endif
