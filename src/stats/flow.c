#include "stats/flow.h"

enum { NONE = -1 };

struct edge {
    struct flow_ends ends;
    int64_t value, moved;
    bool open;
};

/* A place in the queue of Dijkstra's algorithm. */
struct waiting {
    int64_t cost;
    size_t node;
};

struct flow {
    size_t nodes, n;
    struct edge *edges;
    size_t *first;          /* of a node's edges in `at`; nodes + 1 of them */
    size_t *at;             /* each edge stands at both its ends */
    int64_t *cost;          /* to reach a node */
    int64_t *via;           /* edge by which it is reached; NONE */
    bool *done;
    struct waiting *queue;  /* a heap, least cost first, then lowest node */
    size_t waiting;
};

struct flow *
flow_new(struct job *j, size_t nodes, size_t edges)
{
    struct flow *f = job_alloc(j, sizeof *f);

    f->nodes = nodes;
    f->n = edges;
    f->edges = job_array(j, edges, sizeof *f->edges);
    return f;
}

void
flow_edge(struct flow *f, size_t edge, struct flow_ends ends, int64_t value)
{
    f->edges[edge] = (struct edge){.ends = ends, .value = value};
}

void
flow_open(struct flow *f, size_t edge)
{
    f->edges[edge].open = true;
}

bool
flow_is_open(const struct flow *f, size_t edge)
{
    return f->edges[edge].open;
}

int64_t
flow_value(const struct flow *f, size_t edge)
{
    return f->edges[edge].value;
}

void
flow_ready(struct job *j, struct flow *f)
{
    size_t *next;

    f->first = job_array(j, f->nodes + 1, sizeof *f->first);
    f->at = job_array(j, f->n * 2, sizeof *f->at);
    f->cost = job_array(j, f->nodes, sizeof *f->cost);
    f->via = job_array(j, f->nodes, sizeof *f->via);
    f->done = job_array(j, f->nodes, sizeof *f->done);
    f->queue = job_array(j, f->n * 2 + 1, sizeof *f->queue);
    for (size_t i = 0; i < f->n; i++) {
        f->first[f->edges[i].ends.from + 1]++;
        f->first[f->edges[i].ends.to + 1]++;
    }
    for (size_t v = 0; v < f->nodes; v++)
        f->first[v + 1] += f->first[v];
    next = job_grow(j, f->first, (f->nodes + 1) * sizeof *next, (f->nodes + 1) * sizeof *next);
    for (size_t i = 0; i < f->n; i++) {
        f->at[next[f->edges[i].ends.from]++] = i;
        f->at[next[f->edges[i].ends.to]++] = i;
    }
}

static bool
is_before(struct waiting a, struct waiting b)
{
    return a.cost < b.cost || (a.cost == b.cost && a.node < b.node);
}

static void
queue_put(struct flow *f, struct waiting w)
{
    size_t i = f->waiting++;

    for (; i > 0 && is_before(w, f->queue[(i - 1) / 2]); i = (i - 1) / 2)
        f->queue[i] = f->queue[(i - 1) / 2];
    f->queue[i] = w;
}

static struct waiting
queue_take(struct flow *f)
{
    struct waiting first = f->queue[0], w = f->queue[--f->waiting];
    size_t i = 0;

    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < f->waiting && is_before(f->queue[child + 1], f->queue[child]))
            child++;
        if (child >= f->waiting || !is_before(f->queue[child], w))
            break;
        f->queue[i] = f->queue[child];
        i = child;
    }
    f->queue[i] = w;
    return first;
}

/* How much more may leave `node` by the edge: any amount forwards, what is there back. */
static int64_t
room(const struct edge *e, size_t node)
{
    return e->ends.from == node ? INT64_MAX : e->value + e->moved;
}

static size_t
other_end(const struct edge *e, size_t node)
{
    return e->ends.from == node ? e->ends.to : e->ends.from;
}

static void
look_around(struct flow *f, size_t node, size_t without, enum flow_through through)
{
    for (size_t k = f->first[node]; k < f->first[node + 1]; k++) {
        size_t i = f->at[k], to;
        const struct edge *e = &f->edges[i];
        int64_t cost;
        if (i == without || (!e->open && (through == FLOW_OPEN || e->value == 0)) ||
            room(e, node) <= 0)
            continue;
        to = other_end(e, node);
        cost = f->cost[node] + (e->open ? 0 : e->value);
        if (f->done[to] || (f->via[to] != NONE && f->cost[to] <= cost))
            continue;
        f->cost[to] = cost;
        f->via[to] = (int64_t)i;
        queue_put(f, (struct waiting){cost, to});
    }
}

/* The cheapest way from one node to another without one edge (Dijkstra). */
static bool
find_way(struct flow *f, struct flow_ends way, size_t without, enum flow_through through)
{
    for (size_t v = 0; v < f->nodes; v++) {
        f->via[v] = NONE;
        f->done[v] = false;
    }
    f->waiting = 0;
    f->cost[way.from] = 0;
    queue_put(f, (struct waiting){0, way.from});
    while (f->waiting) {
        size_t node = queue_take(f).node;
        if (node == way.to)
            return true;
        if (f->done[node])
            continue;
        f->done[node] = true;
        look_around(f, node, without, through);
    }
    return false;
}

/* Sends as much as fits, at most `most`, along the way found; opens what it used. */
static int64_t
send(struct flow *f, struct flow_ends way, int64_t most)
{
    size_t back;

    for (size_t v = way.to; v != way.from; v = back) {
        const struct edge *e = &f->edges[f->via[v]];
        back = other_end(e, v);
        if (room(e, back) < most)
            most = room(e, back);
    }
    for (size_t v = way.to; v != way.from; v = back) {
        struct edge *e = &f->edges[f->via[v]];
        back = other_end(e, v);
        e->moved += e->ends.from == back ? most : -most;
        e->open = true;
    }
    return most;
}

int64_t
flow_push(struct flow *f, size_t edge, int64_t amount, enum flow_through through)
{
    struct flow_ends ends = f->edges[edge].ends;
    struct flow_ends way = amount > 0 ? (struct flow_ends){ends.to, ends.from} : ends;
    int64_t want = amount > 0 ? amount : -amount, done = 0;

    while (done < want && find_way(f, way, edge, through))
        done += send(f, way, want - done);
    return amount > 0 ? done : -done;
}

void
flow_reset(struct flow *f)
{
    for (size_t i = 0; i < f->n; i++)
        f->edges[i].moved = 0;
}
