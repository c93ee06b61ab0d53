/* risk/sign_view.h - one child on one day, as the signs look at it.  Private to this room. */
#pragma once
#include "risk/signs.h"

enum { SIGN_WEEKS = 60 }; /* of the window; more are never looked at */
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
    const struct sign_week *week; /* oldest first, up to the day */
    size_t n_weeks;
    int32_t data_day;           /* last day of registers; DATE_NONE: none */
};
/* What all children of a file are looked at with. */
struct sign_pass {
    const struct sign_pack *pack;
    const struct timeline *t;
    uint32_t no_data, attendance, schools; /* bit per rule */
};
struct sign_pass sign_pass_of(const struct sign_pack *pack, const struct timeline *t,
                              const struct marks *marks);
/* Is v->p on a roll here on v->day, in a year group of the pack?  Fills the rest of v. */
bool sign_is_looked_at(const struct sign_pass *pass, struct sign_view *v);
/* Its signs, into v->met and found (room for each rule); gives how many. */
size_t sign_look(const struct sign_pass *pass, struct sign_view *v, struct sign_found *found);

typedef bool sign_fn(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out);
#define SIGN(id, name, function, source, audience, limits, values) sign_fn sign_##function;
#include "risk/signs.def"
#undef SIGN

/* School weeks of v->p with their sessions up to a day, from `cursor`: those of the windows of
 * all days from `from` to `to`, at most `room`; gives how many. */
struct sign_span {
    int32_t from, to;
    struct sign_week *week;
    size_t room;
    uint8_t code[256]; /* by mark: what of it is counted by itself */
};
struct sign_span sign_span_of(struct job *j, int32_t from, int32_t to, size_t room);
size_t sign_view_load(const struct sign_view *v, struct marks_cursor *cursor,
                      const struct sign_span *span);
/* The week that `out` is of as it was on v->day, from the same cursor. */
void sign_view_week(const struct sign_view *v, struct marks_cursor *cursor,
                    const struct sign_span *span, struct sign_week *out);
/* Let v look at its window among the n weeks loaded: up to v->day.  Where that is not the last
 * day loaded it is a Sunday, or holds no sessions. */
void sign_view_window(struct sign_view *v, const struct sign_week *week, size_t n);
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
