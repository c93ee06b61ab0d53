#include "store/postgresql.h"
#include <endian.h>

/* ---- cells of the current row -------------------------------------------------- */

/* Held rows: for each column its length (-1: NULL) and its bytes. */
static const char *
held_cell(const struct pg_held *h, int c, int *n)
{
    const char *at = h->bytes + h->row;

    for (;; c--) {
        memcpy(n, at, sizeof *n);
        at += sizeof *n;
        if (c == 0)
            return *n < 0 ? NULL : at;
        if (*n > 0)
            at += *n;
    }
}

static const char *
cell(const struct rows *q, int c, int *n)
{
    const struct pg_prepared *p = q->row;

    if (c < 0 || c >= p->columns)
        return NULL;
    if (!p->row)
        return held_cell(&p->held, c, n);
    if (PQgetisnull(p->row, 0, c))
        return NULL;
    *n = PQgetlength(p->row, 0, c);
    return PQgetvalue(p->row, 0, c);
}

static Oid
type_of(const struct rows *q, int c)
{
    const struct pg_prepared *p = q->row;
    return p->column_types[c];
}

static int64_t
read_int16(const char *s)
{
    uint16_t v;

    memcpy(&v, s, sizeof v);
    return (int16_t)be16toh(v);
}

static int64_t
read_int32(const char *s)
{
    uint32_t v;

    memcpy(&v, s, sizeof v);
    return (int32_t)be32toh(v);
}

static int64_t
read_int64(const char *s)
{
    uint64_t v;

    memcpy(&v, s, sizeof v);
    return (int64_t)be64toh(v);
}

static double
read_real(const char *s)
{
    uint64_t bits = (uint64_t)read_int64(s);
    double d;

    memcpy(&d, &bits, sizeof d);
    return d;
}

/* sum() of integers is NUMERIC: digits of base 10 000, the first worth 10000^weight. */
enum { NUMERIC_HEAD = 8, NUMERIC_NEGATIVE = 0x4000 };

static int64_t
numeric_int(const char *s)
{
    int64_t digits = read_int16(s), weight = read_int16(s + 2);
    uint64_t sum = 0;

    for (int64_t i = 0; i <= weight; i++) {
        int64_t digit = i < digits ? read_int16(s + NUMERIC_HEAD + 2 * i) : 0;
        sum = sum * 10000 + (uint64_t)digit;
    }
    return read_int16(s + 4) == NUMERIC_NEGATIVE ? -(int64_t)sum : (int64_t)sum;
}

static double
numeric_real(const char *s)
{
    int64_t digits = read_int16(s), weight = read_int16(s + 2);
    double sum = 0, scale = 1;

    for (int64_t i = 0; i < digits; i++)
        sum = sum * 10000 + (double)read_int16(s + NUMERIC_HEAD + 2 * i);
    for (int64_t i = digits - 1; i < weight; i++)
        sum *= 10000;
    for (int64_t i = weight; i < digits - 1; i++)
        scale *= 10000;
    sum /= scale;
    return read_int16(s + 4) == NUMERIC_NEGATIVE ? -sum : sum;
}

bool
pg_is_null(const struct rows *q, int c)
{
    int n;
    return !cell(q, c, &n);
}

int64_t
pg_int(const struct rows *q, int c)
{
    int n;
    const char *s = cell(q, c, &n);

    if (!s)
        return 0;
    switch (type_of(q, c)) {
    case PG_INT8:
        return read_int64(s);
    case PG_INT4:
        return read_int32(s);
    case PG_OID:
        return (int64_t)(uint32_t)read_int32(s);
    case PG_INT2:
        return read_int16(s);
    case PG_BOOL:
        return *s != 0;
    case PG_FLOAT8:
        return (int64_t)read_real(s);
    case PG_NUMERIC:
        return numeric_int(s);
    default:
        return strtoll(s, NULL, 10);
    }
}

double
pg_real(const struct rows *q, int c)
{
    int n;
    const char *s = cell(q, c, &n);

    if (!s)
        return 0;
    switch (type_of(q, c)) {
    case PG_FLOAT8:
        return read_real(s);
    case PG_NUMERIC:
        return numeric_real(s);
    default:
        return (double)pg_int(q, c);
    }
}

/* A number where text is asked for, as SQLite would give it. */
static const char *
number_text(const struct rows *q, int c, size_t *n)
{
    const char *s = type_of(q, c) == PG_FLOAT8
                        ? job_format(q->j, "%.15g", pg_real(q, c))
                        : job_format(q->j, "%lld", (long long)pg_int(q, c));
    *n = strlen(s);
    return s;
}

const char *
pg_peek(const struct rows *q, int c, size_t *n)
{
    int length = 0;
    const char *s = cell(q, c, &length);

    *n = (size_t)length;
    if (!s) {
        *n = 0;
        return NULL;
    }
    switch (type_of(q, c)) {
    case PG_INT2:
    case PG_INT4:
    case PG_INT8:
    case PG_OID:
    case PG_BOOL:
    case PG_FLOAT8:
    case PG_NUMERIC:
        return number_text(q, c, n);
    default:
        return s;
    }
}

/* ---- holding --------------------------------------------------------------------- */

enum { HELD_MOST = 256 * JOB_MB };

static bool
held_add(struct pg_held *h, const void *bytes, size_t n)
{
    size_t room = h->room ? h->room : 4096;
    char *grown;

    while (room < h->n + n)
        room *= 2;
    if (room > HELD_MOST)
        return false;
    if (room > h->room) {
        if (!(grown = realloc(h->bytes, room)))
            return false;
        h->bytes = grown;
        h->room = room;
    }
    if (n)
        memcpy(h->bytes + h->n, bytes, n);
    h->n += n;
    return true;
}

bool
pg_hold(struct pg_held *h, const PGresult *res)
{
    for (int c = 0; c < PQnfields(res); c++) {
        int n = PQgetisnull(res, 0, c) ? -1 : PQgetlength(res, 0, c);
        if (!held_add(h, &n, sizeof n) ||
            !held_add(h, PQgetvalue(res, 0, c), n > 0 ? (size_t)n : 0))
            return false;
    }
    return true;
}

bool
pg_held_next(struct pg_held *h, int columns)
{
    int n;

    if (h->next >= h->n)
        return false;
    h->row = h->next;
    for (int c = 0; c < columns; c++) {
        memcpy(&n, h->bytes + h->next, sizeof n);
        h->next += sizeof n + (n > 0 ? (size_t)n : 0);
    }
    return true;
}
