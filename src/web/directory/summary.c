#include "web/directory/summary.h"
#include "base/date.h"
#include "base/text.h"
#include "ui/words.h"

/* ---- small readers of documents -------------------------------------------------------------- */

static int64_t
number(const json_t *doc, const char *path, int64_t if_none)
{
    const json_t *v = document_get(doc, path);

    return json_is_number(v) ? (int64_t)json_number_value(v) : if_none;
}

static bool
yes(const json_t *doc, const char *path)
{
    return json_is_true(document_get(doc, path));
}

static const char *
day(struct job *j, const char *text)
{
    int32_t date;
    char buf[DATE_TEXT];

    if (!text || !date_parse(text, strlen(text), &date))
        return NULL;
    return job_copy(j, date_words(date, buf));
}

static const char *
said_on(struct job *j, const json_t *doc, const char *path)
{
    const char *on = day(j, document_string(doc, path));

    return on ? job_format(j, "Said on %s", on) : NULL;
}

/* "£1,140"; "£9.50". */
static const char *
money(struct job *j, int64_t pence)
{
    if (pence % 100)
        return job_format(j, "£%s.%02d", words_count(j, pence / 100), (int)(pence % 100));
    return job_format(j, "£%s", words_count(j, pence / 100));
}

/* The texts of a member of each object in a list: "name" of languages. */
static const char *
listed(struct job *j, const json_t *list, const char *member)
{
    size_t n = json_array_size(list), m = 0;
    const char **v = job_array(j, n + 1, sizeof *v);

    for (size_t i = 0; i < n; i++)
        if ((v[m] = json_string_value(json_object_get(json_array_get(list, i), member))) != NULL)
            m++;
    return m ? words_list(j, v, m) : NULL;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Paragraphs are parted by empty lines; the first leads. */
static void
tell_story(struct job *j, const char *text, struct service_summary *s)
{
    enum { MOST = 40 };
    const char **v = job_array(j, MOST + 1, sizeof *v);
    struct span rest = span_of(text);
    size_t n = 0;

    s->lead = "";
    while (rest.n && n < MOST) {
        const char *end = memmem(rest.s, rest.n, "\n\n", 2);
        size_t length = end ? (size_t)(end - rest.s) : rest.n;
        struct span part = span_trim((struct span){rest.s, length});

        if (part.n && !s->lead[0])
            s->lead = job_copy_n(j, part.s, part.n);
        else if (part.n)
            v[n++] = job_copy_n(j, part.s, part.n);
        length += end ? 2 : 0;
        rest = (struct span){rest.s + length, rest.n - length};
    }
    s->story = v;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static const char *
ages(struct job *j, const json_t *doc)
{
    enum { GROWN = 25 };
    int64_t from = number(doc, "minimum_age", -1), to = number(doc, "maximum_age", -1);

    if (from <= 0 && to >= GROWN)
        return "All ages";
    if (from > 0 && (to < 0 || to > 99))
        return job_format(j, "From %lld", (long long)from);
    if (from <= 0 && to >= 0)
        return job_format(j, "Up to %lld", (long long)to);
    return from > 0 ? job_format(j, "%lld to %lld", (long long)from, (long long)to) : NULL;
}

static const struct { const char *band, *words; } bands[] = {
    {"none", "No wait"}, {"one-week", "Up to a week"}, {"two-weeks", "Up to two weeks"},
    {"one-month", "Up to a month"}, {"three-months", "Up to three months"},
    {"longer", "More than three months"}, {"closed", "Takes nobody at present"},
};

static const char *
waiting(struct job *j, const json_t *doc)
{
    int64_t weeks = number(doc, "rooted.wait.weeks", -1);
    const char *band = document_string(doc, "rooted.wait.band");

    if (weeks >= 0)
        return weeks ? words_counted(j, weeks, "week", "weeks") : "No wait";
    for (size_t i = 0; band && i < sizeof bands / sizeof *bands; i++)
        if (!strcmp(band, bands[i].band))
            return bands[i].words;
    return document_string(doc, "wait_time");
}

static const char *
spaces(struct job *j, const json_t *doc)
{
    int64_t all = number(doc, "rooted.capacity.maximum", -1),
            free = number(doc, "rooted.capacity.available", -1);

    if (all > 0 && free == 0)
        return job_format(j, "%lld, all taken", (long long)all);
    if (all > 0 && free > 0)
        return job_format(j, "%lld of %lld free", (long long)free, (long long)all);
    return free >= 0 ? job_format(j, "%lld free", (long long)free) : NULL;
}

static const char *
price_of(struct job *j, const json_t *price)
{
    const char *unit = json_string_value(json_object_get(price, "unit"));
    const json_t *amount = json_object_get(price, "amount");

    if (json_is_true(json_object_get(price, "on_application")))
        return "Price on application";
    if (!json_is_integer(amount))
        return NULL;
    return job_format(j, "%s%s%s for schools", money(j, json_integer_value(amount)),
                      unit ? " a " : "", unit ? unit : "");
}

/* What other feeds say of costs, each with its own words. */
static const char *
option_of(struct job *j, const json_t *cost)
{
    const char *option = json_string_value(json_object_get(cost, "option")),
               *about = json_string_value(json_object_get(cost, "amount_description"));
    double amount = json_number_value(json_object_get(cost, "amount"));

    if (amount > 0)
        return job_format(j, "%s%s%s", money(j, (int64_t)(amount * 100 + 0.5)), option ? ", " : "",
                          option ? option : "");
    return about ? about : option;
}

static void
add_sentence(struct job *j, const char **to, const char *more)
{
    if (more)
        *to = *to ? job_format(j, "%s. %s", *to, more) : more;
}

static void
tell_cost(struct job *j, const json_t *doc, struct service_summary *s)
{
    const json_t *prices = document_get(doc, "rooted.prices"),
                 *costs = document_get(doc, "cost_options"), *price = json_array_get(prices, 0);
    const char *until = day(j, json_string_value(json_object_get(price, "to")));

    if (yes(doc, "rooted.free_to_family"))
        s->cost = yes(doc, "rooted.free_to_school") ? "Free" : "Free to families";
    for (size_t i = 0; i < json_array_size(prices); i++)
        add_sentence(j, &s->cost, price_of(j, json_array_get(prices, i)));
    for (size_t i = 0; !json_array_size(prices) && i < json_array_size(costs); i++)
        add_sentence(j, &s->cost, option_of(j, json_array_get(costs, i)));
    if (!s->cost)
        s->cost = document_string(doc, "fees_description");
    if (!s->cost)
        s->cost = document_string(doc, "fees");
    add_sentence(j, &s->cost_note, json_string_value(json_object_get(price, "included")));
    if (until)
        add_sentence(j, &s->cost_note, job_format(j, "To %s", until));
}

static const struct { const char *name, *words; } askers[] = {
    {"parent", "parents"}, {"young-person", "young people"}, {"school", "schools"},
    {"key-worker", "key workers"}, {"social-worker", "social workers"},
    {"health", "health professionals"}, {"professional", "other professionals"},
};

static const char *
who_asks(struct job *j, const json_t *doc)
{
    const json_t *list = document_get(doc, "rooted.refer_by");
    const char *v[sizeof askers / sizeof *askers];
    size_t n = 0;

    for (size_t a = 0; a < sizeof askers / sizeof *askers; a++)
        for (size_t i = 0; i < json_array_size(list); i++)
            if (!strcmp(json_string_value(json_array_get(list, i)), askers[a].name)) {
                v[n++] = askers[a].words;
                break;
            }
    return n ? words_capital(j, words_list(j, v, n)) : NULL;
}

static const char *
place_of(struct job *j, const json_t *doc)
{
    const char *name = document_string(doc, "service_at_locations[0].location.name"),
               *town = document_string(doc, "service_at_locations[0].location.addresses[0].city");
    size_t n = json_array_size(document_get(doc, "service_at_locations"));
    const char *at = name && town && !strstr(name, town) ? job_format(j, "%s, %s", name, town)
                   : name ? name : town;

    if (!at)
        return NULL;
    return n > 1 ? job_format(j, "%s, and %s", at, words_counted(j, (int64_t)n - 1, "other place",
                                                                 "other places"))
                 : at;
}

static const struct { const char *path, *words; } ways[] = {
    {"rooted.home", "at home"}, {"rooted.online", "online"}, {"rooted.by_phone", "by phone"},
};
enum { WAYS = sizeof ways / sizeof *ways };

static const char *
tell_where(struct job *j, const json_t *doc, const char *distance)
{
    const char *area = listed(j, document_get(doc, "service_areas"), "name"), *where;
    const char *v[WAYS + 1];
    size_t n = 0;

    v[0] = place_of(j, doc);
    if (v[0] && distance)
        v[0] = job_format(j, "%s (%s)", v[0], distance);
    n += v[0] != NULL;
    for (size_t i = 0; i < WAYS; i++)
        if (yes(doc, ways[i].path))
            v[n++] = ways[i].words;
    if (!n)
        return area;
    where = words_capital(j, words_list(j, v, n));
    return area ? job_format(j, "%s. For people in %s", where, area) : where;
}

/* ---- times ----------------------------------------------------------------------------------- */

static const struct { const char *code, *words; } days[] = {
    {"MO", "Monday"}, {"TU", "Tuesday"}, {"WE", "Wednesday"}, {"TH", "Thursday"},
    {"FR", "Friday"}, {"SA", "Saturday"}, {"SU", "Sunday"},
};
enum { DAYS = sizeof days / sizeof *days };

/* "Monday to Friday", "Tuesday and Thursday". */
static const char *
days_words(struct job *j, const char *byday)
{
    const char *v[DAYS];
    size_t n = 0, first = DAYS, last = 0;

    for (size_t i = 0; i < DAYS; i++)
        if (strstr(byday, days[i].code)) {
            first = first == DAYS ? i : first;
            last = i;
            v[n++] = days[i].words;
        }
    if (n == DAYS)
        return "Every day";
    if (n > 2 && last - first + 1 == n)
        return job_format(j, "%s to %s", days[first].words, days[last].words);
    return n ? words_list(j, v, n) : NULL;
}

/* "09:00:00" is "9am". */
static const char *
hour_words(struct job *j, const char *time)
{
    int hour = 0, minute = 0;
    const char *half;

    if (!time || sscanf(time, "%2d:%2d", &hour, &minute) != 2)
        return NULL;
    if (hour == 12 && !minute)
        return "midday";
    half = hour < 12 ? "am" : "pm";
    hour = (hour + 11) % 12 + 1;
    return minute ? job_format(j, "%d:%02d%s", hour, minute, half)
                  : job_format(j, "%d%s", hour, half);
}

static const char *
times(struct job *j, const json_t *doc)
{
    const char *byday = document_string(doc, "schedules[0].byday"),
               *opens = document_string(doc, "schedules[0].opens_at"),
               *closes = document_string(doc, "schedules[0].closes_at"),
               *on = byday ? days_words(j, byday) : NULL;

    if (!on)
        return document_string(doc, "schedules[0].description");
    if (opens && closes && !strncmp(opens, "00:00", 5) && !strncmp(closes, "23:59", 5))
        return job_format(j, "%s, at any hour", on);
    opens = hour_words(j, opens);
    closes = hour_words(j, closes);
    return opens && closes ? job_format(j, "%s, %s to %s", on, opens, closes) : on;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static const char *
web_address(const json_t *doc)
{
    const char *url = document_string(doc, "url");

    return url && (!strncmp(url, "https://", 8) || !strncmp(url, "http://", 7)) ? url : NULL;
}

static const char *
answered(struct job *j, const json_t *doc)
{
    int64_t n = number(doc, "rooted.reply_days", 0);

    return n > 0 ? words_counted(j, n, "working day", "working days") : NULL;
}

void
service_summarise(struct job *j, const json_t *doc, const char *distance,
                  struct service_summary *out)
{
    const char *checked = document_string(doc, "assured_date"),
               *text = document_string(doc, "description");

    *out = (struct service_summary){
        .uuid = document_string(doc, "id"),
        .name = document_string(doc, "name"),
        .organization = document_string(doc, "organization.name"),
        .ages = ages(j, doc),
        .wait = waiting(j, doc),
        .wait_note = said_on(j, doc, "rooted.wait.measured_on"),
        .places = spaces(j, doc),
        .places_note = said_on(j, doc, "rooted.capacity.measured_on"),
        .how = who_asks(j, doc),
        .refer = document_string(doc, "rooted.how_to_refer"),
        .answer = answered(j, doc),
        .where = tell_where(j, doc, distance),
        .languages = listed(j, document_get(doc, "languages"), "name"),
        .access = document_string(
            doc, "service_at_locations[0].location.accessibility[0].description"),
        .times = times(j, doc),
        .phone = document_string(doc, "phones[0].number"),
        .email = document_string(doc, "email"),
        .url = web_address(doc),
    };
    if (!checked || !date_parse(checked, strlen(checked), &out->checked))
        out->checked = 0;
    tell_story(j, text ? text : "", out);
    tell_cost(j, doc, out);
    if (!out->refer)
        out->refer = document_string(doc, "application_process");
}

const char *
distance_words(struct job *j, uint32_t metres)
{
    enum { MILE = 1609, QUARTER = MILE / 4, YARDS = 100 };
    uint32_t tenths = (metres * 10 + MILE / 2) / MILE,
             hundreds = (metres * 1094 / 1000 + YARDS / 2) / YARDS;

    if (metres < QUARTER)
        return job_format(j, "%u yards", hundreds ? hundreds * YARDS : YARDS);
    if (tenths >= 100)
        return job_format(j, "%u miles", (metres + MILE / 2) / MILE);
    return tenths == 10 ? "1 mile" : job_format(j, "%u.%u miles", tenths / 10, tenths % 10);
}
