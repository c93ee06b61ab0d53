#include "link/sealed.h"
#include "access/custody.h"
#include "access/seal.h"

#define PLACE(area, id) ((struct seal_place){"identity.sealed", (area), (id)})

/* ---- twelve texts as one ----------------------------------------------------------------- */

enum { PARTS = 11 };
static const char between[] = "\x1f"; /* which no field of a file holds: unit separator */

static const char **
part_of(struct sealed_words *w, int i)
{
    const char **const v[PARTS] = {&w->digest, &w->upn, &w->former_upn, &w->local_id, &w->surname,
        &w->forename, &w->middle_names, &w->preferred_surname, &w->former_surname, &w->sex,
        &w->postcode};

    return v[i];
}

static const char *
without_mark(struct job *j, const char *s)
{
    char *copy = job_copy(j, s);

    for (char *p = copy; *p; p++)
        if (*p == between[0])
            *p = ' ';
    return copy;
}

static const char *
pack(struct job *j, struct sealed_words *w)
{
    const char *all = w->born == DATE_NONE ? "" : job_format(j, "%d", (int)w->born);

    for (int i = 0; i < PARTS; i++)
        all = job_format(j, "%s%s%s", all, between, without_mark(j, *part_of(w, i)));
    return all;
}

static enum err
unpack(struct job *j, const char *text, struct sealed_words *w)
{
    char *p = job_copy(j, text);
    int64_t born;

    w->born = DATE_NONE;
    for (int i = -1; i < PARTS; i++) {
        char *end = strchr(p, between[0]);
        if (!end != (i == PARTS - 1))
            return err_set(j, ERR_FAULT, "a sealed description in the database is not whole");
        if (end)
            *end = '\0';
        if (i >= 0)
            *part_of(w, i) = p;
        else if (*p && text_to_int(p, strlen(p), &born))
            w->born = (int32_t)born;
        p = end ? end + 1 : p;
    }
    return OK;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static const char *
or_empty(const char *s)
{
    return s ? s : "";
}

/* Grows by doubling. */
static struct sealed_words *
room_for(struct job *j, struct sealed_words **v, size_t n, size_t *room)
{
    if (n == *room) {
        size_t more = *room ? 2 * *room : 16;
        *v = job_grow(j, *v, *room * sizeof **v, more * sizeof **v);
        *room = more;
    }
    return &(*v)[n];
}

static const char sql_open[] =
    "SELECT identity_id, person_id, source, digest, upn, former_upn, local_id, surname, forename, "
    "middle_names, preferred_surname, former_surname, sex, postcode, born FROM identity "
    "WHERE area_id = $1 AND person_id = $2 ORDER BY identity_id";

static enum err
read_open(struct job *j, int64_t person, struct sealed_words **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *out = NULL;
    *n = 0;
    db_ask(j, &q, sql_open, ARGS(INT(j->area), INT(person)));
    while (db_next(&q)) {
        struct sealed_words *w = room_for(j, out, *n, &room);
        *w = (struct sealed_words){.identity_id = row_int(&q, 0), .person_id = row_int(&q, 1),
                                   .source = or_empty(row_text(&q, 2)),
                                   .born = (int32_t)row_int_or(&q, 14, DATE_NONE)};
        for (int i = 0; i < PARTS; i++)
            *part_of(w, i) = or_empty(row_text(&q, 3 + i));
        ++*n;
    }
    return db_done(&q);
}

static const char sql_sealed[] =
    "SELECT identity_id, COALESCE(person_id, 0), source, sealed FROM identity "
    "WHERE area_id = $1 AND ($2 = 0 OR person_id = $2) AND sealed IS NOT NULL "
    "ORDER BY identity_id DESC";

enum err
sealed_read(struct job *j, const struct key *k, int64_t person, struct sealed_words **out,
            size_t *n)
{
    int64_t area = custody_area(j->area);
    size_t room = 0;
    struct rows q;
    enum err e;

    *out = NULL;
    *n = 0;
    db_ask(j, &q, sql_sealed, ARGS(INT(area), INT(person)));
    while (db_next(&q)) {
        struct sealed_words *w = room_for(j, out, *n, &room);
        *w = (struct sealed_words){.identity_id = row_int(&q, 0), .person_id = row_int(&q, 1),
                                   .source = or_empty(row_text(&q, 2)),
                                   .digest = or_empty(row_text(&q, 3))};
        ++*n;
    }
    e = db_done(&q);
    for (size_t i = 0; !e && i < *n; i++) {
        struct sealed_words *w = &(*out)[i];
        const char *text = NULL;
        e = seal_open(j, k, PLACE(area, w->identity_id), w->digest, &text);
        if (!e)
            e = unpack(j, text, w);
    }
    return e;
}

/* ---- there and back -------------------------------------------------------------------------- */

/* The digest is of what was in the file: somebody could try names until one fits. */
static const char sql_take[] =
    "UPDATE identity SET area_id = $3, sealed = $4, digest = $5, upn = NULL, former_upn = NULL, "
    "local_id = NULL, surname = NULL, forename = NULL, middle_names = NULL, "
    "preferred_surname = NULL, former_surname = NULL, born = NULL, sex = NULL, postcode = NULL, "
    "surname_key = NULL, forename_key = NULL WHERE area_id = $1 AND identity_id = $2";

enum err
sealed_take(struct job *j, const struct key *k, int64_t person, int64_t *n)
{
    int64_t to = custody_area(j->area);
    struct sealed_words *v;
    size_t found;
    enum err e = read_open(j, person, &v, &found);

    for (size_t i = 0; !e && i < found; i++) {
        const char *text;
        e = seal_text(j, k, PLACE(to, v[i].identity_id), pack(j, &v[i]), &text);
        if (!e)
            e = db_run(j, sql_take,
                       ARGS(INT(j->area), INT(v[i].identity_id), INT(to), TEXT(text),
                            TEXT(job_format(j, "sealed %lld", (long long)v[i].identity_id))),
                       NULL);
    }
    *n = (int64_t)found;
    return e;
}

static const char sql_give_back[] =
    "UPDATE identity SET area_id = $3, sealed = NULL, digest = $4, upn = $5, former_upn = $6, "
    "local_id = $7, surname = $8, forename = $9, middle_names = $10, preferred_surname = $11, "
    "former_surname = $12, sex = $13, postcode = $14, born = $15, surname_key = $16, "
    "forename_key = $17 WHERE area_id = $1 AND identity_id = $2";

static struct arg
key_or_null(struct job *j, const char *name)
{
    return *name ? TEXT(text_name_key(j, span_of(name))) : NUL;
}

static enum err
give_back(struct job *j, struct sealed_words *w)
{
    int64_t from = custody_area(j->area);
    struct arg v[17] = {INT(from), INT(w->identity_id), INT(-from)};

    for (int i = 0; i < PARTS; i++)
        v[3 + i] = **part_of(w, i) ? TEXT(*part_of(w, i)) : NUL;
    v[14] = w->born == DATE_NONE ? NUL : INT(w->born);
    v[15] = key_or_null(j, w->surname);
    v[16] = key_or_null(j, w->forename);
    return db_run(j, sql_give_back, (struct args){v, 17}, NULL);
}

enum err
sealed_give_back(struct job *j, const struct key *k, int64_t person)
{
    struct sealed_words *v;
    size_t n;
    enum err e = sealed_read(j, k, person, &v, &n);

    for (size_t i = 0; !e && i < n; i++)
        e = give_back(j, &v[i]);
    return e;
}
