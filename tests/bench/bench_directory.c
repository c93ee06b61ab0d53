/* bench_directory FOLDER SERVICES - searches of a made-up directory, in this process: milliseconds
 * of processor time, and of building the index.  One line of JSON. */
#include "directory/indexed.h"
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

/* ---- the index made from entries in the database ----------------------------------------- */

static const char sql_area[] = "INSERT INTO area (area_id, name, next_id) VALUES (1, 'x', 1)";
static const char sql_turn[] = "INSERT INTO directory_turn (area_id, turn) VALUES (1, 1)";
static const char sql_entry[] =
    "INSERT INTO directory_entry (area_id, entry_id, uuid, name, organization, live_version, "
    "live_since, made) VALUES (1, $1, $2, 'x', 'x', 1, 1, 1)";
static const char sql_version[] =
    "INSERT INTO directory_version (area_id, entry_id, version_no, state, maker, made, document) "
    "VALUES (1, $1, 1, 'live', 'source', 1, $2)";

static json_t *
text_json(struct span s)
{
    return json_stringn(s.s ? s.s : "", s.n);
}

static json_t *
place_json(const struct search_row *r)
{
    return json_pack("{s:s, s:{s:s, s:s, s:o, s:f, s:f}, s:[{s:s, s:s, s:s, s:s}]}", "id",
                     r->place ? r->place : r->uuid, "location", "id", r->uuid, "location_type",
                     "physical", "name", text_json(r->text[SEARCH_PLACE]), "latitude",
                     r->latitude / 1e6, "longitude", r->longitude / 1e6, "schedules", "id",
                     r->uuid, "byday", "MO", "opens_at", "09:00:00", "closes_at", "12:00:00");
}

static json_t *
document_json(const struct search_row *r)
{
    const struct span *t = r->text;

    return json_pack("{s:s, s:o, s:o, s:s, s:{s:s, s:o, s:s}, s:i, s:i, s:{s:[s], s:[s, s], s:b},"
                     " s:[o], s:[{s:s, s:s, s:s}], s:s, s:o}", "id", r->uuid, "name",
                     text_json(t[SEARCH_NAME]), "description", text_json(t[SEARCH_DESCRIPTION]),
                     "status", "active", "organization", "id", r->uuid, "name",
                     text_json(t[SEARCH_ORGANISATION]), "description", "An organisation.",
                     "minimum_age", 5, "maximum_age", 11, "rooted", "needs", r->keys[0].value,
                     "refer_by", "school", "parent", "free_to_family", 1, "service_at_locations",
                     place_json(r), "service_areas", "id", r->uuid, "name", "Ashmere", "extent",
                     "E07000901", "assured_date", "2026-10-01", "fees", text_json(t[SEARCH_OTHER]));
}

/* The first place of each. */
static enum err
into_database(struct job *j, const struct search_row *r, void *arg)
{
    int64_t *last = arg;
    struct scope scope;
    struct span text;
    enum err e;

    if (r->entry == *last)
        return OK;
    *last = r->entry;
    scope = job_scope_begin(j);
    text = document_text(j, document_own(j, document_json(r)));
    e = db_run(j, sql_entry, ARGS(INT(r->entry), TEXT(r->uuid)), NULL);
    if (!e)
        e = db_run(j, sql_version, ARGS(INT(r->entry), TEXT_N(text.s, text.n)), NULL);
    job_scope_end(j, scope);
    return e;
}

static enum err
fill(struct job *j, const char *url, uint32_t services)
{
    int64_t last = 0;
    enum err e = db_migrate(j, url);

    if (!e)
        e = db_open(j, url, DB_WRITE, &j->db);
    if (!e)
        e = db_begin(j);
    if (!e)
        e = db_run(j, sql_area, NO_ARGS, NULL);
    if (!e)
        e = db_run(j, sql_turn, NO_ARGS, NULL);
    if (!e)
        e = services_each(j, services, 7, into_database, &last);
    return e ? e : db_commit(j);
}

static enum err
make_from_entries(struct job *j, const char *folder, uint32_t services, double *seconds)
{
    struct scope scope = job_scope_begin(j);
    const char *path = job_format(j, "%s/bench-directory.db", folder);
    int64_t start;
    enum err e;

    remove(path);
    remove(job_format(j, "%s-wal", path));
    j->area = 1;
    j->today = 20780;
    e = fill(j, job_format(j, "sqlite:%s", path), services);
    start = processor_ns();
    if (!e)
        e = indexed_make(j, folder);
    *seconds = (double)(processor_ns() - start) / 1e9;
    job_scope_end(j, scope);
    j->db = NULL;
    remove(path);
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
    double seconds, open_ms, entries_s = 0;
    enum err e = services_index(j, b->services, path);

    seconds = (double)(processor_ns() - start) / 1e9;
    start = processor_ns();
    if (!e)
        e = search_index_open(j, path, &x);
    open_ms = (double)(processor_ns() - start) / 1e6;
    if (!e)
        e = measure(j, x, f, &found);
    if (!e)
        e = make_from_entries(j, b->folder, b->services, &entries_s);
    if (e)
        return e;
    printf("{\"services\": %u, \"places\": %u, \"build_s\": %.2f, "
           "\"build_from_entries_s\": %.2f, \"open_ms\": %.2f, "
           "\"index_mb\": %.1f, \"queries\": %d, \"mean_found\": %.0f, "
           "\"p50_ms\": %.3f, \"p95_ms\": %.3f, \"most_ms\": %.3f}\n",
           search_index_services(x), search_index_places(x), seconds, entries_s, open_ms,
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
