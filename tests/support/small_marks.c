#include "support/small_marks.h"
#include "people/attendance.h"
#include "support/support.h"

struct small_marks {
    struct marks m;
    struct marks_week week[SMALL_WEEKS];
    struct marks_row row[SMALL_WEEKS][SMALL_WEEK_ROWS];
    struct marks_pattern pattern[SMALL_WEEKS][SMALL_WEEK_ROWS];
    struct marks_school school[SMALL_WEEKS][SMALL_WEEK_ROWS];
};

struct small_marks *
small_marks_new(struct job *j)
{
    struct small_marks *m = job_alloc(j, sizeof *m);

    m->m = (struct marks){m->week, 0, 0};
    return m;
}

static int
code_of(char c)
{
    char name[2] = {c, '\0'};
    int code = attendance_code(c == '2' ? SPAN("C2") : span_of(name));

    assert_true(code >= 0);
    return code;
}

static void
add_mark(struct marks_pattern *p, int slot, int code, int32_t date)
{
    switch (attendance_class(code, date)) {
    case ATT_PRESENT: p->present++; break;
    case ATT_ACTIVITY: p->activity++; break;
    case ATT_AUTHORISED: p->authorised++; break;
    case ATT_UNAUTHORISED: p->unauthorised++; break;
    case ATT_NOT_POSSIBLE: p->not_possible++; break;
    case ATT_COUNTED: p->counted++; break;
    default: p->missing++; break;
    }
    p->mark[slot] = (uint8_t)(code + 1);
    p->late = (uint8_t)(p->late + (code == attendance_code(SPAN("L"))));
    p->late_closed = (uint8_t)(p->late_closed + (code == attendance_code(SPAN("U"))));
}

static uint32_t
school_at(struct small_marks *m, struct marks_week *w, int64_t urn)
{
    struct marks_school *s = m->school[w - m->week];

    for (uint32_t i = 0; i < w->schools; i++)
        if (s[i].urn == urn)
            return i;
    assert_true(!w->schools || s[w->schools - 1].urn < urn);
    s[w->schools].urn = (uint32_t)urn;
    return w->schools++;
}

void
small_week_at(struct small_marks *m, int64_t urn, int32_t monday, int64_t person,
              const char *codes)
{
    struct marks_week *w = m->m.n ? &m->week[m->m.n - 1] : NULL;
    struct marks_pattern *p;
    uint32_t school;

    assert_int_equal(date_weekday(monday), 0);
    if (!w || w->monday != monday) {
        size_t n = m->m.n++;
        assert_true(n < SMALL_WEEKS && (!w || w->monday < monday));
        w = &m->week[n];
        *w = (struct marks_week){.monday = monday, .first_person = 1, .row = m->row[n],
                                 .pattern = m->pattern[n], .school = m->school[n]};
    }
    assert_true(w->rows < SMALL_WEEK_ROWS);
    school = school_at(m, w, urn);
    m->school[w - m->week][school].children++;
    p = &m->pattern[w - m->week][w->patterns];
    for (int k = 0; codes[k] && k < REGISTER_SLOTS; k++) {
        if (codes[k] == ' ')
            continue;
        add_mark(p, k, code_of(codes[k]), monday + k / 2);
        m->school[w - m->week][school].given |= (uint16_t)(1u << k);
        if (codes[k] != '#' && codes[k] != '-')
            m->school[w - m->week][school].open |= (uint16_t)(1u << k);
        m->school[w - m->week][school].marks += codes[k] != '#' && codes[k] != '-';
        m->school[w - m->week][school].missing += codes[k] == '-';
    }
    m->row[w - m->week][w->rows++] =
        (struct marks_row){(uint32_t)(person - 1), w->patterns++, school};
}

void
small_week(struct small_marks *m, int32_t monday, int64_t person, const char *codes)
{
    small_week_at(m, 900001, monday, person, codes);
}

const struct marks *
small_marks_done(struct small_marks *m)
{
    m->m.as_of = m->m.n ? m->week[m->m.n - 1].monday + 6 : DATE_NONE;
    return &m->m;
}
