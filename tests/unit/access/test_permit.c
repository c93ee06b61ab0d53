/* Who may do what: the table, and the subjects of a school. */
#include "support/support.h"
#include "access/audit.h"

/* The table once more, by hand: a change of acts.def must be meant. */
#define A 1 /* analyst */
#define L 2 /* inclusion lead */
#define S 4 /* SENCO */
#define M 8 /* administrator */
#define G 16 /* information-governance officer */
#define D 32 /* directory manager */
#define P 64 /* provider */
#define E 128 /* evaluator */
#define ALL (A | L | S | M | G | D | P | E)
static const struct { enum act act; unsigned may; } expected[] = {
    {ACT_PUBLIC, ALL}, {ACT_SIGN_IN, ALL}, {ACT_SELF, ALL},
    {ACT_FIGURES, A | L},        {ACT_CHILDREN, A | L | S},    {ACT_CHILD, A | L | S},
    {ACT_SEEN, A | L},
    {ACT_ORIGINAL, A},           {ACT_SCHOOLS, A | L | S},     {ACT_DATA, A | L},
    {ACT_LOAD, A},               {ACT_EXPORT, A | L},          {ACT_ACCOUNTS, M},
    {ACT_AGENCIES, M},
    {ACT_SETUP, M},              {ACT_SIGNS, A | L | S},    {ACT_SIGN_PACK, A | L},
    {ACT_QUALITY, A | L | S},   {ACT_CORRECT, A},
    {ACT_TELL, A | L | S}, {ACT_LEVEL, L}, {ACT_SEAL, L}, {ACT_ADDRESS, L}, {ACT_GLASS, A | L},
    {ACT_GLASS_REVIEW, G},
    {ACT_NOTE, A | L | S}, {ACT_AGREEMENT, ALL}, {ACT_AGREEMENT_WRITE, G},
    {ACT_GOVERNANCE, M | G}, {ACT_RETENTION, M | G}, {ACT_RETENTION_WRITE, G},
    {ACT_DIRECTORY, D}, {ACT_OFFER, D | P}, {ACT_EVIDENCE, D | E},
};
static const struct { enum role role; unsigned bit; } roles[] = {
    {ROLE_ANALYST, A}, {ROLE_INCLUSION_LEAD, L}, {ROLE_SENCO, S}, {ROLE_ADMINISTRATOR, M},
    {ROLE_ATTENDANCE_LEAD, S}, {ROLE_GOVERNANCE, G}, {ROLE_DIRECTORY_MANAGER, D},
    {ROLE_PROVIDER, P}, {ROLE_EVALUATOR, E},
};

static void
each_role_may_do_what_the_table_says_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(sizeof expected / sizeof *expected, ACTS);
    assert_int_equal(sizeof roles / sizeof *roles, ROLES);
    for (size_t a = 0; a < ACTS; a++)
        for (size_t r = 0; r < ROLES; r++) {
            struct actor who = {.account = 1, .role = roles[r].role, .area = 1, .urn = 100001};
            bool may = expected[a].may & roles[r].bit;
            if (permit_act(&who, expected[a].act) != may)
                fail_msg("%s %s", role_name(who.role), act_name(expected[a].act));
        }
}

static void
nobody_signed_in_may_only_see_what_is_public(void **state)
{
    (void)state;
    for (int a = 0; a < ACTS; a++)
        assert_int_equal(permit_act(NULL, (enum act)a), a == ACT_PUBLIC);
}

static void
no_administrator_sees_a_child(void **state)
{
    struct actor who = {.account = 1, .role = ROLE_ADMINISTRATOR};

    (void)state;
    assert_int_equal(role_scope(ROLE_ADMINISTRATOR), SCOPE_NONE);
    assert_false(permit_act(&who, ACT_CHILD));
    assert_false(permit_act(&who, ACT_CHILDREN));
    assert_false(permit_act(&who, ACT_ORIGINAL));
    assert_false(permit_act(&who, ACT_FIGURES));
}

static void
no_governance_officer_sees_a_child(void **state)
{
    struct actor who = {.account = 1, .role = ROLE_GOVERNANCE, .area = 1};

    (void)state;
    assert_false(permit_act(&who, ACT_CHILD));
    assert_false(permit_act(&who, ACT_CHILDREN));
    assert_false(permit_act(&who, ACT_SIGNS));
    assert_false(permit_act(&who, ACT_ORIGINAL));
    assert_false(permit_act(&who, ACT_GLASS));
}

static void
names_of_roles_are_found_again(void **state)
{
    enum role r;

    (void)state;
    for (int i = 0; i < ROLES; i++) {
        assert_true(role_find(role_name((enum role)i), &r));
        assert_int_equal(r, i);
        assert_true(strlen(role_title((enum role)i)) > 0);
    }
    assert_false(role_find("root", &r));
    for (int a = 0; a < ACTS; a++)
        assert_true(strlen(act_about((enum act)a)) > 0);
}

/* ---- subjects ------------------------------------------------------------------------- */

static const char sql_batch[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
    "loaded_by, rows_read, rows_loaded, rows_refused) "
    "VALUES ($1, $2, 'census', 'c', $3, $4, 1, 1, 'x', 1, 1, 0)";
static const char sql_person[] = "INSERT INTO person (area_id, person_id) VALUES ($1, $2)";
static const char sql_identity[] =
    "INSERT INTO identity (area_id, identity_id, person_id, digest, source, batch_id) "
    "VALUES ($1, $2, $2, $3, 'school', 1)";
static const char sql_pupil[] =
    "INSERT INTO census_pupil (area_id, batch_id, file_id, line, identity_id, urn, school_year, "
    "term, on_roll) VALUES ($1, $2, 1, $3, $3, $4, 2024, 1, $5)";

static void
batch(struct job *j, int64_t area, int64_t id, const char *batch_state)
{
    assert_ok(j, db_run(j, sql_batch, ARGS(INT(area), INT(id), TEXT(batch_state),
                                           TEXT(batch_state)), NULL));
}

static void
pupil(struct job *j, int64_t area, int64_t in_batch, int64_t person, int64_t urn)
{
    const char *digest = job_format(j, "%lld", (long long)person);

    assert_ok(j, db_run(j, sql_person, ARGS(INT(area), INT(person)), NULL));
    assert_ok(j, db_run(j, sql_identity, ARGS(INT(area), INT(person), TEXT(digest)), NULL));
    assert_ok(j, db_run(j, sql_pupil, ARGS(INT(area), INT(in_batch), INT(person), INT(urn),
                                           INT(person % 2)), NULL));
}

enum { OURS = 100001, THEIRS = 100002 };
static const struct actor senco = {.account = 3, .login = "s", .name = "S", .role = ROLE_SENCO,
                                   .area = 1, .urn = OURS};
static const struct actor lead = {.account = 4, .login = "l", .name = "L",
                                  .role = ROLE_INCLUSION_LEAD, .area = 1};
static struct key key;
static struct notes notes;

static void
start(struct job *j, const struct actor *who)
{
    support_db(j);
    support_area(j);
    batch(j, 1, 1, "published");
    batch(j, 1, 2, "loading");
    batch(j, 1, 3, "withdrawn");
    batch(j, 2, 1, "published");
    pupil(j, 1, 1, 11, OURS);   /* on roll */
    pupil(j, 1, 1, 12, OURS);   /* has been */
    pupil(j, 1, 1, 13, THEIRS);
    pupil(j, 1, 2, 14, OURS);   /* not published yet */
    pupil(j, 1, 3, 15, OURS);   /* withdrawn */
    pupil(j, 2, 1, 16, OURS);   /* in another area */
    j->who = who;
    audit_begin(j, &key, &notes);
}

static enum err
see(struct job *j, int64_t person)
{
    err_clear(j);
    return permit(j, ACT_CHILD, (struct subject){.person = person});
}

static void
a_school_sees_whoever_has_been_on_its_roll_and_nobody_else(void **state)
{
    struct job *j = support_job(state);

    start(j, &senco);
    assert_ok(j, see(j, 11));
    assert_ok(j, see(j, 12));
    for (int64_t person = 13; person <= 17; person++)
        assert_err(j, see(j, person), ERR_DENIED);
    audit_end(&notes);
}

static void
the_set_form_and_the_single_one_agree(void **state)
{
    struct job *j = support_job(state);
    const struct actor lost = {.account = 9, .role = ROLE_SENCO, .area = 1};
    const struct actor command = {.role = ROLE_SENCO, .area = 1};

    start(j, &lead);
    assert_int_equal(permit_school(&senco), OURS);
    assert_int_equal(permit_school(&lead), 0);
    assert_int_equal(permit_school(NULL), 0);
    assert_int_equal(permit_school(&command), 0);
    assert_true(permit_school(&lost) < 0); /* a school role without its school: no school */
    assert_ok(j, see(j, 11));
    assert_ok(j, see(j, 13));
    j->who = &lost;
    assert_err(j, see(j, 11), ERR_DENIED);
    audit_end(&notes);
}

static void
a_school_sees_its_own_facts_and_not_anothers(void **state)
{
    struct job *j = support_job(state);

    start(j, &senco);
    assert_ok(j, permit(j, ACT_SCHOOLS, (struct subject){.urn = OURS}));
    assert_err(j, permit(j, ACT_SCHOOLS, (struct subject){.urn = THEIRS}), ERR_DENIED);
    err_clear(j);
    /* a child of ours, but a fact of theirs */
    assert_err(j, permit(j, ACT_CHILD, (struct subject){.person = 11, .urn = THEIRS}), ERR_DENIED);
    err_clear(j);
    assert_ok(j, permit(j, ACT_CHILD, (struct subject){.person = 11, .urn = OURS}));
    assert_err(j, permit(j, ACT_ORIGINAL, (struct subject){.person = 11}), ERR_DENIED);
    audit_end(&notes);
}

static void
nobody_works_in_an_area_that_is_not_theirs(void **state)
{
    struct job *j = support_job(state);

    start(j, &lead);
    j->area = 2;
    assert_err(j, see(j, 16), ERR_DENIED);
    audit_end(&notes);
}

static void
every_answer_about_somebody_is_noted_and_figures_are_not(void **state)
{
    struct job *j = support_job(state);
    const struct note *n;

    start(j, &senco);
    assert_ok(j, see(j, 11));
    assert_err(j, see(j, 13), ERR_DENIED);
    assert_ok(j, permit(j, ACT_SCHOOLS, (struct subject){0}));
    assert_err(j, permit(j, ACT_FIGURES, (struct subject){0}), ERR_DENIED);
    err_clear(j);
    assert_ok(j, permit(j, ACT_CHILDREN, (struct subject){.what = "batch 12"}));
    n = notes.first;
    assert_string_equal(n->subject, "child 11");
    assert_false(n->outcome == NOTE_REFUSED);
    assert_int_equal(n->account, 3);
    assert_int_equal(n->area, 1);
    assert_int_equal(n->at, SUPPORT_NOW);
    n = n->next;
    assert_string_equal(n->subject, "child 13");
    assert_true(n->outcome == NOTE_REFUSED);
    n = n->next;
    assert_int_equal(n->act, ACT_FIGURES);
    assert_null(n->subject);
    assert_true(n->outcome == NOTE_REFUSED);
    n = n->next;
    assert_string_equal(n->subject, "batch 12");
    assert_null(n->next);
    audit_end(&notes);
}

static void
the_program_itself_may_and_is_not_noted(void **state)
{
    struct job *j = support_job(state);

    start(j, NULL);
    assert_ok(j, see(j, 13));
    assert_null(notes.first);
    audit_end(&notes);
}

static void
when_the_database_fails_the_answer_is_no(void **state)
{
    struct job *j = support_job(state);

    start(j, &senco);
    for (int n = 1; n <= 2; n++) {
        db_fault = n;
        assert_err(j, see(j, 11), ERR_ENV);
        db_fault = 0;
    }
    audit_end(&notes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(each_role_may_do_what_the_table_says_and_nothing_else),
        SUPPORT_TEST(nobody_signed_in_may_only_see_what_is_public),
        SUPPORT_TEST(no_administrator_sees_a_child),
        SUPPORT_TEST(no_governance_officer_sees_a_child),
        SUPPORT_TEST(names_of_roles_are_found_again),
        SUPPORT_TEST(a_school_sees_whoever_has_been_on_its_roll_and_nobody_else),
        SUPPORT_TEST(the_set_form_and_the_single_one_agree),
        SUPPORT_TEST(a_school_sees_its_own_facts_and_not_anothers),
        SUPPORT_TEST(nobody_works_in_an_area_that_is_not_theirs),
        SUPPORT_TEST(every_answer_about_somebody_is_noted_and_figures_are_not),
        SUPPORT_TEST(the_program_itself_may_and_is_not_noted),
        SUPPORT_TEST(when_the_database_fails_the_answer_is_no),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
