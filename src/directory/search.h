/* directory/search.h - services by words, need, age, place, time and more, best first.
 *
 * Every filter narrows; total and counts are exact.  Nothing is ordered by payment or by what a
 * service says of its own results; evidence of harm goes last.  The same index and question give
 * the same answer.  The points of the order: ranks.def. */
#pragma once
#include "directory/search_index.h"

enum search_sort {
    SEARCH_BEST,
    SEARCH_NEAREST, /* needs near */
    SEARCH_SOONEST, /* shortest wait; unknown last */
    SEARCH_BY_NAME,
    SEARCH_CHECKED, /* last checked first */
    SEARCH_BY_UUID, /* for going through all of them */
};

struct search {
    const char *words;           /* as typed; NULL or "" none */
    int32_t age_from, age_to;    /* months, half-open; 0, 0: any (ages.h) */
    bool near;                   /* a point is given: */
    int32_t latitude, longitude; /* millionths of a degree */
    uint32_t metres;             /* at most so far; 0: any distance, nearer first */
    uint64_t facets;             /* chosen bits: any of a group's, of all groups */
    uint16_t from, to;           /* minutes after midnight, on the days chosen or any; 0, 0 any */
    const struct search_key *keys; /* SEARCH_AREA: all that hold the postcode, smallest first */
    size_t n_keys;
    int64_t modified_after;      /* time; 0 any */
    enum search_sort sort;
    uint32_t first, most;        /* a page: from the first-th, 0 at first */
    bool places;                 /* each place by itself, not each service once; none without */
    bool counts;                 /* facets and needs are wanted */
};

/* Why a result is there, typed; a page makes words of it (design: "Why this result"). */
enum search_why_kind {
    WHY_WORD,        /* `asked` is in the field */
    WHY_MEANING,     /* `asked` is also called `found` (thesaurus, need) */
    WHY_SPELLING,    /* `asked` was read as `found` */
    WHY_BEGINNING,   /* `found` begins with `asked` */
    WHY_AGE,         /* takes that age: n is months from, m months to */
    WHY_AGE_UNKNOWN, /* does not say whom it takes */
    WHY_NEAR,        /* n metres */
    WHY_SERVES,      /* `found`: GSS code of the area it serves */
    WHY_EVERYWHERE,
    WHY_AREA_UNKNOWN, /* does not say where it serves */
    WHY_EVIDENCE,    /* at least one rigorous comparison study */
    WHY_UNCHECKED,   /* nobody checked it lately (stale), so it is lower; n the day, 0 never */
    WHY_HARMFUL,     /* last, because such an approach was found harmful */
};
struct search_why {
    enum search_why_kind kind;
    const char *asked, *found;
    enum search_field field; /* of WORD … BEGINNING: the weightiest that has it */
    int64_t n, m;
};

struct search_hit {
    int64_t entry;
    char uuid[37], place[37]; /* place: the nearest, or the first that fits; "" none */
    uint32_t metres;          /* to it; SEARCH_NOWHERE not known */
    uint32_t places;          /* of the service, that fit */
    int32_t points;           /* of ranks.def */
    const struct search_why *why;
    size_t n_why;
};
#define SEARCH_NOWHERE UINT32_MAX

/* What a piece of the words was taken for. */
enum search_taken {
    TAKEN_WORD,
    TAKEN_MEANING,   /* of the thesaurus or the need tree: `as` is its name */
    TAKEN_SPELLING,  /* `as`: the word that it was read as */
    TAKEN_BEGINNING,
    TAKEN_NOWHERE,   /* no service has it; it was left out */
};
struct search_term {
    const char *asked, *as;
    enum search_taken taken;
};

/* With no result: one filter taken away, or the distance made larger, best first. */
enum search_filter { /* then FACET_GROUPS, then SEARCH_KEYS */
    FILTER_WORDS,
    FILTER_AGE,
    FILTER_DISTANCE,
    FILTER_TIME,
    FILTER_MODIFIED,
    FILTER_FACET,
    FILTER_KEY = FILTER_FACET + FACET_GROUPS,
    SEARCH_FILTERS = FILTER_KEY + SEARCH_KEYS
};
struct search_looser {
    unsigned filter;   /* enum search_filter, FILTER_FACET + group, FILTER_KEY + kind */
    uint32_t services; /* so many without it */
    uint32_t metres;   /* FILTER_DISTANCE: the nearest is so far */
};

struct search_count {
    const char *value;
    uint32_t services;
};

struct search_found {
    uint32_t services, places; /* all that fit, exactly */
    const struct search_hit *hit;
    size_t n;
    const struct search_term *term; /* as they were read, in the order of the words */
    size_t n_terms;
    uint32_t words, enough;         /* pieces read, and how many of them a service must have */
    /* Services with this value that fit all filters but those of its own group. */
    uint32_t facet[FACETS];
    const struct search_count *need, *language; /* the same of keys, most first */
    size_t n_needs, n_languages;
    const struct search_looser *looser;
    size_t n_looser;
};

MUST_CHECK enum err search_run(struct job *j, const struct search_index *x, const struct search *s,
                               struct search_found *out);

/* What else stands in the words: "8-year-old refusing school near CH65 9AA" gives the age, the
 * postcode, and "refusing school".  "year 7", "reception", "KS3" are ages too. */
struct search_said {
    const char *words;
    int32_t age_from, age_to; /* 0, 0: none was said */
    const char *age;          /* as it was said; NULL */
    char postcode[10];        /* "CH65 9AA" or "CH65"; "" none */
};
void search_read(struct job *j, const char *words, struct search_said *out);
