/* access/outbox.h - mail that waits in the database until it is carried out.
 *
 * It is added in the transaction of what it tells of, and carried out behind the pages by
 * whatever outbox_send() is given (work/post.h). Where it goes is looked up when it goes, so that
 * the outbox holds no address. Before it goes it is noted as being sent: one over which the
 * program was killed, or to which a server gave no answer, is perhaps sent, and goes a second time
 * only when a person says so, as the same message. Tries have growing waits; after OUTBOX_TRIES it
 * is given up.
 *
 * States: waiting, sending, perhaps, sent, given-up, dropped (withdrawn, or overtaken by a newer
 * one), left (perhaps sent, and left at that). */
#pragma once
#include "access/actor.h"
#include "access/key.h"

enum mail_kind {
#define MAIL(id, name, about, subject, text, after) id,
#include "access/mails.def"
#undef MAIL
    MAILS
};
enum { OUTBOX_TRIES = 8, OUTBOX_MOST = 200 };
const char *mail_kind_about(enum mail_kind k); /* "an invitation" */
int64_t outbox_wait_after(int tries); /* microseconds until the next one */

/* In the caller's transaction. *queued: the account has an address; without one nothing is added,
 * and no error. A mail with a link (k is needed then) puts an older one of its kind to the same
 * account aside. */
struct mail_order {
    enum mail_kind kind;
    int64_t account;
    const char *link; /* NULL none */
};
MUST_CHECK enum err outbox_add(struct job *j, const struct key *k, const struct mail_order *o,
                               bool *queued);
/* What waits for an account of that kind is not sent any more. */
MUST_CHECK enum err outbox_drop(struct job *j, enum mail_kind kind, int64_t account);
/* To everybody who holds this role in j->area now. */
MUST_CHECK enum err outbox_add_role(struct job *j, enum mail_kind kind, enum role role);

/* One mail as it is carried out. */
struct mail {
    const char *id; /* "896-12", of this database alone */
    const char *to, *subject, *text;
    int64_t at, made; /* made: with id what tells it from any other, the same each time */
};
/* OK, or an error whose message is kept and shown: a sentence without an address. ERR_CONFLICT: it
 * may have gone, nobody knows. */
typedef enum err mail_carry_fn(struct job *j, const struct mail *m, void *arg);
/* Carry out what is due, on a writing connection and outside of a transaction. After a first one
 * that does not go, the others wait for the next call. *sent: how many went. */
MUST_CHECK enum err outbox_send(struct job *j, const struct key *k, mail_carry_fn *fn, void *arg,
                                int *sent);

/* What became of the newest OUTBOX_MOST; asks permit(ACT_ACCOUNTS). */
struct outbox_row {
    int64_t area, id, account;
    const char *to;       /* name; NULL: the account is gone */
    const char *about;    /* "an invitation" */
    int64_t made, settled, next_try; /* settled 0: it waits */
    const char *state;    /* as stored */
    int64_t tries;
    const char *problem;  /* NULL none */
};
MUST_CHECK enum err outbox_list(struct job *j, struct outbox_row **out, size_t *n);
/* How many are perhaps sent; asks nothing: it is a number. */
MUST_CHECK enum err outbox_unsure(struct job *j, int64_t *n);
/* One that is perhaps sent goes again, or is left at that; permit(ACT_ACCOUNTS), in the caller's
 * transaction. ERR_NOT_FOUND: it is not (any more) perhaps sent. */
struct outbox_settle {
    int64_t area, id;
    bool again;
};
MUST_CHECK enum err outbox_settle(struct job *j, const struct outbox_settle *s);
/* Forget what was settled a year ago. */
MUST_CHECK enum err outbox_sweep(struct job *j);
