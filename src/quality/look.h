/* quality/look.h - the rules asked, and what they find.
 *
 * A rule is a row of rules.def and one function over one child's timeline, one school's term
 * or one child's SSDA903 records; it reads the look and says what it finds.  Registers are
 * asked from the start of the school year before the last, for that is what a school can
 * still mend.  Nothing is asked where the other side is not loaded: no data is no mistake. */
#pragma once
#include "base/map.h"
#include "people/attendance.h"
#include "people/school_day.h"
#include "quality/rules.h"
#include "timeline/marks.h"
#include "timeline/timeline.h"

/* What is known of a child's pupil numbers. */
struct quality_upn {
    bool given, good;        /* any; a well-formed permanent one */
    char wrong[16], temporary[16]; /* of a child on roll without a good one; "" none */
};
/* A school in a term: children of whom census and registers both tell. */
struct quality_term {
    uint32_t school;
    int32_t school_year;
    enum term term;
    int32_t children;
    int64_t census_possible, census_absent, register_possible, register_absent;
};
/* What SSDA903 says of a child; of a year sent twice the last return.  By year, then start. */
struct quality_episode {
    int16_t year;            /* of the return: 2025 is April 2024 to March 2025 */
    bool missing;            /* from placement; else an episode of care */
    int32_t started, ended;  /* half-open; DATE_OPEN */
    int64_t batch, file, line;
};
struct quality_described {
    int16_t year;
    char sex;                /* 0 not given */
    int32_t born;            /* DATE_NONE not given */
    int64_t batch, file, line; /* of a row of the year */
};
struct quality_looked_after {
    uint32_t person;
    const struct quality_episode *episode;
    const struct quality_described *described; /* one a year and description */
    size_t n, n_described;
    int16_t last_year;       /* the last return of any child */
};

struct quality_terms;
struct quality_numbers;

struct quality_finding {
    int rule;
    int64_t urn;             /* 0: the authority's to mend */
    uint32_t person;         /* TIMELINE_NONE: none */
    int32_t on;              /* DATE_NONE none */
    const char *fact;        /* kind, as people/fact.h names it; NULL */
    int64_t batch, file, line; /* 0: none */
    const char *value, *message;
};
struct quality_found {
    struct quality_finding *v;
    size_t n;
};

enum { QUALITY_TERMS = 6 }; /* of two school years */
enum { LOOK_FIRST = 1990, LOOK_YEARS = 128 }; /* school years */
struct quality_look {
    struct job *j;
    const struct timeline *t;
    const struct marks *m;            /* NULL: no registers */
    const struct quality_upn *upn;    /* by person; NULL: not asked */
    const struct quality_numbers *numbers; /* what it was made from (numbers.c) … */
    bool numbers_new;                 /* … is to be kept */
    const char *const *school_name;   /* by school; NULL not known */
    const struct school_calendars *calendars; /* NULL: no term dates are asked */
    const struct quality_looked_after *looked_after;
    size_t n_looked_after;
    int32_t day;                      /* what happened later does not count */
    struct marks_cursor cursor;
    size_t first_week;                /* of the registers that are asked */
    int32_t from;                     /* its first day */
    uint8_t **pattern;                /* by week and pattern: LOOK_… */
    bool *coded;                      /* by person: code E stands in a week that is asked */
    int32_t *suspensions_to;          /* by school: recorded ones are known so far */
    bool needs[LOOK_YEARS];           /* by school year - LOOK_FIRST: types of need are told */
    bool timetables[LOOK_YEARS];      /* the register of part-time timetables is loaded */
    int32_t *weeks;                   /* by school and term of quality_slot(): weeks given */
    struct quality_term *term;        /* by the same */
    const struct quality_terms *terms_before; /* added up in a run before (terms.c); NULL */
    uint64_t term_key[QUALITY_TERMS]; /* what each term is added up from */
    bool term_stands[QUALITY_TERMS];  /* it is as it was */
    bool stands[QUALITY_RULES];       /* not asked: what it found before is in `before` */
    struct quality_found before;
    int rule;                         /* being asked */
    struct pile *found;
    bool full;                        /* no memory is left for what is found */
};
enum { LOOK_E = 1, LOOK_GIVEN = 2 };

/* Asks every rule but those that stand; what is found, by school, rule and day.  Set up to
 * `day` before, `stands` and `before` too where a run before is known. */
MUST_CHECK enum err quality_look(struct quality_look *q, struct quality_found *out);
/* A place in weeks[] and term[]; -1: the term is not asked. */
int64_t quality_slot(const struct quality_look *q, uint32_t school, int32_t year, int term);

/* One of the tables by school year. */
bool quality_told(const bool *told, int32_t school_year);

/* Where a finding belongs. */
struct quality_at {
    uint32_t person, school;  /* TIMELINE_NONE: none */
    int32_t on;
    const char *fact, *value;
    int64_t batch, file, line;
};
/* With the place of a fact of the timeline. */
struct quality_at quality_at(uint32_t person, uint32_t school, int32_t on);
void quality_fact(const struct quality_look *q, struct quality_at *at, const char *fact,
                  const struct timeline_source *s);
/* For the rule being asked: a sentence without its full stop. */
void quality_say(struct quality_look *q, const struct quality_at *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
const char *quality_school(const struct quality_look *q, uint32_t school); /* its name */
const char *quality_day(const struct quality_look *q, int32_t day); /* "4 March 2025" */

/* The functions of rules.def. */
#define RULE(about, name, severity, source, reads, first, last, guide, sentence, fn)           \
    RULE_##about(fn)
#define RULE_CHILD(fn) void fn(struct quality_look *q, uint32_t p);
#define RULE_TERM(fn) void fn(struct quality_look *q, const struct quality_term *s);
#define RULE_LOOKED_AFTER(fn) \
    void fn(struct quality_look *q, const struct quality_looked_after *c);
#include "quality/rules.def"
#undef RULE
#undef RULE_CHILD
#undef RULE_TERM
#undef RULE_LOOKED_AFTER
