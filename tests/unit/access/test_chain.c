/* The audit as a chain: whatever is done to it afterwards, the first bad entry is named. */
#include "support/support.h"
#include "access/audit.h"
#include "access/audit_verify.h"
#include "access/heads.h"
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static struct key key;
static const struct actor ann = {.account = 7, .login = "ann", .name = "Ann", .role = ROLE_ANALYST,
                                 .area = 1};

static void
start(struct job *j)
{
    support_db(j);
    support_area(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    j->who = &ann;
}

/* n entries more, in one transaction. */
static void
add(struct job *j, int n)
{
    struct notes notes;

    audit_begin(j, &key, &notes);
    for (int i = 0; i < n; i++) {
        j->now++;
        audit_put(j, (struct note){.act = ACT_CHILD, .person = 12 + i, .subject = "child\t1\\2\n",
                                   .detail = i % 2 ? "shown 1 2 of 2" : NULL});
    }
    assert_ok(j, db_begin(j));
    assert_ok(j, audit_write(j, &notes));
    assert_ok(j, db_commit(j));
    j->notes = NULL;
    audit_end(&notes);
}

static const char *
home(struct job *j)
{
    return support_path(j, ".");
}

static size_t
sign(struct job *j, struct heads_known *known)
{
    size_t n;

    assert_ok(j, heads_sign(j, home(j), known, &n));
    return n;
}

/* Ten entries; heads of the fourth and the eighth are signed. */
static void
ten(struct job *j)
{
    struct heads_known known = {.n = 0};

    start(j);
    add(j, 4);
    assert_int_equal(sign(j, &known), 1);
    add(j, 4);
    assert_int_equal(sign(j, &known), 1);
    add(j, 2);
}

static void
run(struct job *j, const char *sql)
{
    int64_t changed;

    assert_ok(j, db_run(j, sql, NO_ARGS, &changed));
    assert_true(changed > 0);
}

static struct chain_check
verify(struct job *j, bool with_heads)
{
    unsigned char public[CHAIN_PUBLIC], secret[CHAIN_SECRET];
    struct chain_heads h = {.n = 0};
    struct chain_check c;

    assert_ok(j, heads_key(j, home(j), true, public, secret));
    if (with_heads && !chain_heads_read(&h, heads_path(j, home(j)), public))
        fail_msg("%s", h.why);
    assert_ok(j, audit_verify(j, 1, &h, &c));
    chain_heads_free(&h);
    return c;
}

/* The first bad entry, with the heads; the sentence names it. */
static void
assert_bad(struct job *j, int64_t id)
{
    struct chain_check c = verify(j, true);

    if (c.bad != id)
        fail_msg("entry %lld is said to be bad, not %lld: %s", (long long)c.bad, (long long)id,
                 c.why);
    if (!strstr(c.why, job_format(j, "%lld", (long long)id)))
        fail_msg("the sentence does not name %lld: %s", (long long)id, c.why);
}

static void
what_was_left_alone_is_whole(void **state)
{
    struct job *j = support_job(state);
    struct chain_check c;

    ten(j);
    c = verify(j, true);
    assert_string_equal(c.why, "");
    assert_int_equal(c.bad, 0);
    assert_int_equal(c.n, 10);
    assert_int_equal(c.sure, 8);
    assert_int_equal(verify(j, false).sure, 0);
}

static const char sql_name[] = "SELECT chain FROM audit_head WHERE area_id = 1";
static const char sql_hash[] = "SELECT hash FROM audit WHERE area_id = 1 AND audit_id = 1";

/* As docs/audit.md says it, by another way. */
static void
assert_first(struct job *j, const char *line)
{
    unsigned char hash[32], all[32 + 200];
    const char *top, *kept;
    struct rows q;
    size_t n;

    j->now = 1750064400000000 - 1;
    add(j, 1);
    db_ask(j, &q, sql_name, NO_ARGS);
    assert_true(db_next(&q));
    top = job_format(j, "rooted-audit-1\t%s\t1", row_text(&q, 0));
    assert_ok(j, db_done(&q));
    crypto_hash_sha256(all, (const unsigned char *)top, strlen(top));
    memcpy(all + 32, line, strlen(line));
    crypto_hash_sha256(hash, all, 32 + strlen(line));
    db_ask(j, &q, sql_hash, NO_ARGS);
    assert_true(db_next(&q));
    kept = row_blob(&q, 0, &n);
    assert_ok(j, db_done(&q));
    assert_int_equal(n, 32);
    assert_memory_equal(kept, hash, 32);
}

static void
the_first_hash_is_of_the_bytes_that_the_manual_says(void **state)
{
    struct job *j = support_job(state);

    start(j);
    assert_first(j, "1\t1\t1750064400000000\t7\topened\tchild\tallowed\t12\tchild\\t1\\\\2\\n\t"
                    "\tanalyst");
}

/* As all entries were before a role stood in them: their bytes, and so their hashes, stay. */
static void
an_entry_without_a_role_has_the_bytes_it_always_had(void **state)
{
    static const struct actor none = {.account = 7, .login = "ann", .role = ROLE_NONE, .area = 1};
    struct job *j = support_job(state);

    start(j);
    j->who = &none;
    assert_first(j, "1\t1\t1750064400000000\t7\topened\tchild\tallowed\t12\tchild\\t1\\\\2\\n\t");
    j->who = &ann;
    add(j, 3);
    assert_int_equal(verify(j, false).bad, 0);
    run(j, "UPDATE audit SET role = 'senco' WHERE area_id = 1 AND audit_id = 1");
    assert_int_equal(verify(j, false).bad, 1); /* nor can one be given to it afterwards */
}

/* ---- attacks ---------------------------------------------------------------------------- */

static void
a_change_of_any_column_is_named(void **state)
{
    static const char *const changes[] = {
        "UPDATE audit SET at = at + 1 WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET account_id = 8 WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET account_id = NULL WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET event = 'listed' WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET act = 'children' WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET outcome = 'refused' WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET person_id = 99 WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET subject = 'child 2' WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET subject = NULL WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET detail = 'shown 1 of 2' WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET role = 'senco' WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET role = NULL WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET hash = NULL WHERE area_id = 1 AND audit_id = 6",
        "UPDATE audit SET hash = (SELECT a.hash FROM audit a WHERE a.area_id = 1 AND "
        "a.audit_id = 5) WHERE area_id = 1 AND audit_id = 6",
    };
    struct job *j = support_job(state);

    ten(j);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        assert_ok(j, db_begin(j));
        run(j, changes[i]);
        assert_bad(j, 6);
        db_rollback(j);
    }
    assert_int_equal(verify(j, true).bad, 0);
}

static void
text_moved_from_one_column_to_the_next_is_named(void **state)
{
    struct job *j = support_job(state);

    ten(j);
    run(j, "UPDATE audit SET subject = 'child\t1\\2\n\tshown 1 2 of 2', detail = NULL "
           "WHERE area_id = 1 AND audit_id = 2");
    assert_bad(j, 2);
}

static void
an_entry_taken_away_is_named(void **state)
{
    struct job *j = support_job(state);

    ten(j);
    run(j, "DELETE FROM audit WHERE area_id = 1 AND audit_id = 3");
    assert_bad(j, 3);
    run(j, "UPDATE audit SET audit_id = audit_id - 1 WHERE area_id = 1 AND audit_id = 4");
    assert_bad(j, 3); /* the next one in its place */
    run(j, "DELETE FROM audit WHERE area_id = 1 AND audit_id = 1");
    assert_bad(j, 1);
}

static void
entries_in_another_order_are_named(void **state)
{
    struct job *j = support_job(state);

    ten(j);
    run(j, "UPDATE audit SET audit_id = 100 WHERE area_id = 1 AND audit_id = 5");
    run(j, "UPDATE audit SET audit_id = 5 WHERE area_id = 1 AND audit_id = 6");
    run(j, "UPDATE audit SET audit_id = 6 WHERE area_id = 1 AND audit_id = 100");
    assert_bad(j, 5);
}

static void
an_entry_put_in_is_named(void **state)
{
    struct job *j = support_job(state);

    ten(j);
    run(j, "INSERT INTO audit (area_id, audit_id, at, event, act, outcome, hash) SELECT 1, 11, at, "
           "event, act, outcome, hash FROM audit WHERE area_id = 1 AND audit_id = 10");
    assert_bad(j, 11);
}

static const char cut[] = "DELETE FROM audit WHERE area_id = 1 AND audit_id > 6";
static const char sql_stand[] =
    "UPDATE audit_head SET next_id = $1 + 1, hash = (SELECT a.hash FROM audit a WHERE "
    "a.area_id = 1 AND a.audit_id = $1) WHERE area_id = 1";

static void
entries_cut_off_are_named(void **state)
{
    struct job *j = support_job(state);

    ten(j);
    run(j, cut);
    assert_bad(j, 7);
    assert_int_equal(verify(j, false).bad, 7); /* the database still says how many there were */
    assert_ok(j, db_run(j, sql_stand, ARGS(INT(6)), NULL));
    assert_int_equal(verify(j, false).bad, 0); /* nobody knows without signed heads */
    assert_bad(j, 7);
}

static void
everything_cut_off_is_named(void **state)
{
    struct job *j = support_job(state);

    ten(j);
    run(j, "DELETE FROM audit WHERE area_id = 1");
    run(j, "DELETE FROM audit_head WHERE area_id = 1");
    assert_bad(j, 1);
    add(j, 3); /* begun anew, as if nothing had been */
    assert_int_equal(verify(j, false).bad, 0);
    assert_bad(j, 1);
}

/* The database as it was after the sixth entry, which then went on as if nothing had been. */
static void
a_database_set_back_is_named(void **state)
{
    struct job *j = support_job(state);

    ten(j);
    run(j, cut);
    assert_ok(j, db_run(j, sql_stand, ARGS(INT(6)), NULL));
    add(j, 6);
    assert_int_equal(verify(j, false).bad, 0);
    assert_bad(j, 5); /* after the head of the fourth, and before that of the eighth */
    assert_non_null(strstr(verify(j, true).why, "up to entry 8"));
}

static const char sql_all[] =
    "SELECT audit_id, at, account_id, person_id, event, act, outcome, subject, detail, role "
    "FROM audit WHERE area_id = 1 ORDER BY audit_id";
static const char sql_set[] = "UPDATE audit SET hash = $2 WHERE area_id = 1 AND audit_id = $1";

/* With all hashes made anew, as whoever may write in the database can. */
static void
write_anew(struct job *j)
{
    unsigned char hash[20][CHAIN_HASH];
    char name[CHAIN_NAME], line[CHAIN_LINE];
    int64_t n = 0;
    struct rows q;

    db_ask(j, &q, sql_name, NO_ARGS);
    assert_true(db_next(&q));
    snprintf(name, sizeof name, "%s", row_text(&q, 0));
    assert_ok(j, db_done(&q));
    chain_begin(name, 1, hash[0]);
    db_ask(j, &q, sql_all, NO_ARGS);
    while (db_next(&q)) {
        const struct chain_entry e = {1, row_int(&q, 0), row_int(&q, 1), row_int(&q, 2),
            row_int(&q, 3), chain_text(row_text(&q, 4)), chain_text(row_text(&q, 5)),
            chain_text(row_text(&q, 6)), chain_text(row_text(&q, 7)), chain_text(row_text(&q, 8)),
            chain_text(row_text(&q, 9))};
        memcpy(hash[n + 1], hash[n], CHAIN_HASH);
        n++;
        chain_add(hash[n], line, chain_line(&e, line));
    }
    assert_ok(j, db_done(&q));
    for (int64_t i = 1; i <= n; i++)
        assert_ok(j, db_run(j, sql_set, ARGS(INT(i), BLOB(hash[i], CHAIN_HASH)), NULL));
    assert_ok(j, db_run(j, sql_stand, ARGS(INT(n)), NULL));
}

static void
an_audit_written_anew_is_named(void **state)
{
    struct job *j = support_job(state);

    ten(j);
    run(j, "UPDATE audit SET person_id = 99 WHERE area_id = 1 AND audit_id = 6");
    write_anew(j);
    assert_int_equal(verify(j, false).bad, 0);
    assert_bad(j, 5); /* or 6, 7, 8: so far are heads signed */
    run(j, "UPDATE audit SET person_id = 99 WHERE area_id = 1 AND audit_id = 1");
    write_anew(j);
    assert_bad(j, 1);
}

/* ---- heads ------------------------------------------------------------------------------- */

static char *
read_heads(struct job *j)
{
    char *text = job_alloc(j, 5000);
    FILE *f = fopen(heads_path(j, home(j)), "re");

    assert_non_null(f);
    assert_true(fread(text, 1, 4999, f) > 0);
    fclose(f);
    return text;
}

static void
write_heads(struct job *j, const char *text)
{
    FILE *f = fopen(heads_path(j, home(j)), "we");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    fclose(f);
}

static bool
heads_are_good(struct job *j, const unsigned char *public, struct chain_heads *h)
{
    bool ok = chain_heads_read(h, heads_path(j, home(j)), public);

    chain_heads_free(h);
    return ok;
}

static void
a_forged_head_is_named(void **state)
{
    struct job *j = support_job(state);
    unsigned char public[CHAIN_PUBLIC], secret[CHAIN_SECRET];
    struct chain_heads h;
    char *good, *bad;

    ten(j);
    assert_ok(j, heads_key(j, home(j), false, public, secret));
    good = read_heads(j);
    assert_true(heads_are_good(j, public, &h));
    for (size_t i = 0; good[i] != '\n'; i++) { /* any byte of the first line */
        bad = job_copy(j, good);
        bad[i] = bad[i] == '0' ? '1' : '0';
        write_heads(j, bad);
        assert_false(heads_are_good(j, public, &h));
        assert_non_null(strstr(h.why, "Line 1 "));
    }
}

static void
heads_of_another_key_are_refused(void **state)
{
    struct job *j = support_job(state);
    unsigned char public[CHAIN_PUBLIC], secret[CHAIN_SECRET];
    struct chain_heads h;

    ten(j);
    crypto_sign_keypair(public, secret);
    assert_false(heads_are_good(j, public, &h));
    assert_non_null(strstr(h.why, "not signed by this key"));
}

static void
a_line_whose_writer_was_stopped_is_left_out_and_taken_away(void **state)
{
    struct heads_known known = {.n = 0};
    struct job *j = support_job(state);
    const char *good;

    ten(j);
    good = read_heads(j);
    write_heads(j, job_format(j, "%srooted-head-1 00", good));
    assert_int_equal(verify(j, true).sure, 8);
    assert_int_equal(sign(j, &known), 1);
    assert_int_equal(verify(j, true).sure, 10);
    assert_int_equal(strncmp(read_heads(j), good, strlen(good)), 0);
}

static void
a_head_is_signed_once_and_again_after_new_entries(void **state)
{
    struct heads_known known = {.n = 0};
    struct job *j = support_job(state);
    struct stat st;

    start(j);
    assert_int_equal(sign(j, &known), 0); /* nothing yet: no file */
    assert_int_not_equal(stat(heads_path(j, home(j)), &st), 0);
    add(j, 3);
    assert_int_equal(sign(j, &known), 1);
    assert_int_equal(sign(j, &known), 0);
    add(j, 1);
    assert_int_equal(sign(j, &known), 1);
    assert_int_equal(stat(heads_path(j, home(j)), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(support_path(j, "audit-key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void
a_signing_key_that_others_may_read_is_refused(void **state)
{
    unsigned char public[CHAIN_PUBLIC], secret[CHAIN_SECRET];
    struct job *j = support_job(state);

    start(j);
    assert_err(j, heads_key(j, home(j), false, public, secret), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, heads_key(j, home(j), true, public, secret));
    assert_int_equal(chmod(support_path(j, "audit-key"), 0644), 0);
    assert_err(j, heads_key(j, home(j), true, public, secret), ERR_ENV);
    assert_says(j, "may be read by others");
}

/* ---- entries from before ------------------------------------------------------------------ */

static const char sql_old[] =
    "INSERT INTO audit (area_id, audit_id, at, account_id, act, subject, outcome) VALUES "
    "(1, $1, 5, 7, $2, $3, $4)";
static const char sql_old_head[] = "INSERT INTO audit_head (area_id, next_id) VALUES (1, $1)";
static const char sql_event[] =
    "SELECT event || ' ' || COALESCE(person_id, 0) FROM audit WHERE area_id = 1 AND audit_id = $1";

static void
assert_event(struct job *j, int64_t id, const char *want)
{
    struct rows q;

    db_ask(j, &q, sql_event, ARGS(INT(id)));
    assert_true(db_next(&q));
    assert_string_equal(row_text(&q, 0), want);
    assert_ok(j, db_done(&q));
}

static void
make_old(struct job *j)
{
    start(j);
    for (int i = 1; i <= 1200; i++)
        assert_ok(j, db_run(j, sql_old, ARGS(INT(i), TEXT(i == 2 ? "children" : "child"),
                                             TEXT(i == 2 ? NULL : "child 12, school 100001"),
                                             TEXT(i == 3 ? "refused" : "allowed")), NULL));
    assert_ok(j, db_run(j, sql_old_head, ARGS(INT(1201)), NULL));
}

static void
entries_from_before_there_were_chains_are_chained_with_the_first_new_one(void **state)
{
    struct job *j = support_job(state);

    make_old(j);
    assert_non_null(strstr(verify(j, false).why, "no hashes yet"));
    add(j, 2);
    assert_int_equal(verify(j, false).bad, 0);
    assert_int_equal(verify(j, false).n, 1202);
    assert_event(j, 1, "opened 12");
    assert_event(j, 2, "listed 0");
    assert_event(j, 3, "denied 12");
}

static void
entries_from_before_are_chained_at_the_start(void **state)
{
    struct job *j = support_job(state);

    make_old(j);
    assert_ok(j, audit_catch_up(j));
    assert_int_equal(verify(j, false).bad, 0);
    assert_int_equal(verify(j, false).n, 1200);
    assert_ok(j, audit_catch_up(j)); /* nothing more to do */
    run(j, "UPDATE audit SET subject = 'child 13' WHERE area_id = 1 AND audit_id = 700");
    assert_int_equal(verify(j, false).bad, 700);
}

static void
areas_have_chains_of_their_own(void **state)
{
    struct job *j = support_job(state);
    struct notes n;
    int64_t *area;
    size_t areas;

    start(j);
    audit_begin(j, &key, &n);
    for (int i = 0; i < 14; i++) { /* more areas than one pen holds, to and fro */
        j->area = i % 7;
        audit_note(j, ACT_CHILD, job_format(j, "child %d", i), false);
    }
    assert_ok(j, db_begin(j));
    assert_ok(j, audit_write(j, &n));
    assert_ok(j, db_commit(j));
    audit_end(&n);
    assert_ok(j, audit_areas(j, NULL, &area, &areas));
    assert_int_equal(areas, 7);
    for (size_t i = 0; i < areas; i++) {
        struct chain_check c;
        assert_ok(j, audit_verify(j, area[i], NULL, &c));
        assert_int_equal(c.bad, 0);
        assert_int_equal(c.n, 2);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_was_left_alone_is_whole),
        SUPPORT_TEST(the_first_hash_is_of_the_bytes_that_the_manual_says),
        SUPPORT_TEST(an_entry_without_a_role_has_the_bytes_it_always_had),
        SUPPORT_TEST(a_change_of_any_column_is_named),
        SUPPORT_TEST(text_moved_from_one_column_to_the_next_is_named),
        SUPPORT_TEST(an_entry_taken_away_is_named),
        SUPPORT_TEST(entries_in_another_order_are_named),
        SUPPORT_TEST(an_entry_put_in_is_named),
        SUPPORT_TEST(entries_cut_off_are_named),
        SUPPORT_TEST(everything_cut_off_is_named),
        SUPPORT_TEST(a_database_set_back_is_named),
        SUPPORT_TEST(an_audit_written_anew_is_named),
        SUPPORT_TEST(a_forged_head_is_named),
        SUPPORT_TEST(heads_of_another_key_are_refused),
        SUPPORT_TEST(a_line_whose_writer_was_stopped_is_left_out_and_taken_away),
        SUPPORT_TEST(a_head_is_signed_once_and_again_after_new_entries),
        SUPPORT_TEST(a_signing_key_that_others_may_read_is_refused),
        SUPPORT_TEST(entries_from_before_there_were_chains_are_chained_with_the_first_new_one),
        SUPPORT_TEST(entries_from_before_are_chained_at_the_start),
        SUPPORT_TEST(areas_have_chains_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
