#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/random.h"
#include "stats/disclosure.h"

enum { CELLS = 64 };

struct trial {
    int64_t cells[CELLS];
    uint8_t marks[CELLS];
    struct disclosure_table t;
    struct disclosure_range range[CELLS];
    bool marked; /* marks are given: only conclude */
};

static enum err
protect(struct job *j, void *arg)
{
    struct trial *t = arg;
    enum err e = t->marked ? OK : disclosure_hide(j, &t->t, DISCLOSURE_LIMITS, t->marks);

    for (size_t i = 0; e == OK && i < t->t.rows * t->t.columns; i++)
        e = disclosure_conclude(j, &t->t, t->marks, i, &t->range[i]);
    return e;
}

static enum err
run(struct trial *t)
{
    struct job j;
    enum err e;

    job_init(&j, JOB_MB);
    e = job_run(&j, protect, t);
    job_end(&j);
    return e;
}

/* Rows × columns of inner counts with their totals. */
static void
fill(struct trial *t, const int64_t *inner, size_t rows, size_t columns)
{
    *t = (struct trial){.t = {.rows = rows + 1, .columns = columns + 1, .total_row = true,
                              .total_column = true}};
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            int64_t v = inner[r * columns + c];
            t->cells[r * (columns + 1) + c] = v;
            t->cells[r * (columns + 1) + columns] += v;
            t->cells[rows * (columns + 1) + c] += v;
            t->cells[rows * (columns + 1) + columns] += v;
        }
    }
    t->t.cells = t->cells;
}

static void
a_list_hides_a_second_count_beside_a_single_small_one(void **state)
{
    struct trial t = {.cells = {3, 40, 7, 0, 50},
                      .t = {.rows = 1, .columns = 5, .total_column = true}};

    (void)state;
    t.t.cells = t.cells;
    assert_int_equal(run(&t), OK);
    assert_int_equal(t.marks[0], DISCLOSURE_PRIMARY);
    assert_int_equal(t.marks[1], DISCLOSURE_SHOWN);
    assert_int_equal(t.marks[2], DISCLOSURE_SECONDARY);
    assert_int_equal(t.marks[3], DISCLOSURE_SHOWN); /* nought is never hidden */
    assert_int_equal(t.marks[4], DISCLOSURE_SHOWN);
    assert_int_equal(t.range[0].low, 0);
    assert_int_equal(t.range[0].high, 10);
}

static void
a_list_without_a_sum_needs_no_second(void **state)
{
    struct trial t = {.cells = {3, 40, 7, 0}, .t = {.rows = 1, .columns = 4}};

    (void)state;
    t.t.cells = t.cells;
    assert_int_equal(run(&t), OK);
    assert_int_equal(t.marks[0], DISCLOSURE_PRIMARY);
    assert_int_equal(t.marks[2], DISCLOSURE_SHOWN);
    assert_true(t.range[0].high == DISCLOSURE_ANY);
}

static void
where_all_children_are_few_the_sum_goes_too(void **state)
{
    struct trial t = {.cells = {3, 0, 3}, .t = {.rows = 1, .columns = 3, .total_column = true}};

    (void)state;
    t.t.cells = t.cells;
    assert_int_equal(run(&t), OK);
    assert_int_equal(t.marks[0], DISCLOSURE_PRIMARY);
    assert_int_equal(t.marks[2], DISCLOSURE_PRIMARY);
}

/* Hand-made: (0,1) is small; the cheapest rectangle that frees it is with row 2, column 0. */
static void
a_table_hides_the_cheapest_rectangle(void **state)
{
    static const int64_t inner[] = {20, 2, 90, 60, 50, 80, 7, 9, 70};
    struct trial t;

    (void)state;
    fill(&t, inner, 3, 3);
    assert_int_equal(run(&t), OK);
    for (size_t i = 0; i < 16; i++) {
        bool expected = i == 0 || i == 1 || i == 8 || i == 9;
        assert_int_equal(t.marks[i] != DISCLOSURE_SHOWN, expected);
    }
    assert_int_equal(t.range[1].low, 0);
    assert_int_equal(t.range[1].high, 11);
}

static int64_t at_least[CELLS], at_most[CELLS];

/* Every table of whole numbers that fits what is shown, one unknown after the other. */
static void
imagine(const struct trial *t, int64_t *guess, size_t at)
{
    size_t columns = t->t.columns - 1, rows = t->t.rows - 1;

    if (at == rows * columns) {
        for (size_t i = 0; i < t->t.rows * t->t.columns; i++) {
            size_t r = i / t->t.columns, c = i % t->t.columns;
            int64_t v = 0;
            for (size_t k = 0; k < rows * columns; k++)
                if ((r == rows || k / columns == r) && (c == columns || k % columns == c))
                    v += guess[k];
            guess[CELLS + i] = v;
            if (!t->marks[i] && v != t->cells[i])
                return;
        }
        for (size_t i = 0; i < t->t.rows * t->t.columns; i++) {
            int64_t v = guess[CELLS + i];
            at_least[i] = v < at_least[i] ? v : at_least[i];
            at_most[i] = v > at_most[i] ? v : at_most[i];
        }
        return;
    }
    {
        size_t cell = at / columns * t->t.columns + at % columns;
        int64_t from = t->marks[cell] ? 0 : t->cells[cell];
        int64_t to = t->marks[cell] ? 9 : t->cells[cell];
        for (guess[at] = from; guess[at] <= to; guess[at]++)
            imagine(t, guess, at + 1);
    }
}

/* 2 × 3 tables of small counts with inner cells hidden at random, against trying all. */
static void
what_can_be_concluded_is_what_all_possible_tables_say(void **state)
{
    struct random r = random_stream(11, 1, 1);

    (void)state;
    for (int turn = 0; turn < 60; turn++) {
        int64_t inner[6], guess[2 * CELLS];
        struct trial t;
        for (int i = 0; i < 6; i++)
            inner[i] = random_below(&r, 4);
        fill(&t, inner, 2, 3);
        t.marked = true;
        for (size_t i = 0; i < 12; i++)
            t.marks[i] = i % 4 < 3 && i < 8 && random_chance(&r, 0.6) ? DISCLOSURE_PRIMARY : 0;
        assert_int_equal(run(&t), OK);
        for (size_t i = 0; i < 12; i++) {
            at_least[i] = INT64_MAX;
            at_most[i] = 0;
        }
        imagine(&t, guess, 0);
        for (size_t i = 0; i < 12; i++) {
            assert_int_equal(t.range[i].low, at_least[i]);
            assert_int_equal(t.range[i].high, at_most[i]);
        }
    }
}

/* No small count, and nothing that can be worked out, whatever the table. */
static void
no_hidden_count_can_be_worked_out_of_any_table(void **state)
{
    struct random r = random_stream(20240607, 12, 1);

    (void)state;
    for (int turn = 0; turn < 1500; turn++) {
        size_t rows = 1 + (size_t)random_below(&r, 6), columns = 1 + (size_t)random_below(&r, 6);
        int64_t inner[36], most = 1 + random_below(&r, 40);
        struct trial t, again;
        for (size_t i = 0; i < rows * columns; i++)
            inner[i] = random_chance(&r, 0.2) ? 0 : random_below(&r, most);
        fill(&t, inner, rows, columns);
        again = t;
        again.t.cells = again.cells;
        assert_int_equal(run(&t), OK);
        assert_int_equal(run(&again), OK);
        assert_memory_equal(t.marks, again.marks, sizeof t.marks);
        for (size_t i = 0; i < (rows + 1) * (columns + 1); i++) {
            int64_t v = t.cells[i];
            bool small = v > 0 && v < 5;
            assert_true(small == (t.marks[i] == DISCLOSURE_PRIMARY));
            assert_true(v > 0 || !t.marks[i]);
            if (small) {
                assert_true(t.range[i].high >= 5);
                assert_true(t.range[i].high - t.range[i].low >= 5);
            }
        }
    }
}

static void
a_cell_hidden_elsewhere_stays_hidden_and_protected(void **state)
{
    static const int64_t inner[] = {20, 30, 40, 50};
    struct trial t;

    (void)state;
    fill(&t, inner, 2, 2);
    t.marks[2] = DISCLOSURE_SECONDARY; /* the total of row 1 */
    assert_int_equal(run(&t), OK);
    assert_int_equal(t.marks[2], DISCLOSURE_SECONDARY);
    assert_true(t.range[2].high - t.range[2].low >= 5);
}

static void
totals_that_do_not_add_up_are_refused(void **state)
{
    static const int64_t inner[] = {20, 30, 40, 50};
    struct trial t;

    (void)state;
    fill(&t, inner, 2, 2);
    t.cells[2]++;
    assert_int_equal(run(&t), ERR_FAULT);
    fill(&t, inner, 2, 2);
    t.cells[6]++;
    assert_int_equal(run(&t), ERR_FAULT);
    fill(&t, inner, 2, 2);
    t.cells[0] = -1;
    assert_int_equal(run(&t), ERR_FAULT);
}

static void
rates_need_enough_children(void **state)
{
    struct disclosure_limits l = DISCLOSURE_LIMITS;

    (void)state;
    assert_true(disclosure_rate_is_shown(5, 20, l) && disclosure_rate_is_shown(0, 20, l));
    assert_false(disclosure_rate_is_shown(5, 19, l));
    assert_false(disclosure_rate_is_shown(4, 20, l));
    assert_true(disclosure_rate_is_shown(30, 20, l)); /* events: more than children */
    assert_true(disclosure_percent_is_shown(15, 20, l));
    assert_false(disclosure_percent_is_shown(17, 20, l));
    assert_true(disclosure_percent_is_shown(20, 20, l));
    assert_false(disclosure_percent_is_shown(19, 19, l));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_hides_a_second_count_beside_a_single_small_one),
        cmocka_unit_test(a_list_without_a_sum_needs_no_second),
        cmocka_unit_test(where_all_children_are_few_the_sum_goes_too),
        cmocka_unit_test(a_table_hides_the_cheapest_rectangle),
        cmocka_unit_test(what_can_be_concluded_is_what_all_possible_tables_say),
        cmocka_unit_test(no_hidden_count_can_be_worked_out_of_any_table),
        cmocka_unit_test(a_cell_hidden_elsewhere_stays_hidden_and_protected),
        cmocka_unit_test(totals_that_do_not_add_up_are_refused),
        cmocka_unit_test(rates_need_enough_children),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
