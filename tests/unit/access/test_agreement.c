/* The sharing agreement: a draft, its signatures, into force on a day, the next version. */
#include "support/support.h"
#include "access/agreement.h"
#include "access/audit.h"
#include "base/date.h"

static const struct actor omar = {.account = 3, .login = "omar", .name = "Omar Quist",
                                  .role = ROLE_GOVERNANCE, .area = 1};
static const struct actor ines = {.account = 1, .login = "ines", .name = "Ines Marlow",
                                  .role = ROLE_INCLUSION_LEAD, .area = 1};
static struct key key;
static struct notes notes;

static void
start(struct job *j)
{
    support_db(j);
    support_area(j);
    audit_begin(j, &key, &notes);
    j->who = &omar;
}

static const struct agreement_text text = {
    .title = " Sharing agreement ", .article_6 = "Public task: section 10, Children Act 2004",
    .article_9 = "9(2)(g) with Schedule 1, paragraph 18", .review_on = SUPPORT_TODAY + 365};

static enum err
sign(struct job *j, enum agency_kind k, int32_t on)
{
    struct agreement_signature s = {k, "Ashmere", "A. Head, director", on};

    err_clear(j);
    return agreement_sign(j, 1, &s);
}

/* Ready to be brought into force. */
static void
draft(struct job *j)
{
    int64_t version;

    assert_ok(j, agreement_draft(j, &version));
    assert_int_equal(version, 1);
    assert_ok(j, agreement_change_text(j, 1, &text));
    for (int k = 0; k < AGENCY_KINDS; k++)
        assert_ok(j, sign(j, (enum agency_kind)k, SUPPORT_TODAY - 1));
}

static void
the_first_draft_proposes_what_the_guide_says_and_shares_nothing_yet(void **state)
{
    struct job *j = support_job(state);
    struct agreement g, now;
    int64_t version;

    start(j);
    assert_ok(j, agreement_draft(j, &version));
    assert_ok(j, agreement_get(j, 1, &g));
    assert_true(g.draft && !g.in_force);
    assert_int_equal(g.share[PURPOSE_IDENTIFY][AGENCY_SCHOOL][CATEGORY_CARE], SHARE_EXISTENCE);
    assert_int_equal(g.share[PURPOSE_IDENTIFY][AGENCY_POLICE][CATEGORY_IDENTITY], SHARE_NONE);
    assert_int_equal(g.share[PURPOSE_DECIDE][AGENCY_SOCIAL_CARE][CATEGORY_CARE_DETAIL],
                     SHARE_FULL);
    assert_int_equal(g.share[PURPOSE_DECIDE][AGENCY_SCHOOL][CATEGORY_CARE_DETAIL], SHARE_NONE);
    assert_int_equal(g.share[PURPOSE_LEARN][AGENCY_EVALUATOR][CATEGORY_IDENTITY], SHARE_NONE);
    assert_ok(j, agreement_on(j, SUPPORT_TODAY, &now));
    assert_int_equal(now.version, 0);
    assert_int_equal(now.share[PURPOSE_IDENTIFY][AGENCY_SCHOOL][CATEGORY_CARE], SHARE_NONE);
    assert_err(j, agreement_draft(j, &version), ERR_CONFLICT);
    audit_end(&notes);
}

static void
it_comes_into_force_on_its_day_and_not_before(void **state)
{
    struct job *j = support_job(state);
    struct agreement g;

    start(j);
    draft(j);
    assert_ok(j, agreement_begin(j, 1, SUPPORT_TODAY + 7));
    assert_ok(j, agreement_on(j, SUPPORT_TODAY + 6, &g));
    assert_int_equal(g.version, 0);
    assert_ok(j, agreement_on(j, SUPPORT_TODAY + 7, &g));
    assert_int_equal(g.version, 1);
    assert_string_equal(g.title, "Sharing agreement");
    assert_int_equal(g.share[PURPOSE_SUPPORT][AGENCY_PROVIDER][CATEGORY_NOTES], SHARE_FULL);
    audit_end(&notes);
}

static void
what_is_missing_is_said_before_it_holds(void **state)
{
    struct job *j = support_job(state);
    struct agreement_text no_basis = text, no_review = text;
    int64_t version;

    start(j);
    assert_ok(j, agreement_draft(j, &version));
    assert_err(j, agreement_begin(j, 1, SUPPORT_TODAY), ERR_INPUT);
    assert_says(j, "lawful basis");
    err_clear(j);
    no_basis.title = "  ";
    assert_err(j, agreement_change_text(j, 1, &no_basis), ERR_INPUT);
    err_clear(j);
    no_review.review_on = DATE_NONE;
    assert_ok(j, agreement_change_text(j, 1, &no_review));
    assert_err(j, agreement_begin(j, 1, SUPPORT_TODAY), ERR_INPUT);
    assert_says(j, "have not signed: inclusion team, the child’s school, social care");
    assert_err(j, sign(j, AGENCY_POLICE, SUPPORT_TODAY + 1), ERR_INPUT);
    for (int k = 0; k < AGENCY_KINDS; k++)
        assert_ok(j, sign(j, (enum agency_kind)k, SUPPORT_TODAY));
    assert_err(j, agreement_begin(j, 1, SUPPORT_TODAY - 1), ERR_INPUT);
    err_clear(j);
    assert_err(j, agreement_begin(j, 1, SUPPORT_TODAY), ERR_INPUT);
    assert_says(j, "review");
    err_clear(j);
    assert_ok(j, agreement_change_text(j, 1, &text));
    assert_ok(j, agreement_begin(j, 1, SUPPORT_TODAY));
    audit_end(&notes);
}

static void
who_receives_nothing_need_not_sign(void **state)
{
    static const uint8_t nothing[CATEGORIES];
    struct job *j = support_job(state);
    int64_t version;

    start(j);
    assert_ok(j, agreement_draft(j, &version));
    assert_ok(j, agreement_change_text(j, 1, &text));
    for (int k = 0; k < AGENCY_KINDS; k++)
        if (k != AGENCY_POLICE)
            assert_ok(j, sign(j, (enum agency_kind)k, SUPPORT_TODAY));
    assert_err(j, agreement_begin(j, 1, SUPPORT_TODAY), ERR_INPUT);
    assert_says(j, "have not signed: police");
    err_clear(j);
    for (int p = 0; p < PURPOSES; p++)
        assert_ok(j, agreement_change_share(j, 1, (enum purpose)p, AGENCY_POLICE, nothing));
    assert_ok(j, agreement_begin(j, 1, SUPPORT_TODAY));
    audit_end(&notes);
}

static void
an_agreed_version_is_changed_by_a_new_one_only(void **state)
{
    static struct agreement_change change[AGREEMENT_CELLS];
    struct job *j = support_job(state);
    uint8_t less[CATEGORIES] = {0};
    struct agreement one, two;
    int64_t version;

    start(j);
    draft(j);
    assert_ok(j, agreement_begin(j, 1, SUPPORT_TODAY));
    assert_err(j, agreement_change_text(j, 1, &text), ERR_CONFLICT);
    assert_err(j, (err_clear(j), agreement_change_share(j, 1, PURPOSE_DECIDE, AGENCY_POLICE, less)),
               ERR_CONFLICT);
    assert_err(j, (err_clear(j), agreement_drop(j, 1)), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, agreement_draft(j, &version));
    assert_int_equal(version, 2);
    less[CATEGORY_IDENTITY] = SHARE_EXISTENCE;
    assert_ok(j, agreement_change_share(j, 2, PURPOSE_IDENTIFY, AGENCY_POLICE, less));
    assert_ok(j, agreement_get(j, 1, &one));
    assert_ok(j, agreement_get(j, 2, &two));
    assert_int_equal(agreement_diff(&one, &two, change), 1);
    assert_int_equal(change[0].kind, AGENCY_POLICE);
    assert_int_equal(change[0].was, SHARE_NONE);
    assert_int_equal(change[0].is, SHARE_EXISTENCE);
    assert_true(one.in_force && !two.in_force);
    assert_ok(j, agreement_drop(j, 2));
    assert_err(j, agreement_get(j, 2, &two), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, agreement_draft(j, &version)); /* signatures are not copied */
    assert_err(j, agreement_begin(j, version, SUPPORT_TODAY + 1), ERR_INPUT);
    audit_end(&notes);
}

static void
only_the_officer_writes_and_everybody_reads(void **state)
{
    struct job *j = support_job(state);
    struct agreement g;
    int64_t version;

    start(j);
    draft(j);
    j->who = &ines;
    assert_ok(j, agreement_get(j, 1, &g));
    assert_err(j, agreement_change_text(j, 1, &text), ERR_DENIED);
    err_clear(j);
    assert_err(j, agreement_begin(j, 1, SUPPORT_TODAY), ERR_DENIED);
    err_clear(j);
    assert_err(j, agreement_draft(j, &version), ERR_DENIED);
    audit_end(&notes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_first_draft_proposes_what_the_guide_says_and_shares_nothing_yet),
        SUPPORT_TEST(it_comes_into_force_on_its_day_and_not_before),
        SUPPORT_TEST(what_is_missing_is_said_before_it_holds),
        SUPPORT_TEST(who_receives_nothing_need_not_sign),
        SUPPORT_TEST(an_agreed_version_is_changed_by_a_new_one_only),
        SUPPORT_TEST(only_the_officer_writes_and_everybody_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
