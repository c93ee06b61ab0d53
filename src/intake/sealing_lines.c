#include "intake/sealing_lines.h"
#include "access/custody.h"
#include "intake/original.h"
#include <strings.h>

/* A few letters are in many records. */
enum { ID_LEAST = 4 };

struct line {
    int64_t batch, file, line, finding, piece; /* piece: first line of its kept text; -1 none */
    bool refused;
    const char *value, *message;
};
struct lines {
    struct line *v;
    size_t n, room;
};

/* ---- is it about the child? -------------------------------------------------------------- */

static bool
is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

static char
small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* As a word of its own, in either case. */
static bool
holds(struct span text, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; n && i + n <= text.n; i++)
        if (small(text.s[i]) == small(word[0]) && !strncasecmp(text.s + i, word, n) &&
            (!i || !is_word(text.s[i - 1])) && (i + n == text.n || !is_word(text.s[i + n])))
            return true;
    return false;
}

/* What tells of the child, each once: a number, or a surname with its forename. */
struct telling {
    struct sign {
        const char *word, *with; /* with: NULL for a number */
    } *v;
    size_t n, room;
};

static void
add_sign(struct job *j, struct telling *t, const char *word, const char *with)
{
    for (size_t i = 0; i < t->n; i++)
        if (!strcmp(t->v[i].word, word) && !with == !t->v[i].with &&
            (!with || !strcmp(t->v[i].with, with)))
            return;
    if (t->n == t->room) {
        size_t more = t->room ? 2 * t->room : 8;
        t->v = job_grow(j, t->v, t->room * sizeof *t->v, more * sizeof *t->v);
        t->room = more;
    }
    t->v[t->n++] = (struct sign){word, with};
}

static enum err
read_telling(struct job *j, const struct key *k, int64_t person, struct telling *t)
{
    struct sealed_words *w;
    size_t n;
    enum err e = sealed_read(j, k, person, &w, &n);

    *t = (struct telling){0};
    for (size_t i = 0; !e && i < n; i++) {
        if (w[i].upn[0])
            add_sign(j, t, w[i].upn, NULL);
        if (w[i].former_upn[0])
            add_sign(j, t, w[i].former_upn, NULL);
        if (strlen(w[i].local_id) >= ID_LEAST)
            add_sign(j, t, w[i].local_id, NULL);
        if (w[i].surname[0] && w[i].forename[0])
            add_sign(j, t, w[i].surname, w[i].forename);
    }
    return e;
}

static bool
tells_of(struct span text, const struct telling *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (holds(text, t->v[i].word) && (!t->v[i].with || holds(text, t->v[i].with)))
            return true;
    return false;
}

/* ---- which findings there are ------------------------------------------------------------ */

static const char sql_lines[] =
    "SELECT f.batch_id, f.file_id, f.line, f.finding_id, COALESCE((SELECT MAX(c.first_line) "
    "FROM file_chunk c WHERE c.area_id = f.area_id AND c.batch_id = f.batch_id "
    "AND c.file_id = f.file_id AND c.first_line <= f.line), -1), f.refused, f.value, f.message "
    "FROM finding f WHERE f.area_id = $1 AND ($2 = 0 OR f.batch_id = $2) AND f.line > 0 "
    "ORDER BY f.batch_id, f.file_id, f.line, f.finding_id";

static void
add_line(struct job *j, struct lines *l, struct line line)
{
    if (l->n == l->room) {
        size_t more = l->room ? 2 * l->room : 64;
        l->v = job_grow(j, l->v, l->room * sizeof *l->v, more * sizeof *l->v);
        l->room = more;
    }
    l->v[l->n++] = line;
}

static enum err
read_lines(struct job *j, int64_t batch, struct lines *out)
{
    struct rows q;

    *out = (struct lines){0};
    db_ask(j, &q, sql_lines, ARGS(INT(j->area), INT(batch)));
    while (db_next(&q))
        add_line(j, out, (struct line){row_int(&q, 0), row_int(&q, 1), row_int(&q, 2),
                                       row_int(&q, 3), row_int(&q, 4), row_int(&q, 5) == 1,
                                       row_text(&q, 6), row_text(&q, 7)});
    return db_done(&q);
}

/* ---- taking them ----------------------------------------------------------------------------- */

struct taking {
    struct job *j;
    struct telling of;
    int64_t person;
    struct line piece;      /* a line of the piece looked at last */
    bool piece_tells;       /* that holds something of the child */
    struct line last;       /* the line before, and whether its record was the child's */
    bool last_was;
    int64_t records;
};

static bool
same_place(const struct line *a, const struct line *b)
{
    return a->batch == b->batch && a->file == b->file && a->line == b->line;
}

/* A remark on a record that was loaded goes with its facts, unless it quotes the child itself.  Of
 * records that were turned away most lie in pieces that hold nothing of the child: these need not
 * be cut out. */
static enum err
is_his(struct taking *t, const struct line *l, bool *yes)
{
    struct original_place at = {l->batch, l->file, l->piece};
    bool same = t->piece.batch == l->batch && t->piece.file == l->file &&
                t->piece.piece == l->piece;
    struct scope s = job_scope_begin(t->j);
    struct span text = {"", 0};
    enum err e = OK;

    *yes = (l->value && tells_of(span_of(l->value), &t->of)) ||
           tells_of(span_of(l->message), &t->of);
    if (!*yes && l->refused && l->piece >= 0) {
        if (!same && !(e = original_piece(t->j, at, &text)))
            t->piece_tells = tells_of(text, &t->of);
        t->piece = *l;
        at.line = l->line;
        if (!e && t->piece_tells && !(e = original_text(t->j, at, &text)))
            *yes = tells_of(text, &t->of);
    }
    job_scope_end(t->j, s);
    return e;
}

static const char sql_note[] =
    "INSERT INTO sealed_finding (area_id, batch_id, finding_id, person_id, refused) "
    "VALUES ($1, $2, $3, $4, $5)";
static const char sql_take[] =
    "UPDATE finding SET area_id = $2 WHERE area_id = $1 AND batch_id = $3 AND finding_id = $4";
/* A batch that was refused whole loaded nothing. */
static const char *const sql_count[] = {
    "UPDATE batch_file SET rows_refused = rows_refused - $3, rows_loaded = rows_loaded + $3 "
    "WHERE area_id = $1 AND batch_id = $2 AND file_id = $4 AND EXISTS (SELECT 1 FROM batch b "
    "WHERE b.area_id = $1 AND b.batch_id = $2 AND b.state <> 'refused')",
    "UPDATE batch SET rows_refused = rows_refused - $3, rows_loaded = rows_loaded + $3 "
    "WHERE area_id = $1 AND batch_id = $2 AND $4 > 0 AND state <> 'refused'",
};

static enum err
count_again(struct job *j, int64_t area, const struct line *l, int by)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < sizeof sql_count / sizeof *sql_count; i++)
        e = db_run(j, sql_count[i], ARGS(INT(area), INT(l->batch), INT(by), INT(l->file)), NULL);
    return e;
}

static enum err
take_line(struct taking *t, const struct line *l)
{
    struct job *j = t->j;
    bool first = !(t->last_was && same_place(l, &t->last));
    int64_t counts = l->refused && first, to = custody_area(j->area);
    enum err e = db_run(j, sql_note, ARGS(INT(to), INT(l->batch), INT(l->finding),
                                          INT(t->person), INT(counts)), NULL);

    if (!e)
        e = db_run(j, sql_take, ARGS(INT(j->area), INT(to), INT(l->batch), INT(l->finding)), NULL);
    if (!e && counts)
        e = count_again(j, j->area, l, 1);
    t->records += first;
    return e;
}

enum err
sealing_lines_take(struct job *j, const struct key *k, int64_t person, int64_t batch, int64_t *n)
{
    struct taking t = {.j = j, .person = person, .last = {.batch = -1}, .piece = {.batch = -1}};
    struct lines l;
    enum err e = read_telling(j, k, person, &t.of);

    if (!e)
        e = read_lines(j, batch, &l);
    for (size_t i = 0; !e && i < l.n; i++) {
        bool his = t.last_was && same_place(&l.v[i], &t.last);
        if (!his)
            e = is_his(&t, &l.v[i], &his);
        if (!e && his)
            e = take_line(&t, &l.v[i]);
        t.last = l.v[i];
        t.last_was = his;
    }
    *n = t.records;
    return e;
}

/* ---- checks ------------------------------------------------------------------------------ */

static const char sql_checks[] = "SELECT task_id, result FROM file_check WHERE area_id = $1";
static const char sql_drop_check[] = "DELETE FROM file_check WHERE area_id = $1 AND task_id = $2";

enum err
sealing_lines_checks(struct job *j, const struct key *k, int64_t person)
{
    struct telling t;
    struct lines l = {0};
    struct rows q;
    enum err e = read_telling(j, k, person, &t);

    if (e)
        return e;
    db_ask(j, &q, sql_checks, ARGS(INT(j->area)));
    while (db_next(&q)) {
        struct line c = {.batch = row_int(&q, 0), .message = row_text(&q, 1)};
        if (tells_of(span_of(c.message), &t))
            add_line(j, &l, c);
    }
    e = db_done(&q);
    for (size_t i = 0; !e && i < l.n; i++)
        e = db_run(j, sql_drop_check, ARGS(INT(j->area), INT(l.v[i].batch)), NULL);
    return e;
}

/* ---- and back ------------------------------------------------------------------------------ */

static const char sql_counted[] =
    "SELECT f.batch_id, f.file_id FROM sealed_finding s JOIN finding f ON f.area_id = s.area_id "
    "AND f.batch_id = s.batch_id AND f.finding_id = s.finding_id "
    "WHERE s.area_id = $1 AND s.person_id = $2 AND s.refused = 1";
static const char *const sql_give_back[] = {
    "UPDATE finding SET area_id = $3 WHERE area_id = $1 AND (batch_id, finding_id) IN (SELECT "
    "s.batch_id, s.finding_id FROM sealed_finding s WHERE s.area_id = $1 AND s.person_id = $2)",
    "DELETE FROM sealed_finding WHERE area_id = $1 AND person_id = $2 AND $3 <> 0",
};

enum err
sealing_lines_give_back(struct job *j, int64_t person)
{
    struct lines l = {0};
    struct rows q;
    enum err e;

    db_ask(j, &q, sql_counted, ARGS(INT(j->area), INT(person)));
    while (db_next(&q))
        add_line(j, &l, (struct line){.batch = row_int(&q, 0), .file = row_int(&q, 1)});
    e = db_done(&q);
    for (size_t i = 0; !e && i < l.n; i++)
        e = count_again(j, -j->area, &l.v[i], -1);
    for (size_t i = 0; !e && i < sizeof sql_give_back / sizeof *sql_give_back; i++)
        e = db_run(j, sql_give_back[i], ARGS(INT(j->area), INT(person), INT(-j->area)), NULL);
    return e;
}
