/* An authority's own pack of signs: kept as a draft, previewed, adopted, replaced. */
#include "../timeline/built.h"
#include "access/permit.h"
#include "risk/sign_list.h"
#include "risk/sign_packs.h"
#include "risk/sign_preview.h"
#include "risk/sign_run.h"

enum { NORTH = 900001, SOUTH = 900002 };
#define PACK(version, sessions)                                                                \
    "{\"version\": \"" version "\", \"title\": \"Ours\", \"years\": [0, 11], \"signs\": ["      \
    "{\"id\": \"B1\", \"kind\": \"first-suspension\", \"domain\": \"behaviour\", \"title\": "  \
    "\"Suspended\", \"evidence\": \"none\", \"words\": \"Suspended for {days}\", \"limits\": " \
    "{\"sessions\": " sessions "}}]}"

static const struct actor lead = {.account = 5, .login = "lead", .name = "L",
                                  .role = ROLE_INCLUSION_LEAD, .area = 1};
static const struct actor senco = {.account = 7, .login = "s", .name = "S", .role = ROLE_SENCO,
                                   .area = 1, .urn = NORTH};

/* 1 was suspended for a day, 2 and 3 for two; 3 goes to South. */
static struct facts
council(void **state)
{
    struct facts f = facts_of(state);

    facts_school(&f, (struct facts_school){.urn = NORTH});
    facts_school(&f, (struct facts_school){.urn = SOUTH});
    facts_batch(&f, 2024, TERM_SPRING);
    for (int p = 1; p <= 4; p++) {
        int64_t urn = p == 3 ? SOUTH : NORTH;
        facts_pupil(&f, (struct facts_pupil){.person = p, .urn = urn, .entered = day(2022, 9, 1)});
        if (p <= 3)
            facts_suspension(&f, (struct facts_suspension){.person = p, .urn = urn,
                                                           .started = day(2025, 6, 2),
                                                           .sessions = p == 1 ? 2 : 4});
    }
    return f;
}

static int64_t
drafted(struct job *j, const char *text)
{
    int64_t id;

    assert_ok(j, db_begin(j));
    assert_ok(j, sign_pack_add(j, span_of(text), &id));
    assert_ok(j, db_commit(j));
    return id;
}

static void
adopted(struct job *j, int64_t id)
{
    assert_ok(j, db_begin(j));
    assert_ok(j, sign_pack_adopt(j, id, "agreed by the board"));
    assert_ok(j, db_commit(j));
}

static void
the_program_s_own_pack_is_in_force_until_another_is_adopted(void **state)
{
    struct facts f = council(state);
    struct sign_pack pack;
    struct sign_pack_row row;
    int64_t own, again, id;

    assert_ok(f.j, sign_pack_in_force(f.j, &pack, &own));
    assert_int_equal(pack.n, 19);
    assert_ok(f.j, sign_pack_in_force(f.j, &pack, &again));
    assert_int_equal(own, again); /* put down once */
    id = drafted(f.j, PACK("1", "4"));
    assert_ok(f.j, sign_pack_in_force(f.j, &pack, &again));
    assert_int_equal(again, own); /* a draft changes nothing */
    adopted(f.j, id);
    assert_ok(f.j, sign_pack_in_force(f.j, &pack, &again));
    assert_int_equal(again, id);
    assert_int_equal(pack.rule[0].limit[0], 4);
    assert_ok(f.j, sign_pack_get(f.j, id, &row));
    assert_string_equal(row.state, "adopted");
    assert_string_equal(row.note, "agreed by the board");
    adopted(f.j, 0);
    assert_ok(f.j, sign_pack_in_force(f.j, &pack, &again));
    assert_int_equal(again, own);
}

static void
what_was_adopted_before_is_kept_and_can_be_adopted_again(void **state)
{
    struct facts f = council(state);
    int64_t first = drafted(f.j, PACK("1", "4")), second = drafted(f.j, PACK("2", "2"));
    struct sign_pack_row row;

    adopted(f.j, first);
    adopted(f.j, second);
    assert_ok(f.j, sign_pack_get(f.j, first, &row));
    assert_string_equal(row.state, "replaced");
    assert_ok(f.j, db_begin(f.j));
    assert_err(f.j, sign_pack_adopt(f.j, second, "twice"), ERR_CONFLICT);
    db_rollback(f.j);
    err_clear(f.j);
    adopted(f.j, first);
    assert_ok(f.j, sign_pack_get(f.j, second, &row));
    assert_string_equal(row.state, "replaced");
}

static void
a_pack_that_is_wrong_is_refused_with_the_reason(void **state)
{
    struct facts f = council(state);
    int64_t id;

    assert_ok(f.j, db_begin(f.j));
    assert_err(f.j, sign_pack_add(f.j, span_of(PACK("1", "\"two\"")), &id), ERR_INPUT);
    assert_says(f.j, "wants a whole number from 0 to 1000 as \"sessions\"");
    db_rollback(f.j);
}

static void
the_list_follows_the_pack_and_says_its_own_words(void **state)
{
    struct facts f = council(state);
    struct sign_run_made made;
    struct sign_asked ask = {SIGN_FILTER_ALL, 10, 0};
    struct sign_run run;
    struct sign_page page;

    assert_ok(f.j, signs_refresh(f.j, support_path(f.j, ""), false, &made));
    assert_ok(f.j, sign_run_current(f.j, &run));
    assert_ok(f.j, sign_list(f.j, &run, &ask, &page));
    assert_int_equal(page.total, 3);
    adopted(f.j, drafted(f.j, PACK("1", "4")));
    assert_ok(f.j, signs_refresh(f.j, support_path(f.j, ""), false, &made));
    assert_true(made.made);
    assert_ok(f.j, sign_run_current(f.j, &run));
    assert_string_equal(run.pack_version, "1");
    assert_ok(f.j, sign_list(f.j, &run, &ask, &page));
    assert_int_equal(page.total, 2);
    assert_string_equal(page.row[0].reason[0].words, "Suspended for 2 days");
}

static void
a_preview_says_who_would_be_added_and_removed(void **state)
{
    struct facts f = council(state);
    struct sign_pack wide, narrow;
    struct sign_preview p;

    adopted(f.j, drafted(f.j, PACK("1", "3")));
    assert_ok(f.j, sign_pack_read(f.j, span_of(PACK("2", "2")), &wide));
    assert_ok(f.j, sign_preview(f.j, support_path(f.j, ""), &wide, &p));
    assert_int_equal(p.now, 2);
    assert_int_equal(p.then, 3);
    assert_int_equal(p.n_added, 1);
    assert_int_equal(p.added[0].person, 1);
    assert_string_equal(p.added[0].words, "Suspended for 1 day");
    assert_int_equal(p.n_removed, 0);
    assert_int_equal(p.n_schools, 1);
    assert_int_equal(p.school[0].urn, NORTH);
    assert_int_equal(p.school[0].added, 1);
    assert_int_equal(p.school[0].then, 2);
    assert_int_equal(p.rule[0].now, 2);
    assert_int_equal(p.rule[0].then, 3);
    assert_ok(f.j, sign_pack_read(f.j, span_of(PACK("3", "5")), &narrow));
    assert_ok(f.j, sign_preview(f.j, support_path(f.j, ""), &narrow, &p));
    assert_int_equal(p.n_removed, 2);
    assert_int_equal(p.n_added, 0);
    assert_int_equal(p.n_schools, 2);
}

static void
schools_may_not_change_signs_or_preview_them(void **state)
{
    struct facts f = council(state);
    struct sign_pack pack;
    struct sign_preview p;
    int64_t id;

    assert_ok(f.j, sign_pack_read(f.j, span_of(PACK("1", "4")), &pack));
    f.j->who = &senco;
    assert_err(f.j, sign_preview(f.j, support_path(f.j, ""), &pack, &p), ERR_DENIED);
    err_clear(f.j);
    assert_err(f.j, sign_pack_add(f.j, span_of(PACK("1", "4")), &id), ERR_DENIED);
    err_clear(f.j);
    assert_err(f.j, sign_pack_adopt(f.j, 0, "no"), ERR_DENIED);
    err_clear(f.j);
    f.j->who = &lead;
    adopted(f.j, drafted(f.j, PACK("1", "4")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_program_s_own_pack_is_in_force_until_another_is_adopted),
        SUPPORT_TEST(what_was_adopted_before_is_kept_and_can_be_adopted_again),
        SUPPORT_TEST(a_pack_that_is_wrong_is_refused_with_the_reason),
        SUPPORT_TEST(the_list_follows_the_pack_and_says_its_own_words),
        SUPPORT_TEST(a_preview_says_who_would_be_added_and_removed),
        SUPPORT_TEST(schools_may_not_change_signs_or_preview_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
