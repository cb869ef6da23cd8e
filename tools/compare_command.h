/* compare_command.h - `davsim compare`: two traces side by side. */
#ifndef DAV_TOOLS_COMPARE_COMMAND_H
#define DAV_TOOLS_COMPARE_COMMAND_H

/** compare_command_main - the subcommand; @argv[0] is its name. Return: the exit status. */
int compare_command_main(int argc, char **argv);

#endif
