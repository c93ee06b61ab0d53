#include "base/date.h"
#include "directory/document.h"
#include "directory/uuid.h"
#include <string.h>

/* ---- the forms of texts ------------------------------------------------------------------ */

static bool
digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return true;
}

static bool
is_date(const char *s)
{
    int32_t day;

    return strlen(s) == 10 && digits(s, 4) && s[4] == '-' && digits(s + 5, 2) && s[7] == '-' &&
           digits(s + 8, 2) && date_parse(s, 10, &day);
}

static int
two(const char *s)
{
    return (s[0] - '0') * 10 + s[1] - '0';
}

/* "09:30:00", then what may follow: a part of a second, Z, +01:00. */
static bool
is_time(const char *s, bool zone)
{
    size_t n = strlen(s);
    const char *z = s + 8;

    if (n < 8 || !digits(s, 2) || s[2] != ':' || !digits(s + 3, 2) || s[5] != ':' ||
        !digits(s + 6, 2) || two(s) > 23 || two(s + 3) > 59 || two(s + 6) > 59)
        return false;
    if (*z == '.' && z[1])
        z += 1 + strspn(z + 1, "0123456789");
    if (!*z)
        return !zone;
    if (!strcmp(z, "Z"))
        return true;
    return (*z == '+' || *z == '-') && strlen(z) == 6 && digits(z + 1, 2) && z[3] == ':' &&
           digits(z + 4, 2);
}

static bool
is_moment(const char *s)
{
    char day[11] = "";

    if (strlen(s) < 20 || s[10] != 'T')
        return false;
    memcpy(day, s, 10);
    return is_date(day) && is_time(s + 11, true);
}

static bool
is_uri(const char *s)
{
    size_t head = !strncmp(s, "https://", 8) ? 8 : !strncmp(s, "http://", 7) ? 7 : 0;
    size_t host = head ? strcspn(s + head, "/?#") : 0;

    if (!host || host > 253 || s[head] == '.' || s[head] == '-')
        return false;
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p > '~' || strchr("\"<>\\^`{|}", *p))
            return false;
    for (size_t i = 0; i < host; i++)
        if (strchr("@[]%", s[head + i]))
            return false; /* a name and password, an address of another family */
    return true;
}

static bool
is_email(const char *s)
{
    const char *at = strchr(s, '@');
    const char *dot = at ? strrchr(at, '.') : NULL;

    if (!at || at == s || strchr(at + 1, '@') || !dot || dot == at + 1 || !dot[1] ||
        strstr(s, "..") || at[-1] == '.' || s[0] == '.' || strlen(s) > 254)
        return false;
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p > '~' || strchr("\"(),:;<>[\\]", *p))
            return false;
    return true;
}

const char *
document_form(const struct hsds_field *f, const char *s)
{
    switch (f->type) {
    case HSDS_UUID: return uuid_is(span_of(s)) ? NULL : "is no UUID";
    case HSDS_URI: return is_uri(s) ? NULL : "is no address of the web such as https://example.org";
    case HSDS_EMAIL: return is_email(s) ? NULL : "is no e-mail address";
    case HSDS_DATE: return is_date(s) ? NULL : "is no date such as 2026-11-25";
    case HSDS_TIME: return is_time(s, false) ? NULL : "is no time such as 09:30:00";
    case HSDS_MOMENT: return is_moment(s) ? NULL : "is no time such as 2026-11-25T09:30:00Z";
    case HSDS_CHOICE: return hsds_allows(f, s) ? NULL : "is none of the values there are";
    default: return NULL;
    }
}

/* ---- a document by the table ------------------------------------------------------------- */

/* Where the check is: a path is written only where something is wrong. */
struct at {
    const struct at *up;
    const char *name;
    int64_t place; /* -1: no member of a list */
};
struct check {
    struct job *j;
    struct document_problem *v;
    size_t n, room;
};

static const char *
path_of(struct job *j, const struct at *at)
{
    const char *up = at->up ? path_of(j, at->up) : "";

    if (at->place >= 0)
        return job_format(j, "%s[%lld]", up, (long long)at->place);
    return job_format(j, "%s%s%s", up, *up ? "." : "", at->name);
}

static void
say(struct check *c, const struct at *at, const struct hsds_field *f, const char *message)
{
    if (c->n == c->room) {
        c->v = job_grow(c->j, c->v, c->room * sizeof *c->v, 2 * c->room * sizeof *c->v);
        c->room *= 2;
    }
    c->v[c->n++] = (struct document_problem){path_of(c->j, at), f, message};
}

static void
check_text(struct check *c, const struct at *at, const struct hsds_field *f, const json_t *v)
{
    const char *wrong;

    if (!json_is_string(v))
        say(c, at, f, "is no text");
    else if (!json_string_length(v))
        say(c, at, f, "is empty");
    else if ((wrong = document_form(f, json_string_value(v))))
        say(c, at, f, wrong);
}

static void
check_words(struct check *c, const struct at *at, const struct hsds_field *f, const json_t *v)
{
    const json_t *w;
    size_t i;

    if (!json_is_array(v))
        say(c, at, f, "is no list");
    json_array_foreach(v, i, w)
        if (!json_is_string(w))
            say(c, at, f, "holds what is no text");
        else if (!hsds_allows(f, json_string_value(w)))
            say(c, at, f, "is none of the values there are");
}

static void check_object(struct check *c, const struct at *at, enum hsds_object o,
                         const json_t *v);

static void
check_many(struct check *c, const struct at *at, const struct hsds_field *f, const json_t *v)
{
    const json_t *in;
    size_t i;

    if (!json_is_array(v))
        say(c, at, f, "is no list");
    json_array_foreach(v, i, in)
        check_object(c, &(struct at){at, NULL, (int64_t)i}, f->of, in);
}

static void
check_value(struct check *c, const struct at *at, const struct hsds_field *f, const json_t *v)
{
    switch (f->type) {
    case HSDS_NUMBER:
        if (!json_is_number(v))
            say(c, at, f, "is no number");
        break;
    case HSDS_WHOLE:
        if (!json_is_integer(v))
            say(c, at, f, "is no whole number");
        break;
    case HSDS_YES:
        if (!json_is_boolean(v))
            say(c, at, f, "is neither yes nor no");
        break;
    case HSDS_WORDS: check_words(c, at, f, v); break;
    case HSDS_ONE: check_object(c, at, f->of, v); break;
    case HSDS_MANY: check_many(c, at, f, v); break;
    default: check_text(c, at, f, v);
    }
}

static void
check_object(struct check *c, const struct at *up, enum hsds_object o, const json_t *v)
{
    size_t n, known = 0;
    const struct hsds_field *f = hsds_fields(o, &n);
    const char *name;
    const json_t *in;

    if (!json_is_object(v)) {
        say(c, up ? up : &(struct at){NULL, "", -1}, NULL, "is no object");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct at at = {up, f[i].name, -1};

        in = json_object_get(v, f[i].name);
        known += in != NULL;
        if (in)
            check_value(c, &at, &f[i], in);
        else if (f[i].flags & HSDS_REQUIRED)
            say(c, &at, &f[i], "is missing");
    }
    if (known == json_object_size(v))
        return;
    json_object_foreach((json_t *)(uintptr_t)v, name, in)
        if (!hsds_find(o, name))
            say(c, &(struct at){up, job_copy(c->j, name), -1}, NULL, "is not known");
}

enum err
document_check(struct job *j, const json_t *doc, struct document_problem **out, size_t *n)
{
    struct check c = {.j = j, .v = job_array(j, 16, sizeof *c.v), .room = 16};

    check_object(&c, NULL, HSDS_SERVICE, doc);
    *out = c.v;
    *n = c.n;
    return OK;
}
