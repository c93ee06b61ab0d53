#include "web/form.h"

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

const char *
form_decode(struct job *j, struct span text, bool plus)
{
    char *out = job_alloc(j, text.n + 1);
    size_t n = 0, bad_at;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (c == '%') {
            bool room = text.n - i > 2;
            int high = room ? hex_digit(text.s[i + 1]) : -1;
            int low = room ? hex_digit(text.s[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (!c)
            return NULL;
        out[n++] = c;
    }
    return text_is_utf8(out, n, &bad_at) ? out : NULL;
}

static size_t
until(struct span s, char c)
{
    const char *at = s.n ? memchr(s.s, c, s.n) : NULL;

    return at ? (size_t)(at - s.s) : s.n;
}

static bool
parse_pair(struct job *j, struct span s, struct pair *out)
{
    size_t eq = until(s, '=');
    struct span value = eq < s.n ? (struct span){s.s + eq + 1, s.n - eq - 1} : span_of("");

    out->name = form_decode(j, (struct span){s.s, eq}, true);
    out->value = form_decode(j, value, true);
    return out->name && out->value;
}

bool
form_parse(struct job *j, struct span text, const struct pair **out, size_t *n)
{
    size_t most = 0;
    struct pair *list;

    for (size_t i = 0; i < text.n; i++)
        most += text.s[i] == '&';
    *out = NULL;
    *n = 0;
    if (!text.n)
        return true;
    if (++most > FORM_FIELDS)
        return false;
    *out = list = job_array(j, most, sizeof *list);
    while (text.n) {
        size_t end = until(text, '&');
        if (end && !parse_pair(j, (struct span){text.s, end}, &list[(*n)++]))
            return false;
        end += end < text.n;
        text.s += end;
        text.n -= end;
    }
    return true;
}

/* ---- what pages ask ----------------------------------------------------------------- */

static const char *
find(const struct pair *v, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(v[i].name, name))
            return v[i].value;
    return NULL;
}

const char *
request_query(const struct request *q, const char *name)
{
    return find(q->query, q->n_query, name);
}

const char *
request_form(const struct request *q, const char *name)
{
    return find(q->form, q->n_form, name);
}

int64_t
request_int(const struct request *q, const char *name, int64_t if_none)
{
    const char *s = request_query(q, name);
    int64_t v = if_none;

    if (!s)
        s = request_form(q, name);
    return s && text_to_int(s, strlen(s), &v) ? v : if_none;
}

int64_t
request_part_id(const struct request *q, size_t i)
{
    int64_t v = 0;

    if (i >= q->n_parts)
        return 0;
    /* one page has one address: no signs, no leading zeros */
    for (const char *s = q->part[i]; *s; s++) {
        if (*s < '0' || *s > '9' || v > INT64_MAX / 10 - 10 || (s == q->part[i] && *s == '0'))
            return 0;
        v = v * 10 + (*s - '0');
    }
    return v;
}

/* ---- the other way ------------------------------------------------------------------ */

static char *
print_text(char *at, const char *s)
{
    static const char hex[] = "0123456789ABCDEF";

    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     strchr("-._~", c);
        if (plain) {
            *at++ = (char)c;
        } else {
            *at++ = '%';
            *at++ = hex[c >> 4];
            *at++ = hex[c & 15];
        }
    }
    return at;
}

const char *
form_print(struct job *j, const struct pair *v, size_t n)
{
    size_t room = 1;
    char *out, *at;

    for (size_t i = 0; i < n; i++)
        room += 3 * (strlen(v[i].name) + strlen(v[i].value)) + 2;
    out = at = job_alloc(j, room);
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(v[i].name, "csrf"))
            continue;
        if (at > out)
            *at++ = '&';
        at = print_text(at, v[i].name);
        *at++ = '=';
        at = print_text(at, v[i].value);
    }
    *at = '\0';
    return out;
}
