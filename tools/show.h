/* show.h - numbers as people read them, in the tables of all commands. */
#ifndef DAV_TOOLS_SHOW_H
#define DAV_TOOLS_SHOW_H

/* Each writes into @text and returns it. */

/** show_time - @ps with the unit that suits it: "457 ns". */
const char *show_time(char text[32], double ps);

/** show_count - 1234567 as "1,234,567". */
const char *show_count(char text[32], long long count);

/** show_share - @part of @whole as "48.8 %"; "-" of nothing. */
const char *show_share(char text[32], double part, double whole);

/** show_ratio - @b / @a as "1.25x"; "new", "gone" or "-" where there is none. */
const char *show_ratio(char text[32], double a, double b);

#endif
