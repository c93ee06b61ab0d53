/* Watched children written with a run of signs, and read by pages. */
#include "access/audit.h"
#include "access/guard.h"
#include "store/chunks.h"
#include "risk/places.h"
#include "risk/watch_walk.h"

#define DATE_OR_NULL(d) ((d) == DATE_NONE ? NUL : INT(d))

struct writing {
    const struct timeline *t;
    const struct places *places;
    struct chunks chunks;
    int64_t run;
};

static enum err
write_row(struct job *j, struct writing *x, const struct watched *w)
{
    const struct timeline_person *p = &x->t->person[w->person];
    const struct arg v[] = {
        INT(j->area), INT(x->run), INT(x->t->school[w->school].urn), INT(w->watch),
        INT(x->places->person[w->person]),
        INT(p->person_id), INT(p->identity_id), INT(w->year_group), INT(w->part), INT(w->whole),
        DATE_OR_NULL(w->on), DATE_OR_NULL(w->due)};

    return chunks_row(j, &x->chunks, v);
}

enum err
watch_order_of(struct job *j, const struct sign_run_order *o, struct watch_order *out)
{
    struct school_calendars *calendars;
    enum err e = school_days_load(j, o->known_at, &calendars);

    *out = (struct watch_order){.t = o->t, .marks = o->marks, .day = o->day};
    if (e)
        return e;
    out->calendars = calendars;
    return clock_rules_load(j, &out->rules);
}

enum err
watch_write(struct job *j, const struct sign_run_order *o, int64_t run,
            const struct watched_list *list)
{
    struct writing x = {.t = o->t, .places = o->places, .run = run,
                        .chunks = {"watched_child",
                                   "area_id, run_id, urn, watch, place, person_id, identity_id, "
                                   "year_group, part, whole, on_day, due",
                                   "iiiiiiiiiiii", NULL, 0}};
    enum err e = OK;

    for (size_t i = 0; !e && i < list->n; i++)
        e = write_row(j, &x, &list->v[i]);
    return e ? e : chunks_end(j, &x.chunks);
}

/* ---- reading ---------------------------------------------------------------------- */

static const char sql_run[] =
    "SELECT run_id, day, registers_to FROM sign_run WHERE area_id = $1 AND state = 'current'";
static const char sql_school[] =
    "SELECT w.watch, w.person_id, w.urn, w.year_group, w.part, w.whole, w.on_day, w.due, "
    "i.forename, i.surname FROM watched_child w JOIN identity i ON i.area_id = w.area_id AND "
    "i.identity_id = w.identity_id WHERE w.area_id = $1 AND w.run_id = $2 AND w.urn = $3 "
    "ORDER BY w.watch, w.place";

static struct watched_pupil
pupil_from_row(struct job *j, struct rows *q)
{
    struct watched w = {
        .watch = (enum watch)row_int(q, 0), .part = (int32_t)row_int(q, 4),
        .whole = (int32_t)row_int(q, 5), .on = (int32_t)row_int_or(q, 6, DATE_NONE),
        .due = (int32_t)row_int_or(q, 7, DATE_NONE)};
    const char *forename = row_text(q, 8), *surname = row_text(q, 9);

    return (struct watched_pupil){
        .watch = w.watch, .person = row_int(q, 1), .urn = row_int(q, 2),
        .year_group = (int)row_int(q, 3), .due = w.due, .words = watch_words(j, &w),
        .name = job_format(j, "%s%s%s", forename ? forename : "", forename && surname ? " " : "",
                           surname ? surname : "")};
}

static enum err
read_run(struct job *j, int64_t *run, struct watched_page *out)
{
    struct rows q;
    enum err e;

    *run = 0;
    db_ask(j, &q, sql_run, ARGS(INT(j->area)));
    if (db_next(&q)) {
        *run = row_int(&q, 0);
        out->day = (int32_t)row_int(&q, 1);
        out->registers_to = (int32_t)row_int_or(&q, 2, DATE_NONE);
    }
    e = db_done(&q);
    return e || *run ? e : err_set(j, ERR_NOT_FOUND, "nothing has been looked for yet");
}

/* The lists keep their length. */
static void
hide(const struct guard_set *s, struct watched_pupil *p)
{
    if (!guard_set_hides(s, p->person))
        return;
    *p = (struct watched_pupil){.watch = p->watch, .person = p->person, .urn = p->urn,
                                .year_group = -2, .due = DATE_NONE, .words = "",
                                .name = guard_set_words(s, p->person)};
}

enum err
watch_school(struct job *j, int64_t urn, struct watched_page *out)
{
    struct guard_set hidden;
    size_t room = 64;
    int64_t run;
    struct rows q;
    enum err e = permit(j, ACT_SIGNS, (struct subject){.urn = urn});

    *out = (struct watched_page){.v = job_array(j, room, sizeof *out->v)};
    if (e || (e = read_run(j, &run, out)) || (e = guard_set_load(j, &hidden)))
        return e;
    db_ask(j, &q, sql_school, ARGS(INT(j->area), INT(run), INT(urn)));
    while (db_next(&q)) {
        if (row_int(&q, 0) < 0 || row_int(&q, 0) >= WATCHES)
            continue;
        if (out->n == room) {
            out->v = job_grow(j, out->v, room * sizeof *out->v, 2 * room * sizeof *out->v);
            room *= 2;
        }
        out->v[out->n] = pupil_from_row(j, &q);
        hide(&hidden, &out->v[out->n]);
        out->of[out->v[out->n++].watch]++;
    }
    audit_shown(j, ACT_SIGNS, &(struct audit_list){&out->v->person, sizeof *out->v, out->n,
                                                   (int64_t)out->n});
    return db_done(&q);
}
