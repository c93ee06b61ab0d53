/* A folder is watched: what is complete is loaded once, what grows is waited for. */
#include "intake/watch.h"
#include "support/loads.h"
#include <sys/stat.h>
#include <unistd.h>

struct drop {
    struct job *j;
    const char *folder;
    int looks, loads, growing;
    size_t published, known;
    int end; /* write end of what stops it */
    enum err last;
    bool (*then)(struct drop *d);
    bool (*at_look)(struct drop *d);
};

static const char terms[] = "URN,StartDate,EndDate,Kind\n,2025-01-06,2025-04-04,term\n";

static int64_t
fixed_clock(void *arg)
{
    (void)arg;
    return SUPPORT_NOW;
}

static bool
told(struct job *j, void *arg, const struct load_result *r, enum err e)
{
    struct drop *d = arg;

    (void)j;
    d->loads++;
    d->last = e;
    d->published += r->published;
    d->known += r->known;
    return d->then(d);
}

static bool
looked(void *arg)
{
    struct drop *d = arg;

    assert_true(++d->looks < 2000);
    return d->at_look ? d->at_look(d) : true;
}

static enum err
run_watch(struct drop *d, int rescan_ms)
{
    const struct load_options load = {.area = 896, .loaded_by = "watch"};
    struct watch_options o = {.load = &load, .quiet_ms = 40, .rescan_ms = rescan_ms,
                              .clock = fixed_clock, .told = told, .looked = looked, .arg = d};
    int ends[2];
    enum err e;

    assert_int_equal(pipe(ends), 0);
    o.stop_fd = ends[0];
    d->end = ends[1];
    e = watch(d->j, d->folder, &o);
    close(ends[0]);
    close(ends[1]);
    return e;
}

static void
begin(struct job *j, struct drop *d)
{
    support_db(j);
    *d = (struct drop){.j = j, .folder = support_path(j, "drop")};
    assert_int_equal(mkdir(d->folder, 0700), 0);
}

/* ---- one after the other ----------------------------------------------------------- */

static bool
second_then_end(struct drop *d)
{
    if (d->loads == 1) {
        loads_file(d->j, "drop/later/people.csv",
                   "LocalId,Surname,Forename,DOB\nL1,Example,Robin,2011-05-09\n");
        return true;
    }
    assert_int_equal(write(d->end, "x", 1), 1); /* as a signal would */
    return true;
}

static bool
end_at_once(struct drop *d)
{
    (void)d;
    return false;
}

static void
what_is_dropped_is_loaded_and_a_signal_ends_it(void **state)
{
    struct job *j = support_job(state);
    struct drop d;

    begin(j, &d);
    d.then = second_then_end;
    loads_file(j, "drop/term-dates.csv", terms);
    assert_ok(j, run_watch(&d, 20));
    assert_int_equal(d.loads, 2);
    assert_int_equal(d.published, 2);
    /* a watcher that starts again finds nothing new */
    d.then = end_at_once;
    assert_ok(j, run_watch(&d, 20));
    assert_int_equal(d.published, 2);
    assert_int_equal(d.known, 2);
    assert_int_equal(access(support_path(j, "drop/term-dates.csv"), F_OK), 0);
}

/* ---- a file that is being written -------------------------------------------------- */

static bool
grow(struct drop *d)
{
    if (d->loads == 0 && d->growing < 10) {
        d->growing++;
        loads_append(d->j, support_path(d->j, "drop/term-dates.csv"),
                     ",2025-04-28,2025-07-22,term\n");
    }
    return true;
}

static bool
end_now(struct drop *d)
{
    assert_int_equal(d->growing, 10);
    return false;
}

static void
what_still_grows_is_waited_for(void **state)
{
    struct job *j = support_job(state);
    struct drop d;

    begin(j, &d);
    d.then = end_now;
    d.at_look = grow;
    loads_file(j, "drop/term-dates.csv", terms);
    assert_ok(j, run_watch(&d, 1000));
    assert_int_equal(d.loads, 1);
    assert_int_equal(d.published, 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM term_date"), 11);
}

/* ---- what cannot be read ------------------------------------------------------------ */

static bool
mend_then_end(struct drop *d)
{
    if (d->loads == 1) {
        assert_int_equal(d->last, ERR_INPUT);
        loads_file(d->j, "drop/term-dates.csv", terms);
        return true;
    }
    return false;
}

static void
what_cannot_be_read_is_tried_again_when_it_has_changed(void **state)
{
    struct job *j = support_job(state);
    struct drop d;

    begin(j, &d);
    d.then = mend_then_end;
    loads_file(j, "drop/term-dates.csv", "nothing,of,use\n");
    assert_ok(j, run_watch(&d, 20));
    assert_int_equal(d.loads, 2);
    assert_int_equal(d.published, 1);
}

/* ---- alone -------------------------------------------------------------------------- */

static bool
try_a_second(struct drop *d)
{
    struct drop other = {.j = d->j, .folder = d->folder};

    assert_err(d->j, run_watch(&other, 20), ERR_BUSY);
    assert_says(d->j, "is being watched already");
    err_clear(d->j);
    return false;
}

static void
a_second_watcher_of_a_folder_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct drop d;

    begin(j, &d);
    d.at_look = try_a_second;
    assert_ok(j, run_watch(&d, 20));
    d.folder = support_path(j, "nowhere");
    assert_err(j, run_watch(&d, 20), ERR_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_is_dropped_is_loaded_and_a_signal_ends_it),
        SUPPORT_TEST(what_still_grows_is_waited_for),
        SUPPORT_TEST(what_cannot_be_read_is_tried_again_when_it_has_changed),
        SUPPORT_TEST(a_second_watcher_of_a_folder_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
