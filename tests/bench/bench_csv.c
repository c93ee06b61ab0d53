/* How fast the CSV reader takes census-like text apart: one JSON line a kind of text. */
#include "base/csv.h"
#include "base/random.h"
#include "base/text.h"

enum { SIZE = 64 * 1000 * 1000, TURNS = 5 };

struct kind {
    const char *name;
    bool quoted_name; /* one field of a row, as a surname with a comma is */
    bool quoted_all;
};
static const struct kind kinds[] = {
    {"census rows", false, false}, {"one quoted field", true, false}, {"all quoted", false, true},
};

struct work {
    const struct kind *kind;
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

/* A pupil of the census: widths of fields as met, many of them empty. */
static void
put_row(struct csv_out *o, struct random *r, const struct kind *kind)
{
    static const int widths[] = {4, 3, 3, 4, 13, 0, 7, 5, 1, 10, 4, 3, 7, 1, 1, 0, 2, 5, 1, 0};
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        char field[64];
        int n = widths[i] + (i == 6 || i == 7 ? (int)random_below(r, 6) : 0), at = 0;
        if (i == 15 || i == 19)
            n = random_chance(r, 0.1) ? 6 : 0;
        if (kind->quoted_name && i == 6)
            at = snprintf(field, sizeof field, "Reed, ");
        for (; at < n + (kind->quoted_name && i == 6 ? 6 : 0); at++)
            field[at] = letters[random_below(r, 36)];
        field[at] = '\0';
        if (kind->quoted_all)
            fprintf(o->f, "%s\"%s\"", i ? "," : "", field);
        else
            csv_put(o, field);
    }
    o->written = true;
    csv_end_row(o);
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
read_all(struct job *j, const struct work *w, bool stream, int64_t *fields)
{
    struct span left = {w->s, w->n};
    struct csv_row row;
    bool more;
    struct csv *c = stream ? csv_open(j, piece, &left, (struct csv_limits){0})
                           : csv_open_text(j, w->s, w->n, (struct csv_limits){0});
    enum err e;

    *fields = 0;
    while ((e = csv_next(c, &row, &more)) == OK && more)
        *fields += (int64_t)row.n;
    return e;
}

static enum err
measure(struct job *j, void *arg)
{
    static const char *const way[] = {"in memory", "stream"};
    struct work *w = arg;

    for (int i = 0; i < 2; i++) {
        double best = 1e9;
        int64_t fields = 0;
        for (int turn = 0; turn < TURNS; turn++) {
            struct scope scope = job_scope_begin(j);
            double began = seconds(), took;
            enum err e = read_all(j, w, i == 1, &fields);
            if (e)
                return e;
            took = seconds() - began;
            best = took < best ? took : best;
            job_scope_end(j, scope);
        }
        printf("{\"bench\":\"csv\",\"text\":\"%s\",\"way\":\"%s\",\"fields\":%lld,"
               "\"MB_per_second\":%.0f}\n",
               w->kind->name, way[i], (long long)fields, (double)w->n / best / 1e6);
    }
    return OK;
}

int
main(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct work w = {.kind = &kinds[i]};
        struct csv_out o = {.f = open_memstream(&w.s, &w.n)};
        struct random r = random_stream(20240607, i, 1);
        struct job j;
        enum err e;
        if (!o.f)
            return 3;
        while (ftell(o.f) < SIZE)
            put_row(&o, &r, &kinds[i]);
        fclose(o.f);
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
