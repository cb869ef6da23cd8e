/* quantity.c - one table of units; a number is read by hand because strtod listens to the locale and rounds. */
#include "model/quantity.h"

#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define PS_PER_S          1000000000000ull

/* The first unit of a quantity is its base unit; scale 0 is a cycle. */
static const struct unit {
    enum quantity quantity;
    const char *name;
    uint64_t scale;
} units[] = {
    {TIME, "ps", 1},
    {TIME, "ns", 1000},
    {TIME, "us", 1000000},
    {TIME, "ms", 1000000000},
    {TIME, "cyc", 0},
    {SIZE, "B", 1},
    {SIZE, "KiB", 1ull << 10},
    {SIZE, "MiB", 1ull << 20},
    {SIZE, "GiB", 1ull << 30},
    {RATE, "B/s", 1},
    {RATE, "MB/s", 1000000},
    {RATE, "GB/s", 1000000000},
    {RATE, "GiB/s", 1ull << 30},
    {RATE, "TB/s", 1000000000000},
    {CLOCK, "Hz", 1},
    {CLOCK, "kHz", 1000},
    {CLOCK, "MHz", 1000000},
    {CLOCK, "GHz", 1000000000},
};

static const char *const quantity_names[] = {
    [NAME] = "a name", [COUNT] = "a count",    [FLAG] = "a switch",     [TIME] = "a time",
    [SIZE] = "a size", [RATE] = "a bandwidth", [CLOCK] = "a frequency",
};

static bool unit_fits(const struct unit *unit, enum quantity quantity, bool cycles)
{
    return unit->quantity == quantity && (unit->scale || cycles);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *decimal_read(const char *text, struct amount *amount)
{
    int digits = 0;
    bool point = false;

    if (!is_digit(*text))
        return NULL;
    for (; is_digit(*text) || (*text == '.' && !point && is_digit(text[1])); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (++digits > DIGITS_MAX)
            return NULL;
        amount->digits = amount->digits * 10 + (uint64_t)(*text - '0');
        amount->divisor *= point ? 10 : 1;
    }
    return text;
}

int quantity_parse(enum quantity quantity, bool cycles, const char *text, struct amount *amount,
                   char problem[QUANTITY_TEXT])
{
    const char *what = quantity_names[quantity], *suffix;
    const struct unit *unit = units, *end = units + ARRAY_SIZE(units);

    *amount = (struct amount){.divisor = 1, .scale = 1};
    suffix = decimal_read(text, amount);
    if (!suffix) {
        snprintf(problem, QUANTITY_TEXT, "%s is a plain number of at most %d digits", what, DIGITS_MAX);
        return -1;
    }
    suffix += strspn(suffix, " \t");
    if (quantity != COUNT) {
        while (unit < end && !(unit_fits(unit, quantity, cycles) && strcmp(unit->name, suffix) == 0))
            unit++;
        if (unit == end) {
            if (*suffix)
                snprintf(problem, QUANTITY_TEXT, "\"%.40s\" is no unit of %s here", suffix, what);
            else
                snprintf(problem, QUANTITY_TEXT, "%s needs its unit", what);
            return -1;
        }
        amount->scale = unit->scale;
    } else if (*suffix) {
        snprintf(problem, QUANTITY_TEXT, "%s has no \"%.40s\" after it", what, suffix);
        return -1;
    }
    if ((quantity == COUNT || quantity == SIZE) && (wide_t)amount->digits * amount->scale % amount->divisor) {
        snprintf(problem, QUANTITY_TEXT, "not a whole number%s", quantity == SIZE ? " of bytes" : "");
        return -1;
    }
    return 0;
}

uint64_t quantity_limit(const char *text)
{
    struct amount amount = {.divisor = 1, .scale = 1};
    const char *suffix = decimal_read(text, &amount);

    for (size_t i = 0; i < ARRAY_SIZE(units); i++)
        if (strcmp(suffix, units[i].name) == 0)
            amount.scale = units[i].scale;
    return amount.digits * amount.scale;
}

wide_t amount_base(const struct amount *amount, uint64_t clock_hz)
{
    wide_t dividend = (wide_t)amount->digits * (amount->scale ? amount->scale : PS_PER_S);
    wide_t divisor = (wide_t)amount->divisor * (amount->scale ? 1 : clock_hz);

    return (dividend + divisor / 2) / divisor;
}

void quantity_units(enum quantity quantity, bool cycles, char phrase[QUANTITY_TEXT])
{
    const char *last = NULL, *separator = ", in ";
    size_t used = 0;

    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        if (!unit_fits(&units[i], quantity, cycles))
            continue;
        if (last) {
            used += (size_t)snprintf(phrase + used, QUANTITY_TEXT - used, "%s%s", separator, last);
            separator = ", ";
        }
        last = units[i].name;
    }
    snprintf(phrase + used, QUANTITY_TEXT - used, last ? " or %s" : ", without a unit", last);
}

const char *quantity_base_unit(enum quantity quantity)
{
    for (size_t i = 0; i < ARRAY_SIZE(units); i++)
        if (units[i].quantity == quantity)
            return units[i].name;
    return "";
}
