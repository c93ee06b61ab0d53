#include "risk/tally.h"

enum { YEAR_GROUPS = 17, IDACI_DECILES = 11 }; /* -1 … 14 and not known; 0 not known */

static int
by_code(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum err
note_ethnicity(struct job *j, struct groups *g, const char *code)
{
    for (size_t i = 0; i < g->n_ethnicities; i++)
        if (!strncmp(g->ethnicity[i], code, 7))
            return OK;
    if (g->n_ethnicities == ETHNICITIES)
        return err_set(j, ERR_FAULT, "there are more ethnic groups than the code set has");
    memcpy(g->ethnicity[g->n_ethnicities++], code, 7);
    return OK;
}

/* How many members a dimension has. */
static size_t
room_of(const struct groups *g, enum dimension d)
{
    size_t n;

    switch (d) {
    case D_ALL: return 1;
    case D_YEAR_GROUP: return YEAR_GROUPS;
    case D_ETHNICITY: return g->n_ethnicities;
    case D_IDACI: return IDACI_DECILES;
    case D_DISTRICT: return g->t->n[TIMELINE_DISTRICT] + 1;
    case D_SCHOOL: return g->t->n[TIMELINE_SCHOOL] + 1; /* the last: at none */
    default: members_of(d, &n); return n;
    }
}

/* The groups that flags make are numbered as members.def has them. */
static void
place_members(struct groups *g)
{
    for (int d = 0; d < DIMENSIONS; d++) {
        size_t n, from = members_of((enum dimension)d, &n);
        for (size_t i = 0; i < n; i++)
            g->member[from + i] = (uint16_t)(g->first[d] + i);
    }
}

static uint8_t
ethnicity_index(const struct groups *g, const char *code)
{
    const char (*at)[8];
    char key[8] = "";

    memcpy(key, code, 7);
    at = bsearch(key, g->ethnicity, g->n_ethnicities, sizeof *g->ethnicity, by_code);
    return at ? (uint8_t)(at - g->ethnicity) : 0;
}

/* Asked for each row of each year, so looked up once. */
static const uint8_t *
ethnicities_of(struct job *j, const struct groups *g)
{
    uint32_t n = g->t->n[TIMELINE_PERSON];
    uint8_t *of = job_array(j, (size_t)n + 1, 1);

    for (uint32_t p = 0; p < n; p++)
        of[p] = ethnicity_index(g, g->t->person[p].ethnicity);
    return of;
}

enum err
groups_of(struct job *j, const struct timeline *t, struct groups *out)
{
    enum err e = OK;

    *out = (struct groups){.t = t, .n_ethnicities = 1};
    for (uint32_t p = 0; p < t->n[TIMELINE_PERSON] && !e; p++)
        e = note_ethnicity(j, out, t->person[p].ethnicity);
    qsort(out->ethnicity, out->n_ethnicities, sizeof *out->ethnicity, by_code);
    out->ethnicity_of = ethnicities_of(j, out);
    for (int d = 0; d < DIMENSIONS; d++) {
        out->first[d] = out->n;
        out->n += room_of(out, (enum dimension)d);
    }
    out->first[DIMENSIONS] = out->n;
    if (out->n > UINT16_MAX)
        return err_set(j, ERR_FAULT, "there are too many schools for one area");
    place_members(out);
    return e;
}

size_t
groups_for(const struct groups *g, const struct member_of *m, uint16_t *out)
{
    size_t known = m->year_group == INT8_MIN ? YEAR_GROUPS - 1 : (size_t)(m->year_group + 1);
    size_t at[] = {
        g->first[D_ALL],
        g->first[D_YEAR_GROUP] + known,
        g->first[D_ETHNICITY] + g->ethnicity_of[m->person],
        g->first[D_IDACI] + m->idaci,
        g->first[D_DISTRICT] + m->district,
        g->first[D_SCHOOL] +
            (m->school == TIMELINE_NONE ? g->t->n[TIMELINE_SCHOOL] : m->school),
    };
    size_t n = sizeof at / sizeof *at;

    for (size_t i = 0; i < n; i++)
        out[i] = (uint16_t)at[i];
    for (size_t i = 0; i < MEMBERS; i++)
        if ((m->flags & member_rows[i].mask) == member_rows[i].flags)
            out[n++] = g->member[i];
    return n;
}

enum dimension
groups_dimension(const struct groups *g, size_t group)
{
    int d = 0;

    while (group >= g->first[d + 1])
        d++;
    return (enum dimension)d;
}

const char *
groups_member(struct job *j, const struct groups *g, size_t group)
{
    enum dimension d = groups_dimension(g, group);
    size_t i = group - g->first[d], n;

    switch (d) {
    case D_ALL: return "all";
    case D_YEAR_GROUP: return i == YEAR_GROUPS - 1 ? "" : job_format(j, "%d", (int)i - 1);
    case D_ETHNICITY: return job_copy(j, g->ethnicity[i]);
    case D_IDACI: return i ? job_format(j, "%zu", i) : "";
    case D_DISTRICT: return i ? job_copy(j, g->t->district[i - 1].name) : "";
    case D_SCHOOL:
        return i < g->t->n[TIMELINE_SCHOOL] ? job_format(j, "%u", g->t->school[i].urn)
                                            : MEMBER_NO_SCHOOL;
    default: return member_rows[members_of(d, &n) + i].member;
    }
}
