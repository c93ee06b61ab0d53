/* The template compiler: what it makes, and what it refuses to make. */
#include "support/html.h"
#include "support/support.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char tool[512]; /* beside the tests: build/san/tool/tplc */

static const char *
read_whole(struct job *j, const char *path)
{
    FILE *f = fopen(path, "rb");
    char *s = job_alloc(j, 1 << 16);

    assert_non_null(f);
    assert_true(fread(s, 1, (1 << 16) - 1, f) < (1 << 16) - 1);
    fclose(f);
    return s;
}

/* Runs the compiler; its exit status.  What it says goes to the file "said". */
static int
compile(struct job *j, const char *template)
{
    const char *h = support_path(j, "out.h"), *c = support_path(j, "out.c");
    const char *said = support_path(j, "said");
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (!pid) {
        if (!freopen(said, "w", stderr))
            _exit(99);
        execl(tool, tool, template, h, c, "out.h", (char *)NULL);
        _exit(98);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
every_form_of_the_language_compiles_as_it_did(void **state)
{
    struct job *j = support_job(state);
    struct html o;
    const char *made;

    assert_int_equal(compile(j, "tests/golden/tplc/accept.html"), 0);
    made = read_whole(j, support_path(j, "out.c"));
    html_begin(&o);
    html_lit(&o, made, strlen(made));
    html_golden(&o, "tplc/accept.html.c");
    html_done(&o);
}

static void
values_are_escaped_by_the_place_they_stand_in(void **state)
{
    struct job *j = support_job(state);
    const char *made;

    assert_int_equal(compile(j, "tests/golden/tplc/accept.html"), 0);
    made = read_whole(j, support_path(j, "out.c"));
    assert_non_null(strstr(made, "html_put(o, name);"));
    assert_non_null(strstr(made, "html_put_url(o, name);"));  /* a whole address */
    assert_non_null(strstr(made, "html_put_part(o, name);")); /* a part of one */
    assert_non_null(strstr(made, "part_one(o, name);"));
}

static void
places_that_no_escape_makes_safe_are_refused(void **state)
{
    struct job *j = support_job(state);
    char *all = job_copy(j, read_whole(j, "tests/golden/tplc/refuse.txt")), *at = all;
    int n = 0;

    while (*at == '#')
        at = strchr(at, '\n') + 1;
    while (*at) {
        char *what = at, *text = strchr(at, '\n') + 1, *end = strstr(text, "----\n");
        const char *path = support_path(j, "refuse.html");
        FILE *f = fopen(path, "wb");
        assert_non_null(end);
        assert_non_null(f);
        assert_int_equal(fwrite(text, 1, (size_t)(end - text), f), end - text);
        fclose(f);
        text[-1] = '\0';
        if (compile(j, path) != 1)
            fail_msg("it took %s", what);
        assert_non_null(strstr(read_whole(j, support_path(j, "said")), "refuse.html:"));
        at = end + 5;
        n++;
    }
    assert_int_equal(n, 20);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_form_of_the_language_compiles_as_it_did),
        SUPPORT_TEST(values_are_escaped_by_the_place_they_stand_in),
        SUPPORT_TEST(places_that_no_escape_makes_safe_are_refused),
    };
    char *slash = strstr(argv[0], "/tests/");

    (void)argc;
    snprintf(tool, sizeof tool, "%.*s/tool/tplc", slash ? (int)(slash - argv[0]) : 0, argv[0]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
