/* chipkey.c - the table of keys (chipkey.def) and what only needs the table: a new parameter of a chip is a field in
 * chipfile.h and a line in the table; reading, ranges, overrides, "did you mean" and the dump follow from it. */
#include "model/chipkey.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/linear.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define KEY(name, field, ...)  {name, offsetof(struct chip, field), sizeof(((struct chip *)0)->field), __VA_ARGS__},
#define COST(section, class)   KEY(#section ".cost." #class, section.cost.class##_ps, TIME, "0ps", "1us", NULL)
#define COST_CLASS(name, unit) KEY("isa." #name, isa[ISA_COST_##name], LINEAR, "0", "1000000", NULL)

const struct chipkey chipkeys[] = {
#include "model/chipkey.def"
};
const size_t chipkey_count = ARRAY_SIZE(chipkeys);

_Static_assert(ARRAY_SIZE(chipkeys) <= CHIPKEY_MAX, "CHIPKEY_MAX is too small");

static const char name_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

/* ---- names ---- */

const struct chipkey *chipkey_find(const char *name)
{
    for (size_t i = 0; i < chipkey_count; i++)
        if (strcmp(chipkeys[i].name, name) == 0)
            return &chipkeys[i];
    return NULL;
}

/* Insertions, deletions and replacements of one character that turn @a into @b. */
static unsigned edit_distance(const char *a, const char *b)
{
    unsigned row[64];
    size_t width = strnlen(b, ARRAY_SIZE(row) - 1);

    for (size_t j = 0; j <= width; j++)
        row[j] = (unsigned)j;
    for (; *a; a++) {
        unsigned diagonal = row[0]++;

        for (size_t j = 1; j <= width; j++) {
            unsigned best = diagonal + (*a != b[j - 1]);

            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[width];
}

const char *chipkey_nearest(const char *name)
{
    bool sectionless = !strchr(name, '.');
    unsigned least = ~0u;
    size_t nearest = 0;

    for (size_t i = 0; i < chipkey_count; i++) {
        const char *known = chipkeys[i].name;
        unsigned distance = edit_distance(name, sectionless ? strrchr(known, '.') + 1 : known);

        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return chipkeys[nearest].name;
}

/* ---- fields ---- */

/* The clock that `cyc` means for this key, NULL when its section has none. */
static const uint64_t *key_clock(const struct chip *chip, const struct chipkey *key)
{
    static const char *const of_aicore[] = {"aicore.", "pipe.", "l2.", "ffts."};

    for (size_t i = 0; i < ARRAY_SIZE(of_aicore); i++)
        if (strncmp(key->name, of_aicore[i], strlen(of_aicore[i])) == 0)
            return &chip->aicore.clock_hz;
    if (strncmp(key->name, "aicpu.", strlen("aicpu.")) == 0)
        return &chip->aicpu.clock_hz;
    return NULL;
}

static bool key_has_clock(const struct chipkey *key)
{
    static const struct chip any;

    return key_clock(&any, key) != NULL;
}

static void field_write(struct chip *chip, const struct chipkey *key, uint64_t value)
{
    void *field = (char *)chip + key->offset;

    if (key->quantity == FLAG)
        *(bool *)field = value;
    else if (key->width == sizeof(uint32_t))
        *(uint32_t *)field = (uint32_t)value;
    else
        *(uint64_t *)field = value;
}

static uint64_t field_read(const struct chip *chip, const struct chipkey *key)
{
    const void *field = (const char *)chip + key->offset;

    if (key->quantity == FLAG)
        return *(const bool *)field;
    if (key->width == sizeof(uint32_t))
        return *(const uint32_t *)field;
    return *(const uint64_t *)field;
}

/* ---- values ---- */

void chipkey_allowed(const struct chipkey *key, char phrase[2 * QUANTITY_TEXT])
{
    char in_units[QUANTITY_TEXT];

    if (key->quantity == NAME) {
        snprintf(phrase, QUANTITY_TEXT, "1 to %zu letters, digits, '.', '_' or '-'", key->width - 1);
    } else if (key->quantity == FLAG) {
        snprintf(phrase, QUANTITY_TEXT, "yes, no, true or false");
    } else if (key->quantity == LINEAR) {
        snprintf(phrase, QUANTITY_TEXT,
                 "like \"10 + 2n\", \"265 + n/128\" or \"10 + 2n + 14, counted 16\", each part %s to %s cycles",
                 key->min, key->max);
    } else {
        quantity_units(key->quantity, key_has_clock(key), in_units);
        snprintf(phrase, 2 * QUANTITY_TEXT, "%s to %s%s%s%s", key->min, key->max,
                 key->multiple ? ", a multiple of " : "", key->multiple ? key->multiple : "", in_units);
    }
}

int chipkey_store(struct chip *chip, const struct chipkey *key, const struct amount *amount,
                  char problem[QUANTITY_TEXT])
{
    const uint64_t *clock = key_clock(chip, key);
    wide_t value = amount_base(amount, clock ? *clock : 0);

    if (value < quantity_limit(key->min))
        snprintf(problem, QUANTITY_TEXT, "too small");
    else if (value > quantity_limit(key->max))
        snprintf(problem, QUANTITY_TEXT, "too large");
    else if (key->multiple && value % quantity_limit(key->multiple))
        snprintf(problem, QUANTITY_TEXT, "not a multiple of %s", key->multiple);
    else {
        field_write(chip, key, (uint64_t)value);
        return 0;
    }
    return -1;
}

static int set_name(struct chip *chip, const struct chipkey *key, const char *text, char problem[QUANTITY_TEXT])
{
    size_t length = strlen(text);

    if (length < key->width && strspn(text, name_characters) == length) {
        memcpy((char *)chip + key->offset, text, length + 1);
        return 0;
    }
    snprintf(problem, QUANTITY_TEXT, length < key->width ? "not a name" : "too long");
    return -1;
}

static int set_flag(struct chip *chip, const struct chipkey *key, const char *text, char problem[QUANTITY_TEXT])
{
    bool on = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    bool off = strcmp(text, "no") == 0 || strcmp(text, "false") == 0;

    if (on || off) {
        field_write(chip, key, on);
        return 0;
    }
    snprintf(problem, QUANTITY_TEXT, "not a switch");
    return -1;
}

int chipkey_set(struct chip *chip, const struct chipkey *key, const char *text, struct amount *amount,
                char problem[QUANTITY_TEXT])
{
    *amount = (struct amount){.divisor = 1, .scale = 1};
    if (!*text) {
        snprintf(problem, QUANTITY_TEXT, "no value");
        return -1;
    }
    if (key->quantity == NAME)
        return set_name(chip, key, text, problem);
    if (key->quantity == FLAG)
        return set_flag(chip, key, text, problem);
    if (key->quantity == LINEAR)
        return linear_parse(text, quantity_limit(key->max), (struct isa_linear *)((char *)chip + key->offset), problem);
    if (quantity_parse(key->quantity, key_has_clock(key), text, amount, problem))
        return -1;
    return amount->scale ? chipkey_store(chip, key, amount, problem) : 0;
}

/* As a chip file may write it, in the base unit. */
static void value_print(const struct chip *chip, const struct chipkey *key, char value[QUANTITY_TEXT])
{
    const char *unit = quantity_base_unit(key->quantity);
    const void *field = (const char *)chip + key->offset;

    if (key->quantity == NAME)
        snprintf(value, QUANTITY_TEXT, "%s", (const char *)field);
    else if (key->quantity == FLAG)
        snprintf(value, QUANTITY_TEXT, "%s", field_read(chip, key) ? "yes" : "no");
    else if (key->quantity == LINEAR)
        linear_print(field, value);
    else
        snprintf(value, QUANTITY_TEXT, "%" PRIu64 "%s%s", field_read(chip, key), *unit ? " " : "", unit);
}

void chip_dump(const struct chip *chip, void (*line)(void *ctx, const char *text), void *ctx)
{
    char text[2 * QUANTITY_TEXT], value[QUANTITY_TEXT];

    for (const struct chipkey *key = chipkeys; key < chipkeys + chipkey_count; key++) {
        value_print(chip, key, value);
        snprintf(text, sizeof(text), "%s=%s", key->name, value);
        line(ctx, text);
    }
}
