/* Data, a batch, its findings, loading: from invented batches. */
#include "support/html.h"
#include "support/support.h"
#include "web/data/batch.html.h"
#include "web/data/data.html.h"
#include "web/data/fresh.h"
#include "web/data/load.html.h"
#include "web/frame.h"

static const struct actor analyst = {.account = 1, .role = ROLE_ANALYST, .area = 1};
static const struct actor lead = {.account = 2, .role = ROLE_INCLUSION_LEAD, .area = 1};

static const struct batch batches[] = {
    {.id = 215, .kind = "cin", .title = "Children in need census 2025", .state = BATCH_LOADING,
     .started = SUPPORT_NOW, .loaded_by = "priya", .read = 100},
    {.id = 214, .kind = "census", .title = "School census, spring 2025", .state = BATCH_PUBLISHED,
     .started = SUPPORT_NOW, .published = SUPPORT_NOW, .loaded_by = "priya", .school_year = 2024,
     .term = 2, .read = 49794, .loaded = 49382, .refused = 412, .findings = 412},
    {.id = 213, .kind = "suspensions", .title = "Suspension notifications",
     .state = BATCH_PUBLISHED, .started = SUPPORT_NOW, .published = SUPPORT_NOW,
     .loaded_by = "command line", .read = 61, .loaded = 61},
    {.id = 211, .kind = "cin", .title = "Children in need census 2024", .state = BATCH_REFUSED,
     .started = SUPPORT_NOW, .loaded_by = "priya", .read = 4118, .refused = 4118,
     .message = "two columns are missing"},
    {.id = 210, .kind = "census", .title = "School census, autumn 2024", .state = BATCH_WITHDRAWN,
     .started = 1, .published = 1, .withdrawn = SUPPORT_NOW, .withdrawn_why = "sent by mistake",
     .withdrawn_by = "priya", .loaded_by = "priya", .read = 3, .loaded = 3}};
static const struct batch_rule rules[] = {
    {"upn-check-letter", "UPN \"A1\" holds a mistake: the letter is K, should be T.",
     "pupils.csv", 1204, 271, true},
    {"left-before-entry", "The leaving date is before the entry date.", "pupils.csv", 7731, 96,
     true},
    {"sessions-differ", "The sessions do not add up: <5>.", "sessions.csv", 9, 3, false}};

static const struct coverage_term terms[] = {{2023, TERM_SUMMER}, {2024, TERM_AUTUMN},
                                             {2024, TERM_SPRING}};
static const struct coverage_cell cells[] = {
    {COVERAGE_PRESENT, 80, 88}, {COVERAGE_MISSING, 0, 0}, {COVERAGE_MISSING, 0, 0},
    {COVERAGE_PRESENT, 880, 900}, {COVERAGE_THIN, 0, 901}, {COVERAGE_THIN, 100, 890},
    {COVERAGE_NOT_OPEN, 0, 0}, {COVERAGE_NOT_LOADED, 0, 0}, {COVERAGE_REFUSED, 0, 0}};
static const struct coverage_school schools[] = {{1, "The Bridge AP", cells, 2},
    {3, "Netherfield School", cells + 6, 1}, {2, "Fernhill Academy", cells + 3, 0}};
static const struct coverage coverage = {terms, 3, schools, 3, 3, 2};

static struct data_facts
facts(void)
{
    return (struct data_facts){.batches = batches, .n = 5, .rules = rules, .n_rules = 3,
                               .rules_of = &batches[1], .coverage = &coverage};
}

static void
the_data_page_says_what_went_in_and_what_did_not(void **state)
{
    struct job *j = support_job(state);
    struct data_facts f = facts();
    struct data_page p;
    struct html o;

    j->who = &analyst;
    data_page_make(j, &f, html_view("Data", "/data"), &p);
    html_begin(&o);
    view_data(&o, &p);
    html_sound(&o);
    html_keep(&o, "data");
    assert_string_equal(p.heading, "49,443 rows went in on 16 June 2025, 412 were turned away");
    assert_string_equal(p.rejected_of, "Batch 214, School census, spring 2025. 412 of 49,794 rows, "
                                       "0.8%");
    assert_int_equal(p.rejected.n_rows, 2);
    assert_true(html_has(&o, "Line 1,204 of pupils.csv"));
    assert_true(html_has(&o, "href=\"/data/load\""));
    assert_true(html_has(&o, "Refused whole: two columns are missing"));
    assert_true(html_has(&o, "Withdrawn: sent by mistake"));
    html_done(&o);
}

static void
coverage_tells_six_states_apart_in_words(void **state)
{
    struct job *j = support_job(state);
    struct data_facts f = facts();
    struct data_page p;
    struct html o;

    j->who = &analyst;
    data_page_make(j, &f, html_view("Data", "/data"), &p);
    html_begin(&o);
    view_data(&o, &p);
    assert_string_equal(p.coverage_words.says, "The Bridge AP and Netherfield School are the gaps: "
                                               "treat what they show since then as unknown");
    assert_int_equal(html_count(&o, "cm--nofile"), 2);
    assert_int_equal(html_count(&o, "cm--full"), 2);
    assert_int_equal(html_count(&o, "cm--part"), 1);
    assert_int_equal(html_count(&o, "cm--most"), 1);
    assert_int_equal(html_count(&o, ">refused<"), 1);
    assert_int_equal(html_count(&o, ">not open<"), 1);
    assert_int_equal(html_count(&o, ">not loaded<"), 1);
    assert_true(html_has(&o, ">Sum 24<"));
    html_done(&o);
}

static void
nothing_loaded_says_how_to_begin(void **state)
{
    struct job *j = support_job(state);
    static const struct coverage none = {0};
    struct data_facts f = {.coverage = &none};
    struct data_page p;
    struct html o;

    j->who = &lead;
    data_page_make(j, &f, html_view("Data", "/data"), &p);
    html_begin(&o);
    view_data(&o, &p);
    html_sound(&o);
    html_keep(&o, "data-empty");
    assert_string_equal(p.heading, "Nothing is loaded yet");
    assert_null(p.load);
    html_done(&o);
}

static void
a_batch_tells_its_state_and_findings(void **state)
{
    struct job *j = support_job(state);
    struct batch_page_view p;
    struct html o;

    for (size_t i = 0; i < 5; i++) {
        batch_view_make(j, &batches[i], html_view(batches[i].title, "/data"), &p);
        p.refused = data_rules(j, rules, 3, true);
        p.remarks = data_rules(j, rules, 3, false);
        html_begin(&o);
        view_batch(&o, &p);
        html_sound(&o);
        html_keep(&o, job_format(j, "batch-%s", batch_state_name(batches[i].state)));
        assert_true(html_has(&o, data_state_words(batches[i].state)));
        assert_true(html_has(&o, "The sessions do not add up: &lt;5&gt;."));
        html_done(&o);
    }
    batch_view_make(j, &batches[1], html_view("", "/data"), &p);
    assert_string_equal(p.lede, "49,382 rows went in, 412 were turned away.");
    assert_string_equal(p.findings, "/data/batches/214/findings");
}

static void
the_form_to_load_keeps_its_words_at_the_field(void **state)
{
    static const struct problem none = {"files", "Choose at least one file"};
    struct load_form f = {html_view("Load files", "/data"), {&none, 1}};
    struct html o;

    (void)state;
    html_begin(&o);
    view_load_form(&o, &f);
    html_sound(&o);
    html_keep(&o, "load-wrong");
    assert_int_equal(html_count(&o, "Choose at least one file"), 2);
    assert_true(html_has(&o, "enctype=\"multipart/form-data\""));
    assert_true(html_has(&o, "name=\"csrf\" value=\"token\""));
    html_done(&o);
}

static void
a_load_under_way_asks_again_until_it_ends(void **state)
{
    struct job *j = support_job(state);
    static const struct task tasks[] = {
        {.id = 1, .kind = "load", .state = "waiting"},
        {.id = 2, .kind = "load", .state = "running", .done = 31400, .total = 49794},
        {.id = 3, .kind = "load", .state = "failed", .message = "two columns are missing"},
        {.id = 4, .kind = "load", .state = "done", .message = "49,382 records went in."}};
    struct html o;

    for (size_t i = 0; i < 4; i++) {
        struct load_progress p = {0};
        struct view v = *html_view("Loading", "/data");
        load_progress_make(j, &tasks[i], &p);
        v.refresh = p.running ? 5 : 0;
        p.still = "/data/loads/1?still=1";
        p.view = &v;
        html_begin(&o);
        view_load_progress(&o, &p);
        html_sound(&o);
        html_keep(&o, job_format(j, "load-%s", tasks[i].state));
        assert_int_equal(html_count(&o, "http-equiv=\"refresh\""), i < 2);
        assert_int_equal(html_count(&o, "Stop that"), i < 2);
        assert_int_equal(html_count(&o, "Nothing went in."), i == 2);
        assert_int_equal(html_count(&o, "<progress max=\"49794\" value=\"31400\""), i == 1);
        html_done(&o);
    }
}

static void
sources_are_up_to_date_late_or_not_there(void **state)
{
    struct job *j = support_job(state);
    struct coverage_source s[SOURCES] = {
        {SOURCE_CENSUS, true, 214, 412, "School census, spring 2025", DATE_NONE, 2024,
         TERM_SPRING, 138, 139},
        {SOURCE_SUSPENSIONS, true, 213, 0, "Suspension notifications", SUPPORT_TODAY - 3, 0, 0, 0,
         0},
        {SOURCE_CARE, true, 200, 0, "Children in need census", date_from_ymd(2023, 3, 31), 0, 0,
         0, 0},
        {.kind = SOURCE_PEOPLE},
        {.kind = SOURCE_SCHOOLS},
        {.kind = SOURCE_OUTCOMES},
        {SOURCE_LEAVERS, true, 215, 0, "Leavers and deletions", SUPPORT_TODAY - 30, 0, 0, 0, 0},
        {SOURCE_REGISTERS, true, 216, 0, "Register entries", DATE_NONE, 0, 0, 0, 0},
        {.kind = SOURCE_LOOKED_AFTER},
        {.kind = SOURCE_PLANS}};
    struct freshness *f;
    size_t n;

    f = fresh_rows(j, s, SUPPORT_TODAY, &n); /* 16 June: the summer census is not due yet */
    assert_int_equal(n, SOURCES);
    assert_string_equal(f[0].says, "Spring term 2024/25, 138 of 139 schools.");
    assert_string_equal(f[0].link, "412 rows turned away");
    assert_int_equal(f[0].fresh, FRESH);
    assert_int_equal(f[1].fresh, FRESH);
    assert_int_equal(f[2].fresh, FRESH_DUE); /* the return to March 2024 is due */
    assert_int_equal(f[3].fresh, FRESH_ABSENT);
    assert_int_equal(f[3].absent, NO_DATA);
    assert_string_equal(f[SOURCE_OUTCOMES].says, "No file of this kind is loaded.");
    assert_string_equal(f[SOURCE_LEAVERS].says, "The last one is of 17 May 2025.");
    assert_int_equal(f[SOURCE_LEAVERS].fresh, FRESH);
    assert_string_equal(f[SOURCE_REGISTERS].says, "A file is loaded; it holds no child.");
    f = fresh_rows(j, s, date_from_ymd(2025, 7, 20), &n);
    assert_int_equal(f[0].fresh, FRESH_DUE);
    f = fresh_rows(j, s, date_from_ymd(2026, 1, 10), &n);
    assert_int_equal(f[0].fresh, FRESH_STALE);
    assert_int_equal(f[1].fresh, FRESH_STALE);
    assert_int_equal(f[SOURCE_LEAVERS].fresh, FRESH_DUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_data_page_says_what_went_in_and_what_did_not),
        SUPPORT_TEST(coverage_tells_six_states_apart_in_words),
        SUPPORT_TEST(nothing_loaded_says_how_to_begin),
        SUPPORT_TEST(a_batch_tells_its_state_and_findings),
        SUPPORT_TEST(the_form_to_load_keeps_its_words_at_the_field),
        SUPPORT_TEST(a_load_under_way_asks_again_until_it_ends),
        SUPPORT_TEST(sources_are_up_to_date_late_or_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
