#include "people/upn.h"

/* I, O and S are never used: they look like digits. */
static const char letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
enum { LETTERS = 23, UPN_LENGTH_RIGHT = 13 };

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Value of a letter in the check sum; -1: not one of the letters. */
static int
letter_value(char c)
{
    const char *at = c ? strchr(letters, c) : NULL;

    return at ? (int)(at - letters) : -1;
}

/* Characters 2 to 13 weighted by their place (Common Basic Data Set, UPN check letter). */
static char
right_letter(const char *upn)
{
    int sum = 0;

    for (int i = 1; i < UPN_LENGTH_RIGHT; i++)
        sum += (i + 1) * (is_digit(upn[i]) ? upn[i] - '0' : letter_value(upn[i]));
    return letters[sum % LETTERS];
}

static bool
all_digits(const char *s, int from, int to)
{
    for (int i = from; i <= to; i++)
        if (!is_digit(s[i - 1]))
            return false;
    return true;
}

enum upn_state
upn_check(struct span upn, char *should_be)
{
    bool temporary;
    char letter;

    if (upn.n != UPN_LENGTH_RIGHT)
        return UPN_LENGTH;
    if (!all_digits(upn.s, 2, 4))
        return UPN_AREA;
    if (!all_digits(upn.s, 5, 12))
        return UPN_DIGITS;
    temporary = !is_digit(upn.s[12]);
    if (temporary && letter_value(upn.s[12]) < 0)
        return UPN_LAST;
    letter = right_letter(upn.s);
    if (should_be)
        *should_be = letter;
    if (upn.s[0] != letter)
        return UPN_CHECK_LETTER;
    return temporary ? UPN_TEMPORARY : UPN_OK;
}

const char *
upn_problem(enum upn_state s, struct span upn, char *buf, size_t size)
{
    char should_be = '?';

    switch (s) {
    case UPN_OK:
    case UPN_TEMPORARY:
        snprintf(buf, size, "nothing is wrong with it");
        break;
    case UPN_LENGTH:
        snprintf(buf, size, "it has %zu characters, should have 13", upn.n);
        break;
    case UPN_DIGITS:
        snprintf(buf, size, "characters 5 to 12 should all be digits");
        break;
    case UPN_LAST:
        snprintf(buf, size, "character 13 should be a digit or a letter other than I, O and S");
        break;
    case UPN_AREA:
        snprintf(buf, size, "characters 2 to 4 should be the number of an authority");
        break;
    case UPN_CHECK_LETTER:
        upn_check(upn, &should_be);
        snprintf(buf, size, "the check letter is %c, should be %c", upn.s[0], should_be);
        break;
    }
    return buf;
}

void
upn_set_letter(char *upn)
{
    upn[0] = right_letter(upn);
}
