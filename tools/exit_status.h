/* exit_status.h - what the commands exit with beside enum dav_status; davsim(1) lists all of it. */
#ifndef DAV_TOOLS_EXIT_STATUS_H
#define DAV_TOOLS_EXIT_STATUS_H

enum {
    EXIT_FAILED = 1,           /* the program failed, or launched nothing */
    EXIT_FINDINGS = 3,         /* of check and explore */
    EXIT_CANNOT_EXECUTE = 126, /* these as a shell has them */
    EXIT_NOT_FOUND = 127,
    EXIT_SIGNAL = 128 /* and the signal's number */
};

#endif
