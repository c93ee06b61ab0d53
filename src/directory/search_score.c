#include "directory/search_private.h"
#include "base/maths.h"

/* Goes through a list: *service and *byte of the next posting.  False: no more. */
struct reading {
    const uint8_t *at, *end;
    uint32_t service, most;
};

static struct reading
read_list(const struct search_index *x, uint32_t list)
{
    const struct file_list *l = &x->list[list];

    return (struct reading){x->posting + l->at, x->posting + l->at + l->bytes, 0, x->services};
}

static inline bool
next(struct reading *r, uint8_t *byte)
{
    uint32_t further = 0;

    if (r->end - r->at < 2)
        return false;
    if (*r->at < 0x80)
        further = *r->at++;
    else
        for (unsigned by = 0; by < 28 && r->end - r->at >= 2; by += 7) {
            further |= (uint32_t)(*r->at & 0x7F) << by;
            if (*r->at++ < 0x80)
                break;
        }
    r->service += further;
    *byte = *r->at++;
    return r->service < r->most;
}

/* How telling a piece is: by the services that have the commonest of its others. */
static int32_t
worth_of(const struct search_index *x, const struct piece *p)
{
    uint32_t n = 0;

    for (size_t i = 0; i < p->n; i++)
        if (x->list[p->other[i].list].n > n)
            n = x->list[p->other[i].list].n;
    return (int32_t)(1024 * maths_log(1 + ((double)x->services - n + 0.5) / (n + 0.5)));
}

static inline void
give(struct cell *c, uint8_t piece, uint32_t points, bool soft)
{
    if (c->piece != piece) {
        c->sum += c->now;
        c->now = points;
        c->piece = piece;
        c->n = (uint8_t)(c->n + !soft);
    } else if (points > c->now) {
        c->now = points;
    }
}

/* Services that have each of some lists: as good as half of the phrase. */
static void
score_all(struct job *j, const struct search_index *x, const struct piece *p, uint8_t number,
          struct cell *cell)
{
    uint8_t *n = job_alloc(j, x->services + 1), byte = 0;
    uint32_t points = (uint32_t)p->worth * SEARCH_WEIGHT / 4;

    for (size_t i = 0; i < p->n_all; i++) {
        struct reading r = read_list(x, p->all[i]);
        while (next(&r, &byte)) {
            n[r.service] = (uint8_t)(n[r.service] + (n[r.service] == i));
            if (i + 1 == p->n_all && n[r.service] == p->n_all)
                give(&cell[r.service], number, points, p->soft);
        }
    }
}

static void
score_piece(struct job *j, const struct search_index *x, const struct piece *p, uint8_t number,
            struct cell *cell)
{
    for (size_t i = 0; i < p->n; i++) {
        struct reading r = read_list(x, p->other[i].list);
        uint32_t unit = (uint32_t)p->worth * p->other[i].share / 256;
        uint8_t byte = 0;
        while (next(&r, &byte))
            give(&cell[r.service], number, unit * (byte >> 3), p->soft);
    }
    if (p->n_all)
        score_all(j, x, p, number, cell);
}

/* Of two pieces both; of more, a third may be missing; but never so many that nothing is found:
 * by the words alone, so that a filter only ever narrows. */
static uint32_t
enough_of(const struct search_index *x, const struct scored *s, uint32_t needed)
{
    uint32_t most = 0, want = needed - needed / 3;

    for (uint32_t i = 0; i < x->services; i++)
        most = s->cell[i].n > most ? s->cell[i].n : most;
    return want < most ? want : most ? most : 1;
}

void
search_score(struct job *j, const struct search_index *x, const struct pieces *p,
             struct scored *out)
{
    *out = (struct scored){.cell = job_array(j, (size_t)x->services + 1, sizeof(struct cell))};
    for (size_t i = 0; i < p->n; i++) {
        struct piece piece = p->piece[i];
        piece.worth = worth_of(x, &piece);
        if (piece.soft)
            piece.worth /= 4;
        else
            out->ideal += (uint64_t)piece.worth * SEARCH_WEIGHT;
        score_piece(j, x, &piece, (uint8_t)(i + 1), out->cell);
    }
    out->enough = enough_of(x, out, p->needed);
}

void
search_postings(const struct search_index *x, uint32_t list, const uint32_t *service, size_t n,
                uint8_t *out)
{
    struct reading r = read_list(x, list);
    uint8_t byte = 0;
    size_t i = 0;

    memset(out, 0, n);
    while (i < n && next(&r, &byte)) {
        while (i < n && service[i] < r.service)
            i++;
        if (i < n && service[i] == r.service)
            out[i++] = byte;
    }
}
