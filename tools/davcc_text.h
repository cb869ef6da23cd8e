/* davcc_text.h - how far a thing of LLVM's textual IR goes. */
#ifndef DAV_DAVCC_TEXT_H
#define DAV_DAVCC_TEXT_H

#include <stdbool.h>

/** text_starts - does @text begin with @prefix? */
bool text_starts(const char *text, const char *prefix);

/* A part of a text, not ended by a zero. */
struct span {
    const char *at;
    int length;
};

/** span - from @at to before @end. */
static inline struct span span(const char *at, const char *end)
{
    return (struct span){at, (int)(end - at)};
}

/** span_find - where @text is in @in, or NULL. */
const char *span_find(struct span in, const char *text);

/** ir_line - the line that begins at @at, without its end. */
struct span ir_line(const char *at);

/** ir_word_end - past the word or name that begins at @c: `i32`, `%5`, `@"a b"`, `!7`. */
const char *ir_word_end(const char *c);

/** ir_bracket_end - past the bracket that matches the one at @c, or past the string that begins there. */
const char *ir_bracket_end(const char *c);

/** ir_piece_end - at the comma or closing bracket that ends the operand at @c, or at the line's end. */
const char *ir_piece_end(const char *c);

/** ir_type_end - past the type that begins at @c. */
const char *ir_type_end(const char *c);

/** ir_value_end - past the value (a name, a number, a constant expression) that begins at @c, its type not included. */
const char *ir_value_end(const char *c);

#endif
