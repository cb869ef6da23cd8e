/* ask_report.h - what `davsim report` says of a trace. */
#ifndef DAV_TOOLS_VIEW_ASK_REPORT_H
#define DAV_TOOLS_VIEW_ASK_REPORT_H

/** ask_report - the JSON that `davsim report --json` prints for the trace @path, to be freed; NULL if it fails. */
char *ask_report(const char *path);

#endif
