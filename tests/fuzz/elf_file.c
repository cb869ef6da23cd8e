/* elf_file.c - see elf_file.h. The bytes are put one by one: nothing here has a byte order of its own. */
#include "tests/fuzz/elf_file.h"

#include "model/davsim.h"
#include "model/embed/elf_library.h"
#include "model/orchestration.h"
#include "tools/fail.h"
#include "tools/pto.h"

#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- making ---- */

enum { TEXT_AT = 128, TEXT_BYTES = 64, SYMBOLS_AT = 192, NAMES_AT = 256, SECTIONS_AT = 320, SECTIONS = 5 };

static const char names[] = "\0.text\0.dynsym\0.dynstr\0.shstrtab\0entry"; /* of sections, and the symbol's */

struct writer {
    uint8_t *at;
    bool big_endian;
};

static void put(struct writer *to, size_t bytes, uint64_t value)
{
    for (size_t i = 0; i < bytes; i++)
        to->at[to->big_endian ? bytes - 1 - i : i] = (uint8_t)(value >> 8 * i);
    to->at += bytes;
}

static uint32_t name_of(const char *name)
{
    return (uint32_t)((const char *)memmem(names, sizeof(names), name, strlen(name) + 1) - names);
}

static void put_header(struct writer *to, const struct elf_kind *kind)
{
    memcpy(to->at, ELFMAG, SELFMAG);
    to->at[EI_CLASS] = ELFCLASS64;
    to->at[EI_DATA] = kind->big_endian ? ELFDATA2MSB : ELFDATA2LSB;
    to->at[EI_VERSION] = EV_CURRENT;
    to->at += EI_NIDENT;
    put(to, 2, kind->type);
    put(to, 2, kind->machine);
    put(to, 4, EV_CURRENT);
    put(to, 8, 0); /* entry */
    put(to, 8, sizeof(Elf64_Ehdr));
    put(to, 8, SECTIONS_AT);
    put(to, 4, 0); /* flags */
    put(to, 2, sizeof(Elf64_Ehdr));
    put(to, 2, sizeof(Elf64_Phdr));
    put(to, 2, 1);
    put(to, 2, sizeof(Elf64_Shdr));
    put(to, 2, SECTIONS);
    put(to, 2, SECTIONS - 1);
}

static void put_segment(struct writer *to, uint64_t size)
{
    put(to, 4, PT_LOAD);
    put(to, 4, PF_R | PF_X);
    put(to, 8, 0);
    put(to, 8, 0);
    put(to, 8, 0);
    put(to, 8, size);
    put(to, 8, size);
    put(to, 8, 4096);
}

static void put_symbols(struct writer *to)
{
    to->at += sizeof(Elf64_Sym); /* the first one is none */
    put(to, 4, name_of("entry"));
    put(to, 1, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC));
    put(to, 1, STV_DEFAULT);
    put(to, 2, 1); /* its section */
    put(to, 8, TEXT_AT);
    put(to, 8, TEXT_BYTES);
}

static void put_section(struct writer *to, const char *name, uint32_t type, uint64_t at, uint64_t size)
{
    put(to, 4, name_of(name));
    put(to, 4, type);
    put(to, 8, type == SHT_PROGBITS ? SHF_ALLOC | SHF_EXECINSTR : 0);
    put(to, 8, at);
    put(to, 8, at);
    put(to, 8, size);
    put(to, 4, type == SHT_DYNSYM ? 3 : 0); /* where the names are */
    put(to, 4, 1);                          /* the first global symbol */
    put(to, 8, 8);
    put(to, 8, type == SHT_DYNSYM ? sizeof(Elf64_Sym) : 0);
}

size_t elf_file_make(const struct elf_kind *kind, uint8_t file[ELF_FILE_BYTES])
{
    const size_t size = SECTIONS_AT + SECTIONS * sizeof(Elf64_Shdr);
    struct writer to = {file, kind->big_endian};

    memset(file, 0, ELF_FILE_BYTES);
    put_header(&to, kind);
    put_segment(&to, size);
    for (int i = 0; i < TEXT_BYTES; i++)
        file[TEXT_AT + i] = (uint8_t)(i + 1);
    to.at = file + SYMBOLS_AT;
    put_symbols(&to);
    memcpy(file + NAMES_AT, names, sizeof(names));
    to.at = file + SECTIONS_AT + sizeof(Elf64_Shdr);
    put_section(&to, ".text", SHT_PROGBITS, TEXT_AT, TEXT_BYTES);
    put_section(&to, ".dynsym", SHT_DYNSYM, SYMBOLS_AT, 2 * sizeof(Elf64_Sym));
    put_section(&to, ".dynstr", SHT_STRTAB, NAMES_AT, sizeof(names));
    put_section(&to, ".shstrtab", SHT_STRTAB, NAMES_AT, sizeof(names));
    return size;
}

/* ---- reading ---- */

static int lines;
static char line[1024];

static void hear(const char *told)
{
    lines++;
    snprintf(line, sizeof(line), "%s", told);
}

static bool wrong(char *why, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool wrong(char *why, size_t room, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, room, format, args);
    va_end(args);
    return false;
}

/* Success without a line, or bad input with one. */
static bool is_answer(const char *of, int status, char *why, size_t room)
{
    if (status == 0 ? lines == 0 : status == DAV_BAD_INPUT && lines == 1 && *line && !strchr(line, '\n'))
        return true;
    return wrong(why, room, "%s: status %d with %d line(s), the last: %s", of, status, lines, line);
}

static bool read_text(const struct pto_blob *elf, char *why, size_t room)
{
    struct pto_blob text = {0};
    lines = 0;
    int status = pto_extract_text(elf, &text);
    bool right = is_answer("pto_extract_text", status, why, room);
    if (status != 0 && (text.data || text.size))
        right = wrong(why, room, "pto_extract_text failed, and gave %zu bytes", text.size);
    if (status == 0 && (text.size == 0 || !memmem(elf->data, elf->size, text.data, text.size)))
        right = wrong(why, room, "pto_extract_text gave %zu bytes that are not the file's", text.size);
    free(text.data);
    return right;
}

static bool read_library(const struct pto_blob *elf, char *why, size_t room)
{
    const char *refused = elf_library_why_not(elf->data, elf->size);
    char said[256] = "";
    bool accepted = orchestration_check(elf->data, elf->size, "entry", said, sizeof(said));
    if (accepted ? *said : !*said || strchr(said, '\n'))
        return wrong(why, room, "orchestration_check: %d with the line: %s", accepted, said);
    if (refused && accepted)
        return wrong(why, room, "is an orchestration, though it %s", refused);
    return true;
}

bool elf_file_read(const uint8_t *file, size_t size, char *why, size_t room)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page * page;
    uint8_t *memory = mmap(NULL, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + pages, page, PROT_NONE) != 0)
        abort();
    struct pto_blob elf = {memory + pages - size, size};
    if (size)
        memcpy(elf.data, file, size);
    fail_tell(hear);
    bool right = read_text(&elf, why, room) && read_library(&elf, why, room);
    if (right && size && memcmp(elf.data, file, size) != 0)
        right = wrong(why, room, "the file was written to");
    fail_tell(NULL);
    munmap(memory, pages + page);
    return right;
}
