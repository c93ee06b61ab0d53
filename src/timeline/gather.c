#include "timeline/gather.h"
#include "timeline/correct.h"

enum { FIRST_YEAR = 1990, LAST_YEAR = 2150 };

/* ---- columns ----------------------------------------------------------------------------- */

int32_t
gather_date(const struct rows *q, int c)
{
    int64_t v = row_int_or(q, c, DATE_NONE);

    if (v < date_from_ymd(1900, 1, 1) || v > date_from_ymd(2200, 1, 1))
        return DATE_NONE;
    return (int32_t)v;
}

int32_t
gather_end(const struct rows *q, int c, int32_t if_null)
{
    int32_t d = gather_date(q, c);

    return d == DATE_NONE ? if_null : d;
}

char
gather_char(const struct rows *q, int c)
{
    size_t n = 0;
    const char *s = row_peek(q, c, &n);

    return s && n ? s[0] : '\0';
}

void
gather_code(const struct rows *q, int c, char *to, size_t size)
{
    size_t n = 0;
    const char *s = row_peek(q, c, &n);

    if (n > size - 1)
        n = size - 1;
    if (s && n)
        memcpy(to, s, n);
}

int16_t
gather_small(const struct rows *q, int c, int16_t if_null)
{
    int64_t v = row_int_or(q, c, if_null);

    if (v > INT16_MAX)
        return INT16_MAX;
    return v < -1 ? if_null : (int16_t)v;
}

bool
gather_year_ok(int64_t school_year)
{
    return school_year >= FIRST_YEAR && school_year <= LAST_YEAR;
}

/* Every question starts with file_id and line. */
struct timeline_source
gather_source(const struct gather *g, const struct rows *q)
{
    return (struct timeline_source){.batch = g->batch, .line = (uint32_t)row_int(q, 1),
                                    .file = (uint16_t)row_int(q, 0)};
}

/* ---- batches ----------------------------------------------------------------------------- */

static const char sql_count_batches[] =
    "SELECT count(*) " BUILD_BATCHES;

static const char sql_batches[] =
    "SELECT batch_id, published " BUILD_BATCHES "ORDER BY published, batch_id";

static int
by_batch_id(const void *a, const void *b)
{
    const struct build_batch *x = a, *y = b;
    return build_compare(x->batch_id, y->batch_id);
}

static enum err
gather_batches(struct gather *g)
{
    struct build *b = g->b;
    struct args a = ARGS(BUILD_KNOWN(b->head.area, b->order));
    struct rows q;
    int64_t n;
    enum err e = db_int(g->b->j, sql_count_batches, a, 0, &n);

    if (e)
        return e;
    b->batch = job_array(b->j, (size_t)n + 1, sizeof *b->batch);
    db_ask(g->b->j, &q, sql_batches, a);
    while (b->batches < n && db_next(&q)) {
        b->batch[b->batches] = (struct build_batch){
            .batch_id = row_int(&q, 0), .published = row_int(&q, 1), .rank = b->batches};
        b->batches++;
    }
    e = db_done(&q);
    qsort(b->batch, b->batches, sizeof *b->batch, by_batch_id);
    return e;
}

/* ---- who --------------------------------------------------------------------------------- */

static const char sql_count_identities[] =
    "SELECT count(*) FROM identity WHERE area_id = $1";

static const char sql_identities[] =
    "SELECT identity_id, person_id, source, born, sex FROM identity WHERE area_id = $1 "
    "ORDER BY identity_id";

static uint8_t
source_rank(const struct rows *q, int c)
{
    size_t n = 0;
    const char *s = row_peek(q, c, &n);

    if (s && n == 6 && memcmp(s, "school", n) == 0)
        return 3;
    return s && n == 11 && memcmp(s, "person list", n) == 0 ? 2 : 1;
}

/* An identity's person, on the way to be numbered. */
struct numbered {
    int64_t person_id;
    uint32_t identity;
};

static int
by_person_id(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    return build_compare(x->person_id, y->person_id);
}

/* Everybody once, by person_id; b->people has room for one of each identity. */
static void
number_people(struct build *b, const int64_t *person_id)
{
    struct numbered *all = job_array(b->j, (size_t)b->identities + 1, sizeof *all);
    uint32_t n = 0, people = 0;

    for (uint32_t i = 0; i < b->identities; i++)
        if (b->identity[i].person != TIMELINE_NONE)
            all[n++] = (struct numbered){person_id[i], i};
    qsort(all, n, sizeof *all, by_person_id);
    for (uint32_t i = 0; i < n; i++) {
        people += !i || all[i - 1].person_id != all[i].person_id;
        b->identity[all[i].identity].person = people - 1;
    }
    b->n_people = people;
    for (uint32_t i = 0; i < n; i++)
        b->people[b->identity[all[i].identity].person] = (struct build_person){
            .person_id = all[i].person_id, .first_seen = DATE_OPEN, .last_seen = DATE_NONE};
}

/* Identities have numbers of the area's counter, most of them: a table of all from the first
 * to the last is small, and quick.  Where it is not small they are searched. */
static void
index_identities(struct build *b)
{
    enum { SPARSE = 16 };
    int64_t first = b->identities ? b->identity[0].identity_id : 0;

    if (!b->identities)
        return;
    b->identity_span = (uint64_t)b->identity[b->identities - 1].identity_id - (uint64_t)first + 1;
    if (b->identity_span > (uint64_t)SPARSE * b->identities)
        return;
    b->identity_at = job_array(b->j, (size_t)b->identity_span, sizeof *b->identity_at);
    for (uint32_t i = 0; i < b->identities; i++)
        b->identity_at[b->identity[i].identity_id - first] = i + 1;
}

static int
by_identity_id(const void *a, const void *b)
{
    const struct build_identity *x = a, *y = b;
    return build_compare(x->identity_id, y->identity_id);
}

uint32_t
gather_identity(const struct build *b, int64_t identity_id)
{
    const struct build_identity want = {.identity_id = identity_id}, *found;

    if (!b->identities)
        return UINT32_MAX;
    if (b->identity_at) {
        uint64_t at = (uint64_t)identity_id - (uint64_t)b->identity[0].identity_id;
        return at < b->identity_span ? b->identity_at[at] - 1 : UINT32_MAX;
    }
    found = bsearch(&want, b->identity, b->identities, sizeof want, by_identity_id);
    return found ? (uint32_t)(found - b->identity) : UINT32_MAX;
}

/* What linkage changed later, the first change first. */
static const char sql_changes[] =
    "SELECT identity_id, was_person_id FROM identity_change "
    "WHERE area_id = $1 AND changed > $2 ORDER BY identity_id, changed";

static enum err
undo_changes(struct gather *g, int64_t *person_id)
{
    struct build *b = g->b;
    int64_t last = INT64_MIN;
    struct rows q;

    if (b->order->from_made)
        return OK;
    db_ask(g->b->j, &q, sql_changes, ARGS(INT(b->head.area), INT(b->order->known_at)));
    while (db_next(&q)) {
        uint32_t at = gather_identity(b, row_int(&q, 0));
        if (at == UINT32_MAX || row_int(&q, 0) == last)
            continue;
        last = row_int(&q, 0);
        person_id[at] = row_int(&q, 1);
        b->identity[at].person = row_is_null(&q, 1) ? TIMELINE_NONE : 0;
    }
    return db_done(&q);
}

static enum err
read_identities(struct gather *g, int64_t n, int64_t *person_id)
{
    struct build *b = g->b;
    struct rows q;

    db_ask(b->j, &q, sql_identities, ARGS(INT(b->head.area)));
    while (b->identities < n && db_next(&q)) {
        struct build_identity *i = &b->identity[b->identities];
        bool told = !row_is_null(&q, 1);
        *i = (struct build_identity){.identity_id = row_int(&q, 0), .born = gather_date(&q, 3),
                                     .seen = DATE_NONE, .source = source_rank(&q, 2),
                                     .sex = gather_char(&q, 4)};
        i->person = told ? 0 : TIMELINE_NONE;
        person_id[b->identities] = row_int(&q, 1);
        b->identities++;
    }
    return db_done(&q);
}

static enum err
gather_identities(struct gather *g)
{
    struct build *b = g->b;
    struct scope s;
    int64_t n, *person_id;
    enum err e = db_int(b->j, sql_count_identities, ARGS(INT(b->head.area)), 0, &n);

    if (e)
        return e;
    b->identity = job_array(b->j, (size_t)n + 1, sizeof *b->identity);
    b->people = job_array(b->j, (size_t)n + 1, sizeof *b->people);
    s = job_scope_begin(b->j);
    person_id = job_array(b->j, (size_t)n + 1, sizeof *person_id);
    if (!(e = read_identities(g, n, person_id)) && !(e = undo_changes(g, person_id)))
        number_people(b, person_id);
    job_scope_end(b->j, s);
    if (e)
        return e;
    index_identities(b);
    b->part = b->order->part ? b->order->part : BUILD_PART;
    b->parts = (b->n_people + b->part - 1) / b->part;
    b->gathered = streams_open(b->j, b->aside, (size_t)b->parts * BUILD_STAGES);
    b->shown = job_array(b->j, (size_t)b->n_people + 1, sizeof *b->shown);
    return OK;
}

static const size_t stage_width[BUILD_STAGES] = {
#define STAGE(name, row) sizeof(row),
#include "timeline/stages.def"
#undef STAGE
};

static size_t
stream_of(const struct build *b, enum build_stage s, uint32_t person)
{
    return (size_t)(person / b->part) * BUILD_STAGES + s;
}

void *
gather_add(struct gather *g, enum build_stage s, uint32_t person)
{
    return streams_room(g->b->gathered, stream_of(g->b, s, person), stage_width[s]);
}

uint32_t
gather_count(const struct gather *g, enum build_stage s, uint32_t person)
{
    return (uint32_t)(streams_bytes(g->b->gathered, stream_of(g->b, s, person)) / stage_width[s]);
}

uint32_t
gather_person(struct gather *g, int64_t identity_id, int32_t day)
{
    struct build *b = g->b;
    uint32_t at = gather_identity(b, identity_id);
    struct build_identity *i;
    struct build_person *p;

    if (at == UINT32_MAX || b->identity[at].person == TIMELINE_NONE)
        return TIMELINE_NONE;
    i = &b->identity[at];
    p = &b->people[i->person];
    if (day > i->seen)
        i->seen = day;
    if (day < p->first_seen)
        p->first_seen = day;
    if (day > p->last_seen)
        p->last_seen = day;
    return i->person;
}

/* ---- schools and their returns ----------------------------------------------------------- */

uint32_t
gather_school(struct gather *g, int64_t urn)
{
    struct build *b = g->b;
    uint32_t at = g->last_school;

    if (at < b->schools && b->school[at].row.urn == urn)
        return at;
    at = lookup_get(&b->school_at, urn);
    if (at != UINT32_MAX)
        return g->last_school = at;
    if (b->schools == g->schools_size) {
        g->schools_size = g->schools_size ? g->schools_size * 2 : 64;
        b->school = job_grow(b->j, b->school, b->schools * sizeof *b->school,
                             g->schools_size * sizeof *b->school);
    }
    b->school[b->schools] =
        (struct build_school){.row = {.urn = (uint32_t)urn, .opened = DATE_NONE,
                                      .closed = DATE_OPEN, .state_funded = 1},
                              .seen_low = INT8_MAX, .seen_high = INT8_MIN};
    lookup_put(b->j, &b->school_at, urn, b->schools);
    return b->schools++;
}

/* Batches below 2^24, schools below 2^16, censuses and terms in what is left. */
static int64_t
return_key(const struct timeline_return *r)
{
    int64_t when = ((r->school_year * 4 + r->term) * 8 + r->kind) * 16 + r->what;

    return when << 42 | (int64_t)(r->batch & 0xffffff) << 18 | (r->school & 0x3ffff);
}

struct build_return *
gather_return(struct gather *g, struct timeline_return want)
{
    struct build *b = g->b;
    int64_t key = return_key(&want);
    uint32_t at = g->last_return;

    if (at < b->n_returns && return_key(&b->returns[at].row) == key)
        return &b->returns[at];
    at = g->last_return = lookup_get(&b->return_at, key);
    if (at != UINT32_MAX)
        return &b->returns[at];
    if (b->n_returns == g->returns_size) {
        g->returns_size = g->returns_size ? g->returns_size * 2 : 256;
        b->returns = job_grow(b->j, b->returns, b->n_returns * sizeof *b->returns,
                              g->returns_size * sizeof *b->returns);
    }
    lookup_put(b->j, &b->return_at, key, b->n_returns);
    b->returns[b->n_returns] = (struct build_return){.row = want};
    return &b->returns[b->n_returns++];
}

/* ---- all of it --------------------------------------------------------------------------- */

static int
code_index(const char *name)
{
    return attendance_code(span_of(name));
}

static void
start_codes(struct gather *g)
{
    g->classes.day = DATE_NONE;
    g->code_e = code_index("E");
    g->code_c2 = code_index("C2");
    g->code_i = code_index("I");
    g->code_b = code_index("B");
    g->code_d = code_index("D");
    g->code_k = code_index("K");
    g->code_x = code_index("X");
    g->code_l = code_index("L");
    g->code_u = code_index("U");
}

enum err
gather_all(struct gather *g)
{
    enum err e;

    start_codes(g);
    if ((e = gather_batches(g)) || (e = gather_identities(g)) ||
        (e = correct_open(g)))
        return e;
    for (g->batch = 0; g->batch < g->b->batches; g->batch++)
        if ((e = gather_census(g)) || (e = gather_facts(g)) || (e = gather_registers(g)) ||
            (e = gather_plans(g)) || (e = streams_state(g->b->gathered)))
            return e;
    return OK;
}
