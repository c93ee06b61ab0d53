/* A layout of the authority's own is seen on its page, and taken away there. */
#include "access/permit.h"
#include "intake/saved_layout.h"
#include "support/children.h"
#include "support/html.h"
#include "support/served.h"
#include <string.h>

#define NAME "Ours & \"theirs\" 100%/week"
static const char path[] = "/data/layout?name=Ours%20%26%20%22theirs%22%20100%25%2Fweek";
static const char fields[] = "name=Ours+%26+%22theirs%22+100%25%2Fweek";

static void
save(struct job *j, const char *name, const char *first)
{
    const char *const columns[] = {first, "Given", "Type", "From"};
    const struct mapping_part parts[] = {
        {MAPPING_COLUMN, "Surname", first, NULL},
        {MAPPING_COLUMN, "Forename", "Given", NULL},
        {MAPPING_COLUMN, "Category", "Type", NULL},
        {MAPPING_COLUMN, "StartDate", "From", NULL},
        {MAPPING_CONSTANT, "SchoolURN", "", "100001"},
        {MAPPING_VALUE, "Category", "<L1>", "SUSP"},
    };
    const struct mapping m = {name, layout_find("suspensions"), mapping_header(j, columns, 4),
                              parts, sizeof parts / sizeof *parts};

    j->area = 1;
    assert_ok(j, saved_layout_save(j, &m));
}

static void
start(struct served *s, struct job *j, const char *role)
{
    children_make(j);
    save(j, NAME, "Family");
    save(j, "Another", "Last name");
    served_start(s, j, NULL);
    served_sign_in(s, role);
}

static bool
has(const struct answer_seen *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

static void
is_sound(const struct answer_seen *a)
{
    struct html o;

    html_begin(&o);
    html_lit(&o, a->body, a->n_body);
    html_sound(&o);
    html_done(&o);
}

static struct answer_seen
post(struct served *s, const char *more)
{
    struct answer_seen a = client_get(&s->client, "/help");

    return client_post(&s->client, "/data/layout",
                       job_format(s->j, "csrf=%s%s", client_csrf(&s->client, &a), more));
}

static const char sql_layouts[] = "SELECT COUNT(*) FROM saved_layout WHERE area_id = 1";
static const char sql_parts[] = "SELECT COUNT(*) FROM saved_layout_part WHERE area_id = 1";
static const char sql_audit[] =
    "SELECT COUNT(*) FROM audit WHERE area_id = 1 AND act = 'load' AND event = 'changed' AND "
    "subject = 'saved layout' AND outcome = 'allowed' AND detail LIKE 'layout %>-'";
static const char sql_loaded[] =
    "SELECT (SELECT COUNT(*) FROM batch WHERE area_id = 1 AND state = 'published') + "
    "(SELECT COUNT(*) FROM suspension WHERE area_id = 1)";

static void
a_layout_is_seen_and_removed(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    int64_t loaded;

    start(&s, j, "analyst");
    loaded = served_count(&s, sql_loaded);
    a = client_get(&s.client, "/data/formats");
    assert_true(has(&a, job_format(j, "href=\"%s\"", path)));
    a = client_get(&s.client, path);
    assert_int_equal(a.status, 200);
    is_sound(&a);
    assert_true(has(&a, "Suspension and exclusion notifications"));
    assert_true(has(&a, "the column “Family”"));
    assert_true(has(&a, "“100001” in every row"));
    assert_true(has(&a, "“&lt;L1&gt;” is read as SUSP"));
    assert_true(has(&a, "What was loaded by this layout stays as it is."));
    assert_int_equal(served_count(&s, sql_layouts), 2); /* looking changes nothing */
    a = post(&s, job_format(j, "&%s", fields));
    assert_int_equal(a.status, 303);
    assert_string_equal(client_header(&s.client, &a, "Location"), "/data/formats");
    assert_int_equal(served_count(&s, sql_layouts), 1);
    assert_int_equal(served_count(&s, sql_parts), 6); /* of the other */
    assert_int_equal(served_count(&s, sql_audit), 1);
    assert_int_equal(served_count(&s, sql_loaded), loaded);
    a = client_get(&s.client, "/data/formats");
    assert_true(has(&a, "Another"));
    assert_false(has(&a, "theirs"));
    assert_int_equal(client_get(&s.client, path).status, 404);
    served_stop(&s);
}

static void
a_layout_that_is_not_there_is_neither_seen_nor_removed(void **state)
{
    static const char *const names[] = {"&name=another", "&name=Another+"};
    struct job *j = support_job(state);
    struct served s;

    start(&s, j, "analyst");
    assert_int_equal(client_get(&s.client, "/data/layout").status, 303); /* to all of them */
    assert_int_equal(post(&s, "").status, 422);
    assert_int_equal(post(&s, "&name=").status, 422);
    assert_int_equal(client_get(&s.client, "/data/layout?name=nothing").status, 404);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(post(&s, names[i]).status, 404);
    assert_int_equal(post(&s, "&name=Another").status, 303);
    assert_int_equal(post(&s, "&name=Another").status, 404); /* twice */
    assert_int_equal(served_count(&s, sql_layouts), 1);
    assert_int_equal(served_count(&s, sql_audit), 1);
    served_stop(&s);
}

static void
without_the_token_nothing_is_removed(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    start(&s, j, "analyst");
    assert_int_equal(client_post(&s.client, "/data/layout", "name=Another").status, 403);
    assert_int_equal(client_post(&s.client, "/data/layout", "csrf=x&name=Another").status, 403);
    assert_int_equal(served_count(&s, sql_layouts), 2);
    served_stop(&s);
}

static void
who_may_not_load_sees_at_most(void **state)
{
    static const struct { const char *role; int seen; } roles[] = {
        {"inclusion-lead", 200}, {"senco", 404}, {"administrator", 404}};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, "analyst");
    for (size_t i = 0; i < 3; i++) {
        served_sign_in(&s, roles[i].role);
        a = client_get(&s.client, path);
        assert_int_equal(a.status, roles[i].seen);
        assert_false(has(&a, "Remove"));
        assert_int_equal(post(&s, "&name=Another").status, 404);
    }
    assert_int_equal(served_count(&s, sql_layouts), 2);
    assert_int_equal(served_count(&s, sql_audit), 0);
    served_stop(&s);
}

static const char sql_older[] =
    "UPDATE saved_layout SET layout = 'gone' WHERE area_id = 1 AND name = 'Another'";

static void
a_layout_of_a_format_that_is_gone_can_still_be_removed(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, "analyst");
    assert_ok(j, db_run(j, sql_older, NO_ARGS, NULL));
    a = client_get(&s.client, "/data/layout?name=Another");
    assert_int_equal(a.status, 200);
    is_sound(&a);
    assert_true(has(&a, "a format that is no longer known"));
    assert_true(has(&a, "No file is read by it any more."));
    assert_int_equal(post(&s, "&name=Another").status, 303);
    assert_int_equal(served_count(&s, sql_layouts), 1);
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_layout_is_seen_and_removed),
        SUPPORT_TEST(a_layout_that_is_not_there_is_neither_seen_nor_removed),
        SUPPORT_TEST(without_the_token_nothing_is_removed),
        SUPPORT_TEST(who_may_not_load_sees_at_most),
        SUPPORT_TEST(a_layout_of_a_format_that_is_gone_can_still_be_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
