/* test_elf.c - reading ELF files that are whole, of any machine, changed at any place, or cut anywhere: a text within
 * the file or one line, never a crash. tests/fuzz/elf_file.c judges each answer.
 */
#include "model/embed/elf_library.h"
#include "model/orchestration.h"
#include "tests/fuzz/elf_file.h"
#include "tools/pto.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct elf_kind kinds[] = {
    {ET_DYN, EM_X86_64, false}, {ET_REL, EM_X86_64, false}, {ET_DYN, EM_AARCH64, false},
    {ET_DYN, EM_S390, true},    {ET_DYN, EM_X86_64, true},  {ET_EXEC, EM_X86_64, false},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void assert_answers(const uint8_t *file, size_t size)
{
    char why[1200];
    if (!elf_file_read(file, size, why, sizeof(why)))
        fail_msg("%zu bytes: %s", size, why);
}

static void text_of_every_machine(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        uint8_t file[ELF_FILE_BYTES];
        struct pto_blob elf = {file, elf_file_make(&kinds[i], file)}, text = {0};
        assert_int_equal(pto_extract_text(&elf, &text), 0);
        assert_int_equal(text.size, 64);
        assert_int_equal(text.data[0], 1);
        assert_int_equal(text.data[63], 64);
        free(text.data);
    }
}

static void a_library_is_whole_and_for_this_machine(void **state)
{
    (void)state;
    static const char *const why[KINDS] = {NULL,
                                           "is not an ELF shared library",
                                           "is for another machine than x86-64",
                                           "is for another machine than x86-64",
                                           "is for another machine than x86-64",
                                           "is not an ELF shared library"};
    for (int i = 0; i < KINDS; i++) {
        uint8_t file[ELF_FILE_BYTES];
        char said[256];
        size_t size = elf_file_make(&kinds[i], file);
        const char *got = elf_library_why_not(file, size);
        if (!why[i])
            assert_null(got);
        else
            assert_string_equal(got, why[i]);
        assert_int_equal(orchestration_check(file, size, "entry", said, sizeof(said)), !why[i]);
        if (why[i])
            assert_non_null(strstr(said, why[i]));
        assert_false(orchestration_check(file, size, "entr", said, sizeof(said)));
        if (!why[i])
            assert_string_equal(elf_library_why_not(file, size - 1), "is cut short");
    }
}

/* Each byte of each kind, with several values; and every length. */
static void every_byte_may_be_another(void **state)
{
    (void)state;
    static const uint8_t values[] = {0, 1, 7, 0x40, 0x7f, 0x80, 0xff};
    for (int i = 0; i < KINDS; i++) {
        uint8_t file[ELF_FILE_BYTES];
        const size_t size = elf_file_make(&kinds[i], file);
        for (size_t at = 0; at < size; at++) {
            const uint8_t before = file[at];
            for (size_t v = 0; v < sizeof(values); v++) {
                file[at] = values[v];
                assert_answers(file, size);
            }
            file[at] = before;
            assert_answers(file, at);
        }
    }
}

static uint64_t lot = 88172645463325252u;

static uint64_t draw(uint64_t below)
{
    lot ^= lot << 13;
    lot ^= lot >> 7;
    lot ^= lot << 17;
    return (lot >> 20) % below;
}

/* The test program itself, which a linker has made: larger, with more sections and symbols. */
static uint8_t *own_file(size_t *size)
{
    FILE *file = fopen("/proc/self/exe", "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*size);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

/* Where it counts: the header of the file, those of segments behind it, those of sections at the end. */
static size_t draw_place(const uint8_t *file, size_t size)
{
    Elf64_Ehdr header;
    memcpy(&header, file, sizeof(header));
    switch (draw(4)) {
    case 0:
        return draw(sizeof(header));
    case 1:
        return header.e_phoff + draw(header.e_phnum * sizeof(Elf64_Phdr));
    case 2:
        return header.e_shoff + draw(header.e_shnum * sizeof(Elf64_Shdr));
    default:
        return draw(size);
    }
}

static void a_real_file_may_be_damaged_anyhow(void **state)
{
    (void)state;
    size_t size;
    uint8_t *whole = own_file(&size), *file = malloc(size);
    assert_non_null(file);
    for (int i = 0; i < 3000; i++) {
        memcpy(file, whole, size);
        for (uint64_t changes = 1 + draw(4); changes > 0; changes--)
            file[draw_place(whole, size)] = (uint8_t)draw(256);
        assert_answers(file, draw(4) ? size : draw(size + 1));
    }
    free(file);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_every_machine),
        cmocka_unit_test(a_library_is_whole_and_for_this_machine),
        cmocka_unit_test(every_byte_may_be_another),
        cmocka_unit_test(a_real_file_may_be_damaged_anyhow),
    };
    return cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
