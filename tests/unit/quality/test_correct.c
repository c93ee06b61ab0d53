/* A fact set aside or corrected: by whom, why, and undone. */
#include "quality/correct.h"
#include "support/children.h"
#include "support/support.h"

static struct fact
a_suspension(struct job *j)
{
    struct fact *v;
    size_t n;

    assert_ok(j, fact_list(j, 1, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == FACT_SUSPENSION)
            return v[i];
    fail();
    return (struct fact){0};
}

static struct fact_key
key_of(const struct fact *f)
{
    return (struct fact_key){f->kind, f->batch, f->file, f->line};
}

static void
start(struct job *j, struct fact *f)
{
    support_db(j);
    children_make(j);
    j->who = &children_analyst;
    *f = a_suspension(j);
}

static void
a_correction_says_who_what_and_why(void **state)
{
    struct job *j = support_job(state);
    struct correct_ask ask = {CORRECT_SESSIONS, " 7 ", " The school rang. "};
    struct fact_key k;
    struct correction *v;
    struct fact f;
    size_t n;

    start(j, &f);
    k = key_of(&f);
    assert_ok(j, correct_add(j, 1, k, &ask));
    assert_ok(j, correct_list(j, NULL, &v, &n));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].person, 1);
    assert_int_equal(v[0].urn, f.urn);
    assert_string_equal(v[0].value, "7");
    assert_string_equal(v[0].reason, "The school rang.");
    assert_string_equal(v[0].made_by, children_analyst.login);
    assert_int_equal(v[0].undone, 0);
    assert_string_equal(v[0].fact, "suspension");
    assert_ok(j, correct_list(j, &k, &v, &n));
    assert_int_equal(n, 1);
    k.line++;
    assert_ok(j, correct_list(j, &k, &v, &n));
    assert_int_equal(n, 0);
    assert_int_equal(a_suspension(j).number, f.number); /* the fact itself stays */
    assert_true(a_suspension(j).corrected && !a_suspension(j).aside);
}

static void
a_correction_is_undone_once_with_a_reason(void **state)
{
    struct job *j = support_job(state);
    struct correct_ask ask = {CORRECT_ASIDE, "", "Sent twice"};
    struct correction *v;
    struct fact f;
    size_t n;

    start(j, &f);
    assert_ok(j, correct_add(j, 1, key_of(&f), &ask));
    assert_ok(j, correct_list(j, NULL, &v, &n));
    assert_err(j, correct_undo(j, v[0].id, "  "), ERR_INPUT);
    err_clear(j);
    assert_true(a_suspension(j).aside);
    assert_ok(j, correct_undo(j, v[0].id, "It was right"));
    assert_false(a_suspension(j).aside || a_suspension(j).corrected);
    assert_ok(j, correct_get(j, v[0].id, &v[0]));
    assert_true(v[0].undone == j->now);
    assert_string_equal(v[0].undone_why, "It was right");
    assert_err(j, correct_undo(j, v[0].id, "again"), ERR_CONFLICT);
    err_clear(j);
    assert_err(j, correct_get(j, 999999, &v[0]), ERR_NOT_FOUND);
}

static void
what_cannot_be_is_told_in_words(void **state)
{
    static const struct {
        struct correct_ask ask;
        const char *says;
    } bad[] = {
        {{CORRECT_SESSIONS, "many", "x"}, "Give the sessions as a number from 1 to 200"},
        {{CORRECT_SESSIONS, "201", "x"}, "Give the sessions as a number from 1 to 200"},
        {{CORRECT_STARTED, "soon", "x"}, "Give the day like 16/10/2024"},
        {{CORRECT_STARTED, "16/10/2099", "x"}, "That day has not come yet"},
        {{CORRECT_ENDED, "1/1/2001", "x"}, "It cannot end before it starts"},
        {{CORRECT_CATEGORY, "bad", "x"}, "Write suspension, permanent or lunchtime"},
        {{CORRECT_ASIDE, "", ""}, "Say why"},
    };
    struct job *j = support_job(state);
    struct fact f;

    start(j, &f);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bool reason;
        assert_string_equal(correct_problem(j, &f, &bad[i].ask, &reason), bad[i].says);
        assert_int_equal(reason, !strcmp(bad[i].says, "Say why"));
        assert_err(j, correct_add(j, 1, key_of(&f), &bad[i].ask), ERR_INPUT);
        err_clear(j);
    }
    assert_false(correct_may(FACT_CENSUS, CORRECT_SESSIONS));
    assert_true(correct_may(FACT_CARE, CORRECT_ASIDE));
}

static void
a_school_corrects_nothing(void **state)
{
    struct job *j = support_job(state);
    struct correct_ask ask = {CORRECT_ASIDE, "", "Sent twice"};
    struct correction *v;
    struct fact f;
    size_t n;

    start(j, &f);
    j->who = &children_senco;
    assert_err(j, correct_add(j, 1, key_of(&f), &ask), ERR_DENIED);
    err_clear(j);
    assert_err(j, correct_list(j, NULL, &v, &n), ERR_DENIED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_correction_says_who_what_and_why),
        SUPPORT_TEST(a_correction_is_undone_once_with_a_reason),
        SUPPORT_TEST(what_cannot_be_is_told_in_words),
        SUPPORT_TEST(a_school_corrects_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
