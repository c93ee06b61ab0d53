#include "returns/mapping.h"
#include "returns/open.h"
#include "returns/recognise.h"
#include <stdlib.h>
#include <strings.h>

const char *
mapping_kind_name(enum mapping_kind k)
{
    static const char *const names[MAPPING_KINDS] = {"column", "constant", "value"};

    return names[k];
}

static int
by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

const char *
mapping_header(struct job *j, const char *const *column, size_t n)
{
    const char **name = job_array(j, n, sizeof *name);
    size_t bytes = 1;
    char *all, *to;

    for (size_t i = 0; i < n; i++) {
        name[i] = text_header(j, span_of(column[i]));
        bytes += strlen(name[i]) + 1;
    }
    qsort(name, n, sizeof *name, by_text);
    to = all = job_alloc(j, bytes);
    for (size_t i = 0; i < n; i++)
        to += snprintf(to, bytes - (size_t)(to - all), "%s%s", i ? "\n" : "", name[i]);
    return all;
}

/* ---- is it whole? ----------------------------------------------------------------- */

static int
field_of(const struct layout *l, const char *name)
{
    char buf[LAYOUT_NAME];

    for (size_t i = 0; i < l->n_fields; i++)
        if (!strcasecmp(layout_column(l, &l->fields[i], 0, buf), name))
            return (int)i;
    return -1;
}

static bool
has_column(struct job *j, const struct mapping *m, const char *column)
{
    const char *name = text_header(j, span_of(column)), *at = m->header;

    for (; *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strcspn(at, "\n") == strlen(name) && !strncmp(at, name, strlen(name)))
            return true;
    return false;
}

static enum err
check_part(struct job *j, const struct mapping *m, size_t i)
{
    const struct mapping_part *p = &m->part[i];

    if (field_of(m->layout, p->field) < 0)
        return err_set(j, ERR_INPUT, "\"%s\" has no field \"%s\"", m->layout->title, p->field);
    if (p->kind == MAPPING_COLUMN && !has_column(j, m, p->source))
        return err_set(j, ERR_INPUT, "the file has no column \"%s\"", p->source);
    if (p->kind != MAPPING_COLUMN && !span_trim(span_of(p->value)).n)
        return err_set(j, ERR_INPUT, "what \"%s\" is to be read as is not said", p->field);
    if (p->kind == MAPPING_VALUE && !span_trim(span_of(p->source)).n)
        return err_set(j, ERR_INPUT, "which value of \"%s\" is meant is not said", p->field);
    for (size_t k = 0; k < i; k++) {
        const struct mapping_part *q = &m->part[k];
        bool same = p->kind == MAPPING_VALUE ? q->kind == p->kind &&
                                                   !strcasecmp(q->source, p->source)
                                             : q->kind != MAPPING_VALUE;
        if (same && !strcasecmp(q->field, p->field))
            return err_set(j, ERR_INPUT, "\"%s\" is given twice", p->field);
        if (p->kind == MAPPING_COLUMN && q->kind == p->kind && !strcasecmp(q->source, p->source))
            return err_set(j, ERR_INPUT, "the column \"%s\" is used twice", p->source);
    }
    return OK;
}

static bool
is_given(const struct mapping *m, const char *field)
{
    for (size_t i = 0; i < m->n_parts; i++)
        if (m->part[i].kind != MAPPING_VALUE && !strcasecmp(m->part[i].field, field))
            return true;
    return false;
}

enum err
mapping_check(struct job *j, const struct mapping *m)
{
    char buf[LAYOUT_NAME];
    enum err e = OK;

    if (!m->name || !span_trim(span_of(m->name)).n)
        return err_set(j, ERR_INPUT, "the layout needs a name");
    if (!m->layout || !m->layout->csv || m->layout->skip)
        return err_set(j, ERR_INPUT, "what the file is to be read as is not said");
    for (size_t i = 0; !e && i < m->n_parts; i++)
        e = check_part(j, m, i);
    for (size_t i = 0; !e && i < m->layout->n_fields; i++) {
        const struct field *f = &m->layout->fields[i];
        const char *name = layout_column(m->layout, f, 0, buf);
        if (f->rules & FIELD_REQUIRED && !is_given(m, name)) {
            err_set(j, ERR_INPUT, "\"%s\" is needed: no record can be used without it", name);
            e = err_hint(j, "Choose the column that holds it, or one value for all records.");
        }
    }
    return e;
}

void
mapping_suggest(struct job *j, const struct layout *l, const struct mapping_sample *s,
                struct mapping_part **out, size_t *n)
{
    struct csv_field *field = job_array(j, s->n_columns, sizeof *field);
    const int *column_of;
    char buf[LAYOUT_NAME];

    for (size_t i = 0; i < s->n_columns; i++)
        field[i] = (struct csv_field){s->column[i], strlen(s->column[i])};
    column_of = recognise_columns(j, l, field, s->n_columns);
    *out = job_array(j, l->n_fields, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < l->n_fields; i++)
        if (column_of[i] >= 0)
            (*out)[(*n)++] = (struct mapping_part){
                MAPPING_COLUMN, job_copy(j, layout_column(l, &l->fields[i], 0, buf)),
                s->column[column_of[i]], NULL};
}

/* ---- as it is read ---------------------------------------------------------------- */

/* What a mapping says of each field, for a header. */
struct mapping_read *
mapping_for(struct job *j, const struct mapping *m, const struct csv_field *header, size_t n)
{
    struct mapping_read *r = job_alloc(j, sizeof *r);

    r->mapping = m;
    r->column_of = job_array(j, m->layout->n_fields, sizeof *r->column_of);
    r->constant = job_array(j, m->layout->n_fields, sizeof *r->constant);
    r->values = job_array(j, m->layout->n_fields, sizeof *r->values);
    for (size_t i = 0; i < m->layout->n_fields; i++)
        r->column_of[i] = -1;
    for (size_t k = 0; k < m->n_parts; k++) {
        const struct mapping_part *p = &m->part[k];
        int i = field_of(m->layout, p->field);
        const char *name = text_header(j, span_of(p->source));
        if (i < 0)
            continue;
        if (p->kind == MAPPING_CONSTANT)
            r->constant[i] = span_of(p->value);
        if (p->kind == MAPPING_VALUE)
            r->values[i] = true;
        for (size_t c = 0; p->kind == MAPPING_COLUMN && c < n; c++)
            if (!strcmp(text_header(j, (struct span){header[c].s, header[c].n}), name))
                r->column_of[i] = (int)c;
    }
    return r;
}

struct span
mapping_text(const struct mapping_read *r, size_t field, struct span a)
{
    const struct mapping *m = r->mapping;
    char buf[LAYOUT_NAME];
    const char *name;

    if (a.n == 0)
        return r->constant[field];
    if (!r->values[field])
        return a;
    name = layout_column(m->layout, &m->layout->fields[field], 0, buf);
    for (size_t k = 0; k < m->n_parts; k++)
        if (m->part[k].kind == MAPPING_VALUE && !strcasecmp(m->part[k].field, name) &&
            span_is_nocase(a, m->part[k].source))
            return span_of(m->part[k].value);
    return a;
}

const struct mapping *
mapping_find(struct job *j, const struct mapping *list, size_t n_list,
             const struct csv_field *header, size_t n)
{
    const char **name;
    const char *all;

    if (!n_list)
        return NULL;
    name = job_array(j, n, sizeof *name);
    for (size_t i = 0; i < n; i++)
        name[i] = job_copy_n(j, header[i].s, header[i].n);
    all = mapping_header(j, name, n);
    for (size_t i = 0; i < n_list; i++)
        if (!strcmp(list[i].header, all))
            return &list[i];
    return NULL;
}
