/* synth/case_files.h - what the social care case system writes beside the census: SSDA903 of
 * each year, and on the last day the Standard Safeguarding Dataset, the lists of Annex A and
 * DfE's payload. */
#pragma once
#include "synth/cin.h"

enum { C903_HEADER_FILE, C903_EPISODES_FILE, C903_OC2_FILE, C903_MISSING_FILE, C903_REVIEWS_FILE,
       C903_FILES };
enum { SSD_PERSON_FILE, SSD_LINKED_FILE, SSD_LEGAL_FILE, SSD_HELP_FILE, SSD_REFERRAL_FILE,
       SSD_ASSESSMENT_FILE, SSD_PLAN_FILE, SSD_ENQUIRY_FILE, SSD_PROTECTION_FILE, SSD_CARE_FILE,
       SSD_PLACEMENT_FILE, SSD_SDQ_FILE, SSD_MISSING_FILE, SSD_FILES };
struct case_set {
    const struct folder *in;
    struct truth *truth;
    struct table looked_after[CIN_YEARS][C903_FILES]; /* by the year in which it ends */
    struct table dataset[SSD_FILES];
    struct annex *annex;
    FILE *payload;
    bool any; /* a child is in the payload */
};
MUST_CHECK enum err case_open(struct case_set *s, const struct folder *in, struct truth *t);
void case_write(struct case_set *s, const struct life *l);
MUST_CHECK enum err case_close(struct case_set *s);

/* What happened by the last day; DATE_NONE: had not. */
static inline int32_t
case_known(int32_t date)
{
    return date <= LAST_DAY ? date : DATE_NONE;
}
/* Is the UPN in the case system? */
static inline bool
case_has_upn(const struct life *l)
{
    return !l->cin_no_upn && date_from_ymd(l->cohort, 9, 1) < LAST_DAY;
}
/* The date of birth that the case system has: day and month may be the wrong way round. */
static inline int32_t
case_born(const struct life *l)
{
    struct ymd b = date_to_ymd(l->born);

    return l->list_dob ? date_from_ymd(b.year, b.day, b.month) : l->born;
}
/* Missing for a day or two from this on, in the year from `from`; DATE_NONE not. */
int32_t case_missing(const struct life *l, struct dates year);

MUST_CHECK enum err dataset_open(struct case_set *s);          /* dataset.c */
void dataset_write(struct case_set *s, const struct life *l);
MUST_CHECK enum err annex_open(struct case_set *s);            /* annex.c */
void annex_write(struct case_set *s, const struct life *l);
MUST_CHECK enum err annex_close(struct case_set *s);
MUST_CHECK enum err payload_open(struct case_set *s);          /* payload.c */
void payload_write(struct case_set *s, const struct life *l);
void payload_end(struct case_set *s);
