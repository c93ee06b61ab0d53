/* The same text read in memory and in pieces gives the same records and the same fault. */
#include "base/csv.h"
#include "fuzz/fuzz.h"

struct source {
    struct span left;
    size_t step;
};

static enum err
give(struct job *j, void *arg, char *buf, size_t size, size_t *n)
{
    struct source *s = arg;

    (void)j;
    *n = s->left.n < s->step ? s->left.n : s->step;
    *n = *n < size ? *n : size;
    if (*n)
        memcpy(buf, s->left.s, *n);
    s->left.s += *n;
    s->left.n -= *n;
    return OK;
}

struct outcome {
    uint64_t hash;
    int64_t records;
    enum err err;
    char message[512];
};

static void
stir(struct outcome *o, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        o->hash = (o->hash ^ (unsigned char)s[i]) * UINT64_C(0x100000001B3);
    o->hash = (o->hash ^ 0x1FF) * UINT64_C(0x100000001B3);
}

static struct outcome
read_all(struct job *j, struct csv *c, size_t most)
{
    struct outcome o = {0};
    struct csv_row row;
    int64_t line = 0, offset = -1;
    bool more;

    while ((o.err = csv_next(c, &row, &more)) == OK && more) {
        fuzz_check(row.n > 0 && row.line > line && row.offset > offset);
        fuzz_check((size_t)row.offset < most);
        line = row.line;
        offset = row.offset;
        o.records++;
        stir(&o, (const char *)&row.line, sizeof row.line);
        stir(&o, (const char *)&row.offset, sizeof row.offset);
        for (size_t i = 0; i < row.n; i++)
            stir(&o, row.field[i].s, row.field[i].n);
    }
    snprintf(o.message, sizeof o.message, "%s", o.err ? j->err.message : "");
    return o;
}

static enum err
both_ways(struct job *j, void *arg)
{
    struct span input = *(struct span *)arg;
    struct csv_limits limits = {.record_bytes = 8000};
    struct source s = {.step = 1 + (input.n ? (unsigned char)input.s[0] % 70 : 0)};
    struct outcome whole, pieces;
    char *copy;

    if (input.n && input.s[0] & 64)
        limits = (struct csv_limits){.record_bytes = 20, .fields = 4};
    if (input.n)
        input.s++, input.n--;
    copy = malloc(input.n ? input.n : 1); /* so that a byte too far is seen */
    fuzz_check(copy);
    if (input.n)
        memcpy(copy, input.s, input.n);
    whole = read_all(j, csv_open_text(j, copy, input.n, limits), input.n);
    free(copy);
    err_clear(j);
    s.left = input;
    pieces = read_all(j, csv_open(j, give, &s, limits), input.n);
    fuzz_check(whole.records == pieces.records && whole.hash == pieces.hash);
    fuzz_check(whole.err == pieces.err && strcmp(whole.message, pieces.message) == 0);
    return whole.err;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(both_ways, data, size);
}
