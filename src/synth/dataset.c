#include "synth/case_files.h"

/* The Standard Safeguarding Dataset as it stands on the last day: all that ever was. */

static const char *const names[SSD_FILES] = {
    "person", "linked_identifiers", "legal_status", "early_help_episodes", "cin_episodes",
    "cin_assessments", "cin_plans", "s47_enquiry", "cp_plans", "cla_episodes", "cla_placement",
    "sdq_scores", "missing"};

enum err
dataset_open(struct case_set *s)
{
    enum err e = OK;

    for (int k = 0; !e && k < SSD_FILES; k++) {
        char path[TABLE_PATH], layout[40];
        snprintf(path, sizeof path, "safeguarding/ssd_%s.csv", names[k]);
        snprintf(layout, sizeof layout, "ssd-%s", names[k]);
        e = table_open(s->in, &s->dataset[k], path, (struct table_kind){layout, 0, 0});
    }
    return e;
}

/* 2024-10-16 00:00:00 */
static void
put_time(struct table *t, int position, int32_t date)
{
    char buf[DATE_TEXT];

    if (date != DATE_NONE && date != DATE_OPEN)
        table_format(t, position, "%s 00:00:00", date_iso(date, buf));
}

static void
put_person(struct case_set *s, const struct life *l)
{
    struct table *t = &s->dataset[SSD_PERSON_FILE];
    struct local_id id = life_local_id(l);

    table_text(t, SSD_PERSON_ID, id.text);
    if (l->list_surname)
        table_format(t, SSD_PERSON_SURNAME, "%s-%s", l->surname, l->other_surname);
    else
        table_text(t, SSD_PERSON_SURNAME, l->surname);
    table_text(t, SSD_PERSON_FORENAME, l->list_nickname ? l->called : l->forename);
    table_text(t, SSD_PERSON_SEX, l->sex == 'M' ? "M" : "F");
    put_time(t, SSD_PERSON_BORN, case_born(l));
    table_row(t);
    t = &s->dataset[SSD_LINKED_FILE];
    table_text(t, SSD_LINKED_PERSON, id.text);
    table_text(t, SSD_LINKED_TYPE, "Unique Pupil Number");
    table_text(t, SSD_LINKED_VALUE, case_has_upn(l) ? l->upn : "SSD_PH");
    table_row(t);
}

struct lasting {
    int file, person, from, to;
};

/* Something that began and, it may be, ended by the last day. */
static void
put_lasting(struct case_set *s, const struct life *l, struct lasting k, struct dates d)
{
    struct table *t = &s->dataset[k.file];
    struct local_id id = life_local_id(l);

    if (d.from == DATE_NONE || d.from > LAST_DAY)
        return;
    table_text(t, k.person, id.text);
    put_time(t, k.from, d.from);
    put_time(t, k.to, case_known(d.to));
    table_row(t);
}

static void
put_referral(struct case_set *s, const struct life *l, const struct care *c)
{
    struct table *t = &s->dataset[SSD_REFERRAL_FILE];
    struct local_id id = life_local_id(l);

    table_text(t, SSD_REFERRAL_PERSON, id.text);
    put_time(t, SSD_REFERRAL_FROM, c->referred);
    put_time(t, SSD_REFERRAL_TO, case_known(c->closed));
    table_text(t, SSD_REFERRAL_NEED, c->no_action ? "SSD_PH" : c->need);
    table_text(t, SSD_REFERRAL_SOURCE, c->source);
    table_text(t, SSD_REFERRAL_NO_ACTION, c->no_action ? "Y" : "N");
    table_text(t, SSD_REFERRAL_REASON, c->closed <= LAST_DAY ? c->reason : NULL);
    table_row(t);
}

static void
put_placement(struct case_set *s, const struct life *l, const struct episode *e)
{
    struct table *t = &s->dataset[SSD_PLACEMENT_FILE];
    struct local_id id = life_local_id(l);

    table_text(t, SSD_PLACEMENT_PERSON, id.text);
    put_time(t, SSD_PLACEMENT_FROM, e->from);
    table_text(t, SSD_PLACEMENT_TYPE, e->placement);
    table_text(t, SSD_PLACEMENT_URN, "SSD_PH");
    table_row(t);
}

static void
put_episode(struct case_set *s, const struct life *l, const struct episode *e)
{
    struct table *t = &s->dataset[SSD_CARE_FILE];
    struct local_id id = life_local_id(l);
    char why[2] = {e->why, '\0'};

    if (e->from > LAST_DAY)
        return;
    table_text(t, SSD_CARE_PERSON, id.text);
    put_time(t, SSD_CARE_FROM, e->from);
    table_text(t, SSD_CARE_WHY, why);
    put_time(t, SSD_CARE_TO, case_known(e->to));
    table_row(t);
    t = &s->dataset[SSD_LEGAL_FILE];
    table_text(t, SSD_LEGAL_PERSON, id.text);
    table_text(t, SSD_LEGAL_STATUS, e->status);
    put_time(t, SSD_LEGAL_FROM, e->from);
    table_row(t);
    if (e->why != 'L')
        put_placement(s, l, e);
}

static void
put_case(struct case_set *s, const struct life *l, const struct care *c)
{
    static const struct lasting assessment = {SSD_ASSESSMENT_FILE, SSD_ASSESSMENT_PERSON,
                                              SSD_ASSESSMENT_FROM, SSD_ASSESSMENT_TO};
    static const struct lasting plan = {SSD_PLAN_FILE, SSD_PLAN_PERSON, SSD_PLAN_FROM,
                                        SSD_PLAN_TO};
    static const struct lasting enquiry = {SSD_ENQUIRY_FILE, SSD_ENQUIRY_PERSON,
                                           SSD_ENQUIRY_FROM, SSD_ENQUIRY_TO};
    static const struct lasting protection = {SSD_PROTECTION_FILE, SSD_PROTECTION_PERSON,
                                              SSD_PROTECTION_FROM, SSD_PROTECTION_TO};
    struct episode e[MOST_EPISODES];
    int n = life_episodes(l, c, e);

    if (c->referred > LAST_DAY)
        return;
    put_referral(s, l, c);
    put_lasting(s, l, assessment, (struct dates){c->assessed, c->authorised});
    put_lasting(s, l, plan, (struct dates){c->plan, c->plan_ends});
    put_lasting(s, l, enquiry, (struct dates){c->enquiry, c->conference});
    put_lasting(s, l, protection, (struct dates){c->protection, c->protection_ends});
    if (!n && life_short_break(c, e))
        n = 1;
    for (int i = 0; i < n; i++)
        put_episode(s, l, &e[i]);
}

static void
put_year(struct case_set *s, const struct life *l, int year)
{
    static const struct lasting missing = {SSD_MISSING_FILE, SSD_MISSING_PERSON,
                                           SSD_MISSING_FROM, SSD_MISSING_TO};
    struct table *t = &s->dataset[SSD_SDQ_FILE];
    struct local_id id = life_local_id(l);
    int32_t day = case_missing(l, (struct dates){date_from_ymd(year - 1, 4, 1),
                                                 date_from_ymd(year, 4, 1)});
    int score = life_score(l, year);

    put_lasting(s, l, missing, (struct dates){day, day == DATE_NONE ? day : day + 1});
    if (score < 0)
        return;
    table_text(t, SSD_SDQ_PERSON, id.text);
    put_time(t, SSD_SDQ_DATE, date_from_ymd(year, 3, 31));
    table_int(t, SSD_SDQ_SCORE, score);
    table_row(t);
}

void
dataset_write(struct case_set *s, const struct life *l)
{
    static const struct lasting help = {SSD_HELP_FILE, SSD_HELP_PERSON, SSD_HELP_FROM,
                                        SSD_HELP_TO};

    put_person(s, l);
    for (int i = 0; i < l->n_help; i++)
        put_lasting(s, l, help, (struct dates){l->help[i].from, l->help[i].to - 1});
    for (int i = 0; i < l->n_care; i++)
        put_case(s, l, &l->care[i]);
    for (int y = CIN_FIRST; l->n_care && y <= CIN_LAST; y++)
        put_year(s, l, y);
}
