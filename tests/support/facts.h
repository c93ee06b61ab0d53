/* tests/support/facts.h - facts put straight into the tables, as a load would leave them.
 *
 * A test sets facts up with designated initialisers, what it leaves out being ordinary:
 *
 *     struct facts f = facts_begin(j);
 *     facts_batch(&f, 2023, TERM_AUTUMN);
 *     facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = 900001, .entered = day(…)});
 *
 * Every row goes into the batch that was begun last, on a line of its own. */
#pragma once
#include "base/date.h"
#include "people/attendance.h"
#include "support/support.h"

struct facts {
    struct job *j;
    int64_t batch, line;
    int64_t clock; /* the next batch is published then */
    int32_t year;  /* of the batch's census */
    enum term term;
    int64_t next_id;
};
struct facts facts_begin(struct job *j); /* with support_db() and support_area() done */
/* A date, written as people do. */
int32_t day(int32_t year, int32_t month, int32_t d);

/* Begin a batch, published now; the next is published an hour later.  Gives its id. */
int64_t facts_batch(struct facts *f, int32_t school_year, enum term term);
void facts_withdraw(struct facts *f, int64_t batch);

struct facts_school {
    int64_t urn;
    const char *phase;   /* "secondary" when NULL */
    int64_t type;        /* GIAS; 34 when 0 */
    int64_t low, high;   /* ages; 11 and 16 when 0 */
    int32_t opened, closed; /* 0: not known */
    const char *district;
    int64_t la;          /* j->area when 0 */
};
void facts_school(struct facts *f, struct facts_school s);
void facts_successor(struct facts *f, int64_t urn, int64_t successor);
/* A postcode in an LSOA (of both censuses, "<lsoa>" and "<lsoa>n") with its decile. */
void facts_postcode(struct facts *f, const char *postcode, const char *lsoa, int decile);

/* A description of a person; person 0: nobody can tell who it is.  Made at first use by
 * the functions below: identity_id is person * 10, of source "school". */
struct facts_identity {
    int64_t identity, person;
    const char *source, *upn;
    int32_t born; /* 0: 1 January 2010 */
};
void facts_identity(struct facts *f, struct facts_identity i);

struct facts_pupil {
    int64_t person, identity, urn;
    bool left_roll;      /* from the table of pupils no longer on roll */
    int32_t entered;     /* 0: 1 September of the year */
    bool no_entry;       /* entered is blank */
    int32_t left;        /* last day on roll; 0: blank */
    const char *status;  /* "C" when NULL, nothing for leavers */
    const char *sen, *ethnicity, *postcode, *boarder;
    int year_group;      /* 9 when 0; -2: blank */
    bool part_time;
    int possible;        /* sessions as the school says; 0: blank */
    const char *marks;   /* "/ 100 I 7": sessions by code */
    const char *marks_summer2;
    int possible_summer2;
};
int64_t facts_pupil(struct facts *f, struct facts_pupil p); /* gives the line */

struct facts_suspension {
    int64_t person, urn;
    const char *category; /* "SUSP" when NULL */
    int32_t started;
    int sessions;         /* 2 when 0; -1: blank */
    const char *reason, *result;
    bool left_roll;
    /* a notification instead of a census row: */
    const char *notice;   /* new, amended, cancelled */
    int32_t ended, notified;
    int64_t amends;       /* names the first line of that batch's file; 0 none */
};
int64_t facts_suspension(struct facts *f, struct facts_suspension s);

void facts_need(struct facts *f, int64_t person, const char *need, int rank);
void facts_meals(struct facts *f, int64_t person, int32_t started, int32_t ended); /* 0: open */

struct facts_care {
    int64_t person, identity;
    int return_year;
    const char *kind;     /* "referral" when NULL */
    int32_t started, ended; /* ended half-open; 0: open */
    bool no_action;
    const char *source_kind; /* "cin" when NULL */
    int32_t told_to;      /* 0: 1 April of return_year */
    int score;            /* of a kind "sdq" */
    const char *placement;
};
void facts_care(struct facts *f, struct facts_care c);

struct facts_entry {
    int64_t person;
    const char *kind;        /* "EHE" when NULL */
    int32_t started, ended;  /* ended half-open; 0: open */
    int64_t urn, provider;
    const char *reason, *outcome;
    int minutes;
    int32_t review;
};
void facts_entry(struct facts *f, struct facts_entry e);
struct facts_leaver {
    int64_t person, urn, destination;
    int32_t left;            /* last day on roll */
    const char *ground;
    int32_t notified;
};
void facts_leaver(struct facts *f, struct facts_leaver l);
struct facts_outcome {
    int64_t person, urn;
    int32_t started, decided;
    const char *result, *stage; /* "governors" when NULL */
};
void facts_outcome(struct facts *f, struct facts_outcome o);

struct facts_placement {
    int64_t person, urn, provider;
    const char *kind, *reason;
    int32_t entered, left;
};
void facts_placement(struct facts *f, struct facts_placement p);
