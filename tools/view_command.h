/* view_command.h - `davsim view`: look at a trace, in a browser or as a picture. */
#ifndef DAV_TOOLS_VIEW_COMMAND_H
#define DAV_TOOLS_VIEW_COMMAND_H

/** view_main - the subcommand; @argv[0] is its name. Return: its exit status. */
int view_main(int argc, char **argv);

#endif
