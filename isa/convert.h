/* convert.h - how the bodies of convert.def are run: a function of rows, for every repeat. Of isa/convert*.c alone. */
#ifndef DAV_ISA_CONVERT_H
#define DAV_ISA_CONVERT_H

#include "isa/row.h"

/* All lanes of a repeat, whichever act: the others are not put back. */
typedef void isa_convert_row(const struct isa_exec *x, union isa_row *to, const union isa_row *from0,
                             const union isa_row *from1);

/** isa_convert - run @row for every repeat; an instruction of one source has no @from1. */
void isa_convert(const struct isa_exec *x, uint32_t sources, isa_convert_row *row);

/** isa_wraps - whether what does not fit an integer keeps its low bits (CTRL bit 59) instead of being saturated. */
static inline bool isa_wraps(const struct isa_exec *x)
{
    return x->state.spr[ISA_SPR_CTRL] >> 59 & 1;
}

#endif
