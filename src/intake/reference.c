#include "intake/shared.h"
#include "intake/family.h"
#include "people/establishment.h"
#include "returns/fields.h"

/* Schools, postcodes and deprivation: tables that all authorities share. */

struct reference {
    struct loading *l;
    struct map_salt salt;
    struct map *seen;
};

static const struct db_table school_table = {
    "establishment_row",
    "edition, urn, la, estab, name, type_code, type_name, phase, status, opened, closed, "
    "low_age, high_age, postcode, district, ward, close_reason",
    "iiiititti" "iiiittti"};
static const struct db_table link_table = {"establishment_link_row",
                                           "edition, urn, link_urn, kind, linked", "iiiti"};
static const struct db_table postcode_table = {
    "postcode_row",
    "edition, postcode, lsoa11, lsoa21, district, ward, introduced, ended, county, latitude, "
    "longitude",
    "ittttt" "iitii"};
static const struct db_table deprivation_table = {
    "deprivation_row", "edition, lsoa, iod, idaci_rank, idaci_decile, imd_decile, district",
    "itiiiit"};

static enum err
reference_begin(struct job *j, struct loading *l, const char *family, void **state)
{
    struct reference *x = job_alloc(j, sizeof *x);
    enum err e = shared_begin(j, l, family);

    *state = x;
    x->l = l;
    x->salt = map_salt_new();
    return e ? e : map_open(j, 0, &x->seen);
}

/* The second of a key in one load is refused. */
static enum err
is_new(struct job *j, struct reference *x, const struct record *r, const char *key, bool *new)
{
    uint64_t k = map_key(&x->salt, key, strlen(key));
    struct place at = loading_place(x->l, r, 0);

    *new = !map_find(x->seen, k);
    return *new ? map_put(j, x->seen, k, 1) : loading_find(j, x->l, &at, FOUND_TWICE, key);
}

/* ---- schools --------------------------------------------------------------------- */

enum err
gias_begin(struct job *j, struct loading *l, void **state)
{
    return reference_begin(j, l, "gias", state);
}

/* The name of the loading authority comes from here. */
static enum err
name_area(struct job *j, struct reference *x, const struct record *r)
{
    const struct value *la = &r->v[GIAS_SCHOOL_LA], *name = &r->v[GIAS_SCHOOL_LA_NAME];
    struct loading *l = x->l;

    if (l->area_name || la->i != j->area || !name->given)
        return OK;
    l->area_name = pile_keep(j, l->tellings, name->s, name->n);
    return l->area_name ? OK : j->err.kind;
}

static enum err
take_school(struct job *j, struct reference *x, const struct record *r)
{
    const struct value *v = r->v;
    const struct value *type = &v[GIAS_SCHOOL_TYPE], *type_name = &v[GIAS_SCHOOL_TYPE_NAME];
    const struct value *status = &v[GIAS_SCHOOL_STATUS];
    char key[32];
    bool new;
    enum err e;

    snprintf(key, sizeof key, "URN %lld", (long long)v[GIAS_SCHOOL_URN].i);
    if ((e = is_new(j, x, r, key, &new)) || !new)
        return e;
    return loading_row(
        j, x->l, &school_table,
        ARGS(INT(x->l->edition), INT(v[GIAS_SCHOOL_URN].i), INT(v[GIAS_SCHOOL_LA].i),
             value_int(&v[GIAS_SCHOOL_ESTAB]), value_text(&v[GIAS_SCHOOL_NAME]), INT(type->i),
             type_name->given ? value_text(type_name) : TEXT(""),
             TEXT(establishment_phase(type->i, v[GIAS_SCHOOL_PHASE].i)),
             INT(status->given ? status->i : 1), value_int(&v[GIAS_SCHOOL_OPENED]),
             value_end(&v[GIAS_SCHOOL_CLOSED]), value_int(&v[GIAS_SCHOOL_LOW_AGE]),
             value_int(&v[GIAS_SCHOOL_HIGH_AGE]), value_text(&v[GIAS_SCHOOL_POSTCODE]),
             value_text(&v[GIAS_SCHOOL_DISTRICT]), value_text(&v[GIAS_SCHOOL_WARD]),
             value_int(&v[GIAS_SCHOOL_CLOSE_REASON])));
}

static enum err
take_link(struct job *j, struct reference *x, const struct record *r)
{
    const struct value *type = &r->v[GIAS_LINK_TYPE];
    size_t n = 0;
    char key[128];
    bool new;
    enum err e;

    while (n < type->n && type->s[n] != ' ')
        n++;
    snprintf(key, sizeof key, "URN %lld to %lld, %.*s", (long long)r->v[GIAS_LINK_URN].i,
             (long long)r->v[GIAS_LINK_TO].i, (int)(n < 60 ? n : 60), type->s);
    if ((e = is_new(j, x, r, key, &new)) || !new)
        return e;
    return loading_row(j, x->l, &link_table,
                       ARGS(INT(x->l->edition), INT(r->v[GIAS_LINK_URN].i),
                            INT(r->v[GIAS_LINK_TO].i), TEXT_N(type->s, n),
                            value_int(&r->v[GIAS_LINK_DATE])));
}

enum err
gias_record(struct job *j, void *arg, const struct record *r)
{
    enum err e;

    if (!strcmp(r->layout->name, "gias-links"))
        return take_link(j, arg, r);
    e = name_area(j, arg, r);
    return e ? e : take_school(j, arg, r);
}

enum err
gias_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}

/* ---- postcodes ------------------------------------------------------------------- */

enum err
postcodes_begin(struct job *j, struct loading *l, void **state)
{
    return reference_begin(j, l, "postcodes", state);
}

/* A county's code (E10…) says less than the district's, which ONS gives in that column. */
enum err
postcodes_record(struct job *j, void *arg, const struct record *r)
{
    struct reference *x = arg;
    const struct value *v = r->v;
    bool new;
    enum err e = is_new(j, x, r, v[GEO_POSTCODE_CODE].s, &new);

    if (e || !new)
        return e;
    return loading_row(
        j, x->l, &postcode_table,
        ARGS(INT(x->l->edition), value_text(&v[GEO_POSTCODE_CODE]),
             value_text(&v[GEO_POSTCODE_LSOA11]), value_text(&v[GEO_POSTCODE_LSOA21]),
             value_text(&v[GEO_POSTCODE_DISTRICT]), value_text(&v[GEO_POSTCODE_WARD]),
             value_int(&v[GEO_POSTCODE_INTRODUCED]), value_int(&v[GEO_POSTCODE_ENDED]),
             value_text(&v[GEO_POSTCODE_COUNTY]),
             value_int(&v[GEO_POSTCODE_LATITUDE]), value_int(&v[GEO_POSTCODE_LONGITUDE])));
}

enum err
postcodes_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}

/* ---- deprivation ----------------------------------------------------------------- */

enum err
deprivation_begin(struct job *j, struct loading *l, void **state)
{
    return reference_begin(j, l, "deprivation", state);
}

/* ONS numbered the areas in England that the census of 2021 brought from here to there. */
enum { FIRST_OF_2021 = 1033769, LAST_OF_2021 = 1035762 };

/* The indices of 2019 are of the areas of the 2011 census, those of 2025 of the areas of the
 * 2021 census: a file that mixes them was joined by somebody, and is not taken. */
static enum err
judge_areas(struct job *j, struct loading *l, const struct record *r, int64_t iod)
{
    const struct value *lsoa = &r->v[GEO_DEPRIVATION_LSOA];
    const char *why;
    int64_t number = 0;
    bool newer;

    if (l->refusal)
        return OK;
    newer = iod == 2019 && lsoa->n == 9 && lsoa->s[0] == 'E' &&
            text_to_int(lsoa->s + 1, 8, &number) && number >= FIRST_OF_2021 &&
            number <= LAST_OF_2021;
    if (!newer && !r->v[GEO_DEPRIVATION_OTHER].given)
        return OK;
    why = job_format(
        j, "line %lld joins areas of the 2021 census with the indices of deprivation 2019: %s%s. "
           "Load File 7 of each as it was published; a home is looked up in each by the area of "
           "its own census",
        (long long)r->line, newer ? lsoa->s : "it has columns of both",
        newer ? " came with the census of 2021" : "");
    l->refusal = pile_keep(j, l->tellings, why, strlen(why));
    return l->refusal ? OK : j->err.kind;
}

enum err
deprivation_record(struct job *j, void *arg, const struct record *r)
{
    struct reference *x = arg;
    const struct value *v = r->v;
    int64_t iod = strcmp(r->layout->name, "deprivation-2019") ? 2025 : 2019;
    char key[64];
    bool new;
    enum err e;

    snprintf(key, sizeof key, "%.40s of %lld", v[GEO_DEPRIVATION_LSOA].s, (long long)iod);
    if ((e = judge_areas(j, x->l, r, iod)) || (e = is_new(j, x, r, key, &new)) || !new)
        return e;
    return loading_row(j, x->l, &deprivation_table,
                       ARGS(INT(x->l->edition), value_text(&v[GEO_DEPRIVATION_LSOA]), INT(iod),
                            INT(v[GEO_DEPRIVATION_IDACI_RANK].i),
                            INT(v[GEO_DEPRIVATION_IDACI_DECILE].i),
                            value_int(&v[GEO_DEPRIVATION_IMD_DECILE]),
                            value_text(&v[GEO_DEPRIVATION_DISTRICT])));
}

enum err
deprivation_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}
