#include "synth/places.h"
#include <stdlib.h>

static void
place_degrees(struct table *t, int position, int millionths)
{
    table_format(t, position, "%s%d.%06d", millionths < 0 ? "-" : "", abs(millionths) / 1000000,
                 abs(millionths) % 1000000);
}

static enum err
put_postcodes(const struct folder *in, const struct world *w)
{
    struct table t;
    enum err e = table_open(in, &t, "geography/NSPL_NOV_2025_UK.csv",
                            (struct table_kind){"postcodes", 0, 0});

    for (int p = 0; p < w->n_places && !e; p++)
        for (int k = 0; k < POSTCODES; k++) {
            char text[PLACE_TEXT], lsoa11[PLACE_TEXT], lsoa21[PLACE_TEXT];

            table_text(&t, GEO_POSTCODE_CODE, world_postcode(p, k, text));
            table_format(&t, GEO_POSTCODE_DISTRICT, "E07000%d", 901 + w->place[p].district);
            table_format(&t, GEO_POSTCODE_WARD, "E05%06d", 900001 + w->place[p].ward);
            table_text(&t, GEO_POSTCODE_COUNTY, "E10000901");
            table_text(&t, GEO_POSTCODE_LSOA11, world_lsoa(w, p, 2011, lsoa11));
            table_text(&t, GEO_POSTCODE_LSOA21, world_lsoa(w, p, 2021, lsoa21));
            table_text(&t, GEO_POSTCODE_INTRODUCED, k % 9 ? "198001" : "200404");
            table_text(&t, GEO_POSTCODE_ENDED, k == 7 ? "202206" : NULL);
            place_degrees(&t, GEO_POSTCODE_LATITUDE, world_spot(w, p, k).latitude);
            place_degrees(&t, GEO_POSTCODE_LONGITUDE, world_spot(w, p, k).longitude);
            table_row(&t);
        }
    return e ? e : table_flush(in, t.out.f, t.path);
}

static enum err
put_deprivation(const struct folder *in, const struct world *w, int edition)
{
    static const char *const names[2][2] = {
        {"geography/File_7_IoD2019.csv", "deprivation-2019"},
        {"geography/File_7_IoD2025.csv", "deprivation-2025"}};
    bool late = edition == 2025;
    struct table t;
    enum err e = table_open(in, &t, names[late][0], (struct table_kind){names[late][1], 0, 0});

    for (int i = 0; i < w->n_places && !e; i++) {
        const struct place *p = &w->place[i];
        char lsoa[PLACE_TEXT];

        table_text(&t, GEO_DEPRIVATION_LSOA, world_lsoa(w, i, late ? 2021 : 2011, lsoa));
        table_text(&t, GEO_DEPRIVATION_DISTRICT, world_district(p->district));
        table_format(&t, GEO_DEPRIVATION_DISTRICT_CODE, "E07000%d", 901 + p->district);
        table_int(&t, GEO_DEPRIVATION_IMD_RANK, late ? p->rank25 : p->rank19);
        table_int(&t, GEO_DEPRIVATION_IMD_DECILE, late ? p->decile25 : p->decile19);
        table_int(&t, GEO_DEPRIVATION_IDACI_RANK, late ? p->rank25 : p->rank19);
        table_int(&t, GEO_DEPRIVATION_IDACI_DECILE, late ? p->decile25 : p->decile19);
        table_row(&t);
    }
    return e ? e : table_flush(in, t.out.f, t.path);
}

enum err
places_geography(const struct folder *in, const struct world *w)
{
    enum err e = put_postcodes(in, w);

    if (!e)
        e = put_deprivation(in, w, 2019);
    return e ? e : put_deprivation(in, w, 2025);
}

static void
put_days(struct table *t, const struct calendar *c, int urn, bool closures)
{
    static const char *const kinds[] = {"term", "inset", "closed", "half-day"};

    for (int i = 0; i < c->n_rows; i++) {
        const struct day_row *d = &c->row[i];
        if (d->start < date_from_ymd(YEAR_SHOWN - 1, 8, 1) ||
            (closures && (d->kind != DAY_CLOSED || d->start < date_from_ymd(2022, 1, 1))))
            continue;
        if (urn)
            table_int(t, OWN_TERM_URN, urn);
        table_date(t, OWN_TERM_STARTED, d->start);
        table_date(t, OWN_TERM_ENDED, d->end);
        table_text(t, OWN_TERM_KIND, kinds[d->kind]);
        table_text(t, OWN_TERM_NOTE, d->note);
        table_row(t);
    }
}

enum err
places_calendar(const struct folder *in, const struct world *w)
{
    struct table t;
    enum err e = table_open(in, &t, "calendar/term-dates.csv",
                            (struct table_kind){"term-dates", 0, 0});

    if (e)
        return e;
    put_days(&t, &w->calendar[CALENDAR_AUTHORITY], 0, false);
    for (int i = 0; i < w->n_schools; i++) {
        const struct school *s = &w->school[i];
        if (s->calendar == CALENDAR_AUTHORITY)
            continue;
        put_days(&t, &w->calendar[s->calendar], s->urn, s->calendar == CALENDAR_FAULT);
        if (s->old_urn)
            put_days(&t, &w->calendar[s->calendar], s->old_urn, s->calendar == CALENDAR_FAULT);
    }
    return table_flush(in, t.out.f, t.path);
}
