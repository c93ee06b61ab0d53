/* intake/care.h - one children-in-need census while it comes in.  Private to this room.
 *
 * A child, its cases (referrals) and what is in them; the checks that look across the cases
 * of one child are made when the next child comes. */
#pragma once
#include "intake/family.h"
#include "returns/fields.h"

/* From … to, half-open; to DATE_OPEN: still going on. */
struct spell {
    int32_t from, to;
    int64_t line;
};
enum care_kind { CARE_OTHER, CARE_CASE, CARE_PLAN, CARE_PROTECTION, CARE_KINDS };
enum { MOST_SPELLS = 64 }; /* of a kind, looked at in the checks across cases */

struct care_case {
    uint64_t key;
    struct spell spell;
    bool no_action, closed;
};
struct care {
    struct loading *l;
    int32_t year;            /* in which the return ends */
    struct map_salt salt;
    struct map *upns, *local_ids; /* met in this return */
    /* the child now being read */
    struct place child_at;
    uint64_t child_key;
    int64_t identity_id;     /* 0: no child yet */
    int32_t born;
    struct care_case cases[MOST_SPELLS];
    size_t n_cases;
    struct spell spells[CARE_KINDS][MOST_SPELLS];
    size_t n_spells[CARE_KINDS];
};

/* care_checks.c: DfE's rules across the cases of the child now ending. */
MUST_CHECK enum err care_check_child(struct job *j, struct care *c);
