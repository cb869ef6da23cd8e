/* show.c - see show.h. */
#include "tools/show.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

const char *show_time(char text[32], double ps)
{
    static const struct {
        const char *unit;
        double ps;
    } units[] = {{"s", 1e12}, {"ms", 1e9}, {"us", 1e6}, {"ns", 1e3}};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        double value = ps / units[i].ps;
        if (value >= 1.0 || i == 3) {
            snprintf(text, 32, "%.*f %s", value >= 100 || value == 0 ? 0 : value >= 10 ? 1 : 2, value, units[i].unit);
            break;
        }
    }
    return text;
}

const char *show_count(char text[32], long long count)
{
    char digits[24];
    int length = snprintf(digits, sizeof(digits), "%lld", count), out = 0;
    for (int i = 0; i < length; i++) {
        if (i && digits[i - 1] != '-' && (length - i) % 3 == 0)
            text[out++] = ',';
        text[out++] = digits[i];
    }
    text[out] = '\0';
    return text;
}

const char *show_share(char text[32], double part, double whole)
{
    if (whole > 0)
        snprintf(text, 32, "%.1f %%", 100 * part / whole);
    else
        snprintf(text, 32, "-");
    return text;
}

const char *show_ratio(char text[32], double a, double b)
{
    bool without = isnan(a) || a == 0, none = isnan(b) || b == 0;

    if (without || none)
        snprintf(text, 32, "%s", without && none ? "-" : without ? "new" : "gone");
    else
        snprintf(text, 32, "%.*fx", b / a < 10 ? 3 : 1, b / a);
    return text;
}
