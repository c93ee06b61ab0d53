#include "timeline/timeline.h"

enum { THURSDAY = 3 };

static int32_t
nth_thursday(int32_t year, int32_t month, int32_t n)
{
    int32_t first = date_from_ymd(year, month, 1);

    return first + (THURSDAY - date_weekday(first) + 7) % 7 + 7 * (n - 1);
}

int32_t
timeline_census_day(int32_t school_year, enum term term)
{
    if (term == TERM_AUTUMN)
        return nth_thursday(school_year, 10, 1);
    return nth_thursday(school_year + 1, term == TERM_SPRING ? 1 : 5, 3);
}

int32_t
timeline_term_start(int32_t school_year, enum term term)
{
    if (term == TERM_AUTUMN)
        return date_year_start(school_year);
    if (term == TERM_SPRING)
        return date_from_ymd(school_year + 1, 1, 1);
    return date_easter(school_year + 1) + 1;
}

int32_t
timeline_term_end(int32_t school_year, enum term term)
{
    if (term == TERM_SUMMER)
        return date_year_end(school_year);
    return timeline_term_start(school_year, term + 1);
}

int32_t
timeline_leaving_year(int32_t day)
{
    enum { SUMMER = 47 }; /* 15 September less so many days is 30 July */

    return date_school_year(day - SUMMER);
}

struct timeline_range
timeline_of(const struct timeline *t, enum timeline_section s, uint32_t p)
{
    int k = (int)s - TIMELINE_CENSUS;

    return (struct timeline_range){t->person[p].first[k], t->person[p + 1].first[k]};
}

uint32_t
timeline_person_find(const struct timeline *t, int64_t person_id)
{
    uint32_t low = 0, high = t->n[TIMELINE_PERSON];

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (t->person[mid].person_id < person_id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->n[TIMELINE_PERSON] && t->person[low].person_id == person_id ? low
                                                                                 : TIMELINE_NONE;
}

uint32_t
timeline_school_find(const struct timeline *t, int64_t urn)
{
    uint32_t low = 0, high = t->n[TIMELINE_SCHOOL];

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (t->school[mid].urn < urn)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->n[TIMELINE_SCHOOL] && t->school[low].urn == urn ? low : TIMELINE_NONE;
}

int
timeline_status_rank(char status)
{
    switch (status) {
    case 'C': return 0;
    case 'M': return 1;
    case 'S': return 2;
    case 'G': return 3;
    case 'F': return 4;
    case 'O': return 5;
    default: return 6;
    }
}

/* Schools are sorted by URN, so the lower index is the lower URN. */
static bool
enrolment_goes_before(const struct timeline_enrolment *a, const struct timeline_enrolment *b)
{
    int ra = timeline_status_rank(a->status), rb = timeline_status_rank(b->status);

    if (ra != rb)
        return ra < rb;
    if (a->start != b->start)
        return a->start > b->start;
    return a->school < b->school;
}

uint32_t
timeline_main(const struct timeline *t, uint32_t p, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_ENROLMENT, p);
    uint32_t best = TIMELINE_NONE;

    for (; r.from < r.to; r.from++) {
        const struct timeline_enrolment *e = &t->enrolment[r.from];
        if (e->start > day || e->end <= day)
            continue;
        if (best == TIMELINE_NONE || enrolment_goes_before(e, &t->enrolment[best]))
            best = r.from;
    }
    return best;
}

static bool
census_goes_before(const struct timeline_census *a, const struct timeline_census *b)
{
    int ra = timeline_status_rank(a->status), rb = timeline_status_rank(b->status);

    if (ra != rb)
        return ra < rb;
    if (a->entered != b->entered)
        return a->entered > b->entered;
    return a->school < b->school;
}

uint32_t
timeline_census_of(const struct timeline *t, uint32_t p, int32_t school_year, enum term term)
{
    struct timeline_range r = timeline_of(t, TIMELINE_CENSUS, p);
    uint32_t best = TIMELINE_NONE;

    for (; r.from < r.to; r.from++) {
        const struct timeline_census *c = &t->census[r.from];
        if (c->school_year != school_year || c->term != term || !(c->flags & CENSUS_ON_ROLL))
            continue;
        if (best == TIMELINE_NONE || census_goes_before(c, &t->census[best]))
            best = r.from;
    }
    return best;
}

uint32_t
timeline_spell_on(const struct timeline *t, uint32_t p, enum timeline_kind k, int32_t day)
{
    struct timeline_range r = timeline_of(t, TIMELINE_SPELL, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &t->spell[r.from];
        if (s->kind == k && s->start <= day && day < s->end)
            return r.from;
    }
    return TIMELINE_NONE;
}

uint32_t
timeline_entry_within(const struct timeline *t, uint32_t p, int kind, struct timeline_days d)
{
    struct timeline_range r = timeline_of(t, TIMELINE_ENTRY, p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_entry *e = &t->entry[r.from];
        if (e->kind == kind && e->start < d.to && e->end > d.from)
            return r.from;
    }
    return TIMELINE_NONE;
}

static int
by_return(const struct timeline_return *r, const struct timeline_wanted *w)
{
    if (r->kind != w->kind)
        return (int)r->kind - (int)w->kind;
    if (r->school_year != w->school_year)
        return r->school_year < w->school_year ? -1 : 1;
    if (w->term == 0 || r->term != w->term)
        return w->term == 0 ? 0 : r->term - w->term;
    if (w->kind != RETURN_CENSUS || w->school == TIMELINE_NONE) /* others: by what before it */
        return 0;
    return (r->school > w->school) - (r->school < w->school);
}

bool
timeline_has(const struct timeline *t, const struct timeline_wanted *w)
{
    uint32_t low = 0, high = t->n[TIMELINE_RETURN];

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (by_return(&t->returns[mid], w) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < t->n[TIMELINE_RETURN] && by_return(&t->returns[low], w) == 0; low++) {
        const struct timeline_return *r = &t->returns[low];
        if ((w->school == TIMELINE_NONE || r->school == w->school) &&
            (w->what == 0 || r->what == w->what) && (r->holds & w->holds) == w->holds)
            return true;
    }
    return false;
}

int32_t
timeline_care_until(const struct timeline *t)
{
    int32_t until = DATE_NONE;

    for (uint32_t i = 0; i < t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &t->returns[i];
        bool tells = r->kind == RETURN_CARE &&
                     r->holds & (HOLDS_CARE_CASES | HOLDS_CARE_LOOKED_AFTER);
        if (tells && r->until > until)
            until = r->until;
    }
    return until;
}

const char *
timeline_name(struct job *j, const struct timeline *t)
{
    return t->head->checksum
               ? job_format(j, "%016llx", (unsigned long long)t->head->checksum) : NULL;
}
