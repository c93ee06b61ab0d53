/* synth/life.h - one invented child from birth to the last day with data.
 *
 * life_make() runs the processes of the analytics guide §4.2 year by year: needs, moves,
 * suspensions, exclusion, absence, each from its own stream of random numbers.  A life is
 * made, written to every file it appears in, and forgotten: memory does not grow with the
 * authority. */
#pragma once
#include "people/attendance.h"
#include "people/upn.h"
#include "synth/world.h"

#define LAST_DAY date_from_ymd(2025, 11, 28) /* of the data */

enum {
    MOST_SPELLS = 24, MOST_EXCLUSIONS = 240, MOST_CARE = 24, MOST_MOVES = 24, MOST_HOMES = 12,
    MOST_HELP = 8, MOST_MEALS = 4, MOST_ATTENDS = 160, MOST_ARRANGED = 8
};

enum spell_end { STILL_THERE, END_PHASE, END_MOVE, END_TRIAL, END_EXIT, END_AREA, END_PERM,
                 END_FINISHED };
struct spell { /* an enrolment, [start, end) */
    int school;
    int32_t start, end;
    int32_t main_from; /* before it: `kind`; from it on the child's main school */
    char kind;         /* S dual subsidiary, G guest, C */
    int share;         /* per cent of sessions attended here while elsewhere is the main */
    enum spell_end why;
    int32_t reported_until;  /* mistake: on roll to census after the end; 0 none */
    bool no_leaving_date;    /* mistake */
};

enum move_kind {
    MOVE_FAMILY, MOVE_LOOKED_AFTER, MOVE_UNEXPLAINED, MOVE_MANAGED_DIRECT, MOVE_MANAGED_HELD,
    MOVE_MANAGED_FAILED, MOVE_EXIT_EHE, MOVE_EXIT_UNKNOWN, MOVE_LEFT_AREA, MOVE_ARRIVED,
    MOVE_PERM, MOVE_BACK, MOVE_SPECIAL, MOVE_AP, MOVE_PHASE, MOVE_HOUSE, MOVE_KINDS
};
extern const char *const life_moves[MOVE_KINDS]; /* "family", "managed-failed" … */
struct move {
    enum move_kind kind;
    int from, to;      /* schools; -1 none */
    int32_t date, until; /* until: end of a trial or placement */
};

enum { LATE = 1, WITHDRAWN = 2, AMENDED = 4, OLD_CATEGORY = 8, OLD_REASON = 16, AT_BOTH = 32,
       REINSTATED = 64 /* by the governing board: the child stays */ };
struct exclusion {
    int32_t start, end; /* [start, end) days away */
    int spell, other;   /* other: spell that reports it too (AT_BOTH); -1 */
    const char *category; /* SUSP PERM LNCH */
    const char *reason[3];
    int sessions, first_sessions; /* first: as the first return has it */
    char sen;
    unsigned mistakes;
};

struct care { /* a referral and what followed; DATE_NONE: did not */
    int32_t referred, closed;   /* closed: DATE_OPEN still open */
    bool no_action;
    const char *source, *need, *reason; /* reason for closure */
    int32_t assessed, authorised;
    int32_t plan, plan_ends;
    int32_t enquiry, conference, protection, protection_ends;
    const char *abuse;
    int32_t looked_after, looked_after_ends;
};

struct help { int32_t from, to; }; /* early help, [from, to) */

struct attend { /* sessions of one spell in one half term */
    int spell, year;
    enum segment segment;
    int possible; /* by DfE's rule of that date */
    int absent;
    struct attendance_totals marks;
};

struct home { int32_t from; int place, postcode, house; };
struct meals { /* free school meals, [from, to) */
    int32_t from, to;
    int32_t known; /* mistake: no census before it has the period; 0 none */
};
struct arranged { /* by the school: AP, or part-time hours */
    int spell;
    int32_t from, to;
    bool part_time;
    int sessions; /* a week */
};

enum mistake_upn { UPN_RIGHT, UPN_MISSING, UPN_DUPLICATE, UPN_LETTER, UPN_TEMPORARY_FIRST,
                   UPN_CHANGED };

struct life {
    struct world *w;
    int64_t person;
    struct random stream[STREAM_EXTRA + 1];
    /* who */
    int cohort;              /* school year of reception */
    char sex;
    int32_t born;
    const struct param_ethnicity *ethnicity;
    const char *forename, *middle, *called, *surname, *language;
    double z, adverse, w_absent;
    bool boards;
    char upn[UPN_SIZE], second_upn[UPN_SIZE];
    enum mistake_upn upn_mistake;
    int32_t upn_until;       /* the second UPN holds before it (temporary) or from it (changed) */
    int upn_spell;           /* whose returns have the wrong letter */
    bool list_nickname, list_dob, list_surname; /* mistakes of the person list */
    bool cin_no_upn, preferred;
    bool service, adopted, sen_unit;
    int carer;               /* 0 no, 1 told by a parent, 2 by school */
    const char *other_surname;
    /* needs: DATE_NONE never */
    int32_t support_from, support_to, plan_from, semh_from;
    const char *need[2];
    double sen_u, plan_u, fsm_u;
    int sen_age, arrives;    /* arrives: school year, 0 was always here */
    int secondary;           /* where it goes on to; an index */
    bool special;            /* a place in a special school once there is a plan */
    bool chronic;            /* absence state of the year before */
    /* by year, from YEAR_FIRST */
    int suspended[YEARS], excluded[YEARS];
    int possible[YEARS], absent[YEARS];
    int suspended_before;    /* years before the current one */
    int children;            /* of the family */
    unsigned needs[YEARS];   /* cliff-edge on 1 September: bits 1..8 of N1..N8 */
    unsigned thresholds[YEARS];
    int n_homes, n_spells, n_exclusions, n_care, n_moves, n_meals, n_attends, n_arranged, n_help;
    /* lists, each with its count above; what is beyond the count is not cleared */
    struct home home[MOST_HOMES];
    struct spell spell[MOST_SPELLS];
    struct exclusion exclusion[MOST_EXCLUSIONS];
    struct care care[MOST_CARE];
    struct help help[MOST_HELP];
    struct move move[MOST_MOVES];
    struct meals meals[MOST_MEALS];
    struct attend attend[MOST_ATTENDS];
    struct arranged arranged[MOST_ARRANGED];
};

/* Before the first life: looks up the attendance codes. */
void life_marks(struct world *w);
/* The kth child of a family (k < FAMILY_MOST).  False: there is none, or none of these
 * school years. */
enum { FAMILY_MOST = 4 };
bool life_make(struct world *w, int64_t family, int k, struct life *l);

/* On a date. */
int life_spell(const struct life *l, int32_t date);   /* main spell, -1 none */
char life_status(const struct life *l, int spell, int32_t date); /* C M S G */
char life_sen(const struct life *l, int32_t date);    /* N K E */
bool life_semh(const struct life *l, int32_t date);
bool life_meals(const struct life *l, int32_t date);
bool life_part_time(const struct life *l, int spell, int32_t date);
const struct home *life_home(const struct life *l, int32_t date);
/* Open case: of any kind; protection plan; looked after. */
bool life_in_need(const struct life *l, int32_t date);
bool life_protected(const struct life *l, int32_t date);
bool life_looked_after(const struct life *l, int32_t date);
/* A referral in force or in the years before the date. */
bool life_care_within(const struct life *l, int32_t date, int years);
/* Early help on a date; and over by then, within those years. */
bool life_helped(const struct life *l, int32_t date);
bool life_helped_within(const struct life *l, int32_t date, int years);
/* Strengths and difficulties of the year to that March, of who was looked after all of it;
 * -1 none. */
int life_score(const struct life *l, int year);
/* Times in one placement under one legal status, while looked after in that case. */
struct episode {
    int32_t from, to;        /* [from, to) */
    char why;                /* as SSDA903: S P L */
    const char *status, *placement;
};
enum { MOST_EPISODES = 12 };
int life_episodes(const struct life *l, const struct care *c, struct episode *e);
/* A short break (V4) of a disabled child, in that case; false: none. */
bool life_short_break(const struct care *c, struct episode *e);
int life_year_group(const struct life *l, int year);
/* On the cliff edge with k needs: no threshold met, one need about attendance,
 * suspension or moves (rulings). */
bool life_cliff(const struct life *l, int year, int k);

/* The UPN and former UPN that a return of this spell gives on a date; "" none. */
struct upn_seen {
    const char *upn, *former;
};
/* LAchildID of the social care case system. */
struct local_id {
    char text[16];
};
struct local_id life_local_id(const struct life *l);
struct upn_seen life_upn(const struct life *l, int spell, int32_t date);

/* The processes, in order; each for one school year but who and care. */
bool life_who(struct life *l, int64_t family, int k);
void life_care(struct life *l);
void life_help(struct life *l);
void life_care_ends(struct life *l, int32_t date); /* the family has left */
void life_need_year(struct life *l, int year);
void life_phase_year(struct life *l, int year);  /* starts, phase transfers, ends */
void life_cliff_year(struct life *l, int year);
void life_suspend_year(struct life *l, int year); /* how many; permanent exclusion */
void life_move_year(struct life *l, int year);
void life_place_year(struct life *l, int year);  /* dates, lengths and reasons */
void life_absence_year(struct life *l, int year);
void life_mistakes(struct life *l);
/* Additions that keep the lists within their ends. */
struct spell *life_add_spell(struct life *l, int school, int32_t start, char kind);
void life_add_move(struct life *l, struct move m);
