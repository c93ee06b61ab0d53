/* tests/fuzz/records.h - whatever file comes, its records and findings hold together, and what
 * was kept shows them again. */
#pragma once
#include "fuzz/fuzz.h"
#include "returns/reader.h"

enum { RECORDS = 256 };

struct seen {
    char *text; /* the pieces, put together */
    size_t n, room;
    int64_t line; /* at which the next piece must start */
    int64_t records, refused, findings;
    const struct layout *layout[RECORDS];
    int64_t at[RECORDS];
};

static inline enum err
on_record(struct job *j, void *arg, const struct record *r)
{
    struct seen *s = arg;

    (void)j;
    fuzz_check(r->line >= 1);
    for (size_t i = 0; i < r->layout->n_fields; i++) {
        fuzz_check(r->v[i].s && strlen(r->v[i].s) <= r->v[i].n);
        if (!r->v[i].given && r->layout->fields[i].rules & FIELD_REQUIRED)
            fuzz_check(r->refused);
    }
    if (s->records < RECORDS) {
        s->layout[s->records] = r->layout;
        s->at[s->records] = r->line;
    }
    s->records++;
    s->refused += r->refused;
    return OK;
}

static inline enum err
on_finding(struct job *j, void *arg, const struct finding *f)
{
    struct seen *s = arg;

    (void)j;
    fuzz_check(f->message && *f->message && f->rule && *f->rule);
    fuzz_check(!f->value || strlen(f->value) <= 100);
    s->findings++;
    return OK;
}

static inline enum err
on_text(struct job *j, void *arg, int64_t first_line, const char *text, size_t n)
{
    struct seen *s = arg;

    (void)j;
    fuzz_check(first_line == s->line);
    fuzz_check(s->n + n <= s->room);
    memcpy(s->text + s->n, text, n);
    s->n += n;
    for (size_t i = 0; i < n; i++)
        s->line += text[i] == '\n' || (text[i] == '\r' && !(i + 1 < n && text[i + 1] == '\n'));
    return OK;
}

/* Read it through and show each record again. */
static inline enum err
records_read(struct job *j, const struct returns_file *f)
{
    struct reading reading = {0};
    struct seen *s = job_alloc(j, sizeof *s);
    struct receiver to = {s, on_record, on_finding, on_text, &reading};
    struct kept_text kept = {.first_line = 1};
    struct returns_counts counts;
    enum err e;

    s->line = f->first_line ? f->first_line : 1;
    kept.first_line = s->line;
    s->room = 8 * f->n_bytes + 16; /* UTF-8 of Windows-1252, and a line end a record */
    s->text = job_alloc(j, s->room);
    e = returns_read(j, f, &to, &counts);
    fuzz_check(counts.read == s->records && counts.refused == s->refused);
    if (e)
        return e;
    kept.form = f->form;
    kept.header = kept.text = (struct span){s->text, s->n};
    for (int64_t i = 0; i < s->records && i < RECORDS; i++) {
        struct scope scope = job_scope_begin(j);
        struct original *list;
        size_t n;
        for (int64_t before = 0; before < i; before++)
            fuzz_check(s->at[before] != s->at[i]);
        kept.layout = s->layout[i];
        e = returns_show(j, &kept, s->at[i], &list, &n);
        /* a record of which nothing is listed is not in the text */
        fuzz_check(!e || (e == ERR_NOT_FOUND && s->layout[i]->text == TEXT_LISTED));
        err_clear(j);
        job_scope_end(j, scope);
    }
    return OK;
}
