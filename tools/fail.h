/* fail.h - the one way in which a tool tells the user that something went wrong: one line, then a status. */
#ifndef DAV_TOOLS_FAIL_H
#define DAV_TOOLS_FAIL_H

/** fail - print "davsim: " and the message as one line on stderr.
 *  @status: what to return, one of enum dav_status.
 *  Return: @status, so that a caller can `return fail(...)`. */
int fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** fail_tell - hand each line to @tell, without "davsim: ", instead of printing it. NULL: print again. */
void fail_tell(void (*tell)(const char *line));

#endif
