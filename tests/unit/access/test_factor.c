/* The second factor: codes of a program, codes on paper, a lost one; and signing in with it. */
#include "support/support.h"
#include "access/account.h"
#include "access/audit.h"
#include "access/factor.h"
#include "access/seal.h"
#include "access/setting.h"
#include "access/sign_in.h"
#include "access/tries.h"

static const char right[] = "three plain words";
static struct key key;
static struct notes notes;
static int64_t ann;

static void
start(struct job *j)
{
    struct account a = {.login = "ann", .name = "Ann", .role = ROLE_ANALYST, .area = 1};

    support_db(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    audit_begin(j, &key, &notes);
    assert_ok(j, account_add(j, &a, right, &ann));
}

static const char *
code_at(struct job *j, const char *secret, int64_t at)
{
    char *code = job_alloc(j, FACTOR_CODE);

    assert_ok(j, factor_code(j, secret, at, code));
    return code;
}

static bool
takes(struct job *j, const char *typed)
{
    bool yes;

    assert_ok(j, factor_take(j, &key, ann, typed, &yes));
    return yes;
}

/* Sets up a program; one step is used by it. */
static const char *
set_up(struct job *j)
{
    const char *secret;
    bool yes;

    assert_ok(j, factor_begin(j, &key, ann));
    assert_ok(j, factor_pending(j, &key, ann, &secret));
    assert_ok(j, factor_confirm(j, &key, ann, code_at(j, secret, j->now), &yes));
    assert_true(yes);
    return secret;
}

static enum factor
kind(struct job *j)
{
    struct factor_state s;

    assert_ok(j, factor_get(j, ann, &s));
    return s.kind;
}

static void
codes_are_those_of_the_standard(void **state)
{
    /* RFC 6238, appendix B, the last six of its eight digits */
    static const struct { int64_t seconds; const char *code; } want[] = {
        {59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"},
        {2000000000, "279037"}, {20000000000, "353130"},
    };
    struct job *j = support_job(state);
    char code[FACTOR_CODE];

    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(code_at(j, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                                    want[i].seconds * 1000000), want[i].code);
    assert_err(j, factor_code(j, "short", 0, code), ERR_FAULT);
    assert_err(j, factor_code(j, "0EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 0, code), ERR_FAULT);
}

static void
a_program_is_a_second_factor_once_its_first_code_was_right(void **state)
{
    struct job *j = support_job(state);
    const char *secret, *again;
    bool yes;

    start(j);
    assert_int_equal(kind(j), FACTOR_NONE);
    assert_ok(j, factor_pending(j, &key, ann, &secret));
    assert_null(secret);
    assert_ok(j, factor_confirm(j, &key, ann, "123456", &yes));
    assert_false(yes);
    assert_ok(j, factor_begin(j, &key, ann));
    assert_ok(j, factor_pending(j, &key, ann, &secret));
    assert_int_equal(strlen(secret), 32);
    assert_int_equal(kind(j), FACTOR_NONE);
    assert_ok(j, factor_confirm(j, &key, ann, code_at(j, secret, j->now + 10 * FACTOR_STEP),
                                &yes));
    assert_false(yes);
    assert_int_equal(kind(j), FACTOR_NONE);
    assert_ok(j, factor_confirm(j, &key, ann, code_at(j, secret, j->now), &yes));
    assert_true(yes);
    assert_int_equal(kind(j), FACTOR_PROGRAM);
    /* another one takes its place only when it is confirmed too */
    assert_ok(j, factor_begin(j, &key, ann));
    assert_ok(j, factor_pending(j, &key, ann, &again));
    assert_string_not_equal(secret, again);
    assert_true(takes(j, code_at(j, secret, j->now + FACTOR_STEP)));
    assert_ok(j, factor_confirm(j, &key, ann, code_at(j, again, j->now), &yes));
    assert_true(yes);
    j->now += 4 * FACTOR_STEP;
    assert_false(takes(j, code_at(j, secret, j->now)));
    assert_true(takes(j, code_at(j, again, j->now)));
    audit_end(&notes);
}

static void
a_code_is_good_once_and_a_step_to_either_side(void **state)
{
    struct job *j = support_job(state);
    const char *secret, *code;

    start(j);
    secret = set_up(j);
    assert_false(takes(j, code_at(j, secret, j->now))); /* that of setting up: replayed */
    j->now += 10 * FACTOR_STEP;
    assert_false(takes(j, code_at(j, secret, j->now - 2 * FACTOR_STEP)));
    assert_false(takes(j, code_at(j, secret, j->now + 2 * FACTOR_STEP)));
    assert_true(takes(j, code_at(j, secret, j->now - FACTOR_STEP)));
    assert_false(takes(j, code_at(j, secret, j->now - FACTOR_STEP)));
    code = code_at(j, secret, j->now);
    assert_true(takes(j, job_format(j, " %.3s %s ", code, code + 3)));
    assert_false(takes(j, code));
    assert_true(takes(j, code_at(j, secret, j->now + FACTOR_STEP)));
    /* the older ones of the window are gone with it */
    assert_false(takes(j, code_at(j, secret, j->now - FACTOR_STEP)));
    assert_false(takes(j, code));
    assert_false(takes(j, ""));
    assert_false(takes(j, "12345"));
    assert_false(takes(j, "1234567"));
    assert_false(takes(j, "12345a"));
    audit_end(&notes);
}

static void
turning_the_clock_back_makes_no_code_good_again(void **state)
{
    struct job *j = support_job(state);
    const char *secret, *code;

    start(j);
    secret = set_up(j);
    j->now += 10 * FACTOR_STEP;
    code = code_at(j, secret, j->now);
    assert_true(takes(j, code));
    j->now -= 5 * FACTOR_STEP;
    assert_false(takes(j, code));
    for (int s = -1; s <= 1; s++)
        assert_false(takes(j, code_at(j, secret, j->now + s * FACTOR_STEP)));
    j->now += 6 * FACTOR_STEP;
    assert_true(takes(j, code_at(j, secret, j->now)));
    audit_end(&notes);
}

static const char sql_in_clear[] =
    "SELECT COUNT(*) FROM recovery_code WHERE account_id > 0 AND (code = $1 OR code = $2)";

static void
paper_codes_are_good_once_however_they_are_typed(void **state)
{
    struct job *j = support_job(state);
    const char *const *codes, *const *fresh;
    struct factor_state s;
    char *shouted;
    int64_t n;

    start(j);
    set_up(j);
    assert_ok(j, factor_paper(j, &key, ann, RECOVERY_CODES, &codes));
    assert_ok(j, factor_get(j, ann, &s));
    assert_int_equal(s.codes_left, 10);
    assert_ok(j, db_int(j, sql_in_clear, ARGS(TEXT(codes[0]), TEXT(codes[1])), 0, &n));
    assert_int_equal(n, 0);
    assert_true(takes(j, codes[0]));
    assert_false(takes(j, codes[0])); /* stolen after it was used, it is worth nothing */
    shouted = job_copy(j, codes[1]);
    for (char *p = shouted; *p; p++)
        *p = *p == '-' ? ' ' : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    assert_true(takes(j, shouted));
    assert_false(takes(j, codes[1]));
    assert_ok(j, factor_get(j, ann, &s));
    assert_int_equal(s.codes_left, 8);
    /* new ones void the stolen list */
    assert_ok(j, factor_paper(j, &key, ann, RECOVERY_CODES, &fresh));
    assert_false(takes(j, codes[2]));
    assert_true(takes(j, fresh[2]));
    assert_false(takes(j, "aaaa-bbbb-cccc-dddd"));
    audit_end(&notes);
}

static void
a_printed_list_serves_without_a_program(void **state)
{
    struct job *j = support_job(state);
    const char *const *codes;
    struct factor_state s;

    start(j);
    assert_ok(j, factor_use_list(j, ann));
    assert_ok(j, factor_paper(j, &key, ann, LIST_CODES, &codes));
    assert_ok(j, factor_get(j, ann, &s));
    assert_int_equal(s.kind, FACTOR_LIST);
    assert_int_equal(s.codes_left, LIST_CODES);
    assert_true(takes(j, codes[0]));
    assert_false(takes(j, codes[0]));
    assert_false(takes(j, "123456"));
    audit_end(&notes);
}

/* ---- signing in with it ------------------------------------------------------------------- */

static struct sign_in
passphrase_from(struct job *j, const char *phrase, const char *address)
{
    struct sign_in s = {.login = "ann", .passphrase = phrase, .key = &key, .address = address,
                        .device = "a test"};

    assert_ok(j, sign_in_look(j, &s));
    if (s.waits_until)
        return s;
    sign_in_hash(&s);
    assert_ok(j, sign_in_settle(j, &s));
    return s;
}

static const struct actor *
half_of(struct job *j, const char *token, enum session_stage *stage)
{
    const struct actor *who;

    assert_ok(j, session_find_half(j, &key, token, &who, stage));
    return who;
}

static bool
is_in(struct job *j, const char *token)
{
    const struct actor *who;
    bool stale;

    assert_ok(j, session_find(j, &key, token, &who, &stale));
    return who != NULL;
}

static struct sign_in_code
code_from(struct job *j, const char *half, const char *typed)
{
    enum session_stage stage;
    struct sign_in_code c = {.typed = typed, .half = half, .key = &key, .address = "home",
                             .device = "a test", .who = half_of(j, half, &stage)};

    assert_non_null(c.who);
    assert_int_equal(stage, SESSION_CODE);
    assert_ok(j, sign_in_code(j, &c));
    return c;
}

static void
the_passphrase_alone_opens_nothing_once_there_is_a_second_factor(void **state)
{
    struct job *j = support_job(state);
    struct sign_in s;
    struct sign_in_code c;
    const char *secret;
    enum session_stage stage;

    start(j);
    assert_int_equal(passphrase_from(j, right, "home").stage, SESSION_IN); /* of a trial */
    secret = set_up(j);
    j->now += 10 * FACTOR_STEP;
    s = passphrase_from(j, right, "home");
    assert_int_equal(s.stage, SESSION_CODE);
    assert_false(is_in(j, s.token));
    assert_non_null(half_of(j, s.token, &stage));
    c = code_from(j, s.token, "000000");
    assert_string_equal(c.token, "");
    assert_int_equal(c.left, 4);
    c = code_from(j, s.token, code_at(j, secret, j->now));
    assert_true(is_in(j, c.token));
    assert_string_not_equal(c.token, s.token);
    /* what was known before the code was given is worth nothing now */
    assert_false(is_in(j, s.token));
    assert_null(half_of(j, s.token, &stage));
    audit_end(&notes);
}

static void
half_way_lasts_ten_minutes_and_five_wrong_codes(void **state)
{
    struct job *j = support_job(state);
    struct sign_in s;
    enum session_stage stage;

    start(j);
    set_up(j);
    s = passphrase_from(j, right, "home");
    j->now += SESSION_HALF - 1;
    assert_non_null(half_of(j, s.token, &stage));
    j->now += 1;
    assert_null(half_of(j, s.token, &stage));
    s = passphrase_from(j, right, "home");
    for (int i = 4; i >= 0; i--)
        assert_int_equal(code_from(j, s.token, "000000").left, i);
    assert_null(half_of(j, s.token, &stage));
    /* and the right passphrase does not begin the counting anew */
    assert_true(passphrase_from(j, right, "home").waits_until > j->now);
    audit_end(&notes);
}

static void
a_code_used_at_one_sign_in_is_no_good_at_another(void **state)
{
    struct job *j = support_job(state);
    struct sign_in a, b;
    const char *secret, *code;

    start(j);
    secret = set_up(j);
    j->now += 10 * FACTOR_STEP;
    a = passphrase_from(j, right, "home");
    b = passphrase_from(j, right, "elsewhere");
    code = code_at(j, secret, j->now);
    assert_true(is_in(j, code_from(j, a.token, code).token));
    assert_string_equal(code_from(j, b.token, code).token, "");
    audit_end(&notes);
}

static void
where_it_is_demanded_one_must_set_it_up_first(void **state)
{
    struct job *j = support_job(state);
    struct sign_in s;
    struct sign_in_code c = {.key = &key, .address = "home", .device = "a test"};
    enum session_stage stage;

    start(j);
    assert_ok(j, setting_choose(j, SETTING_SECOND_FACTOR, "yes"));
    s = passphrase_from(j, right, "home");
    assert_int_equal(s.stage, SESSION_SET_UP);
    assert_false(is_in(j, s.token));
    c.who = half_of(j, s.token, &stage);
    assert_int_equal(stage, SESSION_SET_UP);
    set_up(j);
    c.half = s.token;
    assert_ok(j, sign_in_finish(j, &c));
    assert_true(is_in(j, c.token));
    assert_null(half_of(j, s.token, &stage));
    audit_end(&notes);
}

static void
live_and_demonstration_always_demand_one(void **state)
{
    struct job *j = support_job(state);
    struct settings all = {0};

    support_db(j);
    assert_false(setting_demands_factor(&all));
    all.value[SETTING_SECOND_FACTOR] = "no";
    assert_false(setting_demands_factor(&all));
    all.value[SETTING_LIVE] = "1";
    assert_true(setting_demands_factor(&all));
    all.value[SETTING_LIVE] = NULL;
    all.value[SETTING_DEMONSTRATION] = "1";
    assert_true(setting_demands_factor(&all));
    assert_err(j, setting_choose(j, SETTING_SECOND_FACTOR, "maybe"), ERR_INPUT);
}

static void
a_lost_second_factor_needs_a_code_from_a_person_and_is_set_up_anew(void **state)
{
    struct job *j = support_job(state);
    struct sign_in s;
    struct sign_in_code c;
    const char *secret, *handed;
    enum session_stage stage;
    int64_t n;

    start(j);
    secret = set_up(j);
    j->now += 10 * FACTOR_STEP;
    s = passphrase_from(j, right, "home");
    c = code_from(j, s.token, code_at(j, secret, j->now));
    assert_true(is_in(j, c.token));
    assert_err(j, account_reset_factor(j, &key, ann, "  ", &handed), ERR_INPUT);
    err_clear(j);
    assert_ok(j, account_reset_factor(j, &key, ann, "lost her phone; I know her voice", &handed));
    assert_false(is_in(j, c.token)); /* all sessions have ended */
    assert_int_equal(kind(j), FACTOR_RESET);
    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM second_factor_reset", NO_ARGS, 0, &n));
    assert_int_equal(n, 1);
    /* the passphrase alone is not enough, nor the old program */
    s = passphrase_from(j, right, "home");
    assert_int_equal(s.stage, SESSION_CODE);
    j->now += FACTOR_STEP;
    assert_string_equal(code_from(j, s.token, code_at(j, secret, j->now)).token, "");
    for (int i = 0; i < 2; i++) { /* whoever stops half-way needs the code again */
        s = passphrase_from(j, right, "home");
        c = code_from(j, s.token, handed);
        assert_int_equal(c.stage, SESSION_SET_UP);
        assert_false(is_in(j, c.token));
    }
    set_up(j);
    c.who = half_of(j, c.token, &stage);
    c.half = job_copy(j, c.token);
    assert_ok(j, sign_in_finish(j, &c));
    assert_true(is_in(j, c.token));
    assert_false(takes(j, handed));
    audit_end(&notes);
}

static void
a_handed_code_is_good_for_a_week(void **state)
{
    struct job *j = support_job(state);
    const char *handed;

    start(j);
    assert_ok(j, account_reset_factor(j, &key, ann, "a new person", &handed));
    j->now += FACTOR_HANDED - 1;
    assert_true(takes(j, handed));
    j->now += 1;
    assert_false(takes(j, handed));
    assert_int_equal(kind(j), FACTOR_RESET); /* and nothing else will do */
    audit_end(&notes);
}

static void
a_secret_moved_to_another_account_opens_nothing(void **state)
{
    static const char sql_move[] =
        "UPDATE second_factor SET secret = (SELECT f.secret FROM second_factor f "
        "WHERE f.account_id = $1) WHERE account_id = $2";
    struct account b = {.login = "bob", .name = "Bob", .role = ROLE_ANALYST, .area = 1};
    struct job *j = support_job(state);
    const char *secret;
    int64_t bob, first = 0;
    bool yes;

    start(j);
    secret = set_up(j);
    first = ann;
    assert_ok(j, account_add(j, &b, right, &bob));
    ann = bob;
    set_up(j);
    j->now += 10 * FACTOR_STEP;
    assert_ok(j, db_run(j, sql_move, ARGS(INT(first), INT(bob)), NULL));
    assert_err(j, factor_take(j, &key, bob, code_at(j, secret, j->now), &yes), ERR_ENV);
    assert_false(yes);
    audit_end(&notes);
}

static void
codes_are_told_in_a_demonstration_only(void **state)
{
    struct job *j = support_job(state);
    char a[FACTOR_SECRET], b[FACTOR_SECRET], code[FACTOR_CODE];

    start(j);
    factor_demo_secret("lead", a);
    factor_demo_secret("lead", b);
    assert_string_equal(a, b);
    factor_demo_secret("analyst", b);
    assert_string_not_equal(a, b);
    set_up(j);
    assert_err(j, factor_demo_code(j, &key, ann, code), ERR_INPUT);
    assert_says(j, "no demonstration");
    err_clear(j);
    assert_err(j, factor_demo(j, &key, ann, "ann"), ERR_INPUT);
    err_clear(j);
    assert_ok(j, setting_change(j, SETTING_DEMONSTRATION, "1"));
    assert_ok(j, factor_demo_code(j, &key, ann, code));
    j->now += FACTOR_STEP;
    assert_ok(j, factor_demo_code(j, &key, ann, code));
    assert_true(takes(j, code));
    audit_end(&notes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(codes_are_those_of_the_standard),
        SUPPORT_TEST(a_program_is_a_second_factor_once_its_first_code_was_right),
        SUPPORT_TEST(a_code_is_good_once_and_a_step_to_either_side),
        SUPPORT_TEST(turning_the_clock_back_makes_no_code_good_again),
        SUPPORT_TEST(paper_codes_are_good_once_however_they_are_typed),
        SUPPORT_TEST(a_printed_list_serves_without_a_program),
        SUPPORT_TEST(the_passphrase_alone_opens_nothing_once_there_is_a_second_factor),
        SUPPORT_TEST(half_way_lasts_ten_minutes_and_five_wrong_codes),
        SUPPORT_TEST(a_code_used_at_one_sign_in_is_no_good_at_another),
        SUPPORT_TEST(where_it_is_demanded_one_must_set_it_up_first),
        SUPPORT_TEST(live_and_demonstration_always_demand_one),
        SUPPORT_TEST(a_lost_second_factor_needs_a_code_from_a_person_and_is_set_up_anew),
        SUPPORT_TEST(a_handed_code_is_good_for_a_week),
        SUPPORT_TEST(a_secret_moved_to_another_account_opens_nothing),
        SUPPORT_TEST(codes_are_told_in_a_demonstration_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
