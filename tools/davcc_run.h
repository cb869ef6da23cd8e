/* davcc_run.h - the commands davcc consists of: run, or only shown (-###). */
#ifndef DAV_DAVCC_RUN_H
#define DAV_DAVCC_RUN_H

#include "tools/list.h"

/** command_run - run @command and wait. Its messages go to stderr as they are.
 *  Return: its exit status; 1 after one line of ours if it cannot be run at all, 128 + n if signal n ended it. */
int command_run(const struct list *command);

/** command_show - print @command on one line, quoted as a shell would need it. */
void command_show(const struct list *command);

/** command_step - run @command, or with @show only print it, and free it. Return: as command_run. */
int command_step(struct list *command, bool show);

/** complain - print "davcc: " and the message as one line on stderr. Return: @status. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
