#include "access/audit.h"
#include "store/db.h"

enum { NOTES_MEMORY = 4 * JOB_MB, LOOK_BACK = 32 };

void
audit_begin(struct job *j, const struct key *key, struct notes *n)
{
    *n = (struct notes){.key = key};
    n->last = &n->first;
    job_init(&n->memory, NOTES_MEMORY);
    j->notes = n;
}

void
audit_end(struct notes *n)
{
    job_end(&n->memory);
    n->first = NULL;
    n->last = &n->first;
}

/* A page whose parts each ask permit() about the same child looked once. */
static bool
is_noted(const struct job *j, const struct note *new)
{
    const struct note *n = j->notes->first;

    for (int i = 0; n && i < LOOK_BACK; n = n->next, i++)
        if (n->act == new->act && n->refused == new->refused && n->at == new->at &&
            n->account == new->account && n->area == new->area && n->subject && new->subject &&
            !strcmp(n->subject, new->subject))
            return true;
    return false;
}

void
audit_note(struct job *j, enum act act, const char *subject, bool refused)
{
    struct notes *n = j->notes;
    const struct note new = {.at = j->now, .area = j->area, .account = j->who ? j->who->account : 0,
                             .act = act, .refused = refused, .subject = subject};
    size_t length = subject ? strlen(subject) + 1 : 0;
    struct note *note;

    if (!n || is_noted(j, &new))
        return;
    note = job_try_alloc(&n->memory, sizeof *note + length);
    if (!note) {
        n->lost = true;
        return;
    }
    *note = new;
    if (subject)
        note->subject = memcpy(note + 1, subject, length);
    *n->last = note;
    n->last = &note->next;
}

void
audit_words(struct job *j, enum act act, const char *what, const char *words, bool refused)
{
    char hash[KEY_HASH], subject[KEY_HASH + 40];

    if (!j->notes)
        return;
    key_hash(j->notes->key, what, words, hash);
    snprintf(subject, sizeof subject, "%.30s %s", what, hash);
    audit_note(j, act, subject, refused);
}

/* The head's row is locked until the transaction ends: entries of an area have no gaps
 * and are numbered in the order of their commits. */
static const char sql_take_ids[] =
    "INSERT INTO audit_head (area_id, next_id) VALUES ($1, 1 + $2) "
    "ON CONFLICT (area_id) DO UPDATE SET next_id = audit_head.next_id + $2 "
    "RETURNING next_id - $2";

static enum err
take_ids(struct job *j, int64_t area, int64_t n, int64_t *first)
{
    return db_int(j, sql_take_ids, ARGS(INT(area), INT(n)), 0, first);
}

static const char sql_add[] =
    "INSERT INTO audit (area_id, audit_id, at, account_id, act, subject, outcome) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";

static enum err
write_one(struct job *j, const struct note *n, int64_t id)
{
    return db_run(j, sql_add,
                  ARGS(INT(n->area), INT(id), INT(n->at), n->account ? INT(n->account) : NUL,
                       TEXT(act_name(n->act)), TEXT(n->subject),
                       TEXT(n->refused ? "refused" : "allowed")),
                  NULL);
}

/* Runs of one area take their ids together. */
enum err
audit_write(struct job *j, const struct notes *n)
{
    int64_t id = 0, left = 0;
    enum err e = OK;

    if (n->lost)
        return err_set(j, ERR_BUSY, "this looked at more than can be noted at once");
    for (const struct note *at = n->first; at && !e; at = at->next) {
        if (!left) {
            for (const struct note *r = at; r && r->area == at->area; r = r->next)
                left++;
            e = take_ids(j, at->area, left, &id);
        }
        if (!e)
            e = write_one(j, at, id++);
        left--;
    }
    return e;
}
