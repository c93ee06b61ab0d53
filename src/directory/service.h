/* directory/service.h - the entries of an area's directory, their versions, and what is in force.
 *
 * An entry is one service; its live version is the last that was approved and is served until the
 * next is.  What is live is public, less what document_public() takes out: who reads it is not
 * asked.  The rest asks ACT_DIRECTORY, or ACT_OFFER of who proposes.  Writers work in the caller's
 * transaction. */
#pragma once
#include "directory/document.h"
#include "store/db.h"

enum service_state {
#define STATE(id, name, words) SERVICE_##id,
#define MOVE(from, act, to)
#include "directory/approval.def"
#undef STATE
#undef MOVE
    SERVICE_STATES
};
enum service_act { /* state machine: approval.def */
    SERVICE_SAVE, SERVICE_SEND, SERVICE_APPROVE, SERVICE_RETURN, SERVICE_TAKE_BACK,
    SERVICE_SUPERSEDE, SERVICE_ACTS
};
/* False: that state does not have this act. */
bool service_move(enum service_state from, enum service_act act, enum service_state *to);
const char *service_state_name(enum service_state s);  /* "waiting" */
const char *service_state_words(enum service_state s); /* "Waits for approval" */
bool service_state_find(const char *name, enum service_state *out);

struct service {
    int64_t id;
    const char *uuid, *name, *organization;
    int64_t live_version, live_since; /* 0: none */
    int64_t made, gone, hidden;       /* times; 0: not */
    const char *hidden_why;
    int64_t merged_into;              /* 0: none */
};
/* Public: has a live version, is neither hidden, gone from its sources nor merged into another. */
bool service_is_public(const struct service *s);
MUST_CHECK enum err service_get(struct job *j, int64_t id, struct service *out);
/* By its public id, whatever its state.  ERR_NOT_FOUND. */
MUST_CHECK enum err service_find(struct job *j, const char *uuid, struct service *out);
/* The live document of a public entry.  out may be NULL.  ERR_NOT_FOUND. */
MUST_CHECK enum err service_live(struct job *j, const char *uuid, struct service *out,
                                 json_t **doc);
/* The first public entry, by UUID, whose live document holds this id of a part (a place, an
 * organisation).  ERR_NOT_FOUND. */
MUST_CHECK enum err service_holding(struct job *j, const char *uuid, json_t **doc);
/* All public entries of j->area with their live documents, in the order of their UUIDs.  Each
 * step's memory is given back at the next. */
struct service_step {
    const struct service *service;
    struct span text; /* canonical */
};
typedef enum err service_fn(struct job *, void *arg, const struct service_step *);
MUST_CHECK enum err service_walk(struct job *j, service_fn *fn, void *arg);
/* Rises whenever what the public sees may have changed. */
MUST_CHECK enum err service_turn(struct job *j, int64_t *out);
/* Does so: whoever changes what the public sees of an entry calls it in the same transaction. */
MUST_CHECK enum err service_turn_up(struct job *j);
struct service_counts { int64_t entries, shown, waiting, gone, hidden, duplicates; };
MUST_CHECK enum err service_count(struct job *j, struct service_counts *out);
/* For the manager's list: by name. */
struct service_filter { const char *words; bool waiting, gone, hidden; int64_t limit, offset; };
MUST_CHECK enum err service_list(struct job *j, const struct service_filter *f,
                                 struct service **out, size_t *n);

struct service_version {
    int64_t service, no;
    enum service_state state;
    const char *maker;        /* source, provider, manager */
    int64_t source, run, account, based_on, made, decided, decided_by; /* 0: none */
    const char *reason;       /* NULL none */
};
/* Newest first. */
MUST_CHECK enum err service_versions(struct job *j, int64_t id, struct service_version **out,
                                     size_t *n);
MUST_CHECK enum err service_version(struct job *j, int64_t id, int64_t no,
                                    struct service_version *out, json_t **doc);

struct service_maker {
    const char *who; /* source, provider, manager */
    int64_t source, run, account;
    const char *reason; /* what the maker says of it; NULL nothing */
};
/* A new entry with its first version, in the state that the act leads to.  The document's id is
 * its public one; without one it gets one.  ERR_CONFLICT: there is an entry of that id. */
MUST_CHECK enum err service_add(struct job *j, json_t *doc, const struct service_maker *by,
                                enum service_act act, struct service *out);
/* The same, for many: of a document that was checked, as canonical text.  ERR_CONFLICT as above.
 * Of what goes live service_turn_up() is the caller's to say, once. */
struct service_text { const char *uuid, *name, *organization; struct span text; };
MUST_CHECK enum err service_lay(struct job *j, const struct service_text *t,
                                const struct service_maker *by, enum service_act act,
                                int64_t *id);
MUST_CHECK enum err service_turn_up(struct job *j);
/* A new version of it.  ERR_CONFLICT: based_on (0: not asked) is not what is live any more.  A
 * provider's or manager's version that goes live makes the fields it changed theirs. */
struct service_proposal { json_t *doc; struct service_maker by; int64_t based_on; };
MUST_CHECK enum err service_propose(struct job *j, int64_t id, const struct service_proposal *p,
                                    enum service_act act, int64_t *no);
/* Another text of a version that is no longer new: SAVE, SEND.  doc NULL: as it stands. */
MUST_CHECK enum err service_change(struct job *j, const struct service_version *v, json_t *doc,
                                   enum service_act act);
/* APPROVE, RETURN (which needs a reason), TAKE_BACK. */
MUST_CHECK enum err service_decide(struct job *j, int64_t id, int64_t no, enum service_act act,
                                   const char *reason);
/* why NULL: shown again. */
MUST_CHECK enum err service_hide(struct job *j, int64_t id, const char *why);
