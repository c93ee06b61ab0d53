#include "base/date.h"
#include "base/text.h"

/* A reader over the text that is left; every take_ function moves it on success. */
struct scan {
    const char *s, *end;
};

static bool
take_char(struct scan *p, char c)
{
    if (p->s == p->end || *p->s != c)
        return false;
    p->s++;
    return true;
}

/* A number of least … most digits; not followed by a further digit. */
static bool
take_digits(struct scan *p, int least, int most, int32_t *out)
{
    int32_t v = 0;
    int n = 0;

    while (p->s + n < p->end && n <= most && p->s[n] >= '0' && p->s[n] <= '9')
        v = v * 10 + (p->s[n++] - '0');
    if (n < least || n > most)
        return false;
    p->s += n;
    *out = v;
    return true;
}

/* "10", "Oct", "October", any case. */
static bool
take_month(struct scan *p, int32_t *out)
{
    static const char *const names[] = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december",
    };
    size_t n = 0;

    if (take_digits(p, 1, 2, out))
        return true;
    while (p->s + n < p->end && n < 10 && ((p->s[n] | 32) >= 'a' && (p->s[n] | 32) <= 'z'))
        n++;
    for (int m = 0; m < 12 && n >= 3; m++) {
        size_t full = strlen(names[m]), i = 0;
        while (i < n && i < full && (p->s[i] | 32) == names[m][i])
            i++;
        if (i == n && (n == 3 || n == full || (m == 8 && n == 4))) {
            *out = m + 1;
            p->s += n;
            return true;
        }
    }
    return false;
}

static bool
take_pair(struct scan *p, int32_t most)
{
    int32_t v;

    return take_digits(p, 2, 2, &v) && v <= most;
}

/* Z, +01, +01:00, +0100. */
static bool
take_zone(struct scan *p)
{
    if (p->s == p->end || take_char(p, 'Z') || take_char(p, 'z'))
        return true;
    if (!take_char(p, '+') && !take_char(p, '-'))
        return true; /* the caller sees that something is left */
    if (p->end - p->s == 4)
        return p->s[0] >= '0' && p->s[0] <= '1' && p->s[2] <= '5' && (p->s += 4);
    return take_pair(p, 14) && (p->s == p->end || (take_char(p, ':') && take_pair(p, 59)));
}

/* Hours and minutes, with or without seconds and fractions: the day stands as written. */
static bool
take_time(struct scan *p)
{
    int32_t hour;

    if (p->s == p->end)
        return true;
    if (!take_char(p, 'T') && !take_char(p, 't') && !take_char(p, ' '))
        return false;
    if (!take_digits(p, 1, 2, &hour) || hour > 23 || !take_char(p, ':') || !take_pair(p, 59))
        return false;
    if (take_char(p, ':')) {
        if (!take_pair(p, 60))
            return false;
        if (take_char(p, '.') || take_char(p, ',')) {
            const char *digits = p->s;
            while (p->s < p->end && *p->s >= '0' && *p->s <= '9')
                p->s++;
            if (p->s == digits)
                return false;
        }
    }
    return take_zone(p) && p->s == p->end;
}

static bool
take_separator(struct scan *p, char *separator)
{
    if (p->s == p->end || (*p->s != '-' && *p->s != '/' && *p->s != '.' && *p->s != ' '))
        return false;
    *separator = *p->s++;
    return true;
}

/* The form met most: yyyy-mm-dd and nothing else. */
static bool
parse_iso(const char *s, int32_t *out)
{
    unsigned d[10];
    int32_t year, month, day;

    for (int i = 0; i < 10; i++) {
        d[i] = (unsigned)(unsigned char)s[i] - '0';
        if (i == 4 || i == 7 ? s[i] != '-' : d[i] > 9)
            return false;
    }
    year = (int32_t)(d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3]);
    month = (int32_t)(d[5] * 10 + d[6]);
    day = (int32_t)(d[8] * 10 + d[9]);
    if (year < DATE_YEAR_FIRST || !date_is_valid(year, month, day))
        return false;
    *out = date_from_ymd(year, month, day);
    return true;
}

bool
date_parse(const char *s, size_t n, int32_t *out)
{
    struct span text = span_trim((struct span){s, n});
    struct scan p = {text.s, text.s + text.n};
    int32_t year, month, day;
    char a, b;

    if (text.n == 10 && parse_iso(text.s, out))
        return true;
    if (take_digits(&p, 4, 4, &year)) {
        if (!take_separator(&p, &a) || !take_month(&p, &month) || !take_separator(&p, &b) ||
            !take_digits(&p, 1, 2, &day))
            return false;
    } else if (!take_digits(&p, 1, 2, &day) || !take_separator(&p, &a) ||
               !take_month(&p, &month) || !take_separator(&p, &b) ||
               !take_digits(&p, 4, 4, &year)) {
        return false;
    }
    if (a != b || year < DATE_YEAR_FIRST || !date_is_valid(year, month, day) || !take_time(&p))
        return false;
    *out = date_from_ymd(year, month, day);
    return true;
}

bool
date_parse_month(const char *s, size_t n, int32_t *out)
{
    struct span text = span_trim((struct span){s, n});
    struct scan p = {text.s, text.s + text.n};
    int32_t v;

    if (!take_digits(&p, 6, 6, &v) || p.s != p.end || v / 100 < DATE_YEAR_FIRST ||
        !date_is_valid(v / 100, v % 100, 1))
        return false;
    *out = date_from_ymd(v / 100, v % 100, 1);
    return true;
}

/* Excel counts 1900 as a leap year, so that day 60 does not exist; whoever is meant by a
 * smaller number is not a child of ours. */
bool
date_parse_serial(const char *s, size_t n, int32_t *out)
{
    struct span text = span_trim((struct span){s, n});
    struct scan p = {text.s, text.s + text.n};
    int32_t v;

    if (!take_digits(&p, 2, 6, &v) || v <= 60)
        return false;
    if (take_char(&p, '.'))
        while (p.s < p.end && *p.s >= '0' && *p.s <= '9')
            p.s++;
    if (p.s != p.end)
        return false;
    *out = date_from_ymd(1899, 12, 30) + v;
    return true;
}
