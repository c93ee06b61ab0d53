/* Registers come in as rows and as strings, and what counts is read week by week. */
#include "base/random.h"
#include "people/register_check.h"
#include "registers.h"
#include <dirent.h>
#include <string.h>

/* ---- which mark counts ---- */

static void
the_last_extract_counts_whatever_was_loaded_last(void **state)
{
    struct job *j = support_job(state);

    council(j);
    taken(j, "b.csv", DAILY ANNA ",900001,2025-01-14,AM,I,,2025-01-20\n"
                            ANNA ",900001,2025-01-14,PM,I,,2025-01-20\n");
    taken(j, "a.csv", DAILY ANNA ",900001,2025-01-14,AM,N,,2025-01-17\n"
                            ANNA ",900001,2025-01-15,AM,/,,2025-01-17\n");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-14", 0), "I");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-15", 0), "/");
    taken(j, "c.csv", DAILY ANNA ",900001,2025-01-14,AM,M,,2025-01-20\n");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-14", 0), "M");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-14", 1), "I");
}

static void
no_mark_in_a_later_extract_takes_a_mark_away(void **state)
{
    struct job *j = support_job(state);

    council(j);
    taken(j, "a.csv", DAILY ANNA ",900001,2025-01-14,AM,/,,2025-01-17\n");
    taken(j, "b.csv", DAILY ANNA ",900001,2025-01-14,AM,,,2025-01-18\n");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-14", 0), "-");
    assert_int_equal(marks_pattern(&marks_now(j)->week[0], 0)->missing, 1);
}

static void
a_batch_withdrawn_gives_back_what_was_before(void **state)
{
    struct job *j = support_job(state);
    struct load_batch second;
    const char *before;

    council(j);
    taken(j, "a.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\/\\/\\/\\####,2025-01-18\n"
                           BEN ",900001,2025-01-13,/\\/\\II/\\/\\####,2025-01-18\n");
    before = told(j, marks_now(j));
    second = taken(j, "b.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\/\\OO/\\####,2025-01-25\n"
                                    BEN ",900001,2025-01-13,/\\/\\II/\\/\\####,2025-01-25\n");
    taken(j, "c.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\/\\OO/\\####,2025-01-26\n"
                           BEN ",900001,2025-01-13,/\\/\\II/\\/\\####,2025-01-26\n");
    assert_string_not_equal(told(j, marks_now(j)), before);
    assert_ok(j, batch_withdraw(j, second.id, "wrong file"));
    assert_string_not_equal(told(j, marks_now(j)), before);
    assert_ok(j, batch_withdraw(j, second.id + 1, "wrong too"));
    assert_string_equal(told(j, marks_now(j)), before);
}

static void
a_week_packed_against_a_withdrawn_one_is_still_read(void **state)
{
    struct job *j = support_job(state);
    struct load_batch first;

    council(j);
    first = taken(j, "a.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\/\\/\\/\\####,2025-01-18\n");
    taken(j, "b.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\/\\/\\/\\####,2025-01-25\n");
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_week WHERE base_batch > 0"), 1);
    assert_ok(j, batch_withdraw(j, first.id, "wrong"));
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-17", 1), "\\");
}

/* ---- what was known ---- */

static size_t
same_files(struct job *j, const char *a, const char *b)
{
    DIR *d = opendir(support_path(j, a));
    const struct dirent *f;
    size_t n = 0;

    assert_non_null(d);
    while ((f = readdir(d))) {
        struct span x, y;
        if (!strstr(f->d_name, ".week"))
            continue;
        x = dump_load(j, support_path(j, job_format(j, "%s/%s", a, f->d_name)));
        y = dump_load(j, support_path(j, job_format(j, "%s/%s", b, f->d_name)));
        assert_int_equal(x.n, y.n);
        assert_memory_equal(x.s, y.s, x.n);
        n++;
    }
    closedir(d);
    return n;
}

static void
what_was_known_on_a_day_is_the_same_bytes_after_later_loads(void **state)
{
    struct job *j = support_job(state);
    int64_t then;
    struct load_batch gone;

    council(j);
    gone = taken(j, "a.csv", DAILY ANNA ",900001,2025-01-14,AM,N,,2025-01-17\n"
                                   BEN ",900001,2025-01-22,AM,/,,2025-01-24\n");
    then = last_published(j);
    marks_at(j, "then", order_at(then));
    taken(j, "b.csv", DAILY ANNA ",900001,2025-01-14,AM,I,,2025-01-20\n"
                            ANNA ",900001,2025-01-29,AM,/,,2025-01-30\n");
    assert_ok(j, batch_withdraw(j, gone.id, "a test"));
    marks_at(j, "again", order_at(then));
    assert_int_equal(same_files(j, "then", "again"), 2);
    assert_int_equal(same_files(j, "again", "then"), 2);
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-14", 0), "I");
}

static void
nothing_after_the_day_asked_for_is_given(void **state)
{
    size_t built;
    struct job *j = support_job(state);
    struct marks_order o = order_at(INT64_MAX / 2);
    const struct marks *m;
    struct marks_sum sum = {0};

    council(j);
    taken(j, "a.csv", YEAR ANNA ",900001,2025-01-13,/\\II/\\/\\/\\####/\\OO/\\/\\/\\####,\n");
    o.as_of = date_from_ymd(2025, 1, 21);
    m = marks_at(j, "weeks", o);
    assert_int_equal(m->n, 2);
    marks_add(&m->week[1], 0, DATE_NONE, DATE_OPEN, &sum);
    assert_int_equal(sum.possible, 4);
    assert_int_equal(sum.unauthorised, 2);
    assert_string_equal(mark_on(j, m, "2025-01-22", 0), ".");
    o.as_of = date_from_ymd(2025, 1, 19);
    assert_int_equal(marks_at(j, "weeks", o)->n, 1);
    assert_ok(j, marks_build(j, support_path(j, "weeks"), &o, NULL));
    o.as_of = SUPPORT_TODAY; /* what is later was left alone */
    assert_ok(j, marks_build(j, support_path(j, "weeks"), &o, &built));
    assert_int_equal(built, 0);
}

static void
a_file_counts_from_the_day_it_was_made_where_that_is_asked(void **state)
{
    struct job *j = support_job(state);
    struct marks_order o = order_at((int64_t)date_from_ymd(2025, 1, 20) * 86400 * 1000000);

    council(j);
    taken(j, "a.csv", DAILY ANNA ",900001,2025-01-14,AM,/,,2025-01-17\n");
    taken(j, "b.csv", DAILY ANNA ",900001,2025-01-14,AM,I,,2025-01-24\n");
    o.as_of = date_from_ymd(2025, 1, 20);
    assert_int_equal(marks_at(j, "weeks", o)->n, 0);
    o.from_made = true;
    assert_string_equal(mark_on(j, marks_at(j, "weeks", o), "2025-01-14", 0), "/");
}

/* ---- rows and strings ---- */

static char
any_mark(struct random *r, int32_t date, int session)
{
    static const char rare[] = "LBCEIMNOUVXYDG-";

    if (date_weekday(date) > 4)
        return '#';
    if (random_chance(r, 0.2))
        return rare[random_below(r, sizeof rare - 1)];
    return session ? '\\' : '/';
}

static void
rows_and_strings_of_the_same_marks_are_the_same(void **state)
{
    struct job *j = support_job(state);
    struct random r = random_stream(20, 1, 1);
    char *rows = job_alloc(j, 1 << 18), *strings = job_alloc(j, 1 << 18), day[DATE_TEXT];
    size_t nr = (size_t)snprintf(rows, 1 << 18, "%s", DAILY);
    size_t ns = (size_t)snprintf(strings, 1 << 18, "%s", YEAR);
    int32_t start = date_from_ymd(2024, 9, 4);
    struct load_batch first;
    const char *a;

    council(j);
    for (int p = 0; p < 12; p++) {
        const char *upn = job_format(j, "A8964004190%02d", p);
        int urn = 900001 + p % 3;
        ns += (size_t)snprintf(strings + ns, 256, "%s,%d,%s,", upn, urn, date_iso(start, day));
        for (int32_t d = start; d < start + 100; d++)
            for (int k = 0; k < 2; k++) {
                char c = any_mark(&r, d, k);
                strings[ns++] = c;
                nr += (size_t)snprintf(rows + nr, 256, "%s,%d,%s,%s,%c,,2025-02-01\n", upn, urn,
                                       date_iso(d, day), k ? "PM" : "AM", c);
            }
        ns += (size_t)snprintf(strings + ns, 256, ",2025-02-01\n");
    }
    first = taken(j, "strings.csv", strings);
    a = told(j, marks_now(j));
    assert_true(strlen(a) > 5000);
    assert_ok(j, batch_withdraw(j, first.id, "now as rows"));
    assert_string_equal(told(j, marks_now(j)), "");
    taken(j, "rows.csv", rows);
    assert_string_equal(told(j, marks_now(j)), a);
    taken(j, "again.csv", job_format(j, "%s\n", strings));
    assert_string_equal(told(j, marks_now(j)), a);
}

static void
a_register_sent_again_costs_next_to_nothing(void **state)
{
    struct job *j = support_job(state);
    struct random r = random_stream(21, 1, 1);
    char *text = job_alloc(j, 1 << 18);
    size_t n = (size_t)snprintf(text, 1 << 18, "%s", YEAR);
    int64_t before, bytes;

    council(j);
    for (int p = 0; p < 200; p++) {
        n += (size_t)snprintf(text + n, 256, "A89640041%04d,900001,2024-09-02,", p);
        for (int32_t d = 0; d < 70; d++)
            for (int k = 0; k < 2; k++)
                text[n++] = any_mark(&r, d + date_from_ymd(2024, 9, 2), k);
        n += (size_t)snprintf(text + n, 256, ",2025-02-01\n");
    }
    taken(j, "a.csv", text);
    before = loads_count(j, "SELECT sum(length(content)) FROM register_week");
    loads_edit(j, loads_file(j, "b.csv", text), "2025-02-01", "2025-02-08");
    loads_expect(j, support_path(j, "b.csv"), LOAD_PUBLISHED);
    bytes = loads_count(j, "SELECT sum(length(content)) FROM register_week") - before;
    assert_true(bytes < 10 * 60); /* of each week, which has 2,000 marks */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM file_chunk"), 0);
}

/* ---- what is wrong with marks ---- */

static int64_t
found(struct job *j, const char *rule, const char *words)
{
    struct rows q;
    int64_t n = 0;

    db_ask(j, &q, "SELECT message FROM finding WHERE area_id = $1 AND rule = $2",
           ARGS(INT(j->area), TEXT(rule)));
    while (db_next(&q)) {
        if (!strstr(row_text(&q, 0), words))
            fail_msg("%s says %s", rule, row_text(&q, 0));
        n++;
    }
    assert_ok(j, db_done(&q));
    return n;
}

static void
local_codes_are_listed_by_school(void **state)
{
    struct job *j = support_job(state);
    struct load_batch b;

    council(j);
    b = taken(j, "a.csv", DAILY ANNA ",900001,2025-01-13,AM,Q9,,\n"
                                ANNA ",900001,2025-01-13,PM,/,,\n"
                                ANNA ",900001,2025-01-14,AM,Q9,,\n"
                                BEN ",900002,2025-01-13,AM,@,,\n"
                                BEN ",900002,2025-01-13,PM,\\,,\n");
    assert_int_equal(b.read, 5);
    assert_int_equal(b.loaded, 2);
    assert_int_equal(b.refused, 3);
    assert_int_equal(found(j, "mark-code", "is not an attendance code"), 3);
    assert_int_equal(found(j, "mark-codes", "marks are left out") +
                     found(j, "mark-codes", "\""), 4);
    assert_int_equal(loads_count(j, "SELECT urn FROM finding WHERE rule = 'mark-codes' "
                                    "AND message LIKE '%\"Q9\", 2 marks%'"), 900001);
    assert_int_equal(loads_count(j, "SELECT urn FROM finding WHERE rule = 'mark-codes' "
                                    "AND message LIKE '%\"@\", 1 mark.%'"), 900002);
}

static void
marks_on_closed_days_are_kept_and_told(void **state)
{
    struct job *j = support_job(state);

    council(j);
    loads_expect(j, loads_file(j, "terms.csv",
                               "URN,StartDate,EndDate,Kind,Note\n"
                               ",2025-01-06,2025-02-14,term,\n"
                               "900001,2025-01-15,2025-01-15,closed,snow\n"), LOAD_PUBLISHED);
    taken(j, "a.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\/\\/\\/\\/-##,\n"
                           BEN ",900002,2025-01-13,/\\/\\/\\/\\/\\####,\n");
    assert_int_equal(found(j, "mark-closed-day", "January 2025"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE rule = "
                                    "'mark-closed-day' AND urn = 900001 AND message LIKE "
                                    "'%15 January 2025, 2 marks%'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE rule = "
                                    "'mark-closed-day' AND urn = 900001 AND message LIKE "
                                    "'%18 January 2025, 1 mark.%'"), 1);
    assert_int_equal(marks_now(j)->week[0].school[0].marks, 11);
}

static void
a_string_that_does_not_match_the_calendar_is_told(void **state)
{
    struct job *j = support_job(state);
    char *text = job_alloc(j, 4096), *long_one = job_alloc(j, 1024);
    struct load_batch b;

    council(j);
    memset(long_one, '#', 900);
    snprintf(text, 4096, YEAR ANNA ",900001,2025-01-13,/\\/\\/,\n"
                              BEN ",900001,2025-01-13,%s,\n"
                              ANNA ",900001,2025-01-13,/\\/\\,\n", long_one);
    b = taken(j, "a.csv", text);
    assert_int_equal(b.refused, 2);
    assert_int_equal(found(j, "marks-length", "does not match the calendar: it has "), 2);
}

static void
a_string_without_weekends_is_read_by_weekdays(void **state)
{
    struct job *j = support_job(state);

    council(j);
    taken(j, "a.csv", YEAR ANNA ",900001,2025-01-15,/\\/\\II/\\/\\/\\/\\/\\OO/\\/\\/\\/\\,\n");
    assert_int_equal(found(j, "marks-weekdays", "from Monday to Friday"), 1);
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-17", 0), "I");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-18", 0), ".");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-20", 0), "/");
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-27", 1), "O");
}

static void
a_day_to_come_has_no_mark_yet(void **state)
{
    struct job *j = support_job(state);
    struct load_batch b;

    council(j);
    b = taken(j, "a.csv", DAILY ANNA ",900001,2025-06-16,AM,/,,\n"
                                ANNA ",900001,2025-06-17,AM,/,,\n");
    assert_int_equal(b.refused, 1);
    assert_int_equal(found(j, "mark-future", "has not come yet"), 1);
    taken(j, "b.csv", YEAR BEN ",900001,2025-06-16,/\\/\\--##,\n");
    assert_int_equal(found(j, "marks-future", "2 marks"), 1);
}

static void
a_second_mark_of_a_session_is_told_and_counts(void **state)
{
    struct job *j = support_job(state);

    council(j);
    taken(j, "a.csv", DAILY ANNA ",900001,2025-01-13,AM,/,,\n"
                            ANNA ",900001,2025-01-13,AM,I,,\n"
                            ANNA ",900001,2025-01-13,AM,I,,\n");
    assert_int_equal(found(j, "mark-twice", "I, not /"), 1);
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-13", 0), "I");
}

static void
absence_without_a_reason_is_told_after_five_school_days(void **state)
{
    struct job *j = support_job(state);

    council(j);
    loads_expect(j, loads_file(j, "terms.csv", "URN,StartDate,EndDate,Kind,Note\n"
                                               ",2025-01-06,2025-02-14,term,\n"), LOAD_PUBLISHED);
    taken(j, "a.csv", DAILY ANNA ",900001,2025-01-13,AM,N,,2025-01-20\n"
                            ANNA ",900001,2025-01-13,PM,N,,2025-01-20\n"
                            BEN ",900002,2025-01-13,AM,N,,2025-01-21\n");
    assert_int_equal(found(j, "mark-no-reason", "five school days: 1 mark."), 1);
}

static void
a_code_of_another_time_is_kept_and_told(void **state)
{
    struct job *j = support_job(state);

    council(j);
    taken(j, "a.csv", DAILY ANNA ",900001,2025-01-13,AM,H,,\n"
                            ANNA ",900001,2024-01-15,AM,H,,\n");
    assert_int_equal(found(j, "mark-code-year", "\"H\", 1 mark."), 1);
    assert_int_equal(marks_pattern(&marks_now(j)->week[1], 0)->authorised, 1);
}

/* Above a share of bad rows the whole is turned away, with the weeks it had written. */
static void
a_batch_that_comes_to_nothing_leaves_no_week(void **state)
{
    struct job *j = support_job(state);
    char *text = job_alloc(j, 1 << 16);
    size_t n = (size_t)snprintf(text, 1 << 16, "%s", DAILY);

    council(j);
    for (int p = 0; p < 60; p++)
        n += (size_t)snprintf(text + n, 128, "A89640041%04d,900001,2025-01-13,AM,%s,,\n", p,
                              p % 2 ? "Q9" : "/");
    loads_expect(j, loads_file(j, "a.csv", text), LOAD_REFUSED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_week"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_batch"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity"), 0);
    assert_int_equal(found(j, "mark-codes", "\"Q9\", 30 marks"), 1);
    assert_int_equal(marks_now(j)->n, 0);
}

static void
the_same_file_again_is_nothing_new(void **state)
{
    struct job *j = support_job(state);
    const char *path;

    council(j);
    path = loads_file(j, "a.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\,2025-01-18\n");
    loads_expect(j, path, LOAD_PUBLISHED);
    loads_expect(j, path, LOAD_KNOWN);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_week"), 1);
    assert_int_equal(loads_count(j, "SELECT made_on FROM batch WHERE kind = 'marks'"),
                     date_from_ymd(2025, 1, 18));
}

/* ---- the files of weeks ---- */

static void
only_weeks_that_changed_are_derived_again(void **state)
{
    struct job *j = support_job(state);
    struct marks_order o = order_at(INT64_MAX / 2);
    const char *folder = support_path(j, "weeks");
    size_t built;

    council(j);
    taken(j, "a.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\/\\/\\/\\####/\\/\\/\\/\\/\\####,\n");
    assert_ok(j, marks_build(j, folder, &o, &built));
    assert_int_equal(built, 2);
    taken(j, "b.csv", DAILY ANNA ",900001,2025-01-23,AM,I,,\n");
    assert_ok(j, marks_build(j, folder, &o, &built));
    assert_int_equal(built, 1);
    assert_ok(j, marks_build(j, folder, &o, &built));
    assert_int_equal(built, 0);
    assert_string_equal(mark_on(j, marks_now(j), "2025-01-23", 0), "I");
}

static void
a_damaged_week_is_derived_again(void **state)
{
    struct job *j = support_job(state);
    struct marks_order o = order_at(INT64_MAX / 2);
    const char *folder = support_path(j, "weeks"), *path = NULL;
    const struct dirent *f;
    struct marks *m;
    DIR *d;
    FILE *file;

    council(j);
    taken(j, "a.csv", YEAR ANNA ",900001,2025-01-13,/\\/\\/\\/\\/\\####,\n");
    marks_now(j);
    d = opendir(folder);
    while ((f = readdir(d)))
        if (strstr(f->d_name, ".week"))
            path = job_format(j, "%s/%s", folder, f->d_name);
    closedir(d);
    for (long at = 0; at < (long)dump_load(j, path).n; at += 7) {
        struct scope s = job_scope_begin(j);
        file = fopen(path, "r+b");
        fseek(file, at, SEEK_SET);
        int c = fgetc(file);
        fseek(file, at, SEEK_SET);
        fputc(c ^ 0x55, file);
        fclose(file);
        assert_err(j, marks_open(j, folder, &o, &m), ERR_ENV);
        assert_says(j, "is damaged");
        err_clear(j);
        assert_string_equal(mark_on(j, marks_now(j), "2025-01-13", 0), "/");
        job_scope_end(j, s);
    }
}

static void
a_cursor_finds_everybody_in_any_order(void **state)
{
    struct job *j = support_job(state);
    char *text = job_alloc(j, 1 << 16);
    size_t n = (size_t)snprintf(text, 1 << 16, "%s", YEAR);
    const struct marks *m;
    struct marks_cursor c;
    const struct marks_week *w;

    council(j);
    for (int p = 0; p < 300; p++)
        n += (size_t)snprintf(text + n, 256, "A89640041%04d,%d,2024-09-02,%s,\n", p,
                              900001 + p % 2, p % 3 ? "/\\" : "II");
    taken(j, "a.csv", text);
    m = marks_now(j);
    w = &m->week[0];
    assert_int_equal(w->rows, 300);
    marks_cursor(j, m, &c);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < w->rows; i++) {
            uint32_t at = round ? w->rows - 1 - i : i;
            struct marks_range r = marks_of(&c, 0, w->first_person + w->row[at].person);
            assert_int_equal(r.from, at);
            assert_int_equal(r.to, at + 1);
        }
    assert_int_equal(marks_of(&c, 0, w->first_person - 1).to, 0);
    n = marks_of(&c, 0, w->first_person + w->row[w->rows - 1].person + 1).to;
    assert_int_equal(n, w->rows);
    assert_int_equal(marks_school_in(w, 900002)->children, 150);
    assert_null(marks_school_in(w, 900003));
}

/* ---- can they be read ---- */

static struct register_checked
checked(struct job *j)
{
    struct register_checked c;

    assert_ok(j, register_check(j, &c));
    return c;
}

static void
spoil(struct job *j, const char *sql)
{
    int64_t changed;

    assert_ok(j, db_begin(j));
    assert_ok(j, db_run(j, sql, NO_ARGS, &changed));
    assert_int_equal(changed, 1);
    assert_ok(j, db_commit(j));
}

static void
every_packed_register_is_checked_and_the_first_bad_one_named(void **state)
{
    struct job *j = support_job(state);

    council(j);
    assert_int_equal(checked(j).registers, 0);
    taken(j, "a.csv", DAILY ANNA ",900001,2025-01-14,AM,I,,2025-01-20\n"
                      BEN ",900001,2025-01-14,AM,/,,2025-01-20\n"
                      BEN ",900002,2025-01-21,PM,-,,2025-01-22\n");
    taken(j, "b.csv", DAILY ANNA ",900001,2025-01-14,AM,M,,2025-01-21\n"
                      BEN ",900001,2025-01-14,AM,/,,2025-01-21\n");
    assert_int_equal(checked(j).registers, 3);
    assert_int_equal(checked(j).bad, 0);
    assert_null(checked(j).first);

    spoil(j, "UPDATE register_week SET missing = missing - 1 WHERE area_id > 0 AND urn = 900002");
    assert_int_equal(checked(j).bad, 1);
    assert_non_null(strstr(checked(j).first, "school 900002 for the week of 20 January 2025"));
    assert_non_null(strstr(checked(j).first, "where"));

    /* the later of the two leans on the earlier, or stands alone: either way this one is bad */
    spoil(j, "UPDATE register_week SET content = substr(content, 1, 9) WHERE area_id > 0 AND "
             "urn = 900001 AND batch_id = (SELECT MIN(batch_id) FROM register_week "
             "WHERE area_id > 0)");
    assert_true(checked(j).bad >= 2);
    assert_non_null(strstr(checked(j).first, "school 900001 for the week of 13 January 2025"));
    assert_non_null(strstr(checked(j).first, "cannot be unpacked"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_last_extract_counts_whatever_was_loaded_last),
        SUPPORT_TEST(no_mark_in_a_later_extract_takes_a_mark_away),
        SUPPORT_TEST(a_batch_withdrawn_gives_back_what_was_before),
        SUPPORT_TEST(a_week_packed_against_a_withdrawn_one_is_still_read),
        SUPPORT_TEST(what_was_known_on_a_day_is_the_same_bytes_after_later_loads),
        SUPPORT_TEST(nothing_after_the_day_asked_for_is_given),
        SUPPORT_TEST(a_file_counts_from_the_day_it_was_made_where_that_is_asked),
        SUPPORT_TEST(rows_and_strings_of_the_same_marks_are_the_same),
        SUPPORT_TEST(a_register_sent_again_costs_next_to_nothing),
        SUPPORT_TEST(local_codes_are_listed_by_school),
        SUPPORT_TEST(marks_on_closed_days_are_kept_and_told),
        SUPPORT_TEST(a_string_that_does_not_match_the_calendar_is_told),
        SUPPORT_TEST(a_string_without_weekends_is_read_by_weekdays),
        SUPPORT_TEST(a_day_to_come_has_no_mark_yet),
        SUPPORT_TEST(a_second_mark_of_a_session_is_told_and_counts),
        SUPPORT_TEST(absence_without_a_reason_is_told_after_five_school_days),
        SUPPORT_TEST(a_code_of_another_time_is_kept_and_told),
        SUPPORT_TEST(a_batch_that_comes_to_nothing_leaves_no_week),
        SUPPORT_TEST(the_same_file_again_is_nothing_new),
        SUPPORT_TEST(only_weeks_that_changed_are_derived_again),
        SUPPORT_TEST(a_damaged_week_is_derived_again),
        SUPPORT_TEST(a_cursor_finds_everybody_in_any_order),
        SUPPORT_TEST(every_packed_register_is_checked_and_the_first_bad_one_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
