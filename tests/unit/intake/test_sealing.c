/* A record sealed: nothing of the authority holds it any more, loads find it all the same, and
 * it comes back whole. */
#include "access/audit.h"
#include "access/guard.h"
#include "access/seal.h"
#include "intake/after.h"
#include "intake/school_form.h"
#include "intake/sealing.h"
#include "people/child.h"
#include "risk/refresh.h"
#include "support/loads.h"
#include "support/people.h"
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The pupil of whom most is known. */
static const char sql_pick[] =
    "SELECT i.person_id FROM identity i JOIN census_pupil c ON c.area_id = i.area_id "
    "AND c.identity_id = i.identity_id WHERE i.area_id = 896 AND c.urn = 900001 "
    "AND i.person_id IN (SELECT o.person_id FROM identity o JOIN suspension s "
    "ON s.area_id = o.area_id AND s.identity_id = o.identity_id WHERE o.area_id = 896) "
    "GROUP BY i.person_id ORDER BY COUNT(*) DESC, i.person_id LIMIT 1";

static struct key *
key_of(struct job *j)
{
    struct key *k = job_alloc(j, sizeof *k);

    assert_ok(j, key_load(j, support_path(j, "."), k));
    return k;
}

static void
load_all(struct job *j, const char *path)
{
    const struct load_options o = {.area = 896, .loaded_by = "test",
                                   .home = support_path(j, "."),
                                   .after = after_figures(j, support_path(j, "."))};
    struct load_result r = {0};

    assert_ok(j, load(j, &path, 1, &o, &r));
    j->area = 896;
}

static int64_t
start(struct job *j)
{
    int64_t person = 0;

    support_db(j);
    load_all(j, LOADS_COUNCIL);
    assert_ok(j, db_int(j, sql_pick, NO_ARGS, 0, &person));
    assert_true(person > 0);
    return person;
}

static const struct actor lead = {.account = 7, .login = "lead", .name = "Ines Marlow",
                                  .role = ROLE_INCLUSION_LEAD, .area = 896, .csrf = ""};
static const struct actor other = {.account = 8, .login = "other", .name = "Joan Other",
                                   .role = ROLE_INCLUSION_LEAD, .area = 896, .csrf = ""};

static void
seal(struct job *j, int64_t person)
{
    const struct seal_order o = {.person = person, .why = "A court said so"};
    struct scope s;

    if (!loads_count(j, "SELECT COUNT(*) FROM account"))
        support_account(j, &lead);
    s = job_scope_begin(j); /* the lock of loads ends with it */
    j->who = &lead;
    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_seal(j, key_of(j), &o));
    assert_ok(j, db_commit(j));
    j->who = NULL;
    job_scope_end(j, s);
}

static void
unseal(struct job *j, int64_t person)
{
    struct scope s = job_scope_begin(j);

    j->who = &lead;
    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_open(j, key_of(j), person, "The order ended"));
    assert_ok(j, db_commit(j));
    j->who = NULL;
    job_scope_end(j, s);
}

/* Each table of sealing.def, as the authority has it. */
static int64_t
left_in_authority(struct job *j, int64_t person)
{
    int64_t n = 0, all = 0;
    static const char *const sql[] = {
#define OF_PERSON(table) "SELECT COUNT(*) FROM " #table " WHERE area_id = 896 AND person_id = $1",
#define FORGET(table, rows) OF_PERSON(table)
#include "intake/sealing.def"
        "SELECT COUNT(*) FROM identity WHERE area_id = 896 AND person_id = $1",
    };

    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
        assert_ok(j, db_int(j, sql[i], ARGS(INT(person)), 0, &n));
        all += n;
    }
    return all;
}

static void
a_sealed_child_leaves_nothing_in_the_authority(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    int64_t facts = loads_count(j, "SELECT COUNT(*) FROM census_pupil WHERE area_id = 896");
    struct child c;

    assert_true(left_in_authority(j, person) > 0);
    seal(j, person);
    assert_int_equal(left_in_authority(j, person), 0);
    assert_true(loads_count(j, "SELECT COUNT(*) FROM census_pupil WHERE area_id = 896") < facts);
    assert_true(loads_count(j, "SELECT COUNT(*) FROM identity WHERE area_id = -896") > 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM identity WHERE area_id = -896 AND "
                                    "(surname IS NOT NULL OR upn IS NOT NULL OR born IS NOT NULL "
                                    "OR surname_key IS NOT NULL)"), 0);
    assert_err(j, child_get(j, person, &c), ERR_NOT_FOUND);
    err_clear(j);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM snapshot WHERE state = 'current'"), 0);
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM snapshot WHERE state = 'current'"), 1);
}

/* All that can be read of the authority, sorted as it is kept. */
static const char *
all_of_it(struct job *j)
{
    return loads_dump(j);
}

static void
unsealing_brings_everything_back(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    const char *before = all_of_it(j);

    seal(j, person);
    assert_string_not_equal(all_of_it(j), before);
    unseal(j, person);
    assert_string_equal(all_of_it(j), before);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM identity WHERE area_id < 0"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM batch WHERE area_id < 0"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM sealed_child"), 0);
}

static void
only_a_custodian_goes_there(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    struct custody *v;
    size_t n;

    seal(j, person);
    j->who = &other;
    assert_ok(j, custody_list(j, key_of(j), &v, &n));
    assert_int_equal(n, 0);
    assert_ok(j, db_begin(j));
    assert_err(j, sealing_open(j, key_of(j), person, "curious"), ERR_NOT_FOUND);
    db_rollback(j);
    err_clear(j);
    j->who = &lead;
    assert_ok(j, custody_list(j, key_of(j), &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].why, "A court said so");
    j->who = NULL;
}

/* The same council again, one term later by its name alone: the child's rows are in it. */
static void
a_load_after_sealing_shows_nothing_and_tells_the_custodian(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    const char *again = loads_copy(j, LOADS_COUNCIL, "again");
    int64_t before;

    seal(j, person);
    before = loads_count(j, "SELECT COUNT(*) FROM census_pupil WHERE area_id = -896");
    assert_ok(j, db_run(j, "UPDATE batch SET digest = 'other' WHERE area_id = 896", NO_ARGS, NULL));
    load_all(j, again);
    assert_int_equal(left_in_authority(j, person), 0);
    assert_true(loads_count(j, "SELECT COUNT(*) FROM census_pupil WHERE area_id = -896") > before);
    assert_true(loads_count(j, "SELECT COUNT(*) FROM sealed_news WHERE kind = 'load'") > 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM identity WHERE area_id = 896 AND "
                                    "person_id IN (SELECT person_id FROM sealed_child)"), 0);
    unseal(j, person);
    assert_true(left_in_authority(j, person) > 0);
}

/* ---- records that could not be loaded ----------------------------------------------------- */

/* Amy Shaw again in another file, once without the number it must have. */
#define PEOPLE                                                                                    \
    "LocalId,System,UPN,FormerUPN,Surname,Forename,DOB,Sex,Postcode,AddressFrom,AddressTo\n"
static const char people[] = PEOPLE
    ",Case system,,,Mills,Ben,2010-03-02,F,CH1 9ZZ,,\n"
    ",Case system,M896400120001,,Shaw,Amy,2010-03-01,F,CH1 9ZZ,,\n"
    "903,Case system,,,Okoro,Ada,2011-02-01,F,CH1 9ZZ,,\n";

static int64_t
batch_count(struct job *j, const char *what)
{
    return loads_count(j, job_format(j, "SELECT %s FROM batch WHERE area_id = 896 AND "
                                        "batch_id = (SELECT MAX(batch_id) FROM batch "
                                        "WHERE area_id = 896)", what));
}

static void
a_record_that_cannot_be_loaded_is_not_among_those_turned_away(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    const char *path = loads_file(j, "more/people.csv", people);

    if (!loads_count(j, "SELECT COUNT(*) FROM identity WHERE area_id = 896 AND "
                        "surname = 'Shaw' AND person_id = 1"))
        fail_msg("the council's pupil is another one now");
    load_all(j, path);
    assert_int_equal(batch_count(j, "rows_refused"), 2);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM finding WHERE area_id = 896 AND line = 3 "
                                    "AND batch_id = (SELECT MAX(batch_id) FROM batch)"), 1);
    seal(j, person);
    assert_int_equal(batch_count(j, "rows_refused"), 1);
    assert_int_equal(batch_count(j, "rows_loaded"), 2);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM finding WHERE area_id = 896 AND line = 3 "
                                    "AND batch_id = (SELECT MAX(batch_id) FROM batch)"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM finding WHERE area_id = 896 AND line = 2 "
                                    "AND batch_id = (SELECT MAX(batch_id) FROM batch)"), 1);
    unseal(j, person);
    assert_int_equal(batch_count(j, "rows_refused"), 2);
    assert_int_equal(batch_count(j, "rows_loaded"), 1);
}

static void
one_that_comes_later_is_told_to_the_custodian_alone(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);

    seal(j, person);
    load_all(j, loads_file(j, "more/people.csv", people));
    assert_int_equal(batch_count(j, "rows_read"), 3);
    assert_int_equal(batch_count(j, "rows_refused"), 1);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM finding WHERE area_id = 896 AND line = 3 "
                                    "AND batch_id = (SELECT MAX(batch_id) FROM batch)"), 0);
    assert_int_equal(loads_count(j, "SELECT records FROM sealed_news WHERE kind = 'turned-away'"),
                     1);
}

/* Another child came with the same number: that it is taken must not be told. */
static void
a_number_that_a_sealed_child_has_is_no_doubt_of_another(void **state)
{
    static const char other_child[] = PEOPLE
        "501,Case system,,,Meyer,Otto,2009-05-04,M,CH1 9ZZ,,\n";
    static const char shared[] =
        "SELECT COUNT(*) FROM finding WHERE area_id = 896 AND rule = 'local-id-shared'";
    struct job *j = support_job(state);
    int64_t person = start(j), before = loads_count(j, shared);

    seal(j, person);
    load_all(j, loads_file(j, "more/people.csv", other_child));
    assert_int_equal(loads_count(j, shared), before);
    /* of two that are not sealed it is told */
    load_all(j, loads_file(j, "again/people.csv", PEOPLE
                           "501,Case system,,,Meyer,Ida,2009-06-05,F,CH1 9ZZ,,\n"));
    assert_true(loads_count(j, shared) > before);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM identity WHERE area_id = 896 AND "
                                    "surname = 'Meyer'"), 2);
}

/* Found by name, day of birth and a postcode that only the sealed record knows; and somebody who
 * turns out to be the child: all of it is sealed. */
static void
who_is_found_to_be_a_sealed_child_is_sealed_as_well(void **state)
{
    static const char files[] = PEOPLE
        ",Case system,,,Shaw,Amy,2010-03-01,F,CH1 9ZZ,,\n"
        "777,Case system,,,Shawe,Amelia,2010-03-01,F,CH9 9ZZ,,\n"
        "777,Case system,M896400120001,,Shaw,Amy,2010-03-01,F,CH9 9ZZ,,\n";
    struct job *j = support_job(state);
    int64_t person = start(j);

    seal(j, person);
    load_all(j, loads_file(j, "more/people.csv", files));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM identity WHERE area_id = 896 AND "
                                    "(surname LIKE 'Shaw%' OR local_id = '777')"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM person WHERE area_id = 896 AND "
                                    "person_id NOT IN (SELECT person_id FROM identity WHERE "
                                    "area_id = 896 AND person_id IS NOT NULL)"), 0);
    unseal(j, person);
    assert_int_equal(loads_count(j, "SELECT COUNT(DISTINCT person_id) FROM identity WHERE "
                                    "surname LIKE 'Shaw%' OR local_id = '777'"), 1);
}

static void
a_batch_that_is_withdrawn_is_so_for_the_sealed_child_too(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    int64_t batch = loads_count(j, "SELECT MAX(batch_id) FROM batch WHERE kind = 'census'");

    seal(j, person);
    assert_ok(j, batch_withdraw(j, batch, "wrong year"));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM batch WHERE area_id = -896 AND "
                                    "state = 'withdrawn'"), 1);
    unseal(j, person);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM batch WHERE area_id = -896"), 0);
}

/* ---- beside other things --------------------------------------------------------------------- */

static void
a_new_key_opens_what_was_sealed_under_the_old(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j), n = 0;
    const struct safe_order o = {person, "The Old Mill", "refuge"};
    const char *before = loads_dump(j);
    struct key *k = key_of(j);
    struct safe_address safe;
    struct custody *v;
    size_t n_v;

    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_address(j, k, &o));
    assert_ok(j, db_commit(j));
    seal(j, person);
    assert_ok(j, seal_renew(j, k));
    assert_ok(j, db_begin(j));
    assert_ok(j, seal_rotate(j, k, &n));
    assert_ok(j, db_commit(j));
    assert_true(n > 8);
    j->who = &lead;
    assert_ok(j, custody_list(j, key_of(j), &v, &n_v));
    assert_string_equal(v[0].why, "A court said so");
    j->who = NULL;
    unseal(j, person);
    assert_ok(j, safe_address_get(j, key_of(j), person, &safe));
    assert_string_equal(safe.address, "The Old Mill");
    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_address_end(j, key_of(j), person));
    assert_ok(j, db_commit(j));
    assert_string_equal(loads_dump(j), before);
}

static void
what_a_closed_account_kept_is_handed_over(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    struct custody *v;
    size_t n;

    seal(j, person);
    support_account(j, &other);
    assert_err(j, custody_hand_over(j, "lead", "other"), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, db_run(j, "UPDATE account SET disabled = 1 WHERE account_id = 7", NO_ARGS, NULL));
    assert_err(j, custody_hand_over(j, "lead", "nobody"), ERR_INPUT);
    err_clear(j);
    assert_ok(j, custody_hand_over(j, "lead", "other"));
    j->who = &other;
    assert_ok(j, custody_list(j, key_of(j), &v, &n));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].person, person);
    j->who = NULL;
}

/* A restricted record that is sealed is not even restricted any more. */
static void
a_restricted_record_that_is_sealed_is_nowhere(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    const struct child_search s = {.words = "shaw", .year_group = CHILD_ANY_YEAR, .limit = 10};
    struct guard_owned *owned;
    const char *ask;
    struct guard g;
    size_t n;

    support_account(j, &lead);
    j->who = &lead;
    assert_ok(j, db_begin(j));
    assert_ok(j, guard_restrict(j, (struct guard_order){person, NULL, "a colleague's child"}));
    assert_ok(j, db_commit(j));
    j->who = &other;
    assert_ok(j, child_search_ask(j, &s, &ask));
    assert_string_equal(ask, "Ines Marlow");
    seal(j, person);
    j->who = &other;
    assert_ok(j, child_search_ask(j, &s, &ask));
    assert_null(ask);
    assert_ok(j, guard_get(j, person, &g));
    assert_false(g.restricted);
    j->who = &lead;
    assert_ok(j, guard_list_owned(j, &owned, &n));
    assert_int_equal(n, 0);
    j->who = NULL;
    unseal(j, person);
    j->who = &other;
    assert_ok(j, guard_get(j, person, &g));
    assert_true(g.restricted);
    j->who = NULL;
}

/* ---- figures -------------------------------------------------------------------------------- */

/* All of a table of figures, as one text without the numbers of snapshots. */
static const char *
figures_text(struct job *j)
{
    static const char sql[] =
        "SELECT f.measure, f.school_year, f.dimension, f.member, f.numerator, f.denominator "
        "FROM figure f JOIN snapshot s ON s.area_id = f.area_id JOIN snapshot_year y "
        "ON y.area_id = s.area_id AND y.snapshot_id = s.snapshot_id AND y.rows_of = f.snapshot_id "
        "AND y.school_year = f.school_year WHERE f.area_id = 896 AND s.state = 'current' "
        "ORDER BY 1, 2, 3, 4";
    const char *all = "";
    struct rows q;

    db_ask(j, &q, sql, NO_ARGS);
    while (db_next(&q))
        all = job_format(j, "%s%s %d %s %s %d %d\n", all, row_text(&q, 0), (int)row_int(&q, 1),
                         row_text(&q, 2), row_text(&q, 3), (int)row_int(&q, 4),
                         (int)row_int(&q, 5));
    assert_ok(j, db_done(&q));
    return all;
}

static void
figures_leave_the_child_out_and_none_is_left_to_compare_with(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j), snapshots;
    const char *with = figures_text(j), *without;

    seal(j, person);
    snapshots = loads_count(j, "SELECT MAX(snapshot_id) FROM snapshot");
    assert_string_equal(figures_text(j), "");
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    without = figures_text(j);
    assert_string_not_equal(without, with);
    /* no figure that counted the child is left to be compared with */
    assert_int_equal(loads_count(j, job_format(j, "SELECT (SELECT COUNT(*) FROM figure WHERE "
        "snapshot_id <= %lld) + (SELECT COUNT(*) FROM statistic WHERE snapshot_id <= %lld) + "
        "(SELECT COUNT(*) FROM child_year WHERE snapshot_id <= %lld) + (SELECT COUNT(*) FROM "
        "snapshot WHERE snapshot_id <= %lld)", (long long)snapshots, (long long)snapshots,
        (long long)snapshots, (long long)snapshots)), 0);
    unseal(j, person);
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    assert_string_equal(figures_text(j), with);
}

/* ---- permit() -------------------------------------------------------------------------------- */

static enum permit_reason
asked(struct job *j, const struct actor *who, enum act act, int64_t person)
{
    enum permit_reason why;

    j->who = who;
    assert_ok(j, permit_ask(j, act, (struct subject){.person = person}, &why));
    j->who = NULL;
    return why;
}

/* Every role, every act: one way in. */
static void
permit_knows_one_way_to_where_sealed_children_lie(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    struct actor who = other;

    seal(j, person);
    j->area = -896;
    for (int r = 0; r < ROLES; r++)
        for (int a = 0; a < ACTS; a++) {
            who.role = (enum role)r;
            who.account = 8;
            assert_int_equal(asked(j, &who, (enum act)a, person), PERMIT_AREA);
            who.account = 0; /* the command line */
            assert_int_equal(asked(j, &who, (enum act)a, person), PERMIT_AREA);
        }
    for (int a = 0; a < ACTS; a++) {
        bool may = permit_act(&lead, (enum act)a);
        assert_int_equal(asked(j, &lead, (enum act)a, person), may ? PERMIT_YES : PERMIT_AREA);
        assert_int_equal(asked(j, &lead, (enum act)a, person + 1), PERMIT_AREA);
        assert_int_equal(asked(j, &lead, (enum act)a, 0), PERMIT_AREA);
    }
    assert_ok(j, db_run(j, "INSERT INTO child_bar (area_id, account_id, person_id, since, why, "
                           "set_by) VALUES (-896, 7, $1, 1, 'uncle', 1)", ARGS(INT(person)), NULL));
    assert_int_equal(asked(j, &lead, ACT_CHILD, person), PERMIT_AREA);
    j->area = 896;
}

/* ---- forms ---------------------------------------------------------------------------------- */

/* Typed by hand: whoever sent it knows it anyway, and nobody else meets it. */
static void
a_form_that_was_about_a_sealed_child_stays_with_who_sent_it(void **state)
{
    static const char form[] =
        "INSERT INTO school_form (area_id, form_id, kind, account_id, author, login, urn, "
        "person_id, status, changes, answers, state, version, made, saved, sent, told, batch_id) "
        "VALUES (896, 70, 'suspension', 8, 'Joan Other', 'other', 900001, NULL, 'new', NULL, "
        "'{}', 'taken', 1, 1, 1, 2, 20000, 5)";
    const struct school_form_filter all = {.most = 10};
    struct job *j = support_job(state);
    struct school_form f, *v;
    size_t n;

    start(j);
    assert_ok(j, db_run(j, form, NO_ARGS, NULL));
    j->who = &lead;
    assert_ok(j, school_form_list(j, all, &v, &n));
    assert_int_equal(n, 1);
    assert_ok(j, db_run(j, "INSERT INTO sealed_news (area_id, person_id, at, kind, source, "
                           "records) VALUES (-896, 1, 1, 'load', 5, 1)", NO_ARGS, NULL));
    assert_ok(j, school_form_list(j, all, &v, &n));
    assert_int_equal(n, 0);
    assert_err(j, school_form_get(j, 70, &f), ERR_NOT_FOUND);
    err_clear(j);
    j->who = &other;
    assert_ok(j, school_form_list(j, all, &v, &n));
    assert_int_equal(n, 1);
    assert_ok(j, school_form_get(j, 70, &f));
    j->who = NULL;
}

/* ---- searches ------------------------------------------------------------------------------ */

/* What somebody typed, with its entry in the audit; nobody must be found. */
static void
search(struct job *j, const struct actor *who, const char *words)
{
    struct child_search s = {.words = words, .year_group = CHILD_ANY_YEAR, .limit = 10};
    struct child *found;
    struct notes n;
    size_t n_found, total;

    j->who = who;
    audit_begin(j, key_of(j), &n);
    assert_ok(j, child_search(j, &s, &found, &n_found, &total));
    assert_int_equal(total, 0);
    assert_ok(j, db_begin(j));
    assert_ok(j, audit_write(j, &n));
    assert_ok(j, db_commit(j));
    j->notes = NULL;
    audit_end(&n);
    j->who = NULL;
}

static void
a_search_for_a_sealed_child_finds_nobody_and_tells_the_custodian(void **state)
{
    static const char *const hits[] = {"shaw amy", "Amy Sh", "shaw", "m896400120001"};
    static const char *const misses[] = {"shawl", "amyx", "x"};
    struct job *j = support_job(state);
    int64_t person = start(j);

    seal(j, person);
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++)
        search(j, &other, hits[i]);
    for (size_t i = 0; i < sizeof misses / sizeof *misses; i++)
        search(j, &other, misses[i]);
    search(j, &lead, "amy shaw"); /* who keeps it */
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM sealed_news"), 0);
    assert_ok(j, sealing_searches(j, support_path(j, ".")));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM sealed_news WHERE kind = 'search' AND "
                                    "account_id = 8"), 4);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM sealed_news"), 4);
    assert_ok(j, sealing_searches(j, support_path(j, ".")));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM sealed_news"), 4);
}

/* ---- killed -------------------------------------------------------------------------------- */

static enum err
seal_at_once(struct job *j, const struct key *k, int64_t person)
{
    const struct seal_order o = {.person = person, .why = "A court said so"};
    enum err e = db_begin(j);

    if (!e)
        e = sealing_seal(j, k, &o);
    return e ? e : db_commit(j);
}

/* In a process of its own, which is killed where the call of this number to the database would
 * come.  Did it come through? */
static bool
seals_before(struct job *j, int64_t person, int call)
{
    const struct key *k = key_of(j);
    pid_t child = fork();
    int how;

    if (!child) {
        struct job mine;
        job_init(&mine, 64 * JOB_MB);
        mine.now = j->now;
        mine.area = 896;
        mine.who = &lead;
        if (db_open(&mine, support_url(j), DB_WRITE, &mine.db))
            _exit(1);
        db_fault = call;
        if (!seal_at_once(&mine, k, person))
            _exit(0);
        kill(getpid(), SIGKILL);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFEXITED(how) && !WEXITSTATUS(how);
}

static void
killed_at_any_moment_it_is_sealed_or_not_whole(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    const char *before;
    int call = 1;

    support_account(j, &lead);
    before = all_of_it(j);
    while (call < 400 && !seals_before(j, person, call)) {
        assert_string_equal(all_of_it(j), before);
        assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM sealed_child"), 0);
        call += 3;
    }
    assert_true(call > 30 && call < 400);
    assert_int_equal(left_in_authority(j, person), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM sealed_child"), 1);
    unseal(j, person);
    assert_string_equal(all_of_it(j), before);
}

/* ---- no table is forgotten --------------------------------------------------------------- */

static const char sql_of_sqlite[] =
    "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
    "WHERE m.type = 'table' AND c.name IN ('person_id', 'identity_id') ORDER BY 1";
static const char sql_of_postgresql[] =
    "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' "
    "AND column_name IN ('person_id', 'identity_id') ORDER BY 1";

static bool
is_told(const char *table)
{
    static const char *const all[] = {
#define OF_IDENTITY(t) #t,
#define OF_PERSON(t) #t,
#define BELOW(t, rows) #t,
#define MADE(t) #t,
#define FORGET(t, rows) #t,
#define OTHER(t, where) #t,
#include "intake/sealing.def"
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i], table))
            return true;
    return false;
}

static void
every_table_that_holds_rows_of_children_is_told_what_becomes_of_them(void **state)
{
    struct job *j = support_job(state);
    struct rows q;
    int n = 0;

    support_db(j);
    db_ask(j, &q, support_postgresql() ? sql_of_postgresql : sql_of_sqlite, NO_ARGS);
    while (db_next(&q)) {
        n++;
        if (!is_told(row_text(&q, 0)))
            fail_msg("%s is no row of sealing.def", row_text(&q, 0));
    }
    assert_ok(j, db_done(&q));
    assert_true(n > 25);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_sealed_child_leaves_nothing_in_the_authority),
        SUPPORT_TEST(unsealing_brings_everything_back),
        SUPPORT_TEST(only_a_custodian_goes_there),
        SUPPORT_TEST(a_load_after_sealing_shows_nothing_and_tells_the_custodian),
        SUPPORT_TEST(a_record_that_cannot_be_loaded_is_not_among_those_turned_away),
        SUPPORT_TEST(one_that_comes_later_is_told_to_the_custodian_alone),
        SUPPORT_TEST(a_number_that_a_sealed_child_has_is_no_doubt_of_another),
        SUPPORT_TEST(figures_leave_the_child_out_and_none_is_left_to_compare_with),
        SUPPORT_TEST(permit_knows_one_way_to_where_sealed_children_lie),
        SUPPORT_TEST(who_is_found_to_be_a_sealed_child_is_sealed_as_well),
        SUPPORT_TEST(a_batch_that_is_withdrawn_is_so_for_the_sealed_child_too),
        SUPPORT_TEST(a_new_key_opens_what_was_sealed_under_the_old),
        SUPPORT_TEST(what_a_closed_account_kept_is_handed_over),
        SUPPORT_TEST(a_restricted_record_that_is_sealed_is_nowhere),
        SUPPORT_TEST(a_form_that_was_about_a_sealed_child_stays_with_who_sent_it),
        SUPPORT_TEST(a_search_for_a_sealed_child_finds_nobody_and_tells_the_custodian),
        SUPPORT_TEST(killed_at_any_moment_it_is_sealed_or_not_whole),
        SUPPORT_TEST(every_table_that_holds_rows_of_children_is_told_what_becomes_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
