#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>
#include "base/log.h"
#include "base/progress.h"

/* What fn wrote on stderr. */
static char *
heard(void (*fn)(void))
{
    static char text[16384];
    FILE *f = tmpfile();
    int kept = dup(STDERR_FILENO);
    size_t n;

    assert_non_null(f);
    fflush(stderr);
    dup2(fileno(f), STDERR_FILENO);
    fn();
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(f);
    n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

static void
two_events(void)
{
    log_event(LOG_INFO, "page", "path=%s ms=%d", "/over\nview", 4);
    log_event(LOG_DEBUG, "hidden", "x=1");
    log_event(LOG_WARNING, "full", "%s", "");
}

static void
an_event_is_one_line_of_keys_and_values(void **state)
{
    char *s = heard(two_events), *next = strchr(s, '\n');

    (void)state;
    assert_non_null(next);
    *next++ = '\0';
    assert_true(s[4] == '-' && s[7] == '-' && s[10] == 'T' && s[19] == 'Z');
    assert_string_equal(s + 20, " info event=page path=/over view ms=4");
    assert_non_null(strstr(next, " warning event=full"));
    assert_null(strstr(next, "hidden"));
}

static void
long_event(void)
{
    char big[10000];

    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    log_event(LOG_ERROR, "long", "v=%s", big);
}

static void
a_long_event_is_cut_and_stays_one_line(void **state)
{
    char *s = heard(long_event);

    (void)state;
    assert_int_equal(strlen(s), 4096);
    assert_ptr_equal(strchr(s, '\n'), s + 4095);
}

static void
two_errors(void)
{
    struct job j;

    job_init(&j, 1024);
    j.area = 7;
    err_set(&j, ERR_ENV, "the disk of \"data\" is full");
    err_detail(&j, "errno=28");
    log_error(&j, "load");
    err_set(&j, ERR_INPUT, "Amy Reed has no UPN");
    log_error(&j, "load");
    job_end(&j);
}

static void
an_error_about_a_file_does_not_tell_its_values(void **state)
{
    char *s = heard(two_errors);

    (void)state;
    assert_non_null(strstr(s, "error event=load kind=\"environment\" area=7 "
                              "message=\"the disk of 'data' is full\" detail=\"errno=28\"\n"));
    assert_non_null(strstr(s, "kind=\"input\" area=7\n"));
    assert_null(strstr(s, "Amy"));
}

static void
count_to_fifty_thousand(void)
{
    struct progress p = {0};

    progress_begin(&p, "School census, autumn 2024", "rows", 50000);
    for (int i = 0; i < 50000; i++)
        progress_add(&p, 1);
    progress_end(&p);
}

static void
away_from_a_terminal_each_tenth_is_a_line(void **state)
{
    char *s = heard(count_to_fifty_thousand);
    int lines = 0;

    (void)state;
    assert_non_null(strstr(s, "School census, autumn 2024: 10 %, 5,000 of 50,000 rows\n"));
    assert_non_null(strstr(s, "School census, autumn 2024: 90 %, 45,000 of 50,000 rows\n"));
    assert_non_null(strstr(s, "School census, autumn 2024: 50,000 rows in "));
    for (; *s; s++)
        lines += *s == '\n';
    assert_int_equal(lines, 10);
}

struct told {
    int64_t done, total;
    int times;
};

static void
tell(void *arg, int64_t done, int64_t total)
{
    struct told *t = arg;

    assert_true(done >= t->done);
    *t = (struct told){done, total, t->times + 1};
}

static struct told told;

static void
count_behind_a_page(void)
{
    struct progress p = {.tell = tell, .arg = &told};

    progress_begin(&p, "load", "rows", 1000);
    for (int i = 0; i < 1000; i++)
        progress_add(&p, 1);
    progress_end(&p);
}

static void
work_behind_a_page_tells_its_own_listener(void **state)
{
    (void)state;
    assert_string_equal(heard(count_behind_a_page), "");
    assert_int_equal(told.done, 1000);
    assert_int_equal(told.total, 1000);
    assert_in_range(told.times, 1, 999);
}

static void
count_quietly(void)
{
    struct progress p = {.quiet = true};

    progress_begin(&p, "load", "rows", 0);
    progress_add(&p, 1000);
    progress_end(&p);
}

static void
quiet_work_prints_nothing(void **state)
{
    (void)state;
    assert_string_equal(heard(count_quietly), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_line_of_keys_and_values),
        cmocka_unit_test(a_long_event_is_cut_and_stays_one_line),
        cmocka_unit_test(an_error_about_a_file_does_not_tell_its_values),
        cmocka_unit_test(away_from_a_terminal_each_tenth_is_a_line),
        cmocka_unit_test(work_behind_a_page_tells_its_own_listener),
        cmocka_unit_test(quiet_work_prints_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
