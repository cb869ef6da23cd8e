/* elf_file.h - small ELF files made by hand, for readers that must take any; and the reading of one. */
#ifndef DAV_TESTS_ELF_FILE_H
#define DAV_TESTS_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ELF_FILE_BYTES = 1024 };

struct elf_kind {
    uint16_t type, machine; /* ET_DYN, EM_X86_64, ... */
    bool big_endian;
};

/** elf_file_make - a 64-bit ELF file of one segment, with .text, .dynsym (the function "entry"), .dynstr and .shstrtab.
 *  @file: receives it. Return: its size. */
size_t elf_file_make(const struct elf_kind *kind, uint8_t file[ELF_FILE_BYTES]);

/** elf_file_read - all that tools/pto_elf.c does, on a file that ends where memory does: a read past it is a fault.
 *  @why: receives what went wrong. Return: whether every answer is one that it may give. */
bool elf_file_read(const uint8_t *file, size_t size, char *why, size_t room);

#endif
