#include "risk/sign_preview.h"
#include "access/permit.h"
#include "risk/places.h"
#include "risk/refresh.h"
#include "risk/sign_packs.h"
#include "risk/sign_run.h"
#include "store/db.h"

struct compared {
    const struct timeline *t;
    struct sign_pack now_pack;
    const struct sign_pack *then_pack;
    struct sign_list now, then;
    struct places places;
};

/* ---- signs ------------------------------------------------------------------------ */

static int64_t
with_sign(const struct sign_list *list, const struct sign_pack *pack, const char *id)
{
    int64_t n = 0;

    for (size_t r = 0; r < pack->n; r++) {
        if (strcmp(pack->rule[r].id, id) != 0)
            continue;
        for (size_t i = 0; i < list->n; i++)
            n += list->child[i].met >> r & 1;
        return n;
    }
    return -1;
}

static int
by_id(const void *a, const void *b)
{
    return strcmp(((const struct sign_preview_rule *)a)->id,
                  ((const struct sign_preview_rule *)b)->id);
}

static void
compare_rules(struct job *j, const struct compared *c, struct sign_preview *out)
{
    const struct sign_pack *packs[] = {c->then_pack, &c->now_pack};
    struct sign_preview_rule *rule = job_array(j, 2 * SIGNS_MOST, sizeof *rule);

    for (size_t k = 0; k < 2; k++)
        for (size_t r = 0; r < packs[k]->n; r++) {
            const struct sign_rule *x = &packs[k]->rule[r];
            if (k && with_sign(&c->then, c->then_pack, x->id) >= 0)
                continue;
            rule[out->n_rules++] = (struct sign_preview_rule){
                x->id, x->title, with_sign(&c->now, &c->now_pack, x->id),
                with_sign(&c->then, c->then_pack, x->id)};
        }
    qsort(rule, out->n_rules, sizeof *rule, by_id);
    out->rule = rule;
}

/* ---- children --------------------------------------------------------------------- */

static const char sql_names[] =
    "SELECT i.forename, i.surname, (SELECT s.name FROM establishment s WHERE s.urn = $3) "
    "FROM identity i WHERE i.area_id = $1 AND i.identity_id = $2";

static const char *
all_words(struct job *j, const struct sign_pack *pack, const struct sign_list *list,
          const struct sign_child *c)
{
    const char *out = "";

    for (size_t i = 0; i < c->n; i++) {
        const struct sign_found *f = &list->found[c->found + i];
        out = job_format(j, "%s%s%s", out, i ? "; " : "", sign_words(j, &pack->rule[f->rule], f));
    }
    return out;
}

static enum err
name_child(struct job *j, const struct timeline *t, const struct sign_child *c,
           struct sign_preview_child *out)
{
    const struct timeline_person *p = &t->person[c->person];
    struct rows q;

    *out = (struct sign_preview_child){.person = p->person_id, .urn = t->school[c->school].urn,
                                       .year_group = c->year_group, .name = "", .school = ""};
    db_ask(j, &q, sql_names, ARGS(INT(j->area), INT(p->identity_id), INT(out->urn)));
    if (db_next(&q)) {
        const char *forename = row_text(&q, 0), *surname = row_text(&q, 1);
        out->name = job_format(j, "%s %s", forename ? forename : "", surname ? surname : "");
        out->school = row_text(&q, 2);
    }
    if (!out->school)
        out->school = job_format(j, "School %lld", (long long)out->urn);
    return db_done(&q);
}

/* One side of the comparison: its children who are not listed on the other. */
struct side {
    const struct sign_pack *pack;
    const struct sign_list *mine, *other;
};

struct sided {
    const struct sign_child *child;
    int64_t place;
};

static int
by_place(const void *a, const void *b)
{
    const struct sided *x = a, *y = b;

    return (x->place > y->place) - (x->place < y->place);
}

static struct sided *
only_mine(struct job *j, const struct compared *c, const struct side *s, size_t *n)
{
    struct sided *out = job_array(j, s->mine->n + 1, sizeof *out);
    size_t k = 0;

    *n = 0;
    for (size_t i = 0; i < s->mine->n; i++) {
        const struct sign_child *x = &s->mine->child[i];
        while (k < s->other->n && s->other->child[k].person < x->person)
            k++;
        if (!x->tier || (k < s->other->n && s->other->child[k].person == x->person &&
                         s->other->child[k].tier))
            continue;
        out[(*n)++] = (struct sided){x, ((int64_t)c->places.school[x->school] << 32) |
                                            c->places.person[x->person]};
    }
    qsort(out, *n, sizeof *out, by_place);
    return out;
}

static enum err
list_side(struct job *j, const struct compared *c, const struct side *s,
          const struct sign_preview_child **list, size_t *n)
{
    struct sided *only = only_mine(j, c, s, n);
    struct sign_preview_child *out = job_array(j, *n + 1, sizeof *out);
    enum err e = OK;

    for (size_t i = 0; i < *n && !e; i++) {
        e = name_child(j, c->t, only[i].child, &out[i]);
        out[i].words = all_words(j, s->pack, s->mine, only[i].child);
    }
    *list = out;
    return e;
}

/* ---- schools ---------------------------------------------------------------------- */

static void
count_listed(const struct sign_list *list, int64_t *by_school, int64_t *all)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->child[i].tier) {
            by_school[list->child[i].school]++;
            ++*all;
        }
}

static struct sign_preview_school *
school_of(struct sign_preview_school *list, size_t *n, const struct sign_preview_child *c)
{
    for (size_t i = 0; i < *n; i++)
        if (list[i].urn == c->urn)
            return &list[i];
    list[*n] = (struct sign_preview_school){.urn = c->urn, .name = c->school};
    return &list[(*n)++];
}

static int
by_name(const void *a, const void *b)
{
    const struct sign_preview_school *x = a, *y = b;
    int c = strcmp(x->name, y->name);

    return c ? c : (x->urn > y->urn) - (x->urn < y->urn);
}

static void
compare_schools(struct job *j, const struct compared *c, struct sign_preview *out)
{
    size_t schools = c->t->n[TIMELINE_SCHOOL];
    int64_t *now = job_array(j, schools + 1, sizeof *now);
    int64_t *then = job_array(j, schools + 1, sizeof *then);
    struct sign_preview_school *list = job_array(j, schools + 1, sizeof *list);

    count_listed(&c->now, now, &out->now);
    count_listed(&c->then, then, &out->then);
    for (size_t i = 0; i < out->n_added; i++)
        school_of(list, &out->n_schools, &out->added[i])->added++;
    for (size_t i = 0; i < out->n_removed; i++)
        school_of(list, &out->n_schools, &out->removed[i])->removed++;
    for (size_t i = 0; i < out->n_schools; i++) {
        uint32_t s = timeline_school_find(c->t, list[i].urn);
        list[i].now = now[s];
        list[i].then = then[s];
    }
    qsort(list, out->n_schools, sizeof *list, by_name);
    out->school = list;
}

/* ---- a preview -------------------------------------------------------------------- */

static enum err
find_both(struct job *j, const char *home, struct compared *c, int32_t *day)
{
    struct refresh_order figures = {DATE_NONE, 0, false};
    struct sign_order o = {.pack = &c->now_pack};
    struct timeline *t;
    struct marks *marks;
    enum err e = signs_last_day(j, day);

    if (!e && *day == DATE_NONE)
        e = err_set(j, ERR_NOT_FOUND, "nothing is loaded yet, so no sign can be looked for");
    if (!e)
        e = figures_timeline(j, home, &figures, &t);
    if (!e)
        e = marks_get(j, marks_path(j, home),
                      &(struct marks_order){*day, j->now, false, DATE_NONE, DATE_NONE}, &marks);
    if (e)
        return e;
    c->t = o.t = t;
    o.marks = marks;
    o.day = *day;
    e = signs_find(j, &o, &c->now);
    o.pack = c->then_pack;
    return e ? e : signs_find(j, &o, &c->then);
}

enum err
sign_preview(struct job *j, const char *home, const struct sign_pack *then,
             struct sign_preview *out)
{
    struct compared c = {.then_pack = then};
    int64_t id;
    enum err e = permit(j, ACT_SIGN_PACK, (struct subject){.what = "preview"});

    *out = (struct sign_preview){0};
    if (!e)
        e = sign_pack_in_force(j, &c.now_pack, &id);
    if (!e)
        e = find_both(j, home, &c, &out->day);
    if (!e)
        e = places_of(j, c.t, &c.places);
    if (!e)
        e = list_side(j, &c, &(struct side){then, &c.then, &c.now}, &out->added, &out->n_added);
    if (!e)
        e = list_side(j, &c, &(struct side){&c.now_pack, &c.now, &c.then}, &out->removed,
                      &out->n_removed);
    if (e)
        return e;
    compare_rules(j, &c, out);
    compare_schools(j, &c, out);
    return OK;
}
