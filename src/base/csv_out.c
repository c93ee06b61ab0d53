#include "base/csv.h"

/* Blanks at the ends are kept by quoting: some readers trim what is not quoted. */
static bool
needs_quotes(const char *s)
{
    size_t n = strcspn(s, ",\"\r\n");

    return s[n] || (n && (s[0] == ' ' || s[n - 1] == ' '));
}

static void
next_field(struct csv_out *o)
{
    if (o->column++) {
        putc_unlocked(',', o->f);
        o->written = true;
    }
}

void
csv_put(struct csv_out *o, const char *s)
{
    next_field(o);
    if (!s || !*s)
        return;
    o->written = true;
    if (!needs_quotes(s)) {
        fputs_unlocked(s, o->f);
        return;
    }
    putc_unlocked('"', o->f);
    for (; *s; s++) {
        if (*s == '"')
            putc_unlocked('"', o->f);
        putc_unlocked(*s, o->f);
    }
    putc_unlocked('"', o->f);
}

void
csv_put_int(struct csv_out *o, int64_t v)
{
    char buf[24], *at = buf + sizeof buf;
    uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    next_field(o);
    o->written = true;
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        *--at = '-';
    fwrite_unlocked(at, 1, (size_t)(buf + sizeof buf - at), o->f);
}

/* A line of nothing would be read as no record at all. */
void
csv_end_row(struct csv_out *o)
{
    fputs_unlocked(o->column && !o->written ? "\"\"\r\n" : "\r\n", o->f);
    o->column = 0;
    o->written = false;
}
