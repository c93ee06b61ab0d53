/* A school's search finds the same from what is kept of its children as from the facts. */
#include "access/actor.h"
#include "access/permit.h"
#include "intake/after.h"
#include "intake/batch.h"
#include "people/child.h"
#include "people/school_child.h"
#include "support/loads.h"
#include "synth/synth.h"
#include <string.h>

enum { SCHOOLS_MOST = 64, ROLL_MOST = 200, TENTH = 10 };

static void
say_ready(struct job *j, int ready)
{
    assert_ok(j, db_run(j, "UPDATE school_child_made SET ready = $2 WHERE area_id = $1",
                        ARGS(INT(j->area), INT(ready)), NULL));
}

static bool
is_ready(struct job *j)
{
    bool ready;

    assert_ok(j, school_child_ready(j, &ready));
    return ready;
}

struct answer {
    struct child *v;
    size_t n, total;
};

static struct answer
ask(struct job *j, const struct child_search *s, int ready)
{
    struct answer a;

    say_ready(j, ready);
    assert_ok(j, child_search(j, s, &a.v, &a.n, &a.total));
    return a;
}

/* Gives how many there are. */
static size_t
same_both_ways(struct job *j, const struct child_search *s)
{
    struct scope mem = job_scope_begin(j);
    struct answer facts = ask(j, s, 0), kept = ask(j, s, 1);

    assert_int_equal(facts.total, kept.total);
    assert_int_equal(facts.n, kept.n);
    for (size_t i = 0; i < facts.n; i++)
        assert_int_equal(facts.v[i].person, kept.v[i].person);
    job_scope_end(j, mem);
    return facts.total;
}

/* Starts of names, both names, and names in the wrong order, of every nth child. */
static const char sql_words[] =
    "SELECT surname_key, forename_key FROM identity WHERE area_id = $1 AND identity_id % $2 = 0 "
    "AND surname_key IS NOT NULL AND forename_key IS NOT NULL ORDER BY identity_id";

static size_t
words_of(struct job *j, int nth, const char ***out)
{
    size_t n = 0, most = 4096;
    struct rows q;

    *out = job_array(j, most, sizeof **out);
    db_ask(j, &q, sql_words, ARGS(INT(j->area), INT(nth)));
    while (db_next(&q) && n + 5 <= most) {
        const char *s = row_text(&q, 0), *f = row_text(&q, 1);
        (*out)[n++] = job_format(j, "%.2s", s);
        (*out)[n++] = job_format(j, "%.3s", f);
        (*out)[n++] = s;
        (*out)[n++] = job_format(j, "%s %.1s", f, s);
        (*out)[n++] = job_format(j, "%.2s %s", s, f);
    }
    assert_ok(j, db_done(&q));
    assert_true(n > 0);
    return n;
}

static size_t
schools_of(struct job *j, int64_t urn[SCHOOLS_MOST])
{
    size_t n = 0;
    struct rows q;

    db_ask(j, &q, "SELECT DISTINCT urn FROM census_pupil WHERE area_id = $1 ORDER BY urn",
           ARGS(INT(j->area)));
    while (db_next(&q) && n < SCHOOLS_MOST)
        urn[n++] = row_int(&q, 0);
    assert_ok(j, db_done(&q));
    assert_true(n > 0);
    return n;
}

static size_t
roll_is_the_same(struct job *j, int64_t urn)
{
    struct child_search s = {.urn = urn, .year_group = CHILD_ANY_YEAR, .limit = CHILD_SEARCH_MOST};
    size_t n = same_both_ways(j, &s);

    for (s.limit = 7; s.offset < n && s.offset < ROLL_MOST; s.offset += 7)
        same_both_ways(j, &s);
    s.offset = n + 1;
    same_both_ways(j, &s);
    s.offset = 0;
    for (s.year_group = -2; s.year_group <= 14; s.year_group++)
        same_both_ways(j, &s);
    return n;
}

/* As a school's own person sees it, and as the authority sees that school.  Gives how many
 * were found. */
static size_t
all_is_the_same(struct job *j, int nth)
{
    struct actor senco = {.account = 2, .login = "senco", .role = ROLE_SENCO, .area = j->area};
    struct actor analyst = {.account = 1, .login = "a", .role = ROLE_ANALYST, .area = j->area};
    int64_t urn[SCHOOLS_MOST];
    size_t found = 0, schools = schools_of(j, urn);
    const char **words;
    size_t n = words_of(j, nth, &words);

    for (size_t i = 0; i < schools; i++) {
        senco.urn = urn[i];
        j->who = &senco;
        found += roll_is_the_same(j, urn[i]);
        for (size_t w = 0; w < n; w++) {
            struct child_search s = {.words = words[w], .limit = CHILD_SEARCH_MOST};
            j->who = (w + i) % 2 ? &senco : &analyst;
            s.urn = urn[i];
            found += same_both_ways(j, &s);
        }
    }
    j->who = NULL;
    return found;
}

/* Every name that any file gives a child on a school's census, and nothing else. */
#define NAMES_TOLD                                                                             \
    "SELECT c.urn, COALESCE(n.surname_key, ''), COALESCE(n.forename_key, ''), n.person_id "    \
    "FROM census_pupil c JOIN batch b ON b.area_id = c.area_id AND b.batch_id = c.batch_id "   \
    "JOIN identity i ON i.area_id = c.area_id AND i.identity_id = c.identity_id "              \
    "JOIN identity n ON n.area_id = i.area_id AND n.person_id = i.person_id "                  \
    "WHERE b.state = 'published'"
#define NAMES_KEPT "SELECT urn, surname_key, forename_key, person_id FROM school_child"

static void
names_are_those_of_the_facts(struct job *j)
{
    int64_t kept = loads_count(j, "SELECT COUNT(*) FROM school_child");

    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM (" NAMES_TOLD " EXCEPT " NAMES_KEPT
                                    ") AS missing"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM (" NAMES_TOLD " UNION " NAMES_KEPT
                                    ") AS whole"), kept);
}

static void
the_council_finds_the_same_from_what_is_kept(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    assert_false(is_ready(j)); /* until what follows a load */
    assert_ok(j, school_child_make(j));
    assert_true(is_ready(j));
    assert_true(all_is_the_same(j, 1) > 10);
}

static void
an_invented_authority_finds_the_same_from_what_is_kept(void **state)
{
    struct job *j = support_job(state);
    struct synth_plan p = {"small", 7, support_path(j, "files"), true, "none", 0};
    struct synth_done made;

    j->limit = 512 * (size_t)JOB_MB;
    assert_ok(j, synth_write(j, &p, &made));
    support_db(j);
    loads_run(j, support_path(j, "files"));
    j->area = 1;
    assert_ok(j, school_child_make(j));
    assert_true(all_is_the_same(j, (int)(made.children / TENTH)) > 100);
    names_are_those_of_the_facts(j);
}

/* The published batch with most of the census, by its id. */
static int64_t
last_census(struct job *j)
{
    return loads_count(j, "SELECT batch_id FROM batch WHERE kind = 'census' "
                          "AND state = 'published' ORDER BY school_year DESC, term DESC LIMIT 1");
}

static void
a_withdrawn_census_is_no_longer_searched(void **state)
{
    struct job *j = support_job(state);
    int64_t before;

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    assert_ok(j, school_child_make(j));
    before = loads_count(j, "SELECT COUNT(*) FROM school_child");
    assert_true(before > 0);
    while (last_census(j) > 0) {
        assert_ok(j, batch_withdraw(j, last_census(j), "wrong"));
        assert_false(is_ready(j)); /* at once: what is kept is not read */
        assert_ok(j, school_child_make(j));
        assert_true(is_ready(j));
        names_are_those_of_the_facts(j);
        if (last_census(j) > 0)
            all_is_the_same(j, 1);
    }
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM school_child"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM school_roll"), 0);
}

static void
what_is_whole_is_not_made_again_and_what_was_cut_off_is(void **state)
{
    struct job *j = support_job(state);
    int64_t all;

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    assert_true(is_ready(j));
    all = loads_count(j, "SELECT COUNT(*) FROM school_child");
    assert_ok(j, db_run(j, "DELETE FROM school_child", NO_ARGS, NULL));
    assert_ok(j, school_child_make(j));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM school_child"), 0);
    say_ready(j, 0);
    j->area = 0;
    assert_ok(j, school_child_catch_up(j));
    j->area = 896;
    assert_true(is_ready(j));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM school_child"), all);
    names_are_those_of_the_facts(j);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_council_finds_the_same_from_what_is_kept),
        SUPPORT_TEST(an_invented_authority_finds_the_same_from_what_is_kept),
        SUPPORT_TEST(a_withdrawn_census_is_no_longer_searched),
        SUPPORT_TEST(what_is_whole_is_not_made_again_and_what_was_cut_off_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
