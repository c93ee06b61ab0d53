#include "ui/words.h"
#include "base/text.h"
#include "stats/change.h"
#include <ctype.h>

const char *
words_percent(struct job *j, struct point p, int decimals)
{
    char buf[TEXT_NUMBER];

    if (point_missing(p))
        return "no data";
    return job_format(j, "%s%%", text_percent(p.part, p.whole, decimals, buf));
}

const char *
words_rate(struct job *j, struct point p, int per, int decimals)
{
    char buf[TEXT_NUMBER];

    if (point_missing(p))
        return "no data";
    return job_copy(j, text_rate(p.part, p.whole, per, decimals, buf));
}

const char *
words_unit(int per)
{
    return per == 100 ? "% of pupils" : per == 1000 ? "per 1,000 pupils" : "per 10,000 pupils";
}

const char *
words_count(struct job *j, int64_t n)
{
    char buf[TEXT_NUMBER];

    return job_copy(j, text_count(n, buf));
}

const char *
words_of(struct job *j, struct point p, const char *things)
{
    char a[TEXT_NUMBER], b[TEXT_NUMBER];

    return job_format(j, "%s of %s %s", text_count(p.part, a), text_count(p.whole, b), things);
}

const char *
words_number(struct job *j, int64_t n)
{
    static const char *const name[] = {"none", "one", "two", "three", "four", "five", "six",
                                       "seven", "eight", "nine", "ten"};

    return n >= 0 && n <= 10 ? name[n] : words_count(j, n);
}

const char *
words_counted(struct job *j, int64_t n, const char *one, const char *many)
{
    char buf[TEXT_NUMBER];

    return job_format(j, "%s %s", text_count(n, buf), n == 1 ? one : many);
}

const char *
words_fraction(struct job *j, struct point p)
{
    static const struct { int64_t a, b; const char *words; } near[] = {
        {1, 10, "one in ten"}, {1, 5, "one in five"}, {1, 4, "a quarter of"}, {1, 3, "a third of"},
        {1, 2, "half of"}, {2, 3, "two thirds of"}, {3, 4, "three quarters of"},
        {4, 5, "four in five"}, {9, 10, "nine in ten"}};

    /* within 1.5 points of a plain fraction */
    for (size_t i = 0; !point_missing(p) && i < sizeof near / sizeof *near; i++) {
        int64_t off = p.part * near[i].b - near[i].a * p.whole;
        if ((off < 0 ? -off : off) * 1000 <= 15 * near[i].b * p.whole)
            return near[i].words;
    }
    return job_format(j, "%s of", words_percent(j, p, 0));
}

const char *
words_times(struct job *j, double ratio, const char *adjective)
{
    static const struct { double low, high; const char *words; } parts[] = {
        {0.23, 0.27, "a quarter as"}, {0.31, 0.36, "a third as"}, {0.45, 0.55, "half as"},
        {0.64, 0.69, "two thirds as"}, {0.73, 0.77, "three quarters as"}};
    char buf[TEXT_NUMBER];
    int whole = (int)(ratio + 0.5);
    double off = ratio - whole;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (ratio >= parts[i].low && ratio <= parts[i].high)
            return job_format(j, "%s %s", parts[i].words, adjective);
    if (ratio > 0 && ratio < 0.45)
        return job_format(j, "less than half as %s", adjective);
    if (ratio >= 0.9 && ratio <= 1.1)
        return job_format(j, "about as %s", adjective);
    if (ratio >= 1.45 && ratio <= 1.55)
        return job_format(j, "one and a half times as %s", adjective);
    if (whole >= 2 && whole <= 10 && off >= -0.25 && off <= 0.25) {
        const char *how = off < -0.1 ? "nearly " : off > 0.1 ? "more than " : "";
        if (whole == 2)
            return job_format(j, "%stwice as %s", how, adjective);
        return job_format(j, "%s%s times as %s", how, words_number(j, whole), adjective);
    }
    return job_format(j, "%s times as %s", text_decimal(ratio, ratio < 1 ? 2 : 1, buf), adjective);
}

const char *
words_list(struct job *j, const char *const *v, size_t n)
{
    const char *all = n ? v[0] : "";

    for (size_t i = 1; i < n; i++)
        all = job_format(j, "%s%s%s", all, i + 1 < n ? ", " : " and ", v[i]);
    return all;
}

const char *
words_capital(struct job *j, const char *s)
{
    char *copy = job_copy(j, s);

    if (copy && copy[0])
        copy[0] = (char)toupper((unsigned char)copy[0]);
    return copy;
}

bool
words_is_change(struct point now, struct point before)
{
    struct verdict v;

    if (point_missing(now) || point_missing(before))
        return false;
    v = change_of_parts((struct part){before.part, before.whole},
                        (struct part){now.part, now.whole}, 0.95);
    return v.change == CHANGE_UP || v.change == CHANGE_DOWN;
}

const char *
words_change(struct job *j, struct point now, struct point before, const char *year, int decimals)
{
    const char *how = "No clear change";

    if (point_missing(now))
        return "";
    if (point_missing(before))
        return job_format(j, "No figure for %s to compare with", year);
    if (words_is_change(now, before))
        how = now.part * before.whole > before.part * now.whole ? "Up" : "Down";
    return job_format(j, "%s from %s in %s", how, words_percent(j, before, decimals), year);
}

const char *
words_change_count(struct job *j, struct point now, struct point before, const char *year)
{
    char buf[TEXT_NUMBER];
    const char *how = now.part > before.part ? "Up" : "Down";

    if (point_missing(now))
        return "";
    if (point_missing(before))
        return job_format(j, "No figure for %s to compare with", year);
    if (now.part == before.part)
        return job_format(j, "The same number as in %s", year);
    return job_format(j, "%s from %s in %s%s", how, text_count(before.part, buf), year,
                      words_is_change(now, before) ? "" : ", within usual variation");
}

const char *
words_make_up(struct job *j, struct point all, struct point some, const char *those)
{
    return job_format(j, "%s of pupils make up %s of %s", words_percent(j, all, 0),
                      words_percent(j, some, 0), those);
}
