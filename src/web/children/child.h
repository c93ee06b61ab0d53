/* web/children/child.h - the page of one child.
 *
 * child_page_make() turns facts into a sentence, a picture and tables; it merges for the eye
 * only (the timeline room does it for figures) and every line stays below, with its source. */
#pragma once
#include "people/fact.h"
#include "people/register_weeks.h"
#include "risk/type_lines.h"
#include "ui/charts.h"
#include "ui/components.h"
#include "web/guard/guard.h"

struct child_page_facts {
    const struct child *child;
    const struct fact *facts;    /* newest first */
    size_t n;
    int32_t today, care_until;   /* care_until DATE_NONE: no social care is loaded */
    const struct register_child_week *weeks; /* of registers, oldest first */
    size_t n_weeks;
    const struct type_line *types; /* why each type of exclusion counts */
    size_t n_types;
    const char *const *signs;    /* sentences of the warning signs of the last run */
    size_t n_signs;
    int32_t signs_day;
    bool school_view;            /* a school looks: social care is not shared */
    bool originals;              /* may open the original of a fact */
};

struct child_page {
    const struct view *view;
    struct guard_line guard;     /* how the record is kept */
    const char *seen;            /* path: who has seen it; NULL: not for this reader */
    const char *name;
    const char *identity[4];     /* "Born 14 March 2014, age 12", … */
    size_t n_identity;
    const char *heading, *lede;
    const struct named *now;     /* what is known now */
    size_t n_now;
    struct figure_words picture_words;
    struct timeline picture;
    bool has_picture;
    const char *picture_source;
    struct table events;         /* the picture's table */
    struct figure_words absence_words;
    struct steps absence;        /* n 0: none known */
    const char *absence_source;
    struct table absence_table;
    struct table weeks;          /* of registers, newest first; n_rows 0: none loaded */
    struct table types;          /* which types count in which year, and why */
    const char *const *signs;    /* sentences of warning signs */
    size_t n_signs;
    const char *signs_day;       /* "28 November 2025"; NULL: no signs were looked for */
    struct table lines;          /* every line of every file */
    const char *lines_name;      /* "All 41 lines of the files" */
};
void child_page_make(struct job *j, const struct child_page_facts *f, const struct view *view,
                     struct child_page *out);

/* ---- used by child_page_make ---- */
/* "Suspended, 2 days: persistent disruptive behaviour". */
const char *child_fact_words(struct job *j, const struct fact *f);
/* "16 October 2024", "autumn 2024 census", "12 May to 3 June 2024". */
const char *child_fact_when(struct job *j, const struct fact *f);
/* Path of the original of a fact. */
const char *child_fact_path(struct job *j, int64_t person, const struct fact *f);
/* The same suspension or exclusion reported twice counts once: is there an earlier one in
 * the list?  Cancelled ones are repeats of nothing. */
bool child_is_repeat(const struct child_page_facts *f, size_t i);
bool child_is_exclusion(const struct fact *f, const char *category); /* stands, of that kind */
/* Social care that lasts (a case, a plan, being looked after, early help); and is it over, by
 * this row or another that tells of the same? */
bool child_is_care_time(const struct fact *f);
bool child_care_is_ended(const struct child_page_facts *p, const struct fact *f);
int child_days(const struct fact *f); /* of a suspension; 0 not given */

/* Sessions of one term over all schools. */
struct child_term {
    int32_t from, to;            /* half-open */
    int32_t school_year;
    enum term term;
    int64_t missed, possible;    /* possible 0: not known, perhaps of one of its schools */
    bool unknown;                /* absences of which files do not say out of how many */
    struct attendance_totals by_code;
};
/* Terms from the first census to the last, oldest first. */
struct child_term *child_terms(struct job *j, const struct child_page_facts *f, size_t *n);
void child_picture(struct job *j, const struct child_page_facts *f, struct child_page *out);
void child_absence(struct job *j, const struct child_page_facts *f, struct child_page *out);
/* The last weeks of the registers of the child's schools. */
MUST_CHECK enum err child_weeks_read(struct job *j, struct child_page_facts *f);
void child_weeks(struct job *j, const struct child_page_facts *f, struct child_page *out);
