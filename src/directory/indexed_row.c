#include "directory/ages.h"
#include "directory/fresh.h"
#include "directory/indexed.h"
#include "directory/repair.h"
#include "base/date.h"
#include "people/postcode.h"
#include <strings.h>

/* What the search needs of a document. */

enum { KEYS = 96, HOURS = 84, SUMMARY = 240, HALF_YEAR = 183 };

struct reading {
    struct job *j;
    const struct indexing *to;
    const json_t *doc;
    struct search_row row;
    struct search_key key[KEYS];
    struct search_hours hours[HOURS];
    size_t hours_of_all; /* those of the service, before a place's own */
    uint64_t facets_of_all;
};

/* ---- pieces of JSON ---------------------------------------------------------------------- */

static bool
is_yes(const json_t *o, const char *name)
{
    return json_is_true(json_object_get(o, name));
}

static const char *
text_of(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));

    return s ? s : "";
}

static void
add_text(struct reading *r, enum search_field f, const char *s)
{
    struct span *to = &r->row.text[f];

    if (*s)
        *to = span_of(to->n ? job_format(r->j, "%.*s. %s", (int)to->n, to->s, s) : s);
}

static void
add_key(struct reading *r, enum search_key_kind kind, const char *value)
{
    if (*value && r->row.n_keys < KEYS)
        r->key[r->row.n_keys++] = (struct search_key){kind, value};
}

/* ---- words ------------------------------------------------------------------------------- */

/* The first paragraph, if it is short: what a service says of itself first. */
static void
add_description(struct reading *r)
{
    const char *s = text_of(r->doc, "description");
    size_t first = strcspn(s, "\n");

    if (first > 0 && first <= SUMMARY) {
        add_text(r, SEARCH_SUMMARY, job_copy_n(r->j, s, first));
        s += first;
    }
    add_text(r, SEARCH_DESCRIPTION, s);
}

static void
add_terms(struct reading *r, const json_t *of)
{
    const json_t *attribute;
    size_t i;

    json_array_foreach(json_object_get(of, "attributes"), i, attribute) {
        const json_t *term = json_object_get(attribute, "taxonomy_term");
        add_text(r, SEARCH_NEEDS, text_of(attribute, "label"));
        add_text(r, SEARCH_NEEDS, text_of(term, "name"));
        add_key(r, SEARCH_TERM, text_of(term, "id"));
        add_key(r, SEARCH_TAXONOMY, text_of(term, "taxonomy_id"));
        add_key(r, SEARCH_TAXONOMY, text_of(term, "taxonomy"));
    }
}

static void
add_words(struct reading *r)
{
    static const char *const others[] = {"eligibility_description", "application_process", "fees",
                                         "fees_description", "accreditations",
                                         "interpretation_services", "alert"};
    static const char *const ours[] = {"how_to_refer", "threshold"};
    const json_t *organization = json_object_get(r->doc, "organization");
    const json_t *rooted = json_object_get(r->doc, "rooted");

    add_text(r, SEARCH_NAME, text_of(r->doc, "name"));
    add_text(r, SEARCH_NAME, text_of(r->doc, "alternate_name"));
    add_text(r, SEARCH_ORGANISATION, text_of(organization, "name"));
    add_text(r, SEARCH_ORGANISATION, text_of(organization, "alternate_name"));
    add_description(r);
    add_terms(r, r->doc);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        add_text(r, SEARCH_OTHER, text_of(r->doc, others[i]));
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        add_text(r, SEARCH_OTHER, text_of(rooted, ours[i]));
}

/* ---- ages -------------------------------------------------------------------------------- */

/* "R", "N1", "7". */
static const struct age_row *
school_year(struct job *j, const char *s)
{
    if (s[0] == 'N')
        return ages_find("nursery");
    return ages_find(s[0] == 'R' ? "reception" : job_format(j, "year-%s", s));
}

static void
add_school_years(struct reading *r)
{
    const json_t *year;
    size_t i;

    json_array_foreach(json_object_get(json_object_get(r->doc, "rooted"), "school_years"), i,
                       year) {
        const struct age_row *a = school_year(r->j, json_string_value(year));
        if (!a)
            continue;
        if (r->row.age_from < 0 || a->from < r->row.age_from)
            r->row.age_from = a->from;
        if (a->to > r->row.age_to)
            r->row.age_to = a->to;
    }
}

/* A highest age of 11 is until the twelfth birthday. */
static void
add_ages(struct reading *r)
{
    const json_t *least = json_object_get(r->doc, "minimum_age");
    const json_t *most = json_object_get(r->doc, "maximum_age");
    double from = json_number_value(least), to = json_number_value(most);

    r->row.age_from = r->row.age_to = SEARCH_UNKNOWN;
    if (json_is_number(least) && from >= 0 && from < 130)
        r->row.age_from = (int32_t)(from * 12);
    if (json_is_number(most) && to > 0 && to < 130)
        r->row.age_to = (int32_t)(to * 12) + ((double)(int)to < to ? 1 : 12);
    if (r->row.age_from < 0 && r->row.age_to < 0)
        add_school_years(r);
}

/* ---- areas, languages, needs ------------------------------------------------------------- */

/* "E07000068" within a text: a code of the Office for National Statistics. */
static const char *
gss_code(struct job *j, const char *s)
{
    for (; *s; s++) {
        size_t digits = strchr("EWSNK", *s) ? strspn(s + 1, "0123456789") : 0;
        if (digits == 8)
            return job_copy_n(j, s, 9);
    }
    return "";
}

static bool
is_country(const char *code, const char *name)
{
    static const char *const names[] = {"england", "united kingdom", "uk", "national", "nationwide",
                                        "great britain", "everywhere", "england and wales"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return strcmp(code, "E92000001") == 0 || strncmp(code, "K0", 2) == 0;
}

static void
add_areas(struct reading *r)
{
    static const char *const places[] = {"extent", "uri", "service_area", "name"};
    const json_t *area;
    size_t i;

    json_array_foreach(json_object_get(r->doc, "service_areas"), i, area) {
        const char *code = "";
        for (size_t k = 0; k < sizeof places / sizeof *places && !*code; k++)
            code = gss_code(r->j, text_of(area, places[k]));
        if (is_country(code, text_of(area, "name")) ||
            is_country(code, text_of(area, "service_area")))
            r->row.everywhere = true;
        else
            add_key(r, SEARCH_AREA, code);
    }
}

static void
add_keys(struct reading *r)
{
    const json_t *v;
    size_t i;

    add_key(r, SEARCH_ORGANISATION_ID,
            text_of(json_object_get(r->doc, "organization"), "id"));
    json_array_foreach(json_object_get(json_object_get(r->doc, "rooted"), "needs"), i, v)
        add_key(r, SEARCH_NEED, json_string_value(v) ? json_string_value(v) : "");
    json_array_foreach(json_object_get(r->doc, "languages"), i, v)
        add_key(r, SEARCH_LANGUAGE,
                *text_of(v, "code") ? text_of(v, "code") : text_of(v, "name"));
}

/* ---- facets ------------------------------------------------------------------------------ */

/* Words of a list of the document, and the bits that they set. */
static const struct word_bit {
    const char *list, *word;
    enum facet facet;
} word_bits[] = {
    {"refer_by", "parent", FACET_PARENT},
    {"refer_by", "young-person", FACET_YOUNG_PERSON},
    {"refer_by", "school", FACET_SCHOOL},
    {"refer_by", "key-worker", FACET_KEY_WORKER},
    {"refer_by", "social-worker", FACET_KEY_WORKER},
    {"refer_by", "health", FACET_PROFESSIONAL},
    {"refer_by", "professional", FACET_PROFESSIONAL},
    {"send_needs", "ASD", FACET_SEND_TALKING},
    {"send_needs", "SLCN", FACET_SEND_TALKING},
    {"send_needs", "MLD", FACET_SEND_LEARNING},
    {"send_needs", "SLD", FACET_SEND_LEARNING},
    {"send_needs", "PMLD", FACET_SEND_LEARNING},
    {"send_needs", "SPLD", FACET_SEND_LEARNING},
    {"send_needs", "DS", FACET_SEND_LEARNING},
    {"send_needs", "SEMH", FACET_SEND_FEELINGS},
    {"send_needs", "HI", FACET_SEND_BODY},
    {"send_needs", "VI", FACET_SEND_BODY},
    {"send_needs", "MSI", FACET_SEND_BODY},
    {"send_needs", "PD", FACET_SEND_BODY},
};
static const struct {
    const char *member;
    enum facet facet;
} yes_bits[] = {
    {"in_person", FACET_IN_PERSON}, {"at_school", FACET_AT_SCHOOL}, {"home", FACET_AT_HOME},
    {"online", FACET_ONLINE}, {"by_phone", FACET_PHONE}, {"send", FACET_SEND_ANY},
    {"no_diagnosis", FACET_NO_DIAGNOSIS}, {"free_to_family", FACET_FREE_FAMILY},
    {"free_to_school", FACET_FREE_SCHOOL},
};

static bool
lists(const json_t *list, const char *word)
{
    const json_t *v;
    size_t i;

    json_array_foreach(list, i, v)
        if (json_string_value(v) && strcmp(json_string_value(v), word) == 0)
            return true;
    return false;
}

static uint64_t
facets_said(const json_t *rooted)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < sizeof word_bits / sizeof *word_bits; i++)
        if (lists(json_object_get(rooted, word_bits[i].list), word_bits[i].word))
            bits |= FACET_BIT(word_bits[i].facet);
    for (size_t i = 0; i < sizeof yes_bits / sizeof *yes_bits; i++)
        if (is_yes(rooted, yes_bits[i].member))
            bits |= FACET_BIT(yes_bits[i].facet);
    if (json_array_size(json_object_get(rooted, "send_needs")))
        bits |= FACET_BIT(FACET_SEND_ANY);
    return bits;
}

/* Costs are named, and each of them is nothing. */
static bool
costs_nothing(const json_t *doc)
{
    const json_t *options = json_object_get(doc, "cost_options"), *option;
    size_t i, n = 0;

    json_array_foreach(options, i, option) {
        const json_t *amount = json_object_get(option, "amount");
        if (!json_is_number(amount) || json_number_value(amount) > 0)
            return false;
        n++;
    }
    return n > 0;
}

/* A registered school is special or alternative provision; full-time without a number is the
 * latter. */
static enum facet
kind_of(const json_t *rooted)
{
    if (!is_yes(rooted, "full_time"))
        return FACET_SERVICE;
    return is_yes(rooted, "send") && json_object_get(rooted, "urn") ? FACET_SPECIAL : FACET_AP;
}

static int32_t
day_of(const json_t *o, const char *name)
{
    const char *s = text_of(o, name);
    int32_t day = 0;

    return date_parse(s, strnlen(s, 10), &day) ? day : 0;
}

static const struct {
    const char *band;
    int32_t weeks;
} bands[] = {{"none", 0},      {"one-week", 1},      {"two-weeks", 2},
             {"one-month", 4}, {"three-months", 12}, {"longer", 26}};

/* What was said of a wait half a year ago is not known any more. */
static void
add_wait(struct reading *r)
{
    const json_t *wait = json_object_get(json_object_get(r->doc, "rooted"), "wait");
    int32_t said = day_of(wait, "measured_on"), weeks = SEARCH_UNKNOWN;
    bool closed = strcmp(text_of(wait, "band"), "closed") == 0;

    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++)
        if (strcmp(text_of(wait, "band"), bands[i].band) == 0)
            weeks = bands[i].weeks;
    if (json_is_integer(json_object_get(wait, "weeks")))
        weeks = (int32_t)json_integer_value(json_object_get(wait, "weeks"));
    if (closed || weeks < 0 || (said && r->j->today - said > HALF_YEAR))
        return;
    r->row.wait_weeks = weeks;
    r->facets_of_all |= weeks <= 0 ? FACET_BIT(FACET_WAIT_NOW) : 0;
    r->facets_of_all |= weeks <= 4 ? FACET_BIT(FACET_WAIT_4) : 0;
    r->facets_of_all |= weeks <= 12 ? FACET_BIT(FACET_WAIT_12) : 0;
}

static void
add_facets(struct reading *r)
{
    const json_t *rooted = json_object_get(r->doc, "rooted");

    r->facets_of_all = facets_said(rooted) | FACET_BIT(kind_of(rooted));
    if (costs_nothing(r->doc))
        r->facets_of_all |= FACET_BIT(FACET_FREE_FAMILY);
    for (size_t i = 0; i < r->row.n_keys; i++)
        if (r->key[i].kind == SEARCH_LANGUAGE && strcmp(r->key[i].value, "bfi") == 0)
            r->facets_of_all |= FACET_BIT(FACET_BSL);
    r->row.wait_weeks = SEARCH_UNKNOWN;
    add_wait(r);
}

/* ---- hours ------------------------------------------------------------------------------- */

static uint16_t
minutes(const char *s, uint16_t if_none)
{
    unsigned h = 0, m = 0;

    return sscanf(s, "%2u:%2u", &h, &m) == 2 && h <= 24 && m < 60 ? (uint16_t)(h * 60 + m)
                                                                   : if_none;
}

static void
add_day(struct reading *r, uint8_t day, const json_t *schedule)
{
    uint16_t from = minutes(text_of(schedule, "opens_at"), 0);
    uint16_t to = minutes(text_of(schedule, "closes_at"), 1440);

    if (r->row.n_hours < HOURS)
        r->hours[r->row.n_hours++] =
            (struct search_hours){day, from, to > from ? to : (uint16_t)1440};
}

/* "TU,1FR,-1MO"; without days that of its first date. */
static void
add_schedule(struct reading *r, const json_t *schedule)
{
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    const char *days = text_of(schedule, "byday");
    int32_t start = day_of(schedule, "dtstart"), ends = day_of(schedule, "valid_to");

    if (ends && ends < r->j->today)
        return;
    for (uint8_t d = 0; d < 7; d++)
        if (strstr(days, names[d]))
            add_day(r, d, schedule);
    if (!*days && start)
        add_day(r, (uint8_t)((start + 3) % 7), schedule); /* 1970 began on a Thursday */
}

static void
add_schedules(struct reading *r, const json_t *of)
{
    const json_t *schedule;
    size_t i;

    json_array_foreach(json_object_get(of, "schedules"), i, schedule)
        add_schedule(r, schedule);
}

/* ---- places ------------------------------------------------------------------------------ */

static bool
mentions(const json_t *location, const char *const *words, size_t n)
{
    static const char *const members[] = {"accessibility", "description", "details"};
    const json_t *a;
    size_t i;

    json_array_foreach(json_object_get(location, "accessibility"), i, a)
        for (size_t m = 0; m < sizeof members / sizeof *members; m++)
            for (size_t k = 0; k < n; k++)
                if (strcasestr(text_of(a, members[m]), words[k]))
                    return true;
    return false;
}

static uint64_t
access_of(const json_t *location)
{
    static const char *const free[] = {"wheelchair", "step-free", "step free", "level access",
                                       "ramp"};
    static const char *const sign[] = {"sign language", "bsl"}, *const quiet[] = {"quiet"};

    return (mentions(location, free, 5) ? FACET_BIT(FACET_STEP_FREE) : 0) |
           (mentions(location, sign, 2) ? FACET_BIT(FACET_BSL) : 0) |
           (mentions(location, quiet, 1) ? FACET_BIT(FACET_QUIET) : 0);
}

/* From its postcode, where it has no coordinates. */
static enum err
locate_by_postcode(struct reading *r, const json_t *location)
{
    const json_t *address = json_array_get(json_object_get(location, "addresses"), 0);
    const char *text = text_of(address, "postal_code");
    struct db *mine = r->j->db;
    struct postcode p = {0};
    enum err e;

    if (!*text || !(mine || r->to->beside))
        return OK;
    r->j->db = r->to->beside ? r->to->beside : mine;
    e = postcode_find(r->j, text, &p);
    r->j->db = mine;
    if (e == ERR_NOT_FOUND || e == ERR_INPUT) {
        err_clear(r->j);
        return OK;
    }
    r->row.located = !e && p.located;
    r->row.latitude = p.latitude;
    r->row.longitude = p.longitude;
    return e;
}

static enum err
locate(struct reading *r, const json_t *location)
{
    const json_t *latitude = json_object_get(location, "latitude");
    const json_t *longitude = json_object_get(location, "longitude");
    double north = json_number_value(latitude), east = json_number_value(longitude);

    if (!json_is_number(latitude) || !json_is_number(longitude) || north < 48 || north > 62 ||
        east < -12 || east > 4)
        return locate_by_postcode(r, location);
    r->row.located = true;
    r->row.latitude = (int32_t)(north * 1e6);
    r->row.longitude = (int32_t)(east * 1e6);
    return OK;
}

static enum err
add_place(struct reading *r, const json_t *place)
{
    const json_t *location = json_object_get(place, "location"), *address;
    size_t keys = r->row.n_keys, i;
    struct span needs = r->row.text[SEARCH_NEEDS];
    enum err e = OK;

    r->row.place = text_of(place, "id");
    r->row.located = false;
    r->row.n_hours = r->hours_of_all;
    r->row.facets = r->facets_of_all | access_of(location);
    r->row.text[SEARCH_PLACE] = (struct span){NULL, 0};
    add_text(r, SEARCH_PLACE, text_of(location, "name"));
    json_array_foreach(json_object_get(location, "addresses"), i, address)
        add_text(r, SEARCH_PLACE, text_of(address, "city"));
    add_terms(r, place);
    r->row.text[SEARCH_NEEDS] = needs;
    add_schedules(r, place);
    add_schedules(r, location);
    if (strcmp(text_of(location, "location_type"), "virtual") != 0)
        e = locate(r, location);
    if (r->row.located)
        r->row.facets |= FACET_BIT(FACET_IN_PERSON);
    if (!e)
        e = search_index_row(r->j, r->to->builder, &r->row);
    r->row.n_keys = keys;
    return e;
}

enum err
indexed_entry(struct job *j, const struct indexing *i, const struct service *s, const json_t *doc)
{
    struct reading *r = job_alloc(j, sizeof *r);
    const json_t *places = json_object_get(doc, "service_at_locations"), *place;
    int32_t checked = day_of(doc, "assured_date");
    size_t k;
    enum err e = OK;

    if (checked && check_of(i->days, checked, j->today) == CHECK_HIDDEN)
        return OK;
    *r = (struct reading){.j = j, .to = i, .doc = doc};
    r->row = (struct search_row){
        .entry = s->id, .uuid = s->uuid, .keys = r->key, .hours = r->hours, .checked = checked,
        .fresh = check_ranked(i->days, checked, j->today), .modified = s->live_since,
        .complete = (uint8_t)repair_filled(doc)};
    add_words(r);
    add_ages(r);
    add_areas(r);
    add_keys(r);
    add_facets(r);
    add_schedules(r, doc);
    r->hours_of_all = r->row.n_hours;
    r->row.facets = r->facets_of_all;
    if (!json_array_size(places))
        return search_index_row(j, i->builder, &r->row);
    json_array_foreach(places, k, place)
        if (!e)
            e = add_place(r, place);
    return e;
}
