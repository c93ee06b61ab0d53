#include "synth/mark.h"

enum {
    LATE_WEEK = 4,    /* of the last weeks: a school's register is missing in it */
    MISSING_SCHOOL = 1, LOCAL_SCHOOL = 2, /* indices of the schools with a mistake */
    YEAR_DAYS = 366,
};
static const char local_code[] = "Q9"; /* a school's own, for "I" */

/* ---- files ------------------------------------------------------------------------ */

static enum err
open_year(struct mark_set *s, int k)
{
    int year = YEAR_FIRST + k, next = (year + 1) % 100;
    enum err e = OK;

    if (year < s->first_year)
        return OK;
    if (s->form == MARK_DAILY)
        return table_open(s->in, &s->daily[k],
                          job_format(s->in->j, "registers/%d-%02d-daily.csv", year, next),
                          (struct table_kind){"marks-daily", year, 0});
    e = table_open(s->in, &s->year[k], job_format(s->in->j, "registers/%d-%02d.csv", year, next),
                   (struct table_kind){"marks-year", year, 0});
    if (e || year < 2024)
        return e;
    return table_open(s->in, &s->codes[k],
                      job_format(s->in->j, "registers/%d-%02d-other-codes.csv", year, next),
                      (struct table_kind){"marks-daily", year, 0});
}

static bool
is_school_week(const struct world *w, int32_t monday)
{
    for (int i = 0; i < w->n_schools; i++)
        if (calendar_days(world_calendar(w, i), monday, monday + 7))
            return true;
    return false;
}

enum err
mark_open(struct mark_set *s, const struct folder *in, enum mark_form form,
          const struct world *w, struct truth *t)
{
    int32_t last = LAST_DAY - date_weekday(LAST_DAY);
    char day[DATE_TEXT];
    enum err e = OK;

    *s = (struct mark_set){.in = in, .truth = t, .form = form, .last_day = LAST_DAY,
                           .first_year = form == MARK_RECENT ? MARK_RECENT_FROM : YEAR_SHOWN,
                           .first_week = last - 7 * (MARK_WEEKS - 1)};
    if (form == MARK_NONE)
        return OK;
    for (int k = 0; k < YEARS && !e; k++)
        e = open_year(s, k);
    if (!e && form != MARK_DAILY)
        e = systems_open(&s->systems, in, w);
    for (int i = 0; i < MARK_WEEKS && !e && form != MARK_DAILY; i++)
        if (is_school_week(w, s->first_week + 7 * i))
            e = table_open(in, &s->week[i],
                           job_format(in->j, "registers/week-%s.csv",
                                      date_iso(s->first_week + 7 * i, day)),
                           (struct table_kind){"marks-daily", YEAR_LAST, 0});
    return e;
}

static enum err
flush(const struct mark_set *s, const struct table *t)
{
    return table_is_open(t) ? table_flush(s->in, t->out.f, t->path) : OK;
}

enum err
mark_close(struct mark_set *s)
{
    enum err e = OK;

    for (int k = 0; k < YEARS && !e; k++)
        if (!(e = flush(s, &s->year[k])) && !(e = flush(s, &s->codes[k])))
            e = flush(s, &s->daily[k]);
    for (int i = 0; i < MARK_WEEKS && !e; i++)
        e = flush(s, &s->week[i]);
    return e ? e : systems_close(&s->systems);
}

/* ---- rows ------------------------------------------------------------------------- */

/* A child at a school in a school year. */
struct page {
    const struct life *l;
    int spell, year;
    int urn;
    const char *upn;
    int32_t start;            /* first day of the string */
    int32_t extracted;
    int days;
    char string[2 * YEAR_DAYS + 1];
};
struct half_day {
    int32_t date;
    int half, code;
    int32_t extracted;
};

static void
put_row(struct table *t, const struct page *p, const struct half_day *h, const char *code)
{
    table_text(t, OWN_MARK_UPN, p->upn);
    table_int(t, OWN_MARK_URN, p->urn);
    table_date(t, OWN_MARK_DATE, h->date);
    table_text(t, OWN_MARK_SESSION, h->half ? "PM" : "AM");
    table_text(t, OWN_MARK_MARK, code);
    if (!strcmp(code, "L"))
        table_int(t, OWN_MARK_LATE, 3 + (h->date * 7 + p->l->person) % 25);
    table_date(t, OWN_MARK_EXTRACTED, h->extracted);
    table_row(t);
}

/* A school whose register of a week never came, and one that writes its own code. */
static void
put_week_row(struct mark_set *s, const struct page *p, struct half_day h)
{
    int week = (h.date - s->first_week) / 7, school = p->l->spell[p->spell].school;
    struct table *t = &s->week[week];
    const char *code = attendance_name(h.code);

    h.extracted = s->first_week + 7 * week + 5;
    if (week == LATE_WEEK && school == MISSING_SCHOOL) {
        if (h.half == 0 && date_weekday(h.date) == 0)
            truth_error(s->truth, "register-missing", t->path, p->upn, p->l);
        return;
    }
    if (school == LOCAL_SCHOOL && code[0] == 'I' && h.date % 5 == 0) {
        truth_error(s->truth, "local-code", t->path, p->upn, p->l);
        code = local_code;
    }
    put_row(t, p, &h, code);
    if (week == MARK_WEEKS - 1)
        systems_mark(&s->systems, &(struct system_mark){p->l, school, h.half, p->upn, code,
                                                        h.date});
}

static int32_t
extracted_on(int year)
{
    int32_t july = date_from_ymd(year + 1, 7, 25);

    return july < LAST_DAY ? july : LAST_DAY - date_weekday(LAST_DAY) - 7 * (MARK_WEEKS - 1) - 2;
}

static void
put_half_day(struct mark_set *s, struct page *p, struct half_day h)
{
    int k = p->year - YEAR_FIRST;
    const char *code = attendance_name(h.code);

    if (h.date > s->last_day)
        return;
    if (s->form == MARK_DAILY) {
        h.extracted = p->extracted > h.date ? p->extracted : s->last_day;
        put_row(&s->daily[k], p, &h, code);
        return;
    }
    if (h.date >= s->first_week) {
        put_week_row(s, p, h);
        return;
    }
    if (code[1]) {
        h.extracted = p->extracted + 1;
        put_row(&s->codes[k], p, &h, code);
        code = "-";
    }
    p->string[2 * (h.date - p->start) + h.half] = code[0];
    if (h.date - p->start >= p->days)
        p->days = h.date - p->start + 1;
}

/* ---- a life ----------------------------------------------------------------------- */

static bool
page_begin(const struct mark_set *s, struct page *p, const struct life *l,
           const struct attend *a)
{
    const struct spell *at = &l->spell[a->spell];
    struct dates in = calendar_segment(a->year, a->segment);
    int32_t from = in.from > at->start ? in.from : at->start;
    struct upn_seen seen = life_upn(l, a->spell, from);

    *p = (struct page){.l = l, .spell = a->spell, .year = a->year, .upn = seen.upn,
                       .extracted = extracted_on(a->year)};
    p->urn = world_urn(&l->w->school[at->school], from);
    p->start = calendar_opens(world_calendar(l->w, at->school), a->year);
    if (from > p->start)
        p->start = from;
    memset(p->string, '#', sizeof p->string - 1);
    return a->year >= s->first_year && seen.upn[0];
}

static void
page_end(struct mark_set *s, struct page *p)
{
    struct table *t = &s->year[p->year - YEAR_FIRST];

    if (!p->days)
        return;
    p->string[2 * p->days] = '\0';
    table_text(t, OWN_YEAR_UPN, p->upn);
    table_int(t, OWN_YEAR_URN, p->urn);
    table_date(t, OWN_YEAR_STARTED, p->start);
    table_text(t, OWN_YEAR_MARKS, p->string);
    table_date(t, OWN_YEAR_EXTRACTED, p->extracted);
    table_row(t);
}

static bool
goes_on(const struct page *p, const struct attend *a)
{
    const struct life *l = p->l;
    int32_t from = calendar_segment(a->year, a->segment).from;

    return a->spell == p->spell && a->year == p->year &&
           world_urn(&l->w->school[l->spell[a->spell].school], from) == p->urn &&
           !strcmp(life_upn(l, a->spell, from).upn, p->upn);
}

static void
put_sheet(struct mark_set *s, struct page *p, const struct mark_sheet *sheet)
{
    for (int d = 0; d < sheet->days; d++)
        for (int half = 0; half < 2; half++)
            put_half_day(s, p, (struct half_day){sheet->day[d], half, sheet->code[d][half], 0});
}

/* Of one spell and year the half terms that follow each other are one page. */
static void
write_spell(struct mark_set *s, const struct life *l, int spell)
{
    struct mark_sheet sheet;
    struct page p;
    bool open = false;

    for (int i = 0; i < l->n_attends; i++) {
        const struct attend *a = &l->attend[i];
        if (a->spell != spell)
            continue;
        if (open && !goes_on(&p, a)) {
            page_end(s, &p);
            open = false;
        }
        if (!open && !(open = page_begin(s, &p, l, a)))
            continue;
        mark_lay(l, a, &sheet);
        put_sheet(s, &p, &sheet);
    }
    if (open)
        page_end(s, &p);
}

void
mark_write(struct mark_set *s, const struct life *l)
{
    if (s->form == MARK_NONE)
        return;
    for (int i = 0; i < l->n_spells; i++)
        write_spell(s, l, i);
}
