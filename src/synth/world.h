/* synth/world.h - the invented authority: its size, schools, places and calendars.
 *
 * Ashmere, pseudo authority 001 (no real authority has the number), county E10000901 with
 * up to four districts.  URNs from 900001, postcodes of the area ZZ, LSOA codes from
 * E01900001: none of them exists. */
#pragma once
#include "synth/calendar.h"
#include "synth/param.h"

struct size {
    const char *name;
    int cohort; /* children of one school year */
    int primary, secondary, special, ap, districts;
};
const struct size *world_size(const char *name); /* NULL: no such size */

enum phase { PHASE_PRIMARY, PHASE_SECONDARY, PHASE_SPECIAL, PHASE_AP, PHASES };
struct school {
    enum phase phase;
    int urn, estab;
    int old_urn;        /* before it became an academy; 0: it did not in these years */
    int32_t converted;  /* the day it did */
    int type, old_type; /* GIAS type code */
    char name[72];
    int district, place;
    int secondary;      /* primary: where most go on to; an index */
    bool semh;          /* special school for SEMH */
    bool boards, catholic;
    enum calendar_of calendar;
    double suspend, absent; /* its own effects */
};
struct place { /* an LSOA */
    int district, ward, decile19, decile25, rank19, rank25;
    bool split;         /* 2021 code differs from 2011 */
};
enum { POSTCODES = 40, MOST_SCHOOLS = 2000, WARDS = 6, FIRST_LSOA = 1900001 };
struct given { /* the UPN last given out by a school for a year */
    int64_t person;
    char upn[14];
};
struct world {
    uint64_t seed;
    const struct size *size;
    struct school *school;
    int n_schools, first[PHASES + 1]; /* schools lie by phase */
    struct place *place; /* two a primary school */
    int n_places;
    struct calendar *calendar;
    uint16_t *serial;    /* next UPN serial by school and year of allocation */
    struct given *given; /* likewise */
    int mark[40];        /* attendance codes by absence.c's own order */
    int64_t families;
};
struct world *world_make(struct job *j, const struct size *size, uint64_t seed);

int world_urn(const struct school *s, int32_t date);
const struct calendar *world_calendar(const struct world *w, int school);
const char *world_district(int district);
const char *world_street(int i);
enum { PLACE_TEXT = 16 };
/* The kth postcode of a place, "ZZ4 7AB". */
const char *world_postcode(int place, int k, char *buf);
/* Where it lies, in millionths of a degree: the authority's places are squares of about 900 m, in
 * rows, far out in the Irish Sea. */
struct spot {
    int latitude, longitude;
};
struct spot world_spot(const struct world *w, int place, int k);
/* "E01900001", of LSOA 2011 or 2021. */
const char *world_lsoa(const struct world *w, int place, int edition, char *buf);
/* A new number of a school, year of allocation two digits: "?001200118042", with letter. */
void world_upn(struct world *w, int school, int year, char *buf);
/* By school and year of a UPN. */
struct given *world_given(struct world *w, const char *upn);

/* Streams of random numbers: one a process and thing, so that a change in one process
 * leaves the others as they were. */
enum stream {
    STREAM_SCHOOL = 1, STREAM_PLACE, STREAM_FAMILY, STREAM_WHO, STREAM_NEED, STREAM_CARE,
    STREAM_MOVE, STREAM_SUSPEND, STREAM_ABSENCE, STREAM_MISTAKE, STREAM_NOTE, STREAM_EXTRA,
    STREAM_MARK,
    STREAM_REGISTER, /* made anew by who draws from it; so are those that follow */
    STREAM_HELP, STREAM_SCORE, STREAM_PLACED, STREAM_SERVICE
};
