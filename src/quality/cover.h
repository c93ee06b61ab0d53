/* quality/cover.h - which source tells of which school and period, and what that means.
 *
 * Made with each run (run.h) from the column file and the weeks of registers, so that "none"
 * can be told from "no data".  Late: due, and nothing newer came from that school; missing:
 * something newer did.  Weeks are those in which any school gave a register. */
#pragma once
#include "quality/look.h"

enum cover_period { COVER_WEEK, COVER_TERM, COVER_YEAR, COVER_CARE_YEAR, COVER_CALENDAR_YEAR };
enum cover_source {
#define COVER(id, name, title, period, school, due, what, kind, effect, basis) COVER_SOURCE_##id,
#include "quality/cover.def"
#undef COVER
    COVER_SOURCES
};
struct cover_row {
    const char *name, *title, *effect, *basis; /* basis: why it is due after so many days */
    enum cover_period period;
    bool school;
    int32_t due;
    int what, kind; /* enum timeline_return_kind; register + 1 */
};
extern const struct cover_row cover_rows[COVER_SOURCES];
/* Days until each source is due: cover.def, changed by the setting "due-days", a list such as
 * "registers=14, census=30", and for one authority by its own.  ERR_INPUT: a name or number in
 * it is not known. */
struct cover_due {
    int32_t days[COVER_SOURCES];
    bool chosen[COVER_SOURCES]; /* by a setting */
};
MUST_CHECK enum err cover_due_parse(struct job *j, const char *text, struct cover_due *out);
/* Of j->area. */
MUST_CHECK enum err cover_due_load(struct job *j, struct cover_due *out);

enum cover_state {
    COVER_PRESENT,
    COVER_THIN,       /* tells of less than half of the children that it should */
    COVER_LATE, COVER_MISSING, COVER_NOT_DUE, COVER_NOT_OPEN,
    COVER_NOT_LOADED, /* nothing of that source was ever loaded */
    COVER_STATES
};
const char *cover_state_name(enum cover_state s); /* as stored: "not due" */
enum cover_state cover_state_find(const char *name);

struct cover_cell {
    enum cover_state state;
    int32_t told, expected;
    int64_t batch;    /* 0: several, or none */
};
struct cover_days {
    int32_t from, to; /* half-open */
};
/* One source: cells by row (a school, or the authority alone), then period. */
struct cover_grid {
    enum cover_source source;
    int32_t due;               /* days after a period's end */
    struct cover_days *period; /* oldest first */
    size_t n;
    uint32_t *school;          /* TIMELINE_NONE: the authority */
    int *gaps;                 /* by row: of the last RECENT periods */
    size_t rows;
    struct cover_cell *cell;
};
struct cover_gap {
    enum cover_source source;
    enum cover_state state;
    uint32_t school;           /* TIMELINE_NONE: the authority */
    struct cover_days days;
    const char *message;       /* a sentence without its full stop */
};
struct cover {
    struct cover_grid grid[COVER_SOURCES];
    struct cover_gap *gap;     /* newest first */
    size_t n_gaps;
};
/* today: what is due by then. */
void cover_derive(struct quality_look *q, int32_t today, const struct cover_due *due,
                  struct cover *out);
/* From a gap to what figures leave out: "Persistent absence … for Oak Park leaves out weeks 5
 * to 9 (30 September to 1 November 2024): no file came". */
const char *cover_sentence(const struct quality_look *q, const struct cover_gap *g);
/* "weeks 5 to 9 (30 September to 3 November 2024)"; "autumn 2024"; "2024/25". */
const char *cover_when(struct job *j, enum cover_period p, struct cover_days d);
