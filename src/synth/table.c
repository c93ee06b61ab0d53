#include "synth/table.h"
#include "base/date.h"
#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>

enum { BUFFER = 64 * 1024, PATH = 4096 };

static void
close_file(void *f)
{
    fclose(f);
}

static enum err
cannot(struct job *j, const char *what, const char *path)
{
    int why = errno;

    err_set(j, ERR_ENV, "cannot %s %s", what, path);
    err_hint(j, "Look at the free space and the permissions of the folder.");
    return err_detail(j, "%s", strerror(why));
}

/* Every folder on the way to a file. */
static bool
make_folders(char *path)
{
    for (char *p = path + 1; (p = strchr(p, '/')); p++) {
        int failed;
        *p = '\0';
        failed = mkdir(path, 0777) && errno != EEXIST;
        *p = '/';
        if (failed)
            return false;
    }
    return true;
}

enum err
table_file(const struct folder *in, const char *path, FILE **out)
{
    char whole[PATH];
    struct cleanup *c = job_on_end(in->j, close_file);
    FILE *f;

    snprintf(whole, sizeof whole, "%s/%s", in->root, path);
    if (!make_folders(whole))
        return cannot(in->j, "make the folder of", whole);
    f = fopen(whole, "wbe");
    if (!f)
        return cannot(in->j, "write", whole);
    c->arg = f;
    setvbuf(f, job_alloc(in->j, BUFFER), _IOFBF, BUFFER);
    *out = f;
    return OK;
}

enum err
table_flush(const struct folder *in, FILE *f, const char *path)
{
    if (f && (fflush(f) || ferror(f)))
        return cannot(in->j, "write", path);
    return OK;
}

static void
write_header(struct table *t, int school_year)
{
    char name[LAYOUT_NAME];

    for (int i = 0; i < t->n_cols; i++) {
        const struct field *f = &t->layout->fields[t->col[i]];
        csv_put(&t->out, layout_column(t->layout, f, school_year, name));
        if (t->collect && f->type == FIELD_RETURN) {
            snprintf(name, sizeof name, "%sorderseqcolumn", t->layout->prefix);
            csv_put(&t->out, name);
            csv_put(&t->out, "sourceid");
        }
    }
    csv_end_row(&t->out);
}

enum err
table_open(const struct folder *in, struct table *t, const char *path, struct table_kind kind)
{
    enum err e;

    *t = (struct table){.layout = layout_find(kind.layout)};
    if (!t->layout || t->layout->n_fields > TABLE_FIELDS)
        return err_set(in->j, ERR_FAULT, "there is no layout %s to write", kind.layout);
    t->collect = t->layout->prefix != NULL;
    snprintf(t->path, sizeof t->path, "%s", path);
    for (size_t i = 0; i < t->layout->n_fields; i++)
        if (!(t->layout->fields[i].rules & FIELD_FOREIGN) &&
            layout_carries(t->layout, &t->layout->fields[i], kind.school_year, kind.term))
            t->col[t->n_cols++] = (int)i;
    e = table_file(in, path, &t->out.f);
    if (!e)
        write_header(t, kind.school_year);
    return e;
}

bool
table_is_open(const struct table *t)
{
    return t->out.f != NULL;
}

void
table_text(struct table *t, int position, const char *s)
{
    t->v[position] = s;
}

void
table_format(struct table *t, int position, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(t->arena + t->used, TABLE_ARENA - t->used, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= TABLE_ARENA - t->used)
        return;
    t->v[position] = t->arena + t->used;
    t->used += (size_t)n + 1;
}

/* Digits of v with a tail, set as the value. */
static void
put_number(struct table *t, int position, int64_t v, const char *tail)
{
    char buf[24], *at = buf + sizeof buf;
    uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    size_t digits, n = strlen(tail);

    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        *--at = '-';
    digits = (size_t)(buf + sizeof buf - at);
    if (t->used + digits + n + 1 > TABLE_ARENA)
        return;
    t->v[position] = t->arena + t->used;
    memcpy(t->arena + t->used, at, digits);
    memcpy(t->arena + t->used + digits, tail, n + 1);
    t->used += digits + n + 1;
}

void
table_int(struct table *t, int position, int64_t v)
{
    put_number(t, position, v, "");
}

void
table_number(struct table *t, int position, int64_t v)
{
    put_number(t, position, v, ".0");
}

static void
two(char *p, int v)
{
    p[0] = (char)('0' + v / 10 % 10);
    p[1] = (char)('0' + v % 10);
}

void
table_day(struct table *t, int position, int32_t date)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char form[] = "yyyy-Mmm-dd 00:00:00";
    struct ymd d;
    char *p = t->arena + t->used;

    if (date == DATE_NONE || t->used + sizeof form > TABLE_ARENA)
        return;
    d = date_to_ymd(date);
    memcpy(p, form, sizeof form);
    two(p, d.year / 100);
    two(p + 2, d.year);
    memcpy(p + 5, months + 3 * (d.month - 1), 3);
    two(p + 9, d.day);
    t->v[position] = p;
    t->used += sizeof form;
}

void
table_bool(struct table *t, int position, bool v)
{
    t->v[position] = v ? "True" : "False";
}

void
table_date(struct table *t, int position, int32_t date)
{
    char buf[DATE_TEXT];

    table_format(t, position, "%s", date_iso(date, buf));
}

void
table_row(struct table *t)
{
    t->rows++;
    for (int i = 0; i < t->n_cols; i++) {
        csv_put(&t->out, t->v[t->col[i]]);
        if (t->collect && t->layout->fields[t->col[i]].type == FIELD_RETURN) {
            csv_put_int(&t->out, t->rows);
            csv_put(&t->out, "A1");
        }
    }
    csv_end_row(&t->out);
    memset(t->v, 0, sizeof t->v);
    t->used = 0;
}
