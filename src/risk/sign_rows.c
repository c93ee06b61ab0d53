#include "risk/sign_rows.h"
#include <stddef.h>

const struct sign_counted sign_counted[] = {
    {"listed", offsetof(struct sign_counts, listed), 1, 0},
    {"changed", offsetof(struct sign_counts, changed), 1, 0},
    {"left", offsetof(struct sign_counts, left), 1, 0},
    {"tier", offsetof(struct sign_counts, tier), 4, 0},
    {"domain", offsetof(struct sign_counts, domain), SIGN_DOMAINS, 0},
    {"rule", offsetof(struct sign_counts, rule), SIGNS_MOST, 0},
    {"year", offsetof(struct sign_counts, year), SIGN_YEARS, -1},
    {NULL, 0, 0, 0},
};

struct sign_befores
sign_befores_of(struct job *j, const struct timeline *t, const struct sign_list *list)
{
    struct sign_befores b = {.v = job_array(j, list->n + 1, sizeof *b.v), .n = list->n,
                             .day = list->day};

    for (size_t i = 0; i < list->n; i++) {
        const struct sign_child *c = &list->child[i];
        b.v[i] = (struct sign_before){t->person[c->person].person_id, t->school[c->school].urn,
                                      c->met, c->year_group, c->tier, c->tier_school};
    }
    return b;
}

/* ---- now and before, side by side ------------------------------------------------- */

static void
take_now(const struct sign_child *c, const struct sign_before *was, struct sign_row *out)
{
    *out = (struct sign_row){.person = c->person, .school = c->school, .now = c, .met = c->met,
                             .met_school = c->met_school, .year_group = c->year_group,
                             .tier = c->tier, .tier_school = c->tier_school};
    if (was)
        out->before = *was;
}

/* A child that had signs and has none: kept where it was listed, if the file still has it. */
static bool
take_gone(const struct timeline *t, const struct sign_before *was, struct sign_row *out)
{
    uint32_t p = timeline_person_find(t, was->person_id);
    uint32_t school = timeline_school_find(t, was->urn);

    if (p == TIMELINE_NONE || school == TIMELINE_NONE || !was->tier)
        return false;
    *out = (struct sign_row){.person = p, .school = school, .before = *was,
                             .year_group = was->year_group};
    return true;
}

static void
merge(const struct timeline *t, const struct sign_list *list, const struct sign_befores *before,
      struct sign_rows *out)
{
    static const struct sign_before none = {0};
    size_t i = 0, k = 0;

    while (i < list->n || k < before->n) {
        int64_t now = i < list->n ? t->person[list->child[i].person].person_id : INT64_MAX;
        int64_t was = k < before->n ? before->v[k].person_id : INT64_MAX;
        if (now <= was) {
            take_now(&list->child[i++], now == was ? &before->v[k++] : &none,
                     &out->v[out->n++]);
        } else {
            out->n += take_gone(t, &before->v[k++], &out->v[out->n]);
        }
    }
}

/* Compared with nothing, nothing is new. */
static void
nothing_new(struct sign_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        struct sign_row *r = &rows->v[i];
        r->before = (struct sign_before){.met = r->met, .tier = r->tier,
                                         .tier_school = r->tier_school};
    }
}

/* ---- order ------------------------------------------------------------------------ */

static int
by_place(const void *a, const void *b)
{
    int64_t x = ((const struct sign_row *)a)->place, y = ((const struct sign_row *)b)->place;

    return (x > y) - (x < y);
}

static void
number_places(const struct places *places, struct sign_rows *rows)
{
    int64_t next = 1;

    for (size_t i = 0; i < rows->n; i++)
        rows->v[i].place = ((int64_t)places->school[rows->v[i].school] << 32) |
                           places->person[rows->v[i].person];
    qsort(rows->v, rows->n, sizeof *rows->v, by_place);
    for (size_t i = 0; i < rows->n; i++)
        rows->v[i].place = (int64_t)i + 1;
    for (int tier = 3; tier >= 0; tier--)
        for (size_t i = 0; i < rows->n; i++)
            if (rows->v[i].tier == tier)
                rows->v[i].kinds_place = next++;
}

void
sign_rows_of(struct job *j, const struct sign_run_order *o, const struct sign_list *list,
             const struct sign_befores *before, struct sign_rows *out)
{
    *out = (struct sign_rows){.v = job_array(j, list->n + before->n + 1, sizeof *out->v)};
    merge(o->t, list, before, out);
    if (before->day == DATE_NONE)
        nothing_new(out);
    number_places(o->places, out);
}

/* ---- counting --------------------------------------------------------------------- */

bool
sign_is_changed(const struct sign_row *r, bool school)
{
    uint8_t tier = school ? r->tier_school : r->tier;
    uint8_t was = school ? r->before.tier_school : r->before.tier;
    uint32_t met = school ? r->met_school : r->met;

    return tier && (!was || (met & ~r->before.met));
}

void
sign_count_row(const struct sign_pack *pack, const struct sign_row *r, bool school,
               struct sign_counts *c)
{
    uint8_t tier = school ? r->tier_school : r->tier;
    uint32_t met = school ? r->met_school : r->met;
    unsigned domains = sign_domains(pack, met);

    c->left += !tier && (school ? r->before.tier_school : r->before.tier);
    if (!tier)
        return;
    c->listed++;
    c->changed += sign_is_changed(r, school);
    c->tier[tier]++;
    for (int d = 0; d < SIGN_DOMAINS; d++)
        c->domain[d] += (int32_t)(domains >> d & 1);
    for (size_t i = 0; i < pack->n; i++)
        c->rule[i] += (int32_t)(met >> i & 1);
    if (r->year_group >= -1 && r->year_group < SIGN_YEARS - 1)
        c->year[r->year_group + 1]++;
}
