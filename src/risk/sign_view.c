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

/* Codes that are counted by themselves. */
enum { CODE_SUSPENDED = 1, CODE_PART_TIME, CODE_NOTICE };

struct sign_span
sign_span_of(struct job *j, int32_t from, int32_t to, size_t room)
{
    static const char *const notice[] = {"G", "N", "O", "U"};
    struct sign_span s = {from, to, job_array(j, room, sizeof *s.week), room, {0}};

    s.code[attendance_code(SPAN("E")) + 1] = CODE_SUSPENDED;
    s.code[attendance_code(SPAN("C2")) + 1] = CODE_PART_TIME;
    for (size_t i = 0; i < sizeof notice / sizeof *notice; i++)
        s.code[attendance_code(span_of(notice[i])) + 1] = CODE_NOTICE;
    return s;
}

static void
add_row(struct sign_week *out, const struct marks_week *w, uint32_t row,
        const struct sign_span *span)
{
    const uint8_t *mark = marks_pattern(w, row)->mark;

    marks_add(w, row, w->monday, span->to + 1, &out->sum);
    for (int k = 0; k < REGISTER_SLOTS && w->monday + k / 2 <= span->to; k++)
        switch (span->code[mark[k]]) {
        case CODE_SUSPENDED:
            out->suspended++;
            out->last_suspended = w->monday + k / 2 > out->last_suspended ? w->monday + k / 2
                                                                          : out->last_suspended;
            break;
        case CODE_PART_TIME:
            out->part_time++;
            break;
        case CODE_NOTICE:
            out->notice++;
            break;
        default:
            break;
        }
}

/* The week counts when the school was open in it. */
static bool
take_week(struct sign_week *out, const struct marks_week *w, struct marks_range r,
          const struct sign_span *span)
{
    bool open = false;

    *out = (struct sign_week){.monday = w->monday, .last_suspended = DATE_NONE};
    for (; r.from < r.to; r.from++) {
        open |= w->school[w->row[r.from].school].open != 0;
        add_row(out, w, r.from, span);
    }
    return open;
}

static int32_t
window_start(int32_t day)
{
    return date_year_start(date_school_year(day)) - 7 * WEEKS_BACK;
}

size_t
sign_view_load(const struct sign_view *v, struct marks_cursor *cursor,
               const struct sign_span *span)
{
    const struct marks *marks = cursor->m;
    size_t n = 0, w = marks_week_at(marks, window_start(span->from));
    int64_t person = v->t->person[v->p].person_id;

    for (; w < marks->n && marks->week[w].monday <= span->to; w++) {
        struct marks_range r = marks_of(cursor, w, person);
        if (r.from < r.to && n < span->room &&
            take_week(&span->week[n], &marks->week[w], r, span))
            n++;
    }
    return n;
}

void
sign_view_week(const struct sign_view *v, struct marks_cursor *cursor,
               const struct sign_span *span, struct sign_week *out)
{
    size_t w = marks_week_at(cursor->m, out->monday);
    struct sign_span then = *span;

    then.to = v->day;
    take_week(out, &cursor->m->week[w],
              marks_of(cursor, w, v->t->person[v->p].person_id), &then);
}

void
sign_view_window(struct sign_view *v, const struct sign_week *week, size_t n)
{
    int32_t start = window_start(v->day);
    size_t first = 0;

    while (n && week[n - 1].monday > v->day)
        n--;
    while (first < n && (week[first].monday + 7 <= start || n - first > SIGN_WEEKS))
        first++;
    v->week = week + first;
    v->n_weeks = n - first;
    v->data_day = DATE_NONE;
    if (v->n_weeks) {
        int32_t end = week[n - 1].monday + 6;
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
