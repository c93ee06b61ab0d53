#include "people/attendance.h"
#include "timeline/build.h"
#include "timeline/marks_file.h"

/* One week from the registers of its batches: of each child and school the last extract of
 * each half day. */

static void *
room(struct job *j, void *v, uint32_t n, uint32_t *size, size_t width)
{
    if (n < *size)
        return v;
    v = job_grow(j, v, n * width, (n ? 2u * n : 1024u) * width);
    *size = n ? 2 * n : 1024;
    return v;
}

/* ---- who is who ------------------------------------------------------------------- */

struct marks_who {
    int64_t *identity; /* sorted */
    uint32_t *rank;    /* of its person; UINT32_MAX: cannot be told */
    uint32_t identities;
    int64_t *person;   /* person_id by rank, rising */
    uint32_t persons;
};

/* From the index alone, which has them in order of persons. */
static const char sql_identities[] =
    "SELECT identity_id, person_id FROM identity WHERE area_id = $1 AND person_id > 0 "
    "ORDER BY person_id, identity_id";
static const char sql_undone[] =
    "SELECT count(*) FROM identity_change WHERE area_id = $1 AND changed > $2";
static const char sql_changes[] =
    "SELECT identity_id, COALESCE(was_person_id, 0) FROM identity_change "
    "WHERE area_id = $1 AND changed > $2 ORDER BY identity_id, changed DESC";

static int
by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Index of v, or n. */
static uint32_t
find_number(const int64_t *all, uint32_t n, int64_t v)
{
    uint32_t low = 0, high = n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (all[mid] < v)
            low = mid + 1;
        else
            high = mid;
    }
    return low < n && all[low] == v ? low : n;
}

/* A description and whose it is. */
struct known {
    int64_t identity, person;
    uint32_t rank;
};
struct knowing {
    struct known *v;
    uint32_t n, size;
};

static int
by_identity(const void *a, const void *b)
{
    return by_number(&((const struct known *)a)->identity, &((const struct known *)b)->identity);
}

static int
by_person(const void *a, const void *b)
{
    int c = by_number(&((const struct known *)a)->person, &((const struct known *)b)->person);

    return c ? c : by_identity(a, b);
}

static void
add_known(struct job *j, struct knowing *k, int64_t identity, int64_t person)
{
    k->v = room(j, k->v, k->n, &k->size, sizeof *k->v);
    k->v[k->n++] = (struct known){identity, person, 0};
}

/* The first change after known_at tells who it was then: the last row read of each.  What stands
 * in order of identities when it comes leaves in order of persons. */
static enum err
undo_changes(struct job *j, struct knowing *k, int64_t known_at)
{
    uint32_t n = k->n;
    struct rows q;

    db_ask(j, &q, sql_changes, ARGS(INT(j->area), INT(known_at)));
    while (db_next(&q)) {
        struct known was = {row_int(&q, 0), row_int(&q, 1), 0}, *now;
        now = bsearch(&was, k->v, n, sizeof was, by_identity);
        if (now)
            now->person = was.person;
        else if (k->n > n && k->v[k->n - 1].identity == was.identity)
            k->v[k->n - 1].person = was.person;
        else
            add_known(j, k, was.identity, was.person);
    }
    qsort(k->v, k->n, sizeof *k->v, by_person);
    return db_done(&q);
}

static enum err
read_known(struct job *j, struct knowing *k, int64_t known_at)
{
    int64_t changes;
    struct rows q;
    enum err e = db_int(j, sql_undone, ARGS(INT(j->area), INT(known_at)), 0, &changes);

    if (e)
        return e;
    db_ask(j, &q, sql_identities, ARGS(INT(j->area)));
    while (db_next(&q))
        add_known(j, k, row_int(&q, 0), row_int(&q, 1));
    if ((e = db_done(&q)) || !changes)
        return e;
    qsort(k->v, k->n, sizeof *k->v, by_identity);
    return undo_changes(j, k, known_at);
}

/* In order of persons, those that cannot be told first. */
static void
rank_people(struct job *j, struct marks_who *w, struct knowing *k)
{
    w->person = job_array(j, k->n + 1u, sizeof *w->person);
    for (uint32_t i = 0; i < k->n; i++) {
        if (!k->v[i].person) {
            k->v[i].rank = UINT32_MAX;
            continue;
        }
        if (!w->persons || w->person[w->persons - 1] != k->v[i].person)
            w->person[w->persons++] = k->v[i].person;
        k->v[i].rank = w->persons - 1;
    }
}

/* By the digits of the number, the lowest first: those of an area lie close together. */
static void
sort_by_identity(struct job *j, struct knowing *k)
{
    enum { BITS = 12, DIGITS = 1 << BITS };
    struct known *to = job_array(j, k->n + 1u, sizeof *to), *from = k->v;
    int64_t first = INT64_MAX, last = 0;

    for (uint32_t i = 0; i < k->n; i++) {
        first = from[i].identity < first ? from[i].identity : first;
        last = from[i].identity > last ? from[i].identity : last;
    }
    for (int shift = 0; k->n && shift < 64 && (last - first) >> shift; shift += BITS) {
        uint32_t at[DIGITS + 1] = {0};
        struct known *next = from;
        for (uint32_t i = 0; i < k->n; i++)
            at[((from[i].identity - first) >> shift & (DIGITS - 1)) + 1]++;
        for (int d = 0; d < DIGITS; d++)
            at[d + 1] += at[d];
        for (uint32_t i = 0; i < k->n; i++)
            to[at[(from[i].identity - first) >> shift & (DIGITS - 1)]++] = from[i];
        from = to;
        to = next;
    }
    k->v = from;
}

enum err
marks_who_load(struct job *j, int64_t known_at, struct marks_who **out)
{
    struct marks_who *w = job_alloc(j, sizeof *w);
    struct knowing k = {0};
    enum err e = read_known(j, &k, known_at);

    *out = w;
    if (e)
        return e;
    rank_people(j, w, &k);
    sort_by_identity(j, &k);
    w->identities = k.n;
    w->identity = job_array(j, k.n + 1u, sizeof *w->identity);
    w->rank = job_array(j, k.n + 1u, sizeof *w->rank);
    for (uint32_t i = 0; i < k.n; i++) {
        w->identity[i] = k.v[i].identity;
        w->rank[i] = k.v[i].rank;
    }
    return OK;
}

/* Children of a register mostly follow each other as identities do. */
static uint32_t
rank_of(const struct marks_who *w, int64_t identity_id, uint32_t *last)
{
    uint32_t at = *last, end = at + 16 < w->identities ? at + 16 : w->identities;

    while (at < end && w->identity[at] < identity_id)
        at++;
    if (at >= end || w->identity[at] != identity_id)
        at = find_number(w->identity, w->identities, identity_id);
    if (at >= w->identities)
        return UINT32_MAX;
    *last = at;
    return w->rank[at];
}

/* ---- what the batches say --------------------------------------------------------- */

struct item { /* a child's week at a school as one batch has it */
    uint32_t person; /* rank */
    uint32_t school; /* index in the week's schools */
    int32_t day;     /* of the extract, or of publishing */
    uint32_t order;  /* of arrival: batches by publishing, then their rows */
    uint8_t mark[REGISTER_SLOTS];
};

struct deriving {
    struct job *j;
    const struct marks_who *who;
    const struct marks_wanted *w;
    struct register_press *press;
    struct item *item;
    uint32_t n, size;
    struct marks_school *school;
    uint32_t schools, schools_size;
};

static void
take_rows(struct deriving *d, const struct register_week *rows, int32_t published, uint32_t order)
{
    uint32_t last = 0;

    for (size_t i = 0; i < rows->n; i++) {
        const struct register_row *r = &rows->row[i];
        uint32_t person = rank_of(d->who, r->identity_id, &last);
        struct item *x;
        if (person == UINT32_MAX)
            continue;
        d->item = room(d->j, d->item, d->n, &d->size, sizeof *d->item);
        x = &d->item[d->n++];
        *x = (struct item){person, d->schools - 1,
                           r->extracted == DATE_NONE ? published : r->extracted, order, {0}};
        memcpy(x->mark, r->mark, sizeof x->mark);
    }
}

/* A row of register_week while its school is read. */
struct packed {
    int64_t batch, part, of_batch, of_part;
    struct register_bytes content;
};
struct school_rows {
    struct packed *row;
    uint32_t n, size;
    uint32_t urn;
};

static enum err
open_row(struct job *j, const struct deriving *d, const struct school_rows *s,
         const struct packed *p, struct register_bytes *out)
{
    struct register_bytes base = {0};
    enum err e = OK;

    for (uint32_t i = 0; p->of_batch && i < s->n; i++)
        if (s->row[i].batch == p->of_batch && s->row[i].part == p->of_part)
            e = register_unpress(j, d->press, s->row[i].content, base, &base);
    return e ? e : register_unpress(j, d->press, p->content, base, out);
}

/* In the order in which its batches were published. */
static enum err
take_school(struct deriving *d, const struct school_rows *s)
{
    enum err e = OK;

    d->school = room(d->j, d->school, d->schools, &d->schools_size, sizeof *d->school);
    d->school[d->schools++] = (struct marks_school){.urn = s->urn};
    for (size_t b = 0; b < d->w->n && !e; b++)
        for (uint32_t i = 0; i < s->n && !e; i++) {
            struct job *j = d->j;
            struct register_bytes packed;
            struct register_week rows;
            if (s->row[i].batch != d->w->batch[b].batch_id)
                continue;
            if (!(e = open_row(j, d, s, &s->row[i], &packed)) &&
                !(e = register_unpack(j, packed, &rows)))
                take_rows(d, &rows, date_of_time(d->w->batch[b].published, NULL), (uint32_t)b);
        }
    return e;
}

static const char sql_week[] =
    "SELECT urn, batch_id, part, base_batch, base_part, content FROM register_week "
    "WHERE area_id = $1 AND week = $2 ORDER BY urn, batch_id, part";

static void
keep_row(struct deriving *d, struct school_rows *s, struct rows *q)
{
    struct packed *p;

    s->row = room(d->j, s->row, s->n, &s->size, sizeof *s->row);
    p = &s->row[s->n++];
    *p = (struct packed){.batch = row_int(q, 1), .part = row_int(q, 2),
                         .of_batch = row_int(q, 3), .of_part = row_int(q, 4)};
    p->content.p = row_blob(q, 5, &p->content.n);
}

static enum err
take_week(struct deriving *d)
{
    struct school_rows s = {0};
    struct rows q;
    enum err e = OK, done;

    db_ask(d->j, &q, sql_week, ARGS(INT(d->j->area), INT(d->w->monday)));
    while (!e && db_next(&q)) {
        uint32_t urn = (uint32_t)row_int(&q, 0);
        if (s.n && urn != s.urn) {
            e = take_school(d, &s);
            s.n = 0;
        }
        s.urn = urn;
        keep_row(d, &s, &q);
    }
    done = db_done(&q);
    if (!e && !done && s.n)
        e = take_school(d, &s);
    return e ? e : done;
}

/* ---- what analysts corrected -------------------------------------------------------- */

/* As the last extract of all, which counts for what the registers gave: ASIDE takes it away. */
enum { CORRECTED = INT32_MAX, ASIDE = UINT8_MAX };
static const char sql_corrected[] =
    "SELECT identity_id, urn, begun, kind, value FROM correction WHERE area_id = $1 "
    "AND fact = 'marks' AND begun >= $2 AND begun < $3 AND made <= $4 "
    "AND (undone IS NULL OR undone > $4) ORDER BY correction_id";

static void
take_correction(struct deriving *d, const struct rows *q, uint32_t order)
{
    size_t n = 0;
    const char *session = row_peek(q, 3, &n);
    int64_t k = 2 * (row_int(q, 2) - d->w->monday) + (n && session[0] == 'P');
    uint32_t last = 0, person = rank_of(d->who, row_int(q, 0), &last);
    struct item *x;

    for (uint32_t s = 0; person != UINT32_MAX && s < d->schools; s++) {
        if (d->school[s].urn != row_int(q, 1))
            continue;
        d->item = room(d->j, d->item, d->n, &d->size, sizeof *d->item);
        x = &d->item[d->n++];
        *x = (struct item){person, s, CORRECTED, order, {0}};
        x->mark[k] = row_is_null(q, 4) ? ASIDE : (uint8_t)(row_int(q, 4) + 1);
    }
}

static enum err
take_corrections(struct deriving *d)
{
    uint32_t order = 0;
    struct rows q;

    db_ask(d->j, &q, sql_corrected, ARGS(INT(d->j->area), INT(d->w->monday),
                                         INT(d->w->monday + 7), INT(d->w->known_at)));
    while (db_next(&q))
        take_correction(d, &q, order++);
    return db_done(&q);
}

/* ---- one row a child and school --------------------------------------------------- */

/* A correction is of what was given; what it took away, a later one may bring back. */
static void
lay_over(uint8_t mark[REGISTER_SLOTS], const struct item *x)
{
    for (int k = 0; k < REGISTER_SLOTS; k++)
        if (x->mark[k] && (x->day != CORRECTED || mark[k]))
            mark[k] = x->mark[k];
}

static void
sort_by_person(struct deriving *d)
{
    uint32_t *at = job_array(d->j, d->who->persons + 2u, sizeof *at);
    struct item *to = job_array(d->j, d->n + 1u, sizeof *to);

    for (uint32_t i = 0; i < d->n; i++)
        at[d->item[i].person + 1]++;
    for (uint32_t p = 0; p < d->who->persons; p++)
        at[p + 1] += at[p];
    for (uint32_t i = 0; i < d->n; i++)
        to[at[d->item[i].person]++] = d->item[i];
    d->item = to;
}

static bool
goes_before(const struct item *a, const struct item *b)
{
    if (a->school != b->school)
        return a->school < b->school;
    if (a->day != b->day)
        return a->day < b->day;
    return a->order < b->order;
}

/* Few: a child's at a school, or two.  Stable: later lines of a batch stay later. */
static void
sort_few(struct item *v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        struct item x = v[i];
        uint32_t k = i;
        for (; k > 0 && goes_before(&x, &v[k - 1]); k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

struct folding {
    struct deriving *d;
    struct marks_row *row;
    struct marks_pattern *pattern;
    uint32_t rows, patterns, patterns_size;
    uint32_t *bucket; /* pattern + 1 */
    uint32_t mask;
    uint8_t closed, none; /* "#" and "-" as marks */
};

static uint32_t
hash_of(const uint8_t *mark)
{
    uint64_t a, b;

    memcpy(&a, mark, sizeof a);
    memcpy(&b, mark + REGISTER_SLOTS - sizeof b, sizeof b);
    a = (a ^ b * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(a >> 32 ^ a >> 17);
}

static void
grow_buckets(struct folding *f)
{
    uint32_t size = f->mask ? 2 * (f->mask + 1) : 4096;

    f->bucket = job_array(f->d->j, size, sizeof *f->bucket);
    f->mask = size - 1;
    for (uint32_t i = 0; i < f->patterns; i++) {
        uint32_t at = hash_of(f->pattern[i].mark) & f->mask;
        while (f->bucket[at])
            at = (at + 1) & f->mask;
        f->bucket[at] = i + 1;
    }
}

static uint32_t
pattern_of(struct folding *f, const uint8_t *mark)
{
    uint32_t at;

    if (2 * f->patterns >= f->mask)
        grow_buckets(f);
    for (at = hash_of(mark) & f->mask; f->bucket[at]; at = (at + 1) & f->mask)
        if (!memcmp(f->pattern[f->bucket[at] - 1].mark, mark, REGISTER_SLOTS))
            return f->bucket[at] - 1;
    f->pattern = room(f->d->j, f->pattern, f->patterns, &f->patterns_size, sizeof *f->pattern);
    f->pattern[f->patterns] = (struct marks_pattern){0};
    memcpy(f->pattern[f->patterns].mark, mark, REGISTER_SLOTS);
    marks_add_up(&f->pattern[f->patterns], f->d->w->monday, DATE_OPEN);
    f->bucket[at] = ++f->patterns;
    return f->patterns - 1;
}

/* A week in which the child's register says nothing but "closed" is told by the school's row. */
static void
add_row(struct folding *f, const struct item *x, const uint8_t *mark)
{
    struct marks_school *s = &f->d->school[x->school];
    bool told = false;

    for (int k = 0; k < REGISTER_SLOTS; k++) {
        if (!mark[k])
            continue;
        s->given = (uint16_t)(s->given | 1u << k);
        if (mark[k] == f->closed)
            continue;
        told = true;
        if (mark[k] == f->none) {
            s->missing++;
            continue;
        }
        s->marks++;
        s->open = (uint16_t)(s->open | 1u << k);
    }
    if (!told)
        return;
    s->children++;
    f->row[f->rows++] = (struct marks_row){x->person, pattern_of(f, mark), x->school};
}

static void
fold_person(struct folding *f, struct item *v, uint32_t n)
{
    sort_few(v, n);
    for (uint32_t i = 0, next; i < n; i = next) {
        uint8_t mark[REGISTER_SLOTS] = {0};
        for (next = i; next < n && v[next].school == v[i].school; next++)
            lay_over(mark, &v[next]);
        for (int k = 0; k < REGISTER_SLOTS; k++)
            mark[k] = mark[k] == ASIDE ? 0 : mark[k];
        add_row(f, &v[i], mark);
    }
}

static enum err
fold(struct deriving *d, struct marks_week *out)
{
    struct folding f = {.d = d, .row = job_array(d->j, d->n + 1u, sizeof *f.row),
                        .closed = (uint8_t)(attendance_code(SPAN("#")) + 1),
                        .none = (uint8_t)(attendance_code(SPAN("-")) + 1)};

    for (uint32_t i = 0, next; i < d->n; i = next) {
        for (next = i; next < d->n && d->item[next].person == d->item[i].person; next++)
            ;
        fold_person(&f, &d->item[i], next - i);
    }
    *out = (struct marks_week){.monday = d->w->monday, .row = f.row, .pattern = f.pattern,
                               .school = d->school, .rows = f.rows, .patterns = f.patterns,
                               .schools = d->schools};
    if (!f.rows)
        return OK;
    out->first_person = d->who->person[f.row[0].person];
    for (uint32_t i = 0; i < f.rows; i++) {
        int64_t person = d->who->person[f.row[i].person] - out->first_person;
        if (person > UINT32_MAX)
            return err_set(d->j, ERR_FAULT, "the numbers of persons lie too far apart");
        f.row[i].person = (uint32_t)person;
    }
    return OK;
}

enum err
marks_week_derive(struct job *j, const struct marks_who *who, const struct marks_wanted *w,
                  struct marks_week *out)
{
    struct deriving d = {.j = j, .who = who, .w = w};
    enum err e;

    if ((e = register_press_open(j, &d.press)) || (e = take_week(&d)) ||
        (e = take_corrections(&d)))
        return e;
    sort_by_person(&d);
    return fold(&d, out);
}

/* ---- what a pattern comes to ------------------------------------------------------ */

void
marks_add_up(struct marks_pattern *p, int32_t monday, int32_t last)
{
    uint8_t by_class[ATT_NO_MARK + 1] = {0}, mark[REGISTER_SLOTS];
    int late = attendance_code(SPAN("L"));
    int closed = attendance_code(SPAN("U")), c2 = attendance_code(SPAN("C2"));

    memcpy(mark, p->mark, sizeof mark);
    *p = (struct marks_pattern){0};
    for (int k = 0; k < REGISTER_SLOTS; k++) {
        if (!mark[k] || monday + k / 2 > last)
            continue;
        p->mark[k] = mark[k];
        by_class[attendance_class(mark[k] - 1, monday + k / 2)]++;
        p->late = (uint8_t)(p->late + (mark[k] == late + 1));
        p->late_closed = (uint8_t)(p->late_closed + (mark[k] == closed + 1));
        p->part_time = (uint8_t)(p->part_time + (mark[k] == c2 + 1));
    }
    p->present = by_class[ATT_PRESENT];
    p->activity = by_class[ATT_ACTIVITY];
    p->authorised = by_class[ATT_AUTHORISED];
    p->unauthorised = by_class[ATT_UNAUTHORISED];
    p->counted = by_class[ATT_COUNTED];
    p->not_possible = by_class[ATT_NOT_POSSIBLE];
    p->missing = by_class[ATT_NO_MARK];
}
