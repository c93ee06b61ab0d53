/* people/fact.h - what the published files say of one child, row by row.
 *
 * Each fact names the line of the file that brought it.  Nothing is merged or judged here;
 * the timeline does that.  A school sees its own rows only: no social care, and of plans what
 * its own census tells. */
#pragma once
#include "people/attendance.h"
#include "people/child.h"

enum fact_kind {
    FACT_CENSUS,     /* a row of a school census: on roll, or a leaver */
    FACT_SUSPENSION, /* or exclusion, by census or notification */
    FACT_NEED,       /* a type of special need */
    FACT_FSM,        /* a period of free school meals */
    FACT_PROVISION,  /* alternative provision */
    FACT_CARE,       /* social care */
    FACT_OUTCOME,    /* of an exclusion's review */
    FACT_LEAVER,     /* a leaver return */
    FACT_ENTRY,      /* of a register; those of social care not for schools */
    FACT_PLAN,       /* education, health and care plans */
    FACT_MARKS,      /* a line of a school's register (register_weeks.h): not in the list */
    FACT_KINDS
};
const char *fact_kind_name(enum fact_kind k); /* "suspension", as in addresses */
bool fact_kind_find(const char *name, enum fact_kind *out);

struct fact {
    enum fact_kind kind;
    int64_t batch, file, line;
    int32_t part;          /* of one record that gives several; else 0 */
    int64_t urn;           /* 0: not of a school */
    const char *school;    /* its name; NULL not known */
    const char *source;    /* title of the batch: "School census, autumn 2024" */
    int64_t known;         /* time of publishing */
    int32_t school_year;   /* of the return; 0 none */
    enum term term;        /* 0 none */
    /* as given, the last day included; care, plan: half-open; DATE_NONE none */
    int32_t from, to;
    /* census: status, SEN, ethnicity; suspension: category, first reason, status; need: type;
     * FSM: country; provision: reason, setting, pattern; care: kind; need, category or placement;
     * closing; outcome: stage, result; leaver: ground; entry: register, reason, outcome;
     * plan: kind; outcome, cease reason, setting or need; marks: of one mark alone its code, and
     * AM or PM */
    const char *code, *code2, *code3;
    /* census: year group (-2 none); suspension: sessions (-1 none); need: rank; provision:
     * sessions a week (-1 none); care: 1 no further action; of a kind sdq the score;
     * outcome: day of the decision; leaver: URN gone to (0 none); entry: minutes a week (-1) */
    int64_t number;
    bool on_roll;          /* census */
    bool aside, corrected; /* an analyst set it aside, or corrected something in it */
    /* census: of the term before; possible 0: none given, or (before autumn 2020) absences
     * alone, of how many sessions is not said */
    struct attendance_sum absence;
    struct attendance_totals by_code; /* the same, both halves of a summer term together */
};
/* All facts of a child, newest first.  permit(ACT_CHILD). */
MUST_CHECK enum err fact_list(struct job *j, int64_t person, struct fact **out, size_t *n);

/* Social care is known up to this day (half-open), as far as the last file of it tells;
 * DATE_NONE: none is loaded. */
MUST_CHECK enum err fact_care_until(struct job *j, int32_t *out);

/* What a fact tells of, whichever line and file does so: of its child, with its kind.  begun: the
 * first day; census: school year * 10 + term; need: school year.  what: "" or a word of it. */
struct fact_about {
    int64_t urn, begun;
    const char *what;
};
struct fact_about fact_about(struct job *j, const struct fact *f);
/* The last day of a kind whose `to` is the day after it. */
bool fact_half_open(enum fact_kind k);

struct fact_key {
    enum fact_kind kind;
    int64_t batch, file, line;
};
/* The fact of that line, for showing its original; permit(ACT_ORIGINAL).  ERR_NOT_FOUND
 * when that line says nothing of this child. */
MUST_CHECK enum err fact_get(struct job *j, int64_t person, struct fact_key k, struct fact *out);
/* First day of the term whose sessions a census reports: the term before its own. */
int32_t fact_term_before(int32_t school_year, enum term term, int32_t *ends);
