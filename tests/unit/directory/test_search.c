/* The search on made-up services: what is found, in which order, why, and how many. */
#include "directory/ages.h"
#include "directory/needs.h"
#include "directory/search.h"
#include "directory/thesaurus.h"
#include "support/services.h"
#include "support/support.h"

enum { MOST = 64, FIVE = 5 };

/* A small directory, written out: each row says only what its test is about. */
static struct search_index *
directory(struct job *j, const struct search_row *row, size_t n)
{
    const char *path = support_path(j, "search.index");
    struct search_builder *b = NULL;
    struct search_index *x = NULL;
    struct thesaurus t;

    thesaurus_built_in(j, &t);
    assert_ok(j, search_index_begin(j, &t, &b));
    for (size_t i = 0; i < n; i++)
        assert_ok(j, search_index_row(j, b, &row[i]));
    assert_ok(j, search_index_write(j, b, path, 42));
    assert_ok(j, search_index_open(j, path, &x));
    return x;
}

static struct search_row
service(struct job *j, int n, const char *name, const char *description)
{
    struct search_row r = {.entry = n, .uuid = job_format(j, "%08x-0000-4000-8000-000000000000", n),
                           .age_from = SEARCH_UNKNOWN, .age_to = SEARCH_UNKNOWN,
                           .wait_weeks = SEARCH_UNKNOWN};

    r.text[SEARCH_NAME] = span_of(name);
    r.text[SEARCH_DESCRIPTION] = span_of(description);
    return r;
}

static struct search_found
ask(struct job *j, const struct search_index *x, struct search s)
{
    struct search_found out;

    s.most = s.most ? s.most : MOST;
    assert_ok(j, search_run(j, x, &s, &out));
    return out;
}

static struct search_found
words(struct job *j, const struct search_index *x, const char *w)
{
    return ask(j, x, (struct search){.words = w});
}

static const struct search_why *
why(const struct search_hit *h, enum search_why_kind kind)
{
    for (size_t i = 0; i < h->n_why; i++)
        if (h->why[i].kind == kind)
            return &h->why[i];
    return NULL;
}

/* ---- words ------------------------------------------------------------------------------- */

static void
words_are_found_by_their_stem_and_names_go_before_mentions(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {service(j, 1, "Family Hub", "A counsellor visits us on Mondays."),
                                service(j, 2, "Counselling for All", "Talk to somebody."),
                                service(j, 3, "Football", "Play.")};
    const struct search_index *x = directory(j, rows, 3);
    struct search_found f = words(j, x, "counsellors");

    assert_int_equal(f.services, 2);
    assert_int_equal(f.hit[0].entry, 2);
    assert_int_equal(f.hit[1].entry, 1);
    assert_int_equal(f.hit[0].why[0].field, SEARCH_NAME);
    assert_int_equal(search_index_version(x), 42);
    assert_int_equal(search_index_services(x), 3);
}

static void
misspelt_words_are_read_as_the_likeliest_and_said(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {service(j, 1, "Dyslexia Lessons", "Spelling."),
                                service(j, 2, "Drama", "Theatre.")};
    const struct search_index *x = directory(j, rows, 2);
    struct search_found f = words(j, x, "dyslexa");

    assert_int_equal(f.services, 1);
    assert_int_equal(f.term[0].taken, TAKEN_SPELLING);
    assert_string_equal(f.term[0].as, "dyslexia");
    assert_non_null(why(&f.hit[0], WHY_SPELLING));
    assert_string_equal(why(&f.hit[0], WHY_SPELLING)->asked, "dyslexa");
    f = words(j, x, "dyselxia"); /* two neighbours swapped */
    assert_int_equal(f.services, 1);
    f = words(j, x, "drm"); /* too short to guess */
    assert_int_equal(f.services, 0);
    assert_int_equal(f.term[0].taken, TAKEN_NOWHERE);
}

static void
a_word_begun_is_completed(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {service(j, 1, "Neurodevelopmental Clinic", "Assessments.")};
    struct search_found f = words(j, directory(j, rows, 1), "neurodev");

    assert_int_equal(f.services, 1);
    assert_int_equal(f.term[0].taken, TAKEN_BEGINNING);
    assert_non_null(why(&f.hit[0], WHY_BEGINNING));
}

static void
what_words_are_called_else_is_found_and_said(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {
        service(j, 1, "Turning Point", "A pupil referral unit for key stage 3."),
        service(j, 2, "Plan Advice", "Help with education, health and care plans."),
        service(j, 3, "Rights Line", "Advice after a permanent exclusion."),
        service(j, 4, "Choir", "Singing.")};
    const struct search_index *x = directory(j, rows, 4);
    struct search_found f = words(j, x, "pru");

    assert_int_equal(f.services, 1);
    assert_int_equal(f.hit[0].entry, 1);
    assert_string_equal(why(&f.hit[0], WHY_MEANING)->found, "pupil referral unit");
    f = words(j, x, "EHCP");
    assert_int_equal(f.hit[0].entry, 2);
    f = words(j, x, "kicked out of school");
    assert_int_equal(f.services, 2); /* the advice, and the unit */
    assert_int_equal(f.hit[0].entry + f.hit[1].entry, 1 + 3);
    f = words(j, x, "permanent exclusion"); /* not the other way round */
    assert_int_equal(f.services, 1);
    assert_int_equal(f.hit[0].entry, 3);
}

static void
an_abbreviation_in_capitals_is_not_the_common_word(void **state)
{
    struct job *j = support_job(state);
    struct thesaurus_row same = {THESAURUS_SAME, "special needs", "special needs|SEND", "", NULL, 1,
                                 false};
    struct thesaurus t = {&same, 1};
    struct search_row rows[] = {service(j, 1, "Post", "Please send us a letter."),
                                service(j, 2, "Local Offer", "All about SEND here.")};
    struct search_builder *b = NULL;
    struct search_index *x = NULL;
    struct search_found f;

    assert_ok(j, search_index_begin(j, &t, &b));
    for (int i = 0; i < 2; i++)
        assert_ok(j, search_index_row(j, b, &rows[i]));
    assert_ok(j, search_index_write(j, b, support_path(j, "x"), 1));
    assert_ok(j, search_index_open(j, support_path(j, "x"), &x));
    f = words(j, x, "special needs");
    assert_int_equal(f.services, 1);
    assert_int_equal(f.hit[0].entry, 2);
    f = words(j, x, "send");
    assert_int_equal(f.services, 1);
    assert_int_equal(f.hit[0].entry, 2);
}

static void
a_need_is_found_by_a_familys_words_and_by_a_practitioners(void **state)
{
    struct job *j = support_job(state);
    static const struct search_key need = {SEARCH_NEED, "behaviour-fighting"};
    static const struct search_key above = {SEARCH_NEED, "behaviour"};
    struct search_row rows[] = {service(j, 1, "Steady Ground", "Weekly meetings."),
                                service(j, 2, "Choir", "Singing.")};
    const struct search_index *x;

    rows[0].keys = &need;
    rows[0].n_keys = 1;
    x = directory(j, rows, 2);
    assert_int_equal(words(j, x, "falling out, fighting, anger").services, 1);
    assert_int_equal(words(j, x, "anger management").services, 1);
    assert_int_equal(ask(j, x, (struct search){.keys = &need, .n_keys = 1}).services, 1);
    /* The need above it holds it too. */
    assert_int_equal(ask(j, x, (struct search){.keys = &above, .n_keys = 1}).services, 1);
}

static void
of_two_words_both_are_wanted_and_common_words_only_order(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {service(j, 1, "Chess", "Chess for beginners."),
                                service(j, 2, "Chess and Music", "Help for children."),
                                service(j, 3, "Music", "Violin.")};
    const struct search_index *x = directory(j, rows, 3);
    struct search_found f = words(j, x, "chess music");

    assert_int_equal(f.services, 1);
    assert_int_equal(f.hit[0].entry, 2);
    f = words(j, x, "help for children with chess");
    assert_int_equal(f.services, 2);
    assert_int_equal(f.hit[0].entry, 2);
    f = words(j, x, "chess zzyzx"); /* what nobody has is left out, and said */
    assert_int_equal(f.services, 2);
    assert_int_equal(f.term[1].taken, TAKEN_NOWHERE);
    f = words(j, x, "violin beginners"); /* nobody has both */
    assert_int_equal(f.services, 2);
    assert_int_equal(f.enough, 1);
}

/* ---- age, place, time -------------------------------------------------------------------- */

static void
unknown_ages_are_in_lower_and_labelled(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {service(j, 1, "Judo", "Judo."), service(j, 2, "Judo", "Judo."),
                                service(j, 3, "Judo", "Judo."), service(j, 4, "Judo", "Judo.")};
    struct search_found f;

    rows[1].age_from = 8 * 12;
    rows[1].age_to = 12 * 12;
    rows[2].age_from = 14 * 12;
    rows[2].age_to = 18 * 12;
    rows[3].age_from = 9 * 12; /* and upwards */
    f = ask(j, directory(j, rows, 4),
            (struct search){.words = "judo", .age_from = 9 * 12, .age_to = 10 * 12});
    assert_int_equal(f.services, 3);
    assert_int_equal(f.hit[0].entry, 2);
    assert_int_equal(f.hit[1].entry, 4);
    assert_int_equal(f.hit[2].entry, 1);
    assert_non_null(why(&f.hit[2], WHY_AGE_UNKNOWN));
    assert_int_equal(why(&f.hit[0], WHY_AGE)->n, 8 * 12);
}

static struct search_row
at(struct search_row r, struct job *j, int place, int32_t latitude, int32_t longitude)
{
    r.place = job_format(j, "%08x-0000-4000-8000-%012d", (int)r.entry, place);
    r.located = true;
    r.latitude = latitude;
    r.longitude = longitude;
    return r;
}

static void
a_service_is_shown_once_with_its_nearest_place(void **state)
{
    struct job *j = support_job(state);
    struct search_row one = service(j, 1, "Club", "Club."), two = service(j, 2, "Club", "Club.");
    struct search_row rows[] = {
        at(one, j, 1, 53000000, -2000000), at(one, j, 2, 52100000, -2000000),
        at(two, j, 1, 52010000, -2000000), service(j, 3, "Club", "Club.")};
    const struct search_index *x = directory(j, rows, 4);
    struct search s = {.words = "club", .near = true, .latitude = 52000000, .longitude = -2000000};
    struct search_found f = ask(j, x, s);

    assert_int_equal(f.services, 3);
    assert_int_equal(f.places, 4);
    assert_int_equal(f.n, 3);
    assert_int_equal(f.hit[0].entry, 2);
    assert_in_range(f.hit[0].metres, 1105, 1118); /* a hundredth of a degree */
    assert_int_equal(f.hit[1].entry, 1);
    assert_string_equal(f.hit[1].place, "00000001-0000-4000-8000-000000000002");
    assert_int_equal(f.hit[1].places, 2);
    assert_int_equal(f.hit[2].metres, SEARCH_NOWHERE);
    s.places = true; /* and what has no place is none */
    f = ask(j, x, s);
    assert_int_equal(f.n, 3);
    s.places = false;
    s.metres = 20000;
    f = ask(j, x, s);
    assert_int_equal(f.services, 2);
    assert_int_equal(f.places, 2);
    s.metres = 1000;
    f = ask(j, x, s);
    assert_int_equal(f.services, 0);
    assert_int_equal(f.looser[0].filter, FILTER_DISTANCE);
    assert_int_equal(f.looser[0].services, 3);
    assert_in_range(f.looser[0].metres, 1105, 1118);
}

static void
serving_an_area_is_apart_from_being_near(void **state)
{
    struct job *j = support_job(state);
    static const struct search_key here = {SEARCH_AREA, "E07000001"};
    static const struct search_key there = {SEARCH_AREA, "E07000002"};
    static const struct search_key asked[] = {{SEARCH_AREA, "E07000001"},
                                              {SEARCH_AREA, "E10000001"}};
    struct search_row rows[] = {service(j, 1, "Aid", "Aid."), service(j, 2, "Aid", "Aid."),
                                service(j, 3, "Aid", "Aid."), service(j, 4, "Aid", "Aid.")};
    struct search_found f;

    rows[0].keys = &there;
    rows[1].keys = &here;
    rows[0].n_keys = rows[1].n_keys = 1;
    rows[2].everywhere = true;
    f = ask(j, directory(j, rows, 4), (struct search){.words = "aid", .keys = asked, .n_keys = 2});
    assert_int_equal(f.services, 3);
    assert_int_equal(f.hit[0].entry, 2);
    assert_string_equal(why(&f.hit[0], WHY_SERVES)->found, "E07000001");
    assert_non_null(why(&f.hit[1], WHY_EVERYWHERE));
    assert_non_null(why(&f.hit[2], WHY_AREA_UNKNOWN));
}

static void
a_day_and_a_time_are_of_the_same_place(void **state)
{
    struct job *j = support_job(state);
    struct search_hours saturday[] = {{5, 600, 720}}, monday[] = {{0, 1020, 1140}, {5, 1020, 1080}};
    struct search_row one = service(j, 1, "Swim", "Swim.");
    struct search_row rows[] = {at(one, j, 1, 53000000, -2000000),
                                at(one, j, 2, 52000000, -2000000)};
    struct search s = {.facets = FACET_BIT(FACET_SATURDAY), .counts = true};
    const struct search_index *x;

    rows[0].hours = saturday;
    rows[0].n_hours = 1;
    rows[1].hours = monday;
    rows[1].n_hours = 2;
    x = directory(j, rows, 2);
    assert_int_equal(ask(j, x, s).places, 2);
    s.from = 590;
    s.to = 610;
    assert_int_equal(ask(j, x, s).places, 1);
    assert_int_equal(ask(j, x, s).facet[FACET_SATURDAY], 1);
    assert_int_equal(ask(j, x, s).facet[FACET_MONDAY], 0);
    s.near = true; /* open then, but far */
    s.latitude = 52000000;
    s.longitude = -2000000;
    s.metres = 5000;
    assert_int_equal(ask(j, x, s).services, 0);
    s.from = s.to = 0;
    assert_int_equal(ask(j, x, s).services, 1);
}

/* ---- order ------------------------------------------------------------------------------- */

static void
what_was_found_harmful_goes_last_and_is_labelled(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {service(j, 1, "Boot camp", "Boot camp boot camp."),
                                service(j, 2, "Walks", "Not a boot camp.")};
    struct search_found f;

    rows[0].harmful = true;
    rows[0].complete = 100;
    f = words(j, directory(j, rows, 2), "boot camp");
    assert_int_equal(f.hit[0].entry, 2);
    assert_int_equal(f.hit[1].entry, 1);
    assert_non_null(why(&f.hit[1], WHY_HARMFUL));
    assert_null(why(&f.hit[0], WHY_HARMFUL));
}

static void
fresh_and_complete_entries_go_first_and_stale_ones_say_so(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {service(j, 1, "Art", "Art."), service(j, 2, "Art", "Art."),
                                service(j, 3, "Art", "Art.")};
    const struct search_index *x;
    struct search_found f;

    rows[0].fresh = SEARCH_STALE;
    rows[0].checked = 20000;
    rows[1].complete = 10;
    rows[2].complete = 90;
    rows[0].wait_weeks = 1;
    rows[2].wait_weeks = 5;
    x = directory(j, rows, 3);
    f = words(j, x, "art");
    assert_int_equal(f.hit[0].entry, 3);
    assert_int_equal(f.hit[1].entry, 2);
    assert_int_equal(why(&f.hit[2], WHY_UNCHECKED)->n, 20000);
    f = ask(j, x, (struct search){.words = "art", .sort = SEARCH_SOONEST});
    assert_int_equal(f.hit[0].entry, 1);
    assert_int_equal(f.hit[1].entry, 3);
    assert_int_equal(f.hit[2].entry, 2); /* nobody knows */
    f = ask(j, x, (struct search){.sort = SEARCH_BY_UUID, .first = 1, .most = 1});
    assert_int_equal(f.services, 3);
    assert_int_equal(f.n, 1);
    assert_int_equal(f.hit[0].entry, 2);
    f = ask(j, x, (struct search){.sort = SEARCH_BY_UUID, .first = 9, .most = 5});
    assert_int_equal(f.n, 0);
}

static void
without_results_the_filters_to_let_go_of_are_named(void **state)
{
    struct job *j = support_job(state);
    struct search_row rows[] = {service(j, 1, "Yoga", "Yoga."), service(j, 2, "Yoga", "Yoga."),
                                service(j, 3, "Judo", "Judo.")};
    struct search_found f;

    rows[2].facets = FACET_BIT(FACET_ONLINE);
    f = ask(j, directory(j, rows, 3),
            (struct search){.words = "yoga", .facets = FACET_BIT(FACET_ONLINE)});
    assert_int_equal(f.services, 0);
    assert_int_equal(f.n_looser, 2);
    assert_int_equal(f.looser[0].filter, FILTER_FACET + FACET_HOW);
    assert_int_equal(f.looser[0].services, 2);
    assert_int_equal(f.looser[1].filter, FILTER_WORDS);
    assert_int_equal(f.looser[1].services, 1);
}

/* ---- counts against counting ------------------------------------------------------------- */

struct kept {
    struct search_row *row;
    size_t n, most;
};

static enum err
keep(struct job *j, const struct search_row *row, void *arg)
{
    struct kept *k = arg;
    struct search_key *keys = job_array(j, row->n_keys + 1, sizeof *keys);
    struct search_hours *hours = job_array(j, row->n_hours + 1, sizeof *hours);

    if (k->n == k->most) {
        k->row = job_grow(j, k->row, k->most * sizeof *row, (k->most * 2 + 64) * sizeof *row);
        k->most = k->most * 2 + 64;
    }
    memcpy(keys, row->keys, row->n_keys * sizeof *keys);
    memcpy(hours, row->hours, row->n_hours * sizeof *hours);
    k->row[k->n] = *row;
    k->row[k->n].keys = keys;
    k->row[k->n++].hours = hours;
    return OK;
}

static bool
has_key(const struct search_row *r, enum search_key_kind kind, const char *value)
{
    for (size_t i = 0; i < r->n_keys; i++) {
        const struct need *need = kind == SEARCH_NEED ? needs_find(r->keys[i].value) : NULL;
        if (r->keys[i].kind == kind && (strcmp(r->keys[i].value, value) == 0 ||
                                        (need && need->under && strcmp(need->under, value) == 0)))
            return true;
    }
    return false;
}

static bool
key_lets_through(const struct search_row *r, const struct search *s, enum search_key_kind kind)
{
    bool asked = false, area = false;

    for (size_t i = 0; i < s->n_keys; i++) {
        if (s->keys[i].kind != kind)
            continue;
        asked = true;
        if (has_key(r, kind, s->keys[i].value))
            return true;
    }
    for (size_t i = 0; i < r->n_keys; i++)
        area = area || r->keys[i].kind == SEARCH_AREA;
    return !asked || (kind == SEARCH_AREA && (r->everywhere || !area));
}

static uint64_t
days_open(const struct search_row *r, const struct search *s)
{
    uint64_t days = 0;

    for (size_t i = 0; i < r->n_hours; i++)
        if (s->to <= s->from || (r->hours[i].from < s->to && s->from < r->hours[i].to))
            days |= FACET_BIT(FACET_MONDAY + r->hours[i].day);
    return days;
}

/* The plainest reading of what a search without words asks; `but` is left out. */
static bool
lets_through(const struct search_row *r, const struct search *s, unsigned but)
{
    uint64_t bits = (r->facets & ~facets_of_group(FACET_DAY)) | days_open(r, s);
    int32_t from = r->age_from < 0 ? 0 : r->age_from;
    int32_t to = r->age_to < 0 ? INT32_MAX : r->age_to;

    if (s->age_to > s->age_from && but != FILTER_AGE && (from >= s->age_to || s->age_from >= to))
        return false;
    if (s->to > s->from && but != FILTER_TIME && !days_open(r, s))
        return false;
    if (s->modified_after && but != FILTER_MODIFIED && r->modified <= s->modified_after)
        return false;
    for (unsigned g = 0; g < FACET_GROUPS; g++) {
        uint64_t chosen = s->facets & facets_of_group((enum facet_group)g);
        if (chosen && but != FILTER_FACET + g && !(chosen & bits))
            return false;
    }
    for (unsigned k = 0; k < SEARCH_KEYS; k++)
        if (but != FILTER_KEY + k && !key_lets_through(r, s, (enum search_key_kind)k))
            return false;
    return true;
}

static uint32_t
count(const struct kept *k, const struct search *s, unsigned but, uint64_t bit)
{
    uint32_t n = 0;
    int64_t last = 0;

    for (size_t i = 0; i < k->n; i++) {
        const struct search_row *r = &k->row[i];
        uint64_t bits = (r->facets & ~facets_of_group(FACET_DAY)) | days_open(r, s);
        if (r->entry == last || !lets_through(r, s, but) || (bit && !(bit & bits)))
            continue;
        n++;
        last = r->entry;
    }
    return n;
}

static void
compare(struct job *j, const struct search_index *x, const struct kept *k, struct search s)
{
    struct search_found f = ask(j, x, s);
    uint32_t places = 0;

    for (size_t i = 0; i < k->n; i++)
        places += lets_through(&k->row[i], &s, SEARCH_FILTERS);
    assert_int_equal(f.places, places);
    assert_int_equal(f.services, count(k, &s, SEARCH_FILTERS, 0));
    for (int i = 0; i < FACETS; i++)
        assert_int_equal(f.facet[i], count(k, &s, FILTER_FACET + facets_group((enum facet)i),
                                           FACET_BIT(i)));
}

static void
counts_are_those_of_counting_row_by_row(void **state)
{
    struct job *j = support_job(state);
    static const struct search_key keys[] = {{SEARCH_AREA, "E07000901"}, {SEARCH_NEED, "behaviour"},
                                             {SEARCH_LANGUAGE, "pl"}, {SEARCH_LANGUAGE, "ur"}};
    const char *path = support_path(j, "many");
    struct search_index *x = NULL;
    struct kept k = {.n = 0};

    assert_ok(j, services_index(j, 700, path));
    assert_ok(j, search_index_open(j, path, &x));
    assert_ok(j, services_each(j, 700, 7, keep, &k));
    assert_int_equal(search_index_places(x), k.n);
    for (unsigned i = 0; i < 256; i++) {
        struct search s = {.counts = true, .most = 3};
        s.age_from = i & 1 ? 9 * 12 : 0;
        s.age_to = i & 1 ? 10 * 12 : 0;
        s.facets |= i & 2 ? FACET_BIT(FACET_PARENT) | FACET_BIT(FACET_SCHOOL) : 0;
        s.facets |= i & 4 ? FACET_BIT(FACET_SATURDAY) | FACET_BIT(FACET_TUESDAY) : 0;
        s.from = i & 8 ? 900 : 0;
        s.to = i & 8 ? 1000 : 0;
        s.facets |= i & 16 ? FACET_BIT(FACET_ONLINE) : 0;
        s.keys = i & 32 ? keys : keys + 1;
        s.n_keys = i & 64 ? 2 : i & 128 ? 4 : 0;
        s.n_keys = i & 128 && !(i & 32) ? 3 : s.n_keys;
        s.modified_after = i & 4 ? 300 : 0;
        compare(j, x, &k, s);
    }
}

static void
a_filter_never_adds_and_the_same_question_has_the_same_answer(void **state)
{
    struct job *j = support_job(state);
    static const char *const asked[] = {"anger fighting mentor", "speech", "pru", "help"};
    const char *path = support_path(j, "many");
    struct search_index *x = NULL;

    assert_ok(j, services_index(j, 400, path));
    assert_ok(j, search_index_open(j, path, &x));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct search s = {.words = asked[i], .most = 400};
        struct search_found all = ask(j, x, s), some, again;
        s.facets = FACET_BIT(FACET_PARENT);
        some = ask(j, x, s);
        again = ask(j, x, s);
        assert_true(some.services <= all.services);
        assert_int_equal(all.n, all.services);
        assert_int_equal(some.n, again.n);
        for (size_t k = 0; k < some.n; k++) {
            assert_int_equal(some.hit[k].entry, again.hit[k].entry);
            assert_int_equal(some.hit[k].points, again.hit[k].points);
        }
    }
}

static void
pages_follow_each_other_without_gap_or_repeat(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "many");
    struct search_index *x = NULL;
    struct search_found all;

    assert_ok(j, services_index(j, 200, path));
    assert_ok(j, search_index_open(j, path, &x));
    for (enum search_sort sort = SEARCH_BEST; sort <= SEARCH_BY_UUID; sort++) {
        struct search s = {.sort = sort, .most = 500, .near = true, .latitude = 53200000,
                           .longitude = -2800000, .age_from = 96, .age_to = 108};
        all = ask(j, x, s);
        s.most = 7;
        for (s.first = 0; s.first < all.n; s.first += s.most) {
            struct search_found f = ask(j, x, s);
            for (size_t i = 0; i < f.n; i++)
                assert_int_equal(f.hit[i].entry, all.hit[s.first + i].entry);
        }
    }
}

/* ---- ages, postcodes, needs -------------------------------------------------------------- */

static void
ages_and_postcodes_are_read_out_of_the_words(void **state)
{
    static const struct {
        const char *said, *words, *postcode;
        int32_t from, to; /* years */
    } rows[] = {
        {"8-year-old refusing school near CH65 9AA", "refusing school", "CH65 9AA", 8, 9},
        {"help for year 7 with anger", "help for with anger", "", 11, 13},
        {"aged 14 cannabis ch65", "cannabis", "CH65", 14, 15},
        {"reception speech", "speech", "", 4, 6},
        {"KS3 behaviour", "behaviour", "", 11, 15},
        {"12yo won't go to school", "won't go to school", "", 12, 13},
        {"moving to secondary school", "moving to secondary school", "", 0, 0},
        {"AM4 4XX", "", "AM4 4XX", 0, 0},
        {"", "", "", 0, 0},
    };
    struct job *j = support_job(state);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct search_said said;
        search_read(j, rows[i].said, &said);
        assert_string_equal(said.words, rows[i].words);
        assert_string_equal(said.postcode, rows[i].postcode);
        assert_int_equal(said.age_from, rows[i].from * 12);
        assert_int_equal(said.age_to, rows[i].to * 12);
    }
}

static void
school_years_are_ages(void **state)
{
    int32_t from, to;

    (void)state;
    assert_true(ages_read("year-7", &from, &to));
    assert_int_equal(from, 11 * 12);
    assert_int_equal(to, 13 * 12);
    assert_true(ages_read("9", &from, &to));
    assert_int_equal(to - from, 12);
    assert_false(ages_read("26", &from, &to));
    assert_false(ages_read("year-14", &from, &to));
}

#define MEASURE(id, name, title, family, per, decimals, data, definition, sources) name,
static const char *const measures[] = {
#include "risk/measures.def"
};
#define SIGN(id, name, function, source, audience, limits, values) name,
static const char *const signs[] = {
#include "risk/signs.def"
};

static void
assert_all_known(const char *wanted, const char *const *known, size_t n)
{
    while (*wanted) {
        size_t len = strcspn(wanted, " ");
        bool found = false;
        for (size_t i = 0; i < n; i++)
            found = found || (strlen(known[i]) == len && memcmp(known[i], wanted, len) == 0);
        if (!found)
            fail_msg("no such type or sign: %s", wanted);
        wanted += len + (wanted[len] == ' ');
    }
}

static void
needs_point_to_types_and_signs_that_there_are(void **state)
{
    struct job *j = support_job(state);
    size_t n, found;
    const struct need *need = needs_list(&n), *top = NULL, **of;

    for (size_t i = 0; i < n; i++) {
        assert_all_known(need[i].types, measures, sizeof measures / sizeof *measures);
        assert_all_known(need[i].signs, signs, sizeof signs / sizeof *signs);
        top = need[i].under ? top : &need[i];
        if (need[i].under)
            assert_string_equal(need[i].under, top->id);
        assert_ptr_equal(needs_find(need[i].id), &need[i]);
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        assert_true(needs_of_sign(j, signs[i], &of) > 0);
    found = needs_of_type(j, "pex", &of);
    assert_true(found >= 3);
    assert_int_equal(needs_of_type(j, "pe", &of), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(words_are_found_by_their_stem_and_names_go_before_mentions),
        SUPPORT_TEST(misspelt_words_are_read_as_the_likeliest_and_said),
        SUPPORT_TEST(a_word_begun_is_completed),
        SUPPORT_TEST(what_words_are_called_else_is_found_and_said),
        SUPPORT_TEST(an_abbreviation_in_capitals_is_not_the_common_word),
        SUPPORT_TEST(a_need_is_found_by_a_familys_words_and_by_a_practitioners),
        SUPPORT_TEST(of_two_words_both_are_wanted_and_common_words_only_order),
        SUPPORT_TEST(unknown_ages_are_in_lower_and_labelled),
        SUPPORT_TEST(a_service_is_shown_once_with_its_nearest_place),
        SUPPORT_TEST(serving_an_area_is_apart_from_being_near),
        SUPPORT_TEST(a_day_and_a_time_are_of_the_same_place),
        SUPPORT_TEST(what_was_found_harmful_goes_last_and_is_labelled),
        SUPPORT_TEST(fresh_and_complete_entries_go_first_and_stale_ones_say_so),
        SUPPORT_TEST(without_results_the_filters_to_let_go_of_are_named),
        SUPPORT_TEST(counts_are_those_of_counting_row_by_row),
        SUPPORT_TEST(a_filter_never_adds_and_the_same_question_has_the_same_answer),
        SUPPORT_TEST(pages_follow_each_other_without_gap_or_repeat),
        SUPPORT_TEST(ages_and_postcodes_are_read_out_of_the_words),
        SUPPORT_TEST(school_years_are_ages),
        SUPPORT_TEST(needs_point_to_types_and_signs_that_there_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
