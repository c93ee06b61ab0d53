/* people/attendance.h - attendance codes, how each counts, and compact totals.
 *
 * School Attendance (Pupil Registration) (England) Regulations 2024 reg 10 and DfE's
 * statistical classes (domain.md §2.2, rulings "Attendance codes").  attendance.def is the
 * table; a supplier's own class is never trusted. */
#pragma once
#include "base/text.h"

enum attendance_class {
    ATT_PRESENT, ATT_ACTIVITY, /* approved educational activity */
    ATT_AUTHORISED, ATT_UNAUTHORISED,
    ATT_NOT_POSSIBLE,
    ATT_COUNTED, /* possible, neither present nor absent: X, September 2020 to March 2022 */
    ATT_NO_MARK, /* blank, "-": never present, never absent, never possible */
};

/* Codes have a fixed index, 0 … ATTENDANCE_CODES-1, in the order of attendance.def.
 * New codes are added at the end: totals on disk hold indices. */
enum {
#define CODE(code, class, first, last, label) +1
    ATTENDANCE_CODES = 0
#include "people/attendance.def"
#undef CODE
};
/* Trimmed, any case.  -1: not a code. */
int attendance_code(struct span code);
const char *attendance_name(int code);  /* "C2" */
const char *attendance_label(int code); /* "part-time timetable" */
/* Class of a mark of that date. */
enum attendance_class attendance_class(int code, int32_t date);
bool attendance_is_possible(int code, int32_t date);
bool attendance_is_absence(int code, int32_t date);

/* Sessions by code of one enrolment in one term. */
struct attendance_totals {
    uint16_t by_code[ATTENDANCE_CODES];
};
struct attendance_sum {
    int32_t possible, present, activity, authorised, unauthorised;
};
/* Add up by class; `date` any day of the term. */
struct attendance_sum attendance_add_up(const struct attendance_totals *t, int32_t date);
/* What was possible, from what is possible of the codes and the school's own number (-1: not
 * given).  A census before autumn 2020 (absence_only) has codes of absence alone, so that
 * without that number it is not known: -1.  It stands too where a school sends no present
 * marks at all; otherwise the codes count. */
enum { ATTENDANCE_ALL_CODES = 2020 }; /* school year of the first census that has all codes */
int64_t attendance_possible(const struct attendance_sum *s, int64_t given, bool absence_only);
/* Persistent: absence*10 >= possible; severe: absence*2 >= possible (DfE, since 2015/16).
 * Without possible sessions neither. */
bool attendance_is_persistent(int64_t absence, int64_t possible);
bool attendance_is_severe(int64_t absence, int64_t possible);

/* The compact form of census_pupil.marks: code index (1 byte), count (varint), ascending,
 * zero counts left out.  buf of ATTENDANCE_PACKED bytes; gives the bytes used. */
enum { ATTENDANCE_PACKED = ATTENDANCE_CODES * 4 };
size_t attendance_pack(const struct attendance_totals *t, uint8_t *buf);
/* False: the bytes are not such a form; *t is then all zero. */
bool attendance_unpack(const uint8_t *p, size_t n, struct attendance_totals *t);
