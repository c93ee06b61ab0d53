/* What is remembered of who may see whom holds until something changes, whoever changes it. */
#include "access/permit.h"
#include "access/relation.h"
#include "support/support.h"

enum { OURS = 100001, THEIRS = 100002, HOUR = 3600 };
#define LATER ((int64_t)HOUR * 1000000)
static const struct actor senco = {.account = 3, .login = "s", .name = "S", .role = ROLE_SENCO,
                                   .area = 1, .urn = OURS};
static const struct actor analyst = {.account = 4, .login = "a", .name = "A",
                                     .role = ROLE_ANALYST, .area = 1};

static const char sql_batch[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
    "loaded_by, rows_read, rows_loaded, rows_refused) "
    "VALUES (1, $1, 'census', 'c', $2, $2, 1, 1, 'x', 1, 1, 0)";
static const char sql_person[] = "INSERT INTO person (area_id, person_id) VALUES (1, $1)";
static const char sql_identity[] =
    "INSERT INTO identity (area_id, identity_id, person_id, digest, source, batch_id) "
    "VALUES (1, $1, $1, $2, 'school', 1)";
static const char sql_pupil[] =
    "INSERT INTO census_pupil (area_id, batch_id, file_id, line, identity_id, urn, school_year, "
    "term, on_roll) VALUES (1, $1, 1, $2, $2, $3, 2024, 1, 1)";

static void
change(struct job *j, const char *sql)
{
    assert_ok(j, db_run(j, sql, NO_ARGS, NULL));
}

static void
pupil(struct job *j, int64_t batch, int64_t person, int64_t urn)
{
    assert_ok(j, db_run(j, sql_person, ARGS(INT(person)), NULL));
    assert_ok(j, db_run(j, sql_identity,
                        ARGS(INT(person), TEXT(job_format(j, "%lld", (long long)person))), NULL));
    assert_ok(j, db_run(j, sql_pupil, ARGS(INT(batch), INT(person), INT(urn)), NULL));
}

/* The one who changes things is another connection than the one that reads, as another process
 * is. */
struct two {
    struct job *writer;
    struct job reader;
    struct db_pool *pool;
};

static void
start(struct two *t, struct job *j, struct job *holder)
{
    support_db(j);
    support_area(j);
    assert_ok(j, db_run(j, sql_batch, ARGS(INT(1), TEXT("published")), NULL));
    assert_ok(j, db_run(j, sql_batch, ARGS(INT(2), TEXT("loading")), NULL));
    pupil(j, 1, 11, OURS);
    pupil(j, 1, 12, THEIRS);
    pupil(j, 2, 13, OURS);
    t->writer = j;
    job_init(holder, 8 * JOB_MB);
    assert_ok(holder, db_pool_open(holder, support_url(j), 1, &t->pool));
}

/* As one request asks: a connection of the pool, two questions, given back. */
static enum permit_reason
ask(struct two *t, const struct actor *who, int64_t person, int64_t now)
{
    enum permit_reason first, again;
    struct job *j = &t->reader;

    job_init_child(j, t->writer, 8 * JOB_MB);
    j->who = who;
    j->now = now;
    assert_ok(j, db_pool_take(j, t->pool));
    assert_ok(j, permit_ask(j, ACT_CHILD, (struct subject){.person = person}, &first));
    assert_ok(j, permit_ask(j, ACT_CHILD, (struct subject){.person = person}, &again));
    assert_int_equal(first, again);
    job_end(j);
    return first;
}

#define SEES(who, person, reason) assert_int_equal(ask(&t, who, person, SUPPORT_NOW), reason)

static void
a_change_by_another_is_seen_by_the_next_request(void **state)
{
    struct job *j = support_job(state), holder;
    struct two t;

    start(&t, j, &holder);
    SEES(&analyst, 11, PERMIT_YES);
    change(j, "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
              "VALUES (1, 11, 9, 'w', 1, 9)");
    SEES(&analyst, 11, PERMIT_RESTRICTED);
    change(j, "INSERT INTO child_named (area_id, person_id, account_id, since, given_by) "
              "VALUES (1, 11, 4, 1, 9)");
    SEES(&analyst, 11, PERMIT_YES);
    change(j, "UPDATE child_named SET until = 2");
    SEES(&analyst, 11, PERMIT_RESTRICTED);
    change(j, "INSERT INTO break_glass (area_id, glass_id, person_id, account_id, category, why, "
              "begun, until, owner_id) VALUES (1, 1, 11, 4, 'harm', 'w', 1, 9000000000000000, 9)");
    SEES(&analyst, 11, PERMIT_YES);
    change(j, "UPDATE break_glass SET finished = 2");
    SEES(&analyst, 11, PERMIT_RESTRICTED);
    change(j, "UPDATE child_guard SET owner_id = 4");
    SEES(&analyst, 11, PERMIT_YES);
    change(j, "INSERT INTO child_bar (area_id, account_id, person_id, since, why, set_by) "
              "VALUES (1, 4, 11, 1, 'w', 9)");
    SEES(&analyst, 11, PERMIT_BARRED);
    change(j, "DELETE FROM child_bar");
    SEES(&analyst, 11, PERMIT_YES);
    change(j, "UPDATE child_guard SET owner_id = 9");
    SEES(&analyst, 11, PERMIT_RESTRICTED);
    change(j, "DELETE FROM child_guard");
    SEES(&analyst, 11, PERMIT_YES);
    job_end(&holder);
}

static void
a_roll_that_changes_is_seen_by_the_next_request(void **state)
{
    struct job *j = support_job(state), holder;
    struct two t;

    start(&t, j, &holder);
    SEES(&senco, 11, PERMIT_YES);
    SEES(&senco, 12, PERMIT_SCHOOL);
    SEES(&senco, 13, PERMIT_SCHOOL);
    change(j, "UPDATE batch SET state = 'published' WHERE batch_id = 2");
    SEES(&senco, 13, PERMIT_YES);
    change(j, "UPDATE identity SET person_id = 12 WHERE identity_id = 11");
    SEES(&senco, 12, PERMIT_YES);
    SEES(&senco, 11, PERMIT_SCHOOL);
    change(j, "UPDATE batch SET state = 'withdrawn' WHERE batch_id = 1");
    SEES(&senco, 12, PERMIT_SCHOOL);
    change(j, "DELETE FROM batch WHERE batch_id = 2");
    SEES(&senco, 13, PERMIT_SCHOOL);
    job_end(&holder);
}

/* As sealing does it: the rows go to another area, and back. */
static void
a_record_that_goes_to_another_area_is_not_remembered_here(void **state)
{
    struct job *j = support_job(state), holder;
    struct two t;

    start(&t, j, &holder);
    SEES(&senco, 11, PERMIT_YES);
    change(j, "UPDATE identity SET area_id = -1 WHERE area_id = 1 AND person_id = 11");
    SEES(&senco, 11, PERMIT_SCHOOL);
    change(j, "UPDATE identity SET area_id = 1 WHERE area_id = -1 AND person_id = 11");
    SEES(&senco, 11, PERMIT_YES);
    change(j, "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
              "VALUES (1, 11, 9, 'w', 1, 9)");
    SEES(&analyst, 11, PERMIT_RESTRICTED);
    change(j, "UPDATE child_guard SET area_id = -1");
    SEES(&analyst, 11, PERMIT_YES);
    job_end(&holder);
}

/* One connection serves many people, of several schools. */
static void
nobody_gets_what_was_remembered_of_another(void **state)
{
    struct job *j = support_job(state), holder;
    const struct actor other = {.account = 5, .login = "o", .name = "O", .role = ROLE_SENCO,
                                .area = 1, .urn = THEIRS};
    const struct actor moved = {.account = 3, .login = "s", .name = "S", .role = ROLE_SENCO,
                                .area = 1, .urn = THEIRS};
    struct two t;

    start(&t, j, &holder);
    for (int i = 0; i < 2; i++) {
        SEES(&senco, 11, PERMIT_YES);
        SEES(&other, 11, PERMIT_SCHOOL);
        SEES(&moved, 11, PERMIT_SCHOOL);
        SEES(&analyst, 11, PERMIT_YES);
        SEES(&other, 12, PERMIT_YES);
        SEES(&senco, 12, PERMIT_SCHOOL);
        SEES(&moved, 12, PERMIT_YES);
    }
    job_end(&holder);
}

static void
what_ends_by_itself_ends_though_it_was_remembered(void **state)
{
    struct job *j = support_job(state), holder;
    struct two t;

    start(&t, j, &holder);
    change(j, "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
              "VALUES (1, 11, 9, 'w', 1, 9), (1, 12, 9, 'w', 1, 9)");
    assert_ok(j, db_run(j, "INSERT INTO child_named (area_id, person_id, account_id, since, "
                           "until, given_by) VALUES (1, 11, 4, $1, $2, 9)",
                        ARGS(INT(SUPPORT_NOW), INT(SUPPORT_NOW + LATER)), NULL));
    assert_ok(j, db_run(j, "INSERT INTO child_bar (area_id, account_id, person_id, since, "
                           "why, set_by) VALUES (1, 4, 11, $1, 'w', 9)",
                        ARGS(INT(SUPPORT_NOW + 2 * LATER)), NULL));
    assert_ok(j, db_run(j, "INSERT INTO break_glass (area_id, glass_id, person_id, account_id, "
                           "category, why, begun, until, owner_id) "
                           "VALUES (1, 1, 12, 4, 'harm', 'w', 1, $1, 9)",
                        ARGS(INT(SUPPORT_NOW + LATER)), NULL));
    assert_int_equal(ask(&t, &analyst, 11, SUPPORT_NOW), PERMIT_YES);
    assert_int_equal(ask(&t, &analyst, 11, SUPPORT_NOW + LATER - 1), PERMIT_YES);
    assert_int_equal(ask(&t, &analyst, 11, SUPPORT_NOW + LATER), PERMIT_RESTRICTED);
    assert_int_equal(ask(&t, &analyst, 11, SUPPORT_NOW + 2 * LATER), PERMIT_BARRED);
    /* and a clock that is set back */
    assert_int_equal(ask(&t, &analyst, 11, SUPPORT_NOW), PERMIT_YES);
    assert_int_equal(ask(&t, &analyst, 11, SUPPORT_NOW - 1), PERMIT_RESTRICTED);
    assert_int_equal(ask(&t, &analyst, 12, SUPPORT_NOW), PERMIT_YES);
    assert_int_equal(ask(&t, &analyst, 12, SUPPORT_NOW + LATER), PERMIT_RESTRICTED);
    job_end(&holder);
}

/* What a transaction takes back was never so, and the next one may count the same turn. */
static void
who_changes_things_remembers_nothing(void **state)
{
    struct job *j = support_job(state), holder;
    enum permit_reason reason;
    struct two t;

    start(&t, j, &holder);
    j->who = &analyst;
    assert_ok(j, db_begin(j));
    change(j, "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
              "VALUES (1, 11, 9, 'w', 1, 9)");
    assert_ok(j, permit_ask(j, ACT_CHILD, (struct subject){.person = 11}, &reason));
    assert_int_equal(reason, PERMIT_RESTRICTED);
    db_rollback(j);
    assert_ok(j, db_begin(j));
    change(j, "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
              "VALUES (1, 12, 9, 'w', 1, 9)");
    assert_ok(j, permit_ask(j, ACT_CHILD, (struct subject){.person = 11}, &reason));
    assert_int_equal(reason, PERMIT_YES);
    assert_ok(j, db_commit(j));
    SEES(&analyst, 11, PERMIT_YES);
    SEES(&analyst, 12, PERMIT_RESTRICTED);
    job_end(&holder);
}

/* More children than are remembered: each answer is still that child's. */
static void
a_full_memory_forgets_and_does_not_mix_up(void **state)
{
    enum { CHILDREN = 6000, EACH = 7 };
    struct job *j = support_job(state), holder;
    struct two t;

    start(&t, j, &holder);
    assert_ok(j, db_begin(j));
    for (int64_t p = 100; p < 100 + CHILDREN; p += EACH)
        assert_ok(j, db_run(j, "INSERT INTO child_bar (area_id, account_id, person_id, since, "
                               "why, set_by) VALUES (1, 4, $1, 1, 'w', 9)", ARGS(INT(p)), NULL));
    assert_ok(j, db_commit(j));
    job_init_child(&t.reader, j, 32 * JOB_MB);
    t.reader.who = &analyst;
    assert_ok(&t.reader, db_pool_take(&t.reader, t.pool));
    for (int turn = 0; turn < 2; turn++)
        for (int64_t p = 100; p < 100 + CHILDREN; p++) {
            enum permit_reason reason;
            assert_ok(&t.reader, permit_ask(&t.reader, ACT_CHILD, (struct subject){.person = p},
                                            &reason));
            assert_int_equal(reason, (p - 100) % EACH ? PERMIT_YES : PERMIT_BARRED);
        }
    job_end(&t.reader);
    job_end(&holder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_change_by_another_is_seen_by_the_next_request),
        SUPPORT_TEST(a_roll_that_changes_is_seen_by_the_next_request),
        SUPPORT_TEST(a_record_that_goes_to_another_area_is_not_remembered_here),
        SUPPORT_TEST(nobody_gets_what_was_remembered_of_another),
        SUPPORT_TEST(what_ends_by_itself_ends_though_it_was_remembered),
        SUPPORT_TEST(who_changes_things_remembers_nothing),
        SUPPORT_TEST(a_full_memory_forgets_and_does_not_mix_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
