/* A school's week is packed, and comes back as it was; bytes that are no such thing are told. */
#include "base/random.h"
#include "people/attendance.h"
#include "people/register.h"
#include "support/support.h"

static struct register_week
any_week(struct job *j, uint64_t seed, size_t n)
{
    struct random r = random_stream(seed, 7, 7);
    struct register_week w = {job_array(j, n + 1, sizeof *w.row), n,
                              job_array(j, n + 1, sizeof *w.late), 0, NULL, {0}};
    int64_t identity = 1000;

    for (size_t i = 0; i < n; i++) {
        struct register_row *x = &w.row[i];
        identity += random_below(&r, 4);
        *x = (struct register_row){.identity_id = identity,
                                   .file = (uint32_t)random_below(&r, 2) + 1,
                                   .line = (uint32_t)random_below(&r, 1 << 20),
                                   .extracted = random_chance(&r, 0.1) ? DATE_NONE : 20000};
        for (int k = 0; k < REGISTER_SLOTS; k++)
            x->mark[k] = random_chance(&r, 0.9)
                             ? 1
                             : (uint8_t)random_below(&r, ATTENDANCE_CODES + 1);
        if (random_chance(&r, 0.1))
            w.late[w.n_late++] = (struct register_late){
                (uint32_t)i, (uint8_t)random_below(&r, REGISTER_SLOTS),
                (uint16_t)random_below(&r, UINT16_MAX)};
    }
    return w;
}

static void
assert_same(const struct register_week *a, const struct register_week *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->n_late, b->n_late);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->row[i].identity_id, b->row[i].identity_id);
        assert_int_equal(a->row[i].file, b->row[i].file);
        assert_int_equal(a->row[i].line, b->row[i].line);
        assert_int_equal(a->row[i].extracted, b->row[i].extracted);
        assert_memory_equal(a->row[i].mark, b->row[i].mark, REGISTER_SLOTS);
    }
    for (size_t i = 0; i < a->n_late; i++) {
        assert_int_equal(a->late[i].row, b->late[i].row);
        assert_int_equal(a->late[i].slot, b->late[i].slot);
        assert_int_equal(a->late[i].minutes, b->late[i].minutes);
    }
}

static void
a_week_comes_back_as_it_was(void **state)
{
    struct job *j = support_job(state);
    struct register_bytes none = {0}, base = {0}, packed, content, again;
    struct register_week out;
    struct register_press *x;

    assert_ok(j, register_press_open(j, &x));
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct register_week w = any_week(j, seed, seed * 3);
        packed = register_pack(j, &w);
        assert_ok(j, register_press(j, x, packed, seed % 2 ? base : none, &content));
        assert_ok(j, register_unpress(j, x, content, seed % 2 ? base : none, &again));
        assert_ok(j, register_unpack(j, again, &out));
        assert_same(&w, &out);
        base = packed;
    }
}

/* Lines of single marks: child by child, day by day, or in any order; of some rows each. */
static void
any_lines(struct job *j, struct register_week *w, uint64_t seed)
{
    struct random r = random_stream(seed, 8, 8);
    uint32_t at = 2;

    w->lines = job_array(j, w->n + 1, sizeof *w->lines);
    for (size_t i = 0; i < w->n; i++) {
        uint64_t order = random_chance(&r, 0.9) ? seed % 4 : (uint64_t)random_below(&r, 4);
        bool first = true;
        for (int k = 0; k < REGISTER_SLOTS; k++) {
            at += w->row[i].mark[k] != 0;
            w->lines[i][k] = order == 0   ? at
                             : order == 1 ? 900u * (uint32_t)k + (uint32_t)i
                             : order == 2 ? (uint32_t)random_below(&r, UINT32_MAX)
                                          : w->row[i].line;
            if (w->row[i].mark[k] && first)
                w->row[i].line = w->lines[i][k];
            first &= !w->row[i].mark[k];
        }
    }
}

static void
each_mark_comes_back_with_its_line(void **state)
{
    struct job *j = support_job(state);
    struct random r = random_stream(9, 9, 9);
    struct register_week out;

    for (uint64_t seed = 0; seed < 200; seed++) {
        struct register_week w = any_week(j, seed, seed * 2);
        struct register_bytes packed;
        any_lines(j, &w, seed);
        packed = register_pack(j, &w);
        assert_ok(j, register_unpack(j, packed, &out));
        assert_ok(j, register_unpack_lines(j, &out));
        assert_same(&w, &out);
        assert_int_equal(register_has_lines(packed), out.lines != NULL);
        for (size_t i = 0; i < w.n; i++)
            for (int k = 0; k < REGISTER_SLOTS; k++)
                if (w.row[i].mark[k])
                    assert_int_equal(out.lines ? out.lines[i][k] : out.row[i].line,
                                     w.lines[i][k]);
        for (int round = 0; w.n && round < 20; round++) { /* damaged, it is told or is another */
            struct scope s = job_scope_begin(j);
            uint8_t *copy = job_alloc(j, packed.n);
            memcpy(copy, packed.p, packed.n);
            copy[packed.n - 1 - (size_t)random_below(&r, (int64_t)packed.n / 2)] =
                (uint8_t)random_below(&r, 256);
            if (register_unpack(j, (struct register_bytes){copy, packed.n}, &out) ||
                register_unpack_lines(j, &out))
                err_clear(j);
            job_scope_end(j, s);
        }
    }
}

static void
lines_that_go_on_child_by_child_or_day_by_day_take_little(void **state)
{
    struct job *j = support_job(state);
    struct register_week w = any_week(j, 1, 400);
    struct register_bytes plain, packed, content, less;
    struct register_press *x;

    assert_ok(j, register_press_open(j, &x));
    for (size_t i = 0; i < w.n; i++)
        memset(w.row[i].mark, 1, REGISTER_SLOTS);
    w.lines = job_array(j, w.n, sizeof *w.lines);
    for (int by_day = 0; by_day < 2; by_day++) {
        for (size_t i = 0; i < w.n; i++)
            for (int k = 0; k < REGISTER_SLOTS; k++)
                w.lines[i][k] = by_day ? 50000 * (uint32_t)k + (uint32_t)i * 3
                                       : (uint32_t)i * REGISTER_SLOTS + (uint32_t)k;
        for (size_t i = 0; i < w.n; i++)
            w.row[i].line = w.lines[i][0];
        packed = register_pack(j, &w);
        assert_ok(j, register_press(j, x, packed, (struct register_bytes){0}, &content));
        plain = register_pack(j, &(struct register_week){.row = w.row, .n = w.n, .late = w.late,
                                                         .n_late = w.n_late});
        assert_ok(j, register_press(j, x, plain, (struct register_bytes){0}, &less));
        assert_true(content.n < less.n + 80); /* of 5,600 marks */
    }
}

/* Two of the identities, one that stands first or last too, and one that is not there. */
static void
some_rows_come_back_as_they_do_among_all(void **state)
{
    struct job *j = support_job(state);

    for (uint64_t seed = 0; seed < 100; seed++) {
        struct register_week w = any_week(j, seed, seed * 3), all, some;
        const int64_t who[] = {5, w.n ? w.row[w.n - 1].identity_id : 0,
                               w.n ? w.row[w.n / 2].identity_id : 0};
        struct register_bytes packed = register_pack(j, &w);
        size_t at = 0;
        assert_ok(j, register_unpack(j, packed, &all));
        assert_ok(j, register_unpack_of(j, packed, who, 3, &some));
        for (size_t i = 0; i < all.n; i++) {
            const struct register_row *a = &all.row[i], *b = &some.row[at];
            if (a->identity_id != who[1] && a->identity_id != who[2])
                continue;
            assert_true(at++ < some.n);
            assert_int_equal(a->identity_id, b->identity_id);
            assert_int_equal(a->file, b->file);
            assert_int_equal(a->line, b->line);
            assert_int_equal(a->extracted, b->extracted);
            assert_memory_equal(a->mark, b->mark, REGISTER_SLOTS);
        }
        assert_int_equal(at, some.n);
    }
}

static void
a_week_like_the_one_before_is_short(void **state)
{
    struct job *j = support_job(state);
    struct register_week w = any_week(j, 1, 400);
    struct register_bytes packed, base = register_pack(j, &w), content;
    struct register_press *x;

    w.row[17].mark[3] = 4;
    packed = register_pack(j, &w);
    assert_ok(j, register_press_open(j, &x));
    assert_ok(j, register_press(j, x, packed, base, &content));
    assert_true(content.n < 100 && base.n > 2000);
}

static void
damaged_bytes_are_told_or_are_another_week(void **state)
{
    struct job *j = support_job(state);
    struct random r = random_stream(5, 5, 5);
    struct register_week w = any_week(j, 3, 40), out;
    struct register_bytes packed = register_pack(j, &w);
    uint8_t *copy = job_alloc(j, packed.n);

    for (size_t cut = 0; cut < packed.n; cut++) {
        assert_err(j, register_unpack(j, (struct register_bytes){packed.p, cut}, &out),
                   ERR_FAULT);
        err_clear(j);
    }
    for (int round = 0; round < 3000; round++) {
        struct scope s = job_scope_begin(j);
        memcpy(copy, packed.p, packed.n);
        copy[random_below(&r, (int64_t)packed.n)] = (uint8_t)random_below(&r, 256);
        if (register_unpack(j, (struct register_bytes){copy, packed.n}, &out))
            err_clear(j);
        else
            for (size_t i = 0; i < out.n; i++)
                for (int k = 0; k < REGISTER_SLOTS; k++)
                    assert_true(out.row[i].mark[k] <= ATTENDANCE_CODES);
        if (register_unpack_of(j, (struct register_bytes){copy, packed.n},
                               &w.row[random_below(&r, 40)].identity_id, 1, &out))
            err_clear(j);
        job_scope_end(j, s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_week_comes_back_as_it_was),
        SUPPORT_TEST(each_mark_comes_back_with_its_line),
        SUPPORT_TEST(lines_that_go_on_child_by_child_or_day_by_day_take_little),
        SUPPORT_TEST(some_rows_come_back_as_they_do_among_all),
        SUPPORT_TEST(a_week_like_the_one_before_is_short),
        SUPPORT_TEST(damaged_bytes_are_told_or_are_another_week),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
