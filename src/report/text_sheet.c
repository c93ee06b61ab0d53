#include "report/out.h"
#include "report/sheet.h"

enum { GAP = 2, LABEL_LEAST = 16, HEADER_LINES = 12 };

/* The sheet as words, and how wide each column is in characters. */
struct grid {
    const struct sheet *s;
    const char **words;
    size_t *widths;
    size_t width; /* of the terminal */
    FILE *f;
    size_t owed;  /* blanks to write before the next word, so that none ends a line */
};

/* Characters of UTF-8; accents that stand alone take no room. */
static size_t
length(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

/* The first n characters, the last of them "…" when something is left out. */
static void
put_cut(FILE *f, const char *s, size_t n)
{
    size_t most = length(s) > n ? n - 1 : n, at = 0;
    const char *end = s;

    while (*end && (at < most || ((unsigned char)*end & 0xC0) == 0x80)) {
        at += ((unsigned char)end[1] & 0xC0) != 0x80;
        end++;
    }
    fwrite(s, 1, (size_t)(end - s), f);
    if (*end)
        fputs("…", f);
}

static void
put_blanks(FILE *f, size_t n)
{
    while (n--)
        putc(' ', f);
}

/* Text as paragraphs of lines no wider than width, later lines set in. */
static void
put_wrapped(FILE *f, const char *s, size_t width, size_t indent)
{
    size_t at = 0;

    while (*s) {
        const char *end = s + strcspn(s, " ");
        struct span word = {s, (size_t)(end - s)};
        size_t n = 0;
        for (size_t i = 0; i < word.n; i++)
            n += ((unsigned char)word.s[i] & 0xC0) != 0x80;
        if (at && at + 1 + n > width) {
            putc('\n', f);
            put_blanks(f, indent);
            at = indent;
        } else if (at) {
            putc(' ', f);
            at++;
        }
        fwrite(word.s, 1, word.n, f);
        at += n;
        s = *end ? end + 1 : end;
    }
    putc('\n', f);
}

static size_t
longest_word(const char *s)
{
    size_t most = 0, n = 0;

    for (; *s; s++) {
        n = *s == ' ' ? 0 : n + (((unsigned char)*s & 0xC0) != 0x80);
        most = n > most ? n : most;
    }
    return most;
}

/* A line of a column's title: as many words as fit; moves *s on. */
static struct span
title_line(const char **s, size_t width)
{
    struct span line = {*s, 0};
    size_t n = 0;

    while (**s) {
        size_t bytes = strcspn(*s, " "), chars = 0;
        for (size_t i = 0; i < bytes; i++)
            chars += ((unsigned char)(*s)[i] & 0xC0) != 0x80;
        if (line.n && n + 1 + chars > width)
            return line;
        n += chars + (line.n > 0);
        *s += bytes;
        line.n = (size_t)(*s - line.s);
        if (**s == ' ')
            ++*s;
    }
    return line;
}

static size_t
title_lines(const char *s, size_t width)
{
    size_t n = 0;

    while (*s && n < HEADER_LINES) {
        title_line(&s, width);
        n++;
    }
    return n;
}

static void
measure(struct job *j, struct grid *g)
{
    const struct sheet *s = g->s;

    g->words = job_array(j, s->n_rows * s->n_columns, sizeof *g->words);
    g->widths = job_array(j, s->n_columns, sizeof *g->widths);
    for (size_t c = 0; c < s->n_columns; c++)
        g->widths[c] = longest_word(s->columns[c].title);
    for (size_t i = 0; i < s->n_rows * s->n_columns; i++) {
        size_t c = i % s->n_columns, n;
        g->words[i] = sheet_words(j, s, i / s->n_columns, c);
        n = length(g->words[i]);
        g->widths[c] = n > g->widths[c] ? n : g->widths[c];
    }
}

/* Columns from `from` that fit beside the rows' names; at least one. */
static size_t
columns_that_fit(const struct grid *g, size_t from)
{
    size_t used = g->widths[0], c = from;

    while (c < g->s->n_columns && (c == from || used + GAP + g->widths[c] <= g->width))
        used += GAP + g->widths[c++];
    return c;
}

static void
put_cell(struct grid *g, size_t c, const char *s)
{
    size_t n = length(s), width = g->widths[c];
    bool right = g->s->columns[c].kind != SHEET_TEXT;

    n = n > width ? width : n;
    g->owed += right ? width - n : 0;
    if (n) {
        put_blanks(g->f, g->owed);
        put_cut(g->f, s, width);
        g->owed = 0;
    }
    g->owed += right ? 0 : width - n;
}

static void
end_line(struct grid *g)
{
    g->owed = 0;
    putc('\n', g->f);
}

/* One line of the heads of the columns: titles stand on the last of `lines` lines. */
static void
put_title_line(struct job *j, struct grid *g, size_t c, size_t line, size_t lines)
{
    const char *s = g->s->columns[c].title;
    size_t own = title_lines(s, g->widths[c]);
    struct span part = {"", 0};

    for (size_t i = lines - own; i <= line; i++)
        part = title_line(&s, g->widths[c]);
    put_cell(g, c, job_copy_n(j, part.s, part.n));
}

static void
put_heads(struct job *j, struct grid *g, size_t from, size_t to)
{
    size_t lines = title_lines(g->s->columns[0].title, g->widths[0]), rule = g->widths[0];

    for (size_t c = from; c < to; c++) {
        size_t n = title_lines(g->s->columns[c].title, g->widths[c]);
        lines = n > lines ? n : lines;
        rule += GAP + g->widths[c];
    }
    for (size_t line = 0; line < lines; line++) {
        put_title_line(j, g, 0, line, lines);
        for (size_t c = from; c < to; c++) {
            g->owed += GAP;
            put_title_line(j, g, c, line, lines);
        }
        end_line(g);
    }
    for (size_t i = 0; i < rule; i++)
        putc('-', g->f);
    putc('\n', g->f);
}

static const char *
title_before(const struct sheet *s, size_t row)
{
    for (size_t b = 0; b < s->n_blocks; b++)
        if (s->blocks[b].first == row && s->blocks[b].rows)
            return s->blocks[b].title;
    return NULL;
}

static void
put_rows(struct job *j, struct grid *g, size_t from, size_t to)
{
    const struct sheet *s = g->s;

    put_heads(j, g, from, to);
    for (size_t r = 0; r < s->n_rows; r++) {
        const char *title = title_before(s, r);
        if (title)
            fprintf(g->f, "%s%s\n", r ? "\n" : "", title);
        put_cell(g, 0, g->words[r * s->n_columns]);
        for (size_t c = from; c < to; c++) {
            g->owed += GAP;
            put_cell(g, c, g->words[r * s->n_columns + c]);
        }
        end_line(g);
    }
    putc('\n', g->f);
}

static void
put_sheet(struct job *j, FILE *f, const struct sheet *s, size_t width)
{
    struct grid g = {.s = s, .f = f, .width = width};
    size_t n, rest = 0;
    const char *const *notes = sheet_notes(j, s, &n);

    measure(j, &g);
    for (size_t c = 1; c < s->n_columns; c++)
        rest += GAP + g.widths[c];
    if (g.widths[0] + rest > width)
        g.widths[0] = rest + LABEL_LEAST < width ? width - rest
                      : g.widths[0] < width / 3  ? g.widths[0]
                                                 : width / 3;
    put_wrapped(f, s->title, width, 0);
    if (s->sentence)
        put_wrapped(f, s->sentence, width, 0);
    putc('\n', f);
    for (size_t c = 1, to; c < s->n_columns; c = to) {
        to = columns_that_fit(&g, c);
        put_rows(j, &g, c, to);
    }
    for (size_t i = 0; i < n; i++)
        put_wrapped(f, notes[i], width, 2);
    if (s->source)
        put_wrapped(f, job_format(j, "Source: %s", s->source), width, 2);
    if (s->as_of)
        put_wrapped(f, s->as_of, width, 2);
}

enum err
sheet_as_text(struct job *j, const struct sheet_book *b, size_t width, struct span *out)
{
    struct out *o;
    enum err e = out_open(j, &o);

    if (e)
        return e;
    width = width < 40 ? 40 : width;
    if (b->banner)
        fprintf(o->f, "*** %s ***\n\n", b->banner);
    if (b->title)
        put_wrapped(o->f, b->title, width, 0);
    if (b->sentence)
        put_wrapped(o->f, b->sentence, width, 0);
    for (size_t i = 0; i < b->n; i++) {
        if (i || b->title)
            putc('\n', o->f);
        put_sheet(j, o->f, &b->sheets[i], width);
    }
    return out_close(j, o, out);
}
