/* synth/calendar.h - when the invented schools are open, and when censuses fall.
 *
 * Term dates follow the usual pattern round the bank holidays; each school year has 195
 * days, five of them INSET (190 for pupils).  Closed to most pupils from 23 March to
 * 29 May 2020. */
#pragma once
#include "base/date.h"

enum day_kind { DAY_TERM, DAY_INSET, DAY_CLOSED, DAY_HALF };
struct day_row {
    int32_t start, end; /* both days belong to it */
    enum day_kind kind;
    const char *note;
};
enum { CALENDAR_DAYS = 3700, CALENDAR_ROWS = 200 };
struct calendar {
    int32_t first;                       /* 1 August of the first year */
    int16_t before[CALENDAR_DAYS + 1];   /* open days before first + i */
    struct day_row row[CALENDAR_ROWS];
    int n_rows;
};
enum calendar_of { CALENDAR_AUTHORITY, CALENDAR_TRUST, CALENDAR_FAULT, CALENDARS };
void calendar_make(struct calendar *c, enum calendar_of of);
/* Open days in [from, to). */
int calendar_days(const struct calendar *c, int32_t from, int32_t to);
bool calendar_is_open(const struct calendar *c, int32_t date);
/* The nth open day from `date` on; n = 1: date itself when open. */
int32_t calendar_day(const struct calendar *c, int32_t date, int n);
/* First day of a school year, last day of its summer term. */
int32_t calendar_opens(const struct calendar *c, int year);
int32_t calendar_closes(const struct calendar *c, int year);

/* Half terms of the absence statistics, by date. */
enum segment { SEG_AUTUMN, SEG_SPRING, SEG_SUMMER1, SEG_SUMMER2, SEGMENTS };
struct dates {
    int32_t from, to; /* half-open */
};
struct dates calendar_segment(int year, enum segment s);

/* The censuses of the file set: autumn 2018 … autumn 2025. */
enum { CENSUSES = 22 };
struct census {
    int year;
    enum term term;
    int32_t date;
};
struct census calendar_census(int i);
/* A term of the calendar as one number, for "one and two terms before". */
int calendar_term(int32_t date);
