/* risk/sign_test.h - how often each sign was right: looking back at past data as known then.
 *
 * Signs are looked for on each of many Sundays with what the council held on that day: a
 * batch counts from the day its files were made (timeline_order.from_made).  Registers count
 * from the day of each mark, as the last extract has it: schools take them on the day, and
 * what is loaded is often a year at once.  Who is who is as now.
 *
 * Counted is a child and school year, once, however many weeks it stays listed: listed from
 * the first Sunday of the year on which it has the sign.  Precision: how many of those had
 * the outcome within 365 days after; base rate: the same of all children looked at, from
 * their first Sunday in the year.  Recall: of children's first outcomes in a school year,
 * how many had the sign on a Sunday in the 365 days before; lead time: from the first of
 * these Sundays.  Only days are used that 365 days of data follow. */
#pragma once
#include "risk/signs.h"
#include "stats/interval.h"

enum sign_after {
#define AFTER(id, name, title, definition) id,
#include "risk/sign_after.def"
#undef AFTER
    AFTERS
};
struct sign_after_row {
    const char *name, *title, *definition;
};
extern const struct sign_after_row sign_after_rows[AFTERS];

/* What is tested: each rule of the pack by its place, and being listed in a tier. */
enum { TESTED_LISTED = SIGNS_MOST, TESTED_TIER_2, TESTED_TIER_3, SIGN_TESTED };
enum { SIGN_TEST_DATES = 150 };

struct sign_test_order {
    const char *home;
    const struct sign_pack *pack;
    int64_t pack_id;          /* 0: a pack that is not kept, so that nothing is stored */
    int dates;                /* 0: SIGN_TEST_DATES, or as many as there are */
    int threads;              /* 0: as many as cores; the same answer for any number */
};
struct sign_test {
    int64_t id, pack_id, made; /* 0: none */
    const char *pack_version;
    int32_t first_day, last_day, followed_to; /* Sundays; last day with data */
    int64_t dates, states;    /* states: different sets of batches known */
    int64_t looked;           /* children and school years */
    uint32_t no_data;         /* bit per rule: without its source on every one of the days */
};
/* Reads through j->db and writes there where the pack is kept.  ERR_NOT_FOUND: not enough
 * data is loaded, the message says what is missing. */
MUST_CHECK enum err sign_test_make(struct job *j, const struct sign_test_order *o,
                                   struct sign_test *out);

/* ---- reading: asks permit(ACT_SIGNS); a school is told of the signs that it is shown ---- */

struct sign_score {
    int tested;               /* rule, or TESTED_… */
    enum sign_after after;
    const char *dimension, *member; /* "all", "all"; "sex", "F" */
    struct part precision, recall, base;
    int32_t lead_low, lead, lead_high; /* days: quartiles and median; -1 nobody */
};
enum sign_verdict {
    VERDICT_FEW,              /* fewer than 10 listed: too few to say */
    VERDICT_CHANCE,           /* the interval of its precision reaches the base rate */
    VERDICT_BETTER
};
/* The last test of a pack (0: of the one in force).  ERR_NOT_FOUND: not tested yet. */
MUST_CHECK enum err sign_test_current(struct job *j, int64_t pack, struct sign_test *out);
/* Scores of one rule or tier, by outcome, dimension and member. */
MUST_CHECK enum err sign_test_scores(struct job *j, const struct sign_test *t, int tested,
                                     const struct sign_score **out, size_t *n);
/* All rules and tiers for all children, by tested then outcome. */
MUST_CHECK enum err sign_test_summary(struct job *j, const struct sign_test *t,
                                      const struct sign_score **out, size_t *n);
enum sign_verdict sign_verdict(const struct sign_score *s);
/* "Of 212 children listed, 61 (28.8%, 23.1% to 35.2%) were suspended within 12 months; of all
 * children looked at 6.1%."; under 10: "Too few to say: 4 children listed". */
const char *sign_score_words(struct job *j, const struct sign_score *s);
/* Sentences of warning about a rule: no better than chance for any outcome; much worse for a
 * group than for the others of its dimension.  NULL: nothing to warn of. */
const char *sign_test_warning(struct job *j, const struct sign_score *scores, size_t n);
/* "Girls", "SEN support", "Black". */
const char *sign_member_label(const char *dimension, const char *member);
