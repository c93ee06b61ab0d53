#include "directory/feed_in.h"
#include <stdlib.h>
#include <string.h>

/* ---- where a value ends ------------------------------------------------------------------ */

static const size_t NOWHERE = SIZE_MAX;

static bool
white(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static size_t
skip(struct span t, size_t at)
{
    while (at < t.n && white(t.s[at]))
        at++;
    return at;
}

/* Past the quote that closes the text which opens at `at`; NOWHERE: none does. */
static size_t
text_end(struct span t, size_t at)
{
    for (at++; at < t.n; at++) {
        if (t.s[at] == '\\')
            at++;
        else if (t.s[at] == '"')
            return at + 1;
    }
    return NOWHERE;
}

/* Past the bracket that closes `depth` open ones; brackets are not told apart, the parser does. */
static size_t
close_of(struct span t, size_t at, int depth)
{
    while (at < t.n) {
        char c = t.s[at];

        if (c == '"') {
            at = text_end(t, at);
            if (at == NOWHERE)
                return NOWHERE;
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        at++;
        if (!depth)
            return at;
    }
    return NOWHERE;
}

static size_t
value_end(struct span t, size_t at)
{
    if (at >= t.n)
        return NOWHERE;
    if (t.s[at] == '"')
        return text_end(t, at);
    if (t.s[at] == '{' || t.s[at] == '[')
        return close_of(t, at + 1, 1);
    while (at < t.n && !white(t.s[at]) && !strchr(",]}", t.s[at]))
        at++;
    return at;
}

/* ---- pages ------------------------------------------------------------------------------- */

struct member {
    struct span name;
    size_t at; /* of its value */
};

/* The member of an object that stands at *at; false: the object ends there, or is no JSON. */
static bool
next_member(struct span t, size_t *at, struct member *m)
{
    size_t from = skip(t, *at), end;

    if (from < t.n && t.s[from] == ',')
        from = skip(t, from + 1);
    if (from >= t.n || t.s[from] != '"' || (end = text_end(t, from)) == NOWHERE)
        return false;
    m->name = (struct span){t.s + from + 1, end - from - 2};
    from = skip(t, end);
    if (from >= t.n || t.s[from] != ':')
        return false;
    m->at = *at = skip(t, from + 1);
    return true;
}

/* What the list of a page's records is called: by HSDS, by ORUK as specified and as met. */
static const char *const lists[] = {"contents", "content", "services", "items", "results", "data"};

static bool
is_list(struct span t, const struct member *m)
{
    if (m->at >= t.n || t.s[m->at] != '[')
        return false;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (span_is(m->name, lists[i]))
            return true;
    return false;
}

/* The place of '[' in the object that opens at `at`; NOWHERE: it is no page. */
static size_t
list_of(struct span t, size_t at, bool *oruk1)
{
    struct member m;

    *oruk1 = false;
    for (at++; next_member(t, &at, &m);) {
        *oruk1 = *oruk1 || span_is(m.name, "totalElements") || span_is(m.name, "content");
        if (is_list(t, &m))
            return m.at;
        at = value_end(t, at);
        if (at == NOWHERE)
            return NOWHERE;
    }
    return NOWHERE;
}

static void
number_of(struct span t, const struct member *m, struct feed_page *out)
{
    static const struct {
        const char *name;
        size_t to;
    } names[] = {{"total_items", offsetof(struct feed_page, total_items)},
                 {"totalElements", offsetof(struct feed_page, total_items)},
                 {"total_pages", offsetof(struct feed_page, total_pages)},
                 {"totalPages", offsetof(struct feed_page, total_pages)},
                 {"page_number", offsetof(struct feed_page, page)},
                 {"number", offsetof(struct feed_page, page)}};
    size_t end = value_end(t, m->at);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_is(m->name, names[i].name) && end != NOWHERE)
            text_to_int(t.s + m->at, end - m->at,
                        (int64_t *)(void *)((char *)out + names[i].to));
}

static enum err
no_json(struct job *j, const char *place, struct span t, size_t at)
{
    int64_t line = 1;

    for (size_t i = 0; i < at && i < t.n; i++)
        line += t.s[i] == '\n';
    return err_set(j, ERR_INPUT, "%s is no JSON, or ends too early: line %lld", place,
                   (long long)line);
}

/* All records of the list that opens at `at`. */
static enum err
list_records(struct job *j, const char *place, struct span t, size_t at, struct feed_page *out)
{
    size_t room = 64;

    out->record = job_array(j, room, sizeof *out->record);
    for (at = skip(t, at + 1); at < t.n && t.s[at] != ']'; at = skip(t, at)) {
        size_t end = value_end(t, at);

        if (end == NOWHERE || end == at)
            return no_json(j, place, t, at);
        if (out->n == room) {
            out->record = job_grow(j, out->record, room * sizeof *out->record,
                                   2 * room * sizeof *out->record);
            room *= 2;
        }
        out->record[out->n++] = (struct span){t.s + at, end - at};
        at = skip(t, end);
        if (at < t.n && t.s[at] == ',')
            at++;
        else if (at >= t.n || t.s[at] != ']')
            return no_json(j, place, t, at);
    }
    return at < t.n ? OK : no_json(j, place, t, at);
}

enum err
feed_page(struct job *j, const char *place, struct span text, struct feed_page *out)
{
    size_t at = skip(text, 0), end;
    struct member m;
    enum err e = feed_looks(j, place, text);

    *out = (struct feed_page){.total_items = -1, .total_pages = -1, .page = -1};
    if (e || text.s[at] == '[')
        return e ? e : list_records(j, place, text, at, out);
    if (text.s[at] != '{')
        return no_json(j, place, text, at);
    for (at++; !e && next_member(text, &at, &m);) {
        out->oruk1 = out->oruk1 || span_is(m.name, "totalElements");
        if (is_list(text, &m))
            e = list_records(j, place, text, m.at, out);
        else
            number_of(text, &m, out);
        end = value_end(text, at);
        if (end == NOWHERE)
            return e ? e : no_json(j, place, text, at);
        at = end;
    }
    at = skip(text, at);
    if (!e && (at >= text.n || text.s[at] != '}'))
        return no_json(j, place, text, at);
    if (!e && !out->record)
        return err_set(j, ERR_INPUT, "%s is JSON, but no page of records", place);
    return e;
}

/* ---- a whole file, record by record ------------------------------------------------------ */

struct json_feed {
    const char *place;
    struct span t;
    size_t at;
    size_t seen;   /* newlines before here are counted in `line` */
    int64_t line;
    bool lines;    /* a record a line */
    bool in_list;
    bool in_page;  /* the list is a member of an object, which has to be closed, too */
};

static int64_t
line_at(struct json_feed *f, size_t at)
{
    for (; f->seen < at; f->seen++)
        f->line += f->t.s[f->seen] == '\n';
    return f->line;
}

static enum err
give(struct job *j, struct json_feed *f, size_t end, struct feed_record *out)
{
    if (end == NOWHERE || end == f->at)
        return no_json(j, f->place, f->t, f->at);
    *out = (struct feed_record){.text = {f->t.s + f->at, end - f->at},
                                .line = line_at(f, f->at)};
    f->at = end;
    return OK;
}

static enum err
next_line(struct job *j, struct json_feed *f, struct feed_record *out, bool *more)
{
    const char *end;

    f->at = skip(f->t, f->at);
    *more = f->at < f->t.n;
    if (!*more)
        return OK;
    end = memchr(f->t.s + f->at, '\n', f->t.n - f->at);
    return give(j, f, end ? (size_t)(end - f->t.s) : f->t.n, out);
}

/* The list is over: so must be the object that it is in. */
static enum err
leave_list(struct job *j, struct json_feed *f)
{
    size_t end = f->in_page ? close_of(f->t, f->at + 1, 1) : f->at + 1;

    if (end == NOWHERE)
        return no_json(j, f->place, f->t, f->t.n);
    f->at = end;
    f->in_list = f->in_page = false;
    return OK;
}

static enum err
next_of_list(struct job *j, struct json_feed *f, struct feed_record *out)
{
    enum err e = give(j, f, value_end(f->t, f->at), out);
    size_t at = skip(f->t, f->at);

    if (e)
        return e;
    if (at >= f->t.n || (f->t.s[at] != ',' && f->t.s[at] != ']'))
        return no_json(j, f->place, f->t, at);
    f->at = at + (f->t.s[at] == ',');
    return OK;
}

/* Into the list that a value of the outermost level is or holds.  False: it is a record. */
static bool
enter_list(struct json_feed *f)
{
    bool oruk1;
    size_t list = f->t.s[f->at] == '[' ? f->at : NOWHERE;

    if (f->t.s[f->at] == '{') {
        list = list_of(f->t, f->at, &oruk1);
        f->in_page = list != NOWHERE;
    }
    if (list == NOWHERE)
        return false;
    f->at = list + 1;
    f->in_list = true;
    return true;
}

static enum err
next_json(struct job *j, void *arg, struct feed_record *out, bool *more)
{
    struct json_feed *f = arg;
    enum err e = OK;

    if (f->lines)
        return next_line(j, f, out, more);
    *more = true;
    for (;;) {
        f->at = skip(f->t, f->at);
        if (f->at >= f->t.n) {
            *more = false;
            return f->in_list ? no_json(j, f->place, f->t, f->at) : OK;
        }
        if (f->in_list && f->t.s[f->at] != ']')
            return next_of_list(j, f, out);
        if (f->in_list) {
            if ((e = leave_list(j, f)))
                return e;
        } else if (f->t.s[f->at] != '{' && f->t.s[f->at] != '[') {
            return no_json(j, f->place, f->t, f->at);
        } else if (!enter_list(f)) {
            return give(j, f, value_end(f->t, f->at), out);
        }
    }
}

/* Is each record a line of its own? */
static bool
by_lines(struct span t)
{
    size_t at = skip(t, 0);
    const char *stop;
    struct span first = {t.s, 0};
    bool oruk1;

    if (at >= t.n || t.s[at] != '{')
        return false;
    stop = memchr(t.s + at, '\n', t.n - at);
    if (!stop || skip(t, (size_t)(stop - t.s)) >= t.n)
        return false;
    first.n = (size_t)(stop - t.s);
    return value_end(first, at) != NOWHERE && list_of(first, at, &oruk1) == NOWHERE;
}

enum err
feed_open_json(struct job *j, struct span text, struct feed *out)
{
    struct json_feed *f = job_alloc(j, sizeof *f);
    bool oruk1 = false;
    size_t at = skip(text, 0);

    *f = (struct json_feed){.place = out->place, .t = text, .line = 1, .lines = by_lines(text)};
    if (!f->lines && at < text.n && text.s[at] == '{')
        list_of(text, at, &oruk1);
    out->kind = oruk1 ? FEED_ORUK1 : FEED_HSDS;
    out->next = next_json;
    out->arg = f;
    return OK;
}
