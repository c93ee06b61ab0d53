#include "support/support.h"
#include "access/actor.h"
#include "risk/child_year.h"
#include "people/entry.h"
#include "risk/pandemic.h"
#include "risk/snapshot.h"
#include "risk/type_lines.h"
#include "support/small_timeline.h"

static const char sql_identity[] =
    "INSERT INTO identity (area_id, identity_id, person_id, digest, source, surname, forename, "
    "batch_id) VALUES ($1, $2, $3, $4, 'school', 'Example', 'Robin', 1)";

/* Twelve children, every third suspended once, one of them often; some absent; two girls with
 * social care; one exit. */
static struct small *
twelve_children(struct job *j)
{
    struct small *s = small_new(j);

    for (int i = 0; i < 12; i++) {
        struct timeline_event e = {.started = 19000 + i, .sessions = 2};
        uint32_t p = small_child(s, i % 2 ? 'M' : 'F');
        if (i % 3 == 0)
            small_event(s, &e);
        for (int k = 0; i == 6 && k < 5; k++) {
            e.started += 10;
            small_event(s, &e);
        }
        small_absence(s, 2021, 300, (uint16_t)(i * 15));
        if (i < 2)
            small_spell(s, SPELL_NEED, 18000, 18900);
        if (i == 11)
            small_move(s, MOVE_EXIT, 2021, 19050);
        assert_ok(j, db_run(j, sql_identity,
                            ARGS(INT(1), INT(s->person[p].identity_id),
                                 INT(s->person[p].person_id), TEXT(job_format(j, "d%u", p))),
                            NULL));
    }
    return s;
}

static struct figures_made
made(struct job *j, struct small *s)
{
    struct figures_from from = {.as_of = DATE_NONE};
    struct figures_made out;

    j->area = 1;
    from.t = small_done(s);
    assert_ok(j, figures_make(j, &from, &out));
    return out;
}

static void
before_the_first_load_there_are_no_figures(void **state)
{
    struct job *j = support_job(state);
    struct snapshot s;

    support_db(j);
    support_area(j);
    assert_err(j, snapshot_current(j, &s), ERR_NOT_FOUND);
    assert_says(j, "Load a school census");
}

static void
a_figure_is_numerator_of_denominator(void **state)
{
    struct job *j = support_job(state);
    struct figure f;

    support_db(j);
    support_area(j);
    made(j, twelve_children(j));
    assert_ok(j, figure_get(j, M_SUSP, 2021, &f));
    assert_int_equal(f.numerator, 4);
    assert_int_equal(f.denominator, 12);
    assert_false(f.no_data);
    assert_ok(j, figure_get(j, M_SUSP5, 2021, &f));
    assert_int_equal(f.numerator, 1);
    assert_ok(j, figure_get(j, M_DFE_SUSP, 2021, &f));
    assert_int_equal(f.numerator, 9);
    assert_int_equal(f.denominator, 12); /* the January headcount, each enrolment once */
    assert_ok(j, figure_get(j, M_PA, 2021, &f));
    assert_int_equal(f.numerator, 10); /* 30 of 300 and more */
}

static void
what_has_no_source_says_no_data_and_not_none(void **state)
{
    struct job *j = support_job(state);
    struct figure f;

    support_db(j);
    support_area(j);
    made(j, twelve_children(j));
    assert_ok(j, figure_get(j, M_EHE, 2021, &f));
    assert_true(f.no_data);
    assert_ok(j, figure_get(j, M_PA, 2024, &f));
    assert_true(f.no_data);
}

/* The law of the product: a figure can be opened, and its list has as many children. */
static void
every_figure_equals_its_list(void **state)
{
    struct job *j = support_job(state);
    struct figure *f;
    size_t n, lists = 0;

    support_db(j);
    support_area(j);
    made(j, twelve_children(j));
    assert_ok(j, figure_list(j, (struct figure_filter){-1, -1, -1, NULL}, &f, &n));
    assert_true(n > 100);
    for (size_t i = 0; i < n; i++) {
        struct children_asked ask = {{(int)f[i].measure, f[i].school_year, (int)f[i].dimension,
                                      f[i].member}, 100, 0};
        struct figure_child *children;
        size_t shown;
        int64_t total;
        if (measure_rows[f[i].measure].family != FAMILY_CHILD || f[i].no_data)
            continue;
        assert_ok(j, figure_children(j, &ask, &children, &shown, &total));
        if (total != f[i].numerator)
            fail_msg("%s %d %s %s: figure %lld, list %lld", measure_rows[f[i].measure].name,
                     (int)f[i].school_year, dimension_rows[f[i].dimension].name, f[i].member,
                     (long long)f[i].numerator, (long long)total);
        assert_int_equal(shown, total);
        lists++;
    }
    assert_true(lists > 100);
}

static const char sql_enrolments[] =
    "SELECT COALESCE(SUM(suspensions), 0), COALESCE(SUM(exclusions), 0), "
    "COALESCE(SUM(sessions_absent), 0) FROM enrolment_year WHERE area_id = $1 AND "
    "snapshot_id = $2 AND school_year = $3";

static void
dfe_figures_add_up_from_their_enrolments(void **state)
{
    struct job *j = support_job(state);
    struct figure suspensions, absence;
    struct figures_made m;
    struct rows q;

    support_db(j);
    support_area(j);
    m = made(j, twelve_children(j));
    assert_ok(j, figure_get(j, M_DFE_SUSP, 2021, &suspensions));
    assert_ok(j, figure_get(j, M_DFE_ABSENCE, 2021, &absence));
    db_ask(j, &q, sql_enrolments, ARGS(INT(1), INT(m.snapshot), INT(2021)));
    assert_true(db_next(&q));
    assert_int_equal(row_int(&q, 0), suspensions.numerator);
    assert_int_equal(row_int(&q, 2), absence.numerator);
    assert_ok(j, db_done(&q));
}

static void
groups_of_one_dimension_add_up_to_all(void **state)
{
    static const enum dimension parts[] = {D_YEAR_GROUP, D_SEX, D_FSM, D_SEN, D_SEMH,
                                           D_ETHNICITY, D_IDACI, D_DISTRICT, D_SCHOOL};
    struct job *j = support_job(state);
    struct figure all;

    support_db(j);
    support_area(j);
    made(j, twelve_children(j));
    assert_ok(j, figure_get(j, M_ANY, 2021, &all));
    for (size_t d = 0; d < sizeof parts / sizeof *parts; d++) {
        struct figure *f;
        size_t n;
        int64_t of = 0, in = 0;
        assert_ok(j, figure_list(j, (struct figure_filter){M_ANY, 2021, (int)parts[d], NULL}, &f,
                                 &n));
        for (size_t i = 0; i < n; i++) {
            in += f[i].numerator;
            of += f[i].denominator;
        }
        assert_int_equal(in, all.numerator);
        assert_int_equal(of, all.denominator);
    }
}

static void
the_four_shares_are_never_one_alone(void **state)
{
    struct job *j = support_job(state);
    struct concentration c;

    support_db(j);
    support_area(j);
    made(j, twelve_children(j));
    assert_ok(j, concentration_get(j, (struct pooled_years){2021, 2021}, CARE_6_YEARS, &c));
    assert_int_equal(c.group.part, 2);
    assert_int_equal(c.group.whole, 12);
    assert_int_equal(c.pupils2.whole, 1);
    assert_int_equal(c.events.whole, 9);
    assert_int_equal(c.events.part, 1); /* child 0 */
    assert_int_equal(c.events2.whole, 6);
    assert_int_equal(c.repeats.whole, 5);
    assert_true(c.care_missing);
}

static void
a_group_is_held_against_its_reference(void **state)
{
    struct job *j = support_job(state);
    struct ratio *r;
    size_t n, boys = 0;

    support_db(j);
    support_area(j);
    made(j, twelve_children(j));
    assert_ok(j, figure_ratios(j, M_SUSP, (struct pooled_years){2021, 2021}, &r, &n));
    for (size_t i = 0; i < n; i++)
        if (r[i].dimension == D_SEX && !strcmp(r[i].member, "M")) {
            boys++;
            assert_string_equal(r[i].label, "Boys");
            assert_int_equal(r[i].numerator, 2);
            assert_int_equal(r[i].denominator, 6);
            assert_true(r[i].low < 1 && r[i].high > 1);
        }
    assert_int_equal(boys, 1);
}

static void
near_the_edge_names_what_could_not_be_looked_at(void **state)
{
    struct job *j = support_job(state);
    struct cliff c;

    support_db(j);
    support_area(j);
    made(j, twelve_children(j));
    assert_ok(j, cliff_get(j, 2022, &c));
    assert_int_equal(c.pupils, 12);
    assert_true(strstr(c.not_loaded, "CAMHS") != NULL);
    assert_string_equal(c.not_loaded, "social care; looked-after children; early help; strengths "
                                      "and difficulties scores; requests for education, health "
                                      "and care plans; CAMHS; youth justice");
    assert_true(c.missing & EDGE_BIT(EDGE_SDQ));
    assert_true(c.at_least[2] >= c.at_least[3] && c.at_least[3] >= c.at_least[4]);
    assert_err(j, cliff_get(j, 2021, &c), ERR_NOT_FOUND);
}

static const char sql_snapshots_left[] =
    "SELECT COUNT(DISTINCT snapshot_id) FROM child_year WHERE area_id = $1";
static const char sql_figures_left[] =
    "SELECT COUNT(DISTINCT snapshot_id) FROM figure WHERE area_id = $1";

static void
only_the_current_snapshot_keeps_children(void **state)
{
    struct job *j = support_job(state);
    struct small *s;
    struct snapshot now;
    struct figures_made second;
    int64_t n;

    support_db(j);
    support_area(j);
    s = twelve_children(j);
    made(j, s);
    second = made(j, s);
    assert_ok(j, snapshot_current(j, &now));
    assert_int_equal(now.id, second.snapshot);
    assert_ok(j, db_int(j, sql_snapshots_left, ARGS(INT(1)), 0, &n));
    assert_int_equal(n, 1);
    assert_ok(j, db_int(j, sql_figures_left, ARGS(INT(1)), 0, &n));
    assert_int_equal(n, 2);
}

static void
a_senco_gets_the_children_of_one_school(void **state)
{
    struct actor senco = {.account = 7, .login = "s", .name = "S", .role = ROLE_SENCO, .area = 1,
                          .urn = 900002, .csrf = ""};
    struct job *j = support_job(state);
    struct children_asked ask = {{M_SUSP, 2021, D_ALL, NULL}, 100, 0};
    struct figure_child *children;
    struct figure f;
    size_t n;
    int64_t total;

    support_db(j);
    support_area(j);
    made(j, twelve_children(j));
    j->who = &senco;
    assert_ok(j, figure_children(j, &ask, &children, &n, &total));
    assert_int_equal(total, 0); /* all are at the other school */
    assert_err(j, figure_get(j, M_SUSP, 2021, &f), ERR_DENIED);
    ask.of = (struct figure_filter){M_SUSP, 2021, D_SCHOOL, "900001"};
    assert_err(j, figure_children(j, &ask, &children, &n, &total), ERR_NOT_FOUND);
}

static void
what_a_child_missed_is_told_for_the_year_and_school(void **state)
{
    struct actor senco = {.account = 7, .login = "s", .name = "S", .role = ROLE_SENCO, .area = 1,
                          .urn = 900001, .csrf = ""};
    struct job *j = support_job(state);
    int64_t person[3] = {0, 0, 987654};
    struct missed v[3];
    struct small *s;

    support_db(j);
    support_area(j);
    s = twelve_children(j);
    made(j, s);
    person[0] = s->person[4].person_id;
    person[1] = s->person[11].person_id;
    for (int as = 0; as < 3; as++) { /* the program, the school, another school */
        assert_ok(j, figure_missed(j, 2021, person, 3, v));
        assert_int_equal(v[0].absent, as == 2 ? 0 : 60);
        assert_int_equal(v[0].possible, as == 2 ? 0 : 300);
        assert_int_equal(v[1].absent, as == 2 ? 0 : 165);
        assert_int_equal(v[2].possible, 0);
        senco.urn = 900001 + as;
        j->who = &senco;
    }
    assert_ok(j, figure_missed(j, 2030, person, 3, v));
    assert_int_equal(v[0].possible, 0);
}

static const char sql_batch[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
    "loaded_by, rows_read, rows_loaded, rows_refused) "
    "VALUES ($1, 1, 'census', 'A census', 'd', 'published', 1, 1, 'test', 1, 1, 0)";
static const char sql_on_roll[] =
    "INSERT INTO census_pupil (area_id, batch_id, file_id, line, identity_id, urn, school_year, "
    "term, on_roll) VALUES ($1, 1, 1, 1, $2, 900001, 2021, 1, 1)";

/* What a figure counts is what the child's page says, for the school only its own records. */
static void
why_each_type_counts_is_kept_with_the_figures(void **state)
{
    struct actor senco = {.account = 7, .login = "s", .name = "S", .role = ROLE_SENCO, .area = 1,
                          .urn = 900001, .csrf = ""};
    struct job *j = support_job(state);
    struct type_line *v;
    struct small *s;
    size_t n;

    support_db(j);
    support_area(j);
    assert_ok(j, type_lines(j, 100, &v, &n));
    assert_int_equal(n, 0); /* nothing is made yet */
    s = twelve_children(j);
    small_entry(s, ENTRY_EHE, date_from_ymd(2023, 3, 4), date_from_ymd(2023, 9, 2));
    s->entry[0].school = TIMELINE_NONE;
    made(j, s);
    made(j, s); /* once, though made twice */
    assert_ok(j, type_lines(j, 111, &v, &n));
    assert_int_equal(n, 5);
    assert_string_equal(v[0].title, "Educated at home");
    assert_int_equal(v[0].school_year, 2023);
    assert_string_equal(v[1].words, "On the register of children educated at home from 4 March "
                                    "2023 to 1 September 2023 (register entry)");
    assert_string_equal(v[2].title, "Persistently absent");
    assert_string_equal(v[3].title, "Severely absent");
    assert_string_equal(v[4].title, "Early exit");
    j->who = &senco;
    assert_err(j, type_lines(j, 111, &v, &n), ERR_DENIED); /* never on its roll */
    j->who = NULL;
    assert_ok(j, db_run(j, sql_batch, ARGS(INT(1)), NULL));
    assert_ok(j, db_run(j, sql_on_roll, ARGS(INT(1), INT(s->person[11].identity_id)), NULL));
    j->who = &senco;
    assert_ok(j, type_lines(j, 111, &v, &n)); /* the register is the authority's */
    assert_int_equal(n, 3);
    assert_string_equal(v[0].title, "Persistently absent");
}

static void
a_child_at_no_school_is_in_the_list_and_in_no_schools(void **state)
{
    struct job *j = support_job(state);
    struct children_asked ask = {{M_EHE, 2022, D_ALL, NULL}, 100, 0};
    struct figure_child *v;
    struct small *s;
    struct figure f, *all;
    int64_t total;
    size_t n;

    support_db(j);
    support_area(j);
    s = twelve_children(j);
    s->enrolment[11].end = date_from_ymd(2022, 3, 4);
    s->t.n[TIMELINE_CENSUS] -= 8; /* of the last child: seen in 2021/22 only */
    small_entry(s, ENTRY_EHE, date_from_ymd(2022, 3, 4), date_from_ymd(2023, 9, 2));
    made(j, s);
    assert_ok(j, figure_get(j, M_EHE, 2022, &f));
    assert_int_equal(f.numerator, 1);
    assert_int_equal(f.denominator, 12);
    assert_ok(j, figure_get(j, M_SUSP, 2022, &f));
    assert_int_equal(f.denominator, 11);
    assert_ok(j, figure_children(j, &ask, &v, &n, &total));
    assert_int_equal(total, 1);
    assert_int_equal(v[0].urn, 0);
    assert_string_equal(v[0].school, "On no school’s roll");
    ask.of = (struct figure_filter){M_EHE, 2022, D_SCHOOL, "900001"};
    assert_ok(j, figure_children(j, &ask, &v, &n, &total));
    assert_int_equal(total, 0);
    assert_ok(j, figure_list(j, (struct figure_filter){M_EHE, 2022, D_SCHOOL, NULL}, &all, &n));
    assert_int_equal(n, 2); /* the school, and none: together they are all */
    assert_int_equal(all[0].denominator + all[1].denominator, 12);
    assert_int_equal(all[0].numerator + all[1].numerator, 1);
    ask.of = (struct figure_filter){M_EHE, 2022, D_SCHOOL, MEMBER_NO_SCHOOL};
    assert_ok(j, figure_children(j, &ask, &v, &n, &total));
    assert_int_equal(total, 1);
}

static const char sql_years_of[] =
    "SELECT COUNT(*) FROM snapshot_year WHERE area_id = $1 AND snapshot_id = $2 AND rows_of = $3";

/* As if the column file had a checksum: nothing changed, so only the last year is made. */
static void
a_year_that_is_as_it_was_keeps_its_rows(void **state)
{
    struct job *j = support_job(state);
    struct small *s;
    struct figures_made first, second;
    struct figure *a, *b;
    size_t na, nb;
    int64_t n, of;

    support_db(j);
    support_area(j);
    s = twelve_children(j);
    s->head.checksum = 12345;
    first = made(j, s);
    assert_ok(j, figure_list(j, (struct figure_filter){-1, -1, -1, NULL}, &a, &na));
    second = made(j, s);
    assert_ok(j, figure_list(j, (struct figure_filter){-1, -1, -1, NULL}, &b, &nb));
    assert_true(na > 100);
    assert_int_equal(na, nb);
    for (size_t i = 0; i < na; i++) {
        assert_int_equal(a[i].numerator, b[i].numerator);
        assert_int_equal(a[i].denominator, b[i].denominator);
    }
    assert_true(second.children < first.children / 2);
    assert_ok(j, db_int(j, sql_years_of, ARGS(INT(1), INT(second.snapshot), INT(first.snapshot)),
                        0, &of));
    assert_ok(j, db_int(j, sql_years_of, ARGS(INT(1), INT(second.snapshot), INT(second.snapshot)),
                        0, &n));
    assert_int_equal(n, 1);
    assert_true(of >= 3);
    assert_ok(j, figures_end(j));
    assert_ok(j, db_int(j, sql_snapshots_left, ARGS(INT(1)), 0, &n));
    assert_int_equal(n, 0);
}

/* Counts that are no figures stay readable too. */
static void
a_series_is_whole_when_its_years_keep_their_rows(void **state)
{
    struct job *j = support_job(state);
    struct series *a = job_alloc(j, sizeof *a), *b = job_alloc(j, sizeof *b);
    struct small *s;

    support_db(j);
    support_area(j);
    s = twelve_children(j);
    s->head.checksum = 12345;
    made(j, s);
    assert_ok(j, series_get(j, SERIES_ABSENCE, a));
    made(j, s);
    assert_ok(j, series_get(j, SERIES_ABSENCE, b));
    assert_true(a->n > 0);
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->point[0].events, b->point[0].events);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(before_the_first_load_there_are_no_figures),
        SUPPORT_TEST(a_figure_is_numerator_of_denominator),
        SUPPORT_TEST(what_has_no_source_says_no_data_and_not_none),
        SUPPORT_TEST(every_figure_equals_its_list),
        SUPPORT_TEST(dfe_figures_add_up_from_their_enrolments),
        SUPPORT_TEST(groups_of_one_dimension_add_up_to_all),
        SUPPORT_TEST(the_four_shares_are_never_one_alone),
        SUPPORT_TEST(a_group_is_held_against_its_reference),
        SUPPORT_TEST(near_the_edge_names_what_could_not_be_looked_at),
        SUPPORT_TEST(only_the_current_snapshot_keeps_children),
        SUPPORT_TEST(a_year_that_is_as_it_was_keeps_its_rows),
        SUPPORT_TEST(a_series_is_whole_when_its_years_keep_their_rows),
        SUPPORT_TEST(a_senco_gets_the_children_of_one_school),
        SUPPORT_TEST(what_a_child_missed_is_told_for_the_year_and_school),
        SUPPORT_TEST(why_each_type_counts_is_kept_with_the_figures),
        SUPPORT_TEST(a_child_at_no_school_is_in_the_list_and_in_no_schools),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
