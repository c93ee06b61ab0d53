/* Zips, workbooks and JSON are loaded as the files in them would be; a dry run writes nothing;
 * what means harm is refused in words, and what was published stays as it was. */
#include "support/book.h"
#include "support/loads.h"
#include "intake/original.h"
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

static const char *
write_file(struct job *j, const char *name, struct span bytes)
{
    const char *path = support_path(j, name);
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes.s, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
    return path;
}

/* ---- zips ------------------------------------------------------------------------- */

static void
add_folder(zip_t *z, struct job *j, const char *path, const char *name)
{
    DIR *d = opendir(path);
    const struct dirent *entry;

    assert_non_null(d);
    while ((entry = readdir(d))) {
        const char *from = job_format(j, "%s/%s", path, entry->d_name);
        const char *to = job_format(j, "%s%s", name, entry->d_name);
        struct stat st;
        if (entry->d_name[0] == '.')
            continue;
        assert_int_equal(stat(from, &st), 0);
        if (S_ISDIR(st.st_mode))
            add_folder(z, j, from, job_format(j, "%s/", to));
        else
            assert_true(zip_file_add(z, to, zip_source_file(z, from, 0, -1), 0) >= 0);
    }
    closedir(d);
}

static const char *
zip_of_council(struct job *j, const char *name)
{
    const char *path = support_path(j, name);
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

    assert_non_null(z);
    add_folder(z, j, LOADS_COUNCIL, "");
    assert_int_equal(zip_close(z), 0);
    return path;
}

static void
a_zip_is_loaded_as_its_folder_is(void **state)
{
    struct job *j = support_job(state);
    struct load_result zip, folder;

    support_db(j);
    zip = loads_expect(j, zip_of_council(j, "council.zip"), LOAD_PUBLISHED);
    assert_int_equal(zip.n_left, 1);
    assert_non_null(strstr(zip.left[0].path, "council.zip \xE2\x80\xBA read me.txt"));
    /* each batch is told by the bytes of its files: the folder itself has the same */
    folder = loads_expect(j, LOADS_COUNCIL, LOAD_KNOWN);
    assert_int_equal(folder.known, zip.published);
    assert_int_equal(folder.n_left, 1);
}

static struct load_result
load_one(struct job *j, const char *path, bool dry)
{
    const char *const paths[] = {path};
    struct load_options o = {.area = 896, .loaded_by = "test", .dry = dry};
    struct load_result r;

    (void)!load(j, paths, 1, &o, &r);
    return r;
}

static const struct book_part terms = {
    "term-dates.csv", "URN,StartDate,EndDate,Kind\n,2025-01-06,2025-04-04,term\n", 0};

/* Nothing of it is loaded, the words say why, and what was there stays. */
static void
must_refuse(struct job *j, const char *name, struct span bytes, const char *why)
{
    const char *before = loads_published(j), *path = write_file(j, name, bytes);
    struct load_result r = load_one(j, path, false);
    bool said = strstr(j->err.message, why) != NULL;

    for (size_t i = 0; i < r.n_left; i++)
        said = said || strstr(r.left[i].why, why);
    for (size_t i = 0; i < r.n_batches; i++)
        said = said || strstr(r.batch[i].message, why);
    if (!said)
        fail_msg("%s: not \"%s\" but: %s | %s | %s", name, why, j->err.message,
                 r.n_left ? r.left[0].why : "", r.n_batches ? r.batch[0].message : "");
    assert_int_equal(r.published, 0);
    err_clear(j);
    assert_string_equal(loads_published(j), before);
}

static struct span
changed(struct job *j, struct span s, size_t at, char to)
{
    char *copy = job_copy_n(j, s.s, s.n);

    copy[at] = to;
    return (struct span){copy, s.n};
}

/* Where a record of this kind begins the nth time. */
static size_t
find_mark(struct span s, const char *mark)
{
    const char *at = memmem(s.s, s.n, mark, 4);

    assert_non_null(at);
    return (size_t)(at - s.s);
}

static struct span
locked(struct job *j, struct span zip)
{
    zip = changed(j, zip, find_mark(zip, "PK\3\4") + 6, 1);
    return changed(j, zip, find_mark(zip, "PK\1\2") + 8, 1);
}

/* The list of members names the same bytes over and over. */
static struct span
overlapping(struct job *j, struct span zip)
{
    size_t list = find_mark(zip, "PK\1\2"), end = find_mark(zip, "PK\5\6"), one = end - list;
    enum { TIMES = 100 };
    char *to = job_alloc(j, list + TIMES * one + (zip.n - end));
    size_t n = list;

    memcpy(to, zip.s, list);
    for (int i = 0; i < TIMES; i++, n += one)
        memcpy(to + n, zip.s + list, one);
    memcpy(to + n, zip.s + end, zip.n - end);
    to[n + 8] = to[n + 10] = TIMES;
    to[n + 12] = (char)(TIMES * one % 256);
    to[n + 13] = (char)(TIMES * one / 256);
    return (struct span){to, n + zip.n - end};
}

static void
zips_that_mean_harm_are_refused_in_words(void **state)
{
    struct job *j = support_job(state);
    struct span good = book_zip(j, &terms, 1), inner, deep;
    struct book_part *many = job_array(j, 10001, sizeof *many);
    struct book_part bomb = {"zeros.csv", NULL, 40 << 20};

    support_db(j);
    assert_int_equal(load_one(j, LOADS_COUNCIL "/people.csv", false).published, 1);
    must_refuse(j, "locked.zip", locked(j, good), "is locked with a password");
    must_refuse(j, "overlap.zip", overlapping(j, good), "members overlap");
    must_refuse(j, "cut.zip", (struct span){good.s, good.n - 30}, "is damaged");
    must_refuse(j, "list.zip", changed(j, good, find_mark(good, "PK\5\6") + 16, 99), "is damaged");
    must_refuse(j, "sum.zip", changed(j, good, find_mark(good, "PK\1\2") + 16, 99), "is damaged");
    bomb.text = job_alloc(j, bomb.n);
    must_refuse(j, "bomb.zip", book_zip(j, &bomb, 1), "more than 200 times its size");
    for (size_t i = 0; i < 10001; i++)
        many[i] = (struct book_part){job_format(j, "%zu.txt", i), "", 1};
    must_refuse(j, "many.zip", book_zip(j, many, 10001), "more than 10,000 files");
    inner = book_zip(j, &terms, 1);
    deep = book_zip(j, &(struct book_part){"inner.zip", inner.s, inner.n}, 1);
    must_refuse(j, "deep.zip", deep, "a zip within a zip");
    must_refuse(j, "empty.zip", (struct span){"PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22},
                "no file to load");
}

/* Nothing is written where a name says: it is only shown. */
static void
names_that_point_elsewhere_do_no_harm(void **state)
{
    struct job *j = support_job(state);
    struct book_part part = terms;
    const char *path;
    struct load_result r;

    part.name = "../../../../tmp/rooted-escaped/term-dates.csv";
    path = write_file(j, "escape.zip", book_zip(j, &part, 1));
    support_db(j);
    r = load_one(j, path, false);
    assert_int_equal(r.published, 1);
    assert_int_not_equal(access("/tmp/rooted-escaped", F_OK), 0);
}

static void
json_that_means_harm_is_refused_in_words(void **state)
{
    struct job *j = support_job(state);
    enum { LONG = 8 << 20 };
    char *text = job_alloc(j, LONG + 80);
    int start = snprintf(text, 80, "[{\"LocalId\":\"L1\",\"Surname\":\"A\",\"Forename\":\"B\","
                                   "\"DOB\":\"\"},{\"DOB\":\"");

    support_db(j);
    assert_int_equal(load_one(j, LOADS_COUNCIL "/people.csv", false).published, 1);
    memset(text + start, 'a', LONG);
    must_refuse(j, "long.json", (struct span){text, (size_t)start + LONG}, "larger than it may be");
    memset(text + start - 1, ' ', LONG);
    must_refuse(j, "blank.json", (struct span){text, (size_t)start + LONG - 1}, "single value");
    must_refuse(j, "zero.json", (struct span){"[{\"LocalId\":\"\0\"}]", 17}, "no text in an");
    must_refuse(j, "surrogate.json", SPAN("[{\"LocalId\":\"\xED\xA0\x80\",\"DOB\":1}]"),
                "is not UTF-8");
}

/* ---- a workbook, from end to end --------------------------------------------------- */

static void
a_line_of_a_sheet_is_shown_as_it_stood(void **state)
{
    struct job *j = support_job(state);
    const struct book_part sheet = {
        "Terms",
        job_format(j, "%s%s%s", book_row(j, 1, "Term dates of 2025"),
                   book_row(j, 4, "URN|StartDate|EndDate|Kind|Note"),
                   book_row(j, 7, "|2025-01-06|2025-04-04|term|Spring, early")), 0};
    const char *path = write_file(j, "terms.xlsx", book_make(j, &(struct book_of){
                                                       .sheet = &sheet, .n = 1}));
    struct load_result r;
    struct batch_file *f;
    struct original_record o;
    size_t n;

    support_db(j);
    r = load_one(j, path, false);
    assert_int_equal(r.published, 1);
    j->area = 896;
    assert_ok(j, batch_files(j, r.batch[0].id, &f, &n));
    assert_string_equal(f[0].name, "terms.xlsx \xE2\x80\xBA Terms");
    assert_non_null(strstr(f[0].note, "kept as CSV text, without the 3 rows above"));
    assert_ok(j, original_get(j, (struct original_place){r.batch[0].id, 1, 7}, &o));
    assert_string_equal(o.v[4].name, "Note");
    assert_string_equal(o.v[4].value, "Spring, early");
    assert_string_equal(o.raw, ",2025-01-06,2025-04-04,term,\"Spring, early\"");
}

static void
a_record_of_json_is_shown_as_it_stood(void **state)
{
    struct job *j = support_job(state);
    const char *path = loads_file(
        j, "terms.json", "{\"data\":[{\"StartDate\":\"2025-01-06\",\"EndDate\":\"2025-04-04\","
                         "\"Kind\":\"term\",\"URN\":null},{\"StartDate\":\"2025-04-28\","
                         "\"EndDate\":\"2025-07-22\",\"Kind\":\"term\"}]}");
    struct load_result r;
    struct original_record o;

    support_db(j);
    r = load_one(j, path, false);
    assert_int_equal(r.published, 1);
    assert_int_equal(r.batch[0].loaded, 2);
    j->area = 896;
    assert_ok(j, original_get(j, (struct original_place){r.batch[0].id, 1, 3}, &o));
    assert_string_equal(o.layout, "Term dates");
    assert_string_equal(o.v[0].value, "2025-04-28");
    assert_string_equal(o.raw, "{\"StartDate\":\"2025-04-28\",\"EndDate\":\"2025-07-22\","
                               "\"Kind\":\"term\"}");
}

/* ---- dry runs ---------------------------------------------------------------------- */

static void
a_dry_run_tells_what_a_load_would_and_writes_nothing(void **state)
{
    struct job *j = support_job(state);
    struct load_result dry, real;
    const char *before;

    support_db(j);
    assert_int_equal(load_one(j, LOADS_COUNCIL "/people.csv", false).published, 1);
    before = loads_dump(j);
    dry = load_one(j, LOADS_COUNCIL, true);
    assert_ok(j, j->err.kind);
    assert_string_equal(loads_dump(j), before);
    real = load_one(j, LOADS_COUNCIL, false);
    assert_int_equal(dry.n_batches, real.n_batches);
    assert_int_equal(dry.published, real.published);
    assert_int_equal(dry.known, 1);
    for (size_t i = 0; i < real.n_batches; i++) {
        int64_t told = 0;
        assert_string_equal(dry.batch[i].title, real.batch[i].title);
        assert_int_equal(dry.batch[i].outcome, real.batch[i].outcome);
        assert_int_equal(dry.batch[i].read, real.batch[i].read);
        assert_int_equal(dry.batch[i].refused, real.batch[i].refused);
        assert_int_equal(dry.batch[i].findings, real.batch[i].findings);
        for (size_t k = 0; k < dry.batch[i].n_rules; k++)
            told += dry.batch[i].rule[k].count;
        assert_int_equal(told, dry.batch[i].findings);
    }
}

/* ---- folders ----------------------------------------------------------------------- */

struct growing {
    const char *path;
    bool done;
};

static void
grow_file(void *arg, int64_t done, int64_t total)
{
    struct growing *g = arg;
    FILE *f;

    (void)done, (void)total;
    if (g->done)
        return;
    g->done = true;
    f = fopen(g->path, "ab");
    assert_non_null(f);
    fputs(",2025-09-01,2025-12-19,term\n", f);
    fclose(f);
}

static void
a_file_that_grows_while_it_is_read_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct growing g = {.path = loads_file(j, "term-dates.csv", terms.text)};
    const char *const paths[] = {g.path};
    struct load_options o = {.area = 896, .loaded_by = "test", .tell = grow_file, .arg = &g};
    struct load_result r;

    support_db(j);
    assert_ok(j, load(j, paths, 1, &o, &r));
    assert_true(g.done);
    assert_int_equal(r.batch[0].outcome, LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "is still being written: load it again when it is "
                                               "complete"));
    o.tell = NULL;
    assert_ok(j, load(j, paths, 1, &o, &r));
    assert_int_equal(r.batch[0].outcome, LOAD_PUBLISHED);
}

static void
a_folder_with_ten_thousand_files_is_looked_through(void **state)
{
    struct job *j = support_job(state);
    const char *folder = support_path(j, "many");
    struct load_result r;
    size_t before;

    assert_int_equal(mkdir(folder, 0700), 0);
    for (int i = 0; i < 10000; i++)
        loads_file(j, job_format(j, "many/%05d.txt", i), "a,b,c\n1,2,3\n");
    loads_file(j, "many/term-dates.csv", terms.text);
    support_db(j);
    before = j->used;
    r = load_one(j, folder, false);
    assert_int_equal(r.published, 1);
    assert_int_equal(r.n_left, 10000);
    assert_true(j->used - before < 16 * JOB_MB);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_zip_is_loaded_as_its_folder_is),
        SUPPORT_TEST(zips_that_mean_harm_are_refused_in_words),
        SUPPORT_TEST(names_that_point_elsewhere_do_no_harm),
        SUPPORT_TEST(json_that_means_harm_is_refused_in_words),
        SUPPORT_TEST(a_line_of_a_sheet_is_shown_as_it_stood),
        SUPPORT_TEST(a_record_of_json_is_shown_as_it_stood),
        SUPPORT_TEST(a_dry_run_tells_what_a_load_would_and_writes_nothing),
        SUPPORT_TEST(a_file_that_grows_while_it_is_read_is_refused),
        SUPPORT_TEST(a_folder_with_ten_thousand_files_is_looked_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
