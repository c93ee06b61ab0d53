/* Files of 1 GB on one line are refused where the line passes its limit: in little memory,
 * and with nothing changed of what is published.  One file is written and serves all cases:
 * only its first and its last bytes differ. */
#include "support/loads.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GIGABYTE (INT64_C(1024) * 1024 * 1024)
#define RESIDENT_MOST (INT64_C(200) * 1024) /* kB */

static const struct {
    const char *name;
    const char *head, *tail;
    size_t n_head;
    bool everywhere;     /* on PostgreSQL too, where the reading is the same */
    const char *says[3]; /* file, line, limit */
} huge[] = {
#define CASE(name, head, tail, pg, ...)                                                    \
    {name, head, tail, sizeof(head) - 1, pg, {name, __VA_ARGS__}}
    CASE("header.csv", "", "", false, "line 1", "(65,536 bytes)"),
    CASE("header-in-windows-1252.csv", "", "\xE9", false, "line 1", "(65,536 bytes)"),
    CASE("header-in-utf-16.csv", "\xFF\xFE", "", false, "line 1", "(65,536 bytes)"),
    CASE("row.csv", "UPN,SchoolURN,Category,StartDate\n,900001,SUSP,2025-01-14\n,900001,", "",
         true, "line 3", "(1,048,576 bytes)"),
    CASE("row-in-windows-1252.csv",
         "UPN,SchoolURN,Category,StartDate\n,900001,SUSP,2025-01-14\n,900001,", "\xE9",
         false, "line 3", "(1,048,576 bytes)"),
    CASE("quote.csv", "UPN,SchoolURN,Category,StartDate\n,900001,SUSP,2025-01-14\n,900001,\"",
         "\"\n", false, "line 3", "(1,048,576 bytes)"),
#define HEADER                                                                             \
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2025</Year>"      \
    "</CollectionDetails><Source><LEA>896</LEA></Source></Header>\n<Children>\n"
    CASE("text.xml", HEADER "<Child><ChildIdentifiers><LAchildID>",
         "</LAchildID></ChildIdentifiers></Child></Children></Message>", true, "line 3",
         "(16,384 bytes)"),
    CASE("text.json",
         "[{\"LocalId\":\"L1\",\"Surname\":\"A\",\"Forename\":\"B\",\"DOB\":null},\n"
         "{\"LocalId\":\"",
         "\"}]", true, "line 2", "(1,048,576 bytes)"),
    CASE("attribute.xml", HEADER "<Child note=\"", "\"/></Children></Message>", false, "line 3",
         "(1,048,576 bytes)"),
    CASE("header.xml", "<Message>\n<Header note=\"", "\"/></Message>", false, "line 2",
         "(1,048,576 bytes)"),
};

static void
put(int fd, const char *s, size_t n, int64_t at)
{
    assert_int_equal(pwrite(fd, s, n, at), n);
}

/* 1 GB of the letter a. */
static int
write_filler(const char *path)
{
    enum { BLOCK = 1024 * 1024 };
    char *block = test_malloc(BLOCK);
    int fd = open(path, O_CREAT | O_RDWR, 0600);

    assert_true(fd >= 0);
    memset(block, 'a', BLOCK);
    for (int64_t at = 0; at < GIGABYTE; at += BLOCK)
        put(fd, block, BLOCK, at);
    test_free(block);
    return fd;
}

/* In a process of its own, whose memory can be told: loads, and writes what became of it. */
static void
load_and_tell(struct job *j, const char *path, int to)
{
    struct load_options o = {.loaded_by = "command line", .area = 896};
    struct load_result r = {0};
    const char *said = "published";
    struct job mine;
    struct db *db;
    enum err e;

    job_init_child(&mine, j, 128 * JOB_MB);
    if (db_open(&mine, support_url(j), DB_WRITE, &db))
        _exit(2);
    mine.db = db;
    e = load(&mine, &path, 1, &o, &r);
    if (e)
        said = mine.err.message;
    else if (r.refused)
        said = r.batch[0].message;
    _exit(write(to, said, strlen(said)) < 0);
}

struct told {
    char said[1024];
    int64_t resident, cpu_ms; /* resident: kB at its peak */
};

static struct told
load_apart(struct job *j, const char *path)
{
    struct told t = {0};
    struct rusage used;
    int pipes[2], status;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        load_and_tell(j, path, pipes[1]);
    close(pipes[1]);
    assert_int_equal(wait4(child, &status, 0, &used), child);
    assert_true(read(pipes[0], t.said, sizeof t.said - 1) > 0);
    close(pipes[0]);
    assert_int_equal(status, 0);
    t.resident = used.ru_maxrss;
    t.cpu_ms = used.ru_utime.tv_sec * 1000 + used.ru_utime.tv_usec / 1000 +
               used.ru_stime.tv_sec * 1000 + used.ru_stime.tv_usec / 1000;
    return t;
}

static void
check_case(struct job *j, size_t at, const char *path)
{
    struct told t = load_apart(j, path);

    print_message("%s: %lld MB, %lld ms: %s\n", huge[at].name, (long long)t.resident / 1024,
                  (long long)t.cpu_ms, t.said);
    for (int i = 0; i < 3; i++)
        if (!strstr(t.said, huge[at].says[i]))
            fail_msg("%s is not named", huge[at].says[i]);
    assert_true(t.resident < RESIDENT_MOST);
}

static bool
is_room(struct job *j)
{
    struct statvfs fs;

    if (statvfs(support_path(j, "."), &fs))
        return false;
    return (int64_t)fs.f_bavail * (int64_t)fs.f_frsize > GIGABYTE + GIGABYTE / 2;
}

static void
one_line_of_a_gigabyte_is_refused_in_little_memory(void **state)
{
    struct job *j = support_job(state);
    const char *before, *path;
    char *filler;
    int fd;

    if (!is_room(j)) {
        print_message("skipped: less than 1.5 GB are free for a file of 1 GB\n");
        return;
    }
    support_db(j);
    loads_run(j, LOADS_COUNCIL "/census/2025-spring");
    before = loads_published(j);
    path = support_path(j, "huge");
    fd = write_filler(path);
    filler = job_alloc(j, 1024);
    memset(filler, 'a', 1024);
    for (size_t i = 0; i < sizeof huge / sizeof *huge; i++) {
        size_t n_tail = strlen(huge[i].tail);
        const char *name = support_path(j, huge[i].name);
        if (support_postgresql() && !huge[i].everywhere)
            continue;
        put(fd, huge[i].head, huge[i].n_head, 0);
        put(fd, huge[i].tail, n_tail, GIGABYTE - (int64_t)n_tail);
        assert_int_equal(rename(path, name), 0);
        check_case(j, i, name);
        assert_string_equal(loads_published(j), before);
        put(fd, filler, 1024, 0);
        put(fd, filler, 1024, GIGABYTE - 1024);
        path = name;
    }
    close(fd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(one_line_of_a_gigabyte_is_refused_in_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
