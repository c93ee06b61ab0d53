/* In which line of its file each mark stands, and what analysts corrected in marks. */
#include "access/actor.h"
#include "intake/original.h"
#include "people/register_weeks.h"
#include "quality/correct.h"
#include "registers.h"

static void
a_line_of_a_register_is_made_again(void **state)
{
    struct job *j = support_job(state);
    struct load_batch b;
    struct original_record o;

    council(j);
    b = taken(j, "a.csv", YEAR BEN ",900001,2025-01-13,/\\/\\/\\/\\/\\####,2025-02-01\n"
                               ANNA ",900001,2025-01-15,/\\IIO\\####/\\--U\\,2025-02-01\n");
    assert_ok(j, original_get(j, (struct original_place){b.id, 1, 3}, &o));
    assert_true(o.rebuilt);
    assert_string_equal(o.raw, ANNA ",900001,2025-01-15,/\\IIO\\####/\\--U\\,2025-02-01");
    b = taken(j, "b.csv", DAILY ANNA ",900001,2025-01-13,AM,L,12,2025-02-01\n"
                                ANNA ",900001,2025-01-13,PM,C2,,2025-02-01\n"
                                BEN ",900001,2025-01-13,AM,/,,2025-02-01\n");
    assert_ok(j, original_get(j, (struct original_place){b.id, 1, 2}, &o));
    assert_string_equal(o.raw, ANNA ",900001,2025-01-13,AM,L,12,2025-02-01");
    assert_ok(j, original_get(j, (struct original_place){b.id, 1, 3}, &o));
    assert_string_equal(o.raw, ANNA ",900001,2025-01-13,PM,C2,,2025-02-01");
    assert_ok(j, original_get(j, (struct original_place){b.id, 1, 4}, &o));
    assert_string_equal(o.raw, BEN ",900001,2025-01-13,AM,/,,2025-02-01");
    assert_err(j, original_get(j, (struct original_place){b.id, 1, 5}, &o), ERR_NOT_FOUND);
}

/* Line i + 2 of a list of rows in some order: each day of a week leads to its own. */
static void
each_mark_leads_to_its_own_line_whatever_their_order(void **state)
{
    static const char *const lists[] = {
        DAILY ANNA ",900001,2025-01-13,AM,/,,\n" ANNA ",900001,2025-01-13,PM,\\,,\n"
              ANNA ",900001,2025-01-14,AM,I,,\n" BEN ",900001,2025-01-13,AM,/,,\n",
        DAILY BEN ",900001,2025-01-13,AM,/,,\n" ANNA ",900001,2025-01-13,AM,/,,\n"
              BEN ",900001,2025-01-13,PM,/,,\n" ANNA ",900001,2025-01-13,PM,\\,,\n"
              BEN ",900001,2025-01-14,AM,/,,\n" BEN ",900001,2025-01-14,PM,/,,\n"
              ANNA ",900001,2025-01-14,AM,I,,\n",
        DAILY ANNA ",900001,2025-01-14,AM,I,,\n" ANNA ",900001,2025-01-13,PM,\\,,\n"
              BEN ",900001,2025-01-14,AM,/,,\n" ANNA ",900001,2025-01-13,AM,/,,\n",
        DAILY ANNA ",900001,2025-01-13,AM,O,,\n" ANNA ",900001,2025-01-13,PM,\\,,\n"
              ANNA ",900001,2025-01-14,AM,I,,\n" ANNA ",900001,2025-01-13,AM,/,,\n",
    };
    static const int lines[][3] = {{2, 3, 4}, {3, 5, 8}, {5, 3, 2}, {5, 3, 4}};
    static const char *const raws[] = {"2025-01-13,AM,/,,", "2025-01-13,PM,\\,,",
                                       "2025-01-14,AM,I,,"};
    struct job *j = support_job(state);
    const int64_t urn = 900001;
    struct register_asked ask = {.urn = &urn, .n_urns = 1, .from = date_from_ymd(2025, 1, 13),
                                 .to = date_from_ymd(2025, 1, 20)};
    struct register_child_week *w;
    struct original_record o;
    struct fact_key key;
    struct load_batch b;
    struct fact f;
    size_t n;

    council(j);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        b = taken(j, job_format(j, "%zu.csv", i), lists[i]);
        ask.person = loads_count(j, "SELECT person_id FROM identity WHERE upn = '" ANNA "'");
        assert_ok(j, register_weeks_of(j, &ask, &w, &n));
        assert_int_equal(n, 1);
        for (int k = 0; k < 3; k++) {
            assert_int_equal(w[0].stands[k].batch, b.id);
            assert_int_equal(w[0].stands[k].line, lines[i][k]);
            assert_ok(j, original_get(j, (struct original_place){b.id, 1, lines[i][k]}, &o));
            assert_string_equal(o.raw, job_format(j, ANNA ",900001,%s", raws[k]));
            key = (struct fact_key){FACT_MARKS, b.id, 1, lines[i][k]};
            assert_ok(j, fact_get(j, ask.person, key, &f));
            assert_int_equal(f.from, date_from_ymd(2025, 1, 13 + k / 2));
            assert_int_equal(f.to, DATE_NONE);
        }
    }
}

static void
a_childs_weeks_name_the_line_that_told_last(void **state)
{
    static const int64_t urn = 900001;
    struct job *j = support_job(state);
    struct register_asked ask = {.urn = &urn, .n_urns = 1, .from = date_from_ymd(2025, 1, 6),
                                 .to = date_from_ymd(2025, 2, 1)};
    struct fact_key key = {.kind = FACT_MARKS};
    struct register_child_week *w;
    struct load_batch b;
    struct fact f;
    size_t n;

    council(j);
    taken(j, "a.csv", YEAR BEN ",900001,2025-01-13,IIII,2025-02-01\n"
                           ANNA ",900001,2025-01-13,/\\/\\/\\/\\/\\####/\\,2025-01-30\n");
    b = taken(j, "b.csv", DAILY ANNA ",900001,2025-01-14,AM,I,,2025-02-01\n");
    ask.person = loads_count(j, "SELECT person_id FROM identity WHERE upn = '" ANNA "'");
    assert_ok(j, register_weeks_of(j, &ask, &w, &n));
    assert_int_equal(n, 2);
    assert_int_equal(w[0].batch, b.id);
    assert_int_equal(w[0].line, 2);
    assert_string_equal(attendance_name(w[0].mark[2] - 1), "I");
    assert_string_equal(attendance_name(w[0].mark[3] - 1), "\\");
    assert_int_equal(w[1].line, 3);
    key = (struct fact_key){FACT_MARKS, w[0].batch, w[0].file, w[0].line};
    assert_ok(j, fact_get(j, ask.person, key, &f));
    assert_int_equal(f.urn, 900001);
    assert_err(j, fact_get(j, ask.person + 1, key, &f), ERR_NOT_FOUND);
}

/* ---- what analysts corrected ---- */

static const struct actor analyst = {.account = 1, .login = "priya", .name = "Priya Nair",
                                     .role = ROLE_ANALYST, .area = 1, .csrf = ""};

/* The week's marks as the child's page has them. */
static struct register_child_week
week_shown(struct job *j, int64_t person)
{
    const int64_t urn = 900001;
    struct register_asked ask = {.person = person, .urn = &urn, .n_urns = 1,
                                 .from = date_from_ymd(2025, 1, 13),
                                 .to = date_from_ymd(2025, 1, 20)};
    struct register_child_week *w;
    size_t n;

    assert_ok(j, register_weeks_of(j, &ask, &w, &n));
    assert_int_equal(n, 1);
    return w[0];
}

static void
correct_mark(struct job *j, int64_t person, struct fact_key k, struct correct_ask ask)
{
    j->now += 1000000;
    j->who = &analyst;
    assert_ok(j, correct_add(j, person, k, &ask));
    j->who = NULL;
}

static void
a_mark_is_corrected_or_set_aside_and_later_loads_do_not_undo_it(void **state)
{
    static const char rows[] = DAILY ANNA ",900001,2025-01-13,AM,/,,2025-02-01\n"
                                     ANNA ",900001,2025-01-13,PM,\\,,2025-02-01\n";
    struct job *j = support_job(state);
    struct correct_ask code = {CORRECT_MARK, " I ", "The school rang"},
                       aside = {CORRECT_ASIDE, "", "Another child's"};
    struct register_child_week w;
    struct correction *v;
    struct load_batch b;
    struct fact_key k;
    struct fact f;
    int64_t person;
    size_t n;

    council(j);
    b = taken(j, "a.csv", rows);
    person = loads_count(j, "SELECT person_id FROM identity WHERE upn = '" ANNA "'");
    k = (struct fact_key){FACT_MARKS, b.id, 1, 2};
    assert_ok(j, fact_get(j, person, k, &f));
    assert_string_equal(f.code, "/");
    assert_string_equal(f.code2, "AM");
    assert_true(correct_any(&f));
    correct_mark(j, person, k, code);
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-13", 0), "I");
    k.line = 3;
    correct_mark(j, person, k, aside);
    w = week_shown(j, person);
    assert_string_equal(attendance_name(w.mark[0] - 1), "I");
    assert_int_equal(w.mark[1], 0);
    assert_int_equal(w.corrected, 3);
    assert_int_equal(w.stands[0].line, 2); /* leads to what the file gave */
    taken(j, "b.csv", job_format(j, "%s" ANNA ",900001,2025-01-14,AM,/,,2025-02-09\n", rows));
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-13", 0), "I");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-13", 1), ".");
    j->who = &analyst;
    assert_ok(j, correct_list(j, NULL, &v, &n));
    assert_int_equal(n, 2);
    assert_string_equal(v[1].value, "I");
    assert_string_equal(v[1].was, "/");
    assert_string_equal(v[1].kind, "AM");
    for (size_t i = 0; i < n; i++) {
        j->now += 1000000;
        assert_ok(j, correct_undo(j, v[i].id, "It was right"));
    }
    j->who = NULL;
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-13", 0), "/");
    assert_int_equal(week_shown(j, person).corrected, 0);
}

static void
a_line_of_many_marks_is_not_corrected(void **state)
{
    struct job *j = support_job(state);
    struct load_batch b;
    int64_t person;
    bool reason;
    struct fact f;

    council(j);
    b = taken(j, "a.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\,2025-01-30\n");
    person = loads_count(j, "SELECT person_id FROM identity WHERE upn = '" ANNA "'");
    assert_ok(j, fact_get(j, person, (struct fact_key){FACT_MARKS, b.id, 1, 2}, &f));
    assert_false(correct_any(&f));
    assert_non_null(correct_problem(j, &f, &(struct correct_ask){CORRECT_ASIDE, "", "x"},
                                    &reason));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_line_of_a_register_is_made_again),
        SUPPORT_TEST(each_mark_leads_to_its_own_line_whatever_their_order),
        SUPPORT_TEST(a_childs_weeks_name_the_line_that_told_last),
        SUPPORT_TEST(a_mark_is_corrected_or_set_aside_and_later_loads_do_not_undo_it),
        SUPPORT_TEST(a_line_of_many_marks_is_not_corrected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
