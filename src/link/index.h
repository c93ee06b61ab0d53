/* link/index.h - the area's identities in memory, by what they can be found by.  Private.
 *
 * Everything is a flat table of 64-bit keys: the text itself stays in the database. */
#pragma once
#include "base/map.h"
#include "link/identity.h"

/* A description that is there. */
struct known {
    uint64_t digest; /* the second 64 bits of it; the first are the key */
    int64_t identity_id, person_id;
};
/* Who was seen under a UPN, a case-system id, or a name with date of birth. */
struct holder {
    int64_t next; /* index of the next with this key, -1: none */
    int64_t person_id;
    uint64_t forename; /* key; 0 not given */
    int32_t born;
    bool upn;          /* that description had a UPN */
};
/* An identity without a person, to be asked again when more is known. */
struct lone {
    int64_t identity_id; /* 0: found meanwhile */
    size_t known;        /* its index in known */
    uint64_t upn, local_id; /* keys; 0 none */
    int32_t born;
};
struct merge {
    int64_t from, to; /* persons */
};

struct identities {
    struct identity_sink sink;
    int64_t batch_id;
    int64_t next_id, ids_left; /* of the area's counter */
    bool history;           /* censuses were loaded before */
    struct map_salt salt;
    struct map *known_by;   /* digest -> index in known */
    struct map *upn, *local_id, *name; /* key -> index in holders */
    struct map *lived;      /* person and postcode seen together */
    struct map *merged;     /* person -> the person it was found to be */
    struct map *sealed;     /* person who is sealed -> 1 */
    struct pile *known, *holders, *lone, *merges;
};

/* The keys that a description is found by; 0: it has no such thing. */
struct keys {
    uint64_t upn, former_upn, local_id;
    uint64_t name; /* surname, forename and date of birth */
    uint64_t forename;
};
void index_keys(struct job *j, const struct identities *ids, const struct description *d,
                struct keys *k);
uint64_t index_key_lived(const struct identities *ids, int64_t person_id, struct span postcode);
/* The person that this one was found to be; itself. */
int64_t index_person(const struct identities *ids, int64_t person_id);
/* Note that this person was described so. */
MUST_CHECK enum err index_note(struct job *j, struct identities *ids, const struct description *d,
                               const struct keys *k, int64_t person_id);
/* Is this person, or whom it was found to be, sealed? */
bool index_is_sealed(const struct identities *ids, int64_t person_id);
/* First holder under the key; NULL none. */
struct holder *index_first(const struct identities *ids, struct map *m, uint64_t key);
struct holder *index_next(const struct identities *ids, const struct holder *h);
/* The description is there now. */
MUST_CHECK enum err index_add(struct job *j, struct identities *ids, const uint64_t digest[2],
                              const struct identity *i);
/* The identity added last has no person yet. */
MUST_CHECK enum err index_add_lone(struct job *j, struct identities *ids, const struct keys *k,
                                   int32_t born);
struct known *index_known(const struct identities *ids, const uint64_t digest[2]);
MUST_CHECK enum err index_load(struct job *j, struct identities *ids);
