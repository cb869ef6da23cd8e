/* report_holds.h - whether the report of a timeline, however senseless, keeps what it promises: hops that follow one
 * another through each launch, idle and busy time that sum up, and that a program and a comparison can read it. */
#ifndef DAV_FUZZ_REPORT_HOLDS_H
#define DAV_FUZZ_REPORT_HOLDS_H

#include "traces/reader.h"

/** report_holds - NULL, or what does not hold. */
const char *report_holds(const struct timeline *timeline);

#endif
