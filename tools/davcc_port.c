/* davcc_port.c - the assembler text that davcc adds to device code; see davcc_link.h. */
#include "tools/davcc_link.h"

#include "model/embed/image.h"
#include "model/embed/port_table.h"
#include "tools/davcc_run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct stub {
    const char *name;
    enum port_slot slot;
};

static const struct stub stubs[] = {
#define PORT(name) {#name, PORT_SLOT_##name},
#include "isa/port_table.def"
#undef PORT
    /* What the compiler calls by itself, after it has instrumented the code. */
    {"memcpy", PORT_SLOT___tsan_memcpy},
    {"memmove", PORT_SLOT___tsan_memmove},
    {"memset", PORT_SLOT___tsan_memset},
};

/* The image's destructors never run, and nothing of a module ends before the process does. */
static const char module_text[] = "\t.section .text.davsim.__cxa_atexit,\"ax\",@progbits\n"
                                  "\t.globl __cxa_atexit\n\t.hidden __cxa_atexit\n"
                                  "\t.type __cxa_atexit,@function\n"
                                  "__cxa_atexit:\n\txorl %eax, %eax\n\tret\n"
                                  "\t.section .data.rel.ro.davsim,\"aw\",@progbits\n"
                                  "\t.globl __dso_handle\n\t.hidden __dso_handle\n"
                                  "__dso_handle:\n\t.quad 0\n";

/* float -> bfloat16, to the nearest, ties to even; the compiler calls it, this libgcc has none. */
static const char bfloat_text[] = "\t.section .text.davsim.__truncsfbf2,\"ax\",@progbits\n"
                                  "\t.globl __truncsfbf2\n\t.hidden __truncsfbf2\n"
                                  "\t.type __truncsfbf2,@function\n"
                                  "__truncsfbf2:\n"
                                  "\tmovd %xmm0, %eax\n"
                                  "\tucomiss %xmm0, %xmm0\n"
                                  "\tjp 1f\n"
                                  "\tmovl %eax, %ecx\n\tshrl $16, %ecx\n\tandl $1, %ecx\n"
                                  "\tleal 0x7fff(%rax,%rcx), %eax\n"
                                  "\tshrl $16, %eax\n\tmovd %eax, %xmm0\n\tret\n"
                                  "1:\tshrl $16, %eax\n\torl $0x40, %eax\n\tmovd %eax, %xmm0\n\tret\n";

static void write_stubs(FILE *out)
{
    for (size_t i = 0; i < sizeof(stubs) / sizeof(stubs[0]); i++) {
        const char *name = stubs[i].name;
        fprintf(out, "\t.section .text.davsim.%s,\"ax\",@progbits\n", name);
        fprintf(out, "\t.globl %s\n\t.hidden %s\n\t.type %s,@function\n", name, name, name);
        fprintf(out, "%s:\n\tjmp *%#x\n", name, port_slot_addr(stubs[i].slot));
    }
}

static void write_string(FILE *out, const char *label, const char *text)
{
    fprintf(out, "%s:\n\t.asciz \"", label);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
            fprintf(out, "\\%03o", *c);
        else
            fputc(*c, out);
    fprintf(out, "\"\n");
}

/* The fields are those of struct image_footer, in its order. */
static void write_footer(FILE *out, enum target target, const char *name, const char *debug_path, uint64_t stamp)
{
    fprintf(out, "\t.section .davsim.footer,\"aw\",@progbits\n");
    write_string(out, ".Lname", name);
    write_string(out, ".Lpath", debug_path);
    fprintf(out, "\t.balign 64\n\t.globl davsim_footer\ndavsim_footer:\n");
    fprintf(out, "\t.quad davsim_entry, davsim_guards_start, davsim_guards_stop, davsim_pcs_start, davsim_pcs_stop\n");
    fprintf(out, "\t.quad .Lname, .Lpath, %#" PRIx64 ", %d, davsim_image_end\n", stamp,
            target == TARGET_AIV ? IMAGE_AIV : IMAGE_AIC);
    fprintf(out, "\t.long %u, %zu\n\t.quad %#" PRIx64 "\n", IMAGE_VERSION, sizeof(struct image_footer),
            (uint64_t)IMAGE_MAGIC);
}

/* A number that another build of the kernel would not have: FNV-1a over the objects. */
static uint64_t stamp_of(const struct list *objects)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < objects->count; i++) {
        FILE *file = fopen(objects->items[i], "re");
        for (int c; file && (c = getc_unlocked(file)) != EOF;)
            hash = (hash ^ (uint8_t)c) * 0x100000001b3u;
        if (file)
            fclose(file);
    }
    return hash;
}

int link_write_port(const char *path, enum target target, const char *entry, const char *debug_path,
                    const struct link_parts *parts)
{
    FILE *out = fopen(path, "we");
    if (!out)
        return complain(1, "cannot write %s: %s", path, strerror(errno));
    write_stubs(out);
    fputs(bfloat_text, out);
    if (entry) {
        fprintf(out, "\t.section .davsim.entry,\"ax\",@progbits\n\t.globl davsim_entry\n");
        fprintf(out, "\t.type davsim_entry,@function\ndavsim_entry:\n\tjmp \"%s\"\n", entry);
        write_footer(out, target, entry, debug_path, stamp_of(&parts->objects));
    } else {
        fputs(module_text, out);
    }
    fprintf(out, "\t.section .note.GNU-stack,\"\",@progbits\n");
    bool failed = ferror(out);
    if (fclose(out) != 0 || failed)
        return complain(1, "cannot write %s: %s", path, strerror(errno));
    return 0;
}
