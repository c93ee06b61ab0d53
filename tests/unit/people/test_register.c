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
                              job_array(j, n + 1, sizeof *w.late), 0};
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
        SUPPORT_TEST(some_rows_come_back_as_they_do_among_all),
        SUPPORT_TEST(a_week_like_the_one_before_is_short),
        SUPPORT_TEST(damaged_bytes_are_told_or_are_another_week),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
