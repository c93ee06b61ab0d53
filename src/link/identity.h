/* link/identity.h - which child a description in a file is.
 *
 * A file describes a child by numbers, names, date of birth, postcode.  Each distinct
 * description is one identity, kept for ever; facts point at identities, and this room alone
 * says which person an identity is.  Exact rules only, each of which joins by itself:
 *   1. the same UPN, as either side's present or former one;
 *   2. the same surname, forename, date of birth and postcode;
 *   3. the same id in the case system (a person list says whose it is).
 * A UPN or id does not join where date of birth and forename both differ (or, from a file
 * without names, where the date of birth differs): two children share a number by mistake.
 * Twins differ in forename, so rule 2 does not join them.  Who is not found is a new person
 * if a school or the person list describes them, else not linkable.
 *
 * Opened once for a load, with all of the area's identities; uses j->area and j->db. */
#pragma once
#include "base/date.h"
#include "base/text.h"
#include "store/db.h"

enum identity_source {
    IDENTITY_SCHOOL,       /* census */
    IDENTITY_NOTIFICATION, /* of a suspension: stored as "school"; a new person only by UPN */
    IDENTITY_CARE,         /* social care: no names; never a new person */
    IDENTITY_LIST,         /* case-system person list */
};

/* As given, trimmed; an empty span or DATE_NONE: not given. */
struct description {
    enum identity_source source;
    struct span upn, former_upn, local_id;
    struct span surname, forename, middle_names, preferred_surname, former_surname;
    int32_t born;
    struct span sex;      /* M F U */
    struct span postcode; /* "CH1 9ZZ"; part of the description only where there is no UPN */
};

enum identity_doubt {
    DOUBT_UPN_SHARED = 1,   /* another child has this UPN: not joined by it */
    DOUBT_UPN_CHANGED = 2,  /* joined by name, born and postcode to another UPN */
    DOUBT_ID_SHARED = 4,    /* another child has this case-system id: not joined by it */
    DOUBT_NOT_LINKABLE = 8, /* nobody known, and this source makes no new person */
};
struct identity {
    int64_t identity_id;
    int64_t person_id; /* 0: not linkable */
    unsigned doubt;    /* enum identity_doubt, of a description not seen before */
    bool seen;         /* this very description was there already */
};

/* New rows go to whoever writes them, in the order of their keys. */
extern const struct db_table identity_table, identity_person_table;
struct identity_sink {
    void *arg;
    /* v must be copied.  Called between transactions of the caller. */
    enum err (*row)(struct job *j, void *arg, const struct db_table *t,
                    const struct arg *v);
    const char *home; /* of the key file, which sealed children are read with; NULL none */
};

struct identities;
/* Reads the area's identities once; about 150 bytes each, until the job or scope ends.  Sealed
 * children are among them (sealed.h); ERR_ENV: there are some, and no key file was named. */
MUST_CHECK enum err identity_open(struct job *j, struct identity_sink sink,
                                  struct identities **out);
/* New identities from here on were first seen in this batch. */
void identity_for_batch(struct identities *ids, int64_t batch_id);
MUST_CHECK enum err identity_find(struct job *j, struct identities *ids,
                                  const struct description *d, struct identity *out);
/* Two persons found to be one become one.  Few: call it in the transaction that publishes
 * the batch, once its rows are written. */
MUST_CHECK enum err identity_settle(struct job *j, struct identities *ids);
/* Identities that were not linkable and now are; in a transaction of the caller, at most
 * `most`; *left tells if there may be more. */
MUST_CHECK enum err identity_link(struct job *j, struct identities *ids, int64_t most, bool *left);
/* Remove the identities first seen in a batch that came to nothing, and persons left without
 * any.  In one transaction of the caller; at most `most` rows, *left tells if there are more. */
MUST_CHECK enum err identity_drop(struct job *j, int64_t batch_id, int64_t most, bool *left);
