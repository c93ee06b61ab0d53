/* bench_marks HOME: how fast the weeks of registers become columns, and how fast all children
 * of all weeks are walked through.  HOME holds a database of area 1.  One JSON line. */
#include "store/db.h"
#include "timeline/marks.h"
#include <sys/resource.h>

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Every child's every week, child by child. */
static int64_t
walk(struct job *j, const struct marks *m, struct marks_sum *sum)
{
    struct marks_cursor c;
    int64_t person = INT64_MAX, last = 0, rows = 0;

    marks_cursor(j, m, &c);
    for (size_t w = 0; w < m->n; w++) {
        const struct marks_week *k = &m->week[w];
        if (!k->rows)
            continue;
        person = k->first_person < person ? k->first_person : person;
        if (k->first_person + k->row[k->rows - 1].person > last)
            last = k->first_person + k->row[k->rows - 1].person;
    }
    for (; person <= last; person++)
        for (size_t w = 0; w < m->n; w++) {
            struct marks_range r = marks_of(&c, w, person);
            for (; r.from < r.to; r.from++, rows++)
                marks_add(&m->week[w], r.from, DATE_NONE, DATE_OPEN, sum);
        }
    return rows;
}

static enum err
bench(struct job *j, void *home)
{
    struct marks_order o = {.as_of = DATE_OPEN, .known_at = INT64_MAX / 2, .from = DATE_NONE,
                            .to = DATE_NONE};
    const char *folder = job_format(j, "%s/bench-weeks", (const char *)home);
    struct marks_sum sum = {0};
    struct marks *m;
    struct db *db;
    struct rusage use;
    double start = seconds(), built, opened;
    size_t weeks;
    int64_t rows;
    enum err e;

    if ((e = db_open(j, job_format(j, "sqlite:%s/rooted.db", (const char *)home), DB_READ, &db)))
        return e;
    db_use(j, db);
    j->area = 1;
    if ((e = marks_build(j, folder, &o, &weeks)))
        return e;
    built = seconds();
    if ((e = marks_open(j, folder, &o, &m)))
        return e;
    opened = seconds();
    rows = walk(j, m, &sum);
    getrusage(RUSAGE_SELF, &use);
    printf("{\"weeks_built\":%zu,\"build_s\":%.2f,\"open_s\":%.3f,\"walk_s\":%.3f,"
           "\"child_weeks\":%lld,\"absent\":%d,\"peak_mb\":%ld}\n",
           weeks, built - start, opened - built, seconds() - opened, (long long)rows,
           sum.authorised + sum.unauthorised, use.ru_maxrss / 1024);
    return OK;
}

int
main(int argc, char **argv)
{
    struct job j;
    enum err e;

    if (argc < 2)
        return 2;
    job_init(&j, (size_t)1024 * JOB_MB);
    e = job_run(&j, bench, argv[1]);
    if (e)
        fprintf(stderr, "%s (%s)\n", j.err.message, j.err.detail);
    job_end(&j);
    return e != OK;
}
