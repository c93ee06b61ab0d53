/* risk/sign_list.h - the children whom warning signs list, as pages and files read them.
 *
 * Read from the current run (sign_run.h), which is made after each load.  Everything asks
 * permit(ACT_SIGNS): a school role gets the pupils of its school, made without what it may
 * not see - signs, tiers, counts, what is new, order.  Nothing here is a score. */
#pragma once
#include "risk/signs.h"

struct sign_run {
    int64_t id, known_at, made;   /* times */
    int32_t day;                  /* what happened later does not count */
    int32_t compared_day;         /* what is new is new since then; DATE_NONE: not compared */
    int32_t registers_to;         /* last day of which registers tell; DATE_NONE: none */
    int64_t pack_id, looked_at;
    const char *pack_version;
    uint32_t no_data;             /* bit per rule of the pack: its source is not loaded */
    struct sign_pack pack;        /* as it was in that run */
};
/* ERR_NOT_FOUND before the first. */
MUST_CHECK enum err sign_run_current(struct job *j, struct sign_run *out);

enum sign_sort { SIGN_SORT_KINDS, SIGN_SORT_NAME }; /* most kinds first; school, then name */
enum { SIGN_ANY = -1000 };
struct sign_filter {
    int64_t urn;            /* 0: every school */
    unsigned domains;       /* bit each: any of them; 0: no matter */
    int tier;               /* at least; 0 and 1: every listed child */
    int year_group, rule;   /* rule: place in the pack; SIGN_ANY */
    bool changed;           /* newly listed, or with a new sign */
    bool left;              /* instead: listed on the day compared with, and no longer */
    enum sign_sort sort;
};
#define SIGN_FILTER_ALL ((struct sign_filter){.year_group = SIGN_ANY, .rule = SIGN_ANY})

struct sign_reason {
    const struct sign_rule *rule;
    const char *words;      /* "Missed 14 of 60 sessions in the last 6 school weeks; …" */
    bool is_new;            /* not there on the day compared with */
    int32_t on, data_day;   /* DATE_NONE: none */
    struct sign_found found;
};
struct sign_listed {
    int64_t person, urn;
    const char *name, *school;
    int year_group, tier, tier_before; /* before: on the day compared with; 0 not listed */
    unsigned domains;
    uint32_t met, is_new, gone; /* bit per rule; new and gone since that day */
    unsigned context;           /* CONTEXT_… that this viewer may see */
    const struct sign_reason *reason; /* in the order of the pack */
    size_t n;
    bool hidden; /* not for j->who: person and name (words instead) are all that is set */
};
struct sign_asked {
    struct sign_filter of;
    int64_t limit, offset;
};
struct sign_page {
    struct sign_listed *row;
    size_t n;
    int64_t total;          /* all that the filter lets through, whatever the limit */
};
MUST_CHECK enum err sign_list(struct job *j, const struct sign_run *run,
                              const struct sign_asked *ask, struct sign_page *out);
/* How many children each choice would leave, the other filters kept; without any filter but
 * the school they are read, not counted. */
struct sign_facets {
    int64_t listed, changed, left; /* left: listed on the day compared with, no longer */
    int64_t tier[4], domain[SIGN_DOMAINS], rule[SIGNS_MOST]; /* tier: exactly so many */
    int64_t year[16];              /* of year group - 1 */
};
MUST_CHECK enum err sign_facets(struct job *j, const struct sign_run *run,
                                const struct sign_filter *f, struct sign_facets *out);
/* One child, listed or not; no reason: it has none.  Asks permit with the child. */
MUST_CHECK enum err sign_of_child(struct job *j, const struct sign_run *run, int64_t person,
                                  struct sign_listed *out);
/* Schools with listed children, by name; a school role: its own. */
struct sign_school {
    int64_t urn;
    const char *name;
    int64_t listed, changed, tier[4];
};
MUST_CHECK enum err sign_schools(struct job *j, const struct sign_run *run,
                                 struct sign_school **out, size_t *n);
