/* fuzz_elf.c - libFuzzer's way into the reader of ELF files. It starts from files that are right: what is random from
 * the first byte on is refused by the first one. */
#include "tests/fuzz/elf_file.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room); /* libFuzzer's own */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char why[1200];

    if (elf_file_read(bytes, size, why, sizeof(why)))
        return 0;
    fprintf(stderr, "%s\n", why);
    abort();
}

/* Writes over one field of the header or of a section: a number that is small, large or of the file's own size. */
static void change_field(uint8_t *bytes, size_t size, unsigned seed)
{
    static const uint64_t far[] = {UINT64_MAX, INT64_MAX, UINT32_MAX, 1ull << 32, 1ull << 48};
    const size_t width = 1u << (seed % 4), places = size / width;
    const uint64_t value = seed & 64 ? far[seed / 128 % 5] : seed & 16 ? size + seed / 128 % 3 - 1 : seed / 128 % 8;

    if (places)
        memcpy(bytes + seed / 1024 % places * width, &value, width);
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    static const struct elf_kind kinds[] = {
        {ET_DYN, EM_X86_64, false}, {ET_REL, EM_X86_64, false}, {ET_DYN, EM_AARCH64, false}, {ET_DYN, EM_S390, true}};

    if (size < sizeof(Elf64_Ehdr) && room >= ELF_FILE_BYTES)
        return elf_file_make(&kinds[seed % 4], bytes);
    if (seed & 32)
        return LLVMFuzzerMutate(bytes, size, room);
    change_field(bytes, size, seed);
    return size;
}
