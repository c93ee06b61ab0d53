#include "support/loads.h"
#include "intake/facts.h"
#include "link/identity.h"
#include "people/attendance.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static void
write_text(const char *path, const char *s, size_t n)
{
    FILE *f = fopen(path, "wb");

    if (!f)
        fail_msg("%s cannot be written", path);
    assert_int_equal(fwrite(s, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void
make_folders(struct job *j, const char *path)
{
    char *at = job_copy(j, path);

    for (char *slash = strchr(at + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(at, 0700);
        *slash = '/';
    }
}

const char *
loads_file(struct job *j, const char *name, const char *text)
{
    const char *path = support_path(j, name);

    make_folders(j, path);
    write_text(path, text, strlen(text));
    return path;
}

static void
copy_tree(struct job *j, const char *from, const char *to)
{
    struct stat st;
    DIR *d;

    assert_int_equal(stat(from, &st), 0);
    if (!S_ISDIR(st.st_mode)) {
        struct span text = dump_load(j, from);
        make_folders(j, to);
        write_text(to, text.s, text.n);
        return;
    }
    assert_non_null(d = opendir(from));
    for (const struct dirent *e = readdir(d); e; e = readdir(d))
        if (e->d_name[0] != '.')
            copy_tree(j, job_format(j, "%s/%s", from, e->d_name),
                      job_format(j, "%s/%s", to, e->d_name));
    closedir(d);
}

const char *
loads_copy(struct job *j, const char *from, const char *name)
{
    const char *to = support_path(j, name);

    copy_tree(j, from, to);
    return to;
}

void
loads_edit(struct job *j, const char *path, const char *from, const char *to)
{
    struct span text = dump_load(j, path);
    struct lines out = {.j = j};
    const char *at = text.s, *next;

    if (!strstr(at, from))
        fail_msg("%s holds no \"%s\"", path, from);
    for (; (next = strstr(at, from)); at = next + strlen(from)) {
        lines_add_n(&out, at, (size_t)(next - at));
        lines_add_n(&out, to, strlen(to));
    }
    lines_add_n(&out, at, strlen(at));
    write_text(path, out.s, out.n);
}

void
loads_append(struct job *j, const char *path, const char *text)
{
    struct span before = dump_load(j, path);
    struct lines out = {.j = j};

    lines_add_n(&out, before.s, before.n);
    lines_add_n(&out, text, strlen(text));
    write_text(path, out.s, out.n);
}

void
loads_remove(const char *path)
{
    assert_int_equal(unlink(path), 0);
}

/* ---- loading --------------------------------------------------------------------- */

struct load_result
loads_run(struct job *j, const char *path)
{
    struct load_options o = {.loaded_by = "command line"};
    struct load_result r;

    assert_ok(j, load(j, &path, 1, &o, &r));
    return r;
}

struct load_result
loads_expect(struct job *j, const char *path, enum load_outcome want)
{
    struct load_result r = loads_run(j, path);

    assert_true(r.n_batches > 0);
    for (size_t i = 0; i < r.n_batches; i++)
        if (r.batch[i].outcome != want)
            fail_msg("%s: %s, %s", r.batch[i].title, load_outcome_name(r.batch[i].outcome),
                     r.batch[i].message);
    return r;
}

const struct load_batch *
loads_batch(const struct load_result *r, const char *title)
{
    for (size_t i = 0; i < r->n_batches; i++)
        if (!strncmp(r->batch[i].title, title, strlen(title)))
            return &r->batch[i];
    fail_msg("no batch %s", title);
    return NULL;
}

int64_t
loads_count(struct job *j, const char *sql)
{
    int64_t n;

    assert_ok(j, db_int(j, sql, NO_ARGS, -1, &n));
    return n;
}

/* ---- what is there --------------------------------------------------------------- */

static void
add_marks(struct lines *out, struct rows *q, int c)
{
    struct attendance_totals t;
    size_t n;
    const void *marks = row_blob(q, c, &n);

    if (!marks) {
        lines_add(out, " -");
        return;
    }
    assert_true(attendance_unpack(marks, n, &t));
    lines_add(out, " [");
    for (int i = 0; i < ATTENDANCE_CODES; i++)
        if (t.by_code[i])
            lines_add(out, " %s=%d", attendance_name(i), t.by_code[i]);
    lines_add(out, " ]");
}

struct section {
    const char *title, *types, *sql;
};

static void
add_section(struct job *j, struct lines *out, const struct section *s)
{
    struct rows q;

    lines_add(out, "%s\n", s->title);
    db_ask(j, &q, s->sql, NO_ARGS);
    while (db_next(&q)) {
        for (int c = 0; s->types[c]; c++) {
            if (row_is_null(&q, c))
                lines_add(out, " -");
            else if (s->types[c] == 'i')
                lines_add(out, " %lld", (long long)row_int(&q, c));
            else if (s->types[c] == 'b')
                add_marks(out, &q, c);
            else
                lines_add(out, " \"%s\"", row_text(&q, c));
        }
        lines_add(out, "\n");
    }
    assert_ok(j, db_done(&q));
}

const char *
loads_dump(struct job *j)
{
    static const struct section sections[] = {
        {"batch", "iitttiiiiit",
         "SELECT area_id, batch_id, kind, title, state, school_year, term, rows_read, "
         "rows_loaded, rows_refused, message FROM batch ORDER BY area_id, batch_id"},
        {"batch_file", "iittiiiit",
         "SELECT batch_id, file_id, name, layout, bytes, rows_read, rows_loaded, rows_refused, "
         "note FROM batch_file ORDER BY area_id, batch_id, file_id"},
        {"finding", "iiiititittti",
         "SELECT batch_id, finding_id, file_id, line, field, field_column, rule, refused, value, "
         "message, NULL, urn FROM finding ORDER BY area_id, batch_id, finding_id"},
        {"identity", "iitttttttttittit",
         "SELECT identity_id, person_id, source, upn, former_upn, local_id, surname, forename, "
         "middle_names, preferred_surname, former_surname, born, sex, postcode, batch_id, digest "
         "FROM identity ORDER BY area_id, identity_id"},
        {"person", "i", "SELECT person_id FROM person ORDER BY area_id, person_id"},
#define FACT(table, columns, types)                                            \
    {#table, types, "SELECT " columns " FROM " #table " ORDER BY area_id, batch_id, file_id, line"},
#include "intake/facts.def"
#undef FACT
        {"establishment", "iiittttiii",
         "SELECT urn, la, estab, name, phase, district, postcode, status, opened, closed "
         "FROM establishment ORDER BY urn"},
        {"establishment_link", "iiti",
         "SELECT urn, link_urn, kind, linked FROM establishment_link ORDER BY urn, link_urn"},
        {"postcode", "ttttii",
         "SELECT postcode, lsoa11, lsoa21, district, introduced, ended FROM postcode "
         "ORDER BY postcode"},
        {"deprivation", "tiiiit",
         "SELECT lsoa, edition, idaci_rank, idaci_decile, imd_decile, district FROM deprivation "
         "ORDER BY edition, lsoa"},
        {"area", "it", "SELECT area_id, name FROM area ORDER BY area_id"},
    };
    struct lines out = {.j = j};

    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        add_section(j, &out, &sections[i]);
    return out.s;
}

const char *
loads_published(struct job *j)
{
    static const char *const sql[] = {
        "SELECT count(*), coalesce(sum(rows_loaded), 0) FROM batch WHERE area_id = 896 AND "
        "state = 'published'",
#define FACT(table, columns, types)                                            \
    "SELECT count(*), coalesce(sum(line), 0) FROM " #table " f JOIN batch b ON b.area_id = "      \
    "f.area_id AND b.batch_id = f.batch_id WHERE f.area_id = 896 AND b.state = 'published'",
#include "intake/facts.def"
#undef FACT
        "SELECT count(*), coalesce(sum(urn), 0) FROM establishment",
        "SELECT count(*), coalesce(sum(link_urn), 0) FROM establishment_link",
        "SELECT count(*), 0 FROM postcode",
        "SELECT count(*), 0 FROM deprivation",
    };
    struct lines out = {.j = j};

    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
        struct rows q;
        db_ask(j, &q, sql[i], NO_ARGS);
        if (db_next(&q))
            lines_add(&out, "%lld %lld\n", (long long)row_int(&q, 0), (long long)row_int(&q, 1));
        assert_ok(j, db_done(&q));
    }
    return out.s;
}
