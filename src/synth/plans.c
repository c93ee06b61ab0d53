#include "synth/plans.h"

/* A plan is asked for twenty weeks before it starts; of those with SEN support and no plan one
 * in REFUSED_ONE_IN was refused an assessment in the year after the support began. */
enum { TWENTY_WEEKS = 140, SIX_WEEKS = 42, REFUSED_ONE_IN = 11, REFUSED_AFTER = 240,
       YEAR_DAYS = 365 };

static const char *const tables[PLANS_TABLES] = {"person", "requests", "assessment", "namedplan",
                                                 "activeplans", "placementdetail", "senneed"};

enum err
plans_open(struct plan_set *s, const struct folder *in)
{
    enum err e = OK;

    *s = (struct plan_set){.in = in};
    for (int y = 0; y < PLANS_YEARS; y++)
        for (int k = 0; !e && k < PLANS_TABLES; k++) {
            char path[TABLE_PATH], layout[32];
            snprintf(path, sizeof path, "sen2/%d/Blade-Export_03-02-%d_%s.csv", PLANS_FIRST + y,
                     PLANS_FIRST + y, tables[k]);
            snprintf(layout, sizeof layout, "sen2-%s", tables[k]);
            e = table_open(in, &s->t[y][k], path,
                           (struct table_kind){layout, PLANS_FIRST + y - 1, 0});
        }
    return e;
}

enum err
plans_close(struct plan_set *s)
{
    enum err e = OK;

    for (int y = 0; y < PLANS_YEARS; y++)
        for (int k = 0; !e && k < PLANS_TABLES; k++)
            e = table_flush(s->in, s->t[y][k].out.f, s->t[y][k].path);
    return e;
}

/* One child in one survey. */
struct asked {
    const struct life *l;
    struct table *t;
    int32_t survey, refused; /* refused: DATE_NONE not in the year before */
    bool active;
};

static int32_t
refused_on(const struct life *l)
{
    if (l->support_from == DATE_NONE || (uint64_t)l->person * 2654435761U % REFUSED_ONE_IN ||
        (l->plan_from != DATE_NONE && l->plan_from < l->support_from + 2 * YEAR_DAYS))
        return DATE_NONE;
    return l->support_from + REFUSED_AFTER;
}

static void
put_person(const struct asked *a)
{
    struct table *t = &a->t[PLANS_PERSON];
    char postcode[PLACE_TEXT];
    const struct home *h = life_home(a->l, a->survey);

    table_format(t, SEN2_PERSON_KEY, "P%lld", (long long)a->l->person);
    table_text(t, SEN2_PERSON_RETURN, "S1");
    table_text(t, SEN2_PERSON_SURNAME, a->l->surname);
    table_text(t, SEN2_PERSON_FORENAME, a->l->forename);
    table_day(t, SEN2_PERSON_BORN, a->l->born);
    if (date_to_ymd(a->survey).year == PLANS_FIRST)
        table_text(t, SEN2_PERSON_SEX, a->l->sex == 'M' ? "1" : "2");
    else
        table_text(t, SEN2_PERSON_SEX, a->l->sex == 'M' ? "M" : "F");
    table_text(t, SEN2_PERSON_POSTCODE, world_postcode(h->place, h->postcode, postcode));
    table_text(t, SEN2_PERSON_UPN, a->l->upn);
    table_row(t);
}

struct request {
    char kind;               /* of its key: A active, N refused */
    int32_t received, decided;
    const char *outcome;
};

static void
put_request(const struct asked *a, const struct request *r)
{
    struct table *t = &a->t[PLANS_REQUEST];

    table_format(t, SEN2_REQUEST_KEY, "R%c%lld", r->kind, (long long)a->l->person);
    table_format(t, SEN2_REQUEST_PERSON, "P%lld", (long long)a->l->person);
    table_text(t, SEN2_REQUEST_RETURN, "S1");
    if (r->received != DATE_NONE) {
        table_day(t, SEN2_REQUEST_RECEIVED, r->received);
        table_day(t, SEN2_REQUEST_DECIDED, r->decided);
    }
    table_text(t, SEN2_REQUEST_OUTCOME, r->outcome);
    table_row(t);
}

static void
put_plan(const struct asked *a)
{
    struct table *t = &a->t[PLANS_ASSESSMENT];
    long long person = (long long)a->l->person;

    table_format(t, SEN2_ASSESSMENT_KEY, "A%lld", person);
    table_format(t, SEN2_ASSESSMENT_REQUEST, "RA%lld", person);
    table_text(t, SEN2_ASSESSMENT_RETURN, "S1");
    table_text(t, SEN2_ASSESSMENT_OUTCOME, "Y");
    table_day(t, SEN2_ASSESSMENT_DECIDED, a->l->plan_from - 7);
    table_row(t);
    t = &a->t[PLANS_NAMED];
    table_format(t, SEN2_PLAN_KEY, "N%lld", person);
    table_format(t, SEN2_PLAN_ASSESSMENT, "A%lld", person);
    table_text(t, SEN2_PLAN_RETURN, "S1");
    table_day(t, SEN2_PLAN_STARTED, a->l->plan_from);
    table_row(t);
    t = &a->t[PLANS_ACTIVE];
    table_format(t, SEN2_ACTIVE_KEY, "C%lld", person);
    table_format(t, SEN2_ACTIVE_REQUEST, "RA%lld", person);
    table_text(t, SEN2_ACTIVE_RETURN, "S1");
    table_row(t);
}

static void
put_details(const struct asked *a)
{
    const struct life *l = a->l;
    const struct spell *s = &l->spell[life_spell(l, a->survey)];
    struct table *t = &a->t[PLANS_PLACEMENT];

    table_format(t, SEN2_PLACEMENT_KEY, "D%lld", (long long)l->person);
    table_format(t, SEN2_PLACEMENT_PLAN, "C%lld", (long long)l->person);
    table_text(t, SEN2_PLACEMENT_RETURN, "S1");
    table_number(t, SEN2_PLACEMENT_URN, world_urn(&l->w->school[s->school], a->survey));
    table_number(t, SEN2_PLACEMENT_RANK, 1);
    table_day(t, SEN2_PLACEMENT_ENTERED, s->start > l->plan_from ? s->start : l->plan_from);
    table_row(t);
    t = &a->t[PLANS_NEED];
    for (int k = 0; k < 2 && l->need[k]; k++) {
        table_format(t, SEN2_NEED_KEY, "E%d%lld", k, (long long)l->person);
        table_format(t, SEN2_NEED_PLAN, "C%lld", (long long)l->person);
        table_text(t, SEN2_NEED_RETURN, "S1");
        table_text(t, SEN2_NEED_TYPE, l->need[k]);
        table_number(t, SEN2_NEED_RANK, k + 1);
        table_row(t);
    }
}

/* The date of a plan from before the first survey is not asked again. */
static void
put_all(const struct asked *a)
{
    int32_t year = date_from_ymd(date_to_ymd(a->survey).year - 1, 1, 1);
    int32_t received = a->l->plan_from - TWENTY_WEEKS;

    put_person(a);
    if (a->active) {
        bool old = received < year;
        put_request(a, &(struct request){'A', old ? DATE_NONE : received, received + SIX_WEEKS,
                                         old ? "H" : "Y"});
        put_plan(a);
        put_details(a);
    }
    if (a->refused != DATE_NONE)
        put_request(a, &(struct request){'N', a->refused - SIX_WEEKS, a->refused, "N"});
}

void
plans_write(struct plan_set *s, const struct life *l)
{
    for (int y = 0; y < PLANS_YEARS; y++) {
        int32_t survey = date_from_ymd(PLANS_FIRST + y, 1, 16), refused = refused_on(l);
        struct asked a = {l, s->t[y], survey, DATE_NONE, false};

        if (life_spell(l, survey) < 0)
            continue;
        a.active = l->plan_from != DATE_NONE && l->plan_from <= survey;
        if (refused >= date_from_ymd(PLANS_FIRST + y - 1, 1, 1) &&
            refused < date_from_ymd(PLANS_FIRST + y, 1, 1))
            a.refused = refused;
        if (a.active || a.refused != DATE_NONE)
            put_all(&a);
    }
}
