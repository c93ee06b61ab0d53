/* Registers loaded, and read week by week, for the tests of marks. */
#pragma once
#include "people/attendance.h"
#include "support/loads.h"
#include "timeline/marks.h"
#include <string.h>

#define DAILY "UPN,SchoolURN,Date,Session,Mark,MinutesLate,Extracted\n"
#define YEAR "UPN,SchoolURN,StartDate,Marks,Extracted\n"
#define ANNA "Z896400419017"
#define BEN "F896200125001"

static inline void
council(struct job *j)
{
    support_db(j);
    support_area(j);
}

static inline struct load_batch
taken(struct job *j, const char *name, const char *text)
{
    struct load_result r = loads_expect(j, loads_file(j, name, text), LOAD_PUBLISHED);

    assert_int_equal(r.n_batches, 1);
    return r.batch[0];
}

static inline int64_t
last_published(struct job *j)
{
    return loads_count(j, "SELECT max(published) FROM batch");
}

static inline struct marks_order
order_at(int64_t known_at)
{
    return (struct marks_order){.as_of = SUPPORT_TODAY, .known_at = known_at,
                                .from = DATE_NONE, .to = DATE_NONE};
}

static inline const struct marks *
marks_at(struct job *j, const char *folder, struct marks_order o)
{
    struct marks *m;

    assert_ok(j, marks_get(j, support_path(j, folder), &o, &m));
    return m;
}

static inline const struct marks *
marks_now(struct job *j)
{
    return marks_at(j, "weeks", order_at(INT64_MAX / 2));
}

/* "2025-01-13 900001 7: /\/\------": every row, weeks by date, children by number. */
static inline const char *
told(struct job *j, const struct marks *m)
{
    char *text = job_alloc(j, 1 << 20), day[DATE_TEXT];
    size_t n = 0;

    for (size_t w = 0; w < m->n; w++)
        for (uint32_t i = 0; i < m->week[w].rows; i++) {
            const struct marks_week *k = &m->week[w];
            assert_true(n + 256 < 1 << 20);
            n += (size_t)snprintf(text + n, 256, "%s %u %lld:", date_iso(k->monday, day),
                                  marks_urn(k, i),
                                  (long long)(k->first_person + k->row[i].person));
            for (int s = 0; s < REGISTER_SLOTS; s++) {
                uint8_t mark = marks_pattern(k, i)->mark[s];
                n += (size_t)snprintf(text + n, 16, " %s",
                                      mark ? attendance_name(mark - 1) : ".");
            }
            text[n++] = '\n';
        }
    return text;
}

/* The mark of the only child there is. */
static inline const char *
mark_on(struct job *j, const struct marks *m, const char *date, int session)
{
    int32_t day;
    size_t w;

    (void)j;
    assert_true(date_parse(date, strlen(date), &day));
    w = marks_week_at(m, day);
    if (w == m->n || m->week[w].monday > day || !m->week[w].rows)
        return "nothing";
    assert_int_equal(m->week[w].rows, 1);
    uint8_t mark = marks_pattern(&m->week[w], 0)->mark[2 * (day - m->week[w].monday) + session];
    return mark ? attendance_name(mark - 1) : ".";
}
