/* Sealed records are kept as long as others, held by their custodians, and go without a word to
 * anybody else. */
#include "access/audit.h"
#include "access/audit_verify.h"
#include "intake/after.h"
#include "intake/batch.h"
#include "intake/follow.h"
#include "intake/keep.h"
#include "intake/retention_sealed.h"
#include "intake/sealing.h"
#include "support/loads.h"
#include "support/people.h"

#define MARKS "UPN,SchoolURN,Date,Session,Mark,MinutesLate,Extracted\n"
#define AMY "M896400120001"
#define MAX "W896400119006"

static const struct actor lead = {.account = 7, .login = "lead", .name = "Ines Marlow",
                                  .role = ROLE_INCLUSION_LEAD, .area = 896, .csrf = ""};
static const struct actor other = {.account = 8, .login = "other", .name = "Joan Other",
                                   .role = ROLE_INCLUSION_LEAD, .area = 896, .csrf = ""};

static struct key *
key_of(struct job *j)
{
    struct key *k = job_alloc(j, sizeof *k);

    assert_ok(j, key_load(j, support_path(j, "."), k));
    return k;
}

static void
on_day(struct job *j, int32_t year, int32_t month, int32_t d)
{
    j->today = date_from_ymd(year, month, d);
    j->now = (int64_t)j->today * 24 * 3600 * 1000000 + INT64_C(9) * 3600 * 1000000;
}

/* Amy Shaw, born on 1 March 2010: with facts, a note, a form and rows of a register; sealed. */
static const char sql_amy[] =
    "SELECT MIN(person_id) FROM identity WHERE area_id = 896 AND surname = 'Shaw'";
static const char *const more[] = {
    "INSERT INTO note (area_id, note_id, person_id, account_id, agency_kind, content, written) "
    "VALUES (896, 900, $1, 7, 'inclusion-team', 'A note', 1)",
    "INSERT INTO school_form (area_id, form_id, kind, account_id, author, login, urn, status, "
    "answers, state, version, made, saved, person_id) VALUES (896, 901, 'leaver', 1, 'A', 'a', "
    "900001, 'new', '{}', 'draft', 1, 0, 0, $1)",
};

static int64_t
start(struct job *j)
{
    const struct seal_order o = {.why = "A court said so"};
    struct seal_order order = o;
    struct follow_made made;
    struct scope s;

    support_db(j);
    loads_expect(j, LOADS_COUNCIL, LOAD_PUBLISHED);
    j->area = 896;
    loads_expect(j, loads_file(j, "marks.csv", MARKS
                               AMY ",900001,2024-06-12,AM,/,,2024-06-20\n"
                               MAX ",900001,2024-06-12,AM,I,,2024-06-20\n"), LOAD_PUBLISHED);
    assert_ok(j, follow_all(j, support_path(j, "."), false, &made));
    assert_ok(j, db_int(j, sql_amy, NO_ARGS, 0, &order.person));
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        assert_ok(j, db_run(j, more[i], ARGS(INT(order.person)), NULL));
    support_account(j, &lead);
    support_account(j, &other);
    for (int r = 0; r < RETENTION_RULES; r++)
        if (r != RETAIN_CHILD && r != RETAIN_REGISTERS)
            assert_ok(j, retention_set(j, &(struct retention_decided){(enum retention_rule)r, 1200,
                                                                      "RR 1"}));
    s = job_scope_begin(j); /* the lock of loads ends with it */
    j->who = &lead;
    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_seal(j, key_of(j), &order));
    assert_ok(j, db_commit(j));
    j->who = NULL;
    job_scope_end(j, s);
    return order.person;
}

static void
keep_for(struct job *j, enum retention_rule r, int months)
{
    assert_ok(j, retention_set(j, &(struct retention_decided){r, months, "RR 2"}));
}

static struct retention_done
apply(struct job *j)
{
    struct retention_done done;
    struct scope s = job_scope_begin(j);

    assert_ok(j, retention_apply(j, &(struct retention_order){support_path(j, "."), "test"},
                                 &done));
    job_scope_end(j, s);
    return done;
}

/* Rows of any kind about sealed children. */
static int64_t
rows_left(struct job *j)
{
    static const char *const tables[] = {
#define OF_IDENTITY(table) #table,
#define OF_PERSON(table) #table,
#include "intake/sealing.def"
        "identity", "sealed_child", "sealed_news", "note_audience"};
    int64_t n = 0;

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        n += loads_count(j, job_format(j, "SELECT COUNT(*) FROM %s WHERE area_id < 0", tables[i]));
    return n;
}

/* In the kept text of the authority. */
static bool
text_holds(struct job *j, const char *words)
{
    struct scope s = job_scope_begin(j);
    bool found = false;
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

/* Nothing that an officer or the command line is shown names the child, or counts it. */
static void
assert_untold(struct job *j, int64_t person)
{
    struct retention_item *due;
    struct retention_hold *holds;
    size_t n, n_holds;

    assert_ok(j, retention_due(j, &due, &n));
    for (size_t i = 0; i < n; i++)
        assert_false(due[i].rule == RETAIN_CHILD && due[i].subject == person);
    assert_ok(j, retention_holds(j, &holds, &n_holds));
    for (size_t i = 0; i < n_holds; i++)
        assert_true(holds[i].person != person);
    assert_int_equal(loads_count(j, job_format(j, "SELECT COUNT(*) FROM retention_gone WHERE "
                                               "area_id = 896 AND rule = 'child' AND subject = "
                                               "%lld", (long long)person)), 0);
    assert_int_equal(loads_count(j, job_format(j, "SELECT COUNT(*) FROM audit WHERE area_id = 896 "
                                               "AND person_id = %lld AND event = 'expired'",
                                               (long long)person)), 0);
}

static size_t
gone_for(struct job *j, const struct actor *who)
{
    struct retention_gone *v;
    size_t n;

    j->who = who;
    assert_ok(j, retention_sealed_gone(j, &v, &n));
    j->who = NULL;
    return n;
}

static void
a_sealed_record_goes_when_its_time_is_over_and_its_custodian_alone_is_told(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j), area;
    struct chain_check chain;

    assert_true(rows_left(j) > 8);
    on_day(j, 2035, 2, 28);
    apply(j); /* registers, and others whose time is over */
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM register_week WHERE area_id = 896"), 0);
    apply(j);
    assert_int_equal(gone_for(j, &lead), 0);
    assert_true(text_holds(j, AMY));
    on_day(j, 2035, 3, 1);
    assert_untold(j, person);
    assert_int_equal(apply(j).n_gone, 0); /* of the authority */
    assert_int_equal(rows_left(j), 0);
    assert_false(text_holds(j, AMY));
    assert_untold(j, person);
    assert_int_equal(gone_for(j, &lead), 1);
    assert_int_equal(gone_for(j, &other), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM audit WHERE area_id = -896 AND "
                                    "event = 'expired'"), 1);
    for (area = -896; area <= 896; area += 2 * 896) {
        assert_ok(j, audit_verify(j, area, NULL, &chain));
        assert_string_equal(chain.why, "");
    }
    apply(j); /* nothing more */
    assert_int_equal(gone_for(j, &lead), 1);
}

/* ---- held ------------------------------------------------------- */

struct holding {
    int64_t person;
    const char *why;
    bool ends;
    struct retention_sealed s;
};

static enum err
hold_or_end(struct job *j, void *arg)
{
    struct holding *h = arg;
    enum err e = retention_sealed_get(j, key_of(j), h->person, &h->s);

    if (e || !h->why)
        return e;
    return h->ends ? retention_sealed_release(j, &(struct retention_sealed_end){
                                                     h->person, h->s.holds[0].id, h->why})
                   : retention_sealed_hold(j, h->person, h->why);
}

static enum err
within(struct job *j, const struct actor *who, struct holding *h)
{
    enum err e;

    j->who = who;
    assert_ok(j, db_begin(j));
    e = custody_within(j, h->person, hold_or_end, h);
    if (!e)
        assert_ok(j, db_commit(j));
    else
        db_rollback(j);
    j->who = NULL;
    return e;
}

static void
a_custodian_holds_a_sealed_record_and_no_list_says_so(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    struct holding h = {.person = person, .why = "inquiry"};
    struct retention_item *due;
    size_t n;

    assert_err(j, within(j, &other, &h), ERR_NOT_FOUND); /* not its custodian */
    err_clear(j);
    h.why = " ";
    assert_err(j, within(j, &lead, &h), ERR_INPUT);
    err_clear(j);
    h.why = "inquiry";
    assert_ok(j, within(j, &lead, &h));
    on_day(j, 2060, 1, 1);
    keep_for(j, RETAIN_ORIGINALS, 36);
    assert_untold(j, person);
    apply(j);
    apply(j);
    assert_true(rows_left(j) > 8);
    assert_int_equal(gone_for(j, &lead), 0);
    /* her row of the week is left, and the text of batches that tell of her; no list has them */
    assert_int_equal(loads_count(j, "SELECT SUM(children) FROM register_week WHERE area_id = 896"),
                     1);
    assert_true(text_holds(j, AMY));
    assert_ok(j, retention_due(j, &due, &n));
    for (size_t i = 0; i < n; i++)
        assert_true(due[i].rule != RETAIN_REGISTERS && due[i].rule != RETAIN_ORIGINALS);
    assert_untold(j, person);
    h.ends = true;
    assert_ok(j, within(j, &lead, &h));
    assert_int_equal(h.s.n_holds, 1);
    assert_string_equal(h.s.holds[0].why, "inquiry");
    apply(j);
    apply(j);
    assert_int_equal(rows_left(j), 0);
    assert_false(text_holds(j, AMY));
    assert_int_equal(gone_for(j, &lead), 1);
}

static void
a_hold_on_everything_is_one_on_sealed_records_too(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j), id, rows = rows_left(j);
    struct holding h = {.person = person};

    assert_ok(j, retention_hold(j, 0, "no destruction until told", &id));
    on_day(j, 2090, 1, 1);
    apply(j);
    assert_int_equal(rows_left(j), rows);
    assert_ok(j, within(j, &lead, &h));
    assert_true(h.s.all);
    assert_true(h.s.born);
    assert_int_equal(h.s.since, date_from_ymd(2010, 3, 1));
}

/* ---- longer, shorter ------------------------------------------------------- */

static const char sql_care[] =
    "INSERT INTO care_episode (area_id, batch_id, file_id, line, part, identity_id, return_year, "
    "kind, started, source_kind) SELECT -896, 1, 1, 900000, 0, MIN(identity_id), 2020, 'care', "
    "18000, 'ssda903' FROM identity WHERE area_id = -896 AND person_id = $1";

static void
a_sealed_child_who_was_looked_after_is_kept_by_that_rule(void **state)
{
    struct job *j = support_job(state);
    struct holding h = {.person = start(j)};

    keep_for(j, RETAIN_CARE, 900);
    assert_ok(j, db_run(j, sql_care, ARGS(INT(h.person)), NULL));
    assert_ok(j, within(j, &lead, &h));
    assert_int_equal(h.s.rule, RETAIN_CARE);
    assert_int_equal(h.s.until, date_from_ymd(2085, 3, 1));
    on_day(j, 2085, 2, 28);
    apply(j);
    apply(j);
    assert_true(rows_left(j) > 8);
    on_day(j, 2085, 3, 1);
    apply(j);
    assert_int_equal(rows_left(j), 0);
}

static void
its_forms_and_notes_and_what_was_withdrawn_go_before_it(void **state)
{
    struct job *j = support_job(state);
    int64_t batch;

    start(j);
    keep_for(j, RETAIN_FORMS, 24);
    keep_for(j, RETAIN_NOTES, 120);
    keep_for(j, RETAIN_WITHDRAWN, 12);
    batch = loads_count(j, "SELECT MIN(batch_id) FROM batch WHERE area_id = 896 AND "
                           "kind = 'suspensions'");
    assert_true(loads_count(j, "SELECT COUNT(*) FROM suspension WHERE area_id = -896") > 0);
    assert_ok(j, batch_withdraw(j, batch, "not ours"));
    on_day(j, 2028, 1, 1);
    apply(j);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM school_form WHERE area_id = -896"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM note WHERE area_id = -896"), 0);
    assert_int_equal(loads_count(j, job_format(j, "SELECT COUNT(*) FROM suspension WHERE "
                                               "batch_id = %lld", (long long)batch)), 0);
    assert_true(loads_count(j, "SELECT COUNT(*) FROM census_pupil WHERE area_id = -896") > 0);
    assert_int_equal(gone_for(j, &lead), 2); /* forms, notes */
    assert_int_equal(gone_for(j, &other), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_sealed_record_goes_when_its_time_is_over_and_its_custodian_alone_is_told),
        SUPPORT_TEST(a_custodian_holds_a_sealed_record_and_no_list_says_so),
        SUPPORT_TEST(a_hold_on_everything_is_one_on_sealed_records_too),
        SUPPORT_TEST(a_sealed_child_who_was_looked_after_is_kept_by_that_rule),
        SUPPORT_TEST(its_forms_and_notes_and_what_was_withdrawn_go_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
