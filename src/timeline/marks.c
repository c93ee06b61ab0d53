#include "people/attendance.h"
#include "timeline/check.h"
#include "timeline/marks.h"

/* Rows behind the cursor are given back to the system so often, so that walking through
 * years of weeks needs no more memory for ten times the children. */
enum { GIVE_BACK = 2 * 1024, PAGE = 4096 };

void
marks_cursor(struct job *j, const struct marks *m, struct marks_cursor *out)
{
    *out = (struct marks_cursor){m, job_array(j, m->n + 1, sizeof *out->at)};
}

static void
give_back(const struct marks_week *w, uint32_t from, uint32_t to)
{
    uintptr_t start = (uintptr_t)(w->row + from), end = (uintptr_t)(w->row + to);

    /* the head of a file is less than a page, so its first row lies in the first */
    if (w->mapped)
        check_give_back((uintptr_t)w->row / PAGE * PAGE, start, end);
}

void
marks_give_back(const struct marks *m)
{
    for (size_t w = 0; w < m->n; w++)
        give_back(&m->week[w], 0, m->week[w].rows);
}

void
marks_give_back_all(const struct marks *m)
{
    for (size_t w = 0; w < m->n; w++) {
        const struct marks_week *k = &m->week[w];
        uintptr_t start = (uintptr_t)k->row / PAGE * PAGE;
        if (k->mapped) /* schools are the last in a file */
            check_give_back(start, start, (uintptr_t)(k->school + k->schools));
    }
}

void
marks_give_back_rows(const struct marks_week *w, struct marks_range r)
{
    give_back(w, r.from, r.to);
}

/* First row of a person not before `person`, from `at` on, in ever longer steps. */
static uint32_t
gallop(const struct marks_week *w, uint32_t at, uint32_t person)
{
    uint32_t step = 1, low = at, high;

    while (low < w->rows && w->row[low].person < person) {
        at = low + 1;
        low = w->rows - low > step ? low + step : w->rows;
        step *= 2;
    }
    for (high = low; at < high;) {
        uint32_t mid = at + (high - at) / 2;
        if (w->row[mid].person < person)
            at = mid + 1;
        else
            high = mid;
    }
    return at;
}

struct marks_range
marks_of(struct marks_cursor *c, size_t w, int64_t person_id)
{
    const struct marks_week *week = &c->m->week[w];
    int64_t wanted = person_id - week->first_person;
    struct marks_range r = {0, 0};
    uint32_t from = c->at[w], person;

    if (wanted < 0 || wanted > UINT32_MAX)
        return r;
    person = (uint32_t)wanted;
    if (from && week->row[from - 1].person >= person)
        from = 0;
    r.from = gallop(week, from, person);
    for (r.to = r.from; r.to < week->rows && week->row[r.to].person == person; r.to++)
        ;
    if (from && r.from / GIVE_BACK > from / GIVE_BACK)
        give_back(week, from / GIVE_BACK * GIVE_BACK, r.from / GIVE_BACK * GIVE_BACK);
    c->at[w] = r.from;
    return r;
}

struct marks_range
marks_between(const struct marks_week *w, int64_t from, int64_t to)
{
    int64_t first = from - w->first_person, last = to - w->first_person;
    struct marks_range r = {0, 0};

    if (last <= 0 || first > UINT32_MAX)
        return r;
    r.from = first <= 0 ? 0 : gallop(w, 0, (uint32_t)first);
    r.to = last > UINT32_MAX ? w->rows : gallop(w, r.from, (uint32_t)last);
    return r;
}

const struct marks_pattern *
marks_pattern(const struct marks_week *w, uint32_t row)
{
    return &w->pattern[w->row[row].pattern];
}

uint32_t
marks_urn(const struct marks_week *w, uint32_t row)
{
    return w->school[w->row[row].school].urn;
}

size_t
marks_week_at(const struct marks *m, int32_t day)
{
    size_t low = 0, high = m->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (m->week[mid].monday + 7 <= day)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* ---- adding up -------------------------------------------------------------------- */

static void
add_whole(const struct marks_pattern *p, struct marks_sum *sum)
{
    sum->present += p->present;
    sum->activity += p->activity;
    sum->authorised += p->authorised;
    sum->unauthorised += p->unauthorised;
    sum->possible += p->present + p->activity + p->authorised + p->unauthorised + p->counted;
    sum->not_possible += p->not_possible;
    sum->missing += p->missing;
    sum->late += p->late;
    sum->late_closed += p->late_closed;
}

static void
add_half_day(int code, int32_t date, struct marks_sum *sum)
{
    enum attendance_class c = attendance_class(code, date);

    sum->possible += attendance_is_possible(code, date);
    sum->present += c == ATT_PRESENT;
    sum->activity += c == ATT_ACTIVITY;
    sum->authorised += c == ATT_AUTHORISED;
    sum->unauthorised += c == ATT_UNAUTHORISED;
    sum->not_possible += c == ATT_NOT_POSSIBLE;
    sum->missing += c == ATT_NO_MARK;
    sum->late += code == attendance_code(SPAN("L"));
    sum->late_closed += code == attendance_code(SPAN("U"));
}

void
marks_add(const struct marks_week *w, uint32_t row, int32_t from, int32_t to,
          struct marks_sum *sum)
{
    const struct marks_pattern *p = marks_pattern(w, row);

    if (from <= w->monday && to >= w->monday + 7) {
        add_whole(p, sum);
        return;
    }
    for (int k = 0; k < REGISTER_SLOTS; k++) {
        int32_t date = w->monday + k / 2;
        if (p->mark[k] && date >= from && date < to)
            add_half_day(p->mark[k] - 1, date, sum);
    }
}

int
marks_count(const struct marks_week *w, uint32_t row, int code, int32_t from, int32_t to)
{
    const uint8_t *mark = marks_pattern(w, row)->mark;
    int n = 0;

    for (int k = 0; k < REGISTER_SLOTS; k++)
        n += mark[k] == code + 1 && w->monday + k / 2 >= from && w->monday + k / 2 < to;
    return n;
}

const struct marks_school *
marks_school_in(const struct marks_week *w, int64_t urn)
{
    uint32_t low = 0, high = w->schools;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (w->school[mid].urn < urn)
            low = mid + 1;
        else
            high = mid;
    }
    return low < w->schools && w->school[low].urn == urn ? &w->school[low] : NULL;
}
