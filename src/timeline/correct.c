#include "timeline/correct.h"

struct correct_row {
    struct correct_key key;
    char kind[CORRECT_KIND], field[12];
    int64_t value;
    uint32_t next; /* of the same person; TIMELINE_NONE: the last */
};

#define IN_FORCE                                                                               \
    "FROM correction WHERE area_id = $1 AND made <= $2 AND (undone IS NULL OR undone > $2) "
static const char sql_count[] = "SELECT COUNT(*) " IN_FORCE;
static const char sql_corrections[] =
    "SELECT fact, identity_id, urn, begun, kind, field, value " IN_FORCE "ORDER BY correction_id";

/* FACT_KINDS: a kind that this program does not know. */
static enum fact_kind
fact_of(const struct rows *q, int c)
{
    enum fact_kind k = FACT_KINDS;
    char name[16] = "";

    gather_code(q, c, name, sizeof name);
    return fact_kind_find(name, &k) ? k : FACT_KINDS;
}

/* The rows of a person are a chain in the order in which they were made. */
static void
take(struct gather *g, const struct rows *q, uint32_t person)
{
    struct correct_row *r = &g->corrected[g->corrections];
    uint32_t at = lookup_get(&g->corrected_at, person);

    *r = (struct correct_row){.key = {fact_of(q, 0), person, row_int(q, 2), row_int(q, 3), NULL},
                              .value = row_int(q, 6), .next = TIMELINE_NONE};
    gather_code(q, 4, r->kind, sizeof r->kind);
    gather_code(q, 5, r->field, sizeof r->field);
    if (at == UINT32_MAX) {
        lookup_put(g->b->j, &g->corrected_at, person, g->corrections++);
        return;
    }
    while (g->corrected[at].next != TIMELINE_NONE)
        at = g->corrected[at].next;
    g->corrected[at].next = g->corrections++;
}

enum err
correct_open(struct gather *g)
{
    struct build *b = g->b;
    struct args a = ARGS(INT(b->head.area), INT(b->order->known_at));
    struct rows q;
    int64_t n = 0;
    enum err e = db_int(b->j, sql_count, a, 0, &n);

    if (e || !n)
        return e;
    g->corrected = job_array(b->j, (size_t)n, sizeof *g->corrected);
    db_ask(b->j, &q, sql_corrections, a);
    while (g->corrections < n && db_next(&q)) {
        uint32_t at = gather_identity(b, row_int(&q, 1));
        if (at != UINT32_MAX && b->identity[at].person != TIMELINE_NONE)
            take(g, &q, b->identity[at].person);
    }
    return db_done(&q);
}

static void
apply(const struct correct_row *r, struct correct_set *out)
{
    switch (r->field[0]) {
    case 'a':
        out->aside = true;
        break;
    case 'c':
        out->has_category = true;
        out->category = r->value;
        break;
    case 'e':
        out->has_ended = true;
        out->ended = (int32_t)r->value;
        break;
    default: /* sessions, started */
        if (r->field[1] == 'e') {
            out->has_sessions = true;
            out->sessions = r->value;
        } else {
            out->has_started = true;
            out->started = (int32_t)r->value;
        }
        break;
    }
}

bool
correct_find(const struct gather *g, const struct correct_key *k, struct correct_set *out)
{
    bool any = false;

    *out = (struct correct_set){.aside = false};
    if (!g->corrections)
        return false;
    for (uint32_t at = lookup_get(&g->corrected_at, k->person); at != TIMELINE_NONE;
         at = g->corrected[at].next) {
        const struct correct_row *r = &g->corrected[at];
        if (r->key.fact != k->fact || r->key.urn != k->urn || r->key.begun != k->begun ||
            strcmp(r->kind, k->kind) != 0)
            continue;
        apply(r, out);
        any = true;
    }
    return any;
}

bool
correct_days(const struct gather *g, const struct correct_key *k, struct correct_days *d)
{
    struct correct_set set;

    if (!correct_find(g, k, &set))
        return true;
    d->from = set.has_started ? set.started : d->from;
    d->last = set.has_ended ? set.ended : d->last;
    return !set.aside;
}
