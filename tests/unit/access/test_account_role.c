/* Agencies, and what a person may act as, from when to when. */
#include "support/people.h"
#include "access/account.h"
#include "access/account_role.h"
#include "access/agency.h"
#include "access/agreement.h"
#include "access/audit.h"
#include "access/session.h"
#include "store/migrate.h"

static const int64_t HOUR = (int64_t)3600 * 1000000;
static const struct actor ann = {.account = 7, .login = "ann", .name = "Ann",
                                 .role = ROLE_INCLUSION_LEAD, .area = 1};
static const struct actor admin = {.account = 9, .login = "admin", .name = "Noor",
                                   .role = ROLE_ADMINISTRATOR};
static struct key key;

static void
start(struct job *j)
{
    support_db(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    support_account(j, &ann);
    support_account(j, &admin);
}

/* ---- agencies ---------------------------------------------------------------------------- */

static int64_t
agency(struct job *j, const char *name, enum agency_kind kind, int64_t urn)
{
    const struct agency a = {.area = 1, .name = name, .kind = kind, .urn = urn};
    int64_t id = 0;

    assert_ok(j, agency_add(j, &a, &id));
    return id;
}

static void
agencies_of_every_kind_are_kept_and_listed(void **state)
{
    struct job *j = support_job(state);
    struct agency *v;
    size_t n;

    start(j);
    for (int k = 0; k < AGENCY_KINDS; k++)
        agency(j, job_format(j, " Agency %d ", k), (enum agency_kind)k,
               k == AGENCY_SCHOOL ? 100001 : 0);
    assert_ok(j, agency_list(j, &v, &n));
    assert_int_equal(n, AGENCY_KINDS + 1); /* and Ann's */
    for (int k = 0; k < AGENCY_KINDS; k++) {
        assert_string_equal(v[k].name, job_format(j, "Agency %d", k));
        assert_int_equal(v[k].kind, k);
        assert_int_equal(v[k].urn, k == AGENCY_SCHOOL ? 100001 : 0);
        assert_int_equal(v[k].people, 0);
    }
    assert_string_equal(v[n - 1].name, "Inclusion team");
    assert_int_equal(v[n - 1].people, 1);
}

static void
agencies_that_make_no_sense_are_refused(void **state)
{
    static const struct { struct agency a; enum err kind; const char *says; } bad[] = {
        {{.area = 1, .name = " ", .kind = AGENCY_POLICE}, ERR_INPUT, "name"},
        {{.area = 0, .name = "A", .kind = AGENCY_POLICE}, ERR_INPUT, "three-digit"},
        {{.area = 1000, .name = "A", .kind = AGENCY_POLICE}, ERR_INPUT, "three-digit"},
        {{.area = 1, .name = "A", .kind = AGENCY_SCHOOL, .urn = 12}, ERR_INPUT, "URN"},
        {{.area = 1, .name = "Inclusion team", .kind = AGENCY_HEALTH}, ERR_CONFLICT, "already"},
    };
    struct job *j = support_job(state);
    struct agency *v, a;
    size_t n;
    int64_t id;

    start(j);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(j, agency_add(j, &bad[i].a, &id), bad[i].kind);
        assert_says(j, bad[i].says);
        err_clear(j);
    }
    assert_ok(j, agency_list(j, &v, &n));
    assert_int_equal(n, 1);
    assert_ok(j, agency_get(j, 1, v[0].id, &a));
    id = agency(j, "Police", AGENCY_POLICE, 0);
    assert_err(j, agency_rename(j, &a, "Police"), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, agency_rename(j, &a, "Team"));
    assert_ok(j, agency_get(j, 1, v[0].id, &a));
    assert_string_equal(a.name, "Team");
    assert_err(j, agency_get(j, 2, id, &a), ERR_NOT_FOUND);
}

static void
nobody_but_an_administrator_sets_agencies_up(void **state)
{
    struct job *j = support_job(state);
    struct agency *v, a = {.area = 1, .id = 1, .name = "X", .kind = AGENCY_POLICE};
    int64_t id;
    size_t n;

    start(j);
    j->who = &ann;
    j->area = 1;
    assert_err(j, agency_list(j, &v, &n), ERR_DENIED);
    assert_err(j, agency_add(j, &a, &id), ERR_DENIED);
    assert_err(j, agency_rename(j, &a, "Y"), ERR_DENIED);
    assert_err(j, agency_end(j, &a), ERR_DENIED);
    j->who = &admin;
    j->area = 0;
    err_clear(j);
    assert_ok(j, agency_add(j, &a, &id));
    assert_ok(j, agency_list(j, &v, &n));
    assert_int_equal(n, 2);
}

/* ---- dates ------------------------------------------------------------------------------- */

static const struct actor *
who(struct job *j, const char *token)
{
    const struct actor *a;
    bool stale;

    assert_ok(j, session_find(j, &key, token, &a, &stale));
    return a;
}

static void
a_role_holds_from_its_first_moment_until_just_before_its_end(void **state)
{
    struct job *j = support_job(state);
    struct actor bob = {.account = 8, .login = "bob", .role = ROLE_ANALYST, .area = 1};
    struct account_role r = {.account = 8, .role = ROLE_INCLUSION_LEAD, .area = 1, .agency = 1,
                             .since = SUPPORT_NOW + HOUR / 4, .until = SUPPORT_NOW + HOUR / 3,
                             .why = "covers"};
    char token[KEY_TOKEN];
    int64_t number;

    start(j);
    support_account(j, &bob);
    assert_ok(j, db_run(j, "DELETE FROM account_role WHERE account_id = 8", NO_ARGS, NULL));
    assert_ok(j, account_role_give(j, &r, &number));
    assert_ok(j, session_add(j, &key, 8, token));
    assert_int_equal(who(j, token)->role, ROLE_NONE);
    j->now = r.since - 1;
    assert_int_equal(who(j, token)->role, ROLE_NONE);
    j->now = r.since;
    assert_int_equal(who(j, token)->role, ROLE_INCLUSION_LEAD);
    assert_int_equal(who(j, token)->area, 1);
    assert_int_equal(who(j, token)->agency, 1);
    j->now = r.until - 1;
    assert_int_equal(who(j, token)->role, ROLE_INCLUSION_LEAD);
    j->now = r.until;
    assert_int_equal(who(j, token)->role, ROLE_NONE);
    assert_int_equal(who(j, token)->area, 0);
}

static void
a_session_acts_as_one_of_several_roles_and_goes_to_another_when_that_ends(void **state)
{
    struct job *j = support_job(state);
    struct actor ann_at_school = {.account = 7, .role = ROLE_SENCO, .area = 1, .urn = 100001};
    struct account_role r;
    char token[KEY_TOKEN], other[KEY_TOKEN];
    const struct actor *a;

    start(j);
    support_role(j, &ann_at_school, 0, SUPPORT_NOW + HOUR / 4);
    assert_ok(j, session_add(j, &key, 7, token));
    assert_ok(j, session_add(j, &key, 7, other));
    a = who(j, token);
    assert_int_equal(a->role, ROLE_INCLUSION_LEAD);
    assert_int_equal(a->kind, AGENCY_INCLUSION);
    assert_int_equal(a->roles, 2);
    assert_err(j, session_act_as(j, &key, token, 3), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, session_act_as(j, &key, token, 2));
    a = who(j, token);
    assert_int_equal(a->role, ROLE_SENCO);
    assert_int_equal(a->urn, 100001);
    assert_int_equal(a->kind, AGENCY_SCHOOL);
    assert_int_equal(a->role_no, 2);
    assert_int_equal(who(j, other)->role, ROLE_INCLUSION_LEAD); /* the other sign-in stays */
    j->now += HOUR / 4;
    a = who(j, token);
    assert_int_equal(a->role, ROLE_INCLUSION_LEAD);
    assert_int_equal(a->urn, 0);
    assert_int_equal(a->roles, 1);
    assert_err(j, session_act_as(j, &key, token, 2), ERR_NOT_FOUND); /* it is over */
    err_clear(j);
    assert_ok(j, account_role_get(j, 7, 1, &r));
    assert_ok(j, account_role_end(j, &r, "left"));
    assert_int_equal(who(j, token)->role, ROLE_NONE);
    assert_int_equal(who(j, token)->roles, 0);
}

static void
nobody_acts_as_a_role_of_somebody_else(void **state)
{
    struct job *j = support_job(state);
    struct actor bob = {.account = 8, .login = "bob", .role = ROLE_ANALYST, .area = 1};
    char token[KEY_TOKEN];

    start(j);
    support_account(j, &bob);
    support_role(j, &ann, 0, 0); /* Ann has a second one, Bob has not */
    assert_ok(j, session_add(j, &key, 8, token));
    assert_err(j, session_act_as(j, &key, token, 2), ERR_NOT_FOUND);
    assert_int_equal(who(j, token)->role, ROLE_ANALYST);
}

/* ---- giving and ending --------------------------------------------------------------------- */

static void
a_role_and_its_agency_belong_together(void **state)
{
    struct job *j = support_job(state);
    int64_t police, school, number;

    start(j);
    police = agency(j, "Police", AGENCY_POLICE, 0);
    school = agency(j, "School", AGENCY_SCHOOL, 100002);
    struct { struct account_role r; enum err kind; const char *says; } bad[] = {
        {{.role = ROLE_SENCO, .agency = police, .why = "x"}, ERR_INPUT, "acts for a school"},
        {{.role = ROLE_ANALYST, .agency = school, .why = "x"}, ERR_INPUT, "does not act"},
        {{.role = ROLE_ANALYST, .agency = 99, .why = "x"}, ERR_INPUT, "Choose an agency"},
        {{.role = ROLE_ANALYST, .why = "x"}, ERR_INPUT, "Choose an agency"},
        {{.role = ROLE_ANALYST, .agency = police, .why = " "}, ERR_INPUT, "Say why"},
        {{.role = ROLE_ANALYST, .agency = police, .why = "x", .until = SUPPORT_NOW}, ERR_INPUT,
         "last day"},
        {{.role = ROLE_ANALYST, .agency = police, .why = "x", .since = SUPPORT_NOW + HOUR,
          .until = SUPPORT_NOW + HOUR}, ERR_INPUT, "last day"},
        {{.role = ROLE_INCLUSION_LEAD, .agency = 1, .why = "x"}, ERR_CONFLICT, "has that role"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bad[i].r.account = 7;
        bad[i].r.area = 1;
        assert_err(j, account_role_give(j, &bad[i].r, &number), bad[i].kind);
        assert_says(j, bad[i].says);
        err_clear(j);
    }
    struct account_role good = {.account = 7, .role = ROLE_SENCO, .area = 1, .agency = school,
                                .why = "two days a week"}, got;
    j->who = &admin;
    j->area = 0;
    assert_ok(j, account_role_give(j, &good, &number));
    assert_ok(j, account_role_get(j, 7, number, &got));
    assert_int_equal(got.urn, 100002); /* the agency's */
    assert_int_equal(got.since, SUPPORT_NOW);
    assert_string_equal(got.giver, "Noor");
    assert_string_equal(got.why, "two days a week");
    assert_string_equal(account_role_words(j, &got), "SENCO, School");
}

static void
the_only_administrator_stays(void **state)
{
    struct job *j = support_job(state);
    struct account_role r, more = {.account = 7, .role = ROLE_ADMINISTRATOR, .why = "deputy"};
    int64_t number;

    start(j);
    assert_ok(j, account_role_get(j, 9, 1, &r));
    assert_err(j, account_role_end(j, &r, "leaves"), ERR_CONFLICT);
    assert_says(j, "only administrator");
    err_clear(j);
    assert_ok(j, account_role_give(j, &more, &number));
    assert_ok(j, account_role_end(j, &r, "leaves"));
    err_clear(j);
    assert_err(j, account_role_end(j, &r, "leaves"), ERR_CONFLICT); /* it is over */
}

static void
an_agency_that_ends_takes_its_roles_with_it(void **state)
{
    struct job *j = support_job(state);
    struct account_role r = {.account = 7, .role = ROLE_ANALYST, .area = 1, .why = "secondment",
                             .since = SUPPORT_NOW + HOUR};
    struct agency a;
    char token[KEY_TOKEN];
    int64_t number;

    start(j);
    r.agency = agency(j, "Police", AGENCY_POLICE, 0);
    assert_ok(j, account_role_give(j, &r, &number)); /* to begin in an hour */
    r.since = 0;
    r.role = ROLE_GOVERNANCE;
    assert_ok(j, account_role_give(j, &r, &number));
    assert_ok(j, session_add(j, &key, 7, token));
    assert_ok(j, session_act_as(j, &key, token, number));
    assert_int_equal(who(j, token)->kind, AGENCY_POLICE);
    assert_ok(j, agency_get(j, 1, r.agency, &a));
    assert_ok(j, agency_end(j, &a));
    assert_int_equal(who(j, token)->role, ROLE_INCLUSION_LEAD);
    assert_err(j, agency_end(j, &a), ERR_CONFLICT);
    err_clear(j);
    assert_err(j, account_role_give(j, &r, &number), ERR_INPUT); /* it takes part no more */
    err_clear(j);
    j->now += 2 * HOUR;
    assert_ok(j, session_add(j, &key, 7, token));
    assert_int_equal(who(j, token)->roles, 1);
    agency(j, "Police", AGENCY_POLICE, 0); /* it came back, under its name */
}

static void
roles_are_given_and_ended_by_administrators_alone(void **state)
{
    struct job *j = support_job(state);
    struct account_role r = {.account = 7, .role = ROLE_ANALYST, .area = 1, .agency = 1,
                             .why = "mine"};
    int64_t number;

    start(j);
    j->who = &ann;
    j->area = 1;
    assert_err(j, account_role_give(j, &r, &number), ERR_DENIED);
    r.number = 1;
    assert_err(j, account_role_end(j, &r, "mine"), ERR_DENIED);
    /* who sees no child does not let oneself see all */
    j->who = &admin;
    j->area = 0;
    r.account = 9;
    err_clear(j);
    assert_err(j, account_role_give(j, &r, &number), ERR_CONFLICT);
    assert_says(j, "themselves");
}

/* ---- accounts that were there before -------------------------------------------------------- */

static const char sql_old[] =
    "INSERT INTO account (account_id, login, name, passphrase, role, area, urn, created, failures) "
    "VALUES ($1, $2, 'N', 'x', $3, $4, $5, $6, 0)";

static void
old_account(struct job *j, int64_t id, const char *role, int64_t area, int64_t urn)
{
    assert_ok(j, db_run(j, sql_old, ARGS(INT(id), TEXT(role), TEXT(role), area ? INT(area) : NUL,
                                         urn ? INT(urn) : NUL, INT(1000 + id)), NULL));
}

static void
accounts_that_were_there_keep_their_role_from_their_creation(void **state)
{
    struct job *j = support_job(state);
    const char *url = support_empty_url(j);
    struct embedded before[100] = {{0}};
    struct account_role *v;
    struct agency *g;
    size_t n = 0;

    for (; strncmp(embed_migrations[n].name, "0040", 4) < 0; n++)
        before[n] = embed_migrations[n];
    assert_ok(j, migrate_by(j, url, before));
    assert_ok(j, db_open(j, url, DB_WRITE, &j->db));
    old_account(j, 1, "administrator", 0, 0);
    old_account(j, 2, "analyst", 896, 0);
    old_account(j, 3, "senco", 896, 100001);
    old_account(j, 4, "attendance-lead", 896, 100001);
    old_account(j, 5, "inclusion-lead", 301, 0);
    assert_ok(j, db_migrate(j, url));
    assert_ok(j, account_role_list(j, 1, &v, &n));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].role, ROLE_ADMINISTRATOR);
    assert_int_equal(v[0].agency, 0);
    assert_ok(j, account_role_list(j, 4, &v, &n));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].role, ROLE_ATTENDANCE_LEAD);
    assert_int_equal(v[0].area, 896);
    assert_int_equal(v[0].urn, 100001);
    assert_int_equal(v[0].kind, AGENCY_SCHOOL);
    assert_int_equal(v[0].since, 1004);
    assert_int_equal(v[0].until, 0);
    assert_ok(j, account_role_list(j, 5, &v, &n));
    assert_int_equal(v[0].kind, AGENCY_INCLUSION);
    assert_string_equal(v[0].agency_name, "Inclusion team");
    assert_ok(j, agency_list(j, &g, &n));
    assert_int_equal(n, 3); /* one of 301, of 896 the team and the school */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(agencies_of_every_kind_are_kept_and_listed),
        SUPPORT_TEST(agencies_that_make_no_sense_are_refused),
        SUPPORT_TEST(nobody_but_an_administrator_sets_agencies_up),
        SUPPORT_TEST(a_role_holds_from_its_first_moment_until_just_before_its_end),
        SUPPORT_TEST(a_session_acts_as_one_of_several_roles_and_goes_to_another_when_that_ends),
        SUPPORT_TEST(nobody_acts_as_a_role_of_somebody_else),
        SUPPORT_TEST(a_role_and_its_agency_belong_together),
        SUPPORT_TEST(the_only_administrator_stays),
        SUPPORT_TEST(an_agency_that_ends_takes_its_roles_with_it),
        SUPPORT_TEST(roles_are_given_and_ended_by_administrators_alone),
        SUPPORT_TEST(accounts_that_were_there_keep_their_role_from_their_creation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
