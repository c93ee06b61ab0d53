/* The page of a child, from invented facts. */
#include "support/html.h"
#include "support/support.h"
#include "web/children/child.html.h"
#include <stdlib.h>

#define DAY(y, m, d) date_from_ymd(y, m, d)
enum { MOST = 64 };

static struct fact facts[MOST];
static size_t n_facts;

static const struct child kai = {.person = 417, .forename = "Kai", .surname = "Whitlock",
    .name = "Kai Whitlock", .upn = "A123456789012", .sex = "M", .urn = 100002,
    .school = "Fernhill Academy", .on_roll = true, .year_group = 8, .school_year = 2024,
    .term = TERM_SUMMER, .sen = "K", .ethnicity = "WBRI"};

static void
add_census(int year, enum term term, const char *school, int year_group, int missed)
{
    facts[n_facts++] = (struct fact){.kind = FACT_CENSUS, .batch = year, .file = 1, .line = 7,
        .urn = 100001, .school = school, .source = "School census", .school_year = year,
        .term = term, .from = DATE_NONE, .to = DATE_NONE, .code = "C",
        .code2 = year == 2024 ? "K" : "N", .number = year_group, .on_roll = true,
        .absence = {.possible = missed < 0 ? 0 : 120, .authorised = missed < 0 ? 0 : missed / 2,
                    .unauthorised = missed < 0 ? 0 : missed - missed / 2}};
}

static void
add_suspension(int32_t day, int sessions, int64_t batch)
{
    facts[n_facts++] = (struct fact){.kind = FACT_SUSPENSION, .batch = batch, .file = 2, .line = 9,
        .urn = 100002, .school = "Fernhill Academy", .source = "School census, spring 2025",
        .school_year = 2024, .term = TERM_SPRING, .from = day, .to = DATE_NONE, .code = "SUSP",
        .code2 = "DB", .code3 = "new", .number = sessions};
}

static void
add_care(const char *kind, int32_t from, int32_t to, int no_action)
{
    facts[n_facts++] = (struct fact){.kind = FACT_CARE, .batch = 13, .file = 1, .line = 40,
        .source = "Children in need census 2025", .from = from, .to = to, .code = kind,
        .number = no_action};
}

static int32_t
day_of(const struct fact *f)
{
    static const int month[] = {1, 10, 1, 5};

    if (f->kind != FACT_CENSUS)
        return f->from;
    return DAY(f->school_year + (f->term > TERM_AUTUMN), month[f->term], 1);
}

static int
newest_first(const void *a, const void *b)
{
    return (day_of(a) < day_of(b)) - (day_of(a) > day_of(b));
}

static struct child_page_facts
invented(struct child *c)
{
    static const int missed[] = {4, 3, 5, 6, 2, -1, 5, 7, 4, 8, 9, 11, 13, 20, 26};

    n_facts = 0;
    for (int i = 0; i < 15; i++)
        add_census(2020 + i / 3, (enum term)(i % 3 + 1), i < 8 ? "Oakleaf Primary" :
                   i < 12 ? "Hollybank Primary" : "Fernhill Academy", 4 + i / 3, missed[i]);
    add_suspension(DAY(2024, 7, 8), 2, 8);
    add_suspension(DAY(2025, 3, 5), 2, 11);
    add_suspension(DAY(2025, 3, 5), 2, 12); /* the next return has it too */
    add_suspension(DAY(2025, 5, 18), 4, 12);
    add_care("referral", DAY(2023, 5, 1), DAY(2023, 5, 20), 1);
    add_care("referral", DAY(2023, 10, 1), DAY(2024, 11, 14), 0);
    add_care("plan", DAY(2024, 1, 10), DAY(2024, 11, 14), 0);
    facts[n_facts++] = (struct fact){.kind = FACT_FSM,
                                     .batch = 12,
                                     .file = 3,
                                     .line = 3,
                                     .urn = 100002,
                                     .school = "Fernhill Academy",
                                     .source = "School census, summer 2025",
                                     .from = DAY(2022, 9, 1),
                                     .to = DATE_NONE,
                                     .code = "ENG"};
    qsort(facts, n_facts, sizeof *facts, newest_first);
    *c = kai;
    c->born = DAY(2012, 3, 14);
    return (struct child_page_facts){.child = c, .facts = facts, .n = n_facts,
        .today = DAY(2025, 6, 16), .care_until = DAY(2025, 4, 1), .originals = true};
}

static void
a_child_is_told_in_a_sentence_a_picture_and_lines(void **state)
{
    struct job *j = support_job(state);
    struct child c;
    struct child_page_facts f = invented(&c);
    struct child_page p;
    struct html o;

    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    html_begin(&o);
    view_child(&o, &p);
    html_sound(&o);
    html_keep(&o, "child");
    assert_string_equal(p.heading,
                        "Suspended twice in 2024/25, missed 22% of the spring term 2025");
    assert_string_equal(p.lede,
                        "Suspended three times in all. In the term before, Kai missed 17% of "
                        "sessions.");
    assert_true(html_has(&o, "Born 14 March 2012, age 13"));
    assert_true(html_has(&o, "Year 8, Fernhill Academy"));
    assert_true(html_has(&o, ">Oakleaf Primary</text>"));
    assert_true(html_has(&o, "href=\"/children/417/facts/suspension/12/2/9\""));
    html_done(&o);
}

static void
why_the_figures_count_the_child_is_said(void **state)
{
    static const struct type_line types[] = {
        {"Educated at home", 2024, NULL, "On the register of children educated at home from 4 "
                                         "March 2025 (register entry)"},
        {"Suspended once or more", 2023, "Fernhill Academy", "Suspended once"}};
    struct job *j = support_job(state);
    struct child c;
    struct child_page_facts f = invented(&c);
    struct child_page p;
    struct html o;

    f.types = types;
    f.n_types = 2;
    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    html_begin(&o);
    view_child(&o, &p);
    html_sound(&o);
    assert_true(html_has(&o, "Why the figures count this child"));
    assert_true(html_has(&o, "On the register of children educated at home from 4 March 2025"));
    assert_string_equal(p.types.cells[0].text, "2024/25");
    html_done(&o);
    f.n_types = 0;
    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    html_begin(&o);
    view_child(&o, &p);
    assert_false(html_has(&o, "Why the figures count this child"));
    html_done(&o);
}

static void
lines_of_registers_are_told_in_words(void **state)
{
    struct job *j = support_job(state);
    struct fact entry = {.kind = FACT_ENTRY, .from = DAY(2025, 3, 4), .to = DAY(2025, 4, 11),
                         .code = "PTT", .code2 = "anxiety", .number = 750};
    struct fact leaver = {.kind = FACT_LEAVER, .from = DAY(2025, 3, 3), .to = DATE_NONE,
                          .code = "F"};
    struct fact outcome = {.kind = FACT_OUTCOME, .from = DAY(2025, 3, 3), .to = DATE_NONE,
                           .code = "governors", .code2 = "FRE", .number = DAY(2025, 3, 24)};

    assert_string_equal(child_fact_words(j, &entry),
                        "On a part-time timetable, 12.5 hours a week: anxiety");
    assert_string_equal(child_fact_when(j, &entry), "4 March 2025 to 11 April 2025");
    assert_string_equal(child_fact_words(j, &leaver),
                        "Taken off the roll, ground f of 2024: the parent told in writing of "
                        "education otherwise than at school");
    leaver.code = NULL;
    assert_string_equal(child_fact_words(j, &leaver), "Taken off the roll, no ground given");
    assert_string_equal(child_fact_words(j, &outcome),
                        "Exclusion reviewed on 24 March 2025: board: reinstated at its first "
                        "meeting");
}

static void
a_suspension_told_twice_is_drawn_once_and_listed_twice(void **state)
{
    struct job *j = support_job(state);
    struct child c;
    struct child_page_facts f = invented(&c);
    struct child_page p;
    size_t ticks = 0, lines = 0;

    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    for (size_t i = 0; i < p.picture.n; i++)
        if (p.picture.lanes[i].kind == LANE_TICKS)
            ticks = p.picture.lanes[i].n;
    for (size_t i = 0; i < p.lines.n_rows; i++)
        lines += !strncmp(p.lines.cells[4 * i + 1].text, "Suspended", 9);
    assert_int_equal(ticks, 3);
    assert_int_equal(lines, 4);
    assert_int_equal(p.lines.n_rows, f.n);
}

/* The census of spring 2019, with the absences of autumn 2018 by their codes. */
static void
add_early_census(int possible)
{
    struct fact *f = &facts[n_facts];

    add_census(2018, TERM_SPRING, "Oakleaf Primary", 2, -1);
    f->absence = (struct attendance_sum){.possible = possible, .authorised = 5, .unauthorised = 8};
    f->by_code.by_code[attendance_code(SPAN("I"))] = 5;
    f->by_code.by_code[attendance_code(SPAN("G"))] = 8;
}

static const struct cell *
last_row(const struct child_page *p)
{
    return &p->absence_table.cells[5 * (p->absence_table.n_rows - 1)];
}

static void
absences_of_the_early_years_are_told_with_their_reasons(void **state)
{
    struct job *j = support_job(state);
    struct child c;
    struct child_page_facts f = invented(&c);
    struct child_page p;
    const struct cell *row;

    add_early_census(0); /* how many sessions there were is not said */
    f.n = n_facts;
    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    row = last_row(&p);
    assert_string_equal(row[0].text, "Autumn 2018/19");
    assert_string_equal(row[1].text, "13");
    assert_int_equal(row[2].absent, NO_DATA);
    assert_int_equal(row[3].absent, NO_DATA);
    assert_string_equal(row[4].text, "holiday not granted 8, illness 5");
    assert_non_null(strstr(p.absence_source, "Before autumn 2020"));
    assert_non_null(strstr(child_fact_words(j, &facts[n_facts - 1]),
                           "missed 13 sessions the term before, of how many is not given"));
    facts[n_facts - 1].absence.possible = 130;
    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    row = last_row(&p);
    assert_string_equal(row[2].text, "130");
    assert_string_equal(row[3].text, "10.0%");
}

/* Several sources tell of one child: what one of them closed is not open. */
static void
care_of_several_sources_is_told_once_and_closed_when_one_says_so(void **state)
{
    struct job *j = support_job(state);
    struct child c;
    struct child_page_facts f = invented(&c);
    struct fact told = {.kind = FACT_CARE, .code = "referral", .from = DAY(2023, 10, 1),
                        .to = DATE_NONE};
    struct fact score = {.kind = FACT_CARE, .code = "sdq", .number = 16, .from = DAY(2024, 3, 31),
                         .to = DAY(2024, 4, 1)};
    struct fact moved = {.kind = FACT_CARE, .code = "placement", .code2 = "K2",
                         .from = DAY(2024, 3, 31), .to = DAY(2024, 4, 1)};

    assert_true(child_care_is_ended(&f, &told)); /* another row ends it in November 2024 */
    told.from = DAY(2025, 1, 1);
    assert_false(child_care_is_ended(&f, &told));
    assert_true(child_is_care_time(&told));
    assert_false(child_is_care_time(&score));
    assert_false(child_is_care_time(&moved));
    assert_string_equal(child_fact_words(j, &score), "Strengths and difficulties score 16");
    assert_string_equal(child_fact_words(j, &moved),
                        "Moved to another placement: children's home");
    told.code = "help";
    assert_string_equal(child_fact_words(j, &told), "Early help");
}

static void
care_is_drawn_by_what_weighs_most_and_hatched_after_the_last_file(void **state)
{
    struct job *j = support_job(state);
    struct child c;
    struct child_page_facts f = invented(&c);
    struct child_page p;
    const struct lane *l = NULL;

    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    for (size_t i = 0; i < p.picture.n; i++)
        if (!strcmp(p.picture.lanes[i].name, "Social care"))
            l = &p.picture.lanes[i];
    assert_non_null(l);
    assert_int_equal(l->n, 4);
    assert_int_equal(l->v[0].look, LOOK_POINT);
    assert_string_equal(l->v[1].text, "Referral to social care");
    assert_int_equal(l->v[1].to, DAY(2024, 1, 10));
    assert_string_equal(l->v[2].text, "Child in need plan");
    assert_int_equal(l->v[3].look, LOOK_HATCH);
    assert_int_equal(l->v[3].from, DAY(2025, 4, 1));
}

static void
a_school_is_told_that_social_care_is_not_shared(void **state)
{
    struct job *j = support_job(state);
    struct child c;
    struct child_page_facts f = invented(&c);
    struct child_page p;
    struct html o;

    f.school_view = true;
    f.originals = false;
    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    html_begin(&o);
    view_child(&o, &p);
    html_sound(&o);
    assert_true(html_has(&o, "abs--notshared"));
    assert_false(html_has(&o, "/facts/"));
    assert_false(html_has(&o, "class=\"tl\">Social care"));
    html_done(&o);
}

static void
no_file_of_social_care_is_no_data_and_not_none(void **state)
{
    struct job *j = support_job(state);
    struct child c;
    struct child_page_facts f = invented(&c);
    struct child_page p;

    f.care_until = DATE_NONE;
    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    assert_int_equal(p.now[3].absent, NO_DATA);
    f.care_until = DAY(2025, 4, 1);
    f.n = 0;
    child_page_make(j, &f, html_view("Kai Whitlock", "/children"), &p);
    assert_int_equal(p.now[3].absent, NONE);
    assert_false(p.has_picture);
    assert_int_equal(p.absence.n, 0);
}

static void
a_child_without_census_is_shown_too(void **state)
{
    struct job *j = support_job(state);
    static const struct child listed = {.person = 9, .forename = "Amira", .surname = "Rahimi",
        .name = "Amira Rahimi", .born = DATE_NONE, .sex = "", .year_group = -2};
    struct child_page_facts f = {
        .child = &listed, .today = DAY(2025, 6, 16), .care_until = DATE_NONE};
    struct child_page p;
    struct html o;

    child_page_make(j, &f, html_view("Amira Rahimi", "/children"), &p);
    html_begin(&o);
    view_child(&o, &p);
    html_sound(&o);
    html_keep(&o, "child-listed");
    assert_string_equal(p.heading, "Known from the council’s own list only");
    assert_true(html_has(&o, "No published file has a line about this child"));
    html_done(&o);
}

static void
half_days_and_exclusions_have_their_words(void **state)
{
    struct job *j = support_job(state);
    struct fact f = {.kind = FACT_SUSPENSION, .code = "SUSP", .number = 1, .code3 = "new"};

    assert_string_equal(child_fact_words(j, &f), "Suspended, 1 half day");
    f.number = 5;
    assert_string_equal(child_fact_words(j, &f), "Suspended, 5 half days");
    f.number = 6;
    f.code2 = "DB";
    assert_string_equal(child_fact_words(j, &f),
                        "Suspended, 3 days: persistent or general disruptive behaviour");
    f.code = "PERM";
    assert_string_equal(child_fact_words(j, &f),
                        "Permanently excluded: persistent or general disruptive behaviour");
    f = (struct fact){.kind = FACT_SUSPENSION, .code = "SUSP", .number = -1, .code3 = "cancelled"};
    assert_string_equal(child_fact_words(j, &f), "Cancelled: Suspended");
    assert_false(child_is_exclusion(&f, "SUSP"));
}

/* A string of a year is one line, which the week leads to; of a row a mark each has its own. */
static void
each_mark_leads_to_its_line(void **state)
{
    struct job *j = support_job(state);
    struct register_child_week w[2] = {
        {.monday = DAY(2025, 1, 13), .batch = 7, .file = 1, .line = 2, .mark = {1, 2, 1},
         .stands = {{7, 1, 2}, {7, 1, 2}, {7, 1, 2}}},
        {.monday = DAY(2025, 1, 20), .batch = 8, .file = 1, .line = 5, .mark = {0, 2, 1},
         .corrected = 1, .stands = {{8, 1, 5}, {8, 1, 6}, {9, 1, 40}}},
    };
    struct child_page_facts f = {.child = &kai, .weeks = w, .n_weeks = 2, .originals = true};
    struct child_page p = {0};
    const struct cell *row;

    child_weeks(j, &f, &p);
    row = p.weeks.cells; /* the newer one */
    assert_null(row[0].href);
    assert_string_equal(row[2].href, "/children/417/facts/marks/8/1/5");
    assert_string_equal(row[2].more->href, "/children/417/facts/marks/8/1/6");
    assert_string_equal(row[3].href, "/children/417/facts/marks/9/1/40");
    assert_string_equal(row[3].hidden, "morning of 21 January 2025, line 40 of the register");
    assert_null(row[3].more->href); /* no mark */
    assert_string_equal(row[2].more->note, "corrected");
    assert_string_equal(row[2].text, "·"); /* set aside, and still leads to its line */
    row += p.weeks.n_columns;
    assert_string_equal(row[0].href, "/children/417/facts/marks/7/1/2");
    assert_null(row[2].href);
    f.originals = false;
    child_weeks(j, &f, &p);
    assert_null(p.weeks.cells[2].href);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_child_is_told_in_a_sentence_a_picture_and_lines),
        SUPPORT_TEST(why_the_figures_count_the_child_is_said),
        SUPPORT_TEST(lines_of_registers_are_told_in_words),
        SUPPORT_TEST(a_suspension_told_twice_is_drawn_once_and_listed_twice),
        SUPPORT_TEST(care_of_several_sources_is_told_once_and_closed_when_one_says_so),
        SUPPORT_TEST(care_is_drawn_by_what_weighs_most_and_hatched_after_the_last_file),
        SUPPORT_TEST(a_school_is_told_that_social_care_is_not_shared),
        SUPPORT_TEST(no_file_of_social_care_is_no_data_and_not_none),
        SUPPORT_TEST(a_child_without_census_is_shown_too),
        SUPPORT_TEST(half_days_and_exclusions_have_their_words),
        SUPPORT_TEST(absences_of_the_early_years_are_told_with_their_reasons),
        SUPPORT_TEST(each_mark_leads_to_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
