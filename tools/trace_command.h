/* trace_command.h - `davsim trace`: what is done to traces that have been written. */
#ifndef DAV_TOOLS_TRACE_COMMAND_H
#define DAV_TOOLS_TRACE_COMMAND_H

/** trace_main - @argv begins with the word "trace". Return: the exit status. */
int trace_main(int argc, char **argv);

#endif
