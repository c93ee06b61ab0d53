#include "synth/places.h"

/* GIAS extracts are Windows-1252 with CRLF; everything is quoted but plain integers. */
static void
put_text(FILE *f, const char *s)
{
    fputc('"', f);
    for (; *s; s++) {
        unsigned c = (unsigned char)*s;
        if (c == '"')
            fputc('"', f);
        if ((c & 0xe0U) == 0xc0U && s[1]) /* two bytes of UTF-8 are one of Windows-1252 */
            c = (c & 0x1fU) << 6U | ((unsigned char)*++s & 0x3fU);
        fputc((int)c, f);
    }
    fputc('"', f);
}

/* What the columns say of one school, as text; integers are written bare. */
enum { GIAS_TEXT = 96 };
struct row {
    const struct world *w;
    const struct school *s;
    bool old;          /* the school before it became an academy */
    int32_t opened, closed;
    int type;
};

static const struct {
    int code;
    const char *name, *group;
} types[] = {
    {1, "Community school", "Local authority maintained schools"},
    {2, "Voluntary aided school", "Local authority maintained schools"},
    {5, "Foundation school", "Local authority maintained schools"},
    {7, "Community special school", "Special schools"},
    {14, "Pupil referral unit", "Local authority maintained schools"},
    {34, "Academy converter", "Academies"},
    {42, "Academy alternative provision converter", "Academies"},
    {44, "Academy special converter", "Academies"},
};

static const char *
type_text(int type, bool group)
{
    size_t i = 0;

    while (types[i].code != type)
        i++;
    return group ? types[i].group : types[i].name;
}

static void
give_date(int32_t date, char *buf)
{
    struct ymd d;

    buf[0] = '\0';
    if (date == DATE_NONE || date == DATE_OPEN)
        return;
    d = date_to_ymd(date);
    snprintf(buf, GIAS_TEXT, "%02d-%02d-%04d", d.day, d.month, d.year);
}

enum column {
    URN, LA_CODE, LA_NAME, ESTAB, NAME, TYPE, TYPE_NAME, GROUP_NAME, STATUS, STATUS_NAME, OPENED,
    CLOSE_REASON, CLOSE_REASON_NAME, CLOSED, PHASE, PHASE_NAME, LOW, HIGH, BOARDERS, GENDER,
    CENSUS_DATE, PUPILS, TRUST, STREET, TOWN, POSTCODE, DISTRICT, DISTRICT_NAME, WARD, GSS,
    EASTING, NORTHING, LSOA, COLUMNS
};
static const struct {
    const char *name;
    bool integer;
} columns[COLUMNS] = {
    [URN] = {"URN", true}, [LA_CODE] = {"LA (code)", false}, [LA_NAME] = {"LA (name)", false},
    [ESTAB] = {"EstablishmentNumber", false}, [NAME] = {"EstablishmentName", false},
    [TYPE] = {"TypeOfEstablishment (code)", false},
    [TYPE_NAME] = {"TypeOfEstablishment (name)", false},
    [GROUP_NAME] = {"EstablishmentTypeGroup (name)", false},
    [STATUS] = {"EstablishmentStatus (code)", false},
    [STATUS_NAME] = {"EstablishmentStatus (name)", false}, [OPENED] = {"OpenDate", false},
    [CLOSE_REASON] = {"ReasonEstablishmentClosed (code)", false},
    [CLOSE_REASON_NAME] = {"ReasonEstablishmentClosed (name)", false},
    [CLOSED] = {"CloseDate", false}, [PHASE] = {"PhaseOfEducation (code)", false},
    [PHASE_NAME] = {"PhaseOfEducation (name)", false}, [LOW] = {"StatutoryLowAge", true},
    [HIGH] = {"StatutoryHighAge", true}, [BOARDERS] = {"Boarders (name)", false},
    [GENDER] = {"Gender (name)", false}, [CENSUS_DATE] = {"CensusDate", false},
    [PUPILS] = {"NumberOfPupils", true}, [TRUST] = {"Trusts (name)", false},
    [STREET] = {"Street", false}, [TOWN] = {"Town", false}, [POSTCODE] = {"Postcode", false},
    [DISTRICT] = {"DistrictAdministrative (code)", false},
    [DISTRICT_NAME] = {"DistrictAdministrative (name)", false},
    [WARD] = {"AdministrativeWard (name)", false}, [GSS] = {"GSSLACode (name)", false},
    [EASTING] = {"Easting", true}, [NORTHING] = {"Northing", true}, [LSOA] = {"LSOA (code)", false},
};

static const char *
phase_text(const struct row *r, bool code)
{
    static const char *const names[PHASES][2] = {{"Primary", "2"}, {"Secondary", "4"},
                                                 {"Not applicable", "0"}, {"Not applicable", "0"}};
    return names[r->s->phase][code];
}

/* Plain texts; "" where there is nothing to say, NULL where give_number knows. */
static const char *
give_name(const struct row *r, enum column c)
{
    const struct school *s = r->s;

    switch ((int)c) {
    case LA_CODE:
        return "001";
    case LA_NAME:
        return "Ashmere";
    case NAME:
        return s->name;
    case TYPE_NAME:
    case GROUP_NAME:
        return type_text(r->type, c == GROUP_NAME);
    case STATUS_NAME:
        return r->old ? "Closed" : "Open";
    case STATUS:
        return r->old ? "2" : "1";
    case CLOSE_REASON:
        return r->old ? "10" : "00";
    case CLOSE_REASON_NAME:
        return r->old ? "Academy Converter" : "Not applicable";
    case PHASE:
    case PHASE_NAME:
        return phase_text(r, c == PHASE);
    case BOARDERS:
        return s->boards ? "Boarding school" : "No boarders";
    case GENDER:
        return "Mixed";
    case TRUST:
        return r->type >= 34 && s->calendar == CALENDAR_TRUST ? "Kestrel Learning Trust" : "";
    case TOWN:
    case DISTRICT_NAME:
        return world_district(s->district);
    case GSS:
        return "E10000901";
    default:
        return NULL;
    }
}

static void
give_number(const struct row *r, enum column c, char *buf)
{
    static const int ages[PHASES][2] = {{4, 11}, {11, 18}, {4, 19}, {5, 16}};
    const struct school *s = r->s;
    int number[COLUMNS] = {[URN] = r->old ? s->old_urn : s->urn, [ESTAB] = s->estab,
                           [LOW] = ages[s->phase][0], [HIGH] = ages[s->phase][1],
                           [PUPILS] = s->phase == PHASE_PRIMARY     ? 245
                                      : s->phase == PHASE_SECONDARY ? 1120
                                                                    : 110,
                           [EASTING] = 340000 + s->place * 137 % 30000,
                           [NORTHING] = 366000 + s->place * 211 % 30000};

    buf[0] = '\0';
    if (c == OPENED || c == CLOSED)
        give_date(c == OPENED ? r->opened : r->closed, buf);
    else if (c == TYPE)
        snprintf(buf, GIAS_TEXT, "%02d", r->type);
    else if (c == CENSUS_DATE)
        snprintf(buf, GIAS_TEXT, "16-01-2025");
    else if (c == STREET)
        snprintf(buf, GIAS_TEXT, "%s", world_street(s->urn));
    else if (c == POSTCODE)
        world_postcode(s->place, POSTCODES - 1, buf);
    else if (c == DISTRICT)
        snprintf(buf, GIAS_TEXT, "E07000%d", 901 + s->district);
    else if (c == WARD)
        snprintf(buf, GIAS_TEXT, "%s Ward %d", world_district(s->district),
                 r->w->place[s->place].ward % WARDS + 1);
    else if (c == LSOA)
        world_lsoa(r->w, s->place, 2021, buf);
    else if (number[c] && !(c == PUPILS && r->old))
        snprintf(buf, GIAS_TEXT, "%d", number[c]);
}

static void
put_row(FILE *f, const struct row *r)
{
    char buf[GIAS_TEXT];

    for (int c = 0; c < COLUMNS; c++) {
        const char *text = give_name(r, (enum column)c);
        if (!text) {
            give_number(r, (enum column)c, buf);
            text = buf;
        }
        if (c)
            fputc(',', f);
        if (columns[c].integer)
            fputs(text, f);
        else
            put_text(f, text);
    }
    fputs("\r\n", f);
}

static void
put_link(FILE *f, const struct school *s, bool successor)
{
    char day[GIAS_TEXT];

    give_date(successor ? DATE_NONE : s->converted, day); /* often blank */
    fprintf(f, "%d,%d,", successor ? s->old_urn : s->urn, successor ? s->urn : s->old_urn);
    put_text(f, s->name);
    fputc(',', f);
    put_text(f, successor ? "Successor" : "Predecessor");
    fputc(',', f);
    put_text(f, day);
    fputs("\r\n", f);
}

enum err
places_gias(const struct folder *in, const struct world *w)
{
    static const char path[] = "gias/edubasealldata20251128.csv",
                      link_path[] = "gias/links_edubasealldata20251128.csv";
    FILE *f = NULL, *links = NULL;
    enum err e = table_file(in, path, &f);

    if (!e)
        e = table_file(in, link_path, &links);
    if (e)
        return e;
    for (int c = 0; c < COLUMNS; c++) {
        fputs(c ? "," : "", f);
        put_text(f, columns[c].name);
    }
    fputs("\r\n", f);
    fputs("\"URN\",\"LinkURN\",\"LinkName\",\"LinkType\",\"LinkEstablishedDate\"\r\n", links);
    for (int i = 0; i < w->n_schools; i++) {
        const struct school *s = &w->school[i];
        struct row now = {w, s, false, s->old_urn ? s->converted : date_from_ymd(1978, 9, 1),
                          DATE_NONE, s->type};
        struct row old = {w, s, true, date_from_ymd(1978, 9, 1), s->converted - 1, s->old_type};

        put_row(f, &now);
        if (!s->old_urn)
            continue;
        put_row(f, &old);
        put_link(links, s, false);
        put_link(links, s, true);
    }
    e = table_flush(in, f, path);
    return e ? e : table_flush(in, links, link_path);
}
