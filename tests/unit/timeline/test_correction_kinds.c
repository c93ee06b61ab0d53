/* Every kind of fact that the child's page shows can be set aside, holds so for the same fact
 * loaded again, and comes back when that is undone; those with days are corrected in them. */
#include "built.h"
#include "people/fact.h"
#include "quality/correct.h"
#include "support/children.h"

enum { SCHOOL = 900001, PERSON = 7 };

static const char sql_plan[] =
    "INSERT INTO ehc_fact (area_id, batch_id, file_id, line, part, identity_id, return_year, kind, "
    "started, ended, told_to, code, need_rank, source_kind) VALUES (1, $1, 8, $2, $3, 70, 2025, "
    "$4, $5, $6, $7, $8, $9, 'sen2')";

/* One record of two parts: a plan, and a need on the day of the survey. */
static void
add_plan(struct facts *f)
{
    int64_t line = ++f->line;

    assert_ok(f->j, db_run(f->j, sql_plan, ARGS(INT(f->batch), INT(line), INT(1), TEXT("plan"),
                                                INT(day(2024, 3, 4)), NUL, INT(day(2025, 1, 16)),
                                                NUL, NUL), NULL));
    assert_ok(f->j, db_run(f->j, sql_plan, ARGS(INT(f->batch), INT(line), INT(2), TEXT("need"),
                                                INT(day(2025, 1, 16)), NUL, INT(day(2025, 1, 17)),
                                                TEXT("SEMH"), INT(1)), NULL));
}

/* One of each kind, as a later load tells it again. */
static void
all_kinds(struct facts *f)
{
    facts_batch(f, 2024, TERM_SPRING);
    facts_pupil(f, (struct facts_pupil){.person = PERSON, .urn = SCHOOL,
                                        .entered = day(2022, 9, 1)});
    facts_pupil(f, (struct facts_pupil){.person = 8, .urn = SCHOOL});
    facts_suspension(f, (struct facts_suspension){.person = PERSON, .urn = SCHOOL,
                                                  .started = day(2024, 11, 4), .sessions = 3});
    facts_need(f, PERSON, "ASD", 1);
    facts_meals(f, PERSON, day(2024, 9, 2), 0);
    facts_placement(f, (struct facts_placement){.person = PERSON, .urn = SCHOOL,
        .provider = 900002, .kind = "school", .reason = "BHS", .entered = day(2024, 10, 7)});
    facts_care(f, (struct facts_care){.person = PERSON, .return_year = 2025, .kind = "plan",
                                      .started = day(2024, 6, 3)});
    facts_outcome(f, (struct facts_outcome){.person = PERSON, .urn = SCHOOL,
        .started = day(2024, 11, 4), .decided = day(2024, 11, 20), .result = "BRE"});
    facts_leaver(f, (struct facts_leaver){.person = PERSON, .urn = SCHOOL,
                                          .left = day(2025, 2, 10), .ground = "G"});
    facts_entry(f, (struct facts_entry){.person = PERSON, .kind = "PTT", .urn = SCHOOL,
                                        .started = day(2024, 12, 2), .ended = day(2025, 1, 14)});
    add_plan(f);
}

static struct facts
start(void **state)
{
    struct facts f = facts_of(state);

    all_kinds(&f);
    return f;
}

/* All of that kind, by whichever batch, that are or are not as asked. */
static size_t
list(struct job *j, enum fact_kind k, bool aside, struct fact *first)
{
    struct fact *v;
    size_t n, of = 0;

    j->who = &children_analyst;
    assert_ok(j, fact_list(j, PERSON, &v, &n));
    j->who = NULL;
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == k && v[i].aside == aside && !of++)
            *first = v[i];
    return of;
}

static enum err
correct(struct facts *f, const struct fact *of, struct correct_ask ask)
{
    struct fact_key k = {of->kind, of->batch, of->file, of->line};
    enum err e;

    f->j->who = &children_analyst;
    f->j->now = f->clock;
    e = correct_add(f->j, PERSON, k, &ask);
    f->clock += INT64_C(3600000000);
    f->j->who = NULL;
    return e;
}

static void
undo_all(struct facts *f)
{
    struct correction *v;
    size_t n;

    f->j->who = &children_analyst;
    f->j->now = f->clock;
    assert_ok(f->j, correct_list(f->j, NULL, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (!v[i].undone)
            assert_ok(f->j, correct_undo(f->j, v[i].id, "It was right"));
    f->j->who = NULL;
    f->clock += INT64_C(3600000000);
}

/* How much the column file says of it: rows, and of an outcome whether it counts. */
static uint32_t
says(struct facts *f, enum fact_kind k)
{
    static const enum timeline_section sections[FACT_KINDS] = {
        [FACT_CENSUS] = TIMELINE_CENSUS, [FACT_SUSPENSION] = TIMELINE_SUSPENSION,
        [FACT_NEED] = TIMELINE_SPELL, [FACT_FSM] = TIMELINE_SPELL,
        [FACT_PROVISION] = TIMELINE_PLACEMENT, [FACT_CARE] = TIMELINE_SPELL,
        [FACT_LEAVER] = TIMELINE_LEAVER, [FACT_ENTRY] = TIMELINE_ENTRY,
        [FACT_PLAN] = TIMELINE_SPELL};
    const struct timeline *t = built(f);
    struct timeline_range r;

    if (k == FACT_OUTCOME)
        return t->suspension[rows_of(t, TIMELINE_SUSPENSION, PERSON).from].outcome !=
               OUTCOME_UNKNOWN;
    r = rows_of(t, sections[k], PERSON);
    return r.to - r.from;
}

static void
every_kind_is_set_aside_for_good_and_brought_back(void **state)
{
    struct facts f = start(state);

    for (int k = 0; k < FACT_KINDS; k++) {
        uint32_t before, after;
        struct fact of;
        size_t n;
        if (k == FACT_MARKS) /* intake/test_marks.c */
            continue;
        assert_true(correct_may((enum fact_kind)k, CORRECT_ASIDE));
        before = says(&f, (enum fact_kind)k);
        n = list(f.j, (enum fact_kind)k, false, &of);
        assert_true(n >= 1);
        assert_ok(f.j, correct(&f, &of, (struct correct_ask){CORRECT_ASIDE, "", "Not this child"}));
        after = says(&f, (enum fact_kind)k);
        if (after >= before)
            fail_msg("%s: %u rows, %u when set aside", fact_kind_name((enum fact_kind)k), before,
                     after);
        assert_int_equal(list(f.j, (enum fact_kind)k, false, &of), 0);
        assert_int_equal(list(f.j, (enum fact_kind)k, true, &of), n);
        all_kinds(&f); /* the same loaded again */
        assert_int_equal(says(&f, (enum fact_kind)k), after);
        assert_int_equal(list(f.j, (enum fact_kind)k, false, &of), 0);
        undo_all(&f);
        assert_int_equal(says(&f, (enum fact_kind)k), before);
    }
}

/* The spell of that kind; there is one. */
static const struct timeline_spell *
spell(const struct timeline *t, int kind)
{
    struct timeline_range r = rows_of(t, TIMELINE_SPELL, PERSON);
    const struct timeline_spell *found = NULL;

    for (uint32_t i = r.from; i < r.to; i++)
        if (t->spell[i].kind == kind) {
            assert_null(found);
            found = &t->spell[i];
        }
    assert_non_null(found);
    return found;
}

static void
days_are_corrected_where_there_are_days(void **state)
{
    static const struct correct_ask begun = {CORRECT_STARTED, "1/10/2024", "A day too late"};
    static const struct correct_ask ended = {CORRECT_ENDED, "6/12/2024", "It ended before"};
    struct facts f = start(state);
    const struct timeline *t;
    struct fact of;

    list(f.j, FACT_ENTRY, false, &of);
    assert_ok(f.j, correct(&f, &of, ended));
    list(f.j, FACT_PROVISION, false, &of);
    assert_ok(f.j, correct(&f, &of, begun));
    assert_ok(f.j, correct(&f, &of, ended));
    list(f.j, FACT_CARE, false, &of);
    assert_ok(f.j, correct(&f, &of, begun));
    list(f.j, FACT_LEAVER, false, &of);
    assert_ok(f.j, correct(&f, &of, ended));
    list(f.j, FACT_FSM, false, &of);
    assert_ok(f.j, correct(&f, &of, ended));
    list(f.j, FACT_CENSUS, false, &of);
    assert_ok(f.j, correct(&f, &of, begun));
    all_kinds(&f);
    t = built(&f);
    assert_int_equal(t->entry[rows_of(t, TIMELINE_ENTRY, PERSON).from].end, day(2024, 12, 7));
    assert_int_equal(t->placement[rows_of(t, TIMELINE_PLACEMENT, PERSON).from].start,
                     day(2024, 10, 1));
    assert_int_equal(t->placement[rows_of(t, TIMELINE_PLACEMENT, PERSON).from].end,
                     day(2024, 12, 7));
    assert_int_equal(spell(t, SPELL_PLAN)->start, day(2024, 10, 1));
    assert_int_equal(spell(t, SPELL_FSM)->end, day(2024, 12, 7));
    assert_int_equal(t->leaver[rows_of(t, TIMELINE_LEAVER, PERSON).from].left, day(2024, 12, 7));
    assert_int_equal(t->census[rows_of(t, TIMELINE_CENSUS, PERSON).from].entered,
                     day(2024, 10, 1));
}

/* The plan is shown; the need of the same record keeps its day. */
static void
a_day_is_corrected_in_the_part_that_is_shown(void **state)
{
    struct facts f = start(state);
    struct correction *v;
    struct fact *facts, of = {0};
    size_t n;

    f.j->who = &children_analyst;
    assert_ok(f.j, fact_list(f.j, PERSON, &facts, &n));
    for (size_t i = 0; i < n; i++)
        if (facts[i].kind == FACT_PLAN)
            of = facts[i];
    assert_ok(f.j, fact_get(f.j, PERSON, (struct fact_key){of.kind, of.batch, of.file, of.line},
                            &of));
    assert_ok(f.j, correct(&f, &of, (struct correct_ask){CORRECT_ENDED, "2/6/2025", "It ceased"}));
    f.j->who = &children_analyst;
    assert_ok(f.j, correct_list(f.j, NULL, &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].kind, fact_about(f.j, &of).what);
    assert_int_equal(correct(&f, &of, (struct correct_ask){CORRECT_SESSIONS, "3", "x"}),
                     ERR_INPUT);
    err_clear(f.j);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_kind_is_set_aside_for_good_and_brought_back),
        SUPPORT_TEST(days_are_corrected_where_there_are_days),
        SUPPORT_TEST(a_day_is_corrected_in_the_part_that_is_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
