/* store/query.h - the one way to put together a list with filters.
 *
 *     query_begin(&q, j, sql_children, ARGS(INT(j->area)));   SELECT … WHERE c.area_id = $1
 *     if (f->urn)
 *         query_and(&q, "c.urn = $1", ARGS(INT(f->urn)));
 *     query_order(&q, orders, f->order);
 *     query_page(&q, 51, f->offset);
 *     query_ask(&q, &rows); …
 *
 * The text is made of constants alone: query_and() takes nothing but a literal, an order
 * is a row of a table; values are parameters.  Each piece counts its own from $1. */
#pragma once
#include "store/db.h"

struct query {
    struct job *j;
    char *text;
    size_t n, room;
    struct arg *args; /* texts and blobs must live until query_ask() */
    size_t n_args, room_args;
};

/* One way to order a list: the name as a request gives it, and what it means.  Ends with
 * a key, so that the order is total.  The first row is used when no name fits; the table
 * ends with {NULL, NULL}. */
struct query_order {
    const char *name, *sql;
};

/* sql: a constant with everything up to its WHERE condition. */
void query_begin(struct query *q, struct job *j, const char *sql, struct args a);
#define query_and(q, literal, a) query_add((q), " AND (" literal ")", (a))
/* Column is one of n values; no value: no row. */
#define query_in_int(q, column, v, n) query_add_ints((q), " AND " column " IN (", (v), (n))
#define query_in_text(q, column, v, n) query_add_texts((q), " AND " column " IN (", (v), (n))
/* Anything after the conditions: GROUP BY, HAVING. */
#define query_then(q, literal, a) query_add((q), " " literal, (a))
void query_order(struct query *q, const struct query_order *orders, const char *name);
void query_page(struct query *q, int64_t limit, int64_t offset);

enum err query_ask(struct query *q, struct rows *rows); /* like db_ask() */
/* How many rows there are in all; before query_order() and query_page(). */
MUST_CHECK enum err query_count(struct query *q, int64_t *out);

/* For "x LIKE $1 ESCAPE '!'": what begins with s, or holds it; s itself has no wildcards. */
const char *query_like_begins(struct job *j, const char *s);
const char *query_like_holds(struct job *j, const char *s);

/* For the macros above only. */
void query_add(struct query *q, const char *sql, struct args a);
void query_add_ints(struct query *q, const char *head, const int64_t *v, size_t n);
void query_add_texts(struct query *q, const char *head, const char *const *v, size_t n);
