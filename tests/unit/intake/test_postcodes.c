/* Every postcode of the country, 1.7 million of them, is loaded in bounded memory.  Under the
 * sanitizers a part of them; the whole is measured by tests/bench. */
#include "support/loads.h"
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* A process with sanitizers has much that is not the program's: its bound is a wide one. */
enum { POSTCODES = SANITIZED ? 200000 : 1700000, RESIDENT_MOST_MB = SANITIZED ? 600 : 280 };
#define ROOM_WANTED (INT64_C(2) * 1024 * 1024 * 1024)

/* The i-th postcode, each another: "AA1 0AA", "AA1 0AB" … */
static int
write_postcode(char *to, size_t most, int i)
{
    static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ";

    return snprintf(to, most, "%c%c%d %d%c%c", letters[i / 160000], letters[i / 40000 % 4],
                    1 + i / 4000 % 10, i / 400 % 10, letters[i / 20 % 20], letters[i % 20]);
}

static const char *
write_country(struct job *j)
{
    const char *path = support_path(j, "nspl.csv");
    FILE *f = fopen(path, "w");
    char code[16];

    assert_non_null(f);
    fputs("pcd7,pcd8,pcds,dointr,doterm,usrtypind,lad25cd,wd25cd,lsoa11cd,lsoa21cd\n", f);
    for (int i = 0; i < POSTCODES; i++) {
        write_postcode(code, sizeof code, i);
        fprintf(f, "%s,%s,%s,199806,%s,0,E06%06d,E05%06d,E01%06d,E01%06d\n", code, code, code,
                i % 3 ? "" : "202012", i % 300, i % 8000, i % 33755, i % 35672);
    }
    assert_int_equal(fclose(f), 0);
    return path;
}

/* In a process of its own, whose memory can be told. */
static void
load_and_end(struct job *j, const char *path)
{
    struct load_options o = {.loaded_by = "command line", .area = 896};
    struct load_result r = {0};
    struct job mine;
    struct db *db;

    job_init_child(&mine, j, 128 * JOB_MB);
    if (db_open(&mine, support_url(j), DB_WRITE, &db))
        _exit(2);
    mine.db = db;
    if (load(&mine, &path, 1, &o, &r))
        _exit(3);
    if (r.published != 1)
        print_message("%s\n", r.n_batches ? r.batch[0].message : mine.err.message);
    _exit(r.published == 1 ? 0 : 4);
}

static int64_t
load_apart(struct job *j, const char *path)
{
    struct rusage used;
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        load_and_end(j, path);
    assert_int_equal(wait4(child, &status, 0, &used), child);
    assert_int_equal(status, 0);
    return used.ru_maxrss / 1024;
}

static bool
is_room(struct job *j)
{
    struct statvfs fs;

    return statvfs(support_path(j, "."), &fs) == 0 &&
           (int64_t)fs.f_bavail * (int64_t)fs.f_frsize > ROOM_WANTED;
}

static void
a_country_of_postcodes_is_loaded_in_bounded_memory(void **state)
{
    struct job *j = support_job(state);
    const char *path;
    int64_t resident;

    if (!is_room(j)) {
        print_message("skipped: less than 2 GB are free for the postcodes of a country\n");
        return;
    }
    support_db(j);
    loads_expect(j, LOADS_COUNCIL "/gias", LOAD_PUBLISHED);
    loads_expect(j, LOADS_COUNCIL "/geography", LOAD_PUBLISHED); /* to be carried over */
    path = write_country(j);
    resident = load_apart(j, path);
    print_message("%d postcodes: %lld MB\n", POSTCODES, (long long)resident);
    assert_true(resident < RESIDENT_MOST_MB);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode"), POSTCODES + 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode_row"), POSTCODES + 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode WHERE postcode = 'AA1 0AB' AND "
                                    "lsoa11 = 'E01000001' AND lsoa21 = 'E01000001' AND "
                                    "ended IS NULL"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE batch_id = "
                                    "(SELECT max(batch_id) FROM batch)"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_country_of_postcodes_is_loaded_in_bounded_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
