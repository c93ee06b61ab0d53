#include "risk/sign_packs.h"
#include "access/audit.h"
#include "people/area.h"
#include "store/db.h"

static const char sql_content[] =
    "SELECT content FROM sign_pack WHERE area_id = $1 AND pack_id = $2";

static enum err
text_of(struct job *j, int64_t id, struct span *out)
{
    struct rows q;
    const char *text = NULL;
    enum err e;

    db_ask(j, &q, sql_content, ARGS(INT(j->area), INT(id)));
    if (db_next(&q))
        text = row_text(&q, 0);
    if ((e = db_done(&q)))
        return e;
    *out = span_of(text);
    return text ? OK : err_set(j, ERR_NOT_FOUND, "there is no pack of signs %lld",
                               (long long)id);
}

struct load {
    struct job *j; /* whose database is asked */
    int64_t id;
};

static enum err
parse(struct job *keeper, void *arg, void **out)
{
    const struct load *l = arg;
    struct sign_pack *pack = job_alloc(keeper, sizeof *pack);
    struct span text;
    enum err e = text_of(l->j, l->id, &text);

    *out = pack;
    if (e)
        keeper->err = l->j->err;
    return e ? e : sign_pack_read(keeper, text, pack);
}

/* The text of a pack never changes, and each page of a child reads it. */
enum err
sign_pack_load(struct job *j, int64_t id, struct sign_pack *out)
{
    static const char what[] = "pack of signs";
    struct load l = {j, id};
    void *pack;
    enum err e = db_keep(j, &(struct db_keeping){what, id, parse, &l}, &pack);

    if (!e)
        *out = *(const struct sign_pack *)pack;
    return e;
}

/* ---- which is in force ------------------------------------------------------------ */

static const char sql_adopted[] =
    "SELECT MAX(pack_id) FROM sign_pack WHERE area_id = $1 AND state = 'adopted'";
static const char sql_program[] =
    "SELECT MAX(pack_id) FROM sign_pack WHERE area_id = $1 AND state = 'program' AND "
    "content = $2";
static const char sql_add[] =
    "INSERT INTO sign_pack (area_id, pack_id, version, title, content, state, made, made_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

struct addition {
    struct span text;
    const struct sign_pack *pack;
    const char *state, *by;
};

static enum err
add_row(struct job *j, const struct addition *a, int64_t *id)
{
    enum err e = area_next_id(j, 1, id);

    return e ? e
             : db_run(j, sql_add,
                      ARGS(INT(j->area), INT(*id), TEXT(a->pack->version), TEXT(a->pack->title),
                           TEXT_N(a->text.s, a->text.n), TEXT(a->state), INT(j->now),
                           TEXT(a->by)),
                      NULL);
}

static enum err
put_down_program(struct job *j, const struct sign_pack *pack, int64_t *id)
{
    enum err e = db_begin(j);

    if (!e)
        e = add_row(j, &(struct addition){sign_pack_default(), pack, "program", NULL}, id);
    return e ? e : db_commit(j);
}

enum err
sign_pack_in_force(struct job *j, struct sign_pack *out, int64_t *id)
{
    struct span own = sign_pack_default();
    enum err e = db_int(j, sql_adopted, ARGS(INT(j->area)), 0, id);

    if (e || *id)
        return e ? e : sign_pack_load(j, *id, out);
    e = sign_pack_read(j, own, out);
    if (!e)
        e = db_int(j, sql_program, ARGS(INT(j->area), TEXT_N(own.s, own.n)), 0, id);
    return e || *id ? e : put_down_program(j, out, id);
}

/* ---- looking ---------------------------------------------------------------------- */

#define ROW "SELECT pack_id, version, title, state, made, made_by, adopted, adopted_by, note "
static const char sql_list[] =
    ROW "FROM sign_pack WHERE area_id = $1 ORDER BY pack_id DESC LIMIT $2";
static const char sql_get[] = ROW "FROM sign_pack WHERE area_id = $1 AND pack_id = $2";

static void
pack_from_row(struct rows *q, struct sign_pack_row *r)
{
    *r = (struct sign_pack_row){
        .id = row_int(q, 0), .version = row_text(q, 1), .title = row_text(q, 2),
        .state = row_text(q, 3), .made = row_int(q, 4), .made_by = row_text(q, 5),
        .adopted = row_int(q, 6), .adopted_by = row_text(q, 7), .note = row_text(q, 8)};
}

enum err
sign_pack_list(struct job *j, const struct sign_pack_row **out, size_t *n)
{
    enum { MOST = 200 };
    struct sign_pack_row *row = job_array(j, MOST, sizeof *row);
    struct rows q;
    enum err e = permit(j, ACT_SIGNS, (struct subject){0});

    *n = 0;
    *out = row;
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), INT(MOST)));
    while (*n < MOST && db_next(&q))
        pack_from_row(&q, &row[(*n)++]);
    return db_done(&q);
}

enum err
sign_pack_get(struct job *j, int64_t id, struct sign_pack_row *out)
{
    struct rows q;
    enum err e = permit(j, ACT_SIGNS, (struct subject){0});

    *out = (struct sign_pack_row){0};
    if (e)
        return e;
    db_ask(j, &q, sql_get, ARGS(INT(j->area), INT(id)));
    if (db_next(&q))
        pack_from_row(&q, out);
    e = db_done(&q);
    if (!e && !out->id)
        return err_set(j, ERR_NOT_FOUND, "there is no pack of signs %lld", (long long)id);
    return e;
}

enum err
sign_pack_text(struct job *j, int64_t id, struct span *out)
{
    enum err e = permit(j, ACT_SIGNS, (struct subject){0});

    return e ? e : text_of(j, id, out);
}

/* ---- changing --------------------------------------------------------------------- */

static const char *
login_of(const struct job *j)
{
    return j->who ? j->who->login : "rooted";
}

enum err
sign_pack_add(struct job *j, struct span json, int64_t *id)
{
    struct sign_pack pack;
    enum err e = permit(j, ACT_SIGN_PACK, (struct subject){.what = "draft"});

    if (!e)
        e = sign_pack_read(j, json, &pack);
    return e ? e : add_row(j, &(struct addition){json, &pack, "draft", login_of(j)}, id);
}

static const char sql_replace[] =
    "UPDATE sign_pack SET state = 'replaced' WHERE area_id = $1 AND state = 'adopted' AND "
    "pack_id <> $2";
static const char sql_adopt[] =
    "UPDATE sign_pack SET state = 'adopted', adopted = $3, adopted_by = $4, note = $5 "
    "WHERE area_id = $1 AND pack_id = $2 AND state IN ('draft', 'replaced')";

enum err
sign_pack_adopt(struct job *j, int64_t id, const char *why)
{
    const char *what = job_format(j, "pack %lld", (long long)id);
    enum err e = permit(j, ACT_SIGN_PACK, (struct subject){.what = what});
    struct span text;
    int64_t changed = 0;

    if (!e && id)
        e = text_of(j, id, &text);
    if (!e)
        e = db_run(j, sql_replace, ARGS(INT(j->area), INT(id)), NULL);
    if (!e && id)
        e = db_run(j, sql_adopt,
                   ARGS(INT(j->area), INT(id), INT(j->now), TEXT(login_of(j)), TEXT(why)),
                   &changed);
    if (!e && id && !changed)
        return err_set(j, ERR_CONFLICT, "pack of signs %lld is in force already",
                       (long long)id);
    return e;
}
