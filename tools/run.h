/* run.h - `davsim run`. */
#ifndef DAV_TOOLS_RUN_H
#define DAV_TOOLS_RUN_H

/** run_main - run the user's program on the simulated chip and report.
 *  @argv: from the word "run" on.
 *  Return: the exit status of `davsim`, as davsim(1) lists them. */
int run_main(int argc, char **argv);

#endif
