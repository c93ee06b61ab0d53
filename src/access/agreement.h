/* access/agreement.h - the sharing agreement: for a purpose, how much of a category of data a
 * kind of agency may receive.
 *
 * The information-governance officer writes a version as a draft, has it signed, and brings it
 * into force on a day; from then on it is not changed, a new version follows it.  Nothing is
 * shared that the version in force does not name.  Statements of its lawful basis are the
 * controller's own words (Articles 6 and 9 of the UK GDPR, Data Protection Act 2018). */
#pragma once
#include "access/actor.h"

enum purpose {
#define PURPOSE(id, name, words) id,
#include "access/purposes.def"
#undef PURPOSE
    PURPOSES
};
enum category {
#define CATEGORY(id, name, words, proposed) id,
#include "access/categories.def"
#undef CATEGORY
    CATEGORIES
};
enum share { SHARE_NONE, SHARE_EXISTENCE, SHARE_SUMMARY, SHARE_FULL, SHARES };

struct agreement_term {
    const char *name, *words; /* as stored and as forms send it; as shown */
};
struct agreement_term agency_kind_term(enum agency_kind k);
struct agreement_term purpose_term(enum purpose p);
struct agreement_term category_term(enum category c);
struct agreement_term share_term(enum share s); /* "full", "all of it" */
bool agency_kind_find(const char *name, enum agency_kind *out);
bool purpose_find(const char *name, enum purpose *out);
bool share_find(const char *name, enum share *out);

struct agreement {
    int64_t version; /* 0: there is none */
    const char *title, *article_6, *article_9;
    bool draft;
    int64_t made, agreed;            /* times; agreed 0: a draft */
    const char *made_by, *agreed_by; /* names */
    int32_t force_from, review_on;   /* dates; DATE_NONE */
    bool in_force;                   /* today */
    uint8_t share[PURPOSES][AGENCY_KINDS][CATEGORIES]; /* enum share */
};
struct agreement_signature {
    enum agency_kind kind;
    const char *agency, *by;
    int32_t on;
};

/* Reading asks permit(ACT_AGREEMENT): everybody who signs in may know what is shared. */
MUST_CHECK enum err agreement_get(struct job *j, int64_t version, struct agreement *out);
/* Newest first; without what is shared. */
MUST_CHECK enum err agreement_list(struct job *j, struct agreement **out, size_t *n);
/* In force on that day; version 0 and nothing shared when none is. */
MUST_CHECK enum err agreement_on(struct job *j, int32_t day, struct agreement *out);
MUST_CHECK enum err agreement_signatures(struct job *j, int64_t version,
                                         struct agreement_signature **out, size_t *n);
/* One line of what differs between two versions. */
struct agreement_change {
    enum purpose purpose;
    enum agency_kind kind;
    enum category category;
    enum share was, is;
};
/* In the order of the tables; n places are enough: AGREEMENT_CELLS. */
enum { AGREEMENT_CELLS = PURPOSES * AGENCY_KINDS * CATEGORIES };
size_t agreement_diff(const struct agreement *was, const struct agreement *is,
                      struct agreement_change *out);

/* Writing asks permit(ACT_AGREEMENT_WRITE); in the caller's transaction.  ERR_CONFLICT: the
 * version is no draft any more, or there is a draft already; ERR_INPUT says what is missing. */
/* A draft like the newest version; the first as categories.def proposes. */
MUST_CHECK enum err agreement_draft(struct job *j, int64_t *version);
struct agreement_text {
    const char *title, *article_6, *article_9;
    int32_t review_on; /* DATE_NONE: not said yet */
};
MUST_CHECK enum err agreement_change_text(struct job *j, int64_t version,
                                          const struct agreement_text *t);
/* What one kind of agency receives for one purpose, all categories. */
MUST_CHECK enum err agreement_change_share(struct job *j, int64_t version, enum purpose p,
                                           enum agency_kind k, const uint8_t share[CATEGORIES]);
MUST_CHECK enum err agreement_sign(struct job *j, int64_t version,
                                   const struct agreement_signature *s);
/* From a day that is not over.  Wants title, both articles, a date of review after it, and the
 * signature of each kind of agency that receives something. */
MUST_CHECK enum err agreement_begin(struct job *j, int64_t version, int32_t from);
/* Throw a draft away. */
MUST_CHECK enum err agreement_drop(struct job *j, int64_t version);
