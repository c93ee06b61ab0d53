/* Each file in tests/golden/returns/accept/ is read into the text beside it.  Its name says
 * LAYOUT.YEAR-TERM.what.csv: the census it belongs to, as its header would have said.  All
 * variations that must make no difference are made from these files. */
#include "base/csv.h"
#include "support/dump.h"

static const char folder[] = "tests/golden/returns/accept";

struct sample {
    const char *name;
    struct span text;
    struct reading reading;
};

static struct sample *
samples(struct job *j, const char *ending, size_t *n)
{
    char **names = dump_folder(j, folder, ending, n);
    struct sample *s = job_array(j, *n, sizeof *s);

    for (size_t i = 0; i < *n; i++) {
        const char *dot = strchr(names[i], '.');
        int year = 0, term = 0;
        assert_int_equal(sscanf(dot, ".%d-%d", &year, &term), 2);
        s[i] = (struct sample){names[i], dump_load(j, job_format(j, "%s/%s", folder, names[i])),
                               {year, term}};
    }
    assert_true(*n > 0);
    return s;
}

static const char *
read_sample(struct job *j, const struct sample *s, struct span text, bool places)
{
    struct dump d;

    dump_start(j, &d);
    d.reading = s->reading;
    d.places = places;
    if (dump_bytes(&d, s->name, text.s, text.n))
        fail_msg("%s: %s", s->name, j->err.message);
    return d.out.s;
}

static void
every_accepted_file_reads_as_written(void **state)
{
    struct job *j = support_job(state);
    const char *const endings[] = {".csv", ".xml", ".json"};

    for (int k = 0; k < 3; k++) {
        size_t n;
        struct sample *s = samples(j, endings[k], &n);
        for (size_t i = 0; i < n; i++) {
            struct scope scope = job_scope_begin(j);
            dump_golden(j, job_format(j, "%s/%s.txt", folder, s[i].name),
                        read_sample(j, &s[i], s[i].text, true));
            job_scope_end(j, scope);
        }
    }
}

/* One file of the folder is there for every table that is kept. */
static void
every_table_has_a_file_that_is_accepted(void **state)
{
    struct job *j = support_job(state);
    size_t n, n_text = 0;
    char **names = dump_folder(j, folder, ".txt", &n);
    char *all = job_alloc(j, 1 << 20);

    for (size_t i = 0; i < n; i++) {
        struct span text = dump_load(j, job_format(j, "%s/%s", folder, names[i]));
        assert_true(n_text + text.n < 1 << 20);
        memcpy(all + n_text, text.s, text.n);
        n_text += text.n;
    }
    for (size_t i = 0; i < n_layouts; i++)
        if (!layouts[i].skip &&
            !strstr(all, job_format(j, layouts[i].csv ? "layout %s\n" : " %s ", layouts[i].name)))
            fail_msg("no accepted file has a record of %s", layouts[i].name);
}

typedef struct span variation(struct job *j, struct span text);

static void
no_difference(void **state, const char *ending, const char *what, variation *change)
{
    struct job *j = support_job(state);
    size_t n;
    struct sample *s = samples(j, ending, &n);

    for (size_t i = 0; i < n; i++) {
        struct scope scope = job_scope_begin(j);
        const char *plain = read_sample(j, &s[i], s[i].text, false);
        const char *changed = read_sample(j, &s[i], change(j, s[i].text), false);
        if (strcmp(plain, changed) != 0)
            fail_msg("%s %s:\n%s\ninstead of\n%s", s[i].name, what, changed, plain);
        job_scope_end(j, scope);
    }
}

static struct span
with_mark(struct job *j, struct span text)
{
    char *to = job_alloc(j, text.n + 4);

    memcpy(to, "\xEF\xBB\xBF", 3);
    memcpy(to + 3, text.s, text.n);
    return (struct span){to, text.n + 3};
}

static struct span
with_crlf(struct job *j, struct span text)
{
    struct lines t = {.j = j};

    for (size_t i = 0; i < text.n; i++)
        lines_add_n(&t, text.s[i] == '\n' ? "\r\n" : text.s + i, text.s[i] == '\n' ? 2 : 1);
    return (struct span){t.s, t.n};
}

static struct span
without_last_line_end(struct job *j, struct span text)
{
    (void)j;
    return (struct span){text.s, text.n - 1};
}

/* The next character of UTF-8 that is well formed. */
static uint32_t
next_code(const char **s)
{
    const unsigned char *p = (const unsigned char *)*s;
    uint32_t c = *p;

    if (c < 0x80) {
        *s += 1;
        return c;
    }
    if (c < 0xE0) {
        *s += 2;
        return (c & 0x1F) << 6 | (p[1] & 0x3FU);
    }
    *s += 3;
    return (c & 0x0F) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
}

static struct span
utf16(struct job *j, struct span text, bool little)
{
    struct lines t = {.j = j};
    const char *s = text.s;

    lines_add_n(&t, little ? "\xFF\xFE" : "\xFE\xFF", 2);
    while (s < text.s + text.n) {
        uint32_t c = next_code(&s);
        char pair[2] = {(char)(c >> (little ? 0 : 8)), (char)(c >> (little ? 8 : 0))};
        lines_add_n(&t, pair, 2);
    }
    return (struct span){t.s, t.n};
}

static struct span
as_utf16le(struct job *j, struct span text)
{
    return utf16(j, text, true);
}

static struct span
as_utf16be(struct job *j, struct span text)
{
    return utf16(j, text, false);
}

/* The samples hold only characters that Latin-1 has too. */
static struct span
as_windows_1252(struct job *j, struct span text)
{
    struct lines t = {.j = j};
    const char *s = text.s;

    while (s < text.s + text.n) {
        char c = (char)next_code(&s);
        lines_add_n(&t, &c, 1);
    }
    return (struct span){t.s, t.n};
}

/* Every field quoted; the columns in the order that `from` and `step` give. */
static struct span
rewritten(struct job *j, struct span text, bool backwards)
{
    struct csv *csv = csv_open_text(j, text.s, text.n, (struct csv_limits){0});
    struct lines t = {.j = j};
    struct csv_row row;
    bool more;

    while (!csv_next(csv, &row, &more) && more) {
        for (size_t i = 0; i < row.n; i++) {
            const struct csv_field *f = &row.field[backwards ? row.n - 1 - i : i];
            lines_add(&t, "%s\"", i ? "," : "");
            for (size_t k = 0; k < f->n; k++)
                lines_add_n(&t, f->s[k] == '"' ? "\"\"" : f->s + k, f->s[k] == '"' ? 2 : 1);
            lines_add(&t, "\"");
        }
        lines_add(&t, "\n");
    }
    return (struct span){t.s, t.n};
}

static struct span
quoted(struct job *j, struct span text)
{
    return rewritten(j, text, false);
}

static struct span
backwards(struct job *j, struct span text)
{
    return rewritten(j, text, true);
}

/* Column names in capitals and with blanks around them. */
static struct span
shouted(struct job *j, struct span text)
{
    char *to = job_copy_n(j, text.s, text.n);

    for (size_t i = 0; i < text.n && (to[i] != '\n' || to[i + 1] == '('); i++)
        if (to[i] >= 'a' && to[i] <= 'z')
            to[i] = (char)(to[i] - 32);
    return (struct span){to, text.n};
}

static struct span
on_one_line(struct job *j, struct span text)
{
    char *to = job_copy_n(j, text.s, text.n);

    for (size_t i = 0; i < text.n; i++)
        if (to[i] == '\n')
            to[i] = ' ';
    return (struct span){to, text.n};
}

static struct span
elements_in_capitals(struct job *j, struct span text)
{
    char *to = job_copy_n(j, text.s, text.n);
    bool tag = false;

    for (size_t i = 0; i < text.n; i++) {
        if (to[i] == '<')
            tag = to[i + 1] != '?';
        if (to[i] == '>')
            tag = false;
        if (tag && to[i] >= 'a' && to[i] <= 'z')
            to[i] = (char)(to[i] - 32);
    }
    return (struct span){to, text.n};
}

static struct span
end_tags_over_two_lines(struct job *j, struct span text)
{
    struct lines t = {.j = j};
    bool end = false;

    for (size_t i = 0; i < text.n; i++) {
        if (text.s[i] == '<')
            end = text.s[i + 1] == '/';
        if (text.s[i] == '>' && end)
            lines_add_n(&t, "\r\n", 2);
        lines_add_n(&t, text.s + i, 1);
    }
    return (struct span){t.s, t.n};
}

#define VARIATION(test, ending, change)                                                      \
    static void test(void **state)                                                           \
    {                                                                                        \
        no_difference(state, ending, #change, change);                                       \
    }
VARIATION(a_byte_order_mark_makes_no_difference, ".csv", with_mark)
VARIATION(crlf_makes_no_difference, ".csv", with_crlf)
VARIATION(a_last_line_without_its_end_is_read, ".csv", without_last_line_end)
VARIATION(utf16_from_excel_is_read, ".csv", as_utf16le)
VARIATION(utf16_the_other_way_round_is_read, ".csv", as_utf16be)
VARIATION(windows_1252_is_read, ".csv", as_windows_1252)
VARIATION(quotes_make_no_difference, ".csv", quoted)
VARIATION(the_order_of_columns_makes_no_difference, ".csv", backwards)
VARIATION(the_case_of_columns_makes_no_difference, ".csv", shouted)
VARIATION(a_byte_order_mark_before_xml_makes_no_difference, ".xml", with_mark)
VARIATION(crlf_in_xml_makes_no_difference, ".xml", with_crlf)
VARIATION(xml_in_utf16_is_read, ".xml", as_utf16le)
VARIATION(xml_on_one_line_is_read, ".xml", on_one_line)
VARIATION(tags_that_go_over_lines_make_no_difference, ".xml", end_tags_over_two_lines)
VARIATION(the_case_of_elements_makes_no_difference, ".xml", elements_in_capitals)
VARIATION(a_byte_order_mark_before_json_makes_no_difference, ".json", with_mark)
VARIATION(crlf_in_json_makes_no_difference, ".json", with_crlf)
VARIATION(json_in_utf16_is_read, ".json", as_utf16le)
VARIATION(json_on_one_line_is_read, ".json", on_one_line)

/* Is none of its values kept?  Then its record leaves no text. */
static bool
keeps_nothing(const struct layout *l)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];
        bool made = f->type == FIELD_KEY || f->type == FIELD_PARENT || f->type == FIELD_RETURN;
        kept += !made && !(f->rules & FIELD_UNUSED);
    }
    return l->text == TEXT_LISTED && !kept;
}

/* What is kept of a file is its text (of some, the columns that are needed), and each record
 * is found in it again. */
static void
check_kept(struct job *j, const struct sample *s, struct span text)
{
    struct dump d;
    struct span header;

    dump_start(j, &d);
    d.reading = s->reading;
    assert_ok(j, dump_bytes(&d, s->name, text.s, text.n));
    header = (struct span){d.text.s, d.text.n};
    for (size_t i = 0; i < d.n_records; i++) {
        const struct dump_record *r = &d.records[i];
        struct scope scope = job_scope_begin(j);
        struct original *list;
        size_t n;
        bool found = r->name == NULL;
        struct kept_text kept = {r->layout, d.file->form, header, header, 1};
        if (keeps_nothing(r->layout)) {
            assert_err(j, returns_show(j, &kept, r->line, &list, &n), ERR_NOT_FOUND);
            err_clear(j);
            job_scope_end(j, scope);
            continue;
        }
        assert_ok(j, returns_show(j, &kept, r->line, &list, &n));
        if (!n && (r->name || r->layout->text != TEXT_LISTED)) /* it may hold records alone */
            fail_msg("%s line %lld: nothing is shown", s->name, (long long)r->line);
        for (size_t k = 0; k < n && !found; k++)
            found = strcmp(list[k].value, r->value) == 0;
        if (!found)
            fail_msg("%s line %lld: \"%s\" is not shown", s->name, (long long)r->line, r->value);
        job_scope_end(j, scope);
    }
}

static void
every_record_is_shown_again_from_the_kept_text(void **state)
{
    struct job *j = support_job(state);
    const char *const endings[] = {".csv", ".xml", ".json"};

    for (int k = 0; k < 3; k++) {
        size_t n;
        struct sample *s = samples(j, endings[k], &n);
        for (size_t i = 0; i < n; i++) {
            struct scope scope = job_scope_begin(j);
            check_kept(j, &s[i], s[i].text);
            if (k < 2) /* JSON is UTF-8, or UTF-16 with its mark */
                check_kept(j, &s[i], as_windows_1252(j, s[i].text));
            check_kept(j, &s[i], as_utf16le(j, s[i].text));
            if (k > 0)
                check_kept(j, &s[i], on_one_line(j, s[i].text));
            job_scope_end(j, scope);
        }
    }
}

/* Records in one file have lines of their own, also where the file is one line. */
static void
check_lines(struct job *j, const char *ending)
{
    size_t n;
    struct sample *s = samples(j, ending, &n);

    for (size_t i = 0; i < n; i++) {
        struct dump d;
        struct span text = on_one_line(j, s[i].text);
        dump_start(j, &d);
        assert_ok(j, dump_bytes(&d, s[i].name, text.s, text.n));
        for (size_t k = 1; k < d.n_records; k++)
            for (size_t before = 0; before < k; before++)
                assert_true(d.records[k].line != d.records[before].line);
    }
}

static void
no_two_records_of_a_file_share_a_line(void **state)
{
    check_lines(support_job(state), ".xml");
    check_lines(support_job(state), ".json");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_accepted_file_reads_as_written),
        SUPPORT_TEST(every_table_has_a_file_that_is_accepted),
        SUPPORT_TEST(a_byte_order_mark_makes_no_difference),
        SUPPORT_TEST(crlf_makes_no_difference),
        SUPPORT_TEST(a_last_line_without_its_end_is_read),
        SUPPORT_TEST(utf16_from_excel_is_read),
        SUPPORT_TEST(utf16_the_other_way_round_is_read),
        SUPPORT_TEST(windows_1252_is_read),
        SUPPORT_TEST(quotes_make_no_difference),
        SUPPORT_TEST(the_order_of_columns_makes_no_difference),
        SUPPORT_TEST(the_case_of_columns_makes_no_difference),
        SUPPORT_TEST(a_byte_order_mark_before_xml_makes_no_difference),
        SUPPORT_TEST(crlf_in_xml_makes_no_difference),
        SUPPORT_TEST(xml_in_utf16_is_read),
        SUPPORT_TEST(xml_on_one_line_is_read),
        SUPPORT_TEST(tags_that_go_over_lines_make_no_difference),
        SUPPORT_TEST(the_case_of_elements_makes_no_difference),
        SUPPORT_TEST(a_byte_order_mark_before_json_makes_no_difference),
        SUPPORT_TEST(crlf_in_json_makes_no_difference),
        SUPPORT_TEST(json_in_utf16_is_read),
        SUPPORT_TEST(json_on_one_line_is_read),
        SUPPORT_TEST(every_record_is_shown_again_from_the_kept_text),
        SUPPORT_TEST(no_two_records_of_a_file_share_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
