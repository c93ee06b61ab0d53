/* A school looks at itself: its own figures and pupils, and nothing of other schools. */
#include "access/actor.h"
#include "people/child.h"
#include "people/school.h"
#include "risk/refresh.h"
#include "support/html.h"
#include "support/loads.h"
#include "support/served.h"
#include <string.h>

static void
make_figures(struct job *j)
{
    struct refreshed made;

    assert_ok(j, figures_refresh(j, support_path(j, "."),
                                 &(struct refresh_order){.as_of = DATE_NONE}, &made));
    assert_true(made.made);
}

static void
council(struct job *j)
{
    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    make_figures(j);
}

/* The people of served.h, moved to this council; the SENCO is of Example High School. */
static void
start(struct served *s, struct job *j)
{
    council(j);
    served_start(s, j, NULL);
    support_move(j, 896, 900001);
}

static bool
has(const struct answer_seen *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

static void
a_senco_starts_at_the_page_of_the_own_school(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    a = client_sign_in(&s.client, "senco", SERVED_PASSPHRASE);
    assert_int_equal(a.status, 303);
    assert_string_equal(client_header(&s.client, &a, "Location"), "/schools");
    a = client_get(&s.client, "/schools");
    assert_int_equal(a.status, 303);
    assert_string_equal(client_header(&s.client, &a, "Location"), "/schools/900001");
    a = client_get(&s.client, "/schools/900001");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "Example High School"));
    assert_true(has(&a, "As DfE counts"));
    assert_true(has(&a, "95% interval"));
    assert_false(has(&a, "Example P"));
    assert_false(has(&a, "900003"));
    assert_false(has(&a, "All schools"));
    served_stop(&s);
}

/* Without the date, which is the only header that may differ. */
static const char *
without_date(struct job *j, const struct answer_seen *a)
{
    const char *date = strstr(a->head, "Date: ");

    assert_non_null(date);
    return job_format(j, "%.*s%s%s", (int)(date - a->head), a->head,
                      date + strcspn(date, "\n") + 1, a->body);
}

static const char sql_refused[] =
    "SELECT COUNT(*) FROM audit WHERE area_id = 896 AND subject = 'school 900003' "
    "AND outcome = 'refused'";

static void
another_school_is_answered_as_one_that_is_not_there(void **state)
{
    static const char *const theirs[] = {"/schools/900003", "/schools/nowhere",
        "/children?measure=susp&year=2024&by=school&group=900003", "/overview"};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *not_there;

    start(&s, j);
    served_sign_in(&s, "senco");
    a = client_get(&s.client, "/schools/987654");
    assert_int_equal(a.status, 404);
    not_there = without_date(j, &a);
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
        a = client_get(&s.client, theirs[i]);
        assert_string_equal(without_date(j, &a), not_there);
    }
    assert_int_equal(served_count(&s, sql_refused), 1);
    served_stop(&s);
}

/* From <main> to its end, without the link back to all schools. */
static const char *
main_of(struct job *j, const struct answer_seen *a)
{
    const char *from = strstr(a->body, "<h1"), *to = strstr(a->body, "</main>");

    assert_true(from && to && from < to);
    return job_format(j, "%.*s", (int)(to - from), from);
}

static void
an_analyst_and_a_lead_see_the_same_page(void **state)
{
    static const char *const roles[] = {"analyst", "inclusion-lead"};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *own;

    start(&s, j);
    served_sign_in(&s, "senco");
    a = client_get(&s.client, "/schools/900001");
    own = main_of(j, &a);
    for (size_t i = 0; i < 2; i++) {
        served_sign_in(&s, roles[i]);
        a = client_get(&s.client, "/schools/900001");
        assert_string_equal(main_of(j, &a), own);
        assert_true(has(&a, "All schools"));
        assert_int_equal(client_get(&s.client, "/schools/900003").status, 200);
    }
    served_sign_in(&s, "administrator");
    assert_int_equal(client_get(&s.client, "/schools/900001").status, 404);
    served_stop(&s);
}

static void
figures_of_a_school_ask_for_that_school(void **state)
{
    static const struct actor senco = {.account = 2, .role = ROLE_SENCO, .area = 896,
                                       .urn = 900001};
    static const struct actor analyst = {.account = 1, .role = ROLE_ANALYST, .area = 896};
    static const struct actor admin = {.account = 3, .role = ROLE_ADMINISTRATOR};
    struct job *j = support_job(state);
    struct figure *f;
    size_t n, all;

    council(j);
    j->who = &senco;
    assert_ok(j, figure_list_school(j, 900001, &f, &n));
    assert_true(n > 0);
    all = n;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(f[i].dimension, D_SCHOOL);
        assert_string_equal(f[i].member, "900001");
    }
    assert_err(j, figure_list_school(j, 900003, &f, &n), ERR_DENIED);
    assert_int_equal(n, 0);
    assert_err(j, figure_list(j, (struct figure_filter){-1, -1, D_SCHOOL, "900003"}, &f, &n),
               ERR_DENIED);
    j->who = &admin;
    assert_err(j, figure_list_school(j, 900003, &f, &n), ERR_DENIED);
    j->who = &analyst;
    assert_ok(j, figure_list_school(j, 900001, &f, &n));
    assert_int_equal(n, all);
}

/* As the SENCO of a school: each figure equals its list, and each child on it opens. */
static size_t
walk_school(struct job *j, int64_t urn)
{
    struct actor senco = {.account = 9, .login = "s", .name = "S", .role = ROLE_SENCO,
                          .area = 896, .urn = urn, .csrf = ""};
    struct figure *f;
    size_t n, opened = 0;

    j->who = &senco;
    assert_ok(j, figure_list_school(j, urn, &f, &n));
    for (size_t i = 0; i < n; i++) {
        struct children_asked ask = {{(int)f[i].measure, f[i].school_year, D_SCHOOL, f[i].member},
                                     1000, 0};
        struct figure_child *v;
        size_t shown;
        int64_t total;
        if (measure_rows[f[i].measure].family != FAMILY_CHILD || f[i].no_data)
            continue;
        assert_ok(j, figure_children(j, &ask, &v, &shown, &total));
        assert_int_equal(total, f[i].numerator);
        assert_int_equal(shown, f[i].numerator);
        for (size_t k = 0; k < shown; k++) {
            struct child c;
            assert_int_equal(v[k].urn, urn);
            assert_ok(j, child_get(j, v[k].person, &c));
            opened++;
        }
    }
    j->who = NULL;
    return opened;
}

static void
every_number_of_a_school_opens_its_list_and_every_child_on_it(void **state)
{
    struct job *j = support_job(state);
    struct school *v;
    size_t n, opened = 0;

    council(j);
    assert_ok(j, school_list(j, &v, &n));
    assert_true(n >= 2);
    for (size_t i = 0; i < n; i++)
        opened += walk_school(j, v[i].urn);
    assert_true(opened > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_senco_starts_at_the_page_of_the_own_school),
        SUPPORT_TEST(another_school_is_answered_as_one_that_is_not_there),
        SUPPORT_TEST(an_analyst_and_a_lead_see_the_same_page),
        SUPPORT_TEST(figures_of_a_school_ask_for_that_school),
        SUPPORT_TEST(every_number_of_a_school_opens_its_list_and_every_child_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
