/* Registers of invented lives: every session that the census counts stands on a school day. */
#include "people/attendance.h"
#include "support/support.h"
#include "synth/mark.h"

static void
check_attend(const struct life *l, const struct attend *a)
{
    struct mark_sheet sheet;
    struct attendance_totals got = {{0}};
    const struct calendar *c = world_calendar(l->w, l->spell[a->spell].school);
    int32_t before = 0;

    mark_lay(l, a, &sheet);
    for (int d = 0; d < sheet.days; d++) {
        assert_true(sheet.day[d] > before && calendar_is_open(c, sheet.day[d]));
        before = sheet.day[d];
        assert_int_not_equal(sheet.code[d][0], attendance_code(SPAN("\\")));
        assert_int_not_equal(sheet.code[d][1], attendance_code(SPAN("/")));
        for (int half = 0; half < 2; half++)
            got.by_code[sheet.code[d][half]]++;
    }
    assert_memory_equal(&got, &a->marks, sizeof got);
}

static void
the_marks_of_a_half_term_add_up_to_its_totals(void **state)
{
    struct job *j = support_job(state);
    struct world *w = world_make(j, world_size("small"), 3);
    struct life *l = job_alloc(j, sizeof *l);
    int lives = 0, attends = 0;

    life_marks(w);
    for (int64_t family = 0; family < 400; family++)
        for (int k = 0; k < FAMILY_MOST; k++) {
            if (!life_make(w, family, k, l))
                continue;
            lives++;
            attends += l->n_attends;
            for (int i = 0; i < l->n_attends; i++)
                check_attend(l, &l->attend[i]);
        }
    assert_true(lives > 300 && attends > 3000);
}

/* A suspension stands in the register on its days, as far as the half term has room for E. */
static void
suspensions_are_marked_where_they_were(void **state)
{
    struct job *j = support_job(state);
    struct world *w = world_make(j, world_size("small"), 4);
    struct life *l = job_alloc(j, sizeof *l);
    int there = 0, all = 0;

    life_marks(w);
    for (int64_t family = 0; family < 1500; family++)
        for (int k = 0; k < FAMILY_MOST; k++) {
            if (!life_make(w, family, k, l))
                continue;
            for (int i = 0; i < l->n_attends; i++) {
                struct mark_sheet sheet;
                mark_lay(l, &l->attend[i], &sheet);
                for (int x = 0; x < l->n_exclusions; x++)
                    for (int d = 0; d < sheet.days; d++) {
                        if (l->exclusion[x].spell != l->attend[i].spell ||
                            sheet.day[d] != l->exclusion[x].start ||
                            !strcmp(l->exclusion[x].category, "LNCH"))
                            continue;
                        all++;
                        there += sheet.code[d][0] == attendance_code(SPAN("E")) ||
                                 sheet.code[d][1] == attendance_code(SPAN("E"));
                    }
            }
        }
    assert_true(all > 100 && there * 100 >= all * 97);
}

/* Registered at two schools until a summer whose holidays begin a day apart, and then at a
 * third: the sessions of the year were counted before it was known. */
static void
a_move_in_september_leaves_the_days_of_the_year_before(void **state)
{
    enum { PERSON = 1595967 };
    struct job *j = support_job(state);
    struct world *w = world_make(j, world_size("region"), 20240607);
    struct life *l = job_alloc(j, sizeof *l);
    int last = 0;

    life_marks(w);
    assert_true(life_make(w, (PERSON - 1) / FAMILY_MOST, (PERSON - 1) % FAMILY_MOST, l));
    assert_int_equal(l->person, PERSON);
    for (int i = 0; i < l->n_attends; i++) {
        check_attend(l, &l->attend[i]);
        last += l->attend[i].year == 2021 && l->attend[i].segment == SEG_SUMMER2;
    }
    assert_int_equal(last, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_marks_of_a_half_term_add_up_to_its_totals),
        SUPPORT_TEST(suspensions_are_marked_where_they_were),
        SUPPORT_TEST(a_move_in_september_leaves_the_days_of_the_year_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
