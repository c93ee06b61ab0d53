/* Every page of a small database, as the server sends it, is sound and small. */
#include "support/children.h"
#include "support/html.h"
#include "support/served.h"
#include "risk/refresh.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PAGE_MOST = 60 * 1024 }; /* packed */

static void
start(struct served *s, struct job *j)
{
    struct refreshed made;

    children_make(j);
    assert_ok(j, figures_refresh(j, support_path(j, "."),
                                 &(struct refresh_order){.as_of = DATE_NONE}, &made));
    assert_true(made.made);
    served_start(s, j, NULL);
}

static size_t
packed(const char *s, size_t n)
{
    uLongf size = compressBound(n);
    Bytef *to = malloc(size);

    assert_int_equal(compress(to, &size, (const Bytef *)s, n), Z_OK);
    free(to);
    return size;
}

static void
is_sound(struct served *s, const char *path)
{
    struct answer_seen a = client_get(&s->client, path);
    struct html o;

    if (a.status != 200)
        fail_msg("%s answers %d", path, a.status);
    html_begin(&o);
    html_lit(&o, a.body, a.n_body);
    html_sound(&o);
    assert_int_equal(html_count(&o, "<h1"), 1);
    assert_int_equal(html_count(&o, "<main"), 1);
    assert_true(packed(a.body, a.n_body) < PAGE_MOST);
    html_done(&o);
}

static const char *const area_pages[] = {
    "/", "/overview", "/overview?year=2024", "/overview?year=1066", "/at-risk",
    "/at-risk?outcome=pa&years=2024&care=ever", "/at-risk?outcome=nonsense&years=9999-1&care=x",
    "/cliff-edge", "/cliff-edge?year=2024", "/schools", "/schools?phase=primary", "/schools/100001",
    "/children", "/children?q=kai", "/children?q=%3Cb%3E%22%27", "/children?school=100002",
    "/children?school=100002&group_year=9", "/children?measure=susp&year=2024",
    "/children?measure=susp&year=2024&by=sex&group=M", "/children?measure=pa&year=2024&page=7",
    "/children/1", "/children/2", "/data", "/data?schools=all&batches=all", "/data/batches/10",
    "/data/batches/13", "/data/batches/10/findings", "/help", "/information", "/accessibility",
    "/definitions"};

static void
every_page_of_an_analyst_is_sound(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    start(&s, j);
    served_sign_in(&s, "analyst");
    for (size_t i = 0; i < sizeof area_pages / sizeof *area_pages; i++)
        is_sound(&s, area_pages[i]);
    is_sound(&s, "/data/load");
    is_sound(&s, "/children/1/facts/suspension/11/2/9");
    served_stop(&s);
}

static void
every_page_of_a_lead_is_sound(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    start(&s, j);
    served_sign_in(&s, "inclusion-lead");
    for (size_t i = 0; i < sizeof area_pages / sizeof *area_pages; i++)
        is_sound(&s, area_pages[i]);
    served_stop(&s);
}

static void
every_page_of_a_school_is_sound(void **state)
{
    static const char *const paths[] = {"/", "/children", "/children?q=kai", "/children?q=mary",
        "/children/1", "/children/3", "/schools/100001", "/children?measure=susp&year=2024",
        "/children?measure=susp&year=2024&by=school&group=100001", "/help", "/definitions"};
    struct job *j = support_job(state);
    struct served s;

    start(&s, j);
    served_sign_in(&s, "senco");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        is_sound(&s, paths[i]);
    served_stop(&s);
}

static void
before_anything_is_loaded_pages_say_what_to_do(void **state)
{
    static const char *const paths[] = {"/overview", "/at-risk", "/cliff-edge", "/schools",
                                        "/children", "/data", "/data/load"};
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    served_sign_in(&s, "analyst");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        is_sound(&s, paths[i]);
    served_stop(&s);
}

static void
a_list_that_is_not_there_and_a_child_that_is_not_there_are_one_page(void **state)
{
    static const char *const paths[] = {"/children?measure=nonsense", "/children/999",
        "/children/1/facts/nonsense/1/1/1", "/children/1/facts/census/1/1/1", "/schools/5",
        "/data/batches/999", "/data/loads/999", "/children.csv?measure=dfe-pa"};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen first;

    start(&s, j);
    served_sign_in(&s, "analyst");
    first = client_get(&s.client, "/nowhere");
    assert_int_equal(first.status, 404);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct answer_seen a = client_get(&s.client, paths[i]);
        assert_int_equal(a.status, 404);
        assert_non_null(strstr(a.body, "That page is not here"));
    }
    served_stop(&s);
}

static void
findings_taken_away_say_it_is_a_trial_and_hold_no_formula(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    assert_ok(j, db_run(j, "INSERT INTO batch_file (area_id, batch_id, file_id, name, layout, "
                           "digest, bytes, rows_read, rows_loaded, rows_refused) VALUES (1, 10, 1, "
                           "'pupils.csv', 'census-pupilonroll', 'x', 1, 1, 0, 1)", NO_ARGS, NULL));
    assert_ok(j, db_run(j, "INSERT INTO finding (area_id, batch_id, finding_id, file_id, line, "
                           "field, rule, refused, value, message) VALUES (1, 10, 1, 1, 7, 'UPN', "
                           "'upn-form', 1, '=1+1', 'It is not well formed.')", NO_ARGS, NULL));
    served_sign_in(&s, "inclusion-lead");
    a = client_get(&s.client, "/data/batches/10/findings.csv");
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(client_header(&s.client, &a, "Content-Disposition"), "attachment"));
    assert_non_null(strstr(a.body, "pupils.csv,7,,UPN,'=1+1,upn-form,It is not well formed.,yes,"));
    assert_non_null(strstr(a.body, "Trial"));
    is_sound(&s, "/data/batches/10/findings");
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_page_of_an_analyst_is_sound),
        SUPPORT_TEST(every_page_of_a_lead_is_sound),
        SUPPORT_TEST(every_page_of_a_school_is_sound),
        SUPPORT_TEST(before_anything_is_loaded_pages_say_what_to_do),
        SUPPORT_TEST(a_list_that_is_not_there_and_a_child_that_is_not_there_are_one_page),
        SUPPORT_TEST(findings_taken_away_say_it_is_a_trial_and_hold_no_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
