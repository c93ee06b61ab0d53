/* web/directory/find.h - the page that finds help, and one service; open to everybody.
 *
 * The whole question stands in the address, so a page can be kept, sent and gone back to:
 *
 *   q words · age "9", "year-7" · postcode · within miles · area "yes": serves the postcode
 *   need, language (ids) · ask, wait, cost, how, send, access, evidence, kind, day (facets.def)
 *   from, to "15:30" · sort · page */
#pragma once
#include "directory/search.h"
#include "people/postcode.h"
#include "ui/components.h"
#include "web/directory/summary.h"
#include "web/page.h"

enum { FIND_KEYS = 24, FIND_AT_ONCE = 10 };

/* What was asked, read from the address. */
struct find_asked {
    const char *words, *age, *postcode, *within, *from, *to, *sort; /* as typed; "" not */
    bool area;
    struct search search;
    struct search_key keys[FIND_KEYS]; /* chosen needs and languages; areas of the postcode */
    size_t n_chosen;          /* of keys, those that were chosen */
    const char *unread;       /* a sentence about what could not be read; NULL all could */
    const char *outward;      /* "CH65"; NULL no place is known */
    const char *age_words;    /* "9", "Year 7"; NULL none */
    bool asked;               /* anything at all? */
    uint32_t page;            /* from 1 */
};
/* Postcodes are looked up in j->db; an unknown one is said, and the rest is searched for. */
MUST_CHECK enum err find_read(struct job *j, const struct request *q, struct find_asked *out);
/* The address of the same question without one value (value NULL: without the name), and with
 * another.  Pages start again from the first. */
const char *find_without(struct job *j, const struct request *q, const char *name,
                         const char *value);
const char *find_with(struct job *j, const struct request *q, const char *name,
                      const char *value);

struct find_option {
    const char *name, *value, *label;
    uint32_t services;
    bool on;
};
struct find_group {
    const char *question;
    const struct find_option *v;
    size_t n;
    bool one; /* radios */
};
struct find_hit {
    const char *href;
    struct service_summary s;
    const char *evidence;     /* a sentence */
    bool harmful;
    const char *fresh;        /* "Checked 2 November 2026" */
    const char *fresh_class;  /* "rt-fresh rt-fresh--stale" */
    const char *const *why;
    size_t n_why;
};
struct find_need {
    const char *href, *label, *says;
};
struct find {
    const struct view *view;
    const struct find_asked *asked;
    const char *title;        /* "14 services for age 12 near CH65" */
    const char *read_as;      /* "We also searched for …"; NULL nothing to say */
    const struct link *sorts; /* here: the present one */
    size_t n_sorts, filters;  /* filters that are on */
    const char *clear;
    struct link *tags;        /* each takes one filter away */
    size_t n_tags;
    const struct find_group *groups;
    size_t n_groups;
    const struct pair *kept;  /* of the address, for the filter's form */
    size_t n_kept;
    const struct find_hit *hits;
    size_t n_hits;
    const char *next, *next_text, *previous;
    const struct link *looser; /* with no result: what to leave out, and how many then */
    size_t n_looser;
    const struct find_need *needs; /* with no question: where to begin */
    size_t n_needs;
    const char *caveat;
};
/* What was found, as the page shows it. */
MUST_CHECK enum err find_make(struct job *j, const struct request *q, const struct find_asked *a,
                              const struct search_found *found, struct find *out);
/* "14 services for “speech and language” near CH65 for age 9". */
const char *find_title(struct job *j, const struct find_asked *a, uint32_t services);
/* The reasons of a hit in words. */
size_t find_why(struct job *j, const struct search_hit *h, const char *const **out);
