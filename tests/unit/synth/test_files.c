/* The files of a small invented authority, read back as any council's: recognised, sound,
 * and agreeing with the truth beside them. */
#include "support/support.h"
#include "base/csv.h"
#include "base/map.h"
#include "people/attendance.h"
#include "people/upn.h"
#include "returns/fields.h"
#include "returns/reader.h"
#include "synth/synth.h"
#include "synth/tally.h"
#include <dirent.h>
#include <sys/stat.h>

/* What is kept of the files' records. */
struct pupil {
    char folder[40], key[16], ret[12], upn[16];
    bool on_roll, left;    /* left: has a leaving date */
    char status;
    int32_t born;
    int64_t possible, possible2; /* -1: not given */
};
struct exclusion_row {
    char folder[40], key[16];
    char category[6], reason[6];
    int32_t started;
    int64_t sessions;
};
struct mark_row {
    char folder[40], key[16];
    int code, sessions;
    bool summer2;
};
struct header_row {
    char folder[40], ret[12];
    int64_t estab;
};
struct read {
    struct job *j;
    char folder[40];          /* of the file being read */
    struct reading reading;
    struct pile *pupils, *exclusions, *marks, *headers;
    struct map *pupil;        /* by folder and key: index in pupils */
    struct map_salt salt;
    int64_t cin_children, cin_unknown, refused, files, notes;
    int64_t list_people, notifications, note_changes;
};
struct truth_table {          /* a CSV of the truth, as text cells */
    size_t rows, columns;
    char **cell;
};
struct made {
    struct job job;
    char folder[64];
    struct read r;
    struct truth_table errors, identifiers, suspensions, realised, children;
};
static struct made *made;

static void
copy(char *to, size_t size, const struct value *v)
{
    snprintf(to, size, "%.*s", (int)v->n, v->s ? v->s : "");
}

static uint64_t
key_of(const struct read *r, const char *folder, const char *key)
{
    char text[48];
    int n = snprintf(text, sizeof text, "%s/%s", folder, key);

    return map_key(&r->salt, text, (size_t)n);
}

static enum err
keep_pupil(struct read *r, const struct record *x)
{
    struct pupil *p = pile_add(r->j, r->pupils);
    const struct value *v = x->v;

    if (!p)
        return r->j->err.kind;
    snprintf(p->folder, sizeof p->folder, "%s", r->folder);
    copy(p->key, sizeof p->key, &v[CENSUS_PUPIL_KEY]);
    copy(p->ret, sizeof p->ret, &v[CENSUS_PUPIL_RETURN]);
    copy(p->upn, sizeof p->upn, &v[CENSUS_PUPIL_UPN]);
    p->on_roll = strcmp(x->layout->name, "census-pupilonroll") == 0;
    p->left = v[CENSUS_PUPIL_LEFT].given;
    p->status = v[CENSUS_PUPIL_STATUS].given ? v[CENSUS_PUPIL_STATUS].s[0] : ' ';
    p->born = (int32_t)v[CENSUS_PUPIL_BORN].i;
    p->possible = v[CENSUS_PUPIL_SESSIONS_POSSIBLE].given ? v[CENSUS_PUPIL_SESSIONS_POSSIBLE].i
                                                          : -1;
    p->possible2 = v[CENSUS_PUPIL_SUMMER2_POSSIBLE].given ? v[CENSUS_PUPIL_SUMMER2_POSSIBLE].i
                                                          : -1;
    return map_put(r->j, r->pupil, key_of(r, p->folder, p->key),
                   (int64_t)pile_count(r->pupils) - 1);
}

static enum err
keep_exclusion(struct read *r, const struct record *x)
{
    struct exclusion_row *e = pile_add(r->j, r->exclusions);
    const struct value *v = x->v;

    if (!e)
        return r->j->err.kind;
    snprintf(e->folder, sizeof e->folder, "%s", r->folder);
    copy(e->key, sizeof e->key, &v[CENSUS_EXCLUSION_PUPIL]);
    copy(e->category, sizeof e->category, &v[CENSUS_EXCLUSION_CATEGORY]);
    copy(e->reason, sizeof e->reason, &v[CENSUS_EXCLUSION_REASON1]);
    e->started = (int32_t)v[CENSUS_EXCLUSION_STARTED].i;
    e->sessions = v[CENSUS_EXCLUSION_SESSIONS].i;
    return OK;
}

static enum err
keep_marks(struct read *r, const struct record *x)
{
    struct mark_row *m = pile_add(r->j, r->marks);
    const struct value *v = x->v;

    if (!m)
        return r->j->err.kind;
    snprintf(m->folder, sizeof m->folder, "%s", r->folder);
    copy(m->key, sizeof m->key, &v[CENSUS_SESSIONS_PUPIL]);
    m->code = attendance_code(VALUE_SPAN(v[CENSUS_SESSIONS_CODE]));
    m->sessions = (int)v[CENSUS_SESSIONS_COUNT].i;
    m->summer2 = strstr(x->layout->name, "summerhalfterm2") != NULL;
    return OK;
}

static enum err
keep_header(struct read *r, const struct record *x)
{
    struct header_row *h = pile_add(r->j, r->headers);

    if (!h)
        return r->j->err.kind;
    snprintf(h->folder, sizeof h->folder, "%s", r->folder);
    copy(h->ret, sizeof h->ret, &x->v[CENSUS_HEADER_RETURN]);
    h->estab = x->v[CENSUS_HEADER_ESTAB].i;
    return OK;
}

static enum err
take_record(struct job *j, void *arg, const struct record *x)
{
    struct read *r = arg;
    const char *name = x->layout->name;

    (void)j;
    if (strcmp(name, "census-pupilonroll") == 0 || strcmp(name, "census-pupilnolongeronroll") == 0)
        return keep_pupil(r, x);
    if (strncmp(name, "census-termlyexclusions", 23) == 0)
        return keep_exclusion(r, x);
    if (strstr(name, "sessiondetails"))
        return keep_marks(r, x);
    if (strcmp(name, "census-schoolcensus") == 0)
        return keep_header(r, x);
    if (strcmp(name, "cin-child") == 0) {
        r->cin_children++;
        r->cin_unknown += span_is(VALUE_SPAN(x->v[CIN_CHILD_UPN_UNKNOWN]), "UN4");
    }
    r->list_people += strcmp(name, "people") == 0;
    if (strcmp(name, "suspensions") == 0) {
        r->notifications++;
        r->note_changes += !span_is(VALUE_SPAN(x->v[OWN_SUSPENSION_STATUS]), "new");
    }
    return OK;
}

static void
read_file(struct read *r, const char *path)
{
    struct scope scope = job_scope_begin(r->j);
    struct returns_set all = {0};
    struct receiver to = {r, take_record, NULL, NULL, &r->reading};

    assert_ok(r->j, returns_open_all(r->j, path, &all)); /* a workbook holds several */
    assert_int_equal(all.n_left, 0);
    for (size_t i = 0; i < all.n; i++) {
        struct returns_counts n = {0};
        r->reading = (struct reading){0};
        assert_ok(r->j, returns_read(r->j, all.file[i], &to, &n));
        r->refused += n.refused;
        r->notes += strcmp(all.file[i]->family, "census") == 0 && all.file[i]->note[0];
    }
    r->files++;
    job_scope_end(r->j, scope);
}

static void
read_folder(struct read *r, const char *path, const char *name)
{
    struct dirent **list;
    int n = scandir(path, &list, NULL, alphasort);

    assert_true(n > 0);
    snprintf(r->folder, sizeof r->folder, "%s", name);
    for (int i = 0; i < n; i++) {
        char below[512];
        struct stat s;
        snprintf(below, sizeof below, "%s/%s", path, list[i]->d_name);
        if (list[i]->d_name[0] != '.' && stat(below, &s) == 0) {
            if (S_ISDIR(s.st_mode))
                read_folder(r, below, list[i]->d_name);
            else
                read_file(r, below);
        }
        free(list[i]);
    }
    free(list);
}

/* ---- the truth ----------------------------------------------------------------------- */

static char *
whole_file(struct job *j, const char *path, size_t *n)
{
    FILE *f = fopen(path, "re");
    struct stat s;
    char *text;

    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &s), 0);
    text = job_alloc(j, (size_t)s.st_size + 1);
    *n = fread(text, 1, (size_t)s.st_size, f);
    fclose(f);
    return text;
}

static struct truth_table
read_truth(struct made *m, const char *name)
{
    struct truth_table t = {0, 0, NULL};
    char path[128];
    size_t n, room = 0;
    char *text;
    struct csv *c;
    struct csv_row row;
    bool more = true;

    snprintf(path, sizeof path, "%s/out.truth/%s", m->folder, name);
    text = whole_file(&m->job, path, &n);
    c = csv_open_text(&m->job, text, n, (struct csv_limits){0});
    for (size_t i = 0; i < n; i++)
        room += text[i] == '\n';
    while (csv_next(c, &row, &more) == OK && more) {
        if (!t.cell) {
            t.columns = row.n;
            t.cell = job_array(&m->job, room * row.n, sizeof *t.cell);
            continue;
        }
        for (size_t i = 0; i < row.n; i++)
            t.cell[t.rows * t.columns + i] = job_copy_n(&m->job, row.field[i].s, row.field[i].n);
        t.rows++;
    }
    assert_false(more);
    return t;
}

static const char *
cell(const struct truth_table *t, size_t row, size_t column)
{
    return t->cell[row * t->columns + column];
}

static int64_t
errors_of(const char *kind)
{
    int64_t n = 0;

    for (size_t i = 0; i < made->errors.rows; i++)
        n += strcmp(cell(&made->errors, i, 0), kind) == 0;
    return n;
}

static bool
error_stands(const char *kind, const char *folder, const char *id)
{
    for (size_t i = 0; i < made->errors.rows; i++)
        if (strcmp(cell(&made->errors, i, 0), kind) == 0 &&
            (!folder || strstr(cell(&made->errors, i, 1), folder)) &&
            strcmp(cell(&made->errors, i, 2), id) == 0)
            return true;
    return false;
}

static int
make(void **state)
{
    struct synth_plan plan = {"small", 1, NULL, true, NULL, 0};
    struct synth_done done;
    char path[128];

    (void)state;
    made = calloc(1, sizeof *made);
    job_init(&made->job, (size_t)600 * JOB_MB);
    snprintf(made->folder, sizeof made->folder, "/tmp/synth-XXXXXX");
    assert_non_null(mkdtemp(made->folder));
    snprintf(path, sizeof path, "%s/out", made->folder);
    plan.out = path;
    {
        struct job write;
        job_init(&write, (size_t)200 * JOB_MB);
        assert_ok(&write, synth_write(&write, &plan, &done));
        job_end(&write);
    }
    made->r = (struct read){.j = &made->job, .salt = map_salt_new()};
    assert_ok(&made->job, pile_open(&made->job, sizeof(struct pupil), &made->r.pupils));
    assert_ok(&made->job, pile_open(&made->job, sizeof(struct exclusion_row), &made->r.exclusions));
    assert_ok(&made->job, pile_open(&made->job, sizeof(struct mark_row), &made->r.marks));
    assert_ok(&made->job, pile_open(&made->job, sizeof(struct header_row), &made->r.headers));
    assert_ok(&made->job, map_open(&made->job, 100000, &made->r.pupil));
    read_folder(&made->r, path, "out");
    made->errors = read_truth(made, "errors.csv");
    made->identifiers = read_truth(made, "identifiers.csv");
    made->suspensions = read_truth(made, "suspensions.csv");
    made->realised = read_truth(made, "realised.csv");
    made->children = read_truth(made, "children.csv");
    return 0;
}

static void
remove_folder(const char *path)
{
    struct dirent **list;
    int n = scandir(path, &list, NULL, NULL);

    for (int i = 0; i < n; i++) {
        char below[512];
        snprintf(below, sizeof below, "%s/%s", path, list[i]->d_name);
        if (strcmp(list[i]->d_name, ".") != 0 && strcmp(list[i]->d_name, "..") != 0 &&
            remove(below))
            remove_folder(below);
        free(list[i]);
    }
    if (n >= 0)
        free(list);
    remove(path);
}

static int
unmake(void **state)
{
    (void)state;
    remove_folder(made->folder);
    job_end(&made->job);
    free(made);
    return 0;
}

/* ---- the tests ------------------------------------------------------------------------ */

static void
each_file_is_recognised_and_no_record_is_turned_away(void **state)
{
    (void)state;
    assert_true(made->r.files > 300);
    assert_int_equal(made->r.refused, 0);
    /* no column of a census is unknown to its layout */
    assert_int_equal(made->r.notes, 0);
}

static void
columns_are_those_of_their_year(void **state)
{
    static const struct {
        const char *file, *has, *has_not;
    } files[] = {
        {"census/2019-spring/pupilonroll.csv", ",gender,", ",sex,"},
        {"census/2023-spring/pupilonroll.csv", ",youngcarer,", ",sex,"},
        {"census/2024-spring/pupilonroll.csv", ",ethnicity,", ",gender,"},
        {"census/2024-autumn/pupilonroll.csv", ",summerhalfterm2sessionspossible", ",ethnicity,"},
        {"census/2020-summer/termlysessiondetailsonroll.csv", ",absencesessions", ",sessions"},
        {"census/2021-spring/termlysessiondetailsonroll.csv", ",sessions", ",absencesessions"},
        {"census/2020-summer/termlyexclusionsonroll.csv", ",reason,", ",reason1,"},
        {"census/2021-spring/termlyexclusionsonroll.csv", ",reason1,reason2,reason3,", ",reason,"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[256], line[2048];
        FILE *f;
        snprintf(path, sizeof path, "%s/out/%s", made->folder, files[i].file);
        f = fopen(path, "re");
        assert_non_null(f);
        assert_non_null(fgets(line, sizeof line, f));
        fclose(f);
        if (!strstr(line, files[i].has) || strstr(line, files[i].has_not))
            fail_msg("%s: %s", files[i].file, line);
    }
}

static void
every_upn_has_the_right_letter_but_those_planted(void **state)
{
    (void)state;
    for (size_t i = 0; i < pile_count(made->r.pupils); i++) {
        const struct pupil *p = pile_at(made->r.pupils, i);
        enum upn_state s = p->upn[0] ? upn_check(span_of(p->upn), NULL) : UPN_OK;
        const char *kind = !p->upn[0]              ? "upn-missing"
                           : s == UPN_CHECK_LETTER ? "upn-letter"
                           : s == UPN_TEMPORARY    ? "upn-temporary"
                                                   : NULL;
        assert_true(s == UPN_OK || s == UPN_CHECK_LETTER || s == UPN_TEMPORARY);
        if (kind)
            assert_true(error_stands(kind, p->folder, p->upn));
    }
    assert_true(errors_of("upn-letter") > 0);
}

static void
no_child_is_in_two_single_registrations_but_where_planted(void **state)
{
    struct map *seen;
    int64_t overlaps = 0;

    (void)state;
    assert_ok(&made->job, map_open(&made->job, 50000, &seen));
    for (size_t i = 0; i < pile_count(made->r.pupils); i++) {
        const struct pupil *p = pile_at(made->r.pupils, i);
        uint64_t key = key_of(&made->r, p->folder, p->upn);
        if (!p->on_roll || p->status != 'C' || !p->upn[0])
            continue;
        if (map_find(seen, key)) {
            bool planted = error_stands("overlapping-enrolment", p->folder, p->upn);
            overlaps += planted;
            assert_true(planted || error_stands("upn-duplicate", p->folder, p->upn));
        }
        assert_ok(&made->job, map_put(&made->job, seen, key, 1));
    }
    assert_true(overlaps > 0);
}

/* Is this UPN one of the person's, right or wrong? */
static bool
belongs(const char *upn, const char *person)
{
    for (size_t i = 0; i < made->identifiers.rows; i++)
        if (strcmp(cell(&made->identifiers, i, 2), upn) == 0 &&
            strcmp(cell(&made->identifiers, i, 0), person) == 0)
            return true;
    return !upn[0] && error_stands("upn-missing", NULL, "");
}

static int
returns_with(const char *person, int32_t started, const char *category)
{
    int n = 0;

    for (size_t i = 0; i < pile_count(made->r.exclusions); i++) {
        const struct exclusion_row *e = pile_at(made->r.exclusions, i);
        const int64_t *at;
        if (e->started != started || strcmp(e->category, category) != 0)
            continue;
        at = map_find(made->r.pupil, key_of(&made->r, e->folder, e->key));
        assert_non_null(at);
        n += belongs(((struct pupil *)pile_at(made->r.pupils, (size_t)*at))->upn, person);
    }
    return n;
}

static void
every_suspension_arrives_in_two_returns(void **state)
{
    int32_t first = date_from_ymd(2018, 8, 1), last = date_from_ymd(2025, 4, 21);
    int twice = 0, both = (int)errors_of("suspension-at-two-schools");

    (void)state;
    for (size_t i = 0; i < made->suspensions.rows; i++) {
        const struct truth_table *t = &made->suspensions;
        const char *mistake = cell(t, i, 5);
        int32_t started = DATE_NONE;
        int n;

        assert_true(date_parse(cell(t, i, 2), strlen(cell(t, i, 2)), &started));
        if (started < first || started >= last) /* one of the two lies outside the files */
            continue;
        n = returns_with(cell(t, i, 0), started, cell(t, i, 4));
        if (strcmp(mistake, "late") == 0 || strcmp(mistake, "withdrawn") == 0)
            assert_true(n == 1 || n == 2);
        else if (n == 2)
            twice++;
        else /* told by two schools: four */
            both -= n == 4 ? 2 : 1000;
    }
    assert_true(twice > 500);
    assert_true(both >= 0);
}

static void
planted_mistakes_are_in_the_files_as_often_as_the_truth_says(void **state)
{
    int64_t missing = 0, old = 0, overlap = 0;

    (void)state;
    for (size_t i = 0; i < pile_count(made->r.pupils); i++) {
        const struct pupil *p = pile_at(made->r.pupils, i);
        missing += !p->on_roll && !p->left;
    }
    for (size_t i = 0; i < pile_count(made->r.exclusions); i++) {
        const struct exclusion_row *e = pile_at(made->r.exclusions, i);
        old += strcmp(e->reason, "OT") == 0 && e->started >= date_from_ymd(2020, 8, 1);
    }
    for (size_t i = 0; i < made->errors.rows; i++)
        overlap += strcmp(cell(&made->errors, i, 0), "overlapping-enrolment") == 0;
    assert_int_equal(missing, errors_of("leaving-date-missing"));
    assert_int_equal(old, errors_of("reason-withdrawn"));
    assert_int_equal(made->r.cin_unknown, errors_of("cin-without-upn"));
    assert_int_equal(made->r.note_changes,
                     errors_of("notification-amended") + errors_of("notification-cancelled"));
    assert_true(made->r.notifications > 20 && made->r.list_people > 300 && overlap > 0);
    assert_true(errors_of("category-withdrawn") > 0 && errors_of("list-nickname") > 0 &&
                errors_of("list-double-surname") > 0 && errors_of("suspension-late") > 0);
}

static bool
is_alternative(const struct pupil *p)
{
    for (size_t i = 0; i < pile_count(made->r.headers); i++) {
        const struct header_row *h = pile_at(made->r.headers, i);
        if (strcmp(h->folder, p->folder) == 0 && strcmp(h->ret, p->ret) == 0)
            return h->estab >= 1101 && h->estab < 1200;
    }
    return false;
}

static int64_t
realised(int year, size_t column)
{
    const struct truth_table *t = &made->realised;

    for (size_t i = 0; i < t->rows; i++)
        if (strtol(cell(t, i, 0), NULL, 10) == year && strcmp(cell(t, i, 1), "all") == 0)
            return strtoll(cell(t, i, column), NULL, 10);
    fail_msg("no row of %d", year);
    return 0;
}

static void
headcounts_in_january_are_the_truths(void **state)
{
    (void)state;
    for (int year = 2018; year <= 2024; year++) {
        char folder[40];
        int64_t n = 0;

        snprintf(folder, sizeof folder, "%d-spring", year + 1);
        for (size_t i = 0; i < pile_count(made->r.pupils); i++) {
            const struct pupil *p = pile_at(made->r.pupils, i);
            n += p->on_roll && (p->status == 'C' || p->status == 'M') &&
                 strcmp(p->folder, folder) == 0 && !is_alternative(p);
        }
        for (size_t i = 0; i < made->errors.rows; i++)
            n -= strcmp(cell(&made->errors, i, 0), "overlapping-enrolment") == 0 &&
                 strstr(cell(&made->errors, i, 1), folder) != NULL;
        assert_int_equal(n, realised(year, 3));
    }
}

/* The school year whose attendance a census has: of the term before, so that autumn too
 * looks back. */
static int
year_attended(const char *folder)
{
    return (int)strtol(folder, NULL, 10) - 1;
}

static void
sessions_possible_and_absent_are_the_truths(void **state)
{
    int64_t possible[8] = {0}, absent[8] = {0};

    (void)state;
    for (size_t i = 0; i < pile_count(made->r.pupils); i++) {
        const struct pupil *p = pile_at(made->r.pupils, i);
        int year = year_attended(p->folder), age = date_age_31_august(p->born, year);
        if (year < 2018 || age < 5 || age > 15 || is_alternative(p))
            continue;
        possible[year - 2018] += (p->possible > 0 ? p->possible : 0) +
                                 (p->possible2 > 0 ? p->possible2 : 0);
    }
    for (size_t i = 0; i < pile_count(made->r.marks); i++) {
        const struct mark_row *m = pile_at(made->r.marks, i);
        const int64_t *at = map_find(made->r.pupil, key_of(&made->r, m->folder, m->key));
        const struct pupil *p = pile_at(made->r.pupils, (size_t)*at);
        int year = year_attended(p->folder), age = date_age_31_august(p->born, year);
        if (year < 2018 || age < 5 || age > 15 || is_alternative(p))
            continue;
        assert_true(m->code >= 0);
        if (attendance_is_absence(m->code, date_from_ymd(year, 11, 1)))
            absent[year - 2018] += m->sessions;
    }
    for (int y = 2018; y <= 2024; y++) {
        assert_int_equal(possible[y - 2018], realised(y, 9));
        assert_int_equal(absent[y - 2018], realised(y, 10));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_is_recognised_and_no_record_is_turned_away),
        cmocka_unit_test(columns_are_those_of_their_year),
        cmocka_unit_test(every_upn_has_the_right_letter_but_those_planted),
        cmocka_unit_test(no_child_is_in_two_single_registrations_but_where_planted),
        cmocka_unit_test(every_suspension_arrives_in_two_returns),
        cmocka_unit_test(planted_mistakes_are_in_the_files_as_often_as_the_truth_says),
        cmocka_unit_test(headcounts_in_january_are_the_truths),
        cmocka_unit_test(sessions_possible_and_absent_are_the_truths),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
