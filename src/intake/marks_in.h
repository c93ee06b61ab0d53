/* intake/marks_in.h - the marks of a batch while they wait to be written.  Private.
 *
 * A child at a school is an entry, a week of it a slot; marks.c fills slots, marks_write.c
 * writes them as weeks of schools, marks_tell.c counts what is wrong with them. */
#pragma once
#include "intake/marks.h"
#include "people/attendance.h"
#include "people/register.h"
#include "people/school_day.h"

enum {
    MARKS_SLOTS = 2 * 1024 * 1024, /* 72 MB; then what there is is written */
    MARKS_LINES = 512 * 1024,      /* 28 MB, when first one is needed; the same */
    MARKS_WEEKS = 12000,           /* 1900 to 2129 */
    MARKS_FIRST_WEEK = -3700,      /* week 0 is that of Monday 5 January 1970 */
};

struct marks_slot {
    uint32_t next;      /* another week of the child, + 1 */
    uint32_t entry;
    uint32_t line;
    /* Where its marks stand: each so many lines after the one before it; or, with MARKS_ASIDE,
     * index in marks_in.lines.  0: all in the slot's line. */
    uint32_t lines;
    int16_t week;
    uint16_t extracted; /* day; 0 not given */
    uint16_t file;
    uint8_t mark[REGISTER_SLOTS];
};
_Static_assert(sizeof(struct marks_slot) == 36, "two million take 72 MB");
#define MARKS_ASIDE (UINT32_C(1) << 31)

struct marks_entry {
    int64_t identity_id;
    uint32_t urn;
    uint32_t newest;    /* slot + 1; 0 none */
    uint32_t next;      /* the entry that came after it the last time */
};
/* A UPN and whose it is; after it mostly comes who came after it before. */
struct marks_known {
    int64_t identity_id;
    uint32_t next;
    uint8_t n;
    char upn[19];
};
struct marks_late {
    uint32_t slot;
    uint16_t minutes;
    uint8_t half_day, spare;
};
struct marks_sums { /* of a week, over the batch */
    int64_t marks;
    int32_t last_day;   /* DATE_NONE: no mark */
    bool told;          /* the batch has a row of this week */
};

/* What is told once for a school, with how many marks it concerns. */
struct marks_tell {
    enum found found;
    int32_t urn, day;   /* day DATE_NONE: of any */
    char code[8];       /* "" of any */
    struct place at;    /* the first */
    int64_t n;
};

struct marks_in {
    struct loading *l;
    struct job memory;  /* of the arrays below */
    struct marks_slot *slot;
    uint32_t n_slots;
    uint32_t (*lines)[REGISTER_SLOTS]; /* NULL: none was needed */
    uint32_t n_lines;
    struct marks_entry *entry;
    uint32_t n_entries, entries_size;
    struct marks_late *late;
    uint32_t n_late, late_size;
    struct marks_sums *week; /* by week - MARKS_FIRST_WEEK */
    struct map *entry_at;    /* identity and school */
    struct map *upn_at;      /* index in known */
    struct map_salt salt;
    struct marks_known *known;
    uint32_t n_known, known_size, last_known;
    uint32_t last_entry;
    int32_t today;
    int64_t part;
    int8_t one[256];         /* code index of one character; -1 none */
    struct school_calendars *calendars;
    struct pile *tells;
    struct map *tell_at;
    const struct layout *layout;
};

/* marks_write.c: everything that waits, as rows of this batch. */
MUST_CHECK enum err marks_write(struct job *j, struct marks_in *m);
/* And which weeks it was of. */
MUST_CHECK enum err marks_write_weeks(struct job *j, struct marks_in *m);
/* marks_lines.c: the line of a mark that is about to be set. */
MUST_CHECK enum err marks_line(struct job *j, struct marks_in *m, struct marks_slot *s,
                               int half_day, uint32_t line);
/* And of all that are. */
void marks_lines_of(const struct marks_in *m, const struct marks_slot *s, uint32_t *line);
/* marks_tell.c */
MUST_CHECK enum err marks_note(struct job *j, struct marks_in *m, const struct marks_tell *what);
MUST_CHECK enum err marks_tell_all(struct job *j, struct marks_in *m);

int32_t marks_monday(int16_t week);
int16_t marks_week_of(int32_t date);
