/* What the rules found is kept, counted and read by those who may. */
#include "access/actor.h"
#include "access/setting.h"
#include "quality/cover.h"
#include "quality/list.h"
#include "quality/run.h"
#include "support/facts.h"
#include "support/support.h"

static const struct actor analyst = {.account = 1, .role = ROLE_ANALYST, .area = 1};
static const struct actor senco = {.account = 3, .role = ROLE_SENCO, .area = 1, .urn = 900002};
static const struct actor admin = {.account = 4, .role = ROLE_ADMINISTRATOR};

/* Person 1 is on two rolls; person 2 at 900002 has SEN support without a need. */
static struct facts
two_schools(struct job *j)
{
    struct facts f;

    support_db(j);
    support_area(j);
    f = facts_begin(j);
    facts_school(&f, (struct facts_school){.urn = 900001});
    facts_school(&f, (struct facts_school){.urn = 900002});
    facts_batch(&f, 2024, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 1, .urn = 900001});
    facts_pupil(&f, (struct facts_pupil){.person = 1, .urn = 900002, .status = "M"});
    facts_pupil(&f, (struct facts_pupil){.person = 2, .urn = 900002, .sen = "K"});
    facts_pupil(&f, (struct facts_pupil){.person = 3, .urn = 900001, .sen = "K"});
    facts_need(&f, 3, "SEMH", 1);
    return f;
}

static struct quality_made
run(struct facts *f, bool again)
{
    struct timeline_order order = {.as_of = f->j->today, .known_at = f->clock - 1, .threads = 1};
    struct quality_order o = {.day = f->j->today, .known_at = order.known_at, .again = again};
    const char *path = support_path(f->j, "facts.columns");
    struct quality_made made;
    struct timeline *t;

    assert_ok(f->j, timeline_build(f->j, path, &order));
    assert_ok(f->j, timeline_open(f->j, path, &t));
    o.t = t;
    assert_ok(f->j, quality_run_make(f->j, &o, &made));
    return made;
}

static int64_t
one(struct job *j, const char *sql)
{
    int64_t n;

    assert_ok(j, db_int(j, sql, NO_ARGS, -1, &n));
    return n;
}

/* Findings of a rule in the lists of who asks; -1: the rule is not counted. */
static int64_t
counted(struct job *j, const char *rule, int64_t urn, int64_t *parts)
{
    struct quality_state s;
    struct quality_counted *v;
    size_t n;

    assert_ok(j, quality_state_get(j, &s));
    assert_ok(j, quality_by_rule(j, &s, urn, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (!v[i].at_load && !strcmp(v[i].rule, rule)) {
            *parts = v[i].parts;
            return v[i].findings;
        }
    return -1;
}

static void
findings_are_counted_by_rule_and_school(void **state)
{
    struct job *j = support_job(state);
    struct facts f = two_schools(j);
    struct quality_of_school *s;
    struct quality_state st;
    int64_t parts;
    size_t n;

    assert_true(run(&f, false).made);
    j->who = &analyst;
    assert_int_equal(counted(j, "two-main-rolls", QUALITY_ALL, &parts), 2);
    assert_int_equal(parts, 2);
    assert_int_equal(counted(j, "sen-without-need", QUALITY_ALL, &parts), 1);
    assert_int_equal(counted(j, "sen-without-need", 900001, &parts), -1);
    assert_int_equal(counted(j, "", QUALITY_ALL, &parts),
                     one(j, "SELECT COUNT(*) FROM quality_finding"));
    assert_int_equal(parts, 2);
    assert_ok(j, quality_state_get(j, &st));
    assert_ok(j, quality_by_school(
                     j, &st, &(struct quality_asked){.rule = "sen-without-need", .limit = 10}, &s,
                     &n));
    assert_int_equal(n, 1);
    assert_int_equal(s[0].urn, 900002);
}

static const char sql_late[] =
    "SELECT COUNT(*) FROM quality_cover WHERE source = 'census' AND state = 'late' AND "
    "urn = 900002 AND run_id = (SELECT run_id FROM quality_run WHERE state = 'current')";

/* The summer census of one of two schools is here, a month after census day. */
static void
coverage_is_told_by_the_days_that_are_set(void **state)
{
    struct job *j = support_job(state);
    struct facts f = two_schools(j);
    struct cover_due due;

    facts_batch(&f, 2024, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 1, .urn = 900001});
    assert_true(run(&f, false).made);
    assert_int_equal(one(j, sql_late), 0);
    assert_ok(j, setting_choose(j, SETTING_DUE, "census=10"));
    assert_true(run(&f, true).made);
    assert_int_equal(one(j, sql_late), 1);
    assert_ok(j, setting_local_choose(j, SETTING_DUE, "census=60, care=7"));
    assert_ok(j, cover_due_load(j, &due));
    assert_int_equal(due.days[COVER_SOURCE_CENSUS], 60);
    assert_int_equal(due.days[COVER_SOURCE_CARE], 7);
    assert_true(run(&f, true).made);
    assert_int_equal(one(j, sql_late), 0);
    j->area++; /* another authority has what all have */
    assert_ok(j, cover_due_load(j, &due));
    assert_int_equal(due.days[COVER_SOURCE_CENSUS], 10);
    assert_int_equal(due.days[COVER_SOURCE_CARE], cover_rows[COVER_SOURCE_CARE].due);
    j->area--;
    assert_ok(j, setting_local_choose(j, SETTING_DUE, ""));
    assert_ok(j, cover_due_load(j, &due));
    assert_int_equal(due.days[COVER_SOURCE_CENSUS], 10);
    assert_err(j, setting_local_choose(j, SETTING_COUNCIL, "x"), ERR_INPUT);
    assert_says(j, "holds for all authorities");
    err_clear(j);
    assert_ok(j, setting_change(j, SETTING_DUE, "census=far")); /* not by "rooted setup" */
    assert_err(j, cover_due_load(j, &due), ERR_INPUT);
    err_clear(j);
}

static void
a_run_of_the_same_batches_is_not_made_again_and_old_ones_are_emptied(void **state)
{
    struct job *j = support_job(state);
    struct facts f = two_schools(j);
    int64_t first = run(&f, false).run, findings = one(j, "SELECT COUNT(*) FROM quality_finding");
    struct quality_made made = run(&f, false);

    assert_false(made.made);
    made = run(&f, true);
    assert_true(made.made && made.run > first);
    assert_int_equal(one(j, "SELECT COUNT(*) FROM quality_finding"), findings);
    assert_int_equal(one(j, "SELECT COUNT(*) FROM quality_run WHERE state = 'current'"), 1);
    assert_int_equal(one(j, "SELECT COUNT(*) FROM quality_run WHERE state = 'past'"), 1);
    assert_ok(j, quality_run_end(j));
    assert_int_equal(one(j, "SELECT COUNT(*) FROM quality_finding"), 0);
    assert_int_equal(one(j, "SELECT COUNT(*) FROM quality_count"), 0);
}

static size_t
listed(struct job *j, struct quality_asked ask, struct quality_row **v)
{
    struct quality_state s;
    size_t n;

    ask.limit = 100;
    assert_ok(j, quality_state_get(j, &s));
    assert_ok(j, quality_list(j, &s, &ask, v, &n));
    return n;
}

static void
a_list_names_the_child_the_line_and_what_is_wrong(void **state)
{
    struct job *j = support_job(state);
    struct facts f = two_schools(j);
    struct quality_row *v;
    size_t all;

    run(&f, false);
    j->who = &analyst;
    assert_int_equal(listed(j, (struct quality_asked){.urn = QUALITY_ALL,
                                                      .rule = "two-main-rolls"}, &v), 2);
    assert_int_equal(v[0].urn, 900001);
    assert_int_equal(v[0].person, 1);
    assert_string_equal(v[0].fact, "census");
    assert_int_equal(v[0].batch, f.batch);
    assert_true(v[0].line > 0);
    assert_int_equal(listed(j, (struct quality_asked){.urn = 900002,
                                                      .rule = "sen-without-need"}, &v), 1);
    assert_int_equal(v[0].person, 2);
    all = listed(j, (struct quality_asked){.urn = QUALITY_ALL}, &v);
    assert_int_equal(listed(j, (struct quality_asked){.urn = QUALITY_ALL, .after = v[0].place},
                            &v), all - 1);
}

static void
a_school_sees_its_own_list_whatever_it_asks(void **state)
{
    struct job *j = support_job(state);
    struct facts f = two_schools(j);
    struct quality_state s;
    struct quality_row *v;
    size_t n, all;

    run(&f, false);
    j->who = &senco;
    all = listed(j, (struct quality_asked){.urn = QUALITY_ALL}, &v);
    for (size_t i = 0; i < all; i++)
        assert_int_equal(v[i].urn, 900002);
    n = listed(j, (struct quality_asked){.urn = 900001}, &v);
    assert_int_equal(n, all);
    assert_true(n > 0 && v[0].urn == 900002);
    j->who = &admin;
    assert_err(j, quality_state_get(j, &s), ERR_DENIED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(coverage_is_told_by_the_days_that_are_set),
        SUPPORT_TEST(findings_are_counted_by_rule_and_school),
        SUPPORT_TEST(a_run_of_the_same_batches_is_not_made_again_and_old_ones_are_emptied),
        SUPPORT_TEST(a_list_names_the_child_the_line_and_what_is_wrong),
        SUPPORT_TEST(a_school_sees_its_own_list_whatever_it_asks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
