/* A file that loses its end while it is read: it is refused with a sentence, and what else was
 * to be loaded is loaded. */
#include "returns/cut_short.h"
#include "support/loads.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 5000, LEFT = 4000 };

static const char *
write_csv(struct job *j, const char *name)
{
    const char *path = support_path(j, name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs("Register,UPN,Surname,Forename,DOB,StartDate,Reason,SchoolURN\n", f);
    for (int i = 0; i < ROWS; i++)
        fprintf(f, "EHE,M896400120001,Shaw,Amy,2010-03-01,2025-02-03,%s %d,900001\n", name, i);
    assert_int_equal(fclose(f), 0);
    return path;
}

static const char *
write_xml(struct job *j, const char *name)
{
    const char *path = support_path(j, name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs("<Message><Header><CollectionDetails><Collection>AP</Collection></CollectionDetails>"
          "</Header><Pupils>\n", f);
    for (int i = 0; i < ROWS; i++)
        fprintf(f, "<Pupil><UPN>M896400120001</UPN><Surname>Shaw</Surname><Forename>Amy</Forename>"
                   "<EntryDate>2025-02-03</EntryDate><PlacementReason>%d</PlacementReason>"
                   "</Pupil>\n", i);
    fputs("</Pupils></Message>\n", f);
    assert_int_equal(fclose(f), 0);
    return path;
}

/* The load tells how far it is when the first file is done: then the second is cut. */
static void
cut(void *arg, int64_t done, int64_t total)
{
    (void)total;
    if (done > 0)
        assert_int_equal(truncate(arg, LEFT), 0);
}

static struct load_result
load_two(struct job *j, const char *whole, const char *short_one)
{
    const char *paths[] = {whole, short_one};
    struct load_options o = {.area = 896, .loaded_by = "test", .tell = cut,
                             .arg = (void *)(uintptr_t)short_one};
    struct load_result r;

    support_db(j);
    returns_outlive_cuts();
    assert_ok(j, load(j, paths, 2, &o, &r));
    signal(SIGBUS, SIG_DFL);
    return r;
}

static void
must_refuse_the_second(struct job *j, const struct load_result *r)
{
    assert_int_equal(r->published, 1);
    assert_int_equal(r->refused, 1);
    assert_int_equal(r->n_left, 0);
    assert_non_null(strstr(r->batch[1].message, "is still being written: load it again"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry r JOIN batch b ON "
                                    "b.area_id = r.area_id AND b.batch_id = r.batch_id "
                                    "WHERE r.area_id = 896 AND b.state = 'published'"), ROWS);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry WHERE area_id = 896"),
                     ROWS);
}

static void
a_csv_that_loses_its_end_is_refused_and_the_others_are_loaded(void **state)
{
    struct job *j = support_job(state);
    const char *a = write_csv(j, "a.csv"), *b = write_csv(j, "b.csv");
    struct load_result r = load_two(j, a, b);

    must_refuse_the_second(j, &r);
    write_csv(j, "b.csv"); /* whole again, it is loaded */
    loads_expect(j, b, LOAD_PUBLISHED);
}

static void
an_xml_file_that_loses_its_end_is_refused_and_the_others_are_loaded(void **state)
{
    struct job *j = support_job(state);
    const char *a = write_csv(j, "a.csv"), *b = write_xml(j, "b.xml");
    struct load_result r = load_two(j, a, b);

    must_refuse_the_second(j, &r);
}

/* Touches a map of a file that was cut, in a process of its own.  Gives how that ended. */
static int
touch(struct job *j, int flags, int protection)
{
    const char *path = write_csv(j, "map.csv");
    pid_t child = fork();
    int status, fd;

    assert_true(child >= 0);
    if (child == 0) {
        const volatile char *map;
        signal(SIGBUS, SIG_DFL);
        returns_outlive_cuts();
        fd = open(path, O_RDWR | O_CLOEXEC);
        map = mmap(NULL, (size_t)ROWS, protection, flags, fd, 0);
        if (fd < 0 || map == MAP_FAILED || ftruncate(fd, 0) < 0)
            _exit(2);
        _exit(map[0] == 0 && map[ROWS - 1] == 0 ? 0 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

/* A map of the database, say: zeros in it would be taken for what it holds. */
static void
only_maps_of_files_that_are_read_are_answered_so(void **state)
{
    struct job *j = support_job(state);
    int status = touch(j, MAP_PRIVATE, PROT_READ);

    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    status = touch(j, MAP_SHARED, PROT_READ);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
    status = touch(j, MAP_PRIVATE, PROT_READ | PROT_WRITE);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
    status = touch(j, MAP_PRIVATE, PROT_READ | PROT_EXEC);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_csv_that_loses_its_end_is_refused_and_the_others_are_loaded),
        SUPPORT_TEST(an_xml_file_that_loses_its_end_is_refused_and_the_others_are_loaded),
        SUPPORT_TEST(only_maps_of_files_that_are_read_are_answered_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
