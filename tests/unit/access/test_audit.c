/* Notes of a job, the one writer, and what is on disk when it comes back. */
#include "support/people.h"
#include "support/support.h"
#include "access/session.h"
#include "access/setting.h"
#include "access/writer.h"
#include <pthread.h>

static struct key key;
static const struct actor ann = {.account = 7, .login = "ann", .name = "Ann", .role = ROLE_ANALYST,
                                 .area = 1};

static void
start(struct job *j)
{
    support_db(j);
    support_area(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    j->who = &ann;
}

static const char sql_all[] =
    "SELECT area_id, audit_id, at, account_id, act, subject, outcome FROM audit "
    "ORDER BY area_id, audit_id";

/* "1/1 7 child child 12 allowed\n…" */
static const char *
stored(struct job *j)
{
    const char *all = "";
    struct rows q;

    db_ask(j, &q, sql_all, NO_ARGS);
    while (db_next(&q)) {
        const char *subject = row_text(&q, 5);
        all = job_format(j, "%s%lld/%lld %lld %s %s %s\n", all, (long long)row_int(&q, 0),
                         (long long)row_int(&q, 1), (long long)row_int_or(&q, 3, -1),
                         row_text(&q, 4), subject ? subject : "-", row_text(&q, 6));
    }
    assert_ok(j, db_done(&q));
    return all;
}

static void
notes_are_numbered_within_their_area_in_the_order_they_were_taken(void **state)
{
    struct job *j = support_job(state);
    struct notes n;

    start(j);
    for (int round = 0; round < 2; round++) {
        audit_begin(j, &key, &n);
        audit_note(j, ACT_CHILD, "child 12", false);
        audit_note(j, ACT_CHILD, "child 13", true);
        j->area = 0;
        j->who = NULL;
        audit_note(j, ACT_SIGN_IN, NULL, true);
        j->area = 1;
        j->who = &ann;
        audit_note(j, ACT_EXPORT, "figures", false);
        assert_ok(j, db_begin(j));
        assert_ok(j, audit_write(j, &n));
        assert_ok(j, db_commit(j));
        audit_end(&n);
    }
    assert_string_equal(stored(j), "0/1 -1 sign-in - refused\n"
                                   "0/2 -1 sign-in - refused\n"
                                   "1/1 7 child child 12 allowed\n"
                                   "1/2 7 child child 13 refused\n"
                                   "1/3 7 export figures allowed\n"
                                   "1/4 7 child child 12 allowed\n"
                                   "1/5 7 child child 13 refused\n"
                                   "1/6 7 export figures allowed\n");
}

static void
a_change_taken_back_leaves_no_number_unused(void **state)
{
    struct job *j = support_job(state);
    struct notes n;

    start(j);
    audit_begin(j, &key, &n);
    audit_note(j, ACT_CHILD, "child 12", false);
    assert_ok(j, db_begin(j));
    assert_ok(j, audit_write(j, &n));
    db_rollback(j);
    assert_string_equal(stored(j), "");
    assert_ok(j, db_begin(j));
    assert_ok(j, audit_write(j, &n));
    assert_ok(j, db_commit(j));
    assert_string_equal(stored(j), "1/1 7 child child 12 allowed\n");
    audit_end(&n);
}

static void
the_same_look_within_one_page_is_noted_once(void **state)
{
    struct job *j = support_job(state);
    struct notes n;

    start(j);
    audit_begin(j, &key, &n);
    audit_note(j, ACT_CHILD, "child 12", false);
    audit_note(j, ACT_CHILD, "child 12", false);
    audit_note(j, ACT_CHILD, "child 12", true);
    audit_note(j, ACT_ORIGINAL, "child 12", false);
    audit_note(j, ACT_CHILD, "child 12", false);
    assert_ok(j, db_begin(j));
    assert_ok(j, audit_write(j, &n));
    assert_ok(j, db_commit(j));
    assert_string_equal(stored(j), "1/1 7 child child 12 allowed\n"
                                   "1/2 7 child child 12 refused\n"
                                   "1/3 7 original child 12 allowed\n");
    audit_end(&n);
}

static void
words_typed_by_people_are_kept_as_keyed_hashes_only(void **state)
{
    struct job *j = support_job(state);
    struct notes n;
    char hash[KEY_HASH];

    start(j);
    audit_begin(j, &key, &n);
    audit_words(j, ACT_CHILDREN, "search", "O'Leary", false);
    assert_null(strstr(n.first->subject, "Leary"));
    key_hash(&key, "search", "O'Leary", hash);
    assert_string_equal(n.first->subject, job_format(j, "search %s", hash));
    audit_end(&n);
}

static void
notes_outlive_the_scope_in_which_they_were_taken(void **state)
{
    struct job *j = support_job(state);
    struct notes n;
    struct scope s;

    start(j);
    audit_begin(j, &key, &n);
    s = job_scope_begin(j);
    audit_note(j, ACT_CHILD, job_format(j, "child %d", 12), false);
    job_scope_end(j, s);
    assert_string_equal(n.first->subject, "child 12");
    audit_end(&n);
}

static void
a_job_that_keeps_no_notes_is_left_in_peace(void **state)
{
    struct job *j = support_job(state);

    start(j);
    audit_note(j, ACT_CHILD, "child 12", false);
    audit_words(j, ACT_CHILDREN, "search", "x", false);
    assert_null(j->notes);
}

/* ---- the writer ---------------------------------------------------------------------------- */

static enum err
set_council(struct job *j, void *arg)
{
    audit_note(j, ACT_SETUP, "council", false);
    return setting_change(j, SETTING_COUNCIL, arg);
}

static enum err
set_and_fail(struct job *j, void *arg)
{
    enum err e = setting_change(j, SETTING_COUNCIL, arg);

    audit_note(j, ACT_SETUP, "council", true);
    return e ? e : err_set(j, ERR_INPUT, "no");
}

static const char *
council(struct job *j)
{
    struct settings all;

    assert_ok(j, setting_list(j, &all));
    return all.value[SETTING_COUNCIL] ? all.value[SETTING_COUNCIL] : "";
}

static void
a_change_and_its_notes_are_one(void **state)
{
    struct job *j = support_job(state);
    struct writer *w;
    struct notes n;
    char a[] = "Ashmere", b[] = "Birchwood";

    start(j);
    assert_ok(j, writer_open(j, support_url(j), &key, &w));
    audit_begin(j, &key, &n);
    assert_ok(j, writer_run(w, j, set_council, a));
    assert_string_equal(council(j), "Ashmere");
    assert_string_equal(stored(j), "1/1 7 setup council allowed\n");
    assert_null(n.first); /* written, so not written twice */
    assert_err(j, writer_run(w, j, set_and_fail, b), ERR_INPUT);
    err_clear(j);
    assert_string_equal(council(j), "Ashmere");
    assert_string_equal(stored(j), "1/1 7 setup council allowed\n");
    assert_ok(j, writer_keep(w, j)); /* the refusal is kept all the same */
    assert_string_equal(stored(j), "1/1 7 setup council allowed\n1/2 7 setup - taken back\n"
                                   "1/3 7 setup council refused\n");
    audit_end(&n);
}

static enum err
out_of_memory(struct job *j, void *arg)
{
    (void)arg;
    job_alloc(j, (size_t)1 << 40);
    return OK;
}

static void
a_page_that_runs_out_of_memory_does_not_hold_up_the_next(void **state)
{
    struct job *j = support_job(state);
    struct writer *w;
    char a[] = "Ashmere";

    start(j);
    assert_ok(j, writer_open(j, support_url(j), &key, &w));
    assert_err(j, writer_run(w, j, out_of_memory, NULL), ERR_BUSY);
    err_clear(j);
    assert_ok(j, writer_run(w, j, set_council, a));
    assert_string_equal(council(j), "Ashmere");
}

struct looker {
    struct writer *w;
    int64_t account;
    enum err err;
};

static void *
look_often(void *arg)
{
    struct looker *l = arg;
    struct actor who = ann;

    who.account = l->account;
    for (int i = 0; i < 20 && !l->err; i++) {
        struct job j;
        struct notes n;
        char subject[40];
        job_init(&j, JOB_MB);
        j.who = &who;
        j.area = 1;
        audit_begin(&j, &key, &n);
        snprintf(subject, sizeof subject, "child %d", i);
        audit_note(&j, ACT_CHILD, subject, false);
        l->err = writer_keep(l->w, &j);
        audit_end(&n);
        job_end(&j);
    }
    return NULL;
}

static const char sql_count[] =
    "SELECT COUNT(*) FROM audit WHERE area_id = 1 AND account_id = $1";
static const char sql_gaps[] =
    "SELECT MAX(audit_id) - COUNT(*) FROM audit WHERE area_id = 1";

/* ---- events and what goes with them --------------------------------------------------- */

static const char sql_events[] =
    "SELECT event, subject, detail, outcome FROM audit WHERE area_id = 1 ORDER BY audit_id";

/* "opened child 12 - allowed\n…" */
static const char *
events(struct job *j)
{
    const char *all = "";
    struct rows q;

    db_ask(j, &q, sql_events, NO_ARGS);
    while (db_next(&q)) {
        const char *subject = row_text(&q, 1), *detail = row_text(&q, 2);
        all = job_format(j, "%s%s %s %s %s\n", all, row_text(&q, 0), subject ? subject : "-",
                         detail ? detail : "-", row_text(&q, 3));
    }
    assert_ok(j, db_done(&q));
    return all;
}

static void
keep(struct job *j, struct notes *n)
{
    assert_ok(j, db_begin(j));
    assert_ok(j, audit_write(j, n));
    assert_ok(j, db_commit(j));
    audit_end(n);
}

struct row { int64_t other, person; };

static void
a_list_says_whom_it_showed(void **state)
{
    struct row row[] = {{7, 12}, {7, 12}, {7, 14}, {7, 0}, {7, 15}};
    struct row many[201];
    struct job *j = support_job(state);
    struct notes n;
    char hash[KEY_HASH];
    const char *all;

    start(j);
    audit_begin(j, &key, &n);
    audit_words(j, ACT_CHILDREN, "search", "kai", false);
    audit_note(j, ACT_CHILD, "child 12", false);
    audit_shown(j, ACT_CHILDREN, &(struct audit_list){&row->person, sizeof *row, 5, 57});
    audit_shown(j, ACT_SIGNS, &(struct audit_list){&row->person, sizeof *row, 1, 1});
    audit_shown(j, ACT_SIGNS, &(struct audit_list){&row->person, sizeof *row, 0, 0});
    for (int i = 0; i < 201; i++)
        many[i] = (struct row){0, i + 1};
    audit_shown(j, ACT_QUALITY, &(struct audit_list){&many->person, sizeof *many, 201, 9000});
    keep(j, &n);
    key_hash(&key, "search", "kai", hash);
    all = events(j);
    assert_non_null(strstr(all, job_format(j, "searched search %s shown 12 14 15 of 57 allowed\n"
                                              "opened child 12 - allowed\n"
                                              "listed - shown 12 of 1 allowed\n", hash)));
    assert_non_null(strstr(all, " 199 200 and 1 more of 9000 allowed\n"));
}

static void
a_change_says_which_fields_but_not_what_they_hold(void **state)
{
    const struct audit_field f[] = {{"days", "2", "3"}, {"note", NULL, "O'Leary"}};
    struct job *j = support_job(state);
    struct notes n;
    const char *all;
    char hash[KEY_HASH];

    start(j);
    audit_begin(j, &key, &n);
    audit_note(j, ACT_CORRECT, "child 12", false); /* the form is looked at */
    assert_ok(j, db_begin(j));
    audit_put(j, (struct note){.act = ACT_CORRECT, .subject = "child 12", .person = 12});
    audit_note(j, ACT_ORIGINAL, "child 12", false);
    audit_fields(j, ACT_CORRECT, f, 2);
    assert_ok(j, audit_write(j, &n));
    assert_ok(j, db_commit(j));
    audit_end(&n);
    all = events(j);
    assert_null(strstr(all, "Leary"));
    key_hash(&key, "days", "3", hash);
    hash[KEY_HASH / 2] = '\0';
    assert_non_null(strstr(all, "opened child 12 - allowed\nchanged child 12 days "));
    assert_non_null(strstr(all, job_format(j, ">%s, note ->", hash)));
}

static void
what_was_taken_back_says_so_and_what_was_read_was_read(void **state)
{
    struct job *j = support_job(state);
    struct writer *w;
    struct notes n;
    char b[] = "Birchwood";

    start(j);
    assert_ok(j, writer_open(j, support_url(j), &key, &w));
    audit_begin(j, &key, &n);
    audit_note(j, ACT_CHILD, "child 12", false);
    assert_err(j, writer_run(w, j, set_and_fail, b), ERR_INPUT);
    err_clear(j);
    audit_ensure(j, ACT_SETUP, EVENT_CONFIGURATION, "there is one already");
    audit_ensure(j, ACT_EXPORT, EVENT_EXPORTED, "list");
    assert_ok(j, writer_keep(w, j));
    assert_non_null(strstr(events(j), "opened child 12 - allowed\n"));
    assert_non_null(strstr(events(j), "denied council - refused\nexported list - allowed\n"));
    assert_non_null(strstr(events(j), "configuration "));
    assert_non_null(strstr(events(j), " taken back\n"));
    assert_null(strstr(events(j), "there is one"));
    audit_end(&n);
}

static void
many_pages_at_once_lose_no_note_and_leave_no_gap(void **state)
{
    enum { THREADS = 8 };
    struct job *j = support_job(state);
    struct looker l[THREADS];
    pthread_t thread[THREADS];
    struct writer *w;
    int64_t n;

    start(j);
    assert_ok(j, writer_open(j, support_url(j), &key, &w));
    for (int i = 0; i < THREADS; i++) {
        l[i] = (struct looker){w, 100 + i, OK};
        assert_int_equal(pthread_create(&thread[i], NULL, look_often, &l[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(l[i].err, OK);
        assert_ok(j, db_int(j, sql_count, ARGS(INT(100 + i)), 0, &n));
        assert_int_equal(n, 20);
    }
    assert_ok(j, db_int(j, sql_gaps, NO_ARGS, -1, &n));
    assert_int_equal(n, 0);
}

static const char sql_drop[] = "ALTER TABLE audit RENAME TO audit_away";
static const char sql_back[] = "ALTER TABLE audit_away RENAME TO audit";

static void
without_a_place_for_the_audit_nothing_is_let_out(void **state)
{
    struct job *j = support_job(state);
    struct writer *w;
    struct notes n;

    start(j);
    assert_ok(j, writer_open(j, support_url(j), &key, &w));
    assert_ok(j, db_run(j, sql_drop, NO_ARGS, NULL));
    audit_begin(j, &key, &n);
    audit_note(j, ACT_CHILD, "child 12", false);
    assert_int_not_equal(writer_keep(w, j), OK);
    assert_non_null(n.first); /* still to be written */
    err_clear(j);
    assert_ok(j, db_run(j, sql_back, NO_ARGS, NULL));
    assert_ok(j, writer_keep(w, j));
    assert_string_equal(stored(j), "1/1 7 child child 12 allowed\n");
    audit_end(&n);
}

static void
more_notes_than_there_is_memory_for_let_nothing_out(void **state)
{
    struct job *j = support_job(state);
    struct writer *w;
    struct notes n;

    start(j);
    assert_ok(j, writer_open(j, support_url(j), &key, &w));
    audit_begin(j, &key, &n);
    job_alloc_fault = 1;
    audit_note(j, ACT_CHILD, "child 12", false);
    audit_note(j, ACT_CHILD, "child 13", false);
    assert_err(j, writer_keep(w, j), ERR_BUSY);
    err_clear(j);
    assert_string_equal(stored(j), "");
    audit_end(&n);
}

static const char sql_seen[] = "SELECT seen FROM session";

static void
sessions_are_seen_with_the_next_group(void **state)
{
    struct job *j = support_job(state);
    struct job serving;
    struct writer *w;
    char token[KEY_TOKEN];
    int64_t seen;

    start(j);
    support_account(j, &ann);
    assert_ok(j, session_add(j, &key, 7, token));
    job_init(&serving, JOB_MB);
    assert_ok(&serving, writer_open(&serving, support_url(j), &key, &w));
    writer_see(w, token, j->now + 5);
    job_end(&serving); /* what waits is written before it ends */
    assert_ok(j, db_int(j, sql_seen, NO_ARGS, 0, &seen));
    assert_int_equal(seen, j->now + 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(notes_are_numbered_within_their_area_in_the_order_they_were_taken),
        SUPPORT_TEST(a_change_taken_back_leaves_no_number_unused),
        SUPPORT_TEST(the_same_look_within_one_page_is_noted_once),
        SUPPORT_TEST(words_typed_by_people_are_kept_as_keyed_hashes_only),
        SUPPORT_TEST(notes_outlive_the_scope_in_which_they_were_taken),
        SUPPORT_TEST(a_job_that_keeps_no_notes_is_left_in_peace),
        SUPPORT_TEST(a_change_and_its_notes_are_one),
        SUPPORT_TEST(a_page_that_runs_out_of_memory_does_not_hold_up_the_next),
        SUPPORT_TEST(a_list_says_whom_it_showed),
        SUPPORT_TEST(a_change_says_which_fields_but_not_what_they_hold),
        SUPPORT_TEST(what_was_taken_back_says_so_and_what_was_read_was_read),
        SUPPORT_TEST(many_pages_at_once_lose_no_note_and_leave_no_gap),
        SUPPORT_TEST(without_a_place_for_the_audit_nothing_is_let_out),
        SUPPORT_TEST(more_notes_than_there_is_memory_for_let_nothing_out),
        SUPPORT_TEST(sessions_are_seen_with_the_next_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
