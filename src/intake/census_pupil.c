#include "intake/census.h"

/* Is it what the pupil before had? */
static bool
is_text(const struct census *c, uint16_t number, const struct value *v)
{
    char *const *text = number ? pile_at(c->texts, number - 1u) : NULL;

    return text && !strncmp(*text, v->s, v->n) && !(*text)[v->n];
}

/* Ethnicity, status and the like: a few hundred texts in a whole census, and mostly the same
 * from pupil to pupil. */
static enum err
text_number(struct job *j, struct census *c, const struct value *v, uint16_t *out)
{
    uint64_t key;
    int64_t *known;
    char **kept;

    if (!v->given || !v->n) {
        *out = 0;
        return OK;
    }
    if (is_text(c, *out, v))
        return OK;
    key = map_key(&c->salt, v->s, v->n);
    if ((known = map_find(c->by_text, key))) {
        *out = (uint16_t)*known;
        return OK;
    }
    if (pile_count(c->texts) == UINT16_MAX)
        return err_set(j, ERR_INPUT, "the pupils' codes are no codes: there are too many");
    if (!(kept = pile_add(j, c->texts)) || !(*kept = pile_keep(j, c->texts, v->s, v->n)))
        return j->err.kind;
    *out = (uint16_t)pile_count(c->texts);
    return map_put(j, c->by_text, key, *out);
}

static enum err
take_texts(struct job *j, struct census *c, const struct record *r, struct pupil *p)
{
    static const enum census_pupil field[PUPIL_TEXTS] = {
        [PUPIL_STATUS] = CENSUS_PUPIL_STATUS,
        [PUPIL_BOARDER] = CENSUS_PUPIL_BOARDER,
        [PUPIL_SEN] = CENSUS_PUPIL_SEN,
        [PUPIL_ETHNICITY] = CENSUS_PUPIL_ETHNICITY,
        [PUPIL_LANGUAGE] = CENSUS_PUPIL_LANGUAGE,
        [PUPIL_SERVICE_CHILD] = CENSUS_PUPIL_SERVICE_CHILD,
        [PUPIL_PLAA] = CENSUS_PUPIL_PLAA,
        [PUPIL_YOUNG_CARER] = CENSUS_PUPIL_YOUNG_CARER,
    };
    enum err e = OK;

    memcpy(p->text, c->last_text, sizeof p->text);
    for (int i = 0; !e && i < PUPIL_TEXTS; i++)
        e = text_number(j, c, &r->v[field[i]], &p->text[i]);
    memcpy(c->last_text, p->text, sizeof p->text);
    return e;
}

/* Reception is 0, nursery and early years -1; mixed (M) and not followed (X) say nothing. */
static int8_t
year_group(const struct record *r, bool on_roll)
{
    const struct value *v =
        &r->v[on_roll ? CENSUS_PUPIL_YEAR_GROUP : CENSUS_PUPIL_YEAR_LEAVING];
    int64_t n;

    if (!v->given || !v->n)
        return YEAR_NONE;
    if (text_to_int(v->s, v->n, &n))
        return n >= 1 && n <= 14 ? (int8_t)n : YEAR_NONE;
    switch (v->s[0]) {
    case 'R':
        return 0;
    case 'N':
    case 'E':
        return -1;
    default:
        return YEAR_NONE;
    }
}

static int8_t
yes_no(const struct value *v)
{
    return v->given ? v->i != 0 : -1;
}

static enum err
who_is_it(struct job *j, struct census *c, const struct record *r, struct pupil *p)
{
    struct place at = loading_place(c->l, r, census_school(c, p)->urn);
    struct description d = {
        .source = IDENTITY_SCHOOL,
        .upn = value_span(&r->v[CENSUS_PUPIL_UPN]),
        .former_upn = value_span(&r->v[CENSUS_PUPIL_FORMER_UPN]),
        .surname = value_span(&r->v[CENSUS_PUPIL_SURNAME]),
        .forename = value_span(&r->v[CENSUS_PUPIL_FORENAME]),
        .middle_names = value_span(&r->v[CENSUS_PUPIL_MIDDLE_NAMES]),
        .preferred_surname = value_span(&r->v[CENSUS_PUPIL_PREFERRED_SURNAME]),
        .former_surname = value_span(&r->v[CENSUS_PUPIL_FORMER_SURNAME]),
        .born = value_date(&r->v[CENSUS_PUPIL_BORN]),
        .sex = value_span(&r->v[CENSUS_PUPIL_SEX]),
        .postcode = span_of(p->postcode),
    };
    struct identity i;
    enum err e = loading_who(j, c->l, &at, &d, &i);

    p->identity_id = i.identity_id;
    return e;
}

/* The address table came before. */
static void
take_postcode(struct census *c, uint64_t key, struct pupil *p)
{
    const int64_t *at = map_find(c->by_address, key);
    struct address *a;

    if (!at)
        return;
    a = pile_at(c->addresses, (size_t)*at);
    a->used = true;
    memcpy(p->postcode, a->postcode, sizeof p->postcode);
}

static void
take_values(const struct census *c, const struct record *r, struct pupil *p)
{
    const struct value *possible = &r->v[CENSUS_PUPIL_SESSIONS_POSSIBLE];
    const struct value *summer2 = &r->v[CENSUS_PUPIL_SUMMER2_POSSIBLE];

    p->file_id = (uint32_t)c->l->file_id;
    p->line = r->line;
    p->entered = value_date(&r->v[CENSUS_PUPIL_ENTERED]);
    p->left = value_date(&r->v[CENSUS_PUPIL_LEFT]);
    p->possible = possible->given ? possible->i : -1;
    p->summer2_possible = summer2->given ? summer2->i : -1;
    p->year_group = year_group(r, p->on_roll);
    p->part_time = yes_no(&r->v[CENSUS_PUPIL_PART_TIME]);
    p->sen_unit = yes_no(&r->v[CENSUS_PUPIL_SEN_UNIT]);
    p->resourced = yes_no(&r->v[CENSUS_PUPIL_RESOURCED]);
}

static enum err
add_pupil(struct job *j, struct census *c, const struct record *r, struct pupil *p)
{
    struct place at = loading_place(c->l, r, census_school(c, p)->urn);
    enum err e;

    take_values(c, r, p);
    if ((e = take_texts(j, c, r, p)) || (e = who_is_it(j, c, r, p)))
        return e;
    if (p->left != DATE_NONE && p->entered != DATE_NONE && p->left < p->entered)
        return loading_find(j, c->l, &at, FOUND_LEFT_BEFORE, NULL);
    if (!p->on_roll && p->left == DATE_NONE)
        return loading_find(j, c->l, &at, FOUND_LEFT_MISSING, NULL);
    return OK;
}

enum err
census_take_pupil(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    const struct value *nr = &r->v[CENSUS_PUPIL_RETURN];
    const int64_t *school =
        map_find(c->by_return, census_key(c, ROLL_NONE, &r->v[CENSUS_PUPIL_PARENT], nr));
    uint64_t key = census_key(c, roll, &r->v[CENSUS_PUPIL_KEY], nr);
    struct place at = loading_place(c->l, r, 0);
    struct pupil *p;
    enum err e;

    if (!school)
        return loading_find(j, c->l, &at, FOUND_PARENT_MISSING, "the school's return");
    if (map_find(c->by_pupil, key))
        return loading_find(j, c->l, &at, FOUND_KEY_TWICE, NULL);
    if (!(p = pile_add(j, c->pupils)))
        return j->err.kind;
    p->school = (uint32_t)*school;
    p->on_roll = roll == ROLL_ON;
    take_postcode(c, key, p);
    if ((e = map_put(j, c->by_pupil, key, (int64_t)pile_count(c->pupils) - 1)))
        return e;
    return add_pupil(j, c, r, p);
}

/* ---- writing --------------------------------------------------------------------- */

/* Some day of the term that the sessions are of: the one before the census's. */
static int32_t
day_attended(const struct loading *l, bool summer2)
{
    switch (l->term) {
    case TERM_AUTUMN:
        return date_from_ymd(l->school_year, summer2 ? 6 : 5, 15);
    case TERM_SPRING:
        return date_from_ymd(l->school_year, 11, 1);
    default:
        return date_from_ymd(l->school_year + 1, 2, 1);
    }
}

static enum err
check_sums(struct job *j, struct census *c, const struct pupil *p, bool summer2)
{
    uint32_t at = summer2 ? p->marks_summer2 : p->marks;
    int64_t possible = summer2 ? p->summer2_possible : p->possible;
    struct place here = {p->on_roll ? layout_find("census-pupilonroll")
                                    : layout_find("census-pupilnolongeronroll"),
                         p->file_id, p->line, census_school(c, p)->urn};
    struct attendance_sum sum;
    char detail[80];

    if (!at || possible < 0)
        return OK;
    sum = attendance_add_up(pile_at(c->totals, at - 1), day_attended(c->l, summer2));
    if (c->full_marks && sum.possible != possible) {
        snprintf(detail, sizeof detail, "%d by code, %lld given", (int)sum.possible,
                 (long long)possible);
        return loading_find(j, c->l, &here, FOUND_SESSIONS_DIFFER, detail);
    }
    if (!c->full_marks && sum.authorised + sum.unauthorised > possible) {
        snprintf(detail, sizeof detail, "%d of %lld", (int)(sum.authorised + sum.unauthorised),
                 (long long)possible);
        return loading_find(j, c->l, &here, FOUND_ABSENCE_OVER, detail);
    }
    return OK;
}

static struct arg
text_arg(const struct census *c, const struct pupil *p, enum pupil_text which)
{
    char *const *text = p->text[which] ? pile_at(c->texts, p->text[which] - 1u) : NULL;

    return text ? TEXT(*text) : NUL;
}

static struct arg
small_arg(int8_t v, int8_t none)
{
    return v == none ? NUL : INT(v);
}

static struct arg
date_arg(int32_t date)
{
    return date == DATE_NONE ? NUL : INT(date);
}

static struct arg
marks_arg(const struct census *c, uint32_t at, uint8_t *buf)
{
    return at ? BLOB(buf, attendance_pack(pile_at(c->totals, at - 1), buf)) : NUL;
}

static enum err
write_pupil(struct job *j, struct census *c, const struct pupil *p)
{
    struct loading *l = c->l;
    uint8_t marks[ATTENDANCE_PACKED], marks2[ATTENDANCE_PACKED];
    enum err e;

    if ((e = check_sums(j, c, p, false)) || (e = check_sums(j, c, p, true)))
        return e;
    return loading_row(
        j, l, &fact_census_pupil,
        ARGS(INT(j->area), INT(l->batch_id), INT(p->file_id), INT(p->line), INT(p->identity_id),
             INT(census_school(c, p)->urn), INT(l->school_year), INT(l->term), INT(p->on_roll),
             date_arg(p->entered), date_arg(p->left), text_arg(c, p, PUPIL_STATUS),
             small_arg(p->year_group, YEAR_NONE), small_arg(p->part_time, -1),
             text_arg(c, p, PUPIL_BOARDER), text_arg(c, p, PUPIL_SEN),
             small_arg(p->sen_unit, -1), small_arg(p->resourced, -1),
             text_arg(c, p, PUPIL_ETHNICITY), text_arg(c, p, PUPIL_LANGUAGE),
             text_arg(c, p, PUPIL_SERVICE_CHILD), text_arg(c, p, PUPIL_PLAA),
             text_arg(c, p, PUPIL_YOUNG_CARER), *p->postcode ? TEXT(p->postcode) : NUL,
             p->possible < 0 ? NUL : INT(p->possible), marks_arg(c, p->marks, marks),
             marks_arg(c, p->marks_summer2, marks2),
             p->summer2_possible < 0 ? NUL : INT(p->summer2_possible)));
}

static void
count_pupil(const struct census *c, const struct pupil *p)
{
    struct school_return *s = census_school(c, p);

    if (!p->on_roll)
        s->no_longer++;
    else if (++s->on_roll && (p->marks || p->possible > 0))
        s->with_sessions++;
}

static enum err
write_returns(struct job *j, struct census *c)
{
    struct loading *l = c->l;
    enum err e = OK;

    for (size_t i = 0; !e && i < pile_count(c->schools); i++) {
        const struct school_return *s = pile_at(c->schools, i);
        e = loading_row(j, l, &fact_census_return,
                        ARGS(INT(j->area), INT(l->batch_id), INT(s->file_id), INT(s->line),
                             INT(s->urn), INT(l->school_year), INT(l->term), INT(s->on_roll),
                             INT(s->no_longer), INT(s->with_sessions)));
    }
    return e;
}

enum err
census_write_pupils(struct job *j, struct census *c)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < pile_count(c->pupils); i++) {
        const struct pupil *p = pile_at(c->pupils, i);
        count_pupil(c, p);
        e = write_pupil(j, c, p);
    }
    return e ? e : write_returns(j, c);
}
