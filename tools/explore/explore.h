/* explore.h - `davsim explore`: a program, run many times with the chip perturbed within what its chip file allows. */
#ifndef DAV_TOOLS_EXPLORE_H
#define DAV_TOOLS_EXPLORE_H

/** explore_main - explore, print what was found and how to replay it.
 *  @argv: from the word "explore" on.
 *  Return: the exit status of `davsim`, as davsim(1) lists them. */
int explore_main(int argc, char **argv);

#endif
