#include "synth/life.h"

/* What brothers and sisters have in common. */
struct family {
    int children, cohort[FAMILY_MOST];
    int32_t born[FAMILY_MOST];
    const struct param_ethnicity *ethnicity;
    const char *surname;
    int place, postcode, house, primary, secondary, arrives;
    double z, adverse;
    bool english;
};

enum { FIRST_COHORT = YEAR_FIRST - 13, LEAD = 12 }; /* elder children up to 12 years before */

static const struct param_ethnicity *
draw_ethnicity(struct random *r)
{
    int64_t at = random_below(r, 10000);
    int i;

    for (i = 0; i < ETHNICITIES - 1 && at >= param_ethnicities[i].share; i++)
        at -= param_ethnicities[i].share;
    return &param_ethnicities[i];
}

static void
family_births(struct family *f, struct random *r)
{
    static const int gaps[20] = {1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4};
    int64_t size = random_below(r, 100);
    int cohort = FIRST_COHORT - LEAD +
                 (int)random_below(r, YEAR_LAST - FIRST_COHORT + LEAD + 1);

    f->children = size < 30 ? 1 : size < 75 ? 2 : size < 93 ? 3 : 4;
    for (int k = 0; k < FAMILY_MOST; k++) {
        int64_t day = random_below(r, 365);
        bool twin = random_chance(r, param.twin) && k;
        if (k && !twin)
            cohort += gaps[random_below(r, 20)];
        f->cohort[k] = cohort;
        f->born[k] = twin ? f->born[k - 1] : date_from_ymd(cohort - 5, 9, 1) + (int32_t)day;
    }
}

static void
family_schools(const struct world *w, struct family *f, struct random *r)
{
    int n = w->size->primary, k = f->place / 2;

    if (random_chance(r, param.primary_elsewhere))
        k = (k + n - 3 + (int)random_below(r, 7)) % n;
    f->primary = w->first[PHASE_PRIMARY] + k;
    f->secondary = w->school[f->primary].secondary;
    if (random_chance(r, param.secondary_elsewhere))
        f->secondary = w->first[PHASE_SECONDARY] + (int)random_below(r, w->size->secondary);
}

static struct family
family_make(struct world *w, int64_t family)
{
    struct random r = random_stream(w->seed, (uint64_t)family, STREAM_FAMILY);
    struct family f = {0};

    family_births(&f, &r);
    f.ethnicity = draw_ethnicity(&r);
    f.surname = param_surname(&r, f.ethnicity->community);
    f.place = (int)(family * w->n_places / w->families);
    f.postcode = (int)random_below(&r, POSTCODES);
    f.house = 1 + (int)random_below(&r, 140);
    f.z = random_normal(&r);
    f.adverse = random_normal(&r);
    f.english = f.ethnicity == &param_ethnicities[0] || !random_chance(&r, param.eal_other);
    if (random_chance(&r, 2 * param.arrives_late))
        f.arrives = YEAR_FIRST - 9 + (int)random_below(&r, YEARS + 9);
    family_schools(w, &f, &r);
    return f;
}

static const char *
language_of(const struct family *f, struct random *r)
{
    static const char *const of[COMMUNITIES][3] = {
        {"ENG", "ENG", "FRN"}, {"URD", "BNG", "ARA"}, {"PNJ", "GUJ", "TAM"},
        {"YOR", "SOM", "AKA"}, {"POL", "RMN", "LIT"},
    };
    if (f->english)
        return "ENG";
    return of[f->ethnicity->community][random_below(r, 3)];
}

static double
mix(double shared, double own, double share)
{
    return shared * __builtin_sqrt(share) + own * __builtin_sqrt(1 - share);
}

static void
draw_latents(struct life *l, const struct family *f, struct random *r)
{
    int decile = l->w->place[f->place].decile19;
    double own;

    l->z = mix(f->z, random_normal(r), param.family_share_z);
    own = mix(f->adverse, random_normal(r), param.family_share_adverse);
    l->adverse = param.adverse_own * own + param.adverse_z * l->z +
                 param.adverse_decile * (5.5 - decile);
    l->w_absent = param.absent_own * random_normal(r) + param.absent_adverse * l->adverse;
}

static void
draw_extras(struct life *l, const struct family *f)
{
    struct random *r = &l->stream[STREAM_EXTRA];

    l->service = random_chance(r, param.service_child);
    l->adopted = random_chance(r, param.adopted);
    l->sen_unit = random_chance(r, param.sen_unit);
    l->carer = random_chance(r, param.young_carer) ? 1 + (int)random_below(r, 2) : 0;
    l->other_surname = param_surname(r, f->ethnicity->community);
}

bool
life_who(struct life *l, int64_t family, int k)
{
    struct world *w = l->w;
    struct family f = family_make(w, family);
    struct random *r = &l->stream[STREAM_WHO];
    struct param_name name;

    if (k >= f.children || f.cohort[k] < FIRST_COHORT || f.cohort[k] > YEAR_LAST)
        return false;
    for (int s = 0; s <= STREAM_EXTRA; s++)
        l->stream[s] = random_stream(w->seed, (uint64_t)l->person, (uint64_t)s);
    l->cohort = f.cohort[k];
    l->born = f.born[k];
    l->sex = random_chance(r, param.boys) ? 'M' : 'F';
    l->ethnicity = f.ethnicity;
    l->surname = f.surname;
    name = param_forename(r, f.ethnicity->community, l->sex);
    l->forename = name.name;
    l->called = name.called;
    l->middle = "";
    if (random_chance(r, param.middle_name))
        l->middle = param_forename(r, f.ethnicity->community, l->sex).name;
    l->language = language_of(&f, r);
    draw_latents(l, &f, r);
    l->children = f.children;
    draw_extras(l, &f);
    l->secondary = f.secondary;
    l->boards = random_chance(r, param.boarder);
    l->arrives = f.arrives > l->cohort && f.arrives > YEAR_FIRST ? f.arrives : 0;
    if (l->arrives && l->arrives - l->cohort > 11)
        return false;
    l->home[l->n_homes++] = (struct home){l->born, f.place, f.postcode, f.house};
    l->support_from = l->plan_from = l->semh_from = DATE_NONE;
    l->support_to = DATE_OPEN;
    world_upn(w, f.primary, l->arrives ? l->arrives : l->cohort, l->upn);
    life_care(l);
    life_help(l);
    return true;
}

struct local_id
life_local_id(const struct life *l)
{
    struct local_id id;

    /* an odd factor scatters the numbers and keeps them apart */
    snprintf(id.text, sizeof id.text, "%u",
             10000000U + (unsigned)(l->person * 10368889 & 0xffffff));
    return id;
}
