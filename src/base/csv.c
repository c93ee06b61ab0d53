#include "base/csv.h"
#include "base/csv_scan.h"
#include "base/text.h"

enum {
    RECORD_BYTES = 1024 * 1024,
    FIELDS = 1024,
    READ_AHEAD = 256 * 1024, /* of a source, beyond one record */
};

struct csv {
    struct job *j;
    csv_source *source; /* NULL: the whole text is here */
    void *arg;
    const char *s;      /* the text, or what of it is in the buffer */
    size_t n;           /* bytes of s */
    size_t at;          /* start of the next record in s */
    size_t base;        /* first byte of the block that marks belongs to */
    uint64_t marks;     /* marks of that block not yet passed */
    int64_t before;     /* bytes of the whole text before s */
    int64_t line;       /* of the next record */
    bool final;         /* nothing comes after s */
    bool failed;
    struct csv_limits limits;
    char *buffer;       /* a source's bytes: record_bytes + READ_AHEAD */
    char *scratch;      /* fields that had doubled quotes: record_bytes */
    struct csv_field *fields;
};

/* One record while it is taken apart. */
struct record {
    size_t start, stop; /* the text ends at stop: for now, or for good */
    size_t n;
    size_t scratch;     /* bytes used */
    int64_t line;       /* where the pen is */
};

enum outcome { DONE, SHORT, FAULTY };

/* Marks of the block at base; what lies past the text is none. */
static uint64_t
block_marks(const struct csv *c, size_t base)
{
    char last[CSV_BLOCK];

    if (c->n - base >= CSV_BLOCK)
        return csv_scan(c->s + base);
    memset(last, ' ', sizeof last);
    memcpy(last, c->s + base, c->n - base);
    return csv_scan(last);
}

/* Begin to look for marks at position at. */
static void
seek(struct csv *c, size_t at)
{
    c->base = at - at % CSV_BLOCK;
    c->marks = c->base < c->n ? block_marks(c, c->base) & (~UINT64_C(0) << (at % CSV_BLOCK)) : 0;
}

static struct csv *
csv_new(struct job *j, struct csv_limits limits)
{
    struct csv *c = job_alloc(j, sizeof *c);

    c->j = j;
    c->line = 1;
    c->limits.record_bytes = limits.record_bytes ? limits.record_bytes : RECORD_BYTES;
    c->limits.fields = limits.fields ? limits.fields : FIELDS;
    c->fields = job_array(j, c->limits.fields, sizeof *c->fields);
    c->scratch = job_alloc(j, c->limits.record_bytes);
    return c;
}

struct csv *
csv_open(struct job *j, csv_source *source, void *arg, struct csv_limits limits)
{
    struct csv *c = csv_new(j, limits);

    c->source = source;
    c->arg = arg;
    c->s = c->buffer = job_alloc(j, c->limits.record_bytes + READ_AHEAD);
    return c;
}

static void
skip_mark(struct csv *c)
{
    if (c->n >= 3 && memcmp(c->s, "\xEF\xBB\xBF", 3) == 0)
        c->at = 3;
}

struct csv *
csv_open_text(struct job *j, const char *s, size_t n, struct csv_limits limits)
{
    struct csv *c = csv_new(j, limits);

    c->s = s;
    c->n = n;
    c->final = true;
    skip_mark(c);
    seek(c, c->at);
    return c;
}

/* Position of the next mark, or stop. */
static inline size_t
next_mark(struct csv *c, size_t stop)
{
    size_t at;

    while (c->marks == 0) {
        if (c->base + CSV_BLOCK >= stop)
            return stop;
        c->base += CSV_BLOCK;
        c->marks = block_marks(c, c->base);
    }
    at = c->base + (size_t)__builtin_ctzll(c->marks);
    if (at >= stop)
        return stop;
    c->marks &= c->marks - 1;
    return at;
}

static enum outcome
fault(struct csv *c, const struct record *r, const char *what)
{
    err_set(c->j, ERR_INPUT, "line %lld, column %zu: %s", (long long)r->line, r->n + 1, what);
    err_hint(c->j, "Open the file in a plain text editor at this line, or export it again.");
    return FAULTY;
}

static enum outcome
too_long(struct csv *c, const struct record *r)
{
    char most[TEXT_NUMBER];

    err_set(c->j, ERR_INPUT,
            "line %lld, column %zu: the record is longer than a record may be (%s bytes)",
            (long long)r->line, r->n + 1, text_count((int64_t)c->limits.record_bytes, most));
    err_hint(c->j, "Open the file in a plain text editor at this line, or export it again.");
    return FAULTY;
}

/* The text is at its stop inside a record: more must come, or something is wrong. */
static enum outcome
at_stop(struct csv *c, const struct record *r)
{
    if (r->stop - r->start > c->limits.record_bytes)
        return too_long(c, r);
    return SHORT;
}

/* Doubled quotes become single ones, in the scratch memory. */
static struct csv_field
without_doubles(struct csv *c, struct record *r, const char *s, size_t n)
{
    char *to = c->scratch + r->scratch;
    size_t out = 0;

    while (n) {
        const char *quote = memchr(s, '"', n);
        size_t run = quote ? (size_t)(quote - s) + 1 : n;
        memcpy(to + out, s, run);
        out += run;
        run += quote != NULL; /* its twin */
        s += run;
        n -= run;
    }
    r->scratch += out;
    return (struct csv_field){to, out};
}

/* From the opening quote at *at to the mark that ends the field. */
static enum outcome
quoted_field(struct csv *c, struct record *r, size_t *at, struct csv_field *field)
{
    size_t open = *at, close = 0, end;
    int64_t line = r->line;
    bool doubled = false;

    while (!close) {
        size_t mark = next_mark(c, r->stop);
        if (mark == r->stop)
            return c->final && r->stop == c->n && r->stop - r->start <= c->limits.record_bytes
                       ? fault(c, r, "a quote is opened here and never closed")
                       : at_stop(c, r);
        if (c->s[mark] == '"' && mark + 1 < r->stop && c->s[mark + 1] == '"') {
            doubled = true;
            next_mark(c, r->stop);
        } else if (c->s[mark] == '"') {
            close = mark;
        } else if (c->s[mark] == '\n') {
            line += c->s[mark - 1] != '\r';
        } else if (c->s[mark] == '\r') {
            line++;
        } else if (c->s[mark] == '\0') {
            r->line = line;
            return fault(c, r, "there is a NUL byte, so this is not a text file");
        }
    }
    if (close + 1 == r->stop && !(c->final && r->stop == c->n))
        return at_stop(c, r);
    r->line = line;
    end = next_mark(c, r->stop);
    if (end != close + 1)
        return fault(c, r, "text follows after a closing quote");
    *field = doubled ? without_doubles(c, r, c->s + open + 1, close - open - 1)
                     : (struct csv_field){c->s + open + 1, close - open - 1};
    *at = end;
    return DONE;
}

/* Passes the line end at `end`, and the newline of CRLF. */
static enum outcome
end_record(struct csv *c, struct record *r, size_t end)
{
    size_t next = end + 1;

    if (end == r->stop) {
        if (!(c->final && r->stop == c->n))
            return at_stop(c, r);
        next = end;
    } else if (c->s[end] == '\r') {
        if (next == c->n && !c->final)
            return SHORT;
        if (next < c->n && c->s[next] == '\n') {
            next_mark(c, c->n);
            next++;
        }
    }
    if (end - r->start > c->limits.record_bytes)
        return too_long(c, r);
    r->n++;
    c->at = next;
    c->line = r->line + (end != r->stop);
    return DONE;
}

/* Takes one record apart, from c->at; the marks stand there too. */
static enum outcome
take_record(struct csv *c, struct record *r)
{
    size_t at = r->start, mark;
    struct csv_field *fields = c->fields;

    for (;;) {
        struct csv_field field;
        char end;

        mark = next_mark(c, r->stop);
        end = mark < r->stop ? c->s[mark] : '\n';
        field = (struct csv_field){c->s + at, mark - at};
        while (end == '"') {
            if (mark == at) {
                enum outcome o = quoted_field(c, r, &mark, &field);
                if (o != DONE)
                    return o;
            } else {
                mark = next_mark(c, r->stop);
                field.n = mark - at;
            }
            end = mark < r->stop ? c->s[mark] : '\n';
        }
        if (end == '\0')
            return fault(c, r, "there is a NUL byte, so this is not a text file");
        if (r->n == c->limits.fields)
            return fault(c, r, "the record has more fields than a record may have");
        fields[r->n] = field;
        if (end != ',')
            return end_record(c, r, mark);
        r->n++;
        at = mark + 1;
    }
}

/* The bytes not yet read move to the front and the buffer is filled up. */
static enum err
refill(struct csv *c)
{
    size_t size = c->limits.record_bytes + READ_AHEAD;
    size_t left = c->n - c->at;
    bool first = c->before == 0 && c->n == 0;
    enum err e;

    memmove(c->buffer, c->s + c->at, left);
    c->before += (int64_t)c->at;
    c->at = 0;
    c->n = left;
    while (c->n < size && !c->final) {
        size_t got = 0;
        e = c->source(c->j, c->arg, c->buffer + c->n, size - c->n, &got);
        if (e)
            return e;
        c->final = got == 0;
        c->n += got;
    }
    if (first)
        skip_mark(c);
    seek(c, c->at);
    return OK;
}

/* Past empty lines; the record's start is in c->at.  False: nothing is left in s. */
static bool
skip_empty_lines(struct csv *c)
{
    while (c->at < c->n && (c->s[c->at] == '\n' || c->s[c->at] == '\r')) {
        bool pair = c->s[c->at] == '\r' && c->at + 1 < c->n && c->s[c->at + 1] == '\n';
        if (c->s[c->at] == '\r' && c->at + 1 == c->n && !c->final)
            return false;
        next_mark(c, c->n);
        if (pair)
            next_mark(c, c->n);
        c->at += pair ? 2 : 1;
        c->line++;
    }
    return c->at < c->n;
}

enum err
csv_next(struct csv *c, struct csv_row *row, bool *more)
{
    struct record r;
    enum outcome o = SHORT;
    int64_t line = 0;

    *more = false;
    while (!c->failed) {
        if (skip_empty_lines(c)) {
            size_t most = c->limits.record_bytes + 1;
            line = c->line;
            r = (struct record){.start = c->at, .line = line};
            r.stop = c->n - c->at > most ? c->at + most : c->n;
            o = take_record(c, &r);
        }
        if (o == DONE) {
            *row = (struct csv_row){c->fields, r.n, line, c->before + (int64_t)r.start};
            *more = true;
            return OK;
        }
        if (o == FAULTY)
            break;
        if (c->final)
            return OK;
        if (refill(c))
            break;
    }
    c->failed = true;
    return c->j->err.kind;
}
