/* risk/sign_view.h - one child on one day, as the signs look at it.  Private to this room. */
#pragma once
#include "risk/signs.h"

enum { SIGN_WEEKS = 60 };
/* A school week of the child with its sessions; weeks in which the school was closed are not
 * among them. */
struct sign_week {
    int32_t monday;
    struct marks_sum sum;
    uint8_t suspended, part_time; /* E, C2 */
    uint8_t notice;               /* G N O U */
    int32_t last_suspended;       /* last day with E; DATE_NONE */
};
struct sign_view {
    const struct timeline *t;
    uint32_t p, enrolment, school; /* enrolment: the main one on the day */
    int32_t day;
    int8_t year_group;
    uint32_t met;               /* signs of the pack found so far: a sign may ask for others */
    uint32_t attendance;        /* rules of the pack in the attendance domain */
    uint32_t schools;           /* rules that schools are shown */
    struct sign_week week[SIGN_WEEKS]; /* oldest first, up to the day */
    size_t n_weeks;
    int32_t data_day;           /* last day of registers; DATE_NONE: none */
};
typedef bool sign_fn(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out);
#define SIGN(id, name, function, source, audience, limits, values) sign_fn sign_##function;
#include "risk/signs.def"
#undef SIGN

/* Load the weeks of v->p from `cursor`, which belongs to `marks`. */
void sign_view_weeks(struct sign_view *v, const struct marks *marks, struct marks_cursor *cursor);
/* The day so many months before. */
int32_t sign_months_before(int32_t day, int months);
/* Events of the child that stand and had begun by the day, in [from, day]; lunchtimes and
 * permanent exclusions are not among them. */
struct sign_events {
    int n, sessions;
    int32_t first, last; /* days; DATE_NONE */
};
struct sign_events sign_events(const struct sign_view *v, int32_t from, int32_t to);
/* The spell of that kind (and code, or NULL) that holds the day; TIMELINE_NONE. */
uint32_t sign_spell_on(const struct sign_view *v, enum timeline_kind k, const char *code);
