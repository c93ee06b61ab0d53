/* Records that few may open: who is let in, until when, and what an emergency opens. */
#include "support/people.h"
#include "access/account.h"
#include "access/audit.h"
#include "access/glass.h"
#include "access/guard.h"

enum { KAI = 1, MARY = 2, DAY = 24 };
#define HOUR (INT64_C(3600) * 1000000)

static const struct actor ines = {.account = 1, .login = "ines", .name = "Ines Marlow",
                                  .role = ROLE_INCLUSION_LEAD, .area = 1};
static const struct actor ada = {.account = 2, .login = "ada", .name = "Ada Fenwick",
                                 .role = ROLE_ANALYST, .area = 1};
static const struct actor omar = {.account = 3, .login = "omar", .name = "Omar Quist",
                                  .role = ROLE_GOVERNANCE, .area = 1};
static const struct actor joan = {.account = 4, .login = "joan", .name = "Joan Other",
                                  .role = ROLE_INCLUSION_LEAD, .area = 1};
static struct key key;
static struct notes notes;

static void
account(struct job *j, const struct actor *a, bool disabled)
{
    support_account(j, a);
    if (disabled)
        assert_ok(j, account_disable(j, a->login));
}

static void
start(struct job *j, const struct actor *who)
{
    const struct actor gone = {.account = 5, .login = "gone", .name = "Gone Away",
                               .role = ROLE_ANALYST, .area = 1};
    const struct actor elsewhere = {.account = 6, .login = "far", .name = "Far Away",
                                    .role = ROLE_ANALYST, .area = 2};

    support_db(j);
    support_area(j);
    account(j, &ines, false);
    account(j, &ada, false);
    account(j, &omar, false);
    account(j, &joan, false);
    account(j, &gone, true);
    account(j, &elsewhere, false);
    audit_begin(j, &key, &notes);
    j->who = who;
}

static enum permit_reason
why(struct job *j, const struct actor *who, enum act act, int64_t person)
{
    enum permit_reason out;

    j->who = who;
    assert_ok(j, permit_ask(j, act, (struct subject){.person = person}, &out));
    return out;
}

static enum err
open_by(struct job *j, const struct actor *who, int64_t person)
{
    err_clear(j);
    j->who = who;
    return permit(j, ACT_CHILD, (struct subject){.person = person});
}

static void
restrict_kai(struct job *j)
{
    j->who = &ines;
    assert_ok(j, guard_restrict(j, (struct guard_order){KAI, NULL, "A member of staff's child"}));
}

static void
a_restricted_record_is_opened_by_its_owner_alone(void **state)
{
    struct job *j = support_job(state);
    struct guard g;

    start(j, &ines);
    assert_ok(j, open_by(j, &ada, KAI));
    restrict_kai(j);
    assert_ok(j, open_by(j, &ines, KAI));
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    assert_err(j, open_by(j, &joan, KAI), ERR_DENIED);
    assert_ok(j, open_by(j, &ada, MARY));
    assert_int_equal(why(j, &ada, ACT_CHILD, KAI), PERMIT_RESTRICTED);
    assert_ok(j, guard_get(j, KAI, &g));
    assert_true(g.restricted && !g.named);
    assert_string_equal(g.owner_name, "Ines Marlow");
    audit_end(&notes);
}

static void
a_restricted_record_cannot_be_restricted_twice_and_needs_a_reason(void **state)
{
    struct job *j = support_job(state);

    start(j, &ines);
    assert_err(j, guard_restrict(j, (struct guard_order){KAI, NULL, "  "}), ERR_INPUT);
    err_clear(j);
    assert_err(j, guard_restrict(j, (struct guard_order){KAI, "nobody", "x"}), ERR_INPUT);
    assert_says(j, "Nobody here signs in");
    err_clear(j);
    assert_err(j, guard_restrict(j, (struct guard_order){KAI, "gone", "x"}), ERR_INPUT);
    err_clear(j);
    assert_err(j, guard_restrict(j, (struct guard_order){KAI, "far", "x"}), ERR_INPUT);
    err_clear(j);
    restrict_kai(j);
    assert_err(j, guard_restrict(j, (struct guard_order){KAI, NULL, "again"}), ERR_CONFLICT);
    audit_end(&notes);
}

static void
who_may_not_decide_of_a_record_changes_nothing(void **state)
{
    struct job *j = support_job(state);

    start(j, &ada);
    assert_err(j, guard_restrict(j, (struct guard_order){KAI, NULL, "mine"}), ERR_DENIED);
    restrict_kai(j);
    j->who = &joan; /* may restrict records, but does not answer for this one */
    err_clear(j);
    assert_err(j, guard_name(j, KAI, "joan", 0), ERR_DENIED);
    err_clear(j);
    assert_err(j, guard_lift(j, KAI, "curious"), ERR_DENIED);
    j->who = &ada;
    err_clear(j);
    assert_err(j, guard_name(j, KAI, "ada", 0), ERR_DENIED);
    err_clear(j);
    assert_err(j, guard_lift(j, KAI, "curious"), ERR_DENIED);
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    audit_end(&notes);
}

static void
when_its_owner_is_gone_another_lead_takes_a_record_over(void **state)
{
    struct job *j = support_job(state);

    start(j, &ines);
    restrict_kai(j);
    assert_ok(j, db_run(j, "UPDATE account SET disabled = 1 WHERE login = 'ines'", NO_ARGS, NULL));
    assert_err(j, open_by(j, &joan, KAI), ERR_DENIED);
    j->who = &joan;
    err_clear(j);
    assert_ok(j, guard_name(j, KAI, "joan", 0));
    assert_ok(j, open_by(j, &joan, KAI));
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    audit_end(&notes);
}

static void
being_named_ends_by_itself(void **state)
{
    struct job *j = support_job(state);
    struct guard_person *named;
    size_t n;

    start(j, &ines);
    restrict_kai(j);
    assert_err(j, guard_name(j, KAI, "ada", j->now), ERR_INPUT);
    err_clear(j);
    assert_ok(j, guard_name(j, KAI, "ada", j->now + DAY * HOUR));
    assert_ok(j, guard_list_named(j, KAI, &named, &n));
    assert_int_equal(n, 1);
    assert_string_equal(named[0].name, "Ada Fenwick");
    assert_ok(j, open_by(j, &ada, KAI));
    assert_err(j, open_by(j, &joan, KAI), ERR_DENIED);
    j->now += DAY * HOUR;
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    j->now -= DAY * HOUR + 1; /* before it began, were the clock turned back */
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    audit_end(&notes);
}

static void
a_naming_is_ended_and_renewed(void **state)
{
    struct job *j = support_job(state);

    start(j, &ines);
    restrict_kai(j);
    assert_ok(j, guard_name(j, KAI, "ada", 0));
    j->now += HOUR;
    assert_ok(j, guard_unname(j, KAI, "ada"));
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    j->who = &ines;
    err_clear(j);
    assert_err(j, guard_unname(j, KAI, "ada"), ERR_CONFLICT);
    err_clear(j);
    j->now += HOUR;
    assert_ok(j, guard_name(j, KAI, "ada", j->now + HOUR));
    assert_ok(j, open_by(j, &ada, KAI));
    audit_end(&notes);
}

static void
lifting_ends_what_was_given(void **state)
{
    struct job *j = support_job(state);

    start(j, &ines);
    restrict_kai(j);
    assert_ok(j, guard_name(j, KAI, "ada", 0));
    j->now += HOUR;
    assert_ok(j, guard_lift(j, KAI, "The reason is gone"));
    assert_ok(j, open_by(j, &joan, KAI));
    j->who = &ines;
    assert_err(j, guard_lift(j, KAI, "again"), ERR_CONFLICT);
    err_clear(j);
    j->now += HOUR;
    restrict_kai(j); /* the list starts empty */
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    audit_end(&notes);
}

static void
a_bar_overrides_everything(void **state)
{
    struct job *j = support_job(state);

    start(j, &ines);
    assert_ok(j, guard_bar(j, KAI, "ada", "Her nephew"));
    assert_int_equal(why(j, &ada, ACT_CHILD, KAI), PERMIT_BARRED);
    restrict_kai(j);
    j->who = &ines;
    assert_ok(j, guard_name(j, KAI, "ada", 0));
    assert_int_equal(why(j, &ada, ACT_CHILD, KAI), PERMIT_BARRED);
    assert_int_equal(why(j, &ada, ACT_GLASS, KAI), PERMIT_BARRED);
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    j->who = &ines;
    err_clear(j);
    assert_err(j, guard_bar(j, KAI, "ada", "twice"), ERR_CONFLICT);
    err_clear(j);
    assert_err(j, guard_bar(j, KAI, "ines", "myself"), ERR_INPUT);
    err_clear(j);
    j->now += HOUR;
    assert_ok(j, guard_unbar(j, KAI, "ada"));
    assert_ok(j, open_by(j, &ada, KAI));
    audit_end(&notes);
}

/* ---- in an emergency --------------------------------------------------------------------- */

static enum err
break_in(struct job *j, const struct actor *who, const char *words)
{
    err_clear(j);
    j->who = who;
    return glass_begin(j, (struct glass_order){KAI, GLASS_HARM, words});
}
#define WORDS "Police at the door, owner on leave"

static void
an_emergency_opens_to_read_for_an_hour(void **state)
{
    struct job *j = support_job(state);

    start(j, &ines);
    restrict_kai(j);
    assert_err(j, break_in(j, &ada, "no"), ERR_INPUT);
    assert_ok(j, break_in(j, &ada, WORDS));
    assert_ok(j, open_by(j, &ada, KAI));
    assert_int_equal(why(j, &ada, ACT_SIGNS, KAI), PERMIT_YES);
    assert_int_equal(why(j, &ada, ACT_CORRECT, KAI), PERMIT_RESTRICTED);
    assert_int_equal(why(j, &ada, ACT_TELL, KAI), PERMIT_RESTRICTED);
    assert_err(j, open_by(j, &joan, KAI), ERR_DENIED);
    j->now += GLASS_LASTS - 1;
    assert_ok(j, open_by(j, &ada, KAI));
    j->now += 1;
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    audit_end(&notes);
}

static void
leaving_closes_it(void **state)
{
    struct job *j = support_job(state);

    start(j, &ines);
    restrict_kai(j);
    assert_ok(j, break_in(j, &ada, WORDS));
    j->now += HOUR / 4;
    j->who = &ada;
    assert_ok(j, glass_end(j, KAI));
    assert_err(j, open_by(j, &ada, KAI), ERR_DENIED);
    assert_ok(j, break_in(j, &ada, WORDS)); /* again, and on record again */
    assert_ok(j, open_by(j, &ada, KAI));
    audit_end(&notes);
}

static void
what_is_not_restricted_is_not_broken_into(void **state)
{
    struct job *j = support_job(state);

    start(j, &ines);
    assert_err(j, break_in(j, &ada, WORDS), ERR_NOT_FOUND);
    restrict_kai(j);
    assert_err(j, break_in(j, &ines, WORDS), ERR_NOT_FOUND); /* hers already */
    assert_err(j, break_in(j, &omar, WORDS), ERR_DENIED);    /* officers see no child */
    j->who = &ines;
    err_clear(j);
    assert_ok(j, guard_bar(j, KAI, "ada", "Her nephew"));
    assert_err(j, break_in(j, &ada, WORDS), ERR_DENIED);
    audit_end(&notes);
}

static void
owner_and_officer_are_told_at_once(void **state)
{
    struct job *j = support_job(state);
    struct glass *list;
    size_t n;

    start(j, &ines);
    restrict_kai(j);
    assert_ok(j, break_in(j, &ada, WORDS));
    j->who = &ines;
    assert_ok(j, glass_count(j, &n));
    assert_int_equal(n, 1);
    assert_ok(j, glass_list(j, GLASS_MINE, &list, &n));
    assert_int_equal(n, 1);
    assert_string_equal(list[0].name, "Ada Fenwick");
    assert_string_equal(list[0].why, WORDS);
    assert_ok(j, glass_seen(j));
    assert_ok(j, glass_count(j, &n));
    assert_int_equal(n, 0);
    j->who = &omar;
    assert_ok(j, glass_count(j, &n));
    assert_int_equal(n, 1);
    assert_ok(j, glass_list(j, GLASS_WAITING, &list, &n));
    assert_int_equal(n, 1);
    assert_int_equal(list[0].reason, GLASS_HARM);
    j->who = &joan;
    assert_ok(j, glass_count(j, &n));
    assert_int_equal(n, 0);
    assert_err(j, glass_list(j, GLASS_WAITING, &list, &n), ERR_DENIED);
    audit_end(&notes);
}

static void
only_a_finding_with_a_reason_closes_the_queue(void **state)
{
    struct job *j = support_job(state);
    struct glass_month month;
    struct glass *list;
    size_t n;

    start(j, &ines);
    restrict_kai(j);
    assert_ok(j, break_in(j, &ada, WORDS));
    j->who = &omar;
    assert_err(j, glass_judge(j, 1, true, ""), ERR_INPUT);
    err_clear(j);
    assert_err(j, glass_judge(j, 7, true, WORDS), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, glass_judge(j, 1, false, "The owner was in the office"));
    assert_err(j, glass_judge(j, 1, true, "On second thoughts"), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, glass_list(j, GLASS_WAITING, &list, &n));
    assert_int_equal(n, 0);
    assert_ok(j, glass_list(j, GLASS_CLOSED, &list, &n));
    assert_int_equal(n, 1);
    assert_string_equal(list[0].verdict, "not justified");
    assert_string_equal(list[0].verdict_by, "Omar Quist");
    assert_ok(j, glass_month(j, j->now - HOUR, j->now + HOUR, &month));
    assert_int_equal(month.opened[GLASS_HARM], 1);
    assert_int_equal(month.not_justified, 1);
    assert_int_equal(month.waiting, 0);
    audit_end(&notes);
}

/* ---- the set form ------------------------------------------------------------------------- */

static const char sql_person[] = "INSERT INTO person (area_id, person_id) VALUES (1, $1)";
static const char sql_visible[] =
    "SELECT COUNT(*) FROM person p WHERE p.area_id = $1 AND p.person_id = $2 AND "
    "p.person_id NOT IN (SELECT h.person_id FROM " GUARD_HIDDEN("$1", "$3", "$4") " h)";

/* Every person against every child in every state that guards can be in. */
static void
the_set_form_agrees_with_the_single_one(void **state)
{
    struct job *j = support_job(state);
    const struct actor *who[] = {&ines, &ada, &joan};
    int seen = 0, hidden = 0;

    start(j, &ines);
    for (int64_t p = 1; p <= 32; p++) {
        assert_ok(j, db_run(j, sql_person, ARGS(INT(p)), NULL));
        j->who = &ines;
        if (p & 1)
            assert_ok(j, guard_restrict(j, (struct guard_order){p, p & 2 ? "joan" : NULL, "x"}));
        j->who = p & 2 ? &joan : &ines; /* the owner */
        if ((p & 5) == 5)
            assert_ok(j, guard_name(j, p, "ada", j->now + (p & 8 ? HOUR : 3 * HOUR)));
        if (p & 16) /* barred before, or by, its owner */
            assert_ok(j, guard_bar(j, p, "ada", "x"));
        j->who = &ada;
        if ((p & 7) == 1 && !(p & 16))
            assert_ok(j, glass_begin(j, (struct glass_order){p, GLASS_DUTY, WORDS}));
    }
    for (int hour = 0; hour < 4; hour++, j->now += HOUR)
        for (int64_t p = 1; p <= 32; p++)
            for (size_t w = 0; w < sizeof who / sizeof *who; w++) {
                int64_t in_set;
                struct guard_set set;
                bool may = why(j, who[w], ACT_CHILD, p) == PERMIT_YES;
                assert_ok(j, db_int(j, sql_visible,
                                    ARGS(INT(1), INT(p), INT(who[w]->account), INT(j->now)), -1,
                                    &in_set));
                assert_ok(j, guard_set_load(j, &set));
                if (in_set != may || guard_set_hides(&set, p) == may)
                    fail_msg("%s, child %d, hour %d: set %d, permit %d", who[w]->login, (int)p,
                             hour, (int)in_set, may);
                *(may ? &seen : &hidden) += 1;
            }
    assert_true(seen > 100 && hidden > 100);
    audit_end(&notes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_restricted_record_is_opened_by_its_owner_alone),
        SUPPORT_TEST(a_restricted_record_cannot_be_restricted_twice_and_needs_a_reason),
        SUPPORT_TEST(who_may_not_decide_of_a_record_changes_nothing),
        SUPPORT_TEST(when_its_owner_is_gone_another_lead_takes_a_record_over),
        SUPPORT_TEST(being_named_ends_by_itself),
        SUPPORT_TEST(a_naming_is_ended_and_renewed),
        SUPPORT_TEST(lifting_ends_what_was_given),
        SUPPORT_TEST(a_bar_overrides_everything),
        SUPPORT_TEST(an_emergency_opens_to_read_for_an_hour),
        SUPPORT_TEST(leaving_closes_it),
        SUPPORT_TEST(what_is_not_restricted_is_not_broken_into),
        SUPPORT_TEST(owner_and_officer_are_told_at_once),
        SUPPORT_TEST(only_a_finding_with_a_reason_closes_the_queue),
        SUPPORT_TEST(the_set_form_agrees_with_the_single_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
