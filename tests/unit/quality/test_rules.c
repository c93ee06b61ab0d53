/* Each rule of rules.def finds what is wrong and leaves alone what is right: a rule without
 * both examples below fails. */
#include "people/entry.h"
#include "quality/look.h"
#include "support/facts.h"
#include "support/small_marks.h"
#include "support/small_timeline.h"
#include "support/support.h"

/* What an example is made of: a child at school 0 in every census, to be spoilt. */
struct example_of {
    struct job *j;
    struct small *s;
    struct small_marks *m;
    uint32_t p;
    struct quality_upn upn;
    struct quality_looked_after care;
    struct quality_episode *episode;
    struct quality_described *described;
};
typedef void example_fn(struct example_of *x);

static void
nothing(struct example_of *x)
{
    (void)x;
}

/* ---- rolls ---- */

static struct timeline_census *
last_census(struct example_of *x)
{
    return &x->s->census[x->s->t.n[TIMELINE_CENSUS] - 1];
}

static void
also_on_roll(struct example_of *x, char status)
{
    struct timeline_census c = *last_census(x);

    c.school = 1;
    c.status = status;
    x->s->census[x->s->t.n[TIMELINE_CENSUS]++] = c;
}

static void
two_main(struct example_of *x)
{
    also_on_roll(x, 'M');
}

static void
main_and_subsidiary(struct example_of *x)
{
    also_on_roll(x, 'S');
}

static struct timeline_enrolment *
enrolment(struct example_of *x)
{
    return &x->s->enrolment[x->s->t.n[TIMELINE_ENROLMENT] - 1];
}

static void
left_early(struct example_of *x)
{
    enrolment(x)->quality = ENROLMENT_LEFT_BEFORE_ENTRY;
}

static void
entry_moved(struct example_of *x)
{
    enrolment(x)->quality = ENROLMENT_ENTRY_CHANGED;
}

static void
gone(struct example_of *x)
{
    enrolment(x)->quality = ENROLMENT_NO_LEAVING_DATE;
    enrolment(x)->last_seen = day(2024, 5, 16);
    enrolment(x)->end = day(2024, 7, 20);
    enrolment(x)->year_group = 9;
}

static void
gone_to_another(struct example_of *x)
{
    struct timeline_enrolment e = *enrolment(x);

    gone(x);
    e.school = 1;
    e.start = day(2024, 9, 2);
    x->s->enrolment[x->s->t.n[TIMELINE_ENROLMENT]++] = e;
}

static void
aged_9(struct example_of *x)
{
    last_census(x)->age = 9;
}

static void
aged_14(struct example_of *x)
{
    last_census(x)->age = 14; /* a year behind is met */
}

static void
sen(struct example_of *x)
{
    small_traits(x->s, 'K', 0, 0);
}

static void
sen_with_need(struct example_of *x)
{
    sen(x);
    small_spell(x->s, SPELL_SEN_NEED, day(2021, 9, 1), DATE_OPEN);
}

static void
left_in_june(struct example_of *x)
{
    small_leaver(x->s, 'G', day(2024, 6, 30));
}

static void
left_and_came_back(struct example_of *x)
{
    small_leaver(x->s, 'G', day(2024, 6, 30));
    last_census(x)->entered = day(2024, 9, 2);
}

static void
leaver_of_nowhere(struct example_of *x)
{
    small_leaver(x->s, 'G', day(2024, 11, 30));
    x->s->leaver[0].school = 1;
    x->s->returns[x->s->t.n[TIMELINE_RETURN]++] = (struct timeline_return){
        .school = 1, .school_year = 2024, .kind = RETURN_CENSUS, .term = 1};
}

static void
leaver_of_here(struct example_of *x)
{
    leaver_of_nowhere(x);
    x->s->leaver[0].enrolment = 0;
}

static void
left_and_marked(struct example_of *x)
{
    enrolment(x)->end = day(2024, 9, 21);
    small_week(x->m, day(2024, 9, 16), 100, "/\\/\\/\\/\\/\\");
    small_week(x->m, day(2024, 9, 23), 100, "/\\/\\/\\/\\/\\");
}

static void
left_and_not_marked(struct example_of *x)
{
    enrolment(x)->end = day(2024, 9, 21);
    small_week(x->m, day(2024, 9, 16), 100, "/\\/\\/\\/\\/\\");
}

/* ---- pupil numbers ---- */

static void
upn_wrong(struct example_of *x)
{
    memcpy(x->upn.wrong, "B123456789012", 14);
}

static void
upn_right_later(struct example_of *x)
{
    upn_wrong(x);
    x->upn.given = x->upn.good = true;
}

static void
upn_none(struct example_of *x)
{
    x->upn = (struct quality_upn){0};
}

static void
upn_there(struct example_of *x)
{
    x->upn.given = true;
}

static void
upn_temporary(struct example_of *x)
{
    memcpy(x->upn.temporary, "A12345678901B", 14);
    x->upn.given = true;
}

static void
upn_temporary_new(struct example_of *x)
{
    upn_temporary(x);
    enrolment(x)->start = day(2024, 11, 1);
}

/* ---- suspensions ---- */

static void
suspended(struct example_of *x, int32_t started, int16_t sessions)
{
    small_event(x->s, &(struct timeline_event){.started = started, .ended = DATE_NONE,
                                               .sessions = sessions});
    x->s->suspension[x->s->t.n[TIMELINE_SUSPENSION] - 1].ended = DATE_NONE;
}

static void
notified_later(struct example_of *x)
{
    suspended(x, day(2024, 11, 4), 1);
    x->s->suspension[x->s->t.n[TIMELINE_SUSPENSION] - 1].flags |= SUSPENSION_NOTIFIED;
}

static void
e_alone(struct example_of *x)
{
    small_week(x->m, day(2024, 10, 7), 100, "/\\EEEE/\\/\\");
    notified_later(x);
}

static void
e_recorded(struct example_of *x)
{
    suspended(x, day(2024, 10, 8), 4);
    e_alone(x);
}

static void
suspended_and_present(struct example_of *x)
{
    suspended(x, day(2024, 10, 8), 4);
    small_week(x->m, day(2024, 10, 7), 100, "/\\/\\/\\/\\/\\");
}

static void
suspended_and_elsewhere(struct example_of *x)
{
    suspended(x, day(2024, 10, 8), 4);
    small_week(x->m, day(2024, 10, 7), 100, "/\\BBBB/\\/\\");
}

static void
census_e(struct example_of *x)
{
    small_absence(x->s, 2022, 120, 4);
    x->s->absence[0].half = HALF_SPRING;
    x->s->absence[0].suspended = 4;
}

static void
census_e_recorded(struct example_of *x)
{
    census_e(x);
    suspended(x, day(2023, 2, 7), 4);
}

static struct timeline_suspension *
one_suspension(struct example_of *x)
{
    suspended(x, day(2024, 3, 4), 2);
    return &x->s->suspension[0];
}

static void
outside(struct example_of *x)
{
    one_suspension(x)->flags |= SUSPENSION_OUTSIDE_ENROLMENT;
}

static void
twice(struct example_of *x)
{
    one_suspension(x)->flags |= SUSPENSION_TWO_SCHOOLS;
}

static void
dropped(struct example_of *x)
{
    one_suspension(x)->state = STATE_WITHDRAWN;
}

static void
ordinary(struct example_of *x)
{
    one_suspension(x);
}

static void
ninety_two(struct example_of *x)
{
    suspended(x, day(2023, 10, 2), 50);
    suspended(x, day(2024, 2, 5), 42);
}

static void
ninety(struct example_of *x)
{
    suspended(x, day(2023, 10, 2), 50);
    suspended(x, day(2024, 2, 5), 40);
    suspended(x, day(2024, 10, 7), 40);
}

/* ---- part-time, elsewhere, registers ---- */

static void
part_time(struct example_of *x)
{
    x->s->returns[x->s->t.n[TIMELINE_RETURN]++] = (struct timeline_return){
        .school = TIMELINE_NONE, .school_year = 2024, .kind = RETURN_REGISTER,
        .what = ENTRY_PTT + 1};
    last_census(x)->flags |= CENSUS_PART_TIME;
}

static void
part_time_told(struct example_of *x)
{
    part_time(x);
    small_entry(x->s, ENTRY_PTT, day(2024, 9, 9), day(2024, 10, 18));
}

static void
c2(struct example_of *x)
{
    part_time(x);
    small_absence(x->s, 2024, 120, 0);
    x->s->absence[0].part_time = 20;
}

static void
c2_told(struct example_of *x)
{
    c2(x);
    small_entry(x->s, ENTRY_PTT, day(2024, 9, 9), day(2024, 10, 18));
}

static void
seven_weeks(struct example_of *x)
{
    small_entry(x->s, ENTRY_PTT, day(2024, 9, 9), day(2024, 10, 28));
}

static void
six_weeks(struct example_of *x)
{
    small_entry(x->s, ENTRY_PTT, day(2024, 9, 9), day(2024, 10, 21));
}

static void
placed(struct example_of *x, int32_t start, uint8_t flags)
{
    x->s->placement[x->s->t.n[TIMELINE_PLACEMENT]++] = (struct timeline_placement){
        .person = x->p, .provider = 2, .start = start, .end = start + 30, .flags = flags};
}

static void
placed_no_dates(struct example_of *x)
{
    placed(x, day(2024, 9, 2), PLACEMENT_DATES_ASSUMED);
}

static void
placed_in_time(struct example_of *x)
{
    placed(x, day(2024, 9, 2), 0);
}

static void
placed_before(struct example_of *x)
{
    placed(x, day(2020, 9, 2), 0);
}

static void
at_home(struct example_of *x)
{
    small_entry(x->s, ENTRY_EHE, day(2024, 3, 4), day(2024, 9, 1));
}

static void
at_home_after(struct example_of *x)
{
    at_home(x);
    enrolment(x)->end = day(2024, 3, 11); /* the school took a week to delete the name */
}

static void
missing(struct example_of *x)
{
    small_entry(x->s, ENTRY_CME, day(2024, 3, 4), day(2024, 9, 1));
}

static void
missing_after(struct example_of *x)
{
    missing(x);
    enrolment(x)->end = day(2024, 3, 11);
}

/* ---- census against registers: three weeks of a term, which is all that any school gave ---- */

static void
term_of(struct example_of *x, uint16_t possible, uint16_t unauthorised)
{
    for (int w = 0; w < 6; w++)
        small_week(x->m, day(2023, 9, 4) + 7 * w, 100, w < 3 ? "IIIIIIIIII" : "/\\/\\/\\/\\/\\");
    small_absence(x->s, 2023, possible, unauthorised);
}

static void
term_same(struct example_of *x)
{
    term_of(x, 60, 30);
}

static void
term_more(struct example_of *x)
{
    term_of(x, 130, 30);
}

static void
term_absent(struct example_of *x)
{
    term_of(x, 60, 4);
}

/* ---- children looked after ---- */

static void
episode(struct example_of *x, int16_t year, bool gone_missing, struct timeline_days d)
{
    x->episode[x->care.n++] = (struct quality_episode){
        .year = year, .missing = gone_missing, .started = d.from, .ended = d.to, .batch = 1,
        .file = 1, .line = (int64_t)x->care.n + 1};
}
#define DAYS(from, to) ((struct timeline_days){from, to})

static void
care_ends(struct example_of *x)
{
    episode(x, 2024, false, DAYS(day(2023, 5, 1), day(2023, 9, 1)));
    episode(x, 2024, false, DAYS(day(2023, 9, 1), day(2023, 12, 1)));
}

static void
care_left_open(struct example_of *x)
{
    episode(x, 2024, false, DAYS(day(2023, 5, 1), DATE_OPEN));
    episode(x, 2024, false, DAYS(day(2023, 9, 1), DATE_OPEN));
}

static void
described(struct example_of *x, char sex, int32_t born)
{
    int16_t year = (int16_t)(2023 + x->care.n_described);

    x->described[x->care.n_described++] =
        (struct quality_described){year, sex, born, 1, 1, 1};
}

static void
same_child(struct example_of *x)
{
    described(x, 'M', day(2010, 1, 2));
    described(x, 'M', day(2010, 1, 2));
}

static void
other_sex(struct example_of *x)
{
    described(x, 'M', day(2010, 1, 2));
    described(x, 'F', day(2010, 1, 2));
}

static void
other_birth(struct example_of *x)
{
    described(x, 'M', day(2010, 1, 2));
    described(x, 'M', day(2010, 2, 1));
}

static void
missing_twice(struct example_of *x)
{
    episode(x, 2024, true, DAYS(day(2023, 5, 1), day(2023, 5, 9)));
    episode(x, 2024, true, DAYS(day(2023, 6, 1), day(2023, 6, 2)));
}

static void
missing_overlap(struct example_of *x)
{
    episode(x, 2024, true, DAYS(day(2023, 5, 1), day(2023, 5, 9)));
    episode(x, 2024, true, DAYS(day(2023, 5, 4), day(2023, 6, 2)));
}

static void
missing_open(struct example_of *x)
{
    episode(x, 2024, true, DAYS(day(2024, 3, 20), DATE_OPEN));
}

static void
missing_carried(struct example_of *x)
{
    missing_open(x);
    episode(x, 2025, true, DAYS(day(2024, 3, 20), day(2024, 4, 4)));
}

static void
missing_for_good(struct example_of *x)
{
    care_ends(x);
    episode(x, 2024, true, DAYS(day(2023, 11, 1), DATE_OPEN));
}

static void
missing_and_back(struct example_of *x)
{
    care_ends(x);
    episode(x, 2024, true, DAYS(day(2023, 11, 1), day(2023, 11, 3)));
}

static void
missing_after_care(struct example_of *x)
{
    care_ends(x);
    episode(x, 2024, true, DAYS(day(2024, 1, 5), day(2024, 1, 9)));
}

/* ---- the table: an example that fails, one that passes ---- */

static const struct example {
    const char *rule;
    example_fn *fails, *passes;
} examples[] = {
    {"two-main-rolls", two_main, main_and_subsidiary},
    {"left-before-entry", left_early, nothing},
    {"entry-changed", entry_moved, nothing},
    {"gone-without-leaving", gone, gone_to_another},
    {"age-for-year-group", aged_9, aged_14},
    {"sen-without-need", sen, sen_with_need},
    {"leaver-on-roll", left_in_june, left_and_came_back},
    {"leaver-unknown", leaver_of_nowhere, leaver_of_here},
    {"leaver-still-marked", left_and_marked, left_and_not_marked},
    {"upn-wrong", upn_wrong, upn_right_later},
    {"upn-missing", upn_none, upn_there},
    {"upn-temporary", upn_temporary, upn_temporary_new},
    {"code-e-no-record", e_alone, e_recorded},
    {"suspension-no-code-e", suspended_and_present, suspended_and_elsewhere},
    {"census-e-no-record", census_e, census_e_recorded},
    {"suspension-outside-roll", outside, ordinary},
    {"suspension-two-schools", twice, ordinary},
    {"suspension-dropped", dropped, ordinary},
    {"suspension-over-45-days", ninety_two, ninety},
    {"part-time-no-register", part_time, part_time_told},
    {"code-c2-no-register", c2, c2_told},
    {"part-time-over-six-weeks", seven_weeks, six_weeks},
    {"provision-no-dates", placed_no_dates, placed_in_time},
    {"provision-outside-roll", placed_before, placed_in_time},
    {"home-educated-on-roll", at_home, at_home_after},
    {"missing-education-on-roll", missing, missing_after},
    {"possible-sessions-differ", term_more, term_same},
    {"absent-sessions-differ", term_absent, term_same},
    {"ssda903-142", care_left_open, care_ends},
    {"ssda903-202", other_sex, same_child},
    {"ssda903-203", other_birth, same_child},
    {"ssda903-574", missing_overlap, missing_twice},
    {"ssda903-576", missing_open, missing_carried},
    {"ssda903-577", missing_for_good, missing_and_back},
    {"ssda903-578", missing_after_care, missing_and_back},
};

static const struct example *
example_of(const char *rule)
{
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        if (!strcmp(examples[i].rule, rule))
            return &examples[i];
    return NULL;
}

/* Findings of that rule in the example, the first in *out. */
static size_t
look(struct job *j, example_fn *make, const char *rule, struct quality_finding *out)
{
    struct example_of x = {.j = j, .s = small_new(j), .m = small_marks_new(j)};
    struct quality_look q = {.j = j, .day = day(2024, 12, 1)};
    struct quality_found found;
    size_t n = 0;

    x.episode = job_array(j, 8, sizeof *x.episode);
    x.described = job_array(j, 8, sizeof *x.described);
    x.p = small_child(x.s, 'F');
    make(&x);
    x.care.person = x.p;
    x.care.episode = x.episode;
    x.care.described = x.described;
    x.care.last_year = 2025;
    q.t = small_done(x.s);
    q.m = small_marks_done(x.m);
    q.upn = &x.upn;
    q.looked_after = &x.care;
    q.n_looked_after = 1;
    assert_ok(j, quality_look(&q, &found));
    for (size_t i = 0; i < found.n; i++)
        if (found.v[i].rule == quality_rule_find(rule) && !n++)
            *out = found.v[i];
    return n;
}

static void
every_rule_finds_its_mistake_and_nothing_else(void **state)
{
    struct job *j = support_job(state);

    for (int r = 0; r < QUALITY_RULES; r++) {
        const struct quality_rule *rule = &quality_rules[r];
        const struct example *e = example_of(rule->name);
        struct quality_finding f = {0};
        if (!e)
            fail_msg("%s has no examples", rule->name);
        if (!look(j, e->fails, rule->name, &f))
            fail_msg("%s does not find what is wrong", rule->name);
        if (rule->about != QUALITY_TERM)
            assert_int_equal(f.person, 0);
        assert_true(f.message[0] && f.message[strlen(f.message) - 1] != '.');
        if (look(j, e->passes, rule->name, &f))
            fail_msg("%s finds what is right: %s", rule->name, f.message);
    }
}

static void
a_rule_says_what_and_where(void **state)
{
    struct job *j = support_job(state);
    struct quality_finding f;

    assert_int_equal(look(j, e_alone, "code-e-no-record", &f), 1);
    assert_string_equal(f.message,
                        "Code E for 4 sessions from 8 October 2024, and no suspension is recorded "
                        "then");
    assert_int_equal(f.urn, 900001);
    assert_int_equal(f.on, day(2024, 10, 8));
    assert_int_equal(look(j, two_main, "two-main-rolls", &f), 2); /* one for each school */
    assert_string_equal(f.message,
                        "On roll as C here and as M at school 900002 in the same census");
    assert_string_equal(f.fact, "census");
    assert_int_equal(look(j, suspended_and_present, "suspension-no-code-e", &f), 1);
    assert_string_equal(f.value, "present 4 of 4");
}

static void
names_of_rules_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < QUALITY_RULES; i++)
        assert_int_equal(quality_rule_find(quality_rules[i].name), i);
    assert_int_equal(quality_rule_find("no-such-rule"), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_rule_finds_its_mistake_and_nothing_else),
        SUPPORT_TEST(a_rule_says_what_and_where),
        cmocka_unit_test(names_of_rules_are_unique),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
