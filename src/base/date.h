/* base/date.h - days, school years and terms as numbers.
 *
 * A date is an int32 count of days since 1 January 1970 (proleptic Gregorian);
 * DATE_NONE means not known.  A school year is named by the calendar year it
 * starts in: 2024 is 2024/25, 1 August 2024 to 31 July 2025. */
#pragma once
#include "base/job.h"

#define DATE_NONE INT32_MIN
#define DATE_OPEN INT32_MAX /* end of an interval that has not ended */
enum { DATE_YEAR_FIRST = 1000 }; /* an earlier year in a file is a slip of the pen */

struct ymd {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

int32_t date_from_ymd(int32_t year, int32_t month, int32_t day); /* valid input only */
struct ymd date_to_ymd(int32_t date);
bool date_is_valid(int32_t year, int32_t month, int32_t day);
/* 0 Monday … 6 Sunday. */
int32_t date_weekday(int32_t date);
/* Easter Sunday of a year (Gregorian; anonymous algorithm of Meeus/Jones/Butcher). */
int32_t date_easter(int32_t year);
/* Event year (rulings): 1 August–31 July. */
int32_t date_school_year(int32_t date);
int32_t date_year_start(int32_t school_year); /* 1 August */
int32_t date_year_end(int32_t school_year);   /* 1 August of the next: half-open */
/* Whole years of age on a date; 29 February counts from 1 March in a common year.
 * DATE_NONE when either is not known. */
int32_t date_age(int32_t born, int32_t on);
/* Age on the 31 August that starts the school year. */
int32_t date_age_31_august(int32_t born, int32_t school_year);

enum term { TERM_AUTUMN = 1, TERM_SPRING = 2, TERM_SUMMER = 3 };
/* Term of a date by DfE's absence definition: 1 August–31 December, 1 January–Easter
 * Sunday, Easter Monday–31 July. */
enum term date_term(int32_t date);

/* Parse any of the forms met in council files (formats.md §0): 2024-10-16, with time
 * part, 16/10/2024, 16-10-2024, 2024-Oct-16 00:00:00.  nn/nn/yyyy is always dd/mm.
 * s need not end in NUL.  False: not a date, *out untouched. */
bool date_parse(const char *s, size_t n, int32_t *out);
/* Bare numbers, only where the column is known to hold them: yyyymm as ONSPD writes it (the
 * first of the month), and the serial days of a workbook (45581, 45581.5). */
bool date_parse_month(const char *s, size_t n, int32_t *out);
bool date_parse_serial(const char *s, size_t n, int32_t *out);

enum { DATE_TEXT = 32 };
/* "2024-10-16", into buf of DATE_TEXT bytes; DATE_NONE and DATE_OPEN give "". */
const char *date_iso(int32_t date, char *buf);
/* "16 October 2024". */
const char *date_words(int32_t date, char *buf);
/* "2024/25". */
const char *date_year_name(int32_t school_year, char *buf);
const char *date_term_name(enum term t); /* "autumn" … */
/* Date and minute of the day of UTC microseconds, in British time (GMT/BST rule of 1996). */
int32_t date_of_time(int64_t us, int32_t *minute);
/* "16 October 2024, 2:30pm"; also "…, 2pm", "…, midday", "…, midnight". */
const char *time_words(int64_t us, char *buf);
