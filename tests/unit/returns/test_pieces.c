/* Long files: the pieces of text that are kept, and a record found in its own piece. */
#include "base/random.h"
#include "support/dump.h"

enum { RECORDS = 6000, PIECES = 64, ROOM = 8 * 1024 * 1024 };

struct keeping {
    struct job *j;
    struct kept_text piece[PIECES];
    size_t n_pieces, n_records;
    struct lines all;
    int64_t line[RECORDS + 8];
    int64_t number[RECORDS + 8]; /* the value that tells which record it is */
    int field;
    const char *only; /* layout whose records count */
};

static enum err
on_text(struct job *j, void *arg, int64_t first_line, const char *s, size_t n)
{
    struct keeping *k = arg;
    struct kept_text *p = &k->piece[k->n_pieces++];

    assert_true(k->n_pieces <= PIECES);
    p->text = (struct span){job_copy_n(j, s, n), n};
    p->first_line = first_line;
    lines_add_n(&k->all, s, n);
    return OK;
}

static enum err
on_record(struct job *j, void *arg, const struct record *r)
{
    struct keeping *k = arg;

    (void)j;
    assert_false(r->refused);
    if (strcmp(r->layout->name, k->only) != 0)
        return OK;
    assert_true(k->n_records < RECORDS);
    k->line[k->n_records] = r->line;
    k->number[k->n_records] = strtoll(r->v[k->field].s, NULL, 10);
    assert_int_equal(k->number[k->n_records], k->n_records + 1);
    k->n_records++;
    return OK;
}

/* The piece that a line lies in: the last that starts there or before. */
static const struct kept_text *
piece_of(const struct keeping *k, int64_t line)
{
    const struct kept_text *p = &k->piece[0];

    for (size_t i = 1; i < k->n_pieces; i++)
        if (k->piece[i].first_line <= line)
            p = &k->piece[i];
    return p;
}

static void
check(struct job *j, const char *path, const char *only, int field, const char *name)
{
    struct keeping *k = job_alloc(j, sizeof *k);
    struct reading reading = {0};
    struct receiver to = {k, on_record, NULL, on_text, &reading};
    struct returns_counts counts;
    struct returns_file *f;

    *k = (struct keeping){.j = j, .all.j = j, .only = only, .field = field};
    assert_ok(j, returns_open(j, path, &f));
    assert_ok(j, returns_read(j, f, &to, &counts));
    assert_int_equal(k->n_records, RECORDS);
    assert_true(k->n_pieces > 2);
    for (size_t i = 0; i < RECORDS; i += 7) {
        struct scope s = job_scope_begin(j);
        struct kept_text piece = *piece_of(k, k->line[i]);
        struct original *list;
        size_t n, at = 0;
        piece.layout = layout_find(only);
        piece.form = f->form;
        piece.header = k->piece[0].text;
        assert_ok(j, returns_show(j, &piece, k->line[i], &list, &n));
        while (at < n && strcasecmp(list[at].name, name) != 0)
            at++;
        assert_true(at < n);
        assert_int_equal(strtoll(list[at].value, NULL, 10), i + 1);
        job_scope_end(j, s);
    }
}

static void
write_file(const char *path, struct span text)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(text.s, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
}

static struct span
as_utf16(struct job *j, struct span text)
{
    char *to = job_alloc(j, 2 * text.n + 2);

    memcpy(to, "\xFF\xFE", 2);
    for (size_t i = 0; i < text.n; i++)
        to[2 + 2 * i] = text.s[i];
    return (struct span){to, 2 * text.n + 2};
}

static struct span
csv_text(struct job *j, const char *end)
{
    struct lines t = {.j = j};
    struct random r = random_stream(11, 1, 1);

    lines_add(&t, "LocalId,Surname,Forename,DOB,Note%s", end);
    for (int i = 1; i <= RECORDS; i++) {
        lines_add(&t, "%d,\"Example%s", i, random_below(&r, 3) ? "" : end);
        for (int64_t k = random_below(&r, 300); k > 0; k--)
            lines_add_n(&t, "x", 1);
        lines_add(&t, "\",Robin,2011-05-09,\"%s\"%s", random_below(&r, 9) ? "" : "a\"\"b", end);
        if (random_below(&r, 20) == 0)
            lines_add(&t, "%s", end);
    }
    return (struct span){t.s, t.n};
}

static struct span
xml_text(struct job *j, const char *end)
{
    struct lines t = {.j = j};
    struct random r = random_stream(12, 1, 1);

    lines_add(&t, "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2025"
              "</Year></CollectionDetails></Header>%s<Children>%s", end, end);
    for (int i = 1; i <= RECORDS; i++) {
        lines_add(&t, "<Child>%s<ChildIdentifiers><LAchildID>%d</LAchildID>%s"
                  "</ChildIdentifiers><ChildCharacteristics><Disabilities>", end, i, end);
        for (int64_t k = random_below(&r, 4); k > 0; k--)
            lines_add(&t, "<Disability>AUT</Disability>%s", random_below(&r, 2) ? end : "");
        lines_add(&t, "</Disabilities></ChildCharacteristics><!-- ");
        for (int64_t k = random_below(&r, 200); k > 0; k--)
            lines_add_n(&t, "x", 1);
        lines_add(&t, " --></Child%s>%s", random_below(&r, 5) ? "" : end, end);
    }
    lines_add(&t, "</Children></Message>%s", end);
    return (struct span){t.s, t.n};
}

static void
check_both(struct job *j, struct span text, const char *only, int field, const char *name)
{
    const char *path = support_path(j, "long");
    struct scope s = job_scope_begin(j);

    write_file(path, text);
    check(j, path, only, field, name);
    job_scope_end(j, s);
    s = job_scope_begin(j);
    write_file(path, as_utf16(j, text));
    check(j, path, only, field, name);
    job_scope_end(j, s);
}

static void
records_of_a_long_csv_are_found_in_their_pieces(void **state)
{
    struct job *j = support_job(state);

    check_both(j, csv_text(j, "\n"), "people", 0, "LocalId");
    check_both(j, csv_text(j, "\r\n"), "people", 0, "LocalId");
}

static void
records_of_a_long_xml_are_found_in_their_pieces(void **state)
{
    struct job *j = support_job(state);

    check_both(j, xml_text(j, "\n"), "cin-child", 2, "LAchildID");
    check_both(j, xml_text(j, "\r\n"), "cin-child", 2, "LAchildID");
    check_both(j, xml_text(j, ""), "cin-child", 2, "LAchildID");
}

/* The same pupils in a school census, of which all is kept. */
static struct span
census_text(struct job *j)
{
    struct lines t = {.j = j};
    struct random r = random_stream(12, 1, 2);

    lines_add(&t, "<Message><Header><CollectionDetails><Collection>SCHOOL CENSUS</Collection>"
              "<Term>AUT</Term><Year>2024</Year></CollectionDetails></Header>\n<Pupils>\n");
    for (int i = 1; i <= RECORDS; i++) {
        lines_add(&t, "<PupilOnRoll><PupilIdentifiers><Surname>N%d</Surname></PupilIdentifiers>"
                  "<!-- ", i);
        for (int64_t k = random_below(&r, 200); k > 0; k--)
            lines_add_n(&t, "x", 1);
        lines_add(&t, " --></PupilOnRoll>%s", random_below(&r, 2) ? "" : "\n");
    }
    lines_add(&t, "</Pupils></Message>\n");
    return (struct span){t.s, t.n};
}

/* What is kept is the text itself, but for the line ends put in where records share one. */
static void
the_pieces_together_are_the_text(void **state)
{
    struct job *j = support_job(state);
    struct span texts[] = {csv_text(j, "\n"), census_text(j)};

    for (int i = 0; i < 2; i++) {
        struct keeping *k = job_alloc(j, sizeof *k);
        struct reading reading = {0};
        struct receiver to = {k, on_record, NULL, on_text, &reading};
        struct returns_counts counts;
        struct returns_file *f;
        size_t at = 0;
        *k = (struct keeping){.j = j, .all.j = j, .only = "none"};
        assert_ok(j, returns_open_bytes(j, "long", texts[i].s, texts[i].n, &f));
        assert_ok(j, returns_read(j, f, &to, &counts));
        for (size_t b = 0; b < k->all.n; b++)
            if (at < texts[i].n && k->all.s[b] == texts[i].s[at])
                at++;
            else
                assert_int_equal(k->all.s[b], '\n');
        assert_int_equal(at, texts[i].n);
        if (i == 0)
            assert_int_equal(k->all.n, texts[i].n);
    }
}

static void
a_line_where_no_record_starts_shows_nothing(void **state)
{
    struct job *j = support_job(state);
    struct span csv = SPAN("LocalId,Surname,Forename,DOB\n1,\"Two\nlines\",A,2011-05-09\n");
    struct span xml = SPAN("<Message>\n<Child>\n<LAchildID>1</LAchildID>\n</Child>\n");
    struct kept_text k = {layout_find("people"), FORM_CSV, csv, csv, 1};
    struct original *list;
    size_t n;

    assert_ok(j, returns_show(j, &k, 2, &list, &n));
    assert_string_equal(list[1].value, "Two\nlines");
    assert_err(j, returns_show(j, &k, 3, &list, &n), ERR_NOT_FOUND);
    assert_err(j, returns_show(j, &k, 0, &list, &n), ERR_NOT_FOUND);
    assert_err(j, returns_show(j, &k, 4, &list, &n), ERR_NOT_FOUND);
    k = (struct kept_text){layout_find("cin-child"), FORM_XML, {0}, xml, 10};
    assert_ok(j, returns_show(j, &k, 11, &list, &n));
    assert_int_equal(n, 1);
    assert_string_equal(list[0].name, "LAchildID");
    assert_err(j, returns_show(j, &k, 9, &list, &n), ERR_NOT_FOUND);
    assert_err(j, returns_show(j, &k, 10, &list, &n), ERR_NOT_FOUND);
    assert_err(j, returns_show(j, &k, 12, &list, &n), ERR_NOT_FOUND);
    assert_err(j, returns_show(j, &k, 99, &list, &n), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(records_of_a_long_csv_are_found_in_their_pieces),
        SUPPORT_TEST(records_of_a_long_xml_are_found_in_their_pieces),
        SUPPORT_TEST(the_pieces_together_are_the_text),
        SUPPORT_TEST(a_line_where_no_record_starts_shows_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
