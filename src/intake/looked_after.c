#include "intake/care_fact.h"
#include "returns/fields.h"

/* SSDA903: who was looked after, from when to when; where a placement changed, for that
 * explains a change of school; being missing; strengths and difficulties.  Its files say
 * nowhere of which year they are: the newest date tells. */

enum { HEADER_LACKS_AT_LEAST = 4, LETTERS_SINCE = 2025, MOST_SCORE = 40 };

struct looked_after {
    struct loading *l;
    struct care_source source;
    struct care_people people;
    int64_t identity_id;         /* XML: the child being read; 0 none */
    struct map_salt salt;
    struct map *met;             /* children with episodes */
    int64_t with_episodes, lacking; /* children; of them not in the header */
    int64_t coded, as_number, as_letter; /* header rows by how SEX is written */
    bool csv_header;
};

enum err
looked_after_begin(struct job *j, struct loading *l, void **state)
{
    struct looked_after *x = job_alloc(j, sizeof *x);
    int32_t year;
    enum err e;

    *state = x;
    x->l = l;
    x->salt = map_salt_new();
    if ((e = care_people_open(j, l, &x->people)) || (e = map_open(j, 0, &x->met)))
        return e;
    if (l->made_on == DATE_NONE) {
        err_set(j, ERR_INPUT, "these tables of SSDA903 hold no date, so their year is not known");
        return err_hint(j, "Put all tables of the year in one folder, with the episodes.");
    }
    x->source = care_source_on("ssda903", l->made_on);
    year = x->source.return_year;
    x->source.told_to = date_from_ymd(year, 4, 1);
    l->reading.school_year = year - 1;
    snprintf(l->title, sizeof l->title, "Looked after children (SSDA903), year to March %d",
             (int)year);
    return OK;
}

/* ---- children -------------------------------------------------------------------- */

static const char *
sex_of(const struct value *v)
{
    if (!v->given)
        return "";
    return v->s[0] == '1' ? "M" : v->s[0] == '2' ? "F" : v->s;
}

struct child_at {
    const struct value *id, *sex, *born, *upn;
};

static enum err
take_child(struct job *j, struct looked_after *x, const struct record *r, struct child_at c)
{
    struct place at = loading_place(x->l, r, 0);
    struct description d = {.upn = value_span(c.upn), .local_id = value_span(c.id),
                            .born = value_date(c.born), .sex = span_of(sex_of(c.sex))};

    x->identity_id = 0;
    if (!c.id->given)
        return loading_find(j, x->l, &at, FOUND_ID_MISSING, NULL);
    if (c.sex->given) {
        bool number = c.sex->s[0] == '1' || c.sex->s[0] == '2';
        x->coded++;
        x->as_number += number;
        x->as_letter += !number;
    }
    return care_people_add(j, &x->people, &at, &d, &x->identity_id);
}

static enum err
take_header(struct job *j, struct looked_after *x, const struct record *r)
{
    const struct value *v = r->v;

    x->csv_header = true;
    return take_child(j, x, r, (struct child_at){&v[C903_HEADER_CHILD], &v[C903_HEADER_SEX],
                                                 &v[C903_HEADER_BORN], &v[C903_HEADER_UPN]});
}

static enum err
take_xml_child(struct job *j, struct looked_after *x, const struct record *r)
{
    const struct value *v = r->v;

    return take_child(j, x, r, (struct child_at){&v[C903_CHILD_ID], &v[C903_CHILD_SEX],
                                                 &v[C903_CHILD_BORN], &v[C903_CHILD_UPN]});
}

/* Whose a row is: of its own id, or in XML of the child around it. */
static enum err
whose(struct job *j, struct looked_after *x, const struct record *r, const struct value *id,
      int64_t *identity_id)
{
    struct place at = loading_place(x->l, r, 0);

    *identity_id = 0;
    if (id->given)
        return care_people_find(j, &x->people, &at, value_span(id), identity_id);
    if (x->l->file[x->l->file_id - 1].file->form == FORM_XML && x->identity_id) {
        *identity_id = x->identity_id;
        return OK;
    }
    return loading_find(j, x->l, &at, FOUND_PARENT_MISSING, "the child");
}

/* ---- what is told of them -------------------------------------------------------- */

static enum err
note_child(struct job *j, struct looked_after *x, const struct value *id)
{
    uint64_t key = map_key(&x->salt, id->s, id->n);

    if (!id->given || map_find(x->met, key))
        return OK;
    x->with_episodes++;
    x->lacking += !care_people_has(&x->people, value_span(id));
    return map_put(j, x->met, key, 1);
}

/* Short breaks are a service to a family, and DfE's figures leave them out, too. */
static bool
is_short_break(const struct value *status)
{
    return status->given && status->s[0] == 'V' && (status->s[1] == '3' || status->s[1] == '4');
}

/* To another place and carer, and not for a while only. */
static bool
has_moved(const struct record *r)
{
    const struct value *why = &r->v[C903_EPISODE_WHY], *to = &r->v[C903_EPISODE_PLACEMENT];

    return why->given && (why->s[0] == 'P' || why->s[0] == 'T') && !(to->given && to->s[0] == 'T');
}

static enum err
write_move(struct job *j, struct looked_after *x, const struct record *r, int64_t who)
{
    int32_t day = (int32_t)r->v[C903_EPISODE_STARTED].i;
    struct care_fact f = care_fact_of(who, "placement", day, day + 1);
    const struct value *urn = &r->v[C903_EPISODE_URN];
    int64_t number;

    f.part = 2;
    f.placement = value_text(&r->v[C903_EPISODE_PLACEMENT]);
    if (urn->given && text_to_int(urn->s, urn->n, &number))
        f.provider_urn = INT(number);
    return care_fact_write(j, x->l, &x->source, r, &f);
}

static enum err
take_episode(struct job *j, struct looked_after *x, const struct record *r)
{
    const struct value *from = &r->v[C903_EPISODE_STARTED], *to = &r->v[C903_EPISODE_CEASED];
    struct care_fact f = care_fact_of(0, "care", (int32_t)from->i, DATE_OPEN);
    struct place at = loading_place(x->l, r, 0);
    enum err e;

    if ((e = note_child(j, x, &r->v[C903_EPISODE_CHILD])) ||
        (e = whose(j, x, r, &r->v[C903_EPISODE_CHILD], &f.identity_id)) || !f.identity_id)
        return e;
    if (is_short_break(&r->v[C903_EPISODE_STATUS])) {
        loading_aside(x->l, "episodes of short breaks (V3, V4), which are not being looked after");
        return OK;
    }
    if (to->given && to->i < from->i)
        return loading_find(j, x->l, &at, FOUND_END_BEFORE_START, NULL);
    if (to->given) /* the next episode begins that day */
        f.to = to->i == from->i ? f.from + 1 : (int32_t)to->i;
    if ((e = care_fact_write(j, x->l, &x->source, r, &f)))
        return e;
    return has_moved(r) ? write_move(j, x, r, f.identity_id) : OK;
}

/* The score is of the year, without a day: it counts from the end of the year. */
static enum err
take_oc2(struct job *j, struct looked_after *x, const struct record *r)
{
    const struct value *score = &r->v[C903_OC2_SCORE];
    struct care_fact f = care_fact_of(0, "sdq", x->source.told_to - 1, x->source.told_to);
    struct place at = loading_place(x->l, r, 0);
    enum err e = whose(j, x, r, &r->v[C903_OC2_CHILD], &f.identity_id);

    if (e || !f.identity_id)
        return e;
    if (!score->given) {
        loading_aside(x->l, "health records without a strengths and difficulties score");
        return OK;
    }
    if (score->i > MOST_SCORE)
        return loading_find(j, x->l, &at, FOUND_SCORE_RANGE, NULL);
    f.score = INT(score->i);
    return care_fact_write(j, x->l, &x->source, r, &f);
}

static enum err
take_missing(struct job *j, struct looked_after *x, const struct record *r)
{
    const struct value *kind = &r->v[C903_MISSING_KIND];
    struct care_fact f = care_fact_of(0, "missing", DATE_NONE, DATE_OPEN);
    struct care_days days = {&r->v[C903_MISSING_FROM], &r->v[C903_MISSING_TO]};
    enum err e = whose(j, x, r, &r->v[C903_MISSING_CHILD], &f.identity_id);

    if (e || !f.identity_id)
        return e;
    if (kind->given && kind->s[0] == 'A') {
        loading_aside(x->l, "times away from placement without authorisation");
        return OK;
    }
    e = care_fact_days(j, x->l, r, days, &f);
    return e || f.from == DATE_NONE ? e : care_fact_write(j, x->l, &x->source, r, &f);
}

enum err
looked_after_record(struct job *j, void *arg, const struct record *r)
{
    static const struct {
        const char *layout;
        enum err (*fn)(struct job *j, struct looked_after *x, const struct record *r);
    } handlers[] = {
        {"ssda903-child", take_xml_child}, {"ssda903-header", take_header},
        {"ssda903-episodes", take_episode}, {"ssda903-oc2", take_oc2},
        {"ssda903-missing", take_missing},
    };

    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (!strcmp(handlers[i].layout, r->layout->name))
            return handlers[i].fn(j, arg, r);
    return err_set(j, ERR_FAULT, "nothing is known to do with %s", r->layout->name);
}

/* ---- is it one year's? ----------------------------------------------------------- */

static const char *
wrong_year(struct job *j, const struct looked_after *x)
{
    int year = x->source.return_year;
    bool letters = year >= LETTERS_SINCE;
    int64_t wrong = letters ? x->as_number : x->as_letter;
    char day[DATE_TEXT];

    if (x->coded && wrong == x->coded)
        return job_format(j, "the table of children is of another year: it writes SEX as %s, "
                          "but the newest date in the other tables is %s, so they are of the "
                          "year to March %d. Put the header of that year beside them.",
                          letters ? "1 and 2, as up to 2023/24" : "M and F, as since 2024/25",
                          date_words(x->l->made_on, day), year);
    if (x->csv_header && x->lacking >= HEADER_LACKS_AT_LEAST && 2 * x->lacking > x->with_episodes)
        return job_format(j, "the table of children is of another year or authority: of %lld "
                          "children with episodes it lacks %lld. Put the header of the year to "
                          "March %d beside them.", (long long)x->with_episodes,
                          (long long)x->lacking, year);
    return NULL;
}

enum err
looked_after_end(struct job *j, void *state)
{
    struct looked_after *x = state;

    if (!x->l->refusal)
        x->l->refusal = wrong_year(j, x);
    return OK;
}
