#include "intake/saved_layout.h"
#include "access/actor.h"
#include "access/audit.h"
#include "access/permit.h"
#include "base/text.h"

/* ---- reading them ------------------------------------------------------------------ */

static const char sql_parts[] =
    "SELECT kind, field, source, value FROM saved_layout_part "
    "WHERE area_id = $1 AND name = $2 ORDER BY kind, field, source";

static bool
part_from_row(struct rows *q, struct mapping_part *p)
{
    const char *kind = row_text(q, 0);

    *p = (struct mapping_part){MAPPING_KINDS, row_text(q, 1), row_text(q, 2), row_text(q, 3)};
    for (int k = 0; k < MAPPING_KINDS; k++)
        if (!strcmp(kind, mapping_kind_name((enum mapping_kind)k)))
            p->kind = (enum mapping_kind)k;
    return p->kind != MAPPING_KINDS;
}

static enum err
read_parts(struct job *j, struct mapping *m)
{
    struct mapping_part *part;
    size_t most = 32;
    struct rows q;

    part = job_array(j, most, sizeof *part);
    db_ask(j, &q, sql_parts, ARGS(INT(j->area), TEXT(m->name)));
    while (db_next(&q)) {
        if (m->n_parts == most) {
            part = job_grow(j, part, most * sizeof *part, 2 * most * sizeof *part);
            most *= 2;
        }
        m->n_parts += part_from_row(&q, &part[m->n_parts]);
    }
    m->part = part;
    return db_done(&q);
}

static const char sql_list[] =
    "SELECT name, layout, header, made, made_by FROM saved_layout WHERE area_id = $1 "
    "ORDER BY name";

static void
saved_from_row(struct rows *q, struct saved_layout *s)
{
    *s = (struct saved_layout){
        .m = {.name = row_text(q, 0), .layout = layout_find(row_text(q, 1)),
              .header = row_text(q, 2)},
        .made = row_int(q, 3),
        .made_by = row_text(q, 4),
        .unusable = "",
    };
}

/* A later version of the program may know the fields by other names. */
static void
judge(struct job *j, struct saved_layout *s)
{
    if (!mapping_check(j, &s->m))
        return;
    s->unusable = job_copy(j, j->err.message);
    err_clear(j);
}

enum err
saved_layout_list(struct job *j, struct saved_layout **out, size_t *n)
{
    size_t most = 16;
    struct rows q;
    enum err e;

    *out = job_array(j, most, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_list, ARGS(INT(j->area)));
    while (db_next(&q)) {
        if (*n == most) {
            *out = job_grow(j, *out, most * sizeof **out, 2 * most * sizeof **out);
            most *= 2;
        }
        saved_from_row(&q, &(*out)[(*n)++]);
    }
    e = db_done(&q);
    for (size_t i = 0; !e && i < *n; i++)
        if (!(e = read_parts(j, &(*out)[i].m)))
            judge(j, &(*out)[i]);
    return e;
}

enum err
saved_layout_mappings(struct job *j, const struct mapping **out, size_t *n)
{
    struct saved_layout *all;
    struct mapping *m;
    size_t n_all;
    enum err e = saved_layout_list(j, &all, &n_all);

    if (e)
        return e;
    m = job_array(j, n_all, sizeof *m);
    *n = 0;
    for (size_t i = 0; i < n_all; i++)
        if (!*all[i].unusable)
            m[(*n)++] = all[i].m;
    *out = m;
    return OK;
}

/* ---- changing them ----------------------------------------------------------------- */

static const char sql_same_header[] =
    "SELECT name FROM saved_layout WHERE area_id = $1 AND header = $2 AND name <> $3";

static enum err
check_other(struct job *j, const struct mapping *m)
{
    const char *other = NULL;
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_same_header, ARGS(INT(j->area), TEXT(m->header), TEXT(m->name)));
    if (db_next(&q))
        other = row_text(&q, 0);
    e = db_done(&q);
    if (e || !other)
        return e;
    err_set(j, ERR_INPUT, "a file with these columns is read by the saved layout \"%s\" already",
            other);
    return err_hint(j, "Save it under that name, or remove that one first.");
}

static const char sql_drop_parts[] =
    "DELETE FROM saved_layout_part WHERE area_id = $1 AND name = $2";
static const char sql_drop[] = "DELETE FROM saved_layout WHERE area_id = $1 AND name = $2";

static enum err
drop(struct job *j, const char *name, int64_t *n)
{
    enum err e = db_run(j, sql_drop_parts, ARGS(INT(j->area), TEXT(name)), NULL);

    return e ? e : db_run(j, sql_drop, ARGS(INT(j->area), TEXT(name)), n);
}

static const char sql_add[] =
    "INSERT INTO saved_layout (area_id, name, layout, header, made, made_by) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_add_part[] =
    "INSERT INTO saved_layout_part (area_id, name, kind, field, source, value) "
    "VALUES ($1, $2, $3, $4, $5, $6)";

static enum err
write_all(struct job *j, const struct mapping *m)
{
    const char *who = j->who ? j->who->login : "command line";
    enum err e = drop(j, m->name, NULL);

    if (!e)
        e = db_run(j, sql_add,
                   ARGS(INT(j->area), TEXT(m->name), TEXT(m->layout->name), TEXT(m->header),
                        INT(j->now), TEXT(who)),
                   NULL);
    for (size_t i = 0; !e && i < m->n_parts; i++) {
        const struct mapping_part *p = &m->part[i];
        bool column = p->kind == MAPPING_COLUMN;
        e = db_run(j, sql_add_part,
                   ARGS(INT(j->area), TEXT(m->name), TEXT(mapping_kind_name(p->kind)),
                        TEXT(p->field), TEXT(p->kind == MAPPING_CONSTANT ? "" : p->source),
                        column ? NUL : TEXT(p->value)),
                   NULL);
    }
    return e;
}

/* Within a page's transaction, with its entry in the audit, or one of its own. */
static enum err
in_transaction(struct job *j, enum err (*fn)(struct job *j, const void *arg), const void *arg)
{
    enum err e;

    if (db_in_transaction(j))
        return fn(j, arg);
    e = db_begin(j);
    if (!e)
        e = fn(j, arg);
    if (!e)
        e = db_commit(j);
    if (e)
        db_rollback(j);
    return e;
}

/* The entry of the audit tells a name that came from one that went. */
static void
note_name(struct job *j, const char *before, const char *after)
{
    audit_fields(j, ACT_LOAD, &(struct audit_field){"layout", before, after}, 1);
}

static enum err
save(struct job *j, const void *arg)
{
    const struct mapping *m = arg;
    enum err e = check_other(j, m);

    if (!e)
        note_name(j, NULL, m->name);
    return e ? e : write_all(j, m);
}

enum err
saved_layout_save(struct job *j, const struct mapping *m)
{
    enum err e = permit(j, ACT_LOAD, (struct subject){.what = "saved layout"});

    if (e || (e = mapping_check(j, m)))
        return e;
    return in_transaction(j, save, m);
}

static enum err
remove_one(struct job *j, const void *name)
{
    int64_t n = 0;
    enum err e = drop(j, name, &n);

    if (!e && !n)
        e = err_set(j, ERR_NOT_FOUND, "there is no saved layout of this name");
    if (!e)
        note_name(j, name, NULL);
    return e;
}

enum err
saved_layout_remove(struct job *j, const char *name)
{
    enum err e = permit(j, ACT_LOAD, (struct subject){.what = "saved layout"});

    return e ? e : in_transaction(j, remove_one, name);
}
