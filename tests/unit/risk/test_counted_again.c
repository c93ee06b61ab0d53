/* Counting only the school years that changed gives the rows that counting all gives. */
#include "base/random.h"
#include "risk/places.h"
#include "risk/sessions.h"
#include "risk/snapshot.h"
#include "support/small_marks.h"
#include "support/small_timeline.h"
#include "support/support.h"

enum { CHILDREN = 12, ROUNDS = 6, FIRST_YEAR = 2022, LAST_YEAR = 2024, WEEK = 7 };

static const char sql_identity[] =
    "INSERT INTO identity (area_id, identity_id, person_id, digest, source, surname, forename, "
    "batch_id) VALUES ($1, $2, $3, $4, 'school', $5, 'Robin', 1)";
static const char sql_forget[] = "DELETE FROM identity WHERE area_id = $1";

static void
add_facts(struct small *s, struct random *r)
{
    for (int k = (int)random_below(r, 4); k > 0; k--) {
        int32_t day = date_from_ymd(2021 + (int32_t)random_below(r, 3), 11, 8 + 3 * k);
        small_event(s, &(struct timeline_event){.started = day, .sessions = 2});
    }
    for (int16_t year = 2021; year <= 2023; year++)
        small_absence(s, year, 120, (uint16_t)random_below(r, 60));
    if (random_below(r, 3) == 0)
        small_spell(s, SPELL_NEED, 18000, 18900 + (int32_t)random_below(r, 1000));
}

static struct small *
some_children(struct job *j, struct random *r)
{
    struct small *s = small_new(j);

    assert_ok(j, db_run(j, sql_forget, ARGS(INT(1)), NULL));
    for (int i = 0; i < CHILDREN; i++) {
        uint32_t p = small_child(s, random_below(r, 2) ? 'M' : 'F');
        add_facts(s, r);
        assert_ok(j, db_run(j, sql_identity,
                            ARGS(INT(1), INT(s->person[p].identity_id),
                                 INT(s->person[p].person_id), TEXT(job_format(j, "d%u", p)),
                                 TEXT(job_format(j, "Name %u", (uint32_t)random_below(r, 9)))),
                            NULL));
    }
    s->head.checksum = 12345; /* as if it were read from a file */
    return s;
}

/* Autumn registers of each year; of the last year `weeks` of them. */
static const struct marks *
some_weeks(struct job *j, struct random *r, const struct small *s, int weeks)
{
    static const char *const codes[] = {"/\\/\\/\\/\\/\\", "II/\\/\\/\\/\\", "OOOO/\\/\\/\\",
                                        "22/\\/\\/\\/\\", "##/\\/\\/\\UU"};
    struct small_marks *m = small_marks_new(j);

    for (int32_t year = FIRST_YEAR; year <= LAST_YEAR; year++)
        for (int w = 0; w < (year == LAST_YEAR ? weeks : 10); w++) {
            int32_t day = date_from_ymd(year, 9, 7), monday = day - date_weekday(day) + WEEK * w;
            for (int c = 0; c < CHILDREN; c++)
                if (random_below(r, 12))
                    small_week(m, monday, s->person[c].person_id, codes[random_below(r, 5)]);
        }
    return small_marks_done(m);
}

#define V(column) "COALESCE(CAST(t." column " AS TEXT), '-') || ' ' || "
#define ROWS(columns, table)                                                                   \
    "SELECT " columns "'' FROM snapshot s JOIN snapshot_year y ON y.area_id = s.area_id AND "  \
    "y.snapshot_id = s.snapshot_id JOIN " table " t ON t.area_id = y.area_id AND "             \
    "t.snapshot_id = y.rows_of AND t.school_year = y.school_year "                             \
    "WHERE s.area_id = $1 AND s.state = 'current' ORDER BY 1"
static const char *const sql_rows[] = {
    ROWS(V("dimension") V("measure") V("school_year") V("member") V("numerator")
         V("denominator") V("state") V("enrolments") V("missed_squares"), "figure"),
    ROWS(V("name") V("school_year") V("item") V("value"), "statistic"),
    ROWS(V("school_year") V("person_id") V("urn") V("met") V("base") V("flags") V("year_group")
         V("suspensions") V("sessions_possible") V("sessions_absent") V("needs"), "child_year"),
    ROWS(V("measure") V("school_year") V("place") V("person_id"), "listed_child"),
    ROWS(V("person_id") V("school_year") V("place") V("measure") V("words"), "child_type"),
    ROWS(V("school_year") V("person_id") V("urn") V("met") V("base") V("sessions_absent"),
         "enrolment_year"),
};
enum { TABLES = sizeof sql_rows / sizeof *sql_rows };

struct dump {
    const char **row;
    size_t n;
};

static struct dump
dump_rows(struct job *j)
{
    enum { ROOM = 1 << 15 };
    struct dump d = {.row = job_array(j, ROOM, sizeof *d.row)};

    for (int t = 0; t < TABLES; t++) {
        struct rows q;
        db_ask(j, &q, sql_rows[t], ARGS(INT(1)));
        while (db_next(&q)) {
            assert_true(d.n < ROOM);
            d.row[d.n++] = row_text(&q, 0);
        }
        assert_ok(j, db_done(&q));
    }
    return d;
}

static void
assert_same(const struct dump *a, const struct dump *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        assert_string_equal(a->row[i], b->row[i]);
}

static bool
differ(const struct dump *a, const struct dump *b)
{
    bool out = a->n != b->n;

    for (size_t i = 0; i < a->n && !out; i++)
        out = strcmp(a->row[i], b->row[i]) != 0;
    return out;
}

static int64_t
make(struct job *j, const struct timeline *t, const struct marks *m, bool whole)
{
    struct figures_from from = {.t = t, .marks = m, .as_of = m->as_of, .whole = whole};
    struct figures_made out;

    assert_ok(j, figures_make(j, &from, &out));
    return out.children;
}

static void
counting_what_changed_gives_what_counting_all_gives(void **state)
{
    struct job *j = support_job(state);
    int changed = 0;

    support_db(j);
    support_area(j);
    j->area = 1;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct random r = random_stream(7, round, 0), again;
        struct small *s = some_children(j, &r);
        const struct timeline *t = small_done(s);
        struct dump before, part, all;
        int weeks = 3 + (int)random_below(&r, 6);
        int64_t rows;
        again = r;
        rows = make(j, t, some_weeks(j, &r, s, weeks), true);
        before = dump_rows(j);
        r = again;
        assert_true(make(j, t, some_weeks(j, &r, s, weeks + 1), false) < rows);
        part = dump_rows(j);
        r = again;
        assert_int_equal(make(j, t, some_weeks(j, &r, s, weeks + 1), true), rows);
        all = dump_rows(j);
        assert_same(&part, &all);
        assert_true(before.n > 500);
        changed += differ(&before, &all);
    }
    assert_int_equal(changed, ROUNDS); /* the week told something each time */
}

static void
an_order_of_names_handed_over_is_the_one_that_is_read(void **state)
{
    struct job *j = support_job(state);
    struct random r = random_stream(8, 0, 0);
    struct figures_from from = {.as_of = DATE_NONE, .whole = true};
    struct figures_made out;
    struct places places;
    struct dump read, given;
    struct small *s;

    support_db(j);
    support_area(j);
    j->area = 1;
    s = some_children(j, &r);
    from.t = small_done(s);
    assert_ok(j, figures_make(j, &from, &out));
    read = dump_rows(j);
    assert_ok(j, places_of(j, from.t, &places));
    from.places = &places;
    assert_ok(j, figures_make(j, &from, &out));
    given = dump_rows(j);
    assert_same(&read, &given);
}

static void
any_slices_of_the_people_give_the_same_rows(void **state)
{
    struct job *j = support_job(state);
    struct random r = random_stream(11, 0, 0);
    struct figures_from from = {.whole = true};
    struct figures_made out;
    struct dump one, many;
    struct small *s;

    support_db(j);
    support_area(j);
    j->area = 1;
    s = some_children(j, &r);
    from.t = small_done(s);
    from.marks = some_weeks(j, &r, s, 6);
    from.as_of = from.marks->as_of;
    assert_ok(j, figures_make(j, &from, &out));
    one = dump_rows(j);
    assert_true(one.n > 500);
    for (from.slice = 1; from.slice < CHILDREN; from.slice += 3) {
        assert_ok(j, figures_make(j, &from, &out));
        many = dump_rows(j);
        assert_same(&one, &many);
    }
}

/* Week by week for many, and child by child over the weeks. */
static void
a_block_of_children_has_the_sessions_of_each_child(void **state)
{
    struct job *j = support_job(state);
    uint32_t known = 0;

    support_db(j);
    support_area(j);
    j->area = 1;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct random r = random_stream(9, round, 0);
        struct small *s = some_children(j, &r);
        const struct timeline *t = small_done(s);
        const struct marks *m = some_weeks(j, &r, s, 10);
        struct marks_cursor cursor;
        struct years y;
        uint32_t from = (uint32_t)random_below(&r, CHILDREN);
        assert_ok(j, years_of(j, t, m, &y));
        marks_cursor(j, m, &cursor);
        y.cursor = &cursor;
        for (uint32_t p = from; p < CHILDREN; p++)
            for (int32_t year = y.first; year <= y.last; year++) {
                struct sessions one, many;
                y.told = NULL;
                one = sessions_of(&y, p, year);
                y.told = sessions_block(j, &y, from, CHILDREN);
                many = sessions_of(&y, p, year);
                assert_int_equal(one.possible, many.possible);
                assert_int_equal(one.absent, many.absent);
                assert_int_equal(one.part_time, many.part_time);
                assert_int_equal(one.school, many.school);
                assert_int_equal(one.registers, many.registers);
                assert_int_equal(one.census, many.census);
                known += one.registers;
            }
    }
    assert_true(known > ROUNDS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(counting_what_changed_gives_what_counting_all_gives),
        SUPPORT_TEST(an_order_of_names_handed_over_is_the_one_that_is_read),
        SUPPORT_TEST(any_slices_of_the_people_give_the_same_rows),
        SUPPORT_TEST(a_block_of_children_has_the_sessions_of_each_child),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
