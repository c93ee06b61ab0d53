/* access/guard.h - records that few may open, and people who may not see a child.
 *
 * A record is normal unless it is guarded.  A restricted one is opened by its owner and those
 * named for it, while their naming is in force; whoever works for the whole area is told that
 * it exists and whom to ask, everybody else nothing.  A bar overrides all of this.  Sealed
 * records are another thing: link/seal.h.  Only permit() decides by what is kept here; casework
 * guide 3.1 (4) is the source of the levels. */
#pragma once
#include "access/actor.h"

enum { GUARD_WHY = 400 }; /* letters of a reason, at most */

struct guard {
    bool restricted;
    int64_t owner;      /* account; 0 when not restricted */
    const char *owner_name, *why;
    int64_t since;
    bool orphan;        /* the owner works here no more: whoever may restrict may change it */
    bool named;         /* j->who is its owner, or is named now */
    bool barred;        /* j->who may not see this child at all */
    int64_t glass;      /* j->who has it open in an emergency: that opening; 0 not */
    int64_t until;      /* named, barred or glass change by themselves then; 0: never */
};
/* How this child's record is kept, and what j->who is to it.  No permission is asked. */
MUST_CHECK enum err guard_get(struct job *j, int64_t person, struct guard *out);

/* All that change something ask permit(ACT_LEVEL) with the child and run in the caller's
 * transaction.  Of a restricted record only its owner and the named get a yes, or anybody when
 * the owner's account is closed.  ERR_INPUT: no reason, or a person who is not there;
 * ERR_CONFLICT: it is so already. */
struct guard_order {
    int64_t person;
    const char *owner; /* login; NULL: j->who */
    const char *why;
};
MUST_CHECK enum err guard_restrict(struct job *j, struct guard_order o);
MUST_CHECK enum err guard_lift(struct job *j, int64_t person, const char *why);
/* until: a time, 0 no end. */
MUST_CHECK enum err guard_name(struct job *j, int64_t person, const char *login, int64_t until);
MUST_CHECK enum err guard_unname(struct job *j, int64_t person, const char *login);
MUST_CHECK enum err guard_bar(struct job *j, int64_t person, const char *login, const char *why);
MUST_CHECK enum err guard_unbar(struct job *j, int64_t person, const char *login);

/* Somebody named for a child, or barred from one; in force now. */
struct guard_person {
    int64_t account;
    const char *login, *name, *why; /* why: of a bar */
    int64_t since, until;           /* until 0: no end */
};
MUST_CHECK enum err guard_list_named(struct job *j, int64_t person, struct guard_person **out,
                                     size_t *n);
MUST_CHECK enum err guard_list_barred(struct job *j, int64_t person, struct guard_person **out,
                                      size_t *n);

/* The restricted children whom j->who answers for, newest first; at most GUARD_OWNED. */
enum { GUARD_OWNED = 200 };
struct guard_owned {
    int64_t person, since;
    const char *why;
};
MUST_CHECK enum err guard_list_owned(struct job *j, struct guard_owned **out, size_t *n);

/* The set form: children whom j->who may not see though the role would let them, as one relation.
 * area, who and now are SQL: columns and parameters of the statement. */
#define GUARD_HIDDEN(area, who, now)                                                              \
    "(SELECT g.person_id, g.owner_id FROM child_guard g WHERE g.area_id = " area                  \
    " AND g.owner_id <> " who " AND NOT EXISTS (SELECT 1 FROM child_named n "                     \
    "WHERE n.area_id = g.area_id AND n.person_id = g.person_id AND n.account_id = " who           \
    " AND n.since <= " now " AND (n.until IS NULL OR n.until > " now ")) "                        \
    "AND NOT EXISTS (SELECT 1 FROM break_glass k WHERE k.area_id = g.area_id "                    \
    "AND k.person_id = g.person_id AND k.account_id = " who " AND k.until > " now                 \
    " AND k.finished IS NULL) UNION ALL SELECT r.person_id, 0 FROM child_bar r "                  \
    "WHERE r.area_id = " area " AND r.account_id = " who " AND r.since <= " now                   \
    " AND (r.until IS NULL OR r.until > " now "))"

/* The same read once for a list: its rows about these children show nothing but that a figure
 * counts somebody; a search does not find them. */
struct guard_set {
    const int64_t *person; /* rising */
    const bool *restricted; /* of each; false: barred */
    size_t n;
};
MUST_CHECK enum err guard_set_load(struct job *j, struct guard_set *out);
bool guard_set_hides(const struct guard_set *s, int64_t person);
/* What stands for the name of such a child. */
const char *guard_set_words(const struct guard_set *s, int64_t person);
/* Whom to ask for restricted children, once each, for whoever works for the whole area: "Ines
 * Marlow and Joan Other"; NULL: none of them is restricted, or a school asks. */
MUST_CHECK enum err guard_owners(struct job *j, const int64_t *person, size_t n,
                                 const char **out);
