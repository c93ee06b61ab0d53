/* synth/census.h - the school censuses: 22 exports, one CSV a table, and one XML return.
 *
 * Each life is written to all of them at once.  Attendance is of the term before (the
 * autumn census has the summer's two halves), suspensions of the two terms before, so that
 * each arrives twice.  Off roll are children who left and have either to report. */
#pragma once
#include "synth/life.h"
#include "synth/table.h"
#include "synth/truth.h"

enum census_table {
    T_RETURNS, T_SCHOOLS, T_ROLL, T_LEFT, T_EXCLUSIONS, T_EXCLUSIONS_LEFT, T_SESSIONS,
    T_SESSIONS_LEFT, T_SUMMER2, T_SUMMER2_LEFT, T_NEEDS, T_MEALS, T_HOMES, T_HOMES_LEFT,
    T_PLACED, T_PLACED_LEFT, T_ARRANGED, T_ARRANGED_LEFT, CENSUS_TABLES
};
struct census_export {
    struct census when;
    int term;            /* its number in the calendar */
    int32_t before;      /* day of the census before */
    struct dates first;  /* the attendance it has: (year, segment) */
    int attendance_year;
    enum segment segment, segment2; /* segment2: SEGMENTS none */
    bool all_codes;      /* presence too: since autumn 2020 */
    struct table table[CENSUS_TABLES];
};
/* One pupil's record in one census: what every table about it needs to know. */
struct census_record {
    const struct life *life;
    const struct census_export *at;
    int spell;
    bool on_roll;
    char status, sen;
    struct upn_seen upn;
    int possible, possible2; /* sessions; -1 not collected */
};

struct census_set {
    const struct folder *in;
    struct truth *truth;
    struct world *world;
    struct census_export *export; /* CENSUSES of them */
    int xml_school;               /* its autumn 2024 return is XML, not in the CSV */
    FILE *xml, *xml_left;         /* pupils on roll, and those no longer */
    char xml_path[TABLE_PATH];
};
enum { XML_CENSUS = 18 }; /* autumn 2024 */

MUST_CHECK enum err census_open(struct census_set *s, const struct folder *in, struct world *w,
                                struct truth *t);
void census_write(struct census_set *s, const struct life *l);
MUST_CHECK enum err census_close(struct census_set *s);

/* Does this exclusion belong to the record, and how many sessions does this return give? */
bool census_reports(const struct census_record *r, const struct exclusion *x, int *sessions);
bool census_has_meals(const struct census_record *r, const struct meals *m);
const char *census_category(const struct exclusion *x, int census_year);
const char *census_reason(const struct exclusion *x, int n);
/* "R", "7". */
const char *census_year_group(const struct life *l, int year);
/* Tell the truth of the mistakes in a record, and in one of its exclusions. */
void census_record_errors(const struct census_set *s, const char *path,
                          const struct census_record *r);
void census_exclusion_errors(const struct census_set *s, const char *path,
                             const struct census_record *r, const struct exclusion *x);
/* census_xml.c */
MUST_CHECK enum err census_xml_open(struct census_set *s);
void census_xml_pupil(struct census_set *s, const struct census_record *r);
MUST_CHECK enum err census_xml_close(struct census_set *s);
