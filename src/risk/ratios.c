/* Intervals of figures; groups against their reference group, years pooled. */
#include "access/permit.h"
#include "risk/figures.h"
#include "stats/interval.h"

static struct interval
absence_interval(const struct figure *f)
{
    const struct spread *s = &f->spread;
    struct ratio_sums sums = {s->enrolments, f->numerator, f->denominator, s->missed_squares,
                              s->possible_squares, s->products};

    return interval_ratio(sums, 0.95);
}

struct interval
figure_interval(const struct figure *f)
{
    struct interval i;

    if (f->no_data || f->denominator <= 0)
        return (struct interval){0};
    if (f->measure == M_DFE_ABSENCE)
        return absence_interval(f);
    if (f->measure != M_DFE_SUSP && f->measure != M_DFE_PEX)
        return interval_wilson((struct part){f->numerator, f->denominator}, 0.95);
    i = interval_count(f->numerator, 0.95);
    i.value /= (double)f->denominator;
    i.low /= (double)f->denominator;
    i.high /= (double)f->denominator;
    return i;
}

/* Figures of one member over the years asked for, added up. */
struct pooled {
    const char *member;
    int64_t numerator, denominator;
};

static struct pooled *
pooled_of(struct pooled *p, size_t *n, const char *member)
{
    for (size_t i = 0; i < *n; i++)
        if (!strcmp(p[i].member, member))
            return &p[i];
    p[*n] = (struct pooled){.member = member};
    return &p[(*n)++];
}

static size_t
pool(const struct figure *f, size_t n, struct pooled_years years, struct pooled *out)
{
    size_t groups = 0;

    for (size_t i = 0; i < n; i++) {
        struct pooled *p;
        if (f[i].school_year < years.first || f[i].school_year > years.last || f[i].no_data)
            continue;
        p = pooled_of(out, &groups, f[i].member);
        p->numerator += f[i].numerator;
        p->denominator += f[i].denominator;
    }
    return groups;
}

static enum err
fill_ratio(struct job *j, const struct pooled *group, const struct pooled *reference,
           struct ratio *out)
{
    struct interval r = interval_risk_ratio(
        (struct part){group->numerator, group->denominator},
        (struct part){reference->numerator, reference->denominator}, 0.95);

    out->member = group->member;
    out->numerator = group->numerator;
    out->denominator = group->denominator;
    out->ratio = r.value;
    out->low = r.low;
    out->high = r.high;
    out->adjusted = r.adjusted;
    return dimension_label(j, out->dimension, group->member, &out->label);
}

static const struct pooled *
find_member(const struct pooled *p, size_t n, const char *member)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(p[i].member, member))
            return &p[i];
    return NULL;
}

enum err
figure_ratios(struct job *j, enum measure m, struct pooled_years years, struct ratio **out,
              size_t *n)
{
    struct figure *all;
    size_t count, room;
    enum err e = OK;

    *n = room = 0;
    *out = NULL;
    for (int d = 0; d < DIMENSIONS && !e; d++) {
        struct figure_filter f = {(int)m, -1, d, NULL};
        struct pooled *p;
        const struct pooled *reference;
        if (!dimension_rows[d].reference)
            continue;
        e = figure_list(j, f, &all, &count);
        if (e)
            return e;
        p = job_array(j, count + 1, sizeof *p);
        count = pool(all, count, years, p);
        reference = find_member(p, count, dimension_rows[d].reference);
        *out = job_grow(j, *out, room * sizeof **out, (room + count) * sizeof **out + 1);
        room += count;
        for (size_t i = 0; i < count && reference && !e; i++) {
            if (&p[i] == reference || !*p[i].member)
                continue;
            (*out)[*n].dimension = (enum dimension)d;
            e = fill_ratio(j, &p[i], reference, &(*out)[(*n)++]);
        }
    }
    return e;
}
