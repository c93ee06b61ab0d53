#include "people/edition.h"
#include "timeline/number.h"

enum {
    FROM_2025 = 2025, /* first school year with the indices of 2025 */
    DISTRICT_CODE = 12,
};

/* ---- districts --------------------------------------------------------------------------- */

uint16_t
number_district(struct build *b, const char *name, size_t n)
{
    struct timeline_district d = {0};

    if (!name || n == 0)
        return 0;
    memcpy(d.name, name, n < sizeof d.name ? n : sizeof d.name - 1);
    for (uint32_t i = 0; i < b->districts; i++)
        if (memcmp(&b->district[i], &d, sizeof d) == 0)
            return (uint16_t)(i + 1);
    if (b->districts == UINT16_MAX - 1)
        return 0;
    if (b->districts % 64 == 0)
        b->district = job_grow(b->j, b->district, b->districts * sizeof d,
                               (b->districts + 64) * sizeof d);
    b->district[b->districts++] = d;
    return (uint16_t)b->districts;
}

struct named {
    struct timeline_district row;
    uint32_t was;
};

static int
by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return memcmp(&x->row, &y->row, sizeof x->row);
}

void
number_districts(struct build *b)
{
    struct named *order = job_array(b->j, b->districts + 1, sizeof *order);
    uint16_t *map = job_array(b->j, b->districts + 1, sizeof *map);

    for (uint32_t i = 0; i < b->districts; i++)
        order[i] = (struct named){b->district[i], i};
    qsort(order, b->districts, sizeof *order, by_name);
    for (uint32_t i = 0; i < b->districts; i++) {
        b->district[i] = order[i].row;
        map[order[i].was + 1] = (uint16_t)(i + 1);
    }
    for (uint32_t i = 0; i < b->schools; i++)
        b->school[i].row.district = map[b->school[i].row.district];
    for (uint32_t i = 0; i < b->places; i++)
        b->place[i].district = map[b->place[i].district];
}

/* ---- places ------------------------------------------------------------------------------ */

/* A postcode on its way to a place. */
struct home {
    int64_t postcode; /* packed */
    uint32_t was;
};

static int
by_postcode(const void *a, const void *b)
{
    const struct home *x = a, *y = b;
    return memcmp(&x->postcode, &y->postcode, sizeof x->postcode);
}

static const char sql_postcode[] =
    "SELECT lsoa11, lsoa21, district FROM postcode WHERE postcode = $1";
/* As known in edition $2 (people/edition.h). */
static const char sql_postcode_then[] =
    "SELECT lsoa11, lsoa21, district FROM (SELECT lsoa11, lsoa21, district, there, edition "
    "FROM postcode_past WHERE postcode = $1 AND edition >= $2 UNION ALL "
    "SELECT lsoa11, lsoa21, district, 1, 9223372036854775807 FROM postcode WHERE postcode = $1 "
    "ORDER BY edition LIMIT 1) x WHERE there = 1";

static enum err
read_postcode(struct gather *g, int64_t postcode, struct timeline_place *p, char *district)
{
    struct rows q;
    char text[9] = "";

    memcpy(text, &postcode, sizeof postcode);
    if (g->postcode_edition == EDITION_NEWEST)
        db_ask(g->b->j, &q, sql_postcode, ARGS(TEXT(text)));
    else
        db_ask(g->b->j, &q, sql_postcode_then, ARGS(TEXT(text), INT(g->postcode_edition)));
    if (db_next(&q)) {
        gather_code(&q, 0, p->lsoa11, sizeof p->lsoa11);
        gather_code(&q, 1, p->lsoa21, sizeof p->lsoa21);
        gather_code(&q, 2, district, DISTRICT_CODE);
    }
    return db_done(&q);
}

static const char sql_deprivation[] =
    "SELECT idaci_decile, district FROM deprivation WHERE lsoa = $1 AND edition = $2";

static enum err
read_decile(struct gather *g, const char *lsoa, int edition, struct timeline_place *p)
{
    struct rows q;
    size_t n = 0;
    const char *district;
    int64_t decile;

    if (!lsoa[0])
        return OK;
    db_ask(g->b->j, &q, sql_deprivation, ARGS(TEXT(lsoa), INT(edition)));
    if (db_next(&q)) {
        decile = row_int(&q, 0);
        *(edition == 2019 ? &p->idaci_2019 : &p->idaci_2025) =
            decile >= 1 && decile <= 10 ? (uint8_t)decile : 0;
        district = row_peek(&q, 1, &n);
        if (!p->district)
            p->district = number_district(g->b, district, n);
    }
    return db_done(&q);
}

/* Deciles and the district of a place: by name where an index gives it, else the code. */
static enum err
read_place(struct gather *g, int64_t postcode, struct timeline_place *p)
{
    char district[DISTRICT_CODE] = "";
    enum err e;

    if ((e = read_postcode(g, postcode, p, district)) ||
        (e = read_decile(g, p->lsoa21, 2025, p)) || (e = read_decile(g, p->lsoa11, 2019, p)))
        return e;
    if (!p->district)
        p->district = number_district(g->b, district, strlen(district));
    return OK;
}

enum err
number_places(struct gather *g, const uint32_t **out)
{
    struct build *b = g->b;
    struct home *home = job_array(b->j, g->postcodes + 1, sizeof *home);
    uint32_t *map = job_array(b->j, g->postcodes + 1, sizeof *map);
    enum err e = edition_known(b->j, "postcodes", build_shared_at(b->order), &g->postcode_edition);

    if (e)
        return e;
    for (uint32_t i = 0; i < g->postcodes; i++)
        home[i] = (struct home){g->postcode[i], i};
    qsort(home, g->postcodes, sizeof *home, by_postcode);
    b->place = job_array(b->j, g->postcodes + 1, sizeof *b->place);
    for (uint32_t i = 0; i < g->postcodes; i++) {
        if ((e = read_place(g, home[i].postcode, &b->place[i])))
            return e;
        map[home[i].was] = i;
    }
    b->places = g->postcodes;
    number_districts(b);
    *out = map;
    return OK;
}

/* Decile of a home in a school year, from the index of that time where it is loaded. */
void
number_place(const struct build *b, struct timeline_census *c)
{
    const struct timeline_place *p = c->place == TIMELINE_NONE ? NULL : &b->place[c->place];
    bool newer;

    if (!p)
        return;
    newer = p->idaci_2025 && (c->school_year >= FROM_2025 || !p->idaci_2019);
    c->idaci = newer ? p->idaci_2025 : p->idaci_2019;
    c->edition = !c->idaci ? 0 : newer ? 25 : 19;
    c->district = p->district;
}
