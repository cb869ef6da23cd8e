/* linear.c - a cost is read from left to right, part by part; what is left over at any place is the mistake. */
#include "model/linear.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MILLION = 1000000 };

struct cursor {
    const char *at;
    const char *after; /* the part that was read last, for messages */
    uint64_t most;
    char *problem;
};

static bool accept(struct cursor *cursor, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(cursor->at, word, length) != 0)
        return false;
    cursor->at += length;
    cursor->at += strspn(cursor->at, " \t");
    return true;
}

/* What stands here cannot. */
static int fail_rest(const struct cursor *cursor)
{
    snprintf(cursor->problem, QUANTITY_TEXT, "a cost has no \"%.40s\" after its %s", cursor->at, cursor->after);
    return -1;
}

static int number_read(struct cursor *cursor, const char *part, struct amount *amount)
{
    const char *end;

    *amount = (struct amount){.divisor = 1, .scale = 1};
    end = decimal_read(cursor->at, amount);
    if (!end) {
        snprintf(cursor->problem, QUANTITY_TEXT, "the %s is a plain number of at most %d digits", part, DIGITS_MAX);
        return -1;
    }
    cursor->at = end + strspn(end, " \t");
    cursor->after = part;
    return 0;
}

/* @amount / @by, to the nearest millionth. Numbers have 15 digits, so all this fits in 128 bits. */
static int part_store(struct cursor *cursor, const char *part, const struct amount *amount, const struct amount *by,
                      uint64_t *field)
{
    wide_t dividend = (wide_t)amount->digits * by->divisor * MILLION;
    wide_t divisor = (wide_t)amount->divisor * by->digits;
    wide_t value = (dividend + divisor / 2) / divisor;

    if (value > (wide_t)cursor->most * MILLION) {
        snprintf(cursor->problem, QUANTITY_TEXT, "the %s is too large", part);
        return -1;
    }
    *field = (uint64_t)value;
    return 0;
}

static const struct amount one = {.digits = 1, .divisor = 1, .scale = 1};

static int part_read(struct cursor *cursor, const char *part, uint64_t *field)
{
    struct amount amount;

    return number_read(cursor, part, &amount) ? -1 : part_store(cursor, part, &amount, &one, field);
}

static int slope_read(struct cursor *cursor, uint64_t *field)
{
    struct amount amount = one, by = one;

    if (*cursor->at != 'n' && number_read(cursor, "slope", &amount))
        return -1;
    if (!accept(cursor, "n")) {
        snprintf(cursor->problem, QUANTITY_TEXT, "the slope needs its n");
        return -1;
    }
    if (accept(cursor, "/") && number_read(cursor, "divisor", &by))
        return -1;
    if (by.digits == 0) {
        snprintf(cursor->problem, QUANTITY_TEXT, "the divisor is 0");
        return -1;
    }
    cursor->after = "slope";
    return part_store(cursor, "slope", &amount, &by, field);
}

/* The comma belongs to what follows it: without "counted" it is not read either. */
static bool accept_counted(struct cursor *cursor)
{
    struct cursor next = *cursor;

    if (!accept(&next, ",") || !accept(&next, "counted"))
        return false;
    cursor->at = next.at;
    return true;
}

int linear_parse(const char *text, uint64_t most, struct isa_linear *linear, char problem[QUANTITY_TEXT])
{
    struct cursor cursor = {.at = text, .most = most, .problem = problem};
    struct isa_linear read = {0};

    if (part_read(&cursor, "head", &read.head))
        return -1;
    if (!*cursor.at) {
        snprintf(problem, QUANTITY_TEXT, "a cost needs its slope");
        return -1;
    }
    if (!accept(&cursor, "+"))
        return fail_rest(&cursor);
    if (slope_read(&cursor, &read.slope))
        return -1;
    if (accept(&cursor, "+") && part_read(&cursor, "tail", &read.tail))
        return -1;
    if (accept_counted(&cursor) && part_read(&cursor, "counted part", &read.counted))
        return -1;
    if (*cursor.at)
        return fail_rest(&cursor);
    *linear = read;
    return 0;
}

/* "2.5": millionths as a decimal without zeros at its end. */
static const char *decimal_print(uint64_t millionths, char text[32])
{
    int length = snprintf(text, 32, "%" PRIu64 ".%06" PRIu64, millionths / MILLION, millionths % MILLION);

    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    text[length] = '\0';
    return text;
}

void linear_print(const struct isa_linear *linear, char text[QUANTITY_TEXT])
{
    char number[32];
    int used = snprintf(text, QUANTITY_TEXT, "%s + ", decimal_print(linear->head, number));

    used += snprintf(text + used, QUANTITY_TEXT - (size_t)used, "%sn", decimal_print(linear->slope, number));
    if (linear->tail)
        used += snprintf(text + used, QUANTITY_TEXT - (size_t)used, " + %s", decimal_print(linear->tail, number));
    if (linear->counted)
        snprintf(text + used, QUANTITY_TEXT - (size_t)used, ", counted %s", decimal_print(linear->counted, number));
}
