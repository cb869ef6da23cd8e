/* davcc_ub.c - see davcc_ub.h. One instruction is one line of the text, so the rewriting goes line by line.
 *
 *     %3 = load float, ptr addrspace(8) %2, align 4, !dbg !9
 *
 * becomes
 *
 *     %dav.ub.1.at = ptrtoint ptr addrspace(8) %2 to i64
 *     %dav.ub.1 = call ptr @dav_ub(i64 %dav.ub.1.at, i32 SIZE, i32 0), !dbg !9
 *     %3 = load float, ptr %dav.ub.1, align 4, !dbg !9, !nosanitize !{}
 *
 * SIZE is a constant expression over the type, so that the compiler computes it. The last attachment keeps the race
 * detector's hooks away from memory that is not GM. Every other instruction that has such a pointer among its operands
 * must be one of those known to do no access.
 */
#include "tools/davcc_ub.h"

#include "tools/davcc_run.h"
#include "tools/davcc_static.h"
#include "tools/davcc_text.h"
#include "tools/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UB_POINTER   "ptr addrspace(8)"
#define NO_SANITIZER ", !nosanitize !{}"

#define NOTHING_KNOWN "%.*s with a pointer into UB is nothing that davcc knows how to do"

struct filter {
    const char *ir, *source;
    struct span constructors;
    FILE *out;
    unsigned accesses;
    int status;
};

/* ---- where in the source an instruction comes from ---- */

/* The text of the metadata node whose reference `!7` stands behind @key in @node; NULL if there is none. */
static const char *follow(const struct filter *filter, struct span node, const char *key)
{
    char wanted[32];
    const char *reference = span_find(node, key);

    if (!reference)
        return NULL;
    int number = atoi(reference + strlen(key));
    snprintf(wanted, sizeof(wanted), "\n!%d = ", number);
    const char *found = strstr(filter->ir, wanted);
    return found ? found + 1 : NULL;
}

/* Complains about the instruction or variable in @line, with its place in the source. */
__attribute__((format(printf, 3, 4))) static void refuse(struct filter *filter, struct span line, const char *format,
                                                         ...)
{
    const char *node = follow(filter, line, "!dbg !"), *number = NULL, *name = NULL;
    char message[512];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    if (node && follow(filter, ir_line(node), "var: !"))
        node = follow(filter, ir_line(node), "var: !");
    if (node)
        number = span_find(ir_line(node), "line: ");
    for (int depth = 0; node && !name && depth < 64; depth++) {
        const char *file = follow(filter, ir_line(node), "file: !");
        name = file ? span_find(ir_line(file), "filename: \"") : NULL;
        node = follow(filter, ir_line(node), "scope: !");
    }
    filter->status = 1;
    if (number && name) {
        name += strlen("filename: \"");
        complain(1, "%.*s:%d: %s", (int)strcspn(name, "\""), name, atoi(number + strlen("line: ")), message);
    } else {
        complain(1, "%s: %s", filter->source, message);
    }
}

/* ---- accesses ---- */

/* Writes the call that names the memory of an access; @size: as an operand with its type, @line: of the access.
 * Return: the call's number, which its value is named by. */
static unsigned write_call(struct filter *filter, struct span line, struct span pointer, const char *size, bool store)
{
    unsigned number = ++filter->accesses;
    const char *debug = span_find(line, ", !dbg ");

    fprintf(filter->out, "  %%dav.ub.%u.at = ptrtoint %s %.*s to i64\n", number, UB_POINTER, pointer.length,
            pointer.at);
    fprintf(filter->out, "  %%dav.ub.%u = call ptr @dav_ub(i64 %%dav.ub.%u.at, %s, i32 %d)", number, number, size,
            store);
    if (debug)
        fprintf(filter->out, "%.*s", (int)(ir_piece_end(debug + 2) - debug), debug);
    fputc('\n', filter->out);
    return number;
}

/* Writes an access whose pointer is the value at @pointer (its type before it) and accesses a @type; true if UB is what
 * it points into. */
static bool write_access(struct filter *filter, struct span line, const char *pointer, struct span type, bool store)
{
    const char *value = pointer + strlen(UB_POINTER " "), *end = line.at + line.length;
    char size[1024];

    if (!text_starts(pointer, UB_POINTER " "))
        return false;
    int length = snprintf(size, sizeof(size), "i32 ptrtoint (ptr getelementptr (%.*s, ptr null, i32 1) to i32)",
                          type.length, type.at);
    if (length >= (int)sizeof(size)) {
        refuse(filter, line, "the scalar unit cannot access a %.32s... in UB", type.at);
        return true;
    }
    const char *value_end = ir_value_end(value);
    unsigned number = write_call(filter, line, span(value, value_end), size, store);
    fprintf(filter->out, "%.*sptr %%dav.ub.%u%.*s" NO_SANITIZER "\n", (int)(pointer - line.at), line.at, number,
            (int)(end - value_end), value_end);
    return true;
}

static const char *skip_words(const char *c)
{
    static const char *const words[] = {"atomic ", "volatile ", "weak ", NULL};

    for (size_t i = 0; words[i]; i++)
        if (text_starts(c, words[i]))
            c += strlen(words[i]);
    return c;
}

/* load [atomic] [volatile] TYPE, POINTER ... */
static bool rewrite_load(struct filter *filter, struct span line, const char *operands)
{
    const char *type = skip_words(operands), *end = ir_type_end(type);
    return write_access(filter, line, end + 2, span(type, end), false);
}

/* store [atomic] [volatile] TYPE VALUE, POINTER ... */
static bool rewrite_store(struct filter *filter, struct span line, const char *operands)
{
    const char *type = skip_words(operands), *end = ir_type_end(type);
    return write_access(filter, line, ir_piece_end(end) + 2, span(type, end), true);
}

/* atomicrmw [volatile] OPERATION POINTER, TYPE VALUE ... and cmpxchg [weak] [volatile] POINTER, TYPE VALUE, ... */
static bool rewrite_atomic(struct filter *filter, struct span line, const char *operands)
{
    const char *pointer = strstr(skip_words(operands), "ptr "), *type = ir_piece_end(pointer) + 2;
    return write_access(filter, line, pointer, span(type, ir_type_end(type)), true);
}

/* ---- memcpy and its like ---- */

/* The value of an argument, behind its type and attributes. */
static const char *argument_value(const char *c)
{
    for (c = ir_type_end(c); *c == ' ';) {
        const char *word = c + 1;
        if (text_starts(word, "align ")) {
            c = ir_word_end(word + strlen("align "));
        } else if (*word == '%' || *word == '@' || ir_value_end(word) == ir_piece_end(word)) {
            return word;
        } else {
            c = ir_word_end(word);
            c = *c == '(' ? ir_bracket_end(c) : c;
        }
    }
    return c;
}

/* The call that names what argument @pointer of a memcpy points to in UB; @count: its argument that says how much. */
static unsigned write_range_call(struct filter *filter, struct span line, const char *pointer, const char *count,
                                 bool store)
{
    const char *value = argument_value(pointer), *type_end = ir_type_end(count);
    struct span bytes = span(argument_value(count), ir_piece_end(count));
    char size[64];

    if (text_starts(count, "i32 ") || (*bytes.at >= '0' && *bytes.at <= '9')) {
        snprintf(size, sizeof(size), "i32 %.*s", bytes.length, bytes.at);
    } else {
        unsigned number = filter->accesses + 1;
        fprintf(filter->out, "  %%dav.ub.%u.size = trunc %.*s %.*s to i32\n", number, (int)(type_end - count), count,
                bytes.length, bytes.at);
        snprintf(size, sizeof(size), "i32 %%dav.ub.%u.size", number);
    }
    return write_call(filter, line, span(value, ir_piece_end(pointer)), size, store);
}

/* call void @llvm.memcpy.p8.p0.i64(POINTER, POINTER, SIZE, VOLATILE); memset has a byte instead of the second pointer.
 * @name: of the function, @prefix: the part of it before its types. */
static void rewrite_range(struct filter *filter, struct span line, const char *name, const char *prefix)
{
    const bool set = strstr(prefix, "memset");
    const char *types = strchr(name, '('), *end = line.at + line.length;
    const char *to = types + 1, *from = ir_piece_end(to) + 2, *count = ir_piece_end(from) + 2;
    const bool to_ub = text_starts(to, UB_POINTER), from_ub = !set && text_starts(from, UB_POINTER);
    unsigned from_number = 0, to_number = 0;

    while (types > name && *types != '.')
        types--;
    if (from_ub)
        from_number = write_range_call(filter, line, from, count, false);
    if (to_ub)
        to_number = write_range_call(filter, line, to, count, true);
    fprintf(filter->out, "%.*s%s%s%.*s", (int)(name - line.at), line.at, prefix, set ? "p0" : "p0.p0",
            (int)(to - types), types);
    if (to_ub)
        fprintf(filter->out, "ptr %%dav.ub.%u", to_number);
    else
        fprintf(filter->out, "%.*s", (int)(ir_piece_end(to) - to), to);
    if (from_ub)
        fprintf(filter->out, ", ptr %%dav.ub.%u", from_number);
    else
        fprintf(filter->out, ", %.*s", (int)(ir_piece_end(from) - from), from);
    /* The other side may be GM, whose accesses the detector is to see. */
    const char *rest = ir_piece_end(from);
    fprintf(filter->out, "%.*s%s\n", (int)(end - rest), rest, set || (to_ub && from_ub) ? NO_SANITIZER : "");
}

static bool rewrite_call(struct filter *filter, struct span line, const char *operands)
{
    static const char *const ranges[] = {"@llvm.memcpy.inline.", "@llvm.memset.inline.", "@llvm.memcpy.",
                                         "@llvm.memmove.",       "@llvm.memset.",        NULL};
    static const char *const harmless[] = {
        "@llvm.dbg.",     "@llvm.expect.",          "@llvm.is.constant", "@llvm.ptrmask.",
        "@llvm.launder.", "@llvm.strip.invariant.", "@llvm.ssa.copy",    NULL};
    const char *name = span_find(line, "@llvm.");

    (void)operands;
    if (span_find(line, " asm ")) {
        refuse(filter, line, "assembler code cannot have a pointer into UB");
        return true;
    }
    if (!name)
        return false;
    for (size_t i = 0; harmless[i]; i++)
        if (text_starts(name, harmless[i]))
            return false;
    for (size_t i = 0; ranges[i]; i++)
        if (text_starts(name, ranges[i]) && name[strlen(ranges[i])] == 'p') {
            rewrite_range(filter, line, name, ranges[i]);
            return true;
        }
    refuse(filter, line, NOTHING_KNOWN, (int)(strchr(name, '(') - name - 1), name + 1);
    return true;
}

/* ---- lines ---- */

static bool rewrite_nothing(struct filter *filter, struct span line, const char *operands)
{
    (void)filter, (void)line, (void)operands;
    return false;
}

/* What an instruction that has to do with pointers into UB may be. True if its line has been dealt with, false if it
 * stays as it is. */
static const struct {
    const char *name;
    bool (*rewrite)(struct filter *filter, struct span line, const char *operands);
} instructions[] = {
    {"load ", rewrite_load},
    {"store ", rewrite_store},
    {"atomicrmw ", rewrite_atomic},
    {"cmpxchg ", rewrite_atomic},
    {"call ", rewrite_call},
    {"tail call ", rewrite_call},
    {"musttail call ", rewrite_call},
    {"notail call ", rewrite_call},
    {"invoke ", rewrite_call},
    {"alloca ", rewrite_nothing},
    {"getelementptr ", rewrite_nothing},
    {"ptrtoint ", rewrite_nothing},
    {"inttoptr ", rewrite_nothing},
    {"bitcast ", rewrite_nothing},
    {"icmp ", rewrite_nothing},
    {"phi ", rewrite_nothing},
    {"select ", rewrite_nothing},
    {"freeze ", rewrite_nothing},
    {"extractvalue ", rewrite_nothing},
    {"insertvalue ", rewrite_nothing},
    {"extractelement ", rewrite_nothing},
    {"insertelement ", rewrite_nothing},
    {"shufflevector ", rewrite_nothing},
    {"ret ", rewrite_nothing},
    {"#dbg_", rewrite_nothing},
};

static bool rewrite_instruction(struct filter *filter, struct span line)
{
    const char *c = line.at + strspn(line.at, " ");

    if (*c == '%') {
        c = ir_word_end(c);
        c += text_starts(c, " = ") ? 3 : 0;
    }
    for (size_t i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++)
        if (text_starts(c, instructions[i].name))
            return instructions[i].rewrite(filter, line, c + strlen(instructions[i].name));
    refuse(filter, line, NOTHING_KNOWN, (int)(ir_word_end(c) - c), c);
    return true;
}

/* A line that speaks of UB, but is no metadata. True if it has been dealt with. */
static bool rewrite_line(struct filter *filter, struct span line)
{
    const char *cast = span_find(line, "addrspacecast ");

    if (cast && text_starts(cast + strlen("addrspacecast ") + (cast[strlen("addrspacecast ")] == '('), UB_POINTER)) {
        refuse(filter, line, "a pointer into UB becomes a plain pointer, which does not lead there: keep its __ubuf__");
        return true;
    }
    if (*line.at == '@' && (span_find(line, " addrspace(8) global ") || span_find(line, " addrspace(8) constant "))) {
        refuse(filter, line, "%.*s cannot be a variable in UB: the kernel lays UB out itself",
               (int)(ir_word_end(line.at) - line.at - 1), line.at + 1);
        return true;
    }
    return *line.at == ' ' ? rewrite_instruction(filter, line) : false;
}

/* Writes the line at @at, rewritten where that is needed. */
static void filter_line(struct filter *filter, struct span line)
{
    if (*line.at != '!' && span_find(line, "addrspace(8)") && rewrite_line(filter, line))
        return;
    if (*line.at == '@' && static_rewrite(filter->out, line, filter->constructors))
        return;
    fprintf(filter->out, "%.*s\n", line.length, line.at);
}

int ub_rewrite(const char *from, const char *to, const char *source)
{
    char *ir = file_text(from);
    struct filter filter = {.ir = ir, .source = source, .out = ir ? fopen(to, "we") : NULL};
    bool declared = false;

    if (!filter.out) {
        free(ir);
        return complain(1, "cannot rewrite %s to %s: %s", from, to, strerror(errno));
    }
    filter.constructors = static_constructors(ir);
    for (const char *at = ir; *at;) {
        struct span line = ir_line(at);
        declared |= text_starts(at, "de") && span_find(line, " @dav_ub(");
        filter_line(&filter, line);
        at += line.length + (at[line.length] == '\n');
    }
    /* It touches no memory that the compiler knows, so that GM's values may stay in registers over an access to UB. */
    if (!declared && filter.accesses)
        fprintf(filter.out, "declare ptr @dav_ub(i64, i32, i32) nounwind memory(inaccessiblemem: readwrite)\n");
    free(ir);
    if (fclose(filter.out) != 0)
        return complain(1, "cannot write %s: %s", to, strerror(errno));
    return filter.status;
}
