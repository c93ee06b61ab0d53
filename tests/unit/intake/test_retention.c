/* What is kept too long goes whole, what is held stays, and the audit says what went. */
#include "access/audit.h"
#include "access/audit_verify.h"
#include "access/setting.h"
#include "intake/batch.h"
#include "intake/follow.h"
#include "intake/keep.h"
#include "intake/retention.h"
#include "people/register_check.h"
#include "people/register_weeks.h"
#include "support/loads.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARKS "UPN,SchoolURN,Date,Session,Mark,MinutesLate,Extracted\n"
#define AMY "M896400120001"
#define MAX "W896400119006"

/* The whole small council, and Amy and Max in a register. */
static void
council(struct job *j)
{
    struct follow_made made;

    support_db(j);
    loads_expect(j, LOADS_COUNCIL, LOAD_PUBLISHED);
    j->area = 896;
    loads_expect(j, loads_file(j, "marks.csv", MARKS
                               AMY ",900001,2024-06-12,AM,/,,2024-06-20\n"
                               MAX ",900001,2024-06-12,AM,I,,2024-06-20\n"
                               AMY ",900001,2024-09-11,AM,/,,2024-09-20\n"), LOAD_PUBLISHED);
    assert_ok(j, follow_all(j, support_path(j, "."), false, &made));
}

static void
on_day(struct job *j, int32_t year, int32_t month, int32_t d)
{
    j->today = date_from_ymd(year, month, d);
    j->now = (int64_t)j->today * 24 * 3600 * 1000000 + INT64_C(9) * 3600 * 1000000;
}

static void
keep_for(struct job *j, enum retention_rule r, int months)
{
    assert_ok(j, retention_set(j, &(struct retention_decided){r, months, "RR 1"}));
}

/* Only what a test is about is due. */
static void
keep_all_but(struct job *j, enum retention_rule but)
{
    for (int r = 0; r < RETENTION_RULES; r++)
        if (r != (int)but)
            keep_for(j, (enum retention_rule)r, 1200);
}

static struct retention_done
apply(struct job *j)
{
    struct retention_done done;
    struct scope s = job_scope_begin(j); /* the lock is given back */

    assert_ok(j, retention_apply(j, &(struct retention_order){support_path(j, "."), "test"},
                                 &done));
    job_scope_end(j, s);
    return done;
}

static int64_t
person_of(struct job *j, const char *surname)
{
    return loads_count(j, job_format(j, "SELECT coalesce(min(person_id), 0) FROM identity WHERE "
                                        "area_id = 896 AND surname = '%s'", surname));
}

/* Anywhere in what loads write, and in the kept text. */
static bool
holds(struct job *j, const char *words)
{
    struct scope s = job_scope_begin(j);
    bool found = strstr(loads_dump(j), words) != NULL;
    struct rows q;

    db_ask(j, &q, "SELECT content FROM file_chunk WHERE area_id = 896", NO_ARGS);
    while (db_next(&q)) {
        const char *text;
        size_t n, n_text;
        const void *content = row_blob(&q, 0, &n);
        assert_ok(j, kept_text(j, content, n, &text, &n_text));
        found = found || strstr(text, words);
    }
    assert_ok(j, db_done(&q));
    job_scope_end(j, s);
    return found;
}

static size_t
count_due(struct job *j, enum retention_rule r, enum retention_held held)
{
    struct retention_item *v;
    size_t n, found = 0;

    assert_ok(j, retention_due(j, &v, &n));
    for (size_t i = 0; i < n; i++)
        found += v[i].rule == r && v[i].held == held;
    return found;
}

/* ---- words and rules ---- */

static void
spans_are_read_and_said(void **state)
{
    static const struct { const char *text; int months; } good[] = {
        {"25 years", 300}, {"1 year", 12}, {" 18 months ", 18}, {"1 Month", 1}, {"6years", 72}};
    static const char *const bad[] = {"", "years", "0 months", "101 years", "-1 years", "2 weeks",
                                      "1.5 years", "1201 months"};
    struct job *j = support_job(state);
    int months = 0;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(retention_months(good[i].text, &months));
        assert_int_equal(months, good[i].months);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(retention_months(bad[i], &months));
    assert_string_equal(retention_span(j, 300), "25 years");
    assert_string_equal(retention_span(j, 12), "1 year");
    assert_string_equal(retention_span(j, 18), "18 months");
    for (int r = 0; r < RETENTION_RULES; r++) {
        enum retention_rule found;
        assert_true(retention_find(retention_words((enum retention_rule)r).name, &found));
        assert_int_equal(found, r);
    }
}

static void
an_authority_has_its_own_rules_with_a_reference(void **state)
{
    struct job *j = support_job(state);
    struct retention_kept k[RETENTION_RULES];

    support_db(j);
    support_area(j);
    assert_err(j, retention_set(j, &(struct retention_decided){RETAIN_SIGNS, 24, " "}), ERR_INPUT);
    err_clear(j);
    keep_for(j, RETAIN_SIGNS, 24);
    keep_for(j, RETAIN_SIGNS, 30);
    assert_ok(j, retention_rules(j, k));
    assert_int_equal(k[RETAIN_SIGNS].months, 30);
    assert_string_equal(k[RETAIN_SIGNS].reference, "RR 1");
    assert_int_equal(k[RETAIN_CHILD].months, 300);
    assert_null(k[RETAIN_CHILD].reference);
    j->area = 2; /* another's */
    assert_ok(j, retention_rules(j, k));
    assert_int_equal(k[RETAIN_SIGNS].months, 12);
}

/* ---- a child ---- */

static void
the_day_after_the_birthday_and_not_before(void **state)
{
    struct job *j = support_job(state);

    council(j);
    keep_all_but(j, RETAIN_CHILD);
    on_day(j, 2034, 9, 8);
    assert_int_equal(count_due(j, RETAIN_CHILD, HELD_NOT), 0);
    on_day(j, 2034, 9, 9); /* Max Green: 9 September 2009; registers are kept: he stays */
    assert_int_equal(count_due(j, RETAIN_CHILD, HELD_REGISTERS), 1);
    keep_for(j, RETAIN_REGISTERS, 72);
    assert_int_equal(apply(j).gone[RETAIN_REGISTERS], 2);
    assert_int_equal(count_due(j, RETAIN_CHILD, HELD_NOT), 1);
}

static void
a_child_whose_time_is_over_leaves_numbers_and_nothing_else(void **state)
{
    struct job *j = support_job(state);
    struct retention_done done;
    struct chain_check chain;
    int64_t max;

    council(j);
    max = person_of(j, "Green");
    assert_true(holds(j, "Green") && holds(j, MAX));
    keep_all_but(j, RETAIN_CHILD);
    keep_for(j, RETAIN_REGISTERS, 72);
    on_day(j, 2034, 9, 9);
    apply(j); /* the registers */
    on_day(j, 2034, 9, 10);
    done = apply(j);
    assert_int_equal(done.gone[RETAIN_CHILD], 1);
    assert_true(done.figures);
    assert_false(holds(j, "Green"));
    assert_false(holds(j, MAX));
    assert_true(holds(j, "Shaw")); /* whose line of the same file stays */
    assert_int_equal(person_of(j, "Green"), 0);
    assert_int_equal(loads_count(j, job_format(j, "SELECT count(*) FROM person WHERE area_id = 896 "
                                               "AND person_id = %lld", (long long)max)), 0);
    assert_int_equal(loads_count(j, job_format(j, "SELECT count(*) FROM child_year WHERE area_id = "
                                               "896 AND person_id = %lld", (long long)max)), 0);
    assert_int_equal(loads_count(j, job_format(j, "SELECT count(*) FROM audit WHERE area_id = 896 "
                                               "AND event = 'expired' AND person_id = %lld",
                                               (long long)max)), 1);
    assert_ok(j, audit_verify(j, 896, NULL, &chain));
    assert_string_equal(chain.why, "");
}

static void
of_a_file_of_one_table_the_line_is_blanked_and_others_keep_their_numbers(void **state)
{
    struct job *j = support_job(state);
    struct rows q;
    const char *text = "";
    size_t n, n_text;

    council(j);
    keep_all_but(j, RETAIN_CHILD);
    keep_for(j, RETAIN_REGISTERS, 72);
    on_day(j, 2034, 9, 9);
    apply(j);
    apply(j);
    db_ask(j, &q, "SELECT c.content FROM file_chunk c JOIN batch b ON b.area_id = c.area_id AND "
                  "b.batch_id = c.batch_id WHERE b.area_id = 896 AND b.kind = 'suspensions'",
           NO_ARGS);
    if (db_next(&q)) {
        const void *content = row_blob(&q, 0, &n);
        assert_ok(j, kept_text(j, content, n, &text, &n_text));
    }
    assert_ok(j, db_done(&q));
    assert_non_null(strstr(text, AMY ",Shaw,Amy"));
    assert_null(strstr(text, "Green"));
    assert_non_null(strstr(text, "new\n    ")); /* the third line is blanks */
}

static void
run_for(struct job *j, const char *sql, int64_t person)
{
    int64_t n = 0;

    assert_ok(j, db_run(j, sql, ARGS(INT(person)), &n));
    assert_true(n > 0);
}

static const char sql_add_plan[] =
    "INSERT INTO ehc_fact (area_id, batch_id, file_id, line, part, identity_id, return_year, kind, "
    "started, told_to, source_kind) SELECT 896, 1, 1, 900000, 0, MIN(identity_id), 2020, 'plan', "
    "18000, 18300, 'sen2' FROM identity WHERE area_id = 896 AND person_id = $1";
static const char sql_add_care[] =
    "INSERT INTO care_episode (area_id, batch_id, file_id, line, part, identity_id, return_year, "
    "kind, started, source_kind) SELECT 896, 1, 1, 900000, 0, MIN(identity_id), 2020, 'care', "
    "18000, 'ssda903' FROM identity WHERE area_id = 896 AND person_id = $1";
static const char sql_add_note[] =
    "INSERT INTO note (area_id, note_id, person_id, account_id, agency_kind, content, written) "
    "VALUES (896, 1, $1, 1, 'inclusion-team', 'A note', 1)";

/* Max Green: 9 September 2009. */
static void
a_plan_or_care_keeps_a_child_and_its_notes_by_a_longer_rule(void **state)
{
    struct job *j = support_job(state);
    int64_t max;

    council(j);
    max = person_of(j, "Green");
    keep_for(j, RETAIN_REGISTERS, 72);
    on_day(j, 2034, 9, 9);
    apply(j); /* the registers */
    run_for(j, sql_add_note, max);
    assert_int_equal(count_due(j, RETAIN_CHILD, HELD_NOT), 1);
    assert_int_equal(count_due(j, RETAIN_NOTES, HELD_NOT), 1);
    run_for(j, sql_add_plan, max);
    assert_int_equal(count_due(j, RETAIN_CHILD, HELD_NOT), 0);
    assert_int_equal(count_due(j, RETAIN_NOTES, HELD_NOT), 0);
    on_day(j, 2044, 9, 8);
    assert_int_equal(count_due(j, RETAIN_PLAN, HELD_NOT), 0);
    on_day(j, 2044, 9, 9);
    assert_int_equal(count_due(j, RETAIN_PLAN, HELD_NOT), 1);
    assert_int_equal(count_due(j, RETAIN_NOTES, HELD_NOT), 1);
    run_for(j, sql_add_care, max);
    assert_int_equal(count_due(j, RETAIN_PLAN, HELD_NOT), 0);
    assert_int_equal(count_due(j, RETAIN_NOTES, HELD_NOT), 0);
    keep_for(j, RETAIN_CARE, 12); /* shorter than for any child: the longest of the three counts */
    on_day(j, 2034, 9, 9);
    assert_int_equal(count_due(j, RETAIN_CARE, HELD_NOT), 0);
    keep_for(j, RETAIN_CARE, 900);
    on_day(j, 2084, 9, 8);
    assert_int_equal(count_due(j, RETAIN_CARE, HELD_NOT), 0);
    on_day(j, 2084, 9, 9);
    assert_int_equal(count_due(j, RETAIN_CARE, HELD_NOT), 1);
    assert_true(apply(j).gone[RETAIN_CARE] == 1);
    assert_false(holds(j, "Green"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM note WHERE area_id = 896"), 0);
}

/* ---- holds ---- */

static void
a_hold_on_a_child_keeps_it_and_ends_with_a_reason(void **state)
{
    struct job *j = support_job(state);
    struct retention_hold *v;
    int64_t id;
    size_t n;

    council(j);
    keep_all_but(j, RETAIN_CHILD);
    keep_for(j, RETAIN_REGISTERS, 72);
    assert_err(j, retention_hold(j, 987654, "inquiry", &id), ERR_NOT_FOUND);
    err_clear(j);
    assert_err(j, retention_hold(j, person_of(j, "Green"), "", &id), ERR_INPUT);
    err_clear(j);
    assert_ok(j, retention_hold(j, person_of(j, "Green"), "inquiry", &id));
    on_day(j, 2034, 9, 9);
    /* June's week tells of Max and of Amy, whose rows go; September's goes whole */
    assert_int_equal(count_due(j, RETAIN_REGISTERS, HELD_CHILD), 0);
    assert_int_equal(apply(j).gone[RETAIN_REGISTERS], 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_week WHERE area_id = 896"), 1);
    assert_int_equal(count_due(j, RETAIN_REGISTERS, HELD_CHILD), 1);
    assert_int_equal(count_due(j, RETAIN_CHILD, HELD_CHILD), 1);
    assert_int_equal(apply(j).n_gone, 0);
    assert_true(holds(j, "Green"));
    assert_err(j, retention_release(j, id, " "), ERR_INPUT);
    err_clear(j);
    assert_ok(j, retention_release(j, id, "inquiry ended"));
    assert_err(j, retention_release(j, id, "again"), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, retention_holds(j, &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].ended_why, "inquiry ended");
    apply(j);
    apply(j);
    assert_false(holds(j, "Green"));
}

/* The child's marks as its page shows them, in a line. */
static const char *
weeks_of(struct job *j, int64_t person)
{
    static const int64_t urn[] = {900001};
    const struct register_asked ask = {.person = person, .urn = urn, .n_urns = 1,
                                       .from = date_from_ymd(2024, 6, 3),
                                       .to = date_from_ymd(2024, 7, 1)};
    struct register_child_week *w;
    const char *out = "";
    size_t n;

    assert_ok(j, register_weeks_of(j, &ask, &w, &n));
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < REGISTER_SLOTS; k++)
            if (w[i].mark[k])
                out = job_format(j, "%s%d:%d=%d@%lld.%lld ", out, w[i].monday, k, w[i].mark[k],
                                 (long long)w[i].batch, (long long)w[i].line);
    return out;
}

/* Packed against each other, with minutes, in two batches of the same school's week. */
static void
of_a_week_the_rows_of_a_held_child_stay_and_can_be_read(void **state)
{
    struct job *j = support_job(state);
    struct register_checked checked;
    const char *max;
    int64_t id;

    council(j);
    loads_expect(j, loads_file(j, "later.csv", MARKS
                               MAX ",900001,2024-06-12,AM,I,,2024-06-21\n"
                               AMY ",900001,2024-06-12,AM,/,,2024-06-21\n"
                               AMY ",900001,2024-06-13,AM,L,25,2024-06-21\n"
                               MAX ",900001,2024-06-13,AM,L,12,2024-06-21\n"
                               MAX ",900001,2024-06-14,PM,-,,2024-06-21\n"), LOAD_PUBLISHED);
    keep_all_but(j, RETAIN_REGISTERS);
    assert_ok(j, retention_hold(j, person_of(j, "Green"), "inquiry", &id));
    max = weeks_of(j, person_of(j, "Green"));
    assert_true(strlen(max) > 40);
    assert_true(weeks_of(j, person_of(j, "Shaw"))[0] != '\0');
    on_day(j, 2034, 9, 9);
    apply(j);
    assert_string_equal(weeks_of(j, person_of(j, "Green")), max);
    assert_string_equal(weeks_of(j, person_of(j, "Shaw")), "");
    assert_ok(j, register_check(j, &checked));
    assert_int_equal(checked.registers, 2);
    assert_int_equal(checked.bad, 0);
    assert_int_equal(loads_count(j, "SELECT sum(children) FROM register_week WHERE area_id = 896"),
                     loads_count(j, "SELECT count(*) FROM register_week WHERE area_id = 896"));
    assert_int_equal(loads_count(j, "SELECT sum(marks) FROM register_week WHERE area_id = 896"),
                     loads_count(j, "SELECT sum(marks) FROM register_batch WHERE area_id = 896"));
    assert_int_equal(apply(j).n_gone, 0);
}

static void
a_hold_on_everything_keeps_everything(void **state)
{
    struct job *j = support_job(state);
    struct retention_done done;
    const char *before;
    int64_t id;

    council(j);
    assert_ok(j, retention_hold(j, 0, "no destruction until told", &id));
    on_day(j, 2070, 1, 1);
    before = loads_dump(j);
    done = apply(j);
    assert_int_equal(done.n_gone, 0);
    assert_true(done.n_held > 10);
    assert_string_equal(loads_dump(j), before);
    assert_int_equal(count_due(j, RETAIN_CHILD, HELD_NOT), 0);
}

static void
the_text_of_a_batch_stays_while_a_held_child_is_in_it(void **state)
{
    struct job *j = support_job(state);
    int64_t id;

    council(j);
    keep_all_but(j, RETAIN_ORIGINALS);
    assert_ok(j, retention_hold(j, person_of(j, "Patel"), "inquiry", &id));
    on_day(j, 2030, 1, 1);
    assert_true(count_due(j, RETAIN_ORIGINALS, HELD_CHILD) >= 2); /* people.csv, a census */
    assert_true(count_due(j, RETAIN_ORIGINALS, HELD_NOT) >= 2);
    apply(j);
    assert_int_equal(count_due(j, RETAIN_ORIGINALS, HELD_NOT), 0);
    assert_true(holds(j, "Patel"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding f JOIN batch b ON b.area_id = "
                                    "f.area_id AND b.batch_id = f.batch_id WHERE b.area_id = 896 "
                                    "AND b.kind = 'leavers'"), 0);
}

/* ---- loads ---- */

static int64_t
batch_of(struct job *j, const char *kind)
{
    return loads_count(j, job_format(j, "SELECT min(batch_id) FROM batch WHERE area_id = 896 AND "
                                        "kind = '%s'", kind));
}

static void
a_withdrawn_load_goes_with_the_children_that_only_it_told_of(void **state)
{
    static const char file[] = "UPN,Surname,Forename,DOB,SchoolURN,Category,StartDate,EndDate,"
                               "Sessions,Reason1,Reason2,Reason3,SENprovision,Notified,Status\n"
                               "Z896400419017,Stray,Sam,2011-04-04,900001,SUSP,2025-03-14,"
                               "2025-03-20,10,DB,,,K,2025-03-14,new\n"
                               AMY ",Shaw,Amy,2010-03-01,900001,SUSP,2025-05-14,2025-05-20,10,"
                               "DB,,,K,2025-05-14,new\n";
    struct job *j = support_job(state);
    int64_t batch;

    council(j);
    keep_all_but(j, RETAIN_WITHDRAWN);
    batch = loads_expect(j, loads_file(j, "wrong.csv", file), LOAD_PUBLISHED).batch[0].id;
    j->area = 896;
    assert_true(holds(j, "Stray"));
    assert_ok(j, batch_withdraw(j, batch, "not ours"));
    on_day(j, 2026, 6, 15);
    assert_int_equal(count_due(j, RETAIN_WITHDRAWN, HELD_NOT), 0);
    on_day(j, 2026, 6, 16);
    assert_int_equal(apply(j).gone[RETAIN_WITHDRAWN], 1);
    assert_false(holds(j, "Stray"));
    assert_true(person_of(j, "Shaw") > 0);
    assert_int_equal(loads_count(j, job_format(j, "SELECT count(*) FROM suspension WHERE area_id = "
                                               "896 AND batch_id = %lld", (long long)batch)), 0);
    assert_int_equal(loads_count(j, job_format(j, "SELECT count(*) FROM batch WHERE area_id = 896 "
                                               "AND batch_id = %lld AND state = 'withdrawn' AND "
                                               "expired IS NOT NULL", (long long)batch)), 1);
    assert_int_equal(apply(j).n_gone, 0);
}

#define LIST                                                                                   \
    "LocalId,System,UPN,FormerUPN,Surname,Forename,DOB,Sex,Postcode,AddressFrom,AddressTo\n"
#define UMA "504,Case system,,,Unseen,Uma,2012-12-12,F,CH6 9ZZ,2012-12-12,\n"

static void
lists_that_say_the_same_are_all_forgotten_with_their_child(void **state)
{
    struct job *j = support_job(state);
    int64_t id;

    council(j);
    loads_expect(j, loads_file(j, "again.csv", LIST UMA), LOAD_PUBLISHED);
    j->area = 896;
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "surname = 'Unseen'"), 1);
    keep_all_but(j, RETAIN_ORIGINALS);
    assert_ok(j, retention_hold(j, person_of(j, "Unseen"), "inquiry", &id));
    on_day(j, 2030, 1, 1);
    apply(j); /* the text of both lists is held */
    assert_int_equal(loads_count(j, "SELECT count(DISTINCT c.batch_id) FROM file_chunk c JOIN "
                                    "batch b ON b.area_id = c.area_id AND b.batch_id = "
                                    "c.batch_id WHERE b.area_id = 896 AND b.kind = 'people'"), 2);
    assert_ok(j, retention_release(j, id, "over"));
    keep_for(j, RETAIN_ORIGINALS, 1200);
    keep_for(j, RETAIN_CHILD, 300);
    keep_for(j, RETAIN_REGISTERS, 72);
    on_day(j, 2037, 12, 12);
    apply(j);
    apply(j);
    assert_false(holds(j, "Unseen"));
}

static void
a_withdrawn_list_takes_nobody_whom_another_list_tells_of(void **state)
{
    struct job *j = support_job(state);
    int64_t first;

    council(j);
    first = batch_of(j, "people");
    loads_expect(j, loads_file(j, "again.csv", LIST UMA), LOAD_PUBLISHED);
    j->area = 896;
    assert_ok(j, batch_withdraw(j, first, "columns mixed up"));
    keep_all_but(j, RETAIN_WITHDRAWN);
    on_day(j, 2026, 6, 16);
    assert_int_equal(apply(j).gone[RETAIN_WITHDRAWN], 1);
    assert_true(person_of(j, "Unseen") > 0);
}

static void
registers_go_week_by_week_whole(void **state)
{
    struct job *j = support_job(state);

    council(j);
    keep_all_but(j, RETAIN_REGISTERS);
    on_day(j, 2030, 6, 15); /* a Saturday: the week of 10 June 2024 ended on the 16th */
    assert_int_equal(count_due(j, RETAIN_REGISTERS, HELD_NOT), 0);
    on_day(j, 2030, 6, 16);
    assert_int_equal(apply(j).gone[RETAIN_REGISTERS], 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_week WHERE area_id = 896"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_batch WHERE area_id = 896"), 1);
    assert_true(batch_of(j, "marks") > 0);
}

/* ---- what is not facts ---- */

static const char *const others[] = {
    "INSERT INTO task (area_id, task_id, kind, input, state, asked, asked_by, ended, done, total, "
    "attempts) VALUES (896, 90001, 'load', '{}', 'done', 0, 'x', 0, 0, 0, 1)",
    "INSERT INTO file_check (area_id, task_id, result) VALUES (896, 90001, '{}')",
    "INSERT INTO task (area_id, task_id, kind, input, state, asked, asked_by, done, total, "
    "attempts) VALUES (896, 90002, 'load', '{}', 'waiting', 0, 'x', 0, 0, 1)",
    "INSERT INTO school_form (area_id, form_id, kind, account_id, author, login, urn, status, "
    "answers, state, version, made, saved) VALUES (896, 90003, 'leaver', 1, 'A', 'a', 900001, "
    "'new', '{}', 'draft', 1, 0, 0)",
    "INSERT INTO snapshot (area_id, snapshot_id, as_of, known_at, made, program, state, "
    "first_year, last_year) VALUES (896, 90004, 0, 0, 0, 'x', 'kept', 2000, 2001)",
    "INSERT INTO snapshot_year (area_id, snapshot_id, school_year, rows_of, digest) "
    "VALUES (896, 90004, 2000, 90004, '')",
    "INSERT INTO break_glass (area_id, glass_id, person_id, account_id, category, why, begun, "
    "until, owner_id, verdict, verdict_at) VALUES (896, 90005, 1, 1, 'x', 'y', 0, 1, 1, "
    "'justified', 0)",
    "INSERT INTO break_glass (area_id, glass_id, person_id, account_id, category, why, begun, "
    "until, owner_id) VALUES (896, 90006, 1, 1, 'x', 'y', 0, 1, 1)",
    "INSERT INTO sign_run (area_id, run_id, day, known_at, pack_id, pack_version, program, state, "
    "made, looked_at, no_data) VALUES (896, 90007, 0, 0, 1, 'x', 'x', 'past', 0, 0, 0)",
    "INSERT INTO sign_count (area_id, run_id, school, urn, what, member, children) "
    "VALUES (896, 90007, 0, 0, 'listed', 0, 3)",
};

static void
lists_figures_forms_and_work_go_when_nobody_needs_them(void **state)
{
    static const char *const gone[] = {
        "SELECT count(*) FROM task WHERE area_id = 896 AND task_id = 90001",
        "SELECT count(*) FROM file_check WHERE area_id = 896",
        "SELECT count(*) FROM school_form WHERE area_id = 896",
        "SELECT count(*) FROM snapshot WHERE area_id = 896 AND snapshot_id = 90004",
        "SELECT count(*) FROM snapshot_year WHERE area_id = 896 AND snapshot_id = 90004",
        "SELECT count(*) FROM break_glass WHERE area_id = 896 AND glass_id = 90005",
        "SELECT count(*) FROM sign_run WHERE area_id = 896 AND run_id = 90007",
        "SELECT count(*) FROM sign_count WHERE area_id = 896 AND run_id = 90007"};
    struct job *j = support_job(state);
    struct retention_done done;
    int64_t in_force;

    council(j);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_ok(j, db_run(j, others[i], NO_ARGS, NULL));
    in_force = loads_count(j, "SELECT count(*) FROM figure WHERE area_id = 896");
    done = apply(j);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        if (loads_count(j, gone[i]))
            fail_msg("%s", gone[i]);
    assert_int_equal(done.n_gone, 5);
    assert_false(done.figures);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM task WHERE area_id = 896"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM break_glass WHERE area_id = 896"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM figure WHERE area_id = 896"), in_force);
}

static void
a_copy_is_due_until_somebody_says_that_it_is_destroyed(void **state)
{
    struct job *j = support_job(state);
    const char *path;
    struct retention_copy *v;
    size_t n;

    support_db(j);
    support_area(j);
    path = loads_file(j, "backup.db", "not really\n");
    assert_ok(j, retention_copied(j, path, 11));
    on_day(j, 2025, 12, 15);
    assert_int_equal(count_due(j, RETAIN_BACKUPS, HELD_BY_HAND), 0);
    on_day(j, 2025, 12, 16);
    assert_int_equal(count_due(j, RETAIN_BACKUPS, HELD_BY_HAND), 1);
    assert_int_equal(apply(j).n_gone, 0);
    assert_err(j, retention_destroyed(j, 1), ERR_CONFLICT);
    err_clear(j);
    loads_remove(path);
    assert_ok(j, retention_destroyed(j, 1));
    assert_err(j, retention_destroyed(j, 1), ERR_NOT_FOUND);
    err_clear(j);
    assert_int_equal(count_due(j, RETAIN_BACKUPS, HELD_BY_HAND), 0);
    assert_ok(j, retention_copies(j, &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].destroyed_by, "command line");
}

static void
a_copy_made_before_tables_changed_goes_by_itself(void **state)
{
    struct job *j = support_job(state);
    const struct timespec old[2] = {{.tv_sec = (time_t)(SUPPORT_TODAY - 200) * 24 * 3600},
                                    {.tv_sec = (time_t)(SUPPORT_TODAY - 200) * 24 * 3600}};
    const struct timespec young[2] = {{.tv_sec = (time_t)(SUPPORT_TODAY - 100) * 24 * 3600},
                                      {.tv_sec = (time_t)(SUPPORT_TODAY - 100) * 24 * 3600}};
    static const char *const name[] = {".before-0001", ".before-0002", ".kept"};
    const char *path[3];
    FILE *f;

    support_db(j);
    support_area(j);
    if (support_postgresql()) {
        print_message("skipped: only a SQLite file has copies beside it\n");
        return;
    }
    for (int i = 0; i < 3; i++) {
        path[i] = job_format(j, "%s%s", support_url(j) + strlen("sqlite:"), name[i]);
        f = fopen(path[i], "w");
        assert_non_null(f);
        fclose(f);
        assert_int_equal(utimensat(AT_FDCWD, path[i], i == 1 ? young : old, 0), 0);
    }
    apply(j);
    assert_int_not_equal(access(path[0], F_OK), 0);
    assert_int_equal(access(path[1], F_OK), 0);
    assert_int_equal(access(path[2], F_OK), 0);
}

/* ---- killed ---- */

static void
apply_and_die(struct job *j, int at)
{
    struct retention_done done;
    struct job mine;
    struct db *db;
    enum err e;

    job_init_child(&mine, j, 256 * JOB_MB);
    if (db_open(&mine, support_url(j), DB_WRITE, &db))
        _exit(2);
    mine.db = db;
    do {
        db_fault = at;
        e = retention_apply(&mine, &(struct retention_order){support_path(j, "."), "test"}, &done);
    } while (e == ERR_BUSY);
    if (db_fault == 0)
        raise(SIGKILL);
    _exit(e ? 3 : 0);
}

static bool
killed_at(struct job *j, int at)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0)
        apply_and_die(j, at);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        return true;
    assert_int_equal(WEXITSTATUS(status), 0);
    return false;
}

/* Nothing half: a record without its facts, a removal without its line or its entry. */
static void
check_whole(struct job *j)
{
    int64_t max = person_of(j, "Green"), facts;

    facts = loads_count(j, "SELECT count(*) FROM census_pupil c WHERE c.area_id = 896 AND NOT "
                           "EXISTS (SELECT 1 FROM identity i WHERE i.area_id = 896 AND "
                           "i.identity_id = c.identity_id)");
    assert_int_equal(facts, 0);
    if (!max)
        assert_false(holds(j, "Green"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM retention_gone WHERE area_id = 896"),
                     loads_count(j, "SELECT count(*) FROM audit WHERE area_id = 896 AND "
                                    "event = 'expired'"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM retention_gone WHERE area_id = 896"),
                     loads_count(j, "SELECT coalesce(sum(gone), 0) FROM retention_run WHERE "
                                    "area_id = 896"));
}

static void
a_removal_killed_anywhere_is_finished_by_the_next(void **state)
{
    struct job *j = support_job(state);
    bool dead = true;
    int at = 1;

    council(j);
    keep_for(j, RETAIN_ORIGINALS, 1200);
    on_day(j, 2034, 9, 9);
    for (; dead; at += 1 + at / 12) {
        struct scope s = job_scope_begin(j);
        dead = killed_at(j, at);
        check_whole(j);
        job_scope_end(j, s);
    }
    assert_true(at > 60);
    apply(j);
    assert_false(holds(j, "Green"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM retention_run WHERE area_id = 896 AND "
                                    "figures = 1"), 0);
    assert_int_equal(apply(j).n_gone, 0);
}

static void
a_store_that_fails_anywhere_is_told_and_leaves_nothing_half(void **state)
{
    struct job *j = support_job(state);
    int at;

    council(j);
    on_day(j, 2034, 9, 9);
    for (at = 1;; at += 1 + at / 12) {
        struct scope s = job_scope_begin(j);
        struct retention_done done;
        struct job mine;
        enum err e;

        job_init_child(&mine, j, 256 * JOB_MB);
        assert_ok(&mine, db_open(&mine, support_url(j), DB_WRITE, &mine.db));
        db_fault = at;
        e = retention_apply(&mine, &(struct retention_order){support_path(j, "."), "test"}, &done);
        at = db_fault ? 0 : at;
        db_fault = 0;
        if (at) {
            assert_int_not_equal(e, OK);
            assert_true(*mine.err.message);
        }
        job_end(&mine);
        check_whole(j);
        job_scope_end(j, s);
        if (!at)
            break;
    }
    apply(j);
    assert_false(holds(j, "Green"));
    assert_int_equal(apply(j).n_gone, 0);
}

static void
a_removal_waits_for_a_load(void **state)
{
    struct job *j = support_job(state), other;
    struct retention_done done;

    council(j);
    job_init_child(&other, j, 16 * JOB_MB);
    assert_ok(&other, db_open(&other, support_url(j), DB_WRITE, &other.db));
    assert_ok(&other, batch_lock(&other));
    assert_err(j, retention_apply(j, &(struct retention_order){support_path(j, "."), "test"},
                                  &done), ERR_BUSY);
    job_end(&other);
    err_clear(j);
}

/* What was erased comes back with an old copy, and goes again with the next round. */
static void
a_backup_put_back_loses_the_same_again(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "copy"), *second = support_empty_url(j);
    struct job other;

    council(j);
    assert_ok(j, db_backup(j, support_url(j), path));
    keep_all_but(j, RETAIN_CHILD);
    keep_for(j, RETAIN_REGISTERS, 72);
    on_day(j, 2034, 9, 9);
    apply(j);
    apply(j);
    assert_false(holds(j, "Green"));
    assert_ok(j, db_restore(j, path, second));
    job_init_child(&other, j, 256 * JOB_MB);
    assert_ok(&other, db_open(&other, second, DB_WRITE, &other.db));
    assert_int_not_equal(person_of(&other, "Green"), 0);
    for (int i = 0; i < 2; i++) {
        struct retention_done done;
        struct scope s = job_scope_begin(&other);
        assert_ok(&other, retention_apply(&other, &(struct retention_order){
                                                      support_path(j, "."), "test"}, &done));
        job_scope_end(&other, s);
    }
    assert_int_equal(person_of(&other, "Green"), 0);
    job_end(&other);
}

/* ---- each day ---- */

static void
the_daily_round_is_of_live_databases_and_once_a_day(void **state)
{
    struct job *j = support_job(state);
    bool time;

    council(j);
    assert_ok(j, retention_is_time(j, &time));
    assert_false(time); /* a trial: nothing goes by itself */
    assert_ok(j, setting_change(j, SETTING_LIVE, "1"));
    assert_ok(j, retention_is_time(j, &time));
    assert_true(time);
    apply(j);
    assert_ok(j, retention_is_time(j, &time));
    assert_false(time);
    on_day(j, 2025, 6, 17);
    assert_ok(j, retention_is_time(j, &time));
    assert_true(time);
    assert_ok(j, db_run(j, "UPDATE retention_run SET ended = NULL, at = at + 86400000000 WHERE "
                           "area_id = 896", NO_ARGS, NULL));
    assert_ok(j, retention_is_time(j, &time));
    assert_true(time); /* killed: it is begun again */
}

/* ---- whoever adds a table ---- */

/* Tables that name a child or a record, and what becomes of their rows: removed with the child
 * (the two lists of retention_child.c and facts.def), made again without it, or kept. */
static const char *const known[] = {
    /* removed */
    "person", "identity", "identity_change", "census_pupil", "suspension", "sen_need",
    "fsm_period", "ap_placement", "care_episode", "exclusion_outcome", "leaver", "register_entry",
    "ehc_fact", "correction", "note", "child_guard", "child_named", "child_bar", "break_glass",
    "safe_address", "safe_postcode", "school_form", "sign_child", "sign_reason", "watched_child",
    "found_child", "school_child", "school_roll",
    /* made again with the figures, without names in between */
    "child_year", "listed_child", "enrolment_year", "child_type", "quality_finding",
    /* kept: numbers */
    "audit", "retention_hold",
    /* of sealed records, which lie under minus the authority's number and are not reached */
    "sealed_child", "sealed_custodian", "sealed_news", "sealed_finding"};

static void
every_table_that_names_a_child_is_known_to_retention(void **state)
{
    struct job *j = support_job(state);
    const char *unknown = "";
    struct rows q;

    support_db(j);
    if (support_postgresql()) {
        print_message("skipped: the tables are the same on both engines\n");
        return;
    }
    db_ask(j, &q, "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                  "WHERE m.type = 'table' AND c.name IN ('person_id', 'identity_id') ORDER BY 1",
           NO_ARGS);
    while (db_next(&q)) {
        const char *name = row_text(&q, 0);
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(known[i], name))
            i++;
        if (i == sizeof known / sizeof *known)
            unknown = job_format(j, "%s %s", unknown, name);
    }
    assert_ok(j, db_done(&q));
    if (*unknown)
        fail_msg("what becomes of a child's rows in%s? See src/intake/retention_child.c", unknown);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(spans_are_read_and_said),
        SUPPORT_TEST(an_authority_has_its_own_rules_with_a_reference),
        SUPPORT_TEST(the_day_after_the_birthday_and_not_before),
        SUPPORT_TEST(a_child_whose_time_is_over_leaves_numbers_and_nothing_else),
        SUPPORT_TEST(of_a_file_of_one_table_the_line_is_blanked_and_others_keep_their_numbers),
        SUPPORT_TEST(a_plan_or_care_keeps_a_child_and_its_notes_by_a_longer_rule),
        SUPPORT_TEST(a_hold_on_a_child_keeps_it_and_ends_with_a_reason),
        SUPPORT_TEST(of_a_week_the_rows_of_a_held_child_stay_and_can_be_read),
        SUPPORT_TEST(a_hold_on_everything_keeps_everything),
        SUPPORT_TEST(the_text_of_a_batch_stays_while_a_held_child_is_in_it),
        SUPPORT_TEST(a_withdrawn_load_goes_with_the_children_that_only_it_told_of),
        SUPPORT_TEST(lists_that_say_the_same_are_all_forgotten_with_their_child),
        SUPPORT_TEST(a_withdrawn_list_takes_nobody_whom_another_list_tells_of),
        SUPPORT_TEST(registers_go_week_by_week_whole),
        SUPPORT_TEST(lists_figures_forms_and_work_go_when_nobody_needs_them),
        SUPPORT_TEST(a_copy_is_due_until_somebody_says_that_it_is_destroyed),
        SUPPORT_TEST(a_copy_made_before_tables_changed_goes_by_itself),
        SUPPORT_TEST(a_store_that_fails_anywhere_is_told_and_leaves_nothing_half),
        SUPPORT_TEST(a_removal_killed_anywhere_is_finished_by_the_next),
        SUPPORT_TEST(a_removal_waits_for_a_load),
        SUPPORT_TEST(a_backup_put_back_loses_the_same_again),
        SUPPORT_TEST(the_daily_round_is_of_live_databases_and_once_a_day),
        SUPPORT_TEST(every_table_that_names_a_child_is_known_to_retention),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
