/* Warning signs on timelines and weeks made by hand: found or not, and in which words. */
#include "risk/sign_walk.h"
#include "base/date.h"
#include "support/small_marks.h"
#include "support/small_timeline.h"
#include "support/support.h"

#define DAY(y, m, d) date_from_ymd(y, m, d)
#define PRESENT "/\\/\\/\\/\\/\\"
enum { CHILD = 100 };

/* One child (Year 11 in 2024/25) and its weeks. */
struct scene {
    struct job *j;
    struct small *s;
    struct small_marks *m;
    struct sign_pack pack;
};

static struct scene
scene(void **state)
{
    struct job *j = support_job(state);
    struct scene c = {j, small_new(j), small_marks_new(j), {0}};

    assert_ok(j, sign_pack_read(j, sign_pack_default(), &c.pack));
    small_child(c.s, 'F');
    return c;
}

static struct sign_list
found_on(const struct scene *c, int32_t day)
{
    struct sign_order o = {&c->pack, small_done(c->s), small_marks_done(c->m), day, 1};
    struct sign_list list;

    assert_ok(c->j, signs_find(c->j, &o, &list));
    return list;
}

/* The words of a sign of the only child on that day; NULL: it has not got it. */
static const char *
said(const struct scene *c, int32_t day, const char *id)
{
    struct sign_list list = found_on(c, day);

    assert_true(list.n <= 1);
    for (size_t i = 0; i < list.n_found; i++)
        if (!strcmp(c->pack.rule[list.found[i].rule].id, id))
            return sign_words(c->j, &c->pack.rule[list.found[i].rule], &list.found[i]);
    return NULL;
}

/* `n` weeks from a Monday on, all alike. */
static int32_t
weeks(struct scene *c, int32_t monday, int n, const char *codes)
{
    for (int i = 0; i < n; i++, monday += 7)
        small_week(c->m, monday, CHILD, codes);
    return monday;
}

/* ---- attendance ------------------------------------------------------------------- */

static void
absence_that_rises_by_five_points_is_a_sign(void **state)
{
    struct scene c = scene(state);
    int32_t next = weeks(&c, DAY(2024, 9, 2), 6, PRESENT);

    next = weeks(&c, next, 3, "I\\/\\/\\/\\/\\");
    weeks(&c, next, 3, PRESENT); /* 3 of 60: exactly 5 points more, exactly 5% */
    assert_string_equal(said(&c, DAY(2024, 11, 24), "A1"),
                        "Missed 3 of 60 sessions in the last 6 school weeks; 0 of 60 in the 6 "
                        "before");
    assert_null(said(&c, DAY(2024, 11, 17), "A1")); /* eleven weeks: not two whole stretches */
}

static void
absence_that_rises_by_less_or_stays_low_is_none(void **state)
{
    struct scene c = scene(state);
    int32_t next = weeks(&c, DAY(2024, 9, 2), 1, "I\\/\\/\\/\\/\\");

    next = weeks(&c, next, 5, PRESENT);
    next = weeks(&c, next, 3, "I\\/\\/\\/\\/\\"); /* 3 of 60 after 1 of 60 */
    weeks(&c, next, 3, PRESENT);
    assert_null(said(&c, DAY(2024, 11, 24), "A1"));
}

static void
holidays_are_not_school_weeks(void **state)
{
    struct scene c = scene(state);
    int32_t next = weeks(&c, DAY(2024, 9, 2), 6, PRESENT);

    next = weeks(&c, next, 2, "##########"); /* closed, and said so */
    next = weeks(&c, next + 7, 3, "I\\/\\/\\/\\/\\"); /* and a week without a register */
    weeks(&c, next, 3, PRESENT);
    assert_string_equal(said(&c, DAY(2024, 12, 15), "A1"),
                        "Missed 3 of 60 sessions in the last 6 school weeks; 0 of 60 in the 6 "
                        "before");
}

static void
fewer_than_twenty_sessions_say_nothing(void **state)
{
    struct scene c = scene(state);

    weeks(&c, DAY(2024, 9, 2), 2, "II##/\\/\\/\\"); /* 4 of 16 */
    assert_null(said(&c, DAY(2024, 9, 15), "A3"));
    weeks(&c, DAY(2024, 9, 16), 1, "/\\/\\"); /* 4 of 20 */
    assert_string_equal(said(&c, DAY(2024, 9, 22), "A3"),
                        "Missed 20% of this school year so far, 4 of 20 sessions");
}

static void
close_to_persistent_persistent_and_severe_are_three_signs(void **state)
{
    struct scene c = scene(state);

    /* 7 of 100, then 10 of 103 and so on: weeks of one absence, weeks of all */
    weeks(&c, DAY(2024, 9, 2), 7, "I\\/\\/\\/\\/\\");
    weeks(&c, DAY(2024, 10, 21), 3, PRESENT);
    assert_string_equal(said(&c, DAY(2024, 11, 10), "A2"),
                        "Missed 7% of this school year so far, 7 of 100 sessions; 10% is "
                        "persistent absence");
    assert_null(said(&c, DAY(2024, 11, 10), "A3"));
    weeks(&c, DAY(2024, 11, 11), 1, "IIII/\\/\\/\\"); /* 11 of 110 */
    assert_null(said(&c, DAY(2024, 11, 17), "A2"));
    assert_string_equal(said(&c, DAY(2024, 11, 17), "A3"),
                        "Missed 10% of this school year so far, 11 of 110 sessions");
    weeks(&c, DAY(2024, 11, 18), 9, "IIIIIIIIII");
    assert_null(said(&c, DAY(2025, 1, 19), "A3")); /* 101 of 200 */
    assert_string_equal(said(&c, DAY(2025, 1, 19), "A4"),
                        "Missed 51% of this school year so far, 101 of 200 sessions");
}

static void
last_year_does_not_count_for_this_year_so_far(void **state)
{
    struct scene c = scene(state);

    weeks(&c, DAY(2024, 6, 3), 6, "IIIIIIIIII");
    weeks(&c, DAY(2024, 9, 2), 3, PRESENT);
    assert_null(said(&c, DAY(2024, 9, 22), "A4"));
    assert_null(said(&c, DAY(2024, 9, 22), "A3"));
}

static void
six_unauthorised_sessions_in_ten_school_weeks_are_a_sign(void **state)
{
    struct scene c = scene(state);

    weeks(&c, DAY(2024, 9, 2), 1, "GG/\\/\\/\\/\\");
    weeks(&c, DAY(2024, 9, 9), 8, PRESENT);
    weeks(&c, DAY(2024, 11, 4), 1, "NO/U/\\/\\/\\"); /* and 3 more: 5 */
    assert_null(said(&c, DAY(2024, 11, 10), "A5"));
    weeks(&c, DAY(2024, 11, 11), 1, "OOO\\/\\/\\/\\"); /* 6, the first week is out */
    assert_string_equal(said(&c, DAY(2024, 11, 17), "A5"),
                        "6 sessions of unauthorised absence in 10 school weeks; at 10 a penalty "
                        "notice is considered");
}

static void
c2_marks_are_a_part_time_timetable(void **state)
{
    struct scene c = scene(state);

    weeks(&c, DAY(2024, 9, 2), 1, "/2/2/2/2/2");
    weeks(&c, DAY(2024, 9, 9), 5, PRESENT);
    assert_string_equal(said(&c, DAY(2024, 10, 13), "A6"),
                        "On a part-time timetable: 5 sessions in the last 6 school weeks");
    weeks(&c, DAY(2024, 10, 14), 1, PRESENT);
    assert_null(said(&c, DAY(2024, 10, 20), "A6"));
}

static void
a_timetable_on_record_says_since_when(void **state)
{
    struct scene c = scene(state);

    small_spell(c.s, SPELL_PART_TIME, DAY(2024, 10, 7), DAY(2024, 11, 30));
    assert_string_equal(said(&c, DAY(2024, 11, 1), "A6"),
                        "On a part-time timetable since 7 October 2024");
    assert_null(said(&c, DAY(2024, 11, 30), "A6")); /* half-open */
    assert_null(said(&c, DAY(2024, 10, 6), "A6"));
}

static void
late_in_fifteen_of_a_hundred_sessions_is_a_sign(void **state)
{
    struct scene c = scene(state);

    weeks(&c, DAY(2024, 9, 2), 2, "L\\L\\/\\/\\/\\");
    weeks(&c, DAY(2024, 9, 16), 2, "L\\L\\L\\/\\/\\"); /* 10 of 40, L before the register */
    weeks(&c, DAY(2024, 9, 30), 2, PRESENT);            /* 10 of 60 */
    assert_string_equal(said(&c, DAY(2024, 10, 13), "A7"),
                        "Late 10 times in 60 sessions of the last 6 school weeks");
    weeks(&c, DAY(2024, 10, 14), 1, PRESENT); /* 8 of 60 */
    assert_null(said(&c, DAY(2024, 10, 20), "A7"));
}

static void
a_child_at_two_schools_has_its_sessions_of_both(void **state)
{
    struct scene c = scene(state);

    for (int32_t w = DAY(2024, 9, 2); w < DAY(2024, 9, 23); w += 7) {
        small_week_at(c.m, 900001, w, CHILD, "IIDDDD/\\/\\");
        small_week_at(c.m, 900002, w, CHILD, "DD/\\/\\DDDD");
    }
    assert_string_equal(said(&c, DAY(2024, 9, 22), "A3"),
                        "Missed 20% of this school year so far, 6 of 30 sessions");
}

static void
marks_of_suspension_without_a_record_are_a_question(void **state)
{
    struct scene c = scene(state);

    weeks(&c, DAY(2024, 9, 2), 5, PRESENT);
    weeks(&c, DAY(2024, 10, 7), 1, "/\\EE/\\/\\/\\");
    assert_null(said(&c, DAY(2024, 10, 13), "B4")); /* the spring census will tell of it */
    c.s->returns[c.s->t.n[TIMELINE_RETURN]++] = (struct timeline_return){
        .school = TIMELINE_NONE, .school_year = 2024, .kind = RETURN_NOTIFICATION,
        .holds = HOLDS_SUSPENSIONS}; /* suspensions are told as they happen */
    assert_string_equal(said(&c, DAY(2024, 10, 13), "B4"),
                        "2 sessions are marked as suspended (code E), the last on 8 October 2024, "
                        "but no suspension is on record: a question for the school");
    small_event(c.s, &(struct timeline_event){.started = DAY(2024, 10, 8), .sessions = 2,
                                              .ended = DATE_NONE});
    assert_null(said(&c, DAY(2024, 10, 13), "B4"));
}

/* ---- suspension ------------------------------------------------------------------- */

static void
suspend(struct scene *c, int32_t on, int16_t sessions)
{
    small_event(c->s, &(struct timeline_event){.started = on, .sessions = sessions,
                                               .ended = DATE_NONE});
}

static void
the_first_suspension_of_a_key_stage_counts_from_a_day_on(void **state)
{
    struct scene c = scene(state);

    suspend(&c, DAY(2024, 9, 10), 1); /* Year 10 began in September 2023: key stage 4 */
    assert_null(said(&c, DAY(2024, 9, 30), "B1"));
    c = scene(state);
    suspend(&c, DAY(2024, 9, 10), 2);
    assert_string_equal(said(&c, DAY(2024, 9, 30), "B1"),
                        "Suspended for the first time in this key stage on 10 September 2024, "
                        "1 day");
    suspend(&c, DAY(2024, 10, 10), 2); /* no longer the first: they build up */
    assert_null(said(&c, DAY(2024, 10, 30), "B1"));
    assert_string_equal(said(&c, DAY(2024, 10, 30), "B2"),
                        "Suspended twice in 12 months, 2 days in all; last on 10 October 2024");
    assert_string_equal(said(&c, DAY(2024, 9, 30), "B1"), /* on the day before, as it was */
                        "Suspended for the first time in this key stage on 10 September 2024, "
                        "1 day");
}

static void
one_long_suspension_of_ten_days_builds_up_too(void **state)
{
    struct scene c = scene(state);

    suspend(&c, DAY(2024, 9, 10), 19);
    assert_null(said(&c, DAY(2024, 9, 30), "B2"));
    suspend(&c, DAY(2022, 9, 10), 8); /* not within twelve months */
    assert_null(said(&c, DAY(2024, 9, 30), "B2"));
    c = scene(state);
    suspend(&c, DAY(2024, 9, 10), 20);
    assert_string_equal(said(&c, DAY(2024, 9, 30), "B2"),
                        "Suspended once in 12 months, 10 days in all; last on 10 September 2024");
    assert_non_null(said(&c, DAY(2025, 7, 31), "B2"));
}

static void
lunchtimes_and_withdrawn_suspensions_are_no_signs(void **state)
{
    struct scene c = scene(state);

    small_event(c.s, &(struct timeline_event){.started = DAY(2024, 9, 10), .sessions = 2,
                                              .ended = DATE_NONE,
                                              .category = CATEGORY_LUNCHTIME});
    suspend(&c, DAY(2024, 9, 11), 8);
    c.s->event[1].counts = 0;
    assert_int_equal(found_on(&c, DAY(2024, 9, 30)).n, 0);
}

/* Year 7 in 2024/25: three years younger than it was made. */
static void
make_year_7(struct scene *c)
{
    for (uint32_t i = 0; i < c->s->t.n[TIMELINE_CENSUS]; i++)
        c->s->census[i].year_group = (int8_t)(c->s->census[i].year_group - 4);
    c->s->enrolment[0].year_group = 7;
    c->s->enrolment[0].school_year = 2024;
}

static void
suspension_at_primary_school_is_told_in_years_6_and_7(void **state)
{
    struct scene c = scene(state);

    make_year_7(&c);
    suspend(&c, DAY(2022, 3, 1), 2);
    assert_string_equal(said(&c, DAY(2024, 10, 1), "B3"),
                        "Suspended once up to Year 6, last on 1 March 2022");
    assert_non_null(said(&c, DAY(2024, 3, 1), "B3"));
    assert_null(said(&c, DAY(2023, 3, 1), "B3")); /* Year 5 */
    assert_null(said(&c, DAY(2025, 10, 1), "B3")); /* Year 8 */
}

static void
changing_phase_is_said_in_spring_of_year_6_and_autumn_of_year_7(void **state)
{
    struct scene c = scene(state);

    make_year_7(&c);
    assert_null(said(&c, DAY(2023, 11, 1), "D3"));
    assert_string_equal(said(&c, DAY(2024, 2, 1), "D3"), "Goes to secondary school in September");
    assert_string_equal(said(&c, DAY(2024, 11, 1), "D3"), "Began secondary school this term");
    assert_null(said(&c, DAY(2025, 2, 1), "D3"));
    assert_int_equal(found_on(&c, DAY(2024, 11, 1)).child[0].tier, 0); /* not listed for it */
}

/* ---- placed, moved ---------------------------------------------------------------- */

static void
provision_that_the_school_arranged_for_behaviour_is_a_sign_while_it_is_open(void **state)
{
    struct scene c = scene(state);
    struct timeline_placement *p = &c.s->placement[c.s->t.n[TIMELINE_PLACEMENT]++];

    *p = (struct timeline_placement){.start = DAY(2024, 10, 1), .end = DAY(2024, 12, 1),
                                     .reason = "BHS"};
    assert_string_equal(said(&c, DAY(2024, 11, 1), "B5"),
                        "In alternative provision arranged by the school since 1 October 2024");
    assert_null(said(&c, DAY(2024, 12, 1), "B5"));
    memcpy(p->reason, "MED", 4);
    assert_null(said(&c, DAY(2024, 11, 1), "B5"));
    memcpy(p->reason, "BHS", 4);
    p->by_authority = 1;
    assert_null(said(&c, DAY(2024, 11, 1), "B5"));
}

static void
off_site_direction_and_managed_move_are_signs_while_they_are_open(void **state)
{
    struct scene c = scene(state);

    small_spell(c.s, SPELL_OFF_SITE, DAY(2024, 10, 1), DAY(2024, 11, 1));
    small_spell(c.s, SPELL_MANAGED_MOVE, DAY(2024, 10, 20), DAY(2024, 12, 1));
    assert_string_equal(said(&c, DAY(2024, 10, 5), "B5"),
                        "Off-site direction or managed move since 1 October 2024");
    assert_string_equal(said(&c, DAY(2024, 10, 25), "B5"),
                        "Off-site direction or managed move since 20 October 2024");
    assert_null(said(&c, DAY(2024, 12, 1), "B5"));
}

static void
move(struct scene *c, enum timeline_move_kind kind, int32_t on)
{
    small_move(c->s, kind, (int16_t)date_school_year(on), on);
    c->s->move[c->s->t.n[TIMELINE_MOVE] - 1].next = on;
}

static void
three_schools_in_three_years_are_a_sign_and_one_move_with_absence(void **state)
{
    struct scene c = scene(state);

    move(&c, MOVE_FAMILY, DAY(2023, 1, 9));
    assert_null(said(&c, DAY(2023, 3, 1), "D1")); /* two schools, no absence */
    move(&c, MOVE_UNEXPLAINED, DAY(2024, 1, 8));
    assert_string_equal(said(&c, DAY(2024, 3, 1), "D1"),
                        "3 schools in 3 years; joined this one on 8 January 2024");
    assert_null(said(&c, DAY(2024, 1, 7), "D1")); /* not yet */
    assert_null(said(&c, DAY(2026, 3, 1), "D1")); /* the first lies too far back */
    c = scene(state);
    move(&c, MOVE_FAMILY, DAY(2024, 1, 8));
    weeks(&c, DAY(2024, 1, 8), 3, "IIII/\\/\\/\\");
    assert_string_equal(said(&c, DAY(2024, 1, 28), "D1"),
                        "Changed school on 8 January 2024, and absence is rising");
}

static void
changes_of_phase_are_no_changes_of_school(void **state)
{
    struct scene c = scene(state);

    move(&c, MOVE_STRUCTURAL, DAY(2022, 9, 1));
    move(&c, MOVE_STRUCTURAL, DAY(2023, 9, 1));
    move(&c, MOVE_STRUCTURAL, DAY(2024, 9, 1));
    assert_null(said(&c, DAY(2024, 10, 1), "D1"));
}

/* ---- need ------------------------------------------------------------------------- */

static void
add_care_return(struct scene *c)
{
    c->s->returns[c->s->t.n[TIMELINE_RETURN]++] = (struct timeline_return){
        .school = TIMELINE_NONE, .school_year = 2025, .kind = RETURN_CARE,
        .holds = HOLDS_CARE_CASES, .until = DAY(2025, 4, 1)};
}

static void
care(struct scene *c, enum timeline_kind kind, int32_t from, int32_t to)
{
    small_spell(c->s, kind, from, to);
    c->s->spell[c->s->t.n[TIMELINE_SPELL] - 1].last_start = from;
}

static void
social_care_that_opened_in_six_months_is_a_sign_but_lists_nobody(void **state)
{
    struct scene c = scene(state);
    struct sign_list list;

    add_care_return(&c);
    care(&c, SPELL_NEED, DAY(2024, 3, 20), DAY(2025, 4, 1));
    assert_string_equal(said(&c, DAY(2024, 9, 19), "C1"), "Social care opened on 20 March 2024");
    assert_null(said(&c, DAY(2024, 9, 20), "C1")); /* six months ago to the day */
    assert_null(said(&c, DAY(2024, 3, 19), "C1"));
    list = found_on(&c, DAY(2024, 9, 19));
    assert_int_equal(list.child[0].tier, 0);
    assert_int_equal(list.child[0].met_school, 0);
    assert_int_equal(list.child[0].context, CONTEXT_CARE);
}

static void
without_social_care_files_there_is_no_data_not_none(void **state)
{
    struct scene c = scene(state);
    struct sign_list list;

    care(&c, SPELL_NEED, DAY(2024, 3, 20), DAY(2025, 4, 1));
    list = found_on(&c, DAY(2024, 6, 1));
    assert_int_equal(list.n, 0);
    for (size_t i = 0; i < c.pack.n; i++)
        if (!strcmp(c.pack.rule[i].id, "C1") || !strcmp(c.pack.rule[i].id, "A1"))
            assert_true(list.no_data >> i & 1);
        else if (!strcmp(c.pack.rule[i].id, "D3"))
            assert_false(list.no_data >> i & 1);
}

static void
early_help_counts_while_open_and_six_months_after(void **state)
{
    struct scene c = scene(state);

    care(&c, SPELL_EARLY_HELP, DAY(2024, 1, 10), DAY(2024, 5, 2));
    assert_string_equal(said(&c, DAY(2024, 3, 1), "C2"), "Early help open since 10 January 2024");
    assert_string_equal(said(&c, DAY(2024, 5, 2), "C2"), "Early help closed on 2 May 2024");
    assert_non_null(said(&c, DAY(2024, 11, 1), "C2"));
    assert_null(said(&c, DAY(2024, 11, 2), "C2"));
}

static void
a_new_need_is_one_that_was_not_there_when_the_data_begin(void **state)
{
    struct scene c = scene(state);

    care(&c, SPELL_SEN_SUPPORT, DAY(2024, 9, 9), DATE_OPEN);
    assert_string_equal(said(&c, DAY(2024, 10, 1), "C3"), "SEN support began on 9 September 2024");
    assert_null(said(&c, DAY(2025, 9, 9), "C3"));
    care(&c, SPELL_SEN_NEED, DAY(2024, 10, 3), DATE_OPEN);
    assert_string_equal(said(&c, DAY(2024, 10, 10), "C3"),
                        "Social, emotional and mental health need added on 3 October 2024");
    c = scene(state);
    care(&c, SPELL_SEN_SUPPORT, DAY(2021, 9, 1), DATE_OPEN); /* since its first day here */
    assert_null(said(&c, DAY(2021, 10, 1), "C3"));
}

static void
semh_suspended_and_no_plan_is_a_sign(void **state)
{
    struct scene c = scene(state);

    care(&c, SPELL_SEN_SUPPORT, DAY(2022, 9, 9), DATE_OPEN);
    care(&c, SPELL_SEN_NEED, DAY(2022, 9, 9), DATE_OPEN);
    suspend(&c, DAY(2024, 5, 1), 2);
    assert_string_equal(said(&c, DAY(2024, 6, 1), "C4"),
                        "SEN support for social, emotional and mental health, suspended once in "
                        "36 months, no education, health and care plan");
    assert_null(said(&c, DAY(2024, 4, 30), "C4"));
    care(&c, SPELL_EHC_PLAN, DAY(2024, 5, 15), DATE_OPEN);
    assert_null(said(&c, DAY(2024, 6, 1), "C4"));
}

static void
youth_justice_and_missing_episodes_are_a_status_only(void **state)
{
    struct scene c = scene(state);

    care(&c, SPELL_YOUTH_JUSTICE, DAY(2024, 9, 2), DAY(2024, 10, 2));
    care(&c, SPELL_MISSING, DAY(2024, 3, 2), DAY(2024, 3, 3));
    assert_string_equal(said(&c, DAY(2024, 9, 20), "C5"),
                        "Open to youth justice since 2 September 2024");
    assert_string_equal(said(&c, DAY(2024, 9, 1), "C5"),
                        "Missing from home or care on 2 March 2024");
    assert_null(said(&c, DAY(2024, 10, 2), "C5"));
}

/* ---- who is looked at ------------------------------------------------------------- */

static void
tiers_count_kinds_of_sign_and_want_one_of_the_child_s_own(void **state)
{
    unsigned a = 1u << DOMAIN_ATTENDANCE, b = 1u << DOMAIN_BEHAVIOUR, n = 1u << DOMAIN_NEED,
             m = 1u << DOMAIN_MOBILITY, t = 1u << DOMAIN_TRANSITION;

    (void)state;
    assert_int_equal(sign_tier(0), 0);
    assert_int_equal(sign_tier(n | t), 0);
    assert_int_equal(sign_tier(a), 1);
    assert_int_equal(sign_tier(m), 1);
    assert_int_equal(sign_tier(b | n), 2);
    assert_int_equal(sign_tier(a | b | n), 3);
    assert_int_equal(sign_tier(a | b | n | m | t), 3);
}

static void
who_has_left_or_is_at_a_school_elsewhere_is_not_looked_at(void **state)
{
    struct scene c = scene(state);

    suspend(&c, DAY(2024, 9, 10), 4);
    assert_int_equal(found_on(&c, DAY(2024, 9, 30)).looked_at, 1);
    c.s->enrolment[0].end = DAY(2024, 9, 20);
    assert_int_equal(found_on(&c, DAY(2024, 9, 20)).looked_at, 0);
    assert_int_equal(found_on(&c, DAY(2024, 9, 19)).looked_at, 1);
    c.s->enrolment[0].end = DATE_OPEN;
    c.s->school[0].local = 0;
    assert_int_equal(found_on(&c, DAY(2024, 9, 30)).looked_at, 0);
    assert_int_equal(found_on(&c, DAY(2024, 9, 30)).n, 0);
    c.s->school[0].local = 1;
    c.s->enrolment[0].status = 'G'; /* a guest is another school's */
    assert_int_equal(found_on(&c, DAY(2024, 9, 30)).looked_at, 0);
}

static void
without_a_year_group_a_child_s_age_tells_it(void **state)
{
    struct scene c = scene(state);
    struct sign_list list;

    suspend(&c, DAY(2024, 9, 10), 4);
    c.s->enrolment[0].year_group = INT8_MIN;
    c.s->person[0].born = DAY(2009, 8, 31); /* 15 on 31 August 2024 */
    list = found_on(&c, DAY(2024, 9, 30));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.child[0].year_group, 11);
    c.s->person[0].born = DAY(2009, 9, 1);
    assert_int_equal(found_on(&c, DAY(2024, 9, 30)).child[0].year_group, 10);
    c.s->person[0].born = DATE_NONE;
    assert_int_equal(found_on(&c, DAY(2024, 9, 30)).looked_at, 0);
}

static void
nothing_after_the_day_is_used(void **state)
{
    struct scene c = scene(state);
    struct sign_list before, after;
    int32_t day = DAY(2024, 11, 20); /* a Wednesday */

    weeks(&c, DAY(2024, 9, 2), 11, "I\\/\\/\\/\\/\\");
    small_week(c.m, DAY(2024, 11, 18), CHILD, "/\\/\\/\\");
    suspend(&c, DAY(2024, 9, 10), 2);
    before = found_on(&c, day);
    assert_true(before.n_found >= 2);
    c = scene(state);
    weeks(&c, DAY(2024, 9, 2), 11, "I\\/\\/\\/\\/\\");
    small_week(c.m, DAY(2024, 11, 18), CHILD, "/\\/\\/\\EEEE"); /* Thursday and Friday */
    weeks(&c, DAY(2024, 11, 25), 3, "IIIIIIIIII");
    suspend(&c, DAY(2024, 9, 10), 2);
    suspend(&c, DAY(2024, 11, 21), 20);
    care(&c, SPELL_OFF_SITE, DAY(2024, 11, 21), DATE_OPEN);
    care(&c, SPELL_SEN_SUPPORT, DAY(2024, 11, 21), DATE_OPEN);
    move(&c, MOVE_FAMILY, DAY(2024, 11, 21));
    move(&c, MOVE_FAMILY, DAY(2024, 11, 25));
    after = found_on(&c, day);
    assert_int_equal(after.n_found, before.n_found);
    assert_memory_equal(after.found, before.found, before.n_found * sizeof *before.found);
    assert_memory_equal(after.child, before.child, before.n * sizeof *before.child);
    assert_int_equal(before.found[0].data_day, day);
}

static void
any_number_of_threads_finds_the_same(void **state)
{
    struct job *j = support_job(state);
    struct sign_pack pack;
    struct small *s = small_new(j);
    struct sign_list one, four;
    struct sign_order o = {&pack, NULL, NULL, DAY(2024, 9, 30), 1};

    assert_ok(j, sign_pack_read(j, sign_pack_default(), &pack));
    for (int i = 0; i < 20; i++) {
        small_child(s, 'M');
        for (int k = 0; k < i % 4; k++)
            small_event(s, &(struct timeline_event){.started = DAY(2024, 9, 2 + k),
                                                    .sessions = (int16_t)(2 + i)});
    }
    o.t = small_done(s);
    assert_ok(j, signs_find(j, &o, &one));
    o.threads = 4;
    assert_ok(j, signs_find(j, &o, &four));
    assert_int_equal(one.n, 15);
    assert_int_equal(four.n, one.n);
    assert_int_equal(four.n_found, one.n_found);
    assert_memory_equal(four.child, one.child, one.n * sizeof *one.child);
    assert_memory_equal(four.found, one.found, one.n_found * sizeof *one.found);
}

/* A week that the earlier day lies in the middle of is told as it was then. */
static void
two_days_at_once_are_what_each_is_alone(void **state)
{
    static const char *const codes[] = {PRESENT, "I\\/\\E\\/\\/\\", "OOOO/\\/\\UU",
                                        "C2C2/\\EE/\\LL", "##########", "NN/\\/\\GGOO"};
    struct scene c = scene(state);
    const struct timeline *t;
    const struct marks *marks;
    size_t any = 0;

    for (int w = 0; w < 24; w++)
        small_week(c.m, DAY(2024, 6, 3) + 7 * w, CHILD, codes[w * w % 6]);
    t = small_done(c.s);
    marks = small_marks_done(c.m);
    for (int32_t day = DAY(2024, 7, 22); day < DAY(2024, 10, 28); day++) {
        struct sign_order now = {&c.pack, t, marks, day, 1}, then = now;
        struct sign_looker looker[2];
        struct sign_walk walk = {now.t, now.marks, looker, 2, 1};
        struct sign_finding *found[2];
        struct sign_list both, alone;
        struct scope mem = job_scope_begin(c.j);

        then.day = day - 7;
        found[0] = sign_finding_open(c.j, &now, &looker[0]);
        found[1] = sign_finding_open(c.j, &then, &looker[1]);
        assert_ok(c.j, sign_walk(c.j, &walk));
        for (int i = 0; i < 2; i++) {
            sign_finding_end(found[i], &both);
            alone = found_on(&c, i ? then.day : day);
            assert_int_equal(both.n_found, alone.n_found);
            assert_int_equal(both.looked_at, alone.looked_at);
            for (size_t k = 0; k < alone.n_found; k++)
                assert_memory_equal(&both.found[k], &alone.found[k], sizeof alone.found[k]);
            any += alone.n_found;
        }
        job_scope_end(c.j, mem);
    }
    assert_true(any > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(two_days_at_once_are_what_each_is_alone),
        SUPPORT_TEST(absence_that_rises_by_five_points_is_a_sign),
        SUPPORT_TEST(absence_that_rises_by_less_or_stays_low_is_none),
        SUPPORT_TEST(holidays_are_not_school_weeks),
        SUPPORT_TEST(fewer_than_twenty_sessions_say_nothing),
        SUPPORT_TEST(close_to_persistent_persistent_and_severe_are_three_signs),
        SUPPORT_TEST(last_year_does_not_count_for_this_year_so_far),
        SUPPORT_TEST(six_unauthorised_sessions_in_ten_school_weeks_are_a_sign),
        SUPPORT_TEST(c2_marks_are_a_part_time_timetable),
        SUPPORT_TEST(a_timetable_on_record_says_since_when),
        SUPPORT_TEST(late_in_fifteen_of_a_hundred_sessions_is_a_sign),
        SUPPORT_TEST(a_child_at_two_schools_has_its_sessions_of_both),
        SUPPORT_TEST(marks_of_suspension_without_a_record_are_a_question),
        SUPPORT_TEST(the_first_suspension_of_a_key_stage_counts_from_a_day_on),
        SUPPORT_TEST(one_long_suspension_of_ten_days_builds_up_too),
        SUPPORT_TEST(lunchtimes_and_withdrawn_suspensions_are_no_signs),
        SUPPORT_TEST(suspension_at_primary_school_is_told_in_years_6_and_7),
        SUPPORT_TEST(changing_phase_is_said_in_spring_of_year_6_and_autumn_of_year_7),
        SUPPORT_TEST(provision_that_the_school_arranged_for_behaviour_is_a_sign_while_it_is_open),
        SUPPORT_TEST(off_site_direction_and_managed_move_are_signs_while_they_are_open),
        SUPPORT_TEST(three_schools_in_three_years_are_a_sign_and_one_move_with_absence),
        SUPPORT_TEST(changes_of_phase_are_no_changes_of_school),
        SUPPORT_TEST(social_care_that_opened_in_six_months_is_a_sign_but_lists_nobody),
        SUPPORT_TEST(without_social_care_files_there_is_no_data_not_none),
        SUPPORT_TEST(early_help_counts_while_open_and_six_months_after),
        SUPPORT_TEST(a_new_need_is_one_that_was_not_there_when_the_data_begin),
        SUPPORT_TEST(semh_suspended_and_no_plan_is_a_sign),
        SUPPORT_TEST(youth_justice_and_missing_episodes_are_a_status_only),
        SUPPORT_TEST(tiers_count_kinds_of_sign_and_want_one_of_the_child_s_own),
        SUPPORT_TEST(who_has_left_or_is_at_a_school_elsewhere_is_not_looked_at),
        SUPPORT_TEST(without_a_year_group_a_child_s_age_tells_it),
        SUPPORT_TEST(nothing_after_the_day_is_used),
        SUPPORT_TEST(any_number_of_threads_finds_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
