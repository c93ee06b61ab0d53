/* How fast the CSV reader takes census-like text apart: one JSON line a kind of text. */
#include "base/csv.h"
#include "base/text.h"

struct text {
    const char *name, *row;
};

static const struct text texts[] = {
    {"census, short fields", "2024,AUT,001,4012,A001401213001,,Reed,Amy,F,2013-04-17,WBRI,ENG,"
                             "CH1 9ZZ,1,0,N,6,false,,\r\n"},
    {"one quoted name", "2024,AUT,001,4012,A001401213001,,\"Reed, née Hall\",Amy,F,2013-04-17,"
                        "WBRI,ENG,CH1 9ZZ,1,0,N,6,false,,\r\n"},
    {"all fields quoted", "\"2024\",\"AUT\",\"001\",\"4012\",\"A001401213001\",\"\",\"Reed\","
                          "\"Amy\",\"F\",\"2013-04-17\",\"WBRI\",\"ENG\",\"CH1 9ZZ\"\r\n"},
};

struct work {
    const struct text *text;
    char *s;
    size_t n;
};

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err
piece(struct job *j, void *arg, char *buf, size_t size, size_t *n)
{
    struct span *left = arg;

    (void)j;
    *n = left->n < size ? left->n : size;
    memcpy(buf, left->s, *n);
    left->s += *n;
    left->n -= *n;
    return OK;
}

static enum err
measure(struct job *j, void *arg)
{
    struct work *w = arg;
    const char *way[] = {"text in memory", "stream"};

    for (int i = 0; i < 2; i++) {
        double best = 1e9;
        int64_t rows = 0, bytes = 0;
        for (int turn = 0; turn < 5; turn++) {
            struct scope scope = job_scope_begin(j);
            struct span left = {w->s, w->n};
            struct csv_row row;
            bool more;
            double began = seconds();
            struct csv *c = i ? csv_open(j, piece, &left, (struct csv_limits){0})
                              : csv_open_text(j, w->s, w->n, (struct csv_limits){0});
            enum err e;
            rows = bytes = 0;
            while ((e = csv_next(c, &row, &more)) == OK && more) {
                rows++;
                bytes += (int64_t)row.field[row.n - 1].n;
            }
            if (e)
                return e;
            if (seconds() - began < best)
                best = seconds() - began;
            job_scope_end(j, scope);
        }
        printf("{\"bench\":\"csv\",\"text\":\"%s\",\"way\":\"%s\",\"rows\":%lld,"
               "\"MB_per_second\":%.0f}\n",
               w->text->name, way[i], (long long)(rows + bytes * 0), (double)w->n / best / 1e6);
    }
    return OK;
}

int
main(void)
{
    enum { SIZE = 64 * 1000 * 1000 };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t one = strlen(texts[i].row);
        struct work w = {.text = &texts[i], .n = SIZE / one * one};
        struct job j;
        enum err e;
        w.s = malloc(w.n);
        if (!w.s)
            return 3;
        for (size_t at = 0; at < w.n; at += one)
            memcpy(w.s + at, texts[i].row, one);
        job_init(&j, 16 * JOB_MB);
        e = job_run(&j, measure, &w);
        if (e)
            fprintf(stderr, "%s\n", j.err.message);
        job_end(&j);
        free(w.s);
        if (e)
            return err_exit_code(e);
    }
    return 0;
}
