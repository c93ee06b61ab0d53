#include "synth/world.h"
#include "base/maths.h"
#include "people/upn.h"

static const struct size sizes[] = {
    {"small", 172, 5, 2, 1, 1, 1},
    {"town", 1040, 27, 5, 2, 1, 2},
    {"la", 4320, 112, 19, 6, 2, 4},
    {"region", 43200, 1120, 190, 60, 20, 4},
};
static const char *const fronts[] = {
#define FRONT(name) name,
#include "synth/places.def"
};
static const char *const backs[] = {
#define BACK(name) name,
#include "synth/places.def"
};
static const char *const saints[] = {
#define SAINT(name) name,
#include "synth/places.def"
};
static const char *const streets[] = {
#define STREET(name) name,
#include "synth/places.def"
};
static const char *const districts[] = {
#define DISTRICT(name) name,
#include "synth/places.def"
};
enum { FRONTS = sizeof fronts / sizeof *fronts, BACKS = sizeof backs / sizeof *backs,
       SAINTS = sizeof saints / sizeof *saints, STREETS = sizeof streets / sizeof *streets };
enum { LSOA_RANKS_2019 = 32844, LSOA_RANKS_2025 = 33755 };

const struct size *
world_size(const char *name)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (strcmp(sizes[i].name, name) == 0)
            return &sizes[i];
    return NULL;
}

/* Names do not repeat: a front and a back by a walk through all pairs. */
static void
name_school(struct school *s, int i, int of_phase)
{
    static const char *const kinds[PHASES] = {"Primary School", "Academy", "School",
                                              "Pupil Referral Unit"};
    const char *kind = kinds[s->phase];
    int at = (i * 457 + 11) % (FRONTS * BACKS);

    if (s->phase == PHASE_SECONDARY && of_phase % 3 == 0)
        kind = "High School";
    if (s->phase == PHASE_PRIMARY && of_phase % 5 == 4) {
        s->catholic = of_phase % 10 == 9;
        snprintf(s->name, sizeof s->name, "%s %s Primary School, %s%s",
                 saints[of_phase / 5 % SAINTS], s->catholic ? "Catholic" : "Church of England",
                 fronts[at / BACKS], backs[at % BACKS]);
    } else {
        snprintf(s->name, sizeof s->name, "%s%s %s", fronts[at / BACKS], backs[at % BACKS], kind);
    }
}

static void
type_school(struct school *s, int i)
{
    static const int maintained[PHASES] = {1, 5, 7, 14};
    static const int academy[PHASES] = {34, 34, 44, 42};
    static const short convert_year[4] = {2019, 2021, 2022, 2024};

    s->old_type = maintained[s->phase];
    s->type = s->phase == PHASE_PRIMARY && i % 5 == 4 ? 2 : s->old_type;
    if (s->phase == PHASE_SECONDARY ? i % 3 != 1 : i % 3 == 2)
        s->type = academy[s->phase];
    if (s->phase == PHASE_PRIMARY ? i % 17 == 3 : s->phase == PHASE_SECONDARY && i % 7 == 1) {
        s->type = academy[s->phase];
        s->old_urn = s->urn;
        s->urn += 50000;
        s->converted = date_from_ymd(convert_year[i / 3 % 4], i % 2 ? 9 : 4, 1);
    }
}

static void
make_school(struct world *w, int i, enum phase phase)
{
    static const int first_estab[PHASES] = {2001, 4001, 7001, 1101};
    struct school *s = &w->school[i];
    int k = i - w->first[phase];
    int of = w->first[phase + 1] - w->first[phase];

    *s = (struct school){.phase = phase, .urn = 900001 + i, .estab = first_estab[phase] + k};
    s->place = phase == PHASE_PRIMARY ? 2 * k
                                      : (int)((int64_t)k * w->n_places / of + w->n_places / 3) %
                                            w->n_places;
    s->district = s->place * w->size->districts / w->n_places;
    s->secondary = w->first[PHASE_SECONDARY] + k * w->size->secondary / of;
    s->semh = phase == PHASE_SPECIAL && k % 6 == 1;
    s->boards = phase == PHASE_SECONDARY && k == 1;
    s->calendar = k % 5 == 2 ? CALENDAR_TRUST : CALENDAR_AUTHORITY;
    if (phase == PHASE_SECONDARY && k == 0)
        s->calendar = CALENDAR_FAULT;
    type_school(s, k);
    name_school(s, i, k);
}

/* Effects of the schools of a phase: quantiles of the normal distribution, shuffled, so that
 * a small authority has its strict and its mild schools too. */
static void
make_effects(struct world *w, enum phase phase)
{
    struct random r = random_stream(w->seed, (uint64_t)phase, STREAM_SCHOOL);
    int from = w->first[phase], n = w->first[phase + 1] - from;
    double sd = phase == PHASE_SECONDARY ? param.susp_school_secondary
                                         : param.susp_school_primary;

    for (int i = 0; i < n; i++) {
        w->school[from + i].suspend = sd * maths_phi_inverse((i + 0.5) / n);
        w->school[from + i].absent = param.abs_school_sd * random_normal(&r);
    }
    for (int i = n - 1; i > 0; i--) {
        int k = (int)random_below(&r, i + 1);
        double keep = w->school[from + i].suspend;
        w->school[from + i].suspend = w->school[from + k].suspend;
        w->school[from + k].suspend = keep;
    }
}

/* Deciles are spread evenly over the places and shuffled by district: every authority of
 * this kind has its poor and its well-off quarters. */
static void
make_places(struct world *w)
{
    struct random r = random_stream(w->seed, 0, STREAM_PLACE);

    for (int i = 0; i < w->n_places; i++)
        w->place[i].rank19 = i;
    for (int i = w->n_places - 1; i > 0; i--) {
        int k = (int)random_below(&r, i + 1), keep = w->place[i].rank19;
        w->place[i].rank19 = w->place[k].rank19;
        w->place[k].rank19 = keep;
    }
    for (int i = 0; i < w->n_places; i++) {
        struct place *p = &w->place[i];
        double u = (p->rank19 + random_unit(&r)) / w->n_places;
        double v = u + 0.04 * random_normal(&r);

        v = v < 0 ? -v : v >= 1 ? 1.98 - v : v;
        p->rank19 = 1 + (int)(u * LSOA_RANKS_2019);
        p->rank25 = 1 + (int)(v * LSOA_RANKS_2025);
        p->decile19 = 1 + (int)((int64_t)(p->rank19 - 1) * 10 / LSOA_RANKS_2019);
        p->decile25 = 1 + (int)((int64_t)(p->rank25 - 1) * 10 / LSOA_RANKS_2025);
        p->district = i * w->size->districts / w->n_places;
        p->ward = i * w->size->districts * WARDS / w->n_places;
        p->split = i % 20 == 13;
    }
}

enum { SERIALS = 24 }; /* years of allocation 2002 … 2025 */
/* Eldest children are born over 35 years (who.c); 2.02 children a family. */
enum { FAMILY_YEARS = 35, CHILDREN_100 = 202 };

struct world *
world_make(struct job *j, const struct size *size, uint64_t seed)
{
    struct world *w = job_alloc(j, sizeof *w);
    int count[PHASES] = {size->primary, size->secondary, size->special, size->ap};

    w->seed = seed ^ 0xA5A5A5A5U;
    w->size = size;
    for (int p = 0; p < PHASES; p++)
        w->first[p + 1] = w->first[p] + count[p];
    w->n_schools = w->first[PHASES];
    w->n_places = 2 * size->primary;
    w->school = job_array(j, (size_t)w->n_schools, sizeof *w->school);
    w->place = job_array(j, (size_t)w->n_places, sizeof *w->place);
    w->serial = job_array(j, (size_t)w->n_schools * SERIALS, sizeof *w->serial);
    w->given = job_array(j, (size_t)w->n_schools * SERIALS, sizeof *w->given);
    w->families = (int64_t)size->cohort * FAMILY_YEARS * 100 / CHILDREN_100;
    w->calendar = job_array(j, CALENDARS, sizeof *w->calendar);
    for (int c = 0; c < CALENDARS; c++)
        calendar_make(&w->calendar[c], (enum calendar_of)c);
    make_places(w);
    for (int p = 0; p < PHASES; p++) {
        for (int i = w->first[p]; i < w->first[p + 1]; i++)
            make_school(w, i, (enum phase)p);
        make_effects(w, (enum phase)p);
    }
    return w;
}

int
world_urn(const struct school *s, int32_t date)
{
    return s->old_urn && date < s->converted ? s->old_urn : s->urn;
}

const struct calendar *
world_calendar(const struct world *w, int school)
{
    return &w->calendar[w->school[school].calendar];
}

const char *
world_district(int district)
{
    return districts[district];
}

const char *
world_street(int i)
{
    return streets[i % STREETS];
}

const char *
world_postcode(int place, int k, char *buf)
{
    static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ";
    int n = place * POSTCODES + k;

    snprintf(buf, PLACE_TEXT, "ZZ%d %d%c%c", 1 + n / 3600, 1 + n % 3600 / 400,
             letters[n % 400 / 20], letters[n % 20]);
    return buf;
}

struct spot
world_spot(const struct world *w, int place, int k)
{
    enum { SOUTH = 53500000, WEST = -4200000, HIGH = 8100, WIDE = 13600, ACROSS = 8 };
    int side = 1;

    while (side * side < w->n_places)
        side++;
    return (struct spot){
        SOUTH + place / side * HIGH + (2 * (k / ACROSS) + 1) * HIGH * ACROSS / (2 * POSTCODES),
        WEST + place % side * WIDE + (2 * (k % ACROSS) + 1) * WIDE / (2 * ACROSS)};
}

const char *
world_lsoa(const struct world *w, int place, int edition, char *buf)
{
    int n = FIRST_LSOA + place;

    if (edition == 2021 && w->place[place].split)
        n += w->n_places;
    snprintf(buf, PLACE_TEXT, "E0%d", n);
    return buf;
}

void
world_upn(struct world *w, int school, int year, char *buf)
{
    uint16_t *next = &w->serial[school * SERIALS + (year - 2002) % SERIALS];

    snprintf(buf, UPN_SIZE, "?001%04u%02u%03u", (unsigned)w->school[school].estab % 10000U,
             (unsigned)year % 100U, *next % 1000U);
    ++*next;
    upn_set_letter(buf);
}

struct given *
world_given(struct world *w, const char *upn)
{
    int estab = 0, year = (upn[8] - '0') * 10 + upn[9] - '0', i = 0;

    for (int k = 4; k < 8; k++)
        estab = estab * 10 + upn[k] - '0';
    i = w->first[PHASE_PRIMARY] + estab - 2001;
    if (i < 0 || i >= w->n_schools)
        i = 0;
    return &w->given[i * SERIALS + (year + 100 - 2) % SERIALS];
}
