#include "timeline/number.h"
#include "people/edition.h"
#include "people/establishment.h"

enum { MONTH = 31, DEEPEST_CHAIN = 16, MOST_SUCCESSORS = 64 };

/* ---- one establishment ------------------------------------------------------------------- */

#define SQL_SCHOOL "la, type_code, phase, opened, closed, low_age, high_age, district"
/* As known in edition $2 (people/edition.h). */
static const char sql_establishment[] =
    "SELECT " SQL_SCHOOL " FROM (SELECT " SQL_SCHOOL ", there, edition FROM establishment_past "
    "WHERE urn = $1 AND edition >= $2 UNION ALL SELECT " SQL_SCHOOL ", 1, 9223372036854775807 "
    "FROM establishment WHERE urn = $1 ORDER BY edition LIMIT 1) x WHERE there = 1";

static enum timeline_class
class_of(const char *phase, int64_t type)
{
    enum establishment_kind kind = establishment_type(type)->kind;

    if (strcmp(phase, "special") == 0 || kind == ESTABLISHMENT_SPECIAL)
        return SCHOOL_SPECIAL;
    if (strcmp(phase, "ap") == 0 || kind == ESTABLISHMENT_AP)
        return SCHOOL_AP;
    return strcmp(phase, "other") == 0 ? SCHOOL_OTHER : SCHOOL_MAINSTREAM;
}

static enum timeline_phase
phase_of(const char *phase)
{
    static const struct {
        const char *name;
        enum timeline_phase phase;
    } phases[] = {
        {"nursery", PHASE_NURSERY}, {"primary", PHASE_PRIMARY}, {"middle", PHASE_MIDDLE},
        {"secondary", PHASE_SECONDARY}, {"all-through", PHASE_ALL_THROUGH},
        {"16 plus", PHASE_16_PLUS},
    };

    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++)
        if (strcmp(phase, phases[i].name) == 0)
            return phases[i].phase;
    return PHASE_UNKNOWN;
}

/* A school for children of 11 to 16 teaches Years 7 to 11. */
static void
set_years(struct build_school *s, int64_t low_age, int64_t high_age)
{
    bool known = low_age >= 0 && high_age > low_age && high_age < 26;

    s->row.low_year = known ? (int8_t)(low_age < 4 ? -1 : low_age - 4) : s->seen_low;
    s->row.high_year = known ? (int8_t)(high_age - 5) : s->seen_high;
    if (s->row.low_year > s->row.high_year) { /* nothing known: no limit */
        s->row.low_year = -1;
        s->row.high_year = INT8_MAX;
    }
}

static enum err
read_school(struct gather *g, struct build_school *s)
{
    struct rows q;
    char phase[16] = "";
    size_t n = 0;
    const char *district;
    enum err e;

    set_years(s, -1, -1);
    s->row.local = 1; /* known only from the area's own files */
    db_ask(g->b->j, &q, sql_establishment, ARGS(INT(s->row.urn), INT(g->gias)));
    if (db_next(&q)) {
        gather_code(&q, 2, phase, sizeof phase);
        s->row.kind = (uint8_t)class_of(phase, row_int(&q, 1));
        s->row.phase = (uint8_t)phase_of(phase);
        s->row.state_funded = establishment_type(row_int(&q, 1))->state_funded;
        s->row.local = row_int(&q, 0) == g->b->head.area;
        s->row.opened = gather_date(&q, 3);
        s->row.closed = gather_end(&q, 4, DATE_OPEN);
        set_years(s, row_int_or(&q, 5, -1), row_int_or(&q, 6, -1));
        district = row_peek(&q, 7, &n);
        s->row.district = number_district(g->b, district, n);
    }
    e = db_done(&q);
    return e;
}

/* ---- what schools became ----------------------------------------------------------------- */

struct pair {
    int64_t from, to; /* URNs */
};

/* As known in edition $1. */
#define SQL_LINKS                                                                             \
    "FROM establishment_link l WHERE kind IN ('Successor', 'Predecessor') AND NOT EXISTS ("   \
    "SELECT 1 FROM establishment_link_past p WHERE p.urn = l.urn AND p.link_urn = l.link_urn " \
    "AND p.kind = l.kind AND p.edition >= $1 AND p.there = 0)"
static const char sql_count_links[] = "SELECT count(*) " SQL_LINKS;
static const char sql_links[] =
    "SELECT urn, link_urn, kind " SQL_LINKS " ORDER BY urn, link_urn, kind";

static int
by_pair(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int c = build_compare(x->from, y->from);

    return c ? c : build_compare(x->to, y->to);
}

static enum err
read_pairs(struct gather *g, struct pair **out, uint32_t *count)
{
    int64_t n;
    struct rows q;
    enum err e = db_int(g->b->j, sql_count_links, ARGS(INT(g->gias)), 0, &n);
    struct pair *p;

    if (e)
        return e;
    *out = p = job_array(g->b->j, (size_t)n + 1, sizeof *p);
    *count = 0;
    db_ask(g->b->j, &q, sql_links, ARGS(INT(g->gias)));
    while (*count < n && db_next(&q)) {
        bool onward = gather_char(&q, 2) == 'S';
        p[(*count)++] = (struct pair){row_int(&q, onward ? 0 : 1), row_int(&q, onward ? 1 : 0)};
    }
    qsort(p, *count, sizeof *p, by_pair);
    return db_done(&q);
}

static uint32_t
first_pair(const struct pair *p, uint32_t n, int64_t from)
{
    uint32_t low = 0, high = n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (p[mid].from < from)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Links of schools that matter; what they became is added and matters too. */
static void
add_links(struct gather *g, const struct pair *p, uint32_t n)
{
    struct build *b = g->b;
    uint32_t size = 0;

    for (uint32_t s = 0; s < b->schools; s++) {
        int64_t urn = b->school[s].row.urn;
        for (uint32_t i = first_pair(p, n, urn); i < n && p[i].from == urn; i++) {
            if (i && p[i - 1].from == urn && p[i - 1].to == p[i].to)
                continue;
            if (b->links == size) {
                size = size ? size * 2 : 64;
                b->link = job_grow(b->j, b->link, b->links * sizeof *b->link,
                                   size * sizeof *b->link);
            }
            b->link[b->links++] = (struct build_link){s, gather_school(g, p[i].to)};
        }
    }
}

static int
by_link(const void *a, const void *b)
{
    const struct build_link *x = a, *y = b;
    int c = build_compare(x->from, y->from);

    return c ? c : build_compare(x->to, y->to);
}

static uint32_t
first_link(const struct build *b, uint32_t from)
{
    uint32_t i = 0;

    while (i < b->links && b->link[i].from < from)
        i++;
    return i;
}

/* Of several successors the one with the latest return, then the lowest URN. */
static uint32_t
next_school(const struct build *b, uint32_t s)
{
    uint32_t best = TIMELINE_NONE;

    for (uint32_t i = first_link(b, s); i < b->links && b->link[i].from == s; i++) {
        uint32_t to = b->link[i].to;
        if (best == TIMELINE_NONE || b->school[to].last_return > b->school[best].last_return)
            best = to;
    }
    return best;
}

static void
set_chain(struct build *b, uint32_t s)
{
    uint32_t at = s, next;

    for (int depth = 0; depth < DEEPEST_CHAIN; depth++) {
        next = next_school(b, at);
        if (next == TIMELINE_NONE || next == s)
            break;
        at = next;
    }
    b->school[s].chain = b->school[s].row.successor = at;
}

static bool
dates_fit(const struct build *b, uint32_t from, uint32_t to, int32_t day)
{
    int32_t closed = b->school[from].row.closed, opened = b->school[to].row.opened;

    if (closed != DATE_OPEN && day < closed - MONTH)
        return false;
    return opened == DATE_NONE || day >= opened - MONTH;
}

bool
number_carries_on(const struct build *b, uint32_t from, uint32_t to, int32_t day)
{
    uint32_t queue[MOST_SUCCESSORS] = {from};
    int n = 1;

    for (int at = 0; at < n; at++) {
        uint32_t s = queue[at];
        for (uint32_t i = first_link(b, s); i < b->links && b->link[i].from == s; i++) {
            if (b->link[i].to == to && to != from)
                return dates_fit(b, from, to, day);
            if (n < MOST_SUCCESSORS)
                queue[n++] = b->link[i].to;
        }
    }
    return false;
}

/* ---- in order ---------------------------------------------------------------------------- */

struct numbered {
    uint32_t urn, was;
};

static int
by_urn(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    return build_compare(x->urn, y->urn);
}

static const uint32_t *
sort_schools(struct build *b)
{
    struct numbered *order = job_array(b->j, b->schools + 1, sizeof *order);
    struct build_school *sorted = job_array(b->j, b->schools + 1, sizeof *sorted);
    uint32_t *map = job_array(b->j, b->schools + 1, sizeof *map);

    for (uint32_t i = 0; i < b->schools; i++)
        order[i] = (struct numbered){b->school[i].row.urn, i};
    qsort(order, b->schools, sizeof *order, by_urn);
    for (uint32_t i = 0; i < b->schools; i++) {
        sorted[i] = b->school[order[i].was];
        map[order[i].was] = i;
    }
    b->school = sorted;
    for (uint32_t i = 0; i < b->links; i++)
        b->link[i] = (struct build_link){map[b->link[i].from], map[b->link[i].to]};
    if (b->links)
        qsort(b->link, b->links, sizeof *b->link, by_link);
    return map;
}

enum err
number_schools(struct gather *g, const uint32_t **map)
{
    struct build *b = g->b;
    struct pair *pairs;
    uint32_t n;
    enum err e = edition_known(b->j, "gias", build_shared_at(b->order), &g->gias);

    if (e || (e = read_pairs(g, &pairs, &n)))
        return e;
    add_links(g, pairs, n);
    *map = sort_schools(b);
    for (uint32_t s = 0; s < b->schools; s++) {
        if ((e = read_school(g, &b->school[s])))
            return e;
        set_chain(b, s);
    }
    return OK;
}
