/* fuzz.c - libFuzzer's way in: model/memory against the reference, on programs that it makes up. What it finds is told
 * step by step; `build/.../fuzz_memory FILE` tells it again. */
#include <stdlib.h>

#include "tests/fuzz/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room); /* libFuzzer's own */

enum { MORE_BYTES = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char why[256];

    if (program_run(bytes, size, NULL, why, sizeof(why)))
        return 0;
    program_run(bytes, size, stderr, why, sizeof(why));
    fprintf(stderr, "%s\n", why);
    abort();
}

/* libFuzzer changes a program here and there. Some faults need many steps, none of which reaches new code by itself:
 * now and then a program goes on by lot. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    uint64_t lot = seed * 0x9e3779b97f4a7c15ull | 1;
    size_t end = size + MORE_BYTES < room ? size + MORE_BYTES : room;

    if (seed % 4)
        return LLVMFuzzerMutate(bytes, size, room);
    for (; size < end; size++) {
        lot ^= lot << 13;
        lot ^= lot >> 7;
        lot ^= lot << 17;
        bytes[size] = (uint8_t)(lot >> 32);
    }
    return size;
}
