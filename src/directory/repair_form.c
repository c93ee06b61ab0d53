#include "base/date.h"
#include "directory/repair_in.h"
#include <string.h>

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

static int
two(const char *s)
{
    return (s[0] - '0') * 10 + s[1] - '0';
}

/* ---- dates and times --------------------------------------------------------------------- */

const char *
form_date(struct job *j, const char *s)
{
    char buf[DATE_TEXT];
    int32_t day;

    if (!date_parse(s, strlen(s), &day))
        return NULL;
    return job_copy(j, date_iso(day, buf));
}

/* "9", "9:30", "9.30 am", "09:30:00.000Z", "0930", "noon". */
const char *
form_time(struct job *j, const char *s)
{
    int hour = 0, minute = 0, second = 0, n = 0;
    bool pm, am;

    if (!strcasecmp(s, "noon") || !strcasecmp(s, "midday"))
        return "12:00:00";
    while (digit(s[n]) && n < 5)
        n++;
    if (!n || n > 4 || n == 3)
        return NULL;
    hour = n == 1 ? s[0] - '0' : two(s);
    minute = n == 4 ? two(s + 2) : 0;
    s += n;
    for (int k = 0; n < 4 && k < 2 && (*s == ':' || (*s == '.' && !k)) && digit(s[1]); k++) {
        if (!digit(s[2]))
            return NULL;
        *(k ? &second : &minute) = two(s + 1);
        s += 3;
    }
    if (*s == '.' && digit(s[1]))
        s += 1 + strspn(s + 1, "0123456789");
    s += strspn(s, " ");
    pm = !strncasecmp(s, "pm", 2) || !strncasecmp(s, "p.m", 3);
    am = !strncasecmp(s, "am", 2) || !strncasecmp(s, "a.m", 3);
    if ((*s && !pm && !am && !strchr("Zz+-", *s)) || ((am || pm) && (hour < 1 || hour > 12)))
        return NULL;
    hour = pm && hour < 12 ? hour + 12 : am && hour == 12 ? 0 : hour;
    if (hour == 24 && !minute)
        return "23:59:00"; /* the end of the day */
    if (hour > 23 || minute > 59 || second > 59)
        return NULL;
    return job_format(j, "%02d:%02d:%02d", hour, minute, second);
}

const char *
form_moment(struct job *j, const char *s)
{
    size_t n = strcspn(s, "T ");
    const char *day = form_date(j, job_copy_n(j, s, n)), *time = NULL;

    if (!day)
        return NULL;
    if (s[n])
        time = form_time(j, s + n + 1);
    return job_format(j, "%sT%sZ", day, time ? time : "00:00:00");
}

/* ---- addresses of the web and of mail ---------------------------------------------------- */

/* Without blanks within, and with what a browser would write for other bytes. */
static const char *
percent(struct job *j, const char *s)
{
    char *out = job_alloc(j, 3 * strlen(s) + 1), *p = out;

    for (; *s; s++) {
        if ((unsigned char)*s > ' ' && (unsigned char)*s <= '~' && !strchr("\"<>\\^`{|}", *s))
            *p++ = *s;
        else
            p += snprintf(p, 4, "%%%02X", (unsigned char)*s);
    }
    return out;
}

const char *
form_uri(struct job *j, const char *s)
{
    static const struct hsds_field uri = {.type = HSDS_URI};
    static const char *const heads[] = {"https://", "http://"};
    const char *rest = s, *head = NULL;

    for (int i = 0; !head && i < 2; i++)
        if (!strncasecmp(s, heads[i], strlen(heads[i]))) {
            head = heads[i];
            rest = s + strlen(head);
        }
    if (!head && (strcspn(s, ":") < strcspn(s, "/?#") || strchr(s, ' ') || strchr(s, '@')))
        return NULL; /* javascript:, mailto:, a sentence */
    head = head ? head : "https://";
    rest += strspn(rest, "/");
    if (!memchr(rest, '.', strcspn(rest, "/?#")))
        return NULL; /* the host has no dot: a word, or a machine of somebody's own */
    s = percent(j, job_format(j, "%s%s", head, rest));
    return document_form(&uri, s) ? NULL : s;
}

const char *
form_email(struct job *j, const char *s)
{
    static const struct hsds_field email = {.type = HSDS_EMAIL};
    const char *from = strchr(s, '<'), *to = from ? strchr(from, '>') : NULL;
    char *out;

    if (to)
        s = job_copy_n(j, from + 1, (size_t)(to - from - 1));
    if (!strncasecmp(s, "mailto:", 7))
        s += 7;
    out = job_copy_n(j, s, strcspn(s, "?;, "));
    return document_form(&email, out) ? NULL : out;
}

/* ---- values of a list -------------------------------------------------------------------- */

/* What feeds write, and which of the standard's values it is; for any field that has it. */
static const struct {
    const char *as, *is;
} same[] = {
    {"open", "active"},         {"live", "active"},          {"published", "active"},
    {"enabled", "active"},      {"current", "active"},       {"closed", "defunct"},
    {"archived", "defunct"},    {"deleted", "defunct"},      {"disabled", "inactive"},
    {"draft", "inactive"},      {"suspended", "temporarily closed"},
    {"paused", "temporarily closed"}, {"on hold", "temporarily closed"},
    {"venue", "physical"},      {"building", "physical"},    {"online", "virtual"},
    {"post", "postal"},         {"mailing", "postal"},       {"week", "WEEKLY"},
    {"every week", "WEEKLY"},   {"month", "MONTHLY"},        {"every month", "MONTHLY"},
    {"drop in", "drop-in"},     {"dropin", "drop-in"},       {"open access", "drop-in"},
    {"by appointment", "appointment"}, {"referral only", "referral"},
    {"self", "parent"},         {"parents", "parent"},       {"carer", "parent"},
    {"family", "parent"},       {"schools", "school"},       {"senco", "school"},
    {"gp", "health"},           {"social care", "social-worker"},
    {"professionals", "professional"}, {"young person", "young-person"},
    {"per day", "day"},         {"daily", "day"},            {"per session", "session"},
    {"per hour", "hour"},       {"hourly", "hour"},          {"per place", "place"},
    {"reception", "R"},         {"nursery", "N2"},
};

/* Letters and digits alone, small. */
static const char *
folded(struct job *j, const char *s)
{
    char *out = job_alloc(j, strlen(s) + 1), *p = out;

    for (; *s; s++)
        if (digit(*s) || (*s >= 'a' && *s <= 'z'))
            *p++ = *s;
        else if (*s >= 'A' && *s <= 'Z')
            *p++ = (char)(*s + ('a' - 'A'));
    return out;
}

static const char *
among(struct job *j, const struct hsds_field *f, const char *key)
{
    const char *v;

    for (size_t at = 0; (v = hsds_value(j, f, &at));)
        if (!strcmp(folded(j, v), key))
            return v;
    return NULL;
}

const char *
form_choice(struct job *j, const struct hsds_field *f, const char *s)
{
    const char *key, *v;

    if (hsds_allows(f, s))
        return s;
    key = folded(j, s);
    v = *key ? among(j, f, key) : NULL;
    for (size_t i = 0; !v && i < sizeof same / sizeof *same; i++)
        if (!strcmp(folded(j, same[i].as), key) && hsds_allows(f, same[i].is))
            v = same[i].is;
    if (!v && !strncmp(key, "year", 4))
        v = among(j, f, key + 4);
    return v;
}

/* ---- days of the week -------------------------------------------------------------------- */

static const char codes[7][3] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

static int
day_at(const char *s)
{
    for (int d = 0; d < 7; d++)
        if (!strncasecmp(s, codes[d], 2))
            return d;
    return -1;
}

/* "MO", "1FR", "-1MO", "Tuesdays", "Mon-Fri", "weekdays", "daily". */
struct days {
    char out[256];
    size_t n;
    int before; /* the day before a "-" or "to" */
};

static bool
add_day(struct days *d, const char *nth, size_t n_nth, int day)
{
    int n = snprintf(d->out + d->n, sizeof d->out - d->n, "%s%.*s%s", d->n ? "," : "",
                     (int)n_nth, nth, codes[day]);

    if (n < 0 || (size_t)n >= sizeof d->out - d->n)
        return false;
    d->n += (size_t)n;
    return true;
}

static bool
add_days(struct days *d, int from, int to)
{
    bool fits = true;

    for (int k = from; fits && k != (to + 1) % 7;) {
        fits = add_day(d, "", 0, k);
        k = (k + 1) % 7;
        if (k == from)
            break;
    }
    return fits;
}

static bool
take_word(struct days *d, const char *s, size_t n)
{
    size_t sign = strspn(s, "+-0123456789");
    int day = sign < n ? day_at(s + sign) : -1;

    if (!strncasecmp(s, "and", n) && n == 3)
        return true;
    if ((!strncasecmp(s, "to", n) && n == 2) || (n == 1 && *s == '-'))
        return d->before >= 0;
    if (n >= 7 && !strncasecmp(s, "weekday", 7))
        return add_days(d, 0, 4);
    if (n >= 7 && !strncasecmp(s, "weekend", 7))
        return add_days(d, 5, 6);
    if ((n == 5 && !strncasecmp(s, "daily", 5)) || (n == 8 && !strncasecmp(s, "everyday", 8)))
        return add_days(d, 0, 6);
    if (day < 0 || n - sign > 11 || sign > 3)
        return false;
    d->before = day;
    return add_day(d, s, sign, day);
}

/* Where a span of days stands: "Mon-Fri", "Monday to Friday". */
static const char *
span_of_days(const char *s, int *from, int *to)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const char *rest = s + n + strspn(s + n, " ");

    *from = n >= 2 ? day_at(s) : -1;
    if (*rest == '-' || !strncmp(rest, "–", strlen("–")))
        rest += *rest == '-' ? 1 : strlen("–");
    else if (!strncasecmp(rest, "to ", 3))
        rest += 2;
    else
        return NULL;
    rest += strspn(rest, " ");
    *to = day_at(rest);
    if (*from < 0 || *to < 0)
        return NULL;
    return rest + strspn(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

const char *
form_days(struct job *j, const char *s)
{
    struct days d = {.before = -1};
    static const char parts[] = " ,;/&+\n";

    for (s += strspn(s, parts); *s; s += strspn(s, parts)) {
        int from, to;
        const char *end = span_of_days(s, &from, &to);
        size_t n = strcspn(s, " ,;/&\n");

        if (end ? !add_days(&d, from, to) : !take_word(&d, s, n))
            return NULL;
        s = end ? end : s + n;
    }
    return d.n ? job_copy(j, d.out) : NULL;
}
