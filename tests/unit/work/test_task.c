/* The queue: what is asked for is done once, whole, and survives a kill. */
#include "support/support.h"
#include "work/task.h"
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a test waits for, set by a task that ran. */
struct seen {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int runs;
    bool may_end;
    char input[100], asked_by[40];
    int64_t area;
};

static void
seen_init(struct seen *s)
{
    *s = (struct seen){.may_end = true};
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
}

static void
wait_runs(struct seen *s, int runs)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 100;
    pthread_mutex_lock(&s->lock);
    while (s->runs < runs)
        assert_int_equal(pthread_cond_timedwait(&s->changed, &s->lock, &until), 0);
    pthread_mutex_unlock(&s->lock);
}

static void
set_may_end(struct seen *s, bool yes)
{
    pthread_mutex_lock(&s->lock);
    s->may_end = yes;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static enum err
note_run(struct job *j, struct task *t, void *arg)
{
    struct seen *s = arg;

    pthread_mutex_lock(&s->lock);
    s->runs++;
    s->area = j->area;
    snprintf(s->input, sizeof s->input, "%s", t->input);
    snprintf(s->asked_by, sizeof s->asked_by, "%s", t->asked_by);
    task_progress(t, 3, 10);
    pthread_cond_broadcast(&s->changed);
    while (!s->may_end && !task_should_stop(t)) {
        struct timespec soon;
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_sec++;
        pthread_cond_timedwait(&s->changed, &s->lock, &soon);
    }
    pthread_mutex_unlock(&s->lock);
    if (task_should_stop(t))
        return err_set(j, ERR_BUSY, "stopped");
    task_progress(t, 10, 10);
    task_say(j, t, "%d rows went in", 10);
    return OK;
}

static const char sql_write[] = "INSERT INTO setting (name, value) VALUES ('half', '1')";

static enum err
fail_half_way(struct job *j, struct task *t, void *arg)
{
    enum err e = db_begin(j);

    (void)t;
    (void)arg;
    if (!e)
        e = db_run(j, sql_write, NO_ARGS, NULL);
    if (e)
        return e;
    err_set(j, ERR_INPUT, "The file is empty");
    return err_hint(j, "Choose another.");
}

static enum err
run_out_of_memory(struct job *j, struct task *t, void *arg)
{
    (void)t;
    (void)arg;
    job_alloc(j, (size_t)1 << 40);
    return OK;
}

static void
add(struct job *j, const char *kind, int64_t *id)
{
    assert_ok(j, db_begin(j));
    assert_ok(j, task_add(j, kind, "{\"folder\":\"x\"}", "ann", id));
    assert_ok(j, db_commit(j));
}

/* Asked again and again until it has ended, for a hundred seconds at most. */
static struct task
ended(struct job *j, int64_t id)
{
    struct task t;
    struct timespec now;
    time_t until;

    clock_gettime(CLOCK_MONOTONIC, &now);
    until = now.tv_sec + 100;
    do {
        struct scope s = job_scope_begin(j);
        bool over;
        assert_ok(j, task_get(j, id, &t));
        over = t.ended != 0;
        job_scope_end(j, s);
        if (over) {
            assert_ok(j, task_get(j, id, &t));
            return t;
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec < until);
    fail_msg("the task did not end");
    return t;
}

static struct work *
start(struct job *j, struct job *serving, struct seen *s)
{
    struct work *w;

    job_init(serving, 16 * JOB_MB);
    assert_ok(serving, work_open(serving, &(struct work_options){.url = support_url(j)}, &w));
    work_register(w, "note", 16 * JOB_MB, note_run, s);
    work_register(w, "fail", 16 * JOB_MB, fail_half_way, NULL);
    work_register(w, "memory", JOB_MB, run_out_of_memory, NULL);
    assert_ok(serving, work_start(serving, w));
    return w;
}

static void
a_task_is_done_and_says_how_it_ended(void **state)
{
    struct job *j = support_job(state), serving;
    struct seen s;
    struct task t;
    struct work *w;
    int64_t id;

    seen_init(&s);
    support_db(j);
    support_area(j);
    w = start(j, &serving, &s);
    add(j, "note", &id);
    work_wake(w);
    t = ended(j, id);
    assert_string_equal(t.state, "done");
    assert_string_equal(t.message, "10 rows went in");
    assert_int_equal(t.done, 10);
    assert_int_equal(t.total, 10);
    assert_string_equal(s.input, "{\"folder\":\"x\"}");
    assert_string_equal(s.asked_by, "ann");
    assert_int_equal(s.area, 1);
    assert_int_equal(s.runs, 1);
    job_end(&serving);
}

static void
tasks_are_done_in_the_order_they_were_asked_for(void **state)
{
    struct job *j = support_job(state), serving;
    const struct task *list;
    struct seen s;
    int64_t id, last = 0;
    size_t n;

    seen_init(&s);
    support_db(j);
    support_area(j);
    for (int i = 0; i < 5; i++) {
        j->now++;
        add(j, "note", &id);
    }
    start(j, &serving, &s);
    ended(j, id);
    assert_ok(j, task_list(j, 10, &list, &n));
    assert_int_equal(n, 5);
    for (size_t i = 5; i-- > 0;) { /* newest first */
        assert_true(list[i].started >= last);
        last = list[i].ended;
    }
    assert_int_equal(s.runs, 5);
    job_end(&serving);
}

static const char sql_half[] = "SELECT COUNT(*) FROM setting WHERE name = 'half'";

static void
a_task_that_fails_changes_nothing_and_says_why(void **state)
{
    struct job *j = support_job(state), serving;
    struct seen s;
    struct task t;
    int64_t id, n;

    seen_init(&s);
    support_db(j);
    support_area(j);
    start(j, &serving, &s);
    add(j, "fail", &id);
    t = ended(j, id);
    assert_string_equal(t.state, "failed");
    assert_string_equal(t.message, "The file is empty. Choose another.");
    assert_ok(j, db_int(j, sql_half, NO_ARGS, -1, &n));
    assert_int_equal(n, 0);
    job_end(&serving);
}

static void
memory_and_unknown_kinds_end_one_task_and_not_the_queue(void **state)
{
    struct job *j = support_job(state), serving;
    struct seen s;
    int64_t memory, unknown, good;

    seen_init(&s);
    support_db(j);
    support_area(j);
    start(j, &serving, &s);
    add(j, "memory", &memory);
    add(j, "juggle", &unknown);
    add(j, "note", &good);
    assert_string_equal(ended(j, memory).state, "failed");
    assert_string_equal(ended(j, unknown).state, "failed");
    assert_non_null(strstr(ended(j, unknown).message, "juggle"));
    assert_string_equal(ended(j, good).state, "done");
    job_end(&serving);
}

static void
progress_is_seen_while_it_runs(void **state)
{
    struct job *j = support_job(state), serving;
    struct seen s;
    struct task t = {0};
    int64_t id;
    struct timespec now;
    time_t until;

    seen_init(&s);
    s.may_end = false;
    support_db(j);
    support_area(j);
    start(j, &serving, &s);
    add(j, "note", &id);
    wait_runs(&s, 1);
    clock_gettime(CLOCK_MONOTONIC, &now);
    for (until = now.tv_sec + 100; t.total != 10 && now.tv_sec < until;) {
        struct scope scope = job_scope_begin(j);
        assert_ok(j, task_get(j, id, &t));
        assert_string_equal(t.state, t.started ? "running" : "waiting");
        job_scope_end(j, scope);
        clock_gettime(CLOCK_MONOTONIC, &now);
    }
    assert_int_equal(t.done, 3);
    assert_int_equal(t.total, 10);
    set_may_end(&s, true);
    assert_string_equal(ended(j, id).state, "done");
    job_end(&serving);
}

static void
a_program_that_stops_puts_its_task_back(void **state)
{
    struct job *j = support_job(state), serving;
    struct seen s;
    struct task t;
    int64_t id;

    seen_init(&s);
    s.may_end = false;
    support_db(j);
    support_area(j);
    for (int i = 1; i <= 3; i++) { /* not counted against it, however often */
        struct work *w = start(j, &serving, &s);
        if (i == 1)
            add(j, "note", &id);
        work_wake(w);
        wait_runs(&s, i);
        assert_true(work_quiet(w, 100 * 1000));
        job_end(&serving);
        assert_ok(j, task_get(j, id, &t));
        assert_string_equal(t.state, "waiting");
    }
    set_may_end(&s, true);
    start(j, &serving, &s);
    assert_string_equal(ended(j, id).state, "done");
    job_end(&serving);
}

static void
only_one_program_works_off_a_queue(void **state)
{
    struct job *j = support_job(state), first, second;
    struct seen a, b;
    int64_t one, two;

    seen_init(&a);
    seen_init(&b);
    a.may_end = false;
    support_db(j);
    support_area(j);
    start(j, &first, &a);
    add(j, "note", &one);
    wait_runs(&a, 1);
    start(j, &second, &b);
    add(j, "note", &two);
    set_may_end(&a, true);
    assert_string_equal(ended(j, one).state, "done");
    assert_string_equal(ended(j, two).state, "done");
    assert_int_equal(a.runs, 2);
    assert_int_equal(b.runs, 0);
    job_end(&first);
    add(j, "note", &one); /* and the other takes over */
    assert_string_equal(ended(j, one).state, "done");
    assert_int_equal(b.runs, 1);
    job_end(&second);
}

/* A process that begins the task and is killed in the middle of it. */
static void
begin_and_be_killed(struct job *j)
{
    int ready[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    pid = fork();
    if (pid == 0) {
        struct job serving;
        struct seen s;
        seen_init(&s);
        s.may_end = false;
        start(j, &serving, &s);
        wait_runs(&s, 1);
        if (write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(ready[0]);
    close(ready[1]);
}

static void
a_killed_program_leaves_its_task_to_the_next_but_not_for_ever(void **state)
{
    struct job *j = support_job(state), serving;
    struct seen s;
    struct task t;
    int64_t once, twice;

    seen_init(&s);
    support_db(j);
    support_area(j);
    add(j, "note", &once);
    begin_and_be_killed(j);
    assert_ok(j, task_get(j, once, &t));
    assert_string_equal(t.state, "running"); /* nobody was left to say otherwise */
    start(j, &serving, &s);
    assert_string_equal(ended(j, once).state, "done");
    job_end(&serving);

    add(j, "note", &twice);
    begin_and_be_killed(j);
    begin_and_be_killed(j);
    start(j, &serving, &s);
    t = ended(j, twice);
    assert_string_equal(t.state, "failed");
    assert_non_null(strstr(t.message, "stopped twice"));
    job_end(&serving);
}

static void
a_task_of_another_area_is_not_there(void **state)
{
    struct job *j = support_job(state);
    const struct task *list;
    struct task t;
    int64_t id;
    size_t n;

    support_db(j);
    support_area(j);
    add(j, "note", &id);
    j->area = 2;
    assert_err(j, task_get(j, id, &t), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, task_list(j, 10, &list, &n));
    assert_int_equal(n, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_task_is_done_and_says_how_it_ended),
        SUPPORT_TEST(tasks_are_done_in_the_order_they_were_asked_for),
        SUPPORT_TEST(a_task_that_fails_changes_nothing_and_says_why),
        SUPPORT_TEST(memory_and_unknown_kinds_end_one_task_and_not_the_queue),
        SUPPORT_TEST(progress_is_seen_while_it_runs),
        SUPPORT_TEST(a_program_that_stops_puts_its_task_back),
        SUPPORT_TEST(only_one_program_works_off_a_queue),
        SUPPORT_TEST(a_killed_program_leaves_its_task_to_the_next_but_not_for_ever),
        SUPPORT_TEST(a_task_of_another_area_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
