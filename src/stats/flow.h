/* stats/flow.h - how much can go round through the cells of a table; for disclosure.c only.
 *
 * Every edge can take any amount more and its value less.  Pushing through an edge looks
 * for ways back from its head to its tail (or the other way round for less), cheapest
 * first: an open edge costs nothing, a closed one its value and is opened when it is used;
 * a closed edge of value 0 is never used. */
#pragma once
#include "base/job.h"

struct flow;
struct flow_ends {
    size_t from, to;
};
struct flow *flow_new(struct job *j, size_t nodes, size_t edges);
void flow_edge(struct flow *f, size_t edge, struct flow_ends ends, int64_t value);
void flow_open(struct flow *f, size_t edge);
bool flow_is_open(const struct flow *f, size_t edge);
int64_t flow_value(const struct flow *f, size_t edge);
/* After the last edge, before the first push. */
void flow_ready(struct job *j, struct flow *f);

enum flow_through { FLOW_OPEN, FLOW_ALL };
/* Up to `amount` more through the edge (less when negative); what could be done, same sign. */
int64_t flow_push(struct flow *f, size_t edge, int64_t amount, enum flow_through through);
/* As if nothing had been pushed; opened edges stay open. */
void flow_reset(struct flow *f);
