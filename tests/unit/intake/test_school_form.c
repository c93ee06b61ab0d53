/* What a school tells by a form: drafts, the checks of a file, one batch of one record, amending,
 * cancelling, taking back. */
#include "access/actor.h"
#include "intake/load.h"
#include "intake/school_form_known.h"
#include "support/loads.h"
#include <string.h>

enum { SCHOOL = 900001, OTHER = 900002 };
static const struct actor senco = {.account = 7, .login = "senco", .name = "Priya Nair",
    .role = ROLE_SENCO, .area = 896, .urn = SCHOOL, .csrf = ""};
static const struct actor colleague = {.account = 8, .login = "head", .name = "Sam Head",
    .role = ROLE_SENCO, .area = 896, .urn = SCHOOL, .csrf = ""};
static const struct actor stranger = {.account = 9, .login = "other", .name = "Not Theirs",
    .role = ROLE_SENCO, .area = 896, .urn = OTHER, .csrf = ""};
static void
start(struct job *j)
{
    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    j->who = &senco;
    j->now = SUPPORT_NOW;
    j->today = SUPPORT_TODAY;
}

static void
answer(struct school_form *f, const char *column, const char *text)
{
    size_t i = school_form_ask(f->kind, column);

    assert_true(i < QUESTIONS_MOST);
    f->answer[i] = text;
}

static struct school_form
begin(struct job *j, enum school_form_kind kind)
{
    struct school_form f;
    int64_t id;

    assert_ok(j, school_form_start(j, (struct school_form_start){kind, SCHOOL, 0}, &id));
    assert_ok(j, school_form_get(j, id, &f));
    answer(&f, "Surname", "O'Neil, \"Zoë\"");
    answer(&f, "Forename", "Zoë");
    answer(&f, "DOB", "27/3/2012");
    return f;
}

static struct school_form
suspension(struct job *j)
{
    struct school_form f = begin(j, SCHOOL_FORM_SUSPENSION);

    answer(&f, "Category", "SUSP");
    answer(&f, "StartDate", "9/6/2025");
    answer(&f, "EndDate", "11/6/2025");
    answer(&f, "Sessions", "6");
    answer(&f, "Reason1", "DB");
    return f;
}

/* Saved, sent and read as the work behind the pages reads it. */
static int64_t
send(struct job *j, struct school_form *f)
{
    const struct actor *who = j->who;
    int64_t task;

    assert_ok(j, school_form_save(j, f));
    assert_ok(j, school_form_get(j, f->id, f));
    assert_ok(j, school_form_send(j, f, &task));
    assert_true(task > 0);
    j->who = NULL;
    assert_ok(j, school_form_load(j, f->id, NULL));
    j->who = who;
    assert_ok(j, school_form_get(j, f->id, f));
    return task;
}

static void
a_form_becomes_a_batch_of_one_record(void **state)
{
    struct job *j = support_job(state);
    struct school_form f;
    struct batch b;

    start(j);
    f = suspension(j);
    send(j, &f);
    assert_string_equal(f.state, "taken");
    assert_int_equal(f.told, SUPPORT_TODAY);
    j->who = NULL;
    assert_ok(j, batch_get(j, f.batch, &b));
    assert_string_equal(b.title, "Form: suspension, 16 June 2025, by Priya Nair");
    assert_string_equal(b.loaded_by, "senco");
    assert_string_equal(b.kind, "suspensions");
    assert_int_equal(b.read, 1);
    assert_int_equal(b.loaded, 1);
    assert_int_equal(b.made_on, SUPPORT_TODAY);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM suspension WHERE source = 'notification' "
                                    "AND status = 'new' AND sessions = 6 AND reason1 = 'DB' "
                                    "AND urn = 900001 AND notified = 20255"), 1);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM task WHERE kind = 'figures'"), 1);
    assert_ok(j, batch_withdraw(j, f.batch, "not this child"));
    j->who = &senco;
    assert_ok(j, school_form_get(j, f.id, &f));
    assert_true(f.withdrawn);
    assert_false(school_form_may_change(&f));
}

static void
every_kind_of_form_is_taken(void **state)
{
    struct job *j = support_job(state);
    struct school_form f;

    start(j);
    f = begin(j, SCHOOL_FORM_PART_TIME);
    answer(&f, "StartDate", "2/6/2025");
    answer(&f, "EndDate", "18/7/2025"); /* longer than six weeks: a remark, not a refusal */
    answer(&f, "ReviewDate", "13/6/2025");
    answer(&f, "HoursAWeek", "12.5");
    answer(&f, "Reason", "REINTEGRATION");
    send(j, &f);
    assert_string_equal(f.state, "taken");
    f = begin(j, SCHOOL_FORM_MANAGED_MOVE);
    answer(&f, "ProviderURN", "Example Primary School (900002)");
    answer(&f, "StartDate", "2/6/2025");
    answer(&f, "Reason", "a new start");
    send(j, &f);
    assert_string_equal(f.state, "taken");
    f = begin(j, SCHOOL_FORM_OFF_SITE);
    answer(&f, "ProviderURN", "900002");
    answer(&f, "StartDate", "2/6/2025");
    answer(&f, "EndDate", "20/6/2025");
    answer(&f, "Reason", "calm");
    send(j, &f);
    assert_string_equal(f.state, "taken");
    f = begin(j, SCHOOL_FORM_LEAVER);
    answer(&f, "LeavingDate", "13/6/2025");
    answer(&f, "Ground", "G");
    send(j, &f);
    assert_string_equal(f.state, "taken");
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM register_entry WHERE register = 'PTT' "
                                    "AND reason = 'reintegration' AND minutes_a_week = 750"), 1);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM register_entry WHERE register IN "
                                    "('MM', 'OSD') AND provider_urn = 900002"), 2);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM leaver WHERE ground = 'G'"), 1);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM finding f JOIN school_form s ON "
                                    "s.batch_id = f.batch_id WHERE f.rule = 'part-time-long'"), 1);
}

static bool
has_problem(const struct school_form_checked *c, const struct school_form *f, const char *column)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->problem[i].ask == school_form_ask(f->kind, column))
            return true;
    return false;
}

static void
what_is_wrong_stands_at_its_question(void **state)
{
    static const struct { const char *column, *text; } wrong[] = {
        {"Surname", " "}, {"DOB", "31/2/2012"}, {"DOB", "1/1/2031"}, {"UPN", "A123"},
        {"Category", "PE"}, {"StartDate", "//"}, {"StartDate", "9/6/25"}, {"EndDate", "8/6/2025"},
        {"EndDate", ""}, {"Sessions", "six"}, {"Sessions", "0"}, {"Reason1", "XX"},
        {"Reason1", ""}, {"SENprovision", "Z"},
    };
    struct job *j = support_job(state);
    struct school_form_checked c;
    struct school_form f;
    int64_t task;

    start(j);
    f = suspension(j);
    assert_ok(j, school_form_check(j, &f, &c));
    assert_int_equal(c.n, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct school_form g = f;
        answer(&g, wrong[i].column, wrong[i].text);
        assert_ok(j, school_form_check(j, &g, &c));
        if (!strcmp(wrong[i].column, "UPN")) /* as in a file: a remark, the number is not used */
            assert_true(c.n || c.n_remarks);
        else
            assert_true(has_problem(&c, &g, wrong[i].column));
    }
    answer(&f, "Category", "PERM");
    assert_ok(j, school_form_check(j, &f, &c));
    assert_true(has_problem(&c, &f, "EndDate"));
    assert_ok(j, school_form_save(j, &f));
    assert_ok(j, school_form_get(j, f.id, &f));
    assert_err(j, school_form_send(j, &f, &task), ERR_INPUT);
}

static void
a_draft_is_its_writers_and_what_was_sent_the_schools(void **state)
{
    struct job *j = support_job(state);
    struct school_form f, seen, *list;
    int64_t id;
    size_t n;

    start(j);
    f = suspension(j);
    assert_ok(j, school_form_save(j, &f));
    j->who = &colleague;
    assert_err(j, school_form_get(j, f.id, &seen), ERR_NOT_FOUND);
    err_clear(j);
    j->who = &senco;
    assert_ok(j, school_form_get(j, f.id, &f));
    send(j, &f);
    j->who = &colleague;
    assert_ok(j, school_form_get(j, f.id, &seen));
    j->who = &stranger;
    assert_err(j, school_form_get(j, f.id, &seen), ERR_DENIED);
    err_clear(j);
    assert_ok(j, school_form_list(j, (struct school_form_filter){.most = 10}, &list, &n));
    assert_int_equal(n, 0);
    assert_ok(j, school_form_list(j, (struct school_form_filter){.urn = SCHOOL, .most = 10}, &list,
                                  &n));
    assert_int_equal(n, 0); /* whatever school is asked for */
    assert_ok(j, school_form_start(
                     j, (struct school_form_start){SCHOOL_FORM_LEAVER, SCHOOL, 0}, &id));
    assert_ok(j, school_form_get(j, id, &seen));
    assert_int_equal(seen.urn, OTHER); /* a school tells for itself only */
}

static void
two_pages_do_not_overwrite_each_other(void **state)
{
    struct job *j = support_job(state);
    struct school_form f, g;
    int64_t task;

    start(j);
    f = g = suspension(j);
    assert_ok(j, school_form_save(j, &f));
    answer(&g, "Sessions", "4");
    assert_err(j, school_form_save(j, &g), ERR_CONFLICT);
    err_clear(j);
    assert_err(j, school_form_send(j, &g, &task), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, school_form_get(j, f.id, &g));
    assert_string_equal(school_form_answer(&g, "Sessions"), "6");
    send(j, &g);
    assert_ok(j, school_form_send(j, &g, &task)); /* twice: nothing more happens */
    assert_int_equal(task, 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM task WHERE kind = 'school-form'"), 1);
}

static void
an_amendment_and_a_cancellation_change_what_stands(void **state)
{
    struct job *j = support_job(state);
    struct school_form f, amended, late, cancelled;
    int64_t id, task;

    start(j);
    f = suspension(j);
    send(j, &f);
    assert_ok(j, school_form_change(j, &f, false, &id));
    assert_ok(j, school_form_get(j, id, &amended));
    assert_ok(j, school_form_change(j, &f, false, &id)); /* another, begun beside it */
    assert_ok(j, school_form_get(j, id, &late));
    answer(&amended, "Sessions", "4");
    send(j, &amended);
    assert_err(j, school_form_send(j, &late, &task), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, school_form_get(j, f.id, &f));
    assert_int_equal(f.changed_by, amended.id);
    assert_err(j, school_form_change(j, &f, true, &id), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, school_form_change(j, &amended, true, &id));
    assert_ok(j, school_form_get(j, id, &cancelled));
    send(j, &cancelled);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM suspension WHERE status = 'amended' "
                                    "AND sessions = 4"), 1);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM suspension WHERE status = 'cancelled'"),
                     1);
    assert_false(school_form_may_change(&cancelled));
}

static void
what_was_told_before_is_noticed(void **state)
{
    struct job *j = support_job(state);
    struct school_form_checked c;
    struct school_form f, again;

    start(j);
    f = suspension(j);
    send(j, &f);
    again = suspension(j);
    assert_ok(j, school_form_check(j, &again, &c));
    assert_int_equal(c.same, f.id);
    answer(&again, "StartDate", "10/6/2025");
    assert_ok(j, school_form_check(j, &again, &c));
    assert_int_equal(c.same, 0);
}

static void
a_dropped_draft_leaves_nothing_typed(void **state)
{
    struct job *j = support_job(state);
    struct school_form f;

    start(j);
    f = suspension(j);
    assert_ok(j, school_form_save(j, &f));
    j->who = &colleague;
    assert_err(j, school_form_drop(j, f.id), ERR_NOT_FOUND);
    err_clear(j);
    j->who = &senco;
    assert_ok(j, school_form_drop(j, f.id));
    assert_err(j, school_form_get(j, f.id, &f), ERR_NOT_FOUND);
    err_clear(j);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM school_form WHERE answers <> '{}'"), 0);
}

/* The own school's suspension from that day. */
static struct school_form_known
known(struct job *j, int32_t started)
{
    struct school_form_search s = {.urn = SCHOOL, .words = "", .most = 50};
    struct school_form_known *v, found = {.person = 0};
    size_t n;

    assert_ok(j, school_form_known_list(j, &s, &v, &n));
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(v[i].urn, j->who->urn);
        assert_true(!i || v[i].started <= v[i - 1].started);
        if (v[i].started == started && !strcmp(v[i].category, "SUSP"))
            found = v[i];
    }
    assert_true(found.person > 0);
    return found;
}

/* A list of one row, as a school's office sends it; its batch. */
static int64_t
list_of(struct job *j, const char *sessions, const char *notified)
{
    struct load_options o = {.area = 896, .loaded_by = "nobody"};
    struct load_text t = {"list.csv", job_format(j,
        "UPN,Surname,Forename,DOB,SchoolURN,Category,StartDate,EndDate,Sessions,Reason1,"
        "SENprovision,Notified\nM896400120001,Shaw,Amy,2010-03-01,900001,SUSP,2025-05-06,"
        "2025-05-07,%s,VA,K,%s\n", sessions, notified)};
    const struct actor *who = j->who;
    struct load_result r = {0};

    j->who = NULL;
    assert_ok(j, load_text(j, &t, &o, &r));
    j->area = 896;
    j->who = who;
    assert_int_equal(r.n_batches, 1);
    return r.batch[0].id;
}
enum { FROM = 20214 /* 6 May 2025 */ };

static const char sql_original[] =
    "SELECT COUNT(*) FROM suspension WHERE amends_batch IS NULL AND started = 20214 AND line = 2 "
    "AND sessions = 4 AND reason1 = 'VA' AND status = 'new' AND urn = 900001";

static void
a_suspension_that_a_file_told_of_is_amended_by_a_form_that_names_it(void **state)
{
    struct job *j = support_job(state);
    struct school_form_known k;
    struct school_form f, late;
    int64_t id, task, n, batch;

    start(j);
    batch = list_of(j, "4", "2025-05-06");
    k = known(j, FROM);
    assert_int_equal(k.at.batch, batch);
    assert_int_equal(k.at.line, 2);
    assert_int_equal(k.sessions, 4);
    assert_false(k.census || k.cancelled || k.form);
    assert_ok(j, school_form_known_change(j, k.at, false, &id));
    assert_ok(j, school_form_get(j, id, &f));
    assert_ok(j, school_form_known_change(j, k.at, true, &id)); /* begun beside it */
    assert_ok(j, school_form_get(j, id, &late));
    assert_string_equal(school_form_answer(&f, "Surname"), "Shaw");
    assert_string_equal(school_form_answer(&f, "Sessions"), "4");
    assert_string_equal(school_form_answer(&f, "EndDate"), "7/5/2025");
    assert_string_equal(school_form_answer(&f, "Reason1"), "VA");
    assert_string_equal(school_form_answer(&f, "SENprovision"), "K");
    answer(&f, "Sessions", "2");
    answer(&f, "EndDate", "6/5/2025");
    send(j, &f);
    assert_string_equal(f.state, "taken");
    assert_int_equal(loads_count(j, sql_original), 1); /* stays as it is */
    assert_int_equal(loads_count(j, job_format(j, "SELECT COUNT(*) FROM suspension WHERE status = "
        "'amended' AND sessions = 2 AND amends_batch = %lld AND amends_file = 1 AND "
        "amends_line = 2", (long long)batch)), 1);
    assert_err(j, school_form_send(j, &late, &task), ERR_CONFLICT);
    err_clear(j);
    (void)list_of(j, "5", "2025-06-20"); /* told again, later and otherwise */
    k = known(j, FROM);
    assert_int_equal(k.form, f.id);
    assert_int_equal(k.sessions, 2);
    assert_err(j, school_form_known_change(j, k.at, false, &id), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, school_form_of_batch(j, batch, &n));
    assert_int_equal(n, 1);
    j->who = NULL;
    assert_ok(j, batch_withdraw(j, batch, "of another term"));
    j->who = &senco;
    assert_ok(j, school_form_get(j, f.id, &f));
    assert_true(f.of_withdrawn);
    assert_int_equal(known(j, FROM).sessions, 2); /* by itself */
    assert_ok(j, school_form_change(j, &f, true, &id)); /* and is cancelled in its turn */
    assert_ok(j, school_form_get(j, id, &late));
    send(j, &late);
    assert_true(known(j, FROM).cancelled);
}

static void
what_a_form_names_may_be_gone_when_it_is_read(void **state)
{
    struct job *j = support_job(state);
    const char **remarks;
    int64_t id, task, batch;
    struct school_form f;
    size_t n;

    start(j);
    batch = list_of(j, "4", "2025-05-06");
    assert_ok(j, school_form_known_change(j, known(j, FROM).at, true, &id));
    assert_ok(j, school_form_get(j, id, &f));
    assert_ok(j, school_form_send(j, &f, &task));
    j->who = NULL;
    assert_ok(j, batch_withdraw(j, batch, "of another term"));
    assert_ok(j, school_form_load(j, f.id, NULL));
    j->who = &senco;
    assert_ok(j, school_form_get(j, f.id, &f));
    assert_string_equal(f.state, "taken");
    assert_ok(j, school_form_remarks(j, &f, &remarks, &n));
    assert_int_equal(n, 1);
    assert_string_equal(remarks[0], job_format(j,
        "No suspension of this school from that day stands in line 2 of file 1 of batch %lld, "
        "which it says it amends: it stands by itself.", (long long)batch));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM suspension WHERE amends_batch IS NOT "
                                    "NULL"), 0);
}

static void
what_a_census_tells_of_is_cancelled_without_being_asked_anything(void **state)
{
    struct job *j = support_job(state);
    struct school_form_checked c;
    struct school_form f;
    int64_t id;

    start(j);
    assert_int_equal(known(j, 19906).ended, DATE_NONE);
    assert_ok(j, school_form_known_change(j, known(j, 19906).at, false, &id));
    assert_ok(j, school_form_get(j, id, &f));
    assert_ok(j, school_form_check(j, &f, &c));
    assert_true(has_problem(&c, &f, "EndDate"));
    assert_ok(j, school_form_known_change(j, known(j, 19906).at, true, &id));
    assert_ok(j, school_form_get(j, id, &f));
    send(j, &f);
    assert_string_equal(f.state, "taken");
    assert_true(known(j, 19906).cancelled);
}

static void
a_school_changes_its_own_suspensions_only(void **state)
{
    struct job *j = support_job(state);
    struct school_form_search s = {.urn = SCHOOL, .words = "", .most = 50};
    struct school_form_known k, *v;
    int64_t id;
    size_t n, all;

    start(j);
    k = known(j, 20161);
    assert_true(k.census); /* which stands before the list that tells of it too */
    assert_int_equal(k.at.batch, 8);
    assert_int_equal(k.ended, 20167);
    j->who = &stranger;
    assert_err(j, school_form_known_get(j, k.at, &k), ERR_DENIED);
    err_clear(j);
    assert_err(j, school_form_known_change(j, k.at, false, &id), ERR_DENIED);
    err_clear(j);
    assert_ok(j, school_form_known_list(j, &s, &v, &n));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(v[i].urn, OTHER); /* whatever school is asked for */
    j->who = &senco;
    k.at.line = 999;
    assert_err(j, school_form_known_get(j, k.at, &k), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, school_form_known_list(j, &s, &v, &all));
    assert_true(all > 1);
    s.skip = 1;
    assert_ok(j, school_form_known_list(j, &s, &v, &n));
    assert_int_equal(n, all - 1);
    s = (struct school_form_search){.urn = SCHOOL, .words = "no such name", .most = 50};
    assert_ok(j, school_form_known_list(j, &s, &v, &n));
    assert_int_equal(n, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_form_becomes_a_batch_of_one_record),
        SUPPORT_TEST(every_kind_of_form_is_taken),
        SUPPORT_TEST(what_is_wrong_stands_at_its_question),
        SUPPORT_TEST(a_draft_is_its_writers_and_what_was_sent_the_schools),
        SUPPORT_TEST(two_pages_do_not_overwrite_each_other),
        SUPPORT_TEST(an_amendment_and_a_cancellation_change_what_stands),
        SUPPORT_TEST(a_suspension_that_a_file_told_of_is_amended_by_a_form_that_names_it),
        SUPPORT_TEST(what_a_form_names_may_be_gone_when_it_is_read),
        SUPPORT_TEST(what_a_census_tells_of_is_cancelled_without_being_asked_anything),
        SUPPORT_TEST(a_school_changes_its_own_suspensions_only),
        SUPPORT_TEST(what_was_told_before_is_noticed),
        SUPPORT_TEST(a_dropped_draft_leaves_nothing_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
