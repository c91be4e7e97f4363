/* SPDX-License-Identifier: MIT
 *
 * The TOML reader of scenario.c: tomlc17 as it is released. Only its strtod is another one, since the
 * system's takes the decimal point of the program's locale.
 */
#include <stdlib.h>

/* A number of TOML, which tomlc17 has checked: digits, a point, an exponent. */
static double toml_strtod(const char *text, char **end)
{
    double number = 0, sign = 1;
    int exponent = 0, behind_point = 0;

    if (*text == '+' || *text == '-')
        sign = *text++ == '-' ? -1 : 1;
    for (; (*text >= '0' && *text <= '9') || (*text == '.' && !behind_point); text++) {
        if (*text == '.') {
            behind_point = 1;
        } else {
            number = number * 10 + (*text - '0');
            exponent -= behind_point;
        }
    }
    if (*text == 'e' || *text == 'E') {
        long more = strtol(text + 1, (char **)&text, 10);

        exponent += more > 1000 ? 1000 : more < -1000 ? -1000 : (int)more;
    }
    for (; exponent > 0 && number && number < 1e300; exponent--)
        number *= 10;
    for (; exponent < 0 && number; exponent++)
        number /= 10;
    *end = (char *)text;
    return sign * number;
}

#define strtod toml_strtod
#include "../../tomlc17/tomlc17.c"
