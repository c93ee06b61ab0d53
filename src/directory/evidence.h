/* directory/evidence.h - what is known of whether a service works, and who says so.
 *
 * A claim is what one scale found of a service, or of a programme or approach that several entries
 * offer, each as it was studied or not.  Scales are never merged; an entry without a claim is not
 * assessed, which is no rating.  Nothing is deleted: a claim is withdrawn, with the reason.  What
 * stands is public; changing asks ACT_EVIDENCE, in the caller's transaction. */
#pragma once
#include "store/db.h"

enum evidence_scale {
#define SCALE(id, name, title, rates, source, own) id,
#define RATING(scale, name, shown, finding, wording, words)
#define SMS(level, words)
#include "directory/evidence_scales.def"
#undef SCALE
#undef RATING
#undef SMS
    EVIDENCE_SCALES
};
enum evidence_finding {
    EVIDENCE_GOOD,
    EVIDENCE_EARLY,    /* not enough to say that it works */
    EVIDENCE_STRENGTH, /* says how good the evidence is, not what it found */
    EVIDENCE_INEFFECTIVE,
    EVIDENCE_HARMFUL,
};
struct evidence_scale_row {
    const char *name, *title, *rates, *source;
    const char *own; /* the highest that a provider may give itself; "" none */
};
struct evidence_rating {
    enum evidence_scale scale;
    const char *name, *shown, *words;
    enum evidence_finding finding;
    bool unverified; /* the wording */
};
const struct evidence_scale_row *evidence_scale(enum evidence_scale s);
bool evidence_scale_find(const char *name, enum evidence_scale *out);
const struct evidence_rating *evidence_ratings(size_t *n); /* of all scales, in their order */
const struct evidence_rating *evidence_rating_find(enum evidence_scale s, const char *name);
const char *evidence_sms(int level); /* 1 to 5 */

struct evidence_study {
    const char *design;
    int32_t sms, participants; /* 0: not assessed, not said */
    const char *country, *effect, *interval, *source;
};
struct evidence_claim {
    int64_t id;
    const char *kind;     /* service, programme, approach */
    const char *subject;
    const struct evidence_rating *rating;
    const char *version, *outcome, *population, *setting, *source;
    const char *assessed; /* third-party, commissioner, self */
    const char *fidelity; /* of one entry: same, adapted, approach */
    int32_t rated, retrieved, next_review;
    int64_t withdrawn;    /* time; 0 it stands */
    const char *why;      /* withdrawn */
    struct evidence_study *study;
    size_t n_studies;
};
/* Of an entry; gives it its id.  ERR_INPUT: what is missing, or does not go together. */
MUST_CHECK enum err evidence_add(struct job *j, int64_t entry, struct evidence_claim *c);
/* Another entry that offers what the claim is about; again: another fidelity. */
MUST_CHECK enum err evidence_link(struct job *j, int64_t claim, int64_t entry,
                                  const char *fidelity);
MUST_CHECK enum err evidence_withdraw(struct job *j, int64_t claim, const char *why);
/* Of an entry, the newest rating first; `all` with those withdrawn. */
MUST_CHECK enum err evidence_list(struct job *j, int64_t entry, bool all,
                                  struct evidence_claim **out, size_t *n);

struct evidence_facets {
    int64_t entry;
    bool rigorous;    /* a third party's claim, with a study of at least 3 on the Maryland scale */
    bool harmful, ineffective;
};
MUST_CHECK enum err evidence_facets(struct job *j, int64_t entry, struct evidence_facets *out);
/* Of all entries of j->area that have a claim, by entry. */
MUST_CHECK enum err evidence_facets_all(struct job *j, struct evidence_facets **out, size_t *n);

/* "EIF Guidebook 3 (2019) for conduct problems, ages 3 to 8. This provider runs an adapted
 * version." */
const char *evidence_sentence(struct job *j, const struct evidence_claim *c);
/* "Found harmful", "Found not effective"; of the rest what the rating says. */
const char *evidence_found(const struct evidence_claim *c);
