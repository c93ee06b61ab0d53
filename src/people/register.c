#include "people/register.h"
#include "people/attendance.h"
#include <zstd.h>

enum { VERSION = 1, WITH_LINES = 2 }; /* of what is packed */
enum { LEVEL = 3, MOST_BYTES = 256 * JOB_MB, MOST_VARINT = 10 };

_Static_assert(ATTENDANCE_CODES < UINT8_MAX, "a code's index + 1 is one byte");

/* ---- numbers ---------------------------------------------------------------------- */

struct writing {
    uint8_t *p;
    size_t n;
};

static void
put(struct writing *w, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        w->p[w->n++] = (uint8_t)(v | 0x80);
    w->p[w->n++] = (uint8_t)v;
}

/* Numbers near zero on either side are short. */
static void
put_signed(struct writing *w, int64_t v)
{
    put(w, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

struct taking {
    const uint8_t *p, *end;
    bool bad;
};

static uint64_t
take(struct taking *t)
{
    uint64_t v = 0;

    for (unsigned shift = 0; t->p < t->end && shift < 64; shift += 7) {
        uint8_t byte = *t->p++;
        v |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return v;
    }
    t->bad = true;
    return 0;
}

static int64_t
take_signed(struct taking *t)
{
    uint64_t v = take(t);

    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* ---- patterns --------------------------------------------------------------------- */

/* The distinct fourteens, in order of first appearance.  Those that COMMON rows or more show
 * are written once and have a number; the others stand in the order of their rows, so that
 * a change of one child's week leaves all else as it was, for what is packed against it. */
enum { COMMON = 3 };
struct patterns {
    uint32_t *index;  /* by row */
    uint32_t *first;  /* row that shows each */
    uint32_t *count;  /* how many do */
    uint32_t *number; /* 1 … of the common ones; 0 */
    uint32_t n, common;
    uint32_t *bucket; /* pattern + 1; 0 empty */
    uint32_t mask;
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
find_patterns(struct job *j, const struct register_week *w, struct patterns *out)
{
    uint32_t size = 64;

    while (size < 2 * w->n)
        size *= 2;
    *out = (struct patterns){
        .index = job_array(j, w->n + 1, sizeof *out->index),
        .first = job_array(j, w->n + 1, sizeof *out->first),
        .count = job_array(j, w->n + 1, sizeof *out->count),
        .number = job_array(j, w->n + 1, sizeof *out->number),
        .bucket = job_array(j, size, sizeof *out->bucket),
        .mask = size - 1,
    };
    for (size_t i = 0; i < w->n; i++) {
        const uint8_t *mark = w->row[i].mark;
        uint32_t at = hash_of(mark) & out->mask;
        for (; out->bucket[at]; at = (at + 1) & out->mask)
            if (!memcmp(w->row[out->first[out->bucket[at] - 1]].mark, mark, REGISTER_SLOTS))
                break;
        if (!out->bucket[at]) {
            out->first[out->n] = (uint32_t)i;
            out->bucket[at] = ++out->n;
        }
        out->index[i] = out->bucket[at] - 1;
        out->count[out->index[i]]++;
    }
    for (uint32_t i = 0; i < out->n; i++)
        if (out->count[i] >= COMMON)
            out->number[i] = ++out->common;
}

/* ---- packing ---------------------------------------------------------------------- */

/* Values that hardly change from row to row: each with how many rows it holds for. */
typedef int64_t value_fn(const struct register_row *);

static void
put_runs(struct writing *out, const struct register_week *w, value_fn *of)
{
    int64_t before = 0;

    for (size_t i = 0, next; i < w->n; i = next) {
        int64_t v = of(&w->row[i]);
        for (next = i + 1; next < w->n && of(&w->row[next]) == v; next++)
            ;
        put(out, next - i);
        put_signed(out, v - before);
        before = v;
    }
}

static int64_t
file_of(const struct register_row *r)
{
    return r->file;
}

static int64_t
extracted_of(const struct register_row *r)
{
    return r->extracted;
}

static void
put_lines(struct writing *out, const struct register_week *w)
{
    int64_t identity = 0, line = 0;

    for (size_t i = 0; i < w->n; i++) {
        put_signed(out, w->row[i].identity_id - identity);
        identity = w->row[i].identity_id;
    }
    for (size_t i = 0; i < w->n; i++) {
        put_signed(out, (int64_t)w->row[i].line - line);
        line = w->row[i].line;
    }
}

static void
put_late(struct writing *out, const struct register_week *w)
{
    uint32_t row = 0;

    put(out, w->n_late);
    for (size_t i = 0; i < w->n_late; i++) {
        put(out, w->late[i].row - row);
        row = w->late[i].row;
        out->p[out->n++] = w->late[i].slot;
        put(out, w->late[i].minutes);
    }
}

static void
put_marks(struct writing *out, const struct register_row *r)
{
    memcpy(&out->p[out->n], r->mark, REGISTER_SLOTS);
    out->n += REGISTER_SLOTS;
}

static void
put_patterns(struct writing *out, const struct register_week *w, const struct patterns *known)
{
    uint32_t rare = 0;

    for (size_t i = 0; i < w->n; i++)
        rare += !known->number[known->index[i]];
    put(out, known->common);
    put(out, rare);
    for (uint32_t i = 0; i < known->n; i++)
        if (known->number[i])
            put_marks(out, &w->row[known->first[i]]);
    for (size_t i = 0; i < w->n; i++)
        if (!known->number[known->index[i]])
            put_marks(out, &w->row[i]);
}

/* ---- lines of single marks --------------------------------------------------------- */

/* Of a file with a row a mark.  Mostly a child's rows follow each other: then each line is the
 * same step after the one before, and the steps of all rows are runs.  Else the steps are
 * written one by one, as differences to those of the row before, which of a file by day are
 * nearly the same for all children. */
enum { NO_STEP = INT32_MIN };

static int
next_mark(const struct register_row *r, int k)
{
    while (k < REGISTER_SLOTS && !r->mark[k])
        k++;
    return k;
}

static int64_t
step_of(const struct register_row *r, const uint32_t *line)
{
    int k = next_mark(r, 0), next = next_mark(r, k + 1);
    int64_t step = next < REGISTER_SLOTS ? (int64_t)line[next] - line[k] : 0;

    for (; next < REGISTER_SLOTS; k = next, next = next_mark(r, k + 1))
        if ((int64_t)line[next] - line[k] != step)
            return NO_STEP;
    return step;
}

static bool
has_steps(const struct register_week *w)
{
    for (size_t i = 0; w->lines && i < w->n; i++)
        if (step_of(&w->row[i], w->lines[i]))
            return true;
    return false;
}

static void
put_steps(struct writing *out, const struct register_row *r, const uint32_t *line,
          int64_t before[REGISTER_SLOTS])
{
    int k = next_mark(r, 0);

    for (int next = next_mark(r, k + 1); next < REGISTER_SLOTS;
         k = next, next = next_mark(r, k + 1)) {
        int64_t step = (int64_t)line[next] - line[k];
        put_signed(out, step - before[next]);
        before[next] = step;
    }
}

static void
put_mark_lines(struct writing *out, const struct register_week *w)
{
    int64_t before[REGISTER_SLOTS] = {0}, last = 0;

    for (size_t i = 0, next; i < w->n; i = next) {
        int64_t step = step_of(&w->row[i], w->lines[i]);
        for (next = i + 1; next < w->n && step_of(&w->row[next], w->lines[next]) == step; next++)
            ;
        put(out, next - i);
        put_signed(out, step - last);
        last = step;
    }
    for (size_t i = 0; i < w->n; i++)
        if (step_of(&w->row[i], w->lines[i]) == NO_STEP)
            put_steps(out, &w->row[i], w->lines[i], before);
}

struct register_bytes
register_pack(struct job *j, const struct register_week *w)
{
    bool lines = has_steps(w);
    size_t each = 2 * REGISTER_SLOTS + 7 * MOST_VARINT +
                  (lines ? (REGISTER_SLOTS + 2) * MOST_VARINT : 0);
    struct patterns known;
    struct writing out = {job_alloc(j, 64 + w->n * each + w->n_late * 12), 0};

    find_patterns(j, w, &known);
    out.p[out.n++] = lines ? WITH_LINES : VERSION;
    put(&out, w->n);
    put_patterns(&out, w, &known);
    put_runs(&out, w, file_of);
    put_runs(&out, w, extracted_of);
    put_lines(&out, w);
    for (size_t i = 0; i < w->n; i++)
        put(&out, known.number[known.index[i]]);
    put_late(&out, w);
    if (lines)
        put_mark_lines(&out, w);
    return (struct register_bytes){out.p, out.n};
}

/* ---- unpacking -------------------------------------------------------------------- */

static void
take_runs(struct taking *t, struct register_week *w, void (*set)(struct register_row *, int64_t))
{
    int64_t v = 0;

    for (size_t i = 0; i < w->n && !t->bad;) {
        uint64_t n = take(t);
        v += take_signed(t);
        if (n == 0 || n > w->n - i) {
            t->bad = true;
            return;
        }
        for (; n; n--)
            set(&w->row[i++], v);
    }
}

static void
set_file(struct register_row *r, int64_t v)
{
    r->file = (uint32_t)v;
}

static void
set_extracted(struct register_row *r, int64_t v)
{
    r->extracted = (int32_t)v;
}

static void
take_lines(struct taking *t, struct register_week *w)
{
    uint64_t identity = 0, line = 0; /* unsigned: what damaged bytes add up to is defined */

    for (size_t i = 0; i < w->n; i++)
        w->row[i].identity_id = (int64_t)(identity += (uint64_t)take_signed(t));
    for (size_t i = 0; i < w->n; i++)
        w->row[i].line = (uint32_t)(line += (uint64_t)take_signed(t));
}

/* First the common ones, then the rare ones in the order of their rows. */
struct fourteens {
    const uint8_t *p;
    uint64_t common, rare;
};

static void
take_patterns(struct taking *t, struct register_week *w, const struct fourteens *f)
{
    uint64_t rare = 0;

    for (size_t i = 0; i < w->n; i++) {
        uint64_t number = take(t), at = number ? number - 1 : f->common + rare++;
        if (number > f->common || rare > f->rare) {
            t->bad = true;
            return;
        }
        memcpy(w->row[i].mark, f->p + at * REGISTER_SLOTS, REGISTER_SLOTS);
    }
}

static void
take_late(struct job *j, struct taking *t, struct register_week *w)
{
    uint64_t n = take(t), row = 0;

    if (t->bad || n > (uint64_t)(t->end - t->p) / 3) {
        t->bad = true;
        return;
    }
    w->late = job_array(j, (size_t)n + 1, sizeof *w->late);
    for (; w->n_late < n && !t->bad; w->n_late++) {
        struct register_late *l = &w->late[w->n_late];
        row += take(t);
        l->row = (uint32_t)row;
        l->slot = t->p < t->end ? *t->p++ : UINT8_MAX;
        l->minutes = (uint16_t)take(t);
        t->bad |= row >= w->n || l->slot >= REGISTER_SLOTS;
    }
}

static bool
codes_are_known(const struct fourteens *f)
{
    for (uint64_t i = 0; i < (f->common + f->rare) * REGISTER_SLOTS; i++)
        if (f->p[i] > ATTENDANCE_CODES)
            return false;
    return true;
}

static enum err
damaged(struct job *j)
{
    err_set(j, ERR_FAULT, "a school's register of a week cannot be read");
    return err_hint(j, "The database may be damaged: see \"rooted check\".");
}

/* What stands before the rows: how many they are, and their patterns. */
static bool
take_head(struct taking *t, size_t *rows, struct fourteens *f)
{
    size_t bytes = (size_t)(t->end - t->p);
    uint64_t n, room;

    if (bytes == 0 || *t->p < VERSION || *t->p > WITH_LINES)
        return false;
    t->p++;
    n = take(t);
    f->common = take(t);
    f->rare = take(t);
    room = (uint64_t)(t->end - t->p) / REGISTER_SLOTS;
    if (t->bad || n > bytes || f->common > room || f->rare > room - f->common)
        return false; /* each row takes a byte at least */
    f->p = t->p;
    t->p += (f->common + f->rare) * REGISTER_SLOTS;
    *rows = (size_t)n;
    return true;
}

enum err
register_unpack(struct job *j, struct register_bytes packed, struct register_week *out)
{
    struct taking t = {packed.p, packed.p + packed.n, false};
    struct fourteens f;

    *out = (struct register_week){0};
    if (!take_head(&t, &out->n, &f))
        return damaged(j);
    out->row = job_array(j, out->n + 1, sizeof *out->row);
    take_runs(&t, out, set_file);
    take_runs(&t, out, set_extracted);
    take_lines(&t, out);
    take_patterns(&t, out, &f);
    take_late(j, &t, out);
    if (packed.p[0] == WITH_LINES)
        out->packed_lines = (struct register_bytes){t.p, (size_t)(t.end - t.p)};
    else
        t.bad |= t.p != t.end;
    return t.bad || !codes_are_known(&f) ? damaged(j) : OK;
}

bool
register_has_lines(struct register_bytes packed)
{
    return packed.n && packed.p[0] == WITH_LINES;
}

static void
take_steps(struct taking *t, const struct register_row *r, uint32_t *line, int64_t step,
           uint64_t before[REGISTER_SLOTS])
{
    uint64_t at = r->line; /* unsigned, as above */
    int k = next_mark(r, 0);

    if (k < REGISTER_SLOTS)
        line[k] = r->line;
    for (k = next_mark(r, k + 1); k < REGISTER_SLOTS; k = next_mark(r, k + 1)) {
        if (step == NO_STEP)
            before[k] += (uint64_t)take_signed(t);
        at += step == NO_STEP ? before[k] : (uint64_t)step;
        line[k] = (uint32_t)at;
    }
}

enum err
register_unpack_lines(struct job *j, struct register_week *w)
{
    struct taking t = {w->packed_lines.p, w->packed_lines.p + w->packed_lines.n, false};
    int64_t *step = job_array(j, w->n + 1, sizeof *step);
    uint64_t before[REGISTER_SLOTS] = {0}, last = 0;

    if (!w->packed_lines.n)
        return OK;
    for (size_t i = 0; i < w->n && !t.bad;) {
        uint64_t n = take(&t);
        last += (uint64_t)take_signed(&t);
        t.bad |= n == 0 || n > w->n - i;
        for (; n && !t.bad; n--)
            step[i++] = (int64_t)last;
    }
    w->lines = job_array(j, w->n + 1, sizeof *w->lines);
    for (size_t i = 0; i < w->n && !t.bad; i++)
        take_steps(&t, &w->row[i], w->lines[i], step[i], before);
    return t.bad || t.p != t.end ? damaged(j) : OK;
}

/* ---- a few rows of it -------------------------------------------------------------- */

/* Rows that were looked for, by their place among all. */
struct picked {
    struct register_week *week;
    size_t *at;
    size_t rows; /* of all */
};

static bool
is_among(const int64_t *v, size_t n, int64_t x)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == x)
            return true;
    return false;
}

static void
pick(struct job *j, struct picked *p, size_t at, int64_t identity)
{
    struct register_week *w = p->week;

    w->row = job_grow(j, w->row, w->n * sizeof *w->row, (w->n + 1) * sizeof *w->row);
    p->at = job_grow(j, p->at, w->n * sizeof *p->at, (w->n + 1) * sizeof *p->at);
    p->at[w->n] = at;
    w->row[w->n++].identity_id = identity;
}

static void
pick_runs(struct taking *t, struct picked *p, void (*set)(struct register_row *, int64_t))
{
    int64_t v = 0;
    size_t k = 0;

    for (size_t i = 0; i < p->rows && !t->bad;) {
        uint64_t n = take(t);
        v += take_signed(t);
        if (n == 0 || n > p->rows - i) {
            t->bad = true;
            return;
        }
        for (i += (size_t)n; k < p->week->n && p->at[k] < i; k++)
            set(&p->week->row[k], v);
    }
}

static void
pick_lines(struct taking *t, struct picked *p)
{
    uint64_t line = 0;
    size_t k = 0;

    for (size_t i = 0; i < p->rows; i++) {
        line += (uint64_t)take_signed(t);
        if (k < p->week->n && p->at[k] == i)
            p->week->row[k++].line = (uint32_t)line;
    }
}

static void
pick_patterns(struct taking *t, struct picked *p, const struct fourteens *f)
{
    uint64_t rare = 0;
    size_t k = 0;

    for (size_t i = 0; k < p->week->n; i++) {
        uint64_t number = take(t), at = number ? number - 1 : f->common + rare++;
        if (t->bad || number > f->common || rare > f->rare) {
            t->bad = true;
            return;
        }
        if (p->at[k] == i)
            memcpy(p->week->row[k++].mark, f->p + at * REGISTER_SLOTS, REGISTER_SLOTS);
    }
}

enum err
register_unpack_of(struct job *j, struct register_bytes packed, const int64_t *identity, size_t n,
                   struct register_week *out)
{
    struct taking t = {packed.p, packed.p + packed.n, false}, runs;
    struct picked p = {.week = out};
    struct fourteens f;
    uint64_t v = 0;

    *out = (struct register_week){0};
    if (!take_head(&t, &p.rows, &f))
        return damaged(j);
    runs = t;
    pick_runs(&t, &p, set_file); /* nobody is picked yet */
    pick_runs(&t, &p, set_extracted);
    for (size_t i = 0; i < p.rows && !t.bad; i++)
        if (is_among(identity, n, (int64_t)(v += (uint64_t)take_signed(&t))))
            pick(j, &p, i, (int64_t)v);
    if (!t.bad && out->n) {
        pick_lines(&t, &p);
        pick_patterns(&t, &p, &f);
        pick_runs(&runs, &p, set_file);
        pick_runs(&runs, &p, set_extracted);
    }
    return t.bad || runs.bad || !codes_are_known(&f) ? damaged(j) : OK;
}

/* ---- compressing ------------------------------------------------------------------ */

struct register_press {
    ZSTD_CCtx *in;
    ZSTD_DCtx *out;
};

static void
close_press(void *arg)
{
    struct register_press *x = arg;

    ZSTD_freeCCtx(x->in);
    ZSTD_freeDCtx(x->out);
}

static enum err
no_memory(struct job *j)
{
    return err_set(j, ERR_BUSY, "the machine has no memory left for registers");
}

enum err
register_press_open(struct job *j, struct register_press **out)
{
    struct register_press *x = job_alloc(j, sizeof *x);

    job_on_end(j, close_press)->arg = x;
    x->out = ZSTD_createDCtx();
    *out = x;
    return x->out ? OK : no_memory(j);
}

/* Who only reads needs none. */
static enum err
ready_to_press(struct job *j, struct register_press *x)
{
    if (x->in)
        return OK;
    if (!(x->in = ZSTD_createCCtx()))
        return no_memory(j);
    ZSTD_CCtx_setParameter(x->in, ZSTD_c_compressionLevel, LEVEL);
    return OK;
}

static enum err
zstd_failed(struct job *j, size_t code)
{
    damaged(j);
    return err_detail(j, "zstd: %s", ZSTD_getErrorName(code));
}

enum err
register_press(struct job *j, struct register_press *x, struct register_bytes packed,
               struct register_bytes base, struct register_bytes *out)
{
    size_t room = ZSTD_compressBound(packed.n), n;
    uint8_t *to = job_alloc(j, room);
    enum err e = ready_to_press(j, x);

    if (e)
        return e;
    if (base.n) /* holds for the next call only */
        ZSTD_CCtx_refPrefix(x->in, base.p, base.n);
    n = ZSTD_compress2(x->in, to, room, packed.p, packed.n);
    *out = (struct register_bytes){to, n};
    return ZSTD_isError(n) ? zstd_failed(j, n) : OK;
}

enum err
register_unpress(struct job *j, struct register_press *x, struct register_bytes content,
                 struct register_bytes base, struct register_bytes *out)
{
    unsigned long long size = ZSTD_getFrameContentSize(content.p, content.n);
    uint8_t *to;
    size_t n;

    if (size > MOST_BYTES) /* unknown and wrong are larger than any size */
        return damaged(j);
    to = job_alloc(j, (size_t)size + 1);
    if (base.n)
        ZSTD_DCtx_refPrefix(x->out, base.p, base.n);
    n = ZSTD_decompressDCtx(x->out, to, (size_t)size, content.p, content.n);
    *out = (struct register_bytes){to, n};
    if (ZSTD_isError(n))
        return zstd_failed(j, n);
    return n == size ? OK : damaged(j);
}
