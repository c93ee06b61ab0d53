/* What follows a load: after a week of registers only what it can change is made, and all that
 * stands then is what making everything anew gives. */
#include "base/random.h"
#include "intake/batch.h"
#include "intake/follow.h"
#include "support/loads.h"
#include "synth/synth.h"
#include <sys/stat.h>

/* ---- all that is derived, as text -------------------------------------------------------- */

#define C(x) "COALESCE(CAST(" x " AS TEXT), '-') || '|' || "
#define OF_YEAR(columns, table, order)                                                         \
    "SELECT " columns "'" table "' FROM snapshot s JOIN snapshot_year y ON "                   \
    "y.area_id = s.area_id AND y.snapshot_id = s.snapshot_id JOIN " table " t ON "             \
    "t.area_id = y.area_id AND t.snapshot_id = y.rows_of AND t.school_year = y.school_year "   \
    "WHERE s.area_id = $1 AND s.state = 'current' ORDER BY " order
#define OF_RUN(run, columns, table, order)                                                     \
    "SELECT " columns "'" table "' FROM " run " s JOIN " table " t ON "                        \
    "t.area_id = s.area_id AND t.run_id = s.run_id WHERE s.area_id = $1 AND "                  \
    "s.state = 'current' ORDER BY " order
#define OF_AREA(columns, table, order)                                                         \
    "SELECT " columns "'" table "' FROM " table " t WHERE t.area_id = $1 ORDER BY " order

static const char *const derived[] = {
    "SELECT " C("as_of") C("known_at") C("first_year") "'snapshot' FROM snapshot "
    "WHERE area_id = $1 AND state = 'current'",
    OF_YEAR(C("t.measure") C("t.school_year") C("t.dimension") C("t.member") C("numerator")
            C("denominator") C("t.state") C("enrolments") C("missed_squares")
            C("possible_squares") C("missed_by_possible"),
            "figure", "t.measure, t.school_year, t.dimension, t.member"),
    OF_YEAR(C("t.name") C("t.school_year") C("t.item") C("t.value"), "statistic",
            "t.name, t.school_year, t.item"),
    OF_YEAR(C("t.school_year") C("person_id") C("identity_id") C("urn") C("met") C("base")
            C("flags") C("year_group") C("ethnicity") C("idaci_decile") C("district")
            C("suspensions") C("suspended_sessions") C("lunchtimes") C("exclusions")
            C("sessions_possible") C("sessions_absent") C("needs") C("thresholds"),
            "child_year", "t.school_year, person_id"),
    OF_YEAR(C("measure") C("t.school_year") C("place") C("person_id"), "listed_child",
            "measure, t.school_year, place"),
    OF_YEAR(C("person_id") C("t.school_year") C("place") C("measure") C("urn") C("words"),
            "child_type", "person_id, t.school_year, place"),
    OF_YEAR(C("t.school_year") C("person_id") C("urn") C("identity_id") C("met") C("base")
            C("flags") C("year_group") C("suspensions") C("exclusions") C("sessions_possible")
            C("sessions_absent"), "enrolment_year", "t.school_year, person_id, urn"),
    "SELECT " C("day") C("known_at") C("pack_version") C("looked_at") C("compared_day")
    C("no_data") C("registers_to") "'sign_run' FROM sign_run WHERE area_id = $1 AND "
    "state = 'current'",
    OF_RUN("sign_run", C("place") C("person_id") C("identity_id") C("urn") C("year_group")
           C("kinds_place") C("tier") C("tier_school") C("tier_before") C("tier_before_school")
           C("met") C("met_school") C("met_before") C("domains") C("domains_school")
           C("context"), "sign_child", "place"),
    OF_RUN("sign_run", C("person_id") C("rule") C("variant") C("value_1") C("value_2")
           C("value_3") C("value_4") C("on_day") C("data_day"), "sign_reason",
           "person_id, rule, variant"),
    OF_RUN("sign_run", C("school") C("urn") C("what") C("member") C("children"), "sign_count",
           "school, urn, what, member"),
    OF_RUN("sign_run", C("urn") C("watch") C("place") C("person_id") C("part") C("whole")
           C("on_day") C("due"), "watched_child", "urn, watch, place, person_id"),
    OF_RUN("quality_run", C("place") C("rule") C("urn") C("person_id") C("identity_id")
           C("fact") C("batch_id") C("file_id") C("line") C("on_day") C("value") C("message"),
           "quality_finding", "place"),
    OF_RUN("quality_run", C("at_load") C("rule") C("urn") C("findings") C("parts"),
           "quality_count", "at_load, rule, urn"),
    OF_RUN("quality_run", C("source") C("urn") C("started") C("t.state") C("told")
           C("expected") C("batch_id"), "quality_cover", "source, urn, started"),
    OF_RUN("quality_run", C("place") C("source") C("urn") C("t.state") C("started") C("ended")
           C("message"), "quality_gap", "place"),
    OF_AREA(C("urn") C("surname_key") C("forename_key") C("person_id"), "school_child",
            "urn, surname_key, forename_key, person_id"),
    OF_AREA(C("urn") C("place") C("person_id"), "school_roll", "urn, place"),
    OF_AREA(C("person_id") C("batch_id") C("taken") C("forename") C("surname") C("upn") C("urn")
            C("on_roll"), "found_child", "person_id"),
};
enum { TABLES = sizeof derived / sizeof derived[0] };

static const char *
dump_of(struct job *j, const char *sql)
{
    struct lines out = {.j = j};
    struct rows q;

    lines_add(&out, "%s", "");
    db_ask(j, &q, sql, ARGS(INT(j->area)));
    while (db_next(&q)) {
        size_t n;
        const char *s = row_peek(&q, 0, &n);
        lines_add_n(&out, s, n);
        lines_add_n(&out, "\n", 1);
    }
    assert_ok(j, db_done(&q));
    return out.s;
}

static void
says_where(const char *a, const char *b)
{
    size_t i = 0, line = 0;

    for (; a[i] && a[i] == b[i]; i++)
        line = a[i] == '\n' ? i + 1 : line;
    if (a[i] != b[i])
        fail_msg("made of the week: %.200s\nmade anew: %.200s", a + line, b + line);
}

/* Everything from scratch changes nothing. */
static void
all_anew_is_the_same(struct job *j, const char *home)
{
    struct scope mem = job_scope_begin(j);
    const char *before[TABLES];
    struct follow_made made;

    for (size_t i = 0; i < TABLES; i++)
        before[i] = dump_of(j, derived[i]);
    assert_ok(j, follow_all(j, home, true, &made));
    assert_true(made.figures.made && made.signs.made && made.quality.made);
    for (size_t i = 0; i < TABLES; i++)
        says_where(before[i], dump_of(j, derived[i]));
    job_scope_end(j, mem);
}

static struct follow_made
follow(struct job *j, const char *home)
{
    struct follow_made made;

    assert_ok(j, follow_all(j, home, false, &made));
    assert_true(made.figures.made && made.signs.made && made.quality.made);
    return made;
}

static int64_t
last_batch(struct job *j)
{
    return loads_count(j, "SELECT MAX(batch_id) FROM batch WHERE state = 'published'");
}

/* The weeks of a small authority's registers, the last of them apart. */
static size_t
invent(struct job *j, const char **all, const char **weeks, char ***names)
{
    struct synth_plan p = {"small", 11, support_path(j, "files"), true, "recent", 0};
    struct synth_done made;
    size_t n;

    assert_ok(j, synth_write(j, &p, &made));
    *all = p.out;
    *weeks = support_path(j, "files/registers");
    *names = dump_folder(j, *weeks, ".csv", &n);
    for (size_t i = n - 2; i < n; i++)
        assert_int_equal(rename(job_format(j, "%s/%s", *weeks, (*names)[i]),
                                support_path(j, job_format(j, "later-%s", (*names)[i]))), 0);
    return n;
}

static void
a_week_of_registers_changes_what_making_all_anew_would(void **state)
{
    struct job *j = support_job(state);
    const char *home = support_path(j, "home"), *all, *weeks;
    char **names;
    size_t n;
    struct follow_made whole, part;

    j->limit = 1024 * (size_t)JOB_MB;
    j->today = date_from_ymd(2025, 12, 20);
    j->now = (int64_t)j->today * 24 * 3600 * 1000000;
    assert_int_equal(mkdir(home, 0700), 0);
    n = invent(j, &all, &weeks, &names);
    support_db(j);
    loads_run(j, all);
    j->area = 1;
    whole = follow(j, home);
    assert_int_equal(whole.quality.asked, QUALITY_RULES);
    for (size_t i = n - 2; i < n; i++) {
        loads_expect(j, support_path(j, job_format(j, "later-%s", names[i])), LOAD_PUBLISHED);
        j->area = 1;
        part = follow(j, home);
        assert_true(part.figures.figures.children * 2 < whole.figures.figures.children);
        assert_true(part.quality.asked < QUALITY_RULES / 2);
        all_anew_is_the_same(j, home);
    }
    assert_ok(j, batch_withdraw(j, last_batch(j), "wrong week"));
    follow(j, home);
    all_anew_is_the_same(j, home);
}

/* ---- any order of loads and withdrawals -------------------------------------------------- */

/* What comes and goes, in the folder that synth writes; the rest is there from the start. */
static const char *const pool[] = {
    "registers/week-2025-11-24.csv", "registers/week-2025-11-17.csv",
    "registers/week-2025-11-10.csv", "registers/2024-25.csv", "registers/2025-26.csv",
    "census/2025-autumn", "census/2025-spring", "census/2024-autumn",
    "suspensions", "exclusions", "register-entries/entries-2025-26.csv",
};
enum { POOL = sizeof pool / sizeof *pool };
/* Years that nothing here is about. */
static const char *const left_out[] = {
    "census/2018-autumn", "census/2019-spring", "census/2019-summer", "census/2019-autumn",
    "census/2020-spring", "census/2020-summer", "census/2020-autumn", "census/2021-spring",
    "census/2021-summer", "census/2021-autumn", "census/2022-spring", "census/2022-summer",
    "census/2022-autumn", "census/2023-spring", "registers/2022-23.csv",
};

static void
put_by(struct job *j, const char *name, const char *under)
{
    char flat[64];

    snprintf(flat, sizeof flat, "%s", name);
    for (char *at = flat; (at = strchr(at, '/'));)
        *at = '-';
    assert_int_equal(rename(support_path(j, job_format(j, "files/%s", name)),
                            support_path(j, job_format(j, "%s/%s", under, flat))), 0);
}

struct item {
    const char *path;
    int64_t first, last; /* its batches, while they are published; 0: not loaded */
};

static void
open_pool(struct job *j, struct item *items)
{
    struct synth_plan p = {"small", 7, support_path(j, "files"), true, "recent", 0};
    struct synth_done made;

    assert_ok(j, synth_write(j, &p, &made));
    assert_int_equal(mkdir(support_path(j, "pool"), 0700), 0);
    assert_int_equal(mkdir(support_path(j, "past"), 0700), 0);
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        put_by(j, left_out[i], "past");
    for (size_t i = 0; i < POOL; i++) {
        char *flat = job_copy(j, pool[i]);
        put_by(j, pool[i], "pool");
        for (char *at = flat; (at = strchr(at, '/'));)
            *at = '-';
        items[i] = (struct item){.path = support_path(j, job_format(j, "pool/%s", flat))};
    }
    loads_run(j, p.out);
}

static void
load_or_withdraw(struct job *j, struct item *x)
{
    struct scope mem = job_scope_begin(j);

    if (x->first) {
        for (int64_t batch = x->first; batch <= x->last; batch++)
            assert_ok(j, batch_withdraw(j, batch, "by chance"));
        *x = (struct item){.path = x->path};
    } else {
        x->first = loads_count(j, "SELECT MAX(batch_id) FROM batch") + 1;
        loads_run(j, x->path);
        x->last = loads_count(j, "SELECT MAX(batch_id) FROM batch");
    }
    j->area = 1;
    job_scope_end(j, mem);
}

/* Compared now and then, so that what stands has stood for more than one load. */
static void
any_loads_and_withdrawals_leave_what_making_all_anew_would(void **state)
{
    enum { STEPS = 12 };
    struct job *j = support_job(state);
    const char *home = support_path(j, "home");
    struct random chance = random_stream(20251125, 1, 1);
    struct item items[POOL];
    struct follow_made made;

    j->limit = 1024 * (size_t)JOB_MB;
    j->today = date_from_ymd(2025, 12, 20);
    j->now = (int64_t)j->today * 24 * 3600 * 1000000;
    assert_int_equal(mkdir(home, 0700), 0);
    support_db(j);
    open_pool(j, items);
    for (int step = 0; step < STEPS; step++) {
        load_or_withdraw(j, &items[random_below(&chance, POOL)]);
        assert_ok(j, follow_all(j, home, false, &made));
        if (step + 1 == STEPS || random_chance(&chance, 0.4))
            all_anew_is_the_same(j, home);
    }
}

static void
nothing_new_makes_nothing(void **state)
{
    struct job *j = support_job(state);
    const char *home = support_path(j, ".");
    struct follow_made made;

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    assert_ok(j, follow_all(j, home, false, &made));
    assert_true(made.figures.made && made.signs.made && made.quality.made);
    all_anew_is_the_same(j, home);
    assert_ok(j, follow_all(j, home, false, &made));
    assert_false(made.figures.made || made.signs.made || made.quality.made);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_week_of_registers_changes_what_making_all_anew_would),
        SUPPORT_TEST(any_loads_and_withdrawals_leave_what_making_all_anew_would),
        SUPPORT_TEST(nothing_new_makes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
