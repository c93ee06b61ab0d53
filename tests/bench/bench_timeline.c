/* How fast facts become the column file: an authority's seven years, about a million census
 * rows, put straight into a SQLite file, then built from it.  One JSON line. */
#include "base/random.h"
#include "people/attendance.h"
#include "store/db.h"
#include "timeline/timeline.h"
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_YEAR = 2018, YEARS = 7, COHORTS = 20, PER_COHORT = 3990, SCHOOLS = 139 };

static int64_t persons; /* set once in main() */

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- filling ---------------------------------------------------------------------------- */

static const char sql_batch[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
    "loaded_by, school_year, term, rows_read, rows_loaded, rows_refused) "
    "VALUES (1, $1, 'census', 'bench', 'x', 'published', $1, $1, 'bench', $2, $3, 0, 0, 0)";
static const char sql_school[] =
    "INSERT INTO establishment_row (edition, urn, la, estab, name, type_code, type_name, phase, "
    "status, low_age, high_age, district) "
    "VALUES (0, $1, 1, 4000, 'A school', 34, 'A type', $2, 1, $3, $4, 'North')";
static const char sql_postcode[] =
    "INSERT INTO postcode_row (edition, postcode, lsoa11, lsoa21) VALUES (0, $1, $2, $2)";

static enum err
fill_shared(struct job *j)
{
    enum err e = OK;

    for (int i = 0; i < SCHOOLS && !e; i++)
        e = db_run(j, sql_school,
                   ARGS(INT(900000 + i), TEXT(i < 112 ? "primary" : "secondary"),
                        INT(i < 112 ? 4 : 11), INT(i < 112 ? 11 : 16)),
                   NULL);
    for (int i = 0; i < 20000 && !e; i++)
        e = db_run(j, sql_postcode,
                   ARGS(TEXT(job_format(j, "CH%d %dAA", 10 + i / 1000, i % 1000)),
                        TEXT(job_format(j, "E0100%04d", i / 40))),
                   NULL);
    return e;
}

static enum err
fill_identities(struct job *j)
{
    struct bulk *b;
    int64_t n;
    enum err e = db_bulk_begin(j, "identity",
                               "area_id, identity_id, person_id, digest, source, born, sex, "
                               "batch_id",
                               "iiittiti", &b);

    for (int64_t p = 1; p <= persons && !e; p++) {
        struct scope s = job_scope_begin(j);
        char digest[32];
        snprintf(digest, sizeof digest, "identity %lld", (long long)p);
        e = db_bulk_row(b, (const struct arg[]){
                               INT(1), INT(p), INT(p), TEXT(digest), TEXT("school"),
                               INT(date_from_ymd(2000 + (int32_t)(p / PER_COHORT), 3, 1)),
                               TEXT(p % 2 ? "F" : "M"), INT(1)});
        job_scope_end(j, s);
    }
    return e ? e : db_bulk_end(b, &n);
}

/* Year group of a person in a school year; those of Reception to Year 13 are on roll. */
static int
year_group(int64_t p, int32_t year)
{
    return (int)(year - 2000 - (p - 1) / PER_COHORT) - 5;
}

static enum err
fill_census(struct job *j, int64_t batch, int32_t year, enum term term)
{
    struct random r = random_stream(1, (uint64_t)batch, 0);
    struct attendance_totals t = {0};
    uint8_t marks[ATTENDANCE_PACKED];
    int64_t line = 0, rows;
    struct bulk *b;
    enum err e = db_run(j, sql_batch, ARGS(INT(batch), INT(year), INT(term)), NULL);

    if (e || (e = db_bulk_begin(j, "census_pupil",
                                "area_id, batch_id, file_id, line, identity_id, urn, "
                                "school_year, term, on_roll, entered, status, year_group, "
                                "part_time, sen, ethnicity, language, postcode, "
                                "sessions_possible, marks",
                                "iiiiiiiiiitiitttti" "b", &b)))
        return e;
    for (int64_t p = 1; p <= persons && !e; p++) {
        int group = year_group(p, year);
        char postcode[16];
        int64_t home = (p * 7919 + (random_chance(&r, 0.02) ? 1 : 0)) % 20000;
        if (group < 0 || group > 13)
            continue;
        snprintf(postcode, sizeof postcode, "CH%lld %lldAA", (long long)(10 + home / 1000),
                 (long long)(home % 1000));
        for (int c = 0; c < 12; c++)
            t.by_code[c * 2] = (uint16_t)(c == 0 ? 55 : random_below(&r, 8));
        e = db_bulk_row(
            b, (const struct arg[]){
                   INT(1), INT(batch), INT(1), INT(++line), INT(p),
                   INT(900000 + (group < 7 ? p % 112 : 112 + p % 27)), INT(year), INT(term),
                   INT(1), INT(date_from_ymd(year - (group < 7 ? group : group - 7), 9, 3)),
                   TEXT("C"), INT(group), INT(0), TEXT(p % 8 ? "N" : "K"),
                   TEXT(term == TERM_SPRING ? "WBRI" : NULL), TEXT("ENG"), TEXT(postcode),
                   INT(140), BLOB(marks, attendance_pack(&t, marks))});
    }
    return e ? e : db_bulk_end(b, &rows);
}

static enum err
fill_suspensions(struct job *j, int64_t batch, int32_t year, enum term term)
{
    int64_t line = 0, rows;
    struct bulk *b;
    enum err e = db_bulk_begin(j, "suspension",
                               "area_id, batch_id, file_id, line, identity_id, urn, source, "
                               "school_year, term, on_roll, category, started, sessions, status",
                               "iiiiiitiiitiit", &b);

    for (int64_t p = 1; p <= persons && !e; p += 23) {
        int group = year_group(p, year);
        if (group < 7 || group > 11)
            continue;
        e = db_bulk_row(b, (const struct arg[]){
                               INT(1), INT(batch), INT(2), INT(++line), INT(p),
                               INT(900000 + 112 + p % 27), TEXT("census"), INT(year), INT(term),
                               INT(1), TEXT("SUSP"),
                               INT(timeline_census_day(year, term) - 120), INT(4),
                               TEXT("new")});
    }
    return e ? e : db_bulk_end(b, &rows);
}

static enum err
fill_meals(struct job *j, int64_t batch)
{
    int64_t line = 0, rows;
    struct bulk *b;
    enum err e = db_bulk_begin(j, "fsm_period",
                               "area_id, batch_id, file_id, line, identity_id, urn, started, "
                               "country",
                               "iiiiiiit", &b);

    for (int64_t p = 1; p <= persons && !e; p += 5)
        e = db_bulk_row(b, (const struct arg[]){INT(1), INT(batch), INT(4), INT(++line), INT(p),
                                                INT(900000), INT(date_from_ymd(2018, 9, 1)),
                                                TEXT("ENG")});
    return e ? e : db_bulk_end(b, &rows);
}

static enum err
fill(struct job *j, void *arg)
{
    const char *url = arg;
    int64_t batch = 1;
    enum err e;

    if ((e = db_migrate(j, url)) || (e = db_open(j, url, DB_WRITE, &j->db)) ||
        (e = db_reloadable(j, true)) || (e = db_begin(j)) || (e = fill_shared(j)) ||
        (e = fill_identities(j)))
        return e;
    for (int32_t year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++) {
        for (int term = TERM_AUTUMN; term <= TERM_SUMMER; term++, batch++) {
            if ((e = fill_census(j, batch, year, (enum term)term)) ||
                (e = fill_suspensions(j, batch, year, (enum term)term)) ||
                (e = fill_meals(j, batch)))
                return e;
        }
    }
    return db_commit(j);
}

/* ---- measuring ------------------------------------------------------------------------------ */

static enum err
measure(struct job *j, void *arg)
{
    const char *url = arg;
    const char *path = job_format(j, "%s.columns", url + strlen("sqlite:"));
    struct timeline_order order = {.as_of = date_from_ymd(2025, 7, 31), .known_at = 1000};
    struct timeline *t;
    struct rusage u;
    double start, built, opened, processor;
    enum err e = db_open(j, url, DB_READ, &j->db);

    if (e)
        return e;
    start = seconds();
    if ((e = timeline_build(j, path, &order)))
        return e;
    built = seconds() - start;
    getrusage(RUSAGE_SELF, &u);
    processor = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    start = seconds();
    if ((e = timeline_open(j, path, &t)))
        return e;
    opened = seconds() - start;
    printf("{\"name\": \"column file\", \"census_rows\": %u, \"persons\": %u, "
           "\"seconds\": %.2f, \"processor_seconds\": %.2f, \"megabytes_resident\": %ld, "
           "\"megabytes\": %.0f, \"open_seconds\": %.3f}\n",
           t->n[TIMELINE_CENSUS], t->n[TIMELINE_PERSON], built, processor, u.ru_maxrss / 1024,
           (double)t->head->bytes / 1e6, opened);
    unlink(path);
    return OK;
}

static int
run(job_fn *fn, char *url)
{
    struct job j;
    enum err e;

    job_init(&j, (size_t)512 * JOB_MB);
    j.area = 1;
    e = job_run(&j, fn, url);
    if (e)
        fprintf(stderr, "%s | %s\n", j.err.message, j.err.detail);
    job_end(&j);
    return e ? 1 : 0;
}

/* bench_timeline [DATABASE [PERSONS]]: an existing database is measured as it is. */
int
main(int argc, char **argv)
{
    char made[] = "/tmp/rooted-bench-XXXXXX", path[256], url[300];
    pid_t child;
    int status = 0;

    mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* as the program does */
    persons = argc > 2 ? strtoll(argv[2], NULL, 10) : (int64_t)COHORTS * PER_COHORT;
    if (argc < 2 && !mkdtemp(made))
        return 1;
    snprintf(path, sizeof path, argc < 2 ? "%s/facts.db" : "%s", argc < 2 ? made : argv[1]);
    snprintf(url, sizeof url, "sqlite:%s", path);
    if (access(path, F_OK) != 0) { /* another process, so that its memory is not counted */
        child = fork();
        if (child == 0)
            _exit(run(fill, url));
        if (child < 0 || waitpid(child, &status, 0) != child || status)
            return 1;
    }
    status = run(measure, url);
    if (argc < 2) {
        unlink(path);
        rmdir(made);
    }
    return status;
}
