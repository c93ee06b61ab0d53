/* bench_directory FOLDER SERVICES - searches of a made-up directory, in this process: milliseconds
 * of processor time, and of building the index.  One line of JSON. */
#include "directory/search.h"
#include "support/services.c"

enum { ROUNDS = 40, PAGE = 20 };

static int64_t
processor_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static const char *const words[] = {
    "school exclusion", "speech and language", "school refusal", "dyslexia", "dyslexa", "pru",
    "ehcp", "kicked out of school", "anxiety", "my son wont go to school", "anger management",
    "bullying", "counselling for teenagers", "autism support", "adhd parenting course",
    "young carers", "moving to secondary school", "bereavement", "domestic abuse",
    "alternative provision", "mentoring", "football saturday", "reading help", "drugs",
    "county lines", "family hub", "benefits advice", "sendiass", "looked after children",
    "careers advice", "transition year 6", "somebody to talk to", "permanent exclusion advice",
    "holiday club", "self harm", "home education",
};
enum { QUERIES = sizeof words / sizeof *words };

/* Each query bare, then with filters, then with a place: as people narrow a search. */
static struct search
search_of(int query, int kind)
{
    static const struct search_key area[] = {{SEARCH_AREA, "E07000901"}};
    struct search s = {.words = words[query], .most = PAGE, .counts = true};

    if (kind >= 1) {
        s.age_from = 12 * (5 + query % 10);
        s.age_to = s.age_from + 12;
        s.facets = FACET_BIT(FACET_FREE_FAMILY) | (query % 2 ? FACET_BIT(FACET_PARENT) : 0);
    }
    if (kind >= 2) {
        s.near = true;
        s.latitude = 53250000;
        s.longitude = -2800000;
        s.metres = query % 3 ? 16093 : 0;
        s.keys = area;
        s.n_keys = query % 3 ? 0 : 1;
    }
    return s;
}

struct figures {
    double ms[3 * QUERIES * ROUNDS];
    size_t n;
};

static int
by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;

    return a < b ? -1 : a > b;
}

static double
percentile(struct figures *f, double p)
{
    qsort(f->ms, f->n, sizeof *f->ms, by_size);
    return f->ms[(size_t)(p * (double)(f->n - 1))];
}

static enum err
measure(struct job *j, const struct search_index *x, struct figures *f, int64_t *found)
{
    enum err e = OK;

    for (int round = -1; round < ROUNDS; round++)
        for (int i = 0; i < 3 * QUERIES && !e; i++) {
            struct scope scope = job_scope_begin(j);
            struct search s = search_of(i / 3, i % 3);
            struct search_found out;
            int64_t start = processor_ns();
            e = search_run(j, x, &s, &out);
            if (round >= 0)
                f->ms[f->n++] = (double)(processor_ns() - start) / 1e6;
            *found += out.services;
            job_scope_end(j, scope);
        }
    return e;
}

struct bench {
    const char *folder;
    uint32_t services;
};

static enum err
bench(struct job *j, void *arg)
{
    const struct bench *b = arg;
    const char *path = job_format(j, "%s/bench-directory.index", b->folder);
    struct figures *f = job_alloc(j, sizeof *f);
    struct search_index *x = NULL;
    int64_t start = processor_ns(), found = 0;
    double seconds, open_ms;
    enum err e = services_index(j, b->services, path);

    seconds = (double)(processor_ns() - start) / 1e9;
    start = processor_ns();
    if (!e)
        e = search_index_open(j, path, &x);
    open_ms = (double)(processor_ns() - start) / 1e6;
    if (!e)
        e = measure(j, x, f, &found);
    if (e)
        return e;
    printf("{\"services\": %u, \"places\": %u, \"build_s\": %.2f, \"open_ms\": %.2f, "
           "\"index_mb\": %.1f, \"queries\": %d, \"mean_found\": %.0f, "
           "\"p50_ms\": %.3f, \"p95_ms\": %.3f, \"most_ms\": %.3f}\n",
           search_index_services(x), search_index_places(x), seconds, open_ms,
           (double)search_index_bytes(x) / 1e6, 3 * QUERIES,
           (double)found / (3.0 * QUERIES * (ROUNDS + 1)), percentile(f, 0.5),
           percentile(f, 0.95), percentile(f, 1));
    return OK;
}

int
main(int argc, char **argv)
{
    struct bench b = {argc > 1 ? argv[1] : ".", 3000};
    struct job j;
    int64_t n = 0;

    if (argc > 2 && text_to_int(argv[2], strlen(argv[2]), &n) && n > 0)
        b.services = (uint32_t)n;
    job_init(&j, (size_t)2048 * JOB_MB);
    if (job_run(&j, bench, &b))
        fprintf(stderr, "%s %s\n", j.err.message, j.err.detail);
    job_end(&j);
    return j.err.kind != OK;
}
