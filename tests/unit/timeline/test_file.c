#include "base/random.h"
#include "built.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { A = 900001, SCHOOLS = 6, PERSONS = 1300 };

struct bytes {
    char *s;
    size_t n;
};

static struct bytes
read_all(struct job *j, const char *path)
{
    struct bytes b = {0};
    struct stat st;
    int fd = open(path, O_RDONLY);

    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    b.n = (size_t)st.st_size;
    b.s = job_alloc(j, b.n);
    assert_int_equal(read(fd, b.s, b.n), (ssize_t)b.n);
    close(fd);
    return b;
}

static void
write_all(const char *path, struct bytes b)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, b.s, b.n), (ssize_t)b.n);
    close(fd);
}

static struct bytes
bytes_of(struct facts *f, struct timeline_order order)
{
    const char *path = support_path(f->j, "bytes.columns");

    assert_ok(f->j, timeline_build(f->j, path, &order));
    return read_all(f->j, path);
}

static void
assert_same(struct bytes a, struct bytes b)
{
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.s, b.s, a.n);
}

/* One census with a bit of everything, of so many children. */
static void
mixed(struct facts *f, struct random *r, int32_t year, enum term term)
{
    static const char *const sen[] = {"N", "K", "E", NULL};
    static const char *const home[] = {"CH1 1AA", "CH2 2AA", "CH9 9ZZ", NULL};

    facts_batch(f, year, term);
    for (int64_t p = 1; p <= PERSONS; p++) {
        int64_t urn = A + random_below(r, SCHOOLS);
        bool gone = random_chance(r, 0.1);
        facts_pupil(f, (struct facts_pupil){
                           .person = p, .urn = urn, .left_roll = gone,
                           .left = gone ? timeline_census_day(year, term) - 30 : 0,
                           .entered = day(year, 9, 1 + (int32_t)random_below(r, 5)),
                           .sen = sen[random_below(r, 4)], .marks = "/ 100 I 4 O 3",
                           .status = gone ? NULL : random_chance(r, 0.1) ? "S" : "C",
                           .postcode = home[random_below(r, 4)],
                           .ethnicity = term == TERM_SPRING ? "WBRI" : NULL});
        if (random_chance(r, 0.1))
            facts_suspension(f, (struct facts_suspension){
                                    .person = p, .urn = urn,
                                    .started = timeline_census_day(year, term) - 90});
        if (random_chance(r, 0.1))
            facts_care(f, (struct facts_care){.person = p, .return_year = year + 1,
                                              .started = day(year, 5, 3)});
        if (random_chance(r, 0.1))
            facts_meals(f, p, day(year, 4, 1), 0);
        if (random_chance(r, 0.05))
            facts_need(f, p, "SEMH", 1);
        if (random_chance(r, 0.05))
            facts_placement(f, (struct facts_placement){.person = p, .urn = urn,
                                                        .reason = "BHS"});
    }
}

static struct facts
mixed_facts(void **state, struct random *r)
{
    struct facts f = facts_of(state);

    f.j->limit = 512 * (size_t)JOB_MB;
    *r = random_stream(7, 0, 0);
    facts_postcode(&f, "CH1 1AA", "E01000001", 3);
    facts_postcode(&f, "CH2 2AA", "E01000002", 5);
    assert_ok(f.j, db_begin(f.j));
    for (int term = TERM_AUTUMN; term <= TERM_SUMMER; term++)
        mixed(&f, r, 2022, (enum term)term);
    assert_ok(f.j, db_commit(f.j));
    return f;
}

static void
the_same_bytes_for_any_number_of_threads(void **state)
{
    struct random r;
    struct facts f = mixed_facts(state, &r);
    struct timeline_order order = order_now(&f);
    struct bytes one = bytes_of(&f, order);

    for (order.threads = 2; order.threads <= 3; order.threads++)
        assert_same(one, bytes_of(&f, order));
}

static void
the_same_bytes_however_many_people_are_in_memory_at_once(void **state)
{
    static const uint32_t parts[] = {1, 7, 500, PERSONS};
    struct random r;
    struct facts f = mixed_facts(state, &r);
    struct timeline_order order = order_now(&f);
    struct bytes all = bytes_of(&f, order);

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        order.part = parts[i];
        order.threads = 1 + (int)i % 2;
        assert_same(all, bytes_of(&f, order));
    }
}

static void
known_at_a_past_time_is_what_was_built_then_byte_for_byte(void **state)
{
    struct random r;
    struct facts f = mixed_facts(state, &r);
    struct timeline_order then = order_now(&f);
    struct bytes before = bytes_of(&f, then), after;

    assert_ok(f.j, db_begin(f.j));
    mixed(&f, &r, 2022, TERM_SPRING); /* sent again */
    mixed(&f, &r, 2023, TERM_AUTUMN);
    facts_identity(&f, (struct facts_identity){.identity = 3, .person = PERSONS + 1});
    facts_pupil(&f, (struct facts_pupil){.person = PERSONS + 1, .urn = A - 1});
    assert_ok(f.j, db_commit(f.j));
    facts_withdraw(&f, 2);
    after = bytes_of(&f, order_now(&f));
    assert_true(after.n != before.n);
    assert_same(bytes_of(&f, then), before);
}

static const char sql_merge[] =
    "UPDATE identity SET person_id = $3 WHERE area_id = $1 AND identity_id = $2";
static const char sql_remember[] =
    "INSERT INTO identity_change (area_id, identity_id, changed, was_person_id) "
    "VALUES ($1, $2, $3, $4)";

static void
who_was_who_is_known_as_it_was_then(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_order then;
    struct bytes before;

    facts_batch(&f, 2022, TERM_AUTUMN);
    facts_identity(&f, (struct facts_identity){.identity = 1, .person = 7});
    facts_identity(&f, (struct facts_identity){.identity = 2, .person = 8});
    facts_identity(&f, (struct facts_identity){.identity = 3});
    for (int64_t i = 1; i <= 3; i++)
        facts_pupil(&f, (struct facts_pupil){.identity = i, .urn = A});
    then = order_now(&f);
    before = bytes_of(&f, then);
    for (int64_t i = 2; i <= 3; i++) {
        assert_ok(f.j, db_run(f.j, sql_remember,
                              ARGS(INT(1), INT(i), INT(f.clock), i == 2 ? INT(8) : NUL), NULL));
        assert_ok(f.j, db_run(f.j, sql_merge, ARGS(INT(1), INT(i), INT(7)), NULL));
    }
    facts_batch(&f, 2022, TERM_SPRING);
    assert_int_equal(built(&f)->n[TIMELINE_PERSON], 1);
    assert_same(bytes_of(&f, then), before);
}

static void
as_of_a_past_day_nothing_later_counts(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_order order;
    struct timeline_range r;
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "new",
                                                   .started = day(2022, 11, 7)});
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2023,
                                       .started = day(2022, 9, 1), .ended = day(2023, 2, 1)});
    facts_batch(&f, 2022, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .left_roll = true,
                                         .left = day(2022, 12, 2)});
    order = order_now(&f);
    order.as_of = day(2022, 10, 31);
    t = built_as(&f, order);
    assert_int_equal(t->n[TIMELINE_CENSUS], 1);
    assert_int_equal(t->n[TIMELINE_SUSPENSION], 0);
    assert_int_equal(t->enrolment[0].end, DATE_OPEN);
    assert_int_equal(t->head->left_out, 2);
    r = rows_of(t, TIMELINE_SPELL, 7);
    assert_int_equal(t->spell[r.from].end, day(2022, 11, 1));
    assert_int_equal(t->spell[r.from].flags, SPELL_OPEN);
}

static void
a_withdrawn_batch_counts_only_before_it_was_withdrawn(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_order then;
    int64_t batch;

    facts_batch(&f, 2022, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    batch = facts_batch(&f, 2022, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A});
    then = order_now(&f);
    facts_withdraw(&f, batch);
    assert_int_equal(built(&f)->n[TIMELINE_PERSON], 1);
    assert_int_equal(built_as(&f, then)->n[TIMELINE_PERSON], 2);
}

static void
nothing_loaded_gives_an_empty_file(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t = built(&f);

    assert_int_equal(t->n[TIMELINE_PERSON], 0);
    assert_int_equal(t->head->last_census, DATE_NONE);
    assert_int_equal(timeline_person_find(t, 7), TIMELINE_NONE);
    assert_int_equal(timeline_school_find(t, A), TIMELINE_NONE);
    assert_int_equal(timeline_care_until(t), DATE_NONE);
}

static void
a_stale_file_is_noticed_and_built_again(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_order order;
    struct timeline *t;
    const char *path = timeline_path(f.j, support_path(f.j, "home"));
    bool current;

    assert_int_equal(mkdir(support_path(f.j, "home"), 0700), 0);
    assert_err(f.j, timeline_open(f.j, path, &t), ERR_NOT_FOUND);
    facts_batch(&f, 2022, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    order = order_now(&f);
    assert_ok(f.j, timeline_get(f.j, path, &order, &t));
    assert_ok(f.j, timeline_is_current(f.j, t, &current));
    assert_true(current);
    facts_batch(&f, 2022, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A});
    assert_ok(f.j, timeline_is_current(f.j, t, &current));
    assert_false(current);
    order = order_now(&f);
    assert_ok(f.j, timeline_get(f.j, path, &order, &t));
    assert_int_equal(t->n[TIMELINE_PERSON], 2);
    order.as_of = day(2022, 12, 1);
    assert_ok(f.j, timeline_get(f.j, path, &order, &t));
    assert_int_equal(t->n[TIMELINE_PERSON], 1);
    assert_int_equal(unlink(path), 0);
    assert_ok(f.j, timeline_get(f.j, path, &order, &t));
}

/* ---- files that are not what they should be ---- */

static const char *
small_file(struct facts *f)
{
    facts_school(f, (struct facts_school){.urn = A, .district = "North"});
    facts_postcode(f, "CH1 1AA", "E01000001", 3);
    facts_batch(f, 2022, TERM_SPRING);
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = A, .postcode = "CH1 1AA",
                                        .marks = "/ 4 I 1"});
    facts_suspension(f, (struct facts_suspension){.person = 7, .urn = A,
                                                  .started = day(2022, 11, 7)});
    facts_care(f, (struct facts_care){.person = 7, .return_year = 2023,
                                      .started = day(2022, 9, 1)});
    facts_placement(f, (struct facts_placement){.person = 7, .urn = A, .reason = "BHS"});
    built(f);
    return support_path(f->j, "facts.columns");
}

static void
a_cut_file_is_damaged_wherever_it_is_cut(void **state)
{
    struct facts f = facts_of(state);
    const char *path = small_file(&f);
    struct bytes b = read_all(f.j, path);
    struct timeline *t;

    for (size_t n = 0; n < b.n; n += n < 600 ? 37 : 129) {
        write_all(path, (struct bytes){b.s, n});
        assert_err(f.j, timeline_open(f.j, path, &t), ERR_ENV);
        assert_says(f.j, "facts.columns");
    }
}

static void
a_changed_byte_is_found_wherever_it_is(void **state)
{
    struct facts f = facts_of(state);
    const char *path = small_file(&f);
    struct bytes b = read_all(f.j, path);
    struct timeline *t;
    const struct timeline_head *h = (const void *)b.s;

    for (int s = 0; s < TIMELINE_SECTIONS; s++) {
        const struct timeline_part *p = &h->part[s];
        for (uint64_t k = 0; k < (uint64_t)p->count * p->width; k += 7) {
            b.s[p->offset + k] ^= 0x40;
            write_all(path, b);
            assert_err(f.j, timeline_open(f.j, path, &t), ERR_ENV);
            b.s[p->offset + k] ^= 0x40;
        }
    }
    for (size_t k = 0; k < sizeof *h; k += 3) {
        b.s[k] ^= 0x40;
        write_all(path, b);
        assert_err(f.j, timeline_open(f.j, path, &t), ERR_ENV);
        b.s[k] ^= 0x40;
    }
    write_all(path, b);
    assert_ok(f.j, timeline_open(f.j, path, &t));
}

/* As the writer makes it: whoever forges a file can do that too. */
static uint64_t
forged_sum(const void *p, size_t n)
{
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    const char *at = p;
    uint64_t h = n * odd, lane[4] = {h, h + 1, h + 2, h + 3}, word[4];

    for (; n >= sizeof word; at += sizeof word, n -= sizeof word) {
        memcpy(word, at, sizeof word);
        for (int i = 0; i < 4; i++) {
            lane[i] = (lane[i] ^ word[i]) * odd;
            lane[i] ^= lane[i] >> 29;
        }
    }
    memset(word, 0, sizeof word);
    if (n)
        memcpy(word, at, n);
    for (int i = 0; i < 4; i++)
        h = (h ^ lane[i] ^ word[i]) * odd ^ h >> 31;
    return h ^ h >> 32;
}

static void
forge(struct bytes b)
{
    struct timeline_head *h = (void *)b.s;

    for (int s = 0; s < TIMELINE_SECTIONS; s++) {
        struct timeline_part *p = &h->part[s];
        if (p->offset <= b.n && (uint64_t)p->count * p->width <= b.n - p->offset)
            p->checksum = forged_sum(b.s + p->offset, (size_t)p->count * p->width);
    }
    h->checksum = 0;
    h->checksum = forged_sum(h, sizeof *h);
}

/* Walk everything a reader would: nothing may lie outside, whatever was forged. */
static int64_t
walk(const struct timeline *t)
{
    int64_t sum = 0;

    for (uint32_t p = 0; p < t->n[TIMELINE_PERSON]; p++) {
        struct timeline_range r = timeline_of(t, TIMELINE_ENROLMENT, p);
        for (; r.from < r.to; r.from++)
            sum += t->school[t->enrolment[r.from].school].kind +
                   t->census[t->enrolment[r.from].census].school_year;
        r = timeline_of(t, TIMELINE_SUSPENSION, p);
        for (; r.from < r.to; r.from++)
            for (uint32_t k = 0; k < t->suspension[r.from].n_sources; k++)
                sum += t->source[t->suspension[r.from].source + k].line;
        r = timeline_of(t, TIMELINE_CENSUS, p);
        for (; r.from < r.to; r.from++)
            if (t->census[r.from].place != TIMELINE_NONE)
                sum += t->place[t->census[r.from].place].district;
        sum += timeline_main(t, p, day(2022, 11, 7)) != TIMELINE_NONE;
        sum += (int64_t)strlen(t->person[p].ethnicity);
    }
    return sum;
}

static void
a_forged_number_never_leads_outside(void **state)
{
    struct facts f = facts_of(state);
    const char *path = small_file(&f);
    struct bytes b = read_all(f.j, path), copy = {job_alloc(f.j, b.n), b.n};
    struct random r = random_stream(11, 0, 0);
    struct timeline *t;
    int opened = 0;

    print_message("seed 11\n");
    for (int i = 0; i < 4000; i++) {
        struct scope s = job_scope_begin(f.j);
        size_t at = (size_t)random_below(&r, (int64_t)b.n / 4) * 4;
        uint32_t wrong = random_chance(&r, 0.5) ? (uint32_t)random_below(&r, 8)
                                                : (uint32_t)random_next(&r);
        memcpy(copy.s, b.s, b.n);
        memcpy(copy.s + at, &wrong, sizeof wrong);
        forge(copy);
        write_all(path, copy);
        if (timeline_open(f.j, path, &t) == OK) {
            opened++;
            walk(t);
        }
        err_clear(f.j);
        job_scope_end(f.j, s);
    }
    assert_true(opened > 0); /* a forged date is a date */
}

static void
a_file_of_another_authority_or_version_is_refused(void **state)
{
    struct facts f = facts_of(state);
    const char *path = small_file(&f);
    struct bytes b = read_all(f.j, path);
    struct timeline *t;

    f.j->area = 2;
    assert_err(f.j, timeline_open(f.j, path, &t), ERR_ENV);
    assert_says(f.j, "another authority");
    f.j->area = 1;
    ((struct timeline_head *)(void *)b.s)->version++;
    write_all(path, b);
    assert_err(f.j, timeline_open(f.j, path, &t), ERR_ENV);
    assert_says(f.j, "another version");
    assert_err(f.j, timeline_open(f.j, support_path(f.j, "."), &t), ERR_ENV);
}

static void
a_file_that_cannot_be_written_leaves_the_old_one(void **state)
{
    struct facts f = facts_of(state);
    const char *path = small_file(&f);
    struct timeline_order order = order_now(&f);
    struct bytes before = read_all(f.j, path);
    struct timeline *t;

    assert_err(f.j, timeline_build(f.j, support_path(f.j, "no/such/folder"), &order), ERR_ENV);
    assert_says(f.j, "no/such/folder");
    for (db_fault = 1; db_fault < 40; db_fault++) {
        int n = db_fault;
        enum err e = timeline_build(f.j, path, &order);
        if (!e)
            break;
        assert_int_equal(e, ERR_ENV);
        assert_ok(f.j, timeline_open(f.j, path, &t));
        db_fault = n;
        err_clear(f.j);
    }
    db_fault = 0;
    assert_same(read_all(f.j, path), before);
}

static void
what_a_killed_build_left_is_written_over(void **state)
{
    struct facts f = facts_of(state);
    struct bytes whole = read_all(f.j, small_file(&f)), again;
    const char *left = support_path(f.j, "facts.columns.new");

    write_all(left, (struct bytes){job_alloc(f.j, whole.n * 2), whole.n * 2});
    built(&f);
    again = read_all(f.j, support_path(f.j, "facts.columns"));
    assert_same(again, whole);
    assert_int_not_equal(access(left, F_OK), 0);
}

static void
running_out_of_memory_ends_the_build_and_nothing_else(void **state)
{
    struct facts f = facts_of(state);
    const char *path = small_file(&f);
    struct timeline_order order = order_now(&f);
    struct bytes before = read_all(f.j, path);
    int failed = 0;

    for (int n = 3; n < 1000; n += 3) {
        enum err e;
        job_alloc_fault = n;
        e = timeline_build(f.j, path, &order);
        job_alloc_fault = 0;
        if (!e)
            break; /* past the last one */
        assert_int_equal(e, ERR_BUSY);
        failed++;
        err_clear(f.j);
    }
    assert_true(failed > 10);
    assert_same(read_all(f.j, path), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_same_bytes_for_any_number_of_threads),
        SUPPORT_TEST(the_same_bytes_however_many_people_are_in_memory_at_once),
        SUPPORT_TEST(known_at_a_past_time_is_what_was_built_then_byte_for_byte),
        SUPPORT_TEST(who_was_who_is_known_as_it_was_then),
        SUPPORT_TEST(as_of_a_past_day_nothing_later_counts),
        SUPPORT_TEST(a_withdrawn_batch_counts_only_before_it_was_withdrawn),
        SUPPORT_TEST(nothing_loaded_gives_an_empty_file),
        SUPPORT_TEST(a_stale_file_is_noticed_and_built_again),
        SUPPORT_TEST(a_cut_file_is_damaged_wherever_it_is_cut),
        SUPPORT_TEST(a_changed_byte_is_found_wherever_it_is),
        SUPPORT_TEST(a_forged_number_never_leads_outside),
        SUPPORT_TEST(a_file_of_another_authority_or_version_is_refused),
        SUPPORT_TEST(a_file_that_cannot_be_written_leaves_the_old_one),
        SUPPORT_TEST(what_a_killed_build_left_is_written_over),
        SUPPORT_TEST(running_out_of_memory_ends_the_build_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
