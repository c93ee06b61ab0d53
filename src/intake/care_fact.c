#include "intake/care_fact.h"
#include "people/upn.h"

struct upn_text {
    char s[UPN_SIZE];
};

struct care_source
care_source_on(const char *kind, int32_t last_day)
{
    struct ymd d = date_to_ymd(last_day);
    int32_t year = last_day >= date_from_ymd(d.year, 4, 1) ? d.year + 1 : d.year;

    return (struct care_source){kind, year, last_day + 1};
}

struct care_fact
care_fact_of(int64_t identity_id, const char *kind, int32_t from, int32_t to)
{
    return (struct care_fact){.identity_id = identity_id, .kind = kind, .from = from, .to = to,
                              .part = 1};
}

enum err
care_fact_write(struct job *j, struct loading *l, const struct care_source *s,
                const struct record *r, const struct care_fact *f)
{
    return loading_row(j, l, &fact_care_episode,
                       ARGS(INT(j->area), INT(l->batch_id), INT(l->file_id), INT(r->line),
                            INT(f->part), INT(f->identity_id), INT(s->return_year), TEXT(f->kind),
                            INT(f->from), f->to == DATE_OPEN ? NUL : INT(f->to), f->no_action,
                            f->need, f->source, f->close_reason, f->category, TEXT(s->kind),
                            INT(s->told_to), f->score, f->placement, f->provider_urn));
}

enum err
care_fact_days(struct job *j, struct loading *l, const struct record *r, struct care_days d,
               struct care_fact *f)
{
    struct place at = loading_place(l, r, 0);

    f->from = DATE_NONE;
    if (!d.from->given) {
        loading_aside(l, "without a first day");
        return OK;
    }
    f->to = d.last->given ? (int32_t)d.last->i + 1 : DATE_OPEN;
    if (f->to <= d.from->i)
        return loading_find(j, l, &at, FOUND_END_BEFORE_START, NULL);
    f->from = (int32_t)d.from->i;
    return OK;
}

/* ---- whose ----------------------------------------------------------------------- */

static uint64_t
key_of(const struct care_people *p, struct span local_id)
{
    return map_key(&p->salt, local_id.s, local_id.n);
}

enum err
care_people_open(struct job *j, struct loading *l, struct care_people *out)
{
    enum err e;

    *out = (struct care_people){.l = l, .salt = map_salt_new()};
    if ((e = map_open(j, 0, &out->identity)) || (e = map_open(j, 0, &out->upn)) ||
        (e = map_open(j, 0, &out->former)))
        return e;
    return pile_open(j, sizeof(struct upn_text), &out->texts);
}

enum err
care_people_note_upn(struct job *j, struct care_people *p, struct span local_id, struct span upn,
                     bool former)
{
    struct map *m = former ? p->former : p->upn;
    struct upn_text *t;

    if (!upn.n || upn.n >= sizeof t->s || !local_id.n || map_find(m, key_of(p, local_id)))
        return OK;
    if (!(t = pile_add(j, p->texts)))
        return j->err.kind;
    memcpy(t->s, upn.s, upn.n);
    t->s[upn.n] = '\0';
    return map_put(j, m, key_of(p, local_id), (int64_t)pile_count(p->texts) - 1);
}

static struct span
noted(const struct care_people *p, struct map *m, struct span local_id)
{
    const int64_t *at = map_find(m, key_of(p, local_id));
    const struct upn_text *t = at ? pile_at(p->texts, (size_t)*at) : NULL;

    return t ? span_of(t->s) : (struct span){"", 0};
}

enum err
care_people_add(struct job *j, struct care_people *p, const struct place *at,
                const struct description *d, int64_t *identity_id)
{
    struct description full = *d;
    struct identity who;
    enum err e;

    full.source = full.surname.n && full.forename.n ? IDENTITY_LIST : IDENTITY_CARE;
    if (!full.upn.n)
        full.upn = noted(p, p->upn, d->local_id);
    if (!full.former_upn.n)
        full.former_upn = noted(p, p->former, d->local_id);
    if ((e = loading_who(j, p->l, at, &full, &who)))
        return e;
    *identity_id = who.identity_id;
    return map_put(j, p->identity, key_of(p, d->local_id), who.identity_id);
}

enum err
care_people_leave(struct job *j, struct care_people *p, struct span local_id)
{
    return map_put(j, p->identity, key_of(p, local_id), 0);
}

enum err
care_people_find(struct job *j, struct care_people *p, const struct place *at,
                 struct span local_id, int64_t *identity_id)
{
    const int64_t *known = map_find(p->identity, key_of(p, local_id));
    struct description d = {.local_id = local_id, .born = DATE_NONE};

    if (!known)
        return care_people_add(j, p, at, &d, identity_id);
    *identity_id = *known;
    return OK;
}

bool
care_people_has(const struct care_people *p, struct span local_id)
{
    return map_find(p->identity, key_of(p, local_id)) != NULL;
}
