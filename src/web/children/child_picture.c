#include "web/children/child.h"
#include "people/codes.h"
#include "ui/words.h"

enum { YEARS_SHOWN = 9 };

struct marks {
    struct mark *v;
    size_t n, room;
};

static void
add(struct job *j, struct marks *m, struct mark x)
{
    if (m->n == m->room) {
        size_t room = m->room ? 2 * m->room : 16;
        m->v = job_grow(j, m->v, m->n * sizeof *m->v, room * sizeof *m->v);
        m->room = room;
    }
    m->v[m->n++] = x;
}

static int
oldest_first(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static struct lane
lane_of(const char *name, enum lane_kind kind, struct marks m)
{
    if (m.n)
        qsort(m.v, m.n, sizeof *m.v, oldest_first);
    return (struct lane){name, kind, true, m.v, m.n};
}

static int32_t
census_day(const struct fact *f)
{
    return date_from_ymd(f->school_year + (f->term != TERM_AUTUMN),
                         f->term == TERM_AUTUMN ? 10 : f->term == TERM_SPRING ? 1 : 5, 15);
}

/* ---- schools: one bar for each entry, until it is left or another begins ---- */

static bool
is_main(const struct fact *f)
{
    return f->kind == FACT_CENSUS && (!f->code || !strcmp(f->code, "C") || !strcmp(f->code, "M"));
}

static int32_t
leaves(const struct child_page_facts *p, const struct fact *f, int32_t last)
{
    if (!f->on_roll && f->to != DATE_NONE)
        return f->to + 1;
    return f->on_roll && census_day(f) >= last ? p->today : census_day(f);
}

static struct marks
school_marks(struct job *j, const struct child_page_facts *p)
{
    struct marks m = {0};
    int32_t last = p->n ? DATE_NONE : p->today;

    for (size_t i = 0; i < p->n; i++)
        if (p->facts[i].kind == FACT_CENSUS && census_day(&p->facts[i]) > last)
            last = census_day(&p->facts[i]);
    for (size_t i = p->n; i-- > 0;) { /* oldest first */
        const struct fact *f = &p->facts[i];
        const char *name = f->school ? f->school : job_format(j, "School %lld", (long long)f->urn);
        struct mark *open = m.n ? &m.v[m.n - 1] : NULL;
        if (!is_main(f) && f->kind == FACT_CENSUS && f->on_roll)
            continue;
        if (f->kind != FACT_CENSUS)
            continue;
        if (open && !strcmp(open->text, name)) {
            if (leaves(p, f, last) > open->to)
                open->to = leaves(p, f, last);
            continue;
        }
        int32_t from = f->from != DATE_NONE ? f->from : census_day(f);
        if (open && open->to > from)
            open->to = from > open->from ? from : open->from;
        add(j, &m, (struct mark){from, leaves(p, f, last), LOOK_SAND, name, 0});
    }
    return m;
}

/* ---- absence by term ---- */

static int
by_day(const void *a, const void *b)
{
    const struct child_term *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static void
add_absence(struct child_term *t, const struct fact *f)
{
    int64_t missed = f->absence.authorised + f->absence.unauthorised;

    t->missed += missed;
    t->possible += f->absence.possible;
    t->unknown = t->unknown || (missed && !f->absence.possible);
    for (int c = 0; c < ATTENDANCE_CODES; c++)
        t->by_code.by_code[c] = (uint16_t)(t->by_code.by_code[c] + f->by_code.by_code[c]);
}

struct child_term *
child_terms(struct job *j, const struct child_page_facts *p, size_t *n)
{
    struct child_term *t = job_array(j, p->n + 1, sizeof *t);

    *n = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct fact *f = &p->facts[i];
        struct child_term x = {0};
        size_t k = 0;
        if (f->kind != FACT_CENSUS || !f->term)
            continue;
        x.from = fact_term_before(f->school_year, f->term, &x.to);
        x.school_year = date_school_year(x.from);
        x.term = date_term(x.from);
        while (k < *n && t[k].from != x.from)
            k++;
        if (k == *n)
            t[(*n)++] = x;
        add_absence(&t[k], f);
    }
    for (size_t i = 0; i < *n; i++)
        t[i].possible = t[i].unknown ? 0 : t[i].possible;
    if (*n)
        qsort(t, *n, sizeof *t, by_day);
    return t;
}

/* Under 5%, 5 to 10%, 10 to 20%, 20% or more. */
static enum look
heat(const struct child_term *t)
{
    if (t->possible < 20)
        return LOOK_HATCH;
    return t->missed * 20 < t->possible ? LOOK_HEAT_1 : t->missed * 10 < t->possible ? LOOK_HEAT_2
           : t->missed * 5 < t->possible ? LOOK_HEAT_3 : LOOK_HEAT_4;
}

static struct marks
attendance_marks(struct job *j, const struct child_page_facts *p)
{
    struct marks m = {0};
    size_t n;
    struct child_term *t = child_terms(j, p, &n);

    for (size_t i = 0; i < n; i++)
        add(j, &m, (struct mark){t[i].from, t[i].to, heat(&t[i]), NULL, 0});
    return m;
}

/* ---- suspensions, needs, care ---- */

static struct marks
suspension_marks(struct job *j, const struct child_page_facts *p)
{
    struct marks m = {0};

    for (size_t i = 0; i < p->n; i++) {
        const struct fact *f = &p->facts[i];
        bool perm = child_is_exclusion(f, "PERM");
        int days = child_days(f);
        if ((!perm && !child_is_exclusion(f, "SUSP")) || child_is_repeat(p, i))
            continue;
        add(j, &m, (struct mark){f->from, f->from + 1, LOOK_ACCENT,
            perm ? "Permanently excluded" : days ? words_counted(j, days, "day", "days") : NULL,
            perm ? 3 : days ? days : 1});
    }
    return m;
}

static const char *
sen_words(const char *code)
{
    return !code || !strcmp(code, "N") ? NULL : !strcmp(code, "K") ? "SEN support"
           : !strcmp(code, "E") ? "EHC plan" : code_label(CODE_SEN_PROVISION, code);
}

static struct marks
sen_marks(struct job *j, const struct child_page_facts *p)
{
    struct marks m = {0};
    const char *now = NULL;

    for (size_t i = p->n; i-- > 0;) { /* oldest first */
        const struct fact *f = &p->facts[i];
        const char *words = f->kind == FACT_CENSUS ? sen_words(f->code2) : NULL;
        if (f->kind != FACT_CENSUS || !f->code2 || !f->on_roll)
            continue;
        if (now && words && !strcmp(now, words))
            continue;
        if (now && m.n)
            m.v[m.n - 1].to = census_day(f);
        if (words)
            add(j, &m, (struct mark){census_day(f), p->today, LOOK_SAND, words, 0});
        now = words;
    }
    if (now && m.n)
        m.v[m.n - 1].look = LOOK_ACCENT;
    return m;
}

static int
care_rank(const struct fact *f)
{
    static const char *const order[] = {"enquiry", "assessment", "help", "referral", "plan",
                                        "protection", "care"};

    for (int i = 0; f->code && i < 7; i++)
        if (!strcmp(order[i], f->code))
            return f->number == 1 ? -1 : i - 1;
    return -1;
}

/* The weightiest thing that was open on a day; NULL none. */
static const struct fact *
care_on(const struct child_page_facts *p, int32_t day)
{
    const struct fact *best = NULL;

    for (size_t i = 0; i < p->n; i++) {
        const struct fact *f = &p->facts[i];
        if (f->kind != FACT_CARE || care_rank(f) < 1 || f->from > day ||
            (f->to != DATE_NONE && f->to <= day) ||
            (f->to == DATE_NONE && child_care_is_ended(p, f)))
            continue;
        if (!best || care_rank(f) > care_rank(best))
            best = f;
    }
    return best;
}

static int
compare_days(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Every day on which something may change, in order. */
static int32_t *
care_days(struct job *j, const struct child_page_facts *p, size_t *n)
{
    int32_t *day = job_array(j, 2 * p->n + 1, sizeof *day);

    *n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (p->facts[i].kind != FACT_CARE || p->facts[i].from == DATE_NONE)
            continue;
        day[(*n)++] = p->facts[i].from;
        if (p->facts[i].to != DATE_NONE)
            day[(*n)++] = p->facts[i].to;
    }
    day[(*n)++] = p->care_until;
    qsort(day, *n, sizeof *day, compare_days);
    return day;
}

static struct marks
care_marks(struct job *j, const struct child_page_facts *p)
{
    struct marks m = {0};
    size_t n;
    int32_t *day = care_days(j, p, &n);
    char until[DATE_TEXT];

    for (size_t i = 0; i < p->n; i++)
        if (child_is_care_time(&p->facts[i]) && p->facts[i].number == 1)
            add(j, &m, (struct mark){p->facts[i].from, p->facts[i].from + 1, LOOK_POINT,
                                     "Referral, no further action", 0});
    for (size_t i = 0; i + 1 < n; i++) {
        const struct fact *f = care_on(p, day[i]);
        const char *words = f ? child_fact_words(j, f) : NULL;
        if (!f || day[i] == day[i + 1] || day[i] >= p->care_until)
            continue;
        if (m.n && m.v[m.n - 1].to == day[i] && !strcmp(m.v[m.n - 1].text, words))
            m.v[m.n - 1].to = day[i + 1];
        else
            add(j, &m, (struct mark){day[i], day[i + 1], LOOK_SAND, words, 0});
    }
    if (p->care_until < p->today)
        add(j, &m, (struct mark){p->care_until, p->today, LOOK_HATCH,
            job_format(j, "No data after %s", date_words(p->care_until - 1, until)), 0});
    return m;
}

static struct marks
provision_marks(struct job *j, const struct child_page_facts *p)
{
    struct marks m = {0};

    for (size_t i = 0; i < p->n; i++)
        if (p->facts[i].kind == FACT_PROVISION && p->facts[i].from != DATE_NONE)
            add(j, &m, (struct mark){p->facts[i].from,
                p->facts[i].to == DATE_NONE ? p->today : p->facts[i].to + 1, LOOK_SAND,
                child_fact_words(j, &p->facts[i]), 0});
    return m;
}

/* The first September shown: of the first fact, but not too long ago. */
static int32_t
first_day(const struct child_page_facts *p)
{
    int32_t year = date_school_year(p->today), first = year;

    for (size_t i = 0; i < p->n; i++) {
        int32_t day = p->facts[i].kind == FACT_CENSUS ? census_day(&p->facts[i]) : p->facts[i].from;
        if (day != DATE_NONE && date_school_year(day) < first)
            first = date_school_year(day);
    }
    if (first < year - YEARS_SHOWN + 1)
        first = year - YEARS_SHOWN + 1;
    return date_from_ymd(first, 9, 1);
}

/* Marks before the picture begins are left out, those across its edge cut. */
static void
cut_lane(struct lane *l, int32_t from)
{
    struct mark *v = (struct mark *)(uintptr_t)l->v;
    size_t n = 0;

    for (size_t i = 0; i < l->n; i++) {
        if (v[i].to <= from)
            continue;
        v[n] = v[i];
        if (v[n].from < from)
            v[n].from = from;
        n++;
    }
    l->n = n;
}

void
child_picture(struct job *j, const struct child_page_facts *p, struct child_page *out)
{
    struct lane *l = job_array(j, 6, sizeof *l);
    struct marks provision = provision_marks(j, p);
    int32_t from = first_day(p);
    char a[DATE_TEXT], b[DATE_TEXT];
    size_t n = 0;

    l[n++] = lane_of("School", LANE_BARS, school_marks(j, p));
    l[n++] = lane_of("Attendance", LANE_STRIP, attendance_marks(j, p));
    l[n++] = lane_of("Suspensions", LANE_TICKS, suspension_marks(j, p));
    l[n++] = lane_of("Special needs", LANE_BARS, sen_marks(j, p));
    if (!p->school_view && p->care_until != DATE_NONE)
        l[n++] = lane_of("Social care", LANE_BARS, care_marks(j, p));
    if (provision.n)
        l[n++] = lane_of("Provision", LANE_BARS, provision);
    for (size_t i = 0; i < n; i++)
        cut_lane(&l[i], from);
    out->picture = (struct timeline){.from = from, .to = p->today + (p->today - from) / 20 + 1,
        .today = p->today, .lanes = l, .n = n,
        .name = job_format(j, "Timeline from %s to %s. The table below has every event.",
                           date_words(from, a), date_words(p->today, b))};
    out->has_picture = p->n > 0;
}
