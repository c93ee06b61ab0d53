#include "risk/sign_view.h"
#include "people/attendance.h"

/* A school year of school weeks, and the ten before it for the window of penalty notices. */
enum { WEEKS_BACK = 16 };

int32_t
sign_months_before(int32_t day, int months)
{
    struct ymd d = date_to_ymd(day);
    int32_t month = d.year * 12 + d.month - 1 - months;

    d.year = month / 12;
    d.month = month % 12 + 1;
    while (!date_is_valid(d.year, d.month, d.day))
        d.day--;
    return date_from_ymd(d.year, d.month, d.day);
}

/* ---- registers ------------------------------------------------------------------- */

static void
add_row(struct sign_week *out, const struct marks_week *w, uint32_t row, int32_t to)
{
    static const char *const notice[] = {"G", "N", "O", "U"};
    int e = attendance_code(SPAN("E")), c2 = attendance_code(SPAN("C2"));
    int n = marks_count(w, row, e, w->monday, to);

    marks_add(w, row, w->monday, to, &out->sum);
    out->suspended = (uint8_t)(out->suspended + n);
    out->part_time = (uint8_t)(out->part_time + marks_count(w, row, c2, w->monday, to));
    for (size_t i = 0; i < sizeof notice / sizeof *notice; i++)
        out->notice = (uint8_t)(out->notice + marks_count(w, row,
                                                          attendance_code(span_of(notice[i])),
                                                          w->monday, to));
    for (int32_t day = w->monday; n && day < to && day < w->monday + 7; day++)
        if (marks_count(w, row, e, day, day + 1))
            out->last_suspended = day;
}

/* The week counts when the school was open in it. */
static bool
take_week(struct sign_week *out, const struct marks_week *w, struct marks_range r, int32_t to)
{
    bool open = false;

    *out = (struct sign_week){.monday = w->monday, .last_suspended = DATE_NONE};
    for (; r.from < r.to; r.from++) {
        const struct marks_school *s = marks_school_in(w, marks_urn(w, r.from));
        open |= s && s->open;
        add_row(out, w, r.from, to);
    }
    return open;
}

void
sign_view_weeks(struct sign_view *v, const struct marks *marks, struct marks_cursor *cursor)
{
    int32_t start = date_year_start(date_school_year(v->day));
    size_t first = marks_week_at(marks, start - 7 * WEEKS_BACK);
    int64_t person = v->t->person[v->p].person_id;

    v->n_weeks = 0;
    for (size_t w = first; w < marks->n && marks->week[w].monday <= v->day; w++) {
        const struct marks_week *week = &marks->week[w];
        struct marks_range r = marks_of(cursor, w, person);
        if (r.from < r.to && v->n_weeks < SIGN_WEEKS &&
            take_week(&v->week[v->n_weeks], week, r, v->day + 1))
            v->n_weeks++;
    }
    v->data_day = DATE_NONE;
    if (v->n_weeks) {
        int32_t end = v->week[v->n_weeks - 1].monday + 6;
        v->data_day = end < v->day ? end : v->day;
    }
}

/* ---- the timeline ---------------------------------------------------------------- */

struct sign_events
sign_events(const struct sign_view *v, int32_t from, int32_t to)
{
    struct timeline_range r = timeline_of(v->t, TIMELINE_EVENT, v->p);
    struct sign_events s = {.first = DATE_NONE, .last = DATE_NONE};

    for (; r.from < r.to; r.from++) {
        const struct timeline_event *e = &v->t->event[r.from];
        if (e->category != CATEGORY_SUSPENSION || !e->counts || e->started < from ||
            e->started > v->day || e->started > to)
            continue;
        s.n++;
        s.sessions += e->sessions > 0 ? e->sessions : 0;
        if (s.first == DATE_NONE || e->started < s.first)
            s.first = e->started;
        if (e->started > s.last)
            s.last = e->started;
    }
    return s;
}

uint32_t
sign_spell_on(const struct sign_view *v, enum timeline_kind k, const char *code)
{
    struct timeline_range r = timeline_of(v->t, TIMELINE_SPELL, v->p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &v->t->spell[r.from];
        if (s->kind == k && s->start <= v->day && s->end > v->day &&
            (!code || !strncmp(s->code, code, sizeof s->code)))
            return r.from;
    }
    return TIMELINE_NONE;
}
