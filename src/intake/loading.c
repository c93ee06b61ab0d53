#include "intake/loading.h"

/* Of each kind of finding in a file the first thousand are kept one by one. */
enum { KEPT_OF_A_KIND = 1000, PEOPLE_MEMORY = 256 * JOB_MB };

/* The next number: whoever loads for an area holds its lock, so nobody else takes it. */
static const char sql_begin[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, loaded_by, "
    "school_year, term, rows_read, rows_loaded, rows_refused) "
    "VALUES ($1, (SELECT COALESCE(MAX(batch_id), 0) + 1 FROM batch WHERE area_id = $1), "
    "$2, $3, $4, 'loading', $5, $6, $7, $8, 0, 0, 0) RETURNING batch_id";

/* How often a rule was told of in a file. */
struct telling {
    const char *rule;
    const struct layout *layout;
    int64_t file_id, n;
};

enum err
loading_begin(struct job *j, struct loader *x, const struct batch *about, size_t n_files,
              struct loading **out)
{
    struct loading *l = job_alloc(j, sizeof *l);
    enum err e;

    *out = l;
    *l = (struct loading){
        .loader = x, .kind = about->kind,
        .school_year = about->school_year, .term = about->term, .made_on = about->made_on,
        .reading = {about->school_year, about->term},
        .file = job_array(j, n_files, sizeof *l->file),
        .of_table = job_array(j, n_layouts, sizeof *l->of_table),
    };
    snprintf(l->title, sizeof l->title, "%s", about->title);
    if ((e = map_open(j, 0, &l->told)) ||
        (e = pile_open(j, sizeof(struct telling), &l->tellings)))
        return e;
    e = db_int(j, sql_begin,
               ARGS(INT(j->area), TEXT(l->kind), TEXT(l->title), TEXT(about->digest), INT(j->now),
                    TEXT(x->loaded_by), l->school_year ? INT(l->school_year) : NUL,
                    l->term ? INT(l->term) : NUL),
               0, &l->batch_id);
    if (!e && x->ids)
        identity_for_batch(x->ids, l->batch_id);
    return e;
}

/* ---- reading a file -------------------------------------------------------------- */

/* A file being read: what the reader's calls need. */
struct source {
    struct loading *l;
    loading_fn *fn;
    void *arg;
};

static struct counts *
table_counts(const struct loading *l, const struct layout *t)
{
    return &l->of_table[t - layouts];
}

static enum err
on_record(struct job *j, void *arg, const struct record *r)
{
    struct source *s = arg;
    struct counts *file = &s->l->file[s->l->file_id - 1].counts;
    struct counts *table = table_counts(s->l, r->layout);

    table->read++;
    if (r->refused) {
        table->refused++;
        file->refused++;
        return OK;
    }
    table->loaded++;
    file->loaded++;
    return s->fn(j, s->arg, r);
}

/* Is there room for one more of this rule in this file? */
static enum err
may_tell(struct job *j, struct loading *l, const struct place *at, const char *rule, bool *yes)
{
    static const struct map_salt salt; /* rules are ours: nobody can make them collide */
    const uint64_t parts[2] = {(uint64_t)at->file_id, (uint64_t)(uintptr_t)rule};
    uint64_t key = map_key(&salt, parts, sizeof parts);
    int64_t *known = map_find(l->told, key);
    struct telling *t;

    if (known) {
        t = pile_at(l->tellings, (size_t)*known);
        *yes = t->n++ < KEPT_OF_A_KIND;
        return OK;
    }
    if (!(t = pile_add(j, l->tellings)))
        return j->err.kind;
    *t = (struct telling){rule, at->layout, at->file_id, 1};
    *yes = true;
    return map_put(j, l->told, key, (int64_t)pile_count(l->tellings) - 1);
}

static enum err
write_finding(struct job *j, struct loading *l, const struct place *at, const struct finding *f)
{
    return loading_row(j, l, &fact_finding,
                       ARGS(INT(j->area), INT(l->batch_id), INT(++l->n_findings),
                            INT(at->file_id), INT(at->line), TEXT(f->field),
                            f->column ? INT(f->column) : NUL, TEXT(f->rule), INT(f->refused),
                            TEXT(f->value), TEXT(f->message), at->urn ? INT(at->urn) : NUL));
}

static enum err
on_finding(struct job *j, void *arg, const struct finding *f)
{
    struct source *s = arg;
    struct place at = {s->l->file[s->l->file_id - 1].file->layout, s->l->file_id, f->line, 0};
    bool yes;
    enum err e = may_tell(j, s->l, &at, f->rule, &yes);

    return e || !yes ? e : write_finding(j, s->l, &at, f);
}

static enum err
on_kept(struct job *j, void *arg, const struct kept *k)
{
    struct loading *l = arg;

    return loading_row(j, l, &fact_file_chunk,
                       ARGS(INT(j->area), INT(l->batch_id), INT(k->file_id), INT(k->first_line),
                            BLOB(k->content, k->n)));
}

static enum err
on_text(struct job *j, void *arg, int64_t first_line, const char *text, size_t n)
{
    struct source *s = arg;
    struct loader *x = s->l->loader;
    struct kept piece = {s->l->file_id, first_line, text, n};

    if (x->tell)
        x->tell(x->arg, (int64_t)n);
    if (s->l->file[s->l->file_id - 1].file->layout->text == TEXT_NONE)
        return OK;
    return keeper_give(j, x->keeper, &piece, on_kept, s->l);
}

/* The law: what was read is what was loaded and what was refused. */
static enum err
check_counts(struct job *j, struct loading *l, const struct returns_counts *c)
{
    struct loaded_file *f = &l->file[l->file_id - 1];

    f->counts.read = c->read;
    if (c->read != f->counts.loaded + f->counts.refused) {
        err_set(j, ERR_FAULT, "%s: records were lost while loading", f->file->name);
        return err_detail(j, "read %lld, loaded %lld, refused %lld", (long long)c->read,
                          (long long)f->counts.loaded, (long long)f->counts.refused);
    }
    return OK;
}

static const char *
joined(struct job *j, const char *a, const char *b)
{
    return *a && *b ? job_format(j, "%s; %s", a, b) : *a ? a : b;
}

static const char *
note_of(struct job *j, const struct loaded_file *f, const struct returns_counts *c)
{
    const char *note = joined(j, f->file->note, c->note), *aside = "";
    char n[TEXT_NUMBER];

    if (c->skipped)
        note = joined(j, note, job_format(j, "records recognised but not used: %lld",
                                          (long long)c->skipped));
    for (size_t i = 0; i < sizeof f->aside / sizeof *f->aside && f->aside[i].n; i++)
        aside = job_format(j, "%s%s%s %s", aside, *aside ? ", " : "",
                           text_count(f->aside[i].n, n), f->aside[i].what);
    return *aside ? joined(j, note, job_format(j, "read, counted, not kept: %s", aside)) : note;
}

void
loading_aside(struct loading *l, const char *what)
{
    struct loaded_file *f = &l->file[l->file_id - 1];
    size_t last = sizeof f->aside / sizeof *f->aside - 1, i = 0;

    while (i < last && f->aside[i].n && strcmp(f->aside[i].what, what))
        i++;
    if (!f->aside[i].n)
        f->aside[i].what = what;
    else if (strcmp(f->aside[i].what, what))
        f->aside[i].what = "others that are not needed";
    f->aside[i].n++;
}

static enum err
read_through(struct job *j, struct loading *l, struct source *s)
{
    struct loaded_file *f = &l->file[l->file_id - 1];
    struct receiver to = {s, on_record, on_finding, on_text, &l->reading};
    struct returns_counts counts = {.note = ""};
    const char *note;
    enum err e, still = OK;

    e = returns_read(j, f->file, &to, &counts);
    /* one that changed meanwhile may end in anything: that it changed is what to tell */
    if ((!e || e == ERR_INPUT) && (still = returns_still(j, f->file)))
        return still;
    if (e || (e = keeper_drain(j, l->loader->keeper, on_kept, l)))
        return e;
    note = note_of(j, f, &counts);
    f->note = pile_keep(j, l->tellings, note, strlen(note));
    return f->note ? check_counts(j, l, &counts) : j->err.kind;
}

enum err
loading_read(struct job *j, struct loading *l, const struct returns_file *f, loading_fn *fn,
             void *arg)
{
    struct source s = {.l = l, .fn = fn, .arg = arg};
    struct scope scope = job_scope_begin(j);
    enum err e;

    l->file[l->file_id++] = (struct loaded_file){.file = f, .note = ""};
    e = read_through(j, l, &s);
    job_scope_end(j, scope); /* the reader's memory; a family's own lives elsewhere */
    return e;
}

/* ---- facts and findings ---------------------------------------------------------- */

enum err
loading_row(struct job *j, struct loading *l, const struct db_table *t, struct args v)
{
    if (v.n != strlen(t->types))
        return err_set(j, ERR_FAULT, "a row for %s has %zu values", t->name, v.n);
    return chunk_row(j, l->loader->chunk, t, v.v);
}

struct place
loading_place(const struct loading *l, const struct record *r, int64_t urn)
{
    return (struct place){r->layout, l->file_id, r->line, urn};
}

enum err
loading_find(struct job *j, struct loading *l, const struct place *at, enum found what,
             const char *detail)
{
    char text[FOUND_TEXT];
    struct finding f = {.line = at->line, .rule = found_rule(what), .refused = found_refuses(what),
                        .message = found_sentence(what, detail, text)};
    bool yes;
    enum err e;

    if (f.refused) {
        l->file[at->file_id - 1].counts.loaded--;
        l->file[at->file_id - 1].counts.refused++;
        table_counts(l, at->layout)->loaded--;
        table_counts(l, at->layout)->refused++;
    }
    e = may_tell(j, l, at, f.rule, &yes);
    return e || !yes ? e : write_finding(j, l, at, &f);
}

enum err
loading_tell_more(struct job *j, struct loading *l)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < pile_count(l->tellings); i++) {
        const struct telling *t = pile_at(l->tellings, i);
        struct place at = {t->layout, t->file_id, 0, 0};
        char count[TEXT_NUMBER], detail[TEXT_NUMBER + 80], text[FOUND_TEXT];
        struct finding f = {.rule = found_rule(FOUND_MORE_OF_THIS), .value = t->rule,
                            .message = text};

        if (t->n <= KEPT_OF_A_KIND)
            continue;
        snprintf(detail, sizeof detail, "%s", text_count(t->n - KEPT_OF_A_KIND, count));
        found_sentence(FOUND_MORE_OF_THIS, detail, text);
        e = write_finding(j, l, &at, &f);
    }
    return e;
}

/* ---- who is who ------------------------------------------------------------------ */

static enum err
take_row(struct job *j, void *arg, const struct db_table *t, const struct arg *v)
{
    struct loader *x = arg;

    return chunk_row(j, x->chunk, t, v);
}

static enum err
read_people(struct job *people, void *arg)
{
    struct loader *x = arg;

    return identity_open(people, (struct identity_sink){x, take_row, x->home}, &x->ids);
}

/* In a job of their own, so that they outlive the batch and can be read again. */
static enum err
open_people(struct job *j, struct loader *x)
{
    enum err e;

    loader_forget(x);
    job_init_child(&x->people, j, PEOPLE_MEMORY);
    x->people.db = j->db;
    e = job_run(&x->people, read_people, x);
    x->people.db = NULL;
    x->ids_area = j->area;
    if (e) {
        j->err = x->people.err;
        loader_forget(x);
    }
    return e;
}

void
loader_forget(struct loader *x)
{
    job_end(&x->people);
    x->ids = NULL;
}

static enum err
tell_doubts(struct job *j, struct loading *l, const struct place *at, unsigned doubt)
{
    static const struct {
        enum identity_doubt doubt;
        enum found found;
    } doubts[] = {{DOUBT_UPN_SHARED, FOUND_UPN_SHARED},
                  {DOUBT_UPN_CHANGED, FOUND_UPN_CHANGED},
                  {DOUBT_ID_SHARED, FOUND_ID_SHARED},
                  {DOUBT_NOT_LINKABLE, FOUND_NOT_LINKABLE}};
    enum err e = OK;

    for (size_t i = 0; !e && i < sizeof doubts / sizeof *doubts; i++)
        if (doubt & doubts[i].doubt)
            e = loading_find(j, l, at, doubts[i].found, NULL);
    return e;
}

enum err
loading_who(struct job *j, struct loading *l, const struct place *at,
            const struct description *d, struct identity *out)
{
    struct loader *x = l->loader;
    enum err e = OK;

    if (!x->ids || x->ids_area != j->area) {
        if ((e = open_people(j, x)))
            return e;
        identity_for_batch(x->ids, l->batch_id);
    }
    e = identity_find(j, x->ids, d, out);
    return e ? e : tell_doubts(j, l, at, out->doubt);
}

/* A day that has not come yet is a slip of the pen, not when a file was made. */
void
loading_made_on(struct job *j, struct loading *l, const struct value *day)
{
    int32_t on = (int32_t)day->i;

    if (day->given && on > l->made_on && on <= date_of_time(j->now, NULL))
        l->made_on = on; /* DATE_NONE is before every day */
}
