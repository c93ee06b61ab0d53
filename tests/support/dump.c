#include "support/dump.h"
#include "base/date.h"
#include <dirent.h>

void
lines_add_n(struct lines *t, const char *s, size_t n)
{
    if (t->n + n + 1 > t->room) {
        size_t room = 2 * (t->n + n) + 4096;
        t->s = job_grow(t->j, t->s, t->n, room);
        t->room = room;
    }
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = '\0';
}

void
lines_add(struct lines *t, const char *fmt, ...)
{
    char buf[2048];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(buf, sizeof buf, fmt, ap);
    va_end(ap);
    lines_add_n(t, buf, strlen(buf));
}

static void
add_value(struct dump *d, const struct field *f, const struct value *v)
{
    char date[DATE_TEXT];

    switch (f->type) {
    case FIELD_DATE:
        lines_add(&d->out, " %s=%s", f->name, date_iso((int32_t)v->i, date));
        break;
    case FIELD_INT:
    case FIELD_DECIMAL:
    case FIELD_DEGREES:
    case FIELD_BOOL:
        lines_add(&d->out, " %s=%lld", f->name, (long long)v->i);
        break;
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_UPN:
    case FIELD_POSTCODE:
    case FIELD_KEY:
    case FIELD_PARENT:
    case FIELD_RETURN:
        assert_int_equal(strlen(v->s), v->n);
        lines_add(&d->out, " %s=\"%s\"", f->name, v->s);
        break;
    }
}

/* Ids that are made while reading XML hold the file's digest: shown without. */
static bool
is_made(const struct dump *d, const struct field *f)
{
    return d->file->form != FORM_CSV && f->type == FIELD_RETURN;
}

static void
add_made(struct dump *d, const struct field *f, const struct value *v)
{
    const char *dash = strchr(v->s, '-');

    lines_add(&d->out, " %s=%s", f->name, dash ? dash + 1 : v->s);
}

static void
remember(struct dump *d, const struct record *r)
{
    enum { ROOM = 4096 };
    struct dump_record *m;

    if (!d->records)
        d->records = job_array(d->j, ROOM, sizeof *d->records);
    assert_true(d->n_records < ROOM);
    m = &d->records[d->n_records++];
    *m = (struct dump_record){.layout = r->layout, .line = r->line};
    for (size_t i = 0; i < r->layout->n_fields && !m->name; i++)
        if (r->layout->fields[i].type == FIELD_TEXT && r->v[i].given &&
            !(r->layout->fields[i].rules & FIELD_UNUSED)) {
            m->name = r->layout->fields[i].name;
            m->value = job_copy_n(d->j, r->v[i].s, r->v[i].n);
        }
}

static enum err
on_record(struct job *j, void *arg, const struct record *r)
{
    struct dump *d = arg;

    (void)j;
    if (d->places)
        lines_add(&d->out, "%lld ", (long long)r->line);
    lines_add(&d->out, "%s%s", r->layout->name, r->refused ? " REFUSED" : "");
    for (size_t i = 0; i < r->layout->n_fields; i++) {
        const struct field *f = &r->layout->fields[i];
        if (!r->v[i].given || is_made(d, f))
            continue;
        if (d->file->form != FORM_CSV && (f->type == FIELD_KEY || f->type == FIELD_PARENT))
            add_made(d, f, &r->v[i]);
        else
            add_value(d, f, &r->v[i]);
    }
    lines_add_n(&d->out, "\n", 1);
    remember(d, r);
    return OK;
}

static enum err
on_finding(struct job *j, void *arg, const struct finding *f)
{
    struct dump *d = arg;

    (void)j;
    d->findings++;
    if (d->places)
        lines_add(&d->out, "  ! line %lld column %d %s%s: %s\n", (long long)f->line, f->column,
                  f->rule, f->refused ? " REFUSES" : "", f->message);
    else
        lines_add(&d->out, "  ! %s%s\n", f->rule, f->refused ? " REFUSES" : "");
    return OK;
}

static enum err
on_text(struct job *j, void *arg, int64_t first_line, const char *s, size_t n)
{
    struct dump *d = arg;

    (void)j;
    assert_int_equal(first_line, d->next_line);
    for (size_t i = 0; i < n; i++)
        d->next_line += s[i] == '\n' || (s[i] == '\r' && !(i + 1 < n && s[i + 1] == '\n'));
    lines_add_n(&d->text, s, n);
    return OK;
}

void
dump_start(struct job *j, struct dump *d)
{
    *d = (struct dump){.j = j, .out.j = j, .text.j = j, .next_line = 1};
}

enum err
dump_open_file(struct dump *d, struct returns_file *f)
{
    struct receiver to = {d, on_record, on_finding, on_text, &d->reading};
    enum err e;

    d->file = f;
    if (f->first_line)
        d->next_line = f->first_line;
    lines_add(&d->out, "layout %s\n", f->layout->name);
    if (d->places)
        lines_add(&d->out, "note %s\n", f->note);
    e = returns_read(d->j, f, &to, &d->counts);
    lines_add(&d->out, "read %lld refused %lld skipped %lld\n", (long long)d->counts.read,
              (long long)d->counts.refused, (long long)d->counts.skipped);
    if (d->places)
        lines_add(&d->out, "year %d term %d note %s\n", d->reading.school_year, d->reading.term,
                  d->counts.note);
    return e;
}

enum err
dump_bytes(struct dump *d, const char *name, const char *s, size_t n)
{
    struct returns_file *f;
    enum err e = returns_open_bytes(d->j, name, s, n, &f);

    return e ? e : dump_open_file(d, f);
}

struct span
dump_load(struct job *j, const char *path)
{
    FILE *f = fopen(path, "rb");
    long n;
    char *s;

    if (!f)
        fail_msg("%s is not there", path);
    fseek(f, 0, SEEK_END);
    n = ftell(f);
    rewind(f);
    s = job_alloc(j, (size_t)n + 1);
    assert_int_equal(fread(s, 1, (size_t)n, f), n);
    fclose(f);
    return (struct span){s, (size_t)n};
}

void
dump_golden(struct job *j, const char *path, const char *text)
{
    const char *how = getenv("ROOTED_GOLDEN");

    if (how && strcmp(how, "write") == 0) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        fputs(text, f);
        assert_int_equal(fclose(f), 0);
        return;
    }
    if (strcmp(text, dump_load(j, path).s) != 0)
        fail_msg("%s differs from what was read:\n%s", path, text);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **
dump_folder(struct job *j, const char *folder, const char *ending, size_t *n)
{
    enum { ROOM = 512 };
    char **names = job_array(j, ROOM, sizeof *names);
    DIR *d = opendir(folder);
    const struct dirent *entry;

    assert_non_null(d);
    *n = 0;
    while ((entry = readdir(d))) {
        size_t length = strlen(entry->d_name), tail = strlen(ending);
        if (length > tail && strcmp(entry->d_name + length - tail, ending) == 0) {
            assert_true(*n < ROOM);
            names[(*n)++] = job_copy(j, entry->d_name);
        }
    }
    closedir(d);
    qsort(names, *n, sizeof *names, by_name);
    return names;
}
