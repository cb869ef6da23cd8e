/* pto_elf.h - is this a library that may be loaded? */
#ifndef DAV_TOOLS_PTO_ELF_H
#define DAV_TOOLS_PTO_ELF_H

#include "tools/pto.h"

/** pto_elf_why_not_library - what keeps @file from being a whole shared library for this machine.
 *  Return: NULL if nothing does, else the end of a sentence: "is cut short". */
const char *pto_elf_why_not_library(const struct pto_blob *file);

#endif
