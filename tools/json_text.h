/* json_text.h - strings of a trace as JSON. A foreign trace may have bytes that are no UTF-8; JSON may not. */
#ifndef DAV_TOOLS_JSON_TEXT_H
#define DAV_TOOLS_JSON_TEXT_H

#include <jansson.h>

/** json_text - @text, in which '?' stands for all that is not ASCII if it is no UTF-8. */
json_t *json_text(const char *text);

#endif
