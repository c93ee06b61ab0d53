#include "intake/original_marks.h"
#include "people/attendance.h"
#include "people/register_weeks.h"

/* A line of a register: its text is not kept, for all that was taken from it is. */

struct made {
    struct job *j;
    struct original *v;
    size_t n, room;
    char *raw;
};

static void
add(struct made *m, const char *name, const char *value)
{
    if (m->n == m->room) {
        size_t room = m->room ? 2 * m->room : 32;
        m->v = job_grow(m->j, m->v, m->n * sizeof *m->v, room * sizeof *m->v);
        m->room = room;
    }
    m->v[m->n++] = (struct original){name, value ? value : ""};
}

static const char *
day_of(struct job *j, int32_t date)
{
    char day[DATE_TEXT];

    return job_copy(j, date == DATE_NONE ? "" : date_iso(date, day));
}

/* Characters of a code as a string of marks has them. */
static char
as_character(uint8_t mark)
{
    return mark ? attendance_name(mark - 1)[0] : '-';
}

/* First and last half day that the line gave. */
static void
ends_of(const struct register_line *l, int32_t *first, int32_t *last)
{
    *first = DATE_OPEN;
    *last = DATE_NONE;
    for (size_t w = 0; w < l->n; w++)
        for (int k = 0; k < REGISTER_SLOTS; k++) {
            int32_t day = l->week[w].monday + k / 2;
            if (!l->week[w].mark[k])
                continue;
            *first = day < *first ? day : *first;
            *last = day > *last ? day : *last;
        }
}

static void
make_string(struct made *m, const struct register_line *l)
{
    int32_t first, last;
    char *marks;

    ends_of(l, &first, &last);
    marks = job_alloc(m->j, 2 * (size_t)(last - first + 1) + 1);
    memset(marks, '-', 2 * (size_t)(last - first + 1));
    for (size_t w = 0; w < l->n; w++)
        for (int k = 0; k < REGISTER_SLOTS; k++) {
            int32_t day = l->week[w].monday + k / 2;
            if (l->week[w].mark[k])
                marks[2 * (day - first) + k % 2] = as_character(l->week[w].mark[k]);
        }
    add(m, "StartDate", day_of(m->j, first));
    add(m, "Marks", marks);
    m->raw = job_format(m->j, "%s,%lld,%s,%s,%s", l->upn ? l->upn : "", (long long)l->urn,
                        day_of(m->j, first), marks, day_of(m->j, l->extracted));
}

static int
minutes_late(const struct register_line *l, size_t week, int half_day)
{
    for (size_t i = 0; i < l->n_late; i++)
        if (l->late[i].row == week && l->late[i].slot == half_day)
            return l->late[i].minutes;
    return -1;
}

/* The row of this line; of what an older program loaded, the rows of the child's week that
 * begins in it. */
static void
make_rows(struct made *m, const struct register_line *l)
{
    m->raw = job_copy(m->j, "");
    for (size_t w = 0; w < l->n; w++)
        for (int k = 0; k < REGISTER_SLOTS; k++) {
            const char *day = day_of(m->j, l->week[w].monday + k / 2), *half = k % 2 ? "PM" : "AM";
            int late = minutes_late(l, w, k);
            const char *minutes = late < 0 ? "" : job_format(m->j, "%d", late), *code;
            if (!l->week[w].mark[k])
                continue;
            code = attendance_name(l->week[w].mark[k] - 1);
            add(m, job_format(m->j, "%s %s", day, half),
                late < 0 ? code : job_format(m->j, "%s, %s minutes late", code, minutes));
            m->raw = job_format(m->j, "%s%s%s,%lld,%s,%s,%s,%s,%s", m->raw, *m->raw ? "\n" : "",
                                l->upn ? l->upn : "", (long long)l->urn, day, half, code,
                                minutes, day_of(m->j, l->extracted));
        }
}

enum err
original_marks(struct job *j, struct original_place at, const struct layout *layout,
               struct original_record *out)
{
    struct made m = {.j = j};
    struct register_line l;
    enum err e = register_line_get(j, at.batch, at.file, at.line, &l);

    if (e == ERR_NOT_FOUND)
        err_hint(j, "The batch may have been withdrawn and cleared; its own file has the line.");
    if (e)
        return e;
    add(&m, "UPN", l.upn);
    add(&m, "SchoolURN", job_format(j, "%lld", (long long)l.urn));
    if (!strcmp(layout->name, "marks-year"))
        make_string(&m, &l);
    else
        make_rows(&m, &l);
    add(&m, "Extracted", day_of(j, l.extracted));
    out->layout = layout->title;
    out->v = m.v;
    out->n = m.n;
    out->raw = m.raw;
    out->rebuilt = true;
    return OK;
}
