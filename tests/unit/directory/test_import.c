#include "directory/import.h"
#include "directory/service.h"
#include "support/support.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

#define GOLDEN "tests/golden/directory/"

static struct job *
ready(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    support_area(j);
    return j;
}

static enum err
import(struct job *j, const char *path, const struct import_order *o, struct import_run *r)
{
    struct feed f;
    enum err e = feed_open_file(j, path, &f);

    return e ? e : import_feed(j, &f, o, r);
}

static struct import_run
done(struct job *j, const char *path)
{
    struct import_run r;

    assert_ok(j, import(j, path, &(struct import_order){.source = "test"}, &r));
    assert_int_equal(r.read, r.added + r.changed + r.same + r.held + r.refused);
    return r;
}

static const char *
file(struct job *j, const char *name, const char *text, size_t n)
{
    const char *path = support_path(j, name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
    return path;
}

static int64_t
number(struct job *j, const char *sql)
{
    int64_t n = -1;

    assert_ok(j, db_int(j, sql, NO_ARGS, -1, &n));
    return n;
}

/* The live document of the only service of that name. */
static json_t *
live(struct job *j, const char *name)
{
    struct service *v;
    json_t *doc;
    size_t n;

    assert_ok(j, service_list(j, &(struct service_filter){.words = name}, &v, &n));
    assert_int_equal(n, 1);
    assert_ok(j, service_live(j, v[0].uuid, NULL, &doc));
    return doc;
}

static const struct import_record *
record_of(struct job *j, int64_t run, int64_t no)
{
    struct import_record *v;
    size_t n;

    assert_ok(j, import_records(j, run, NULL, &v, &n));
    assert_true((size_t)no <= n);
    assert_int_equal(v[no - 1].no, no);
    return &v[no - 1];
}

static void
the_same_feed_twice_changes_nothing(void **state)
{
    struct job *j = ready(state);
    struct import_run r = done(j, GOLDEN "hsds.json");
    int64_t turn, after;

    assert_string_equal(r.state, "done");
    assert_int_equal(r.added, 3);
    assert_string_equal(document_string(live(j, "Anchor"),
                                        "service_at_locations[0].location.addresses[0].city"),
                        "Ashmere");
    assert_ok(j, service_turn(j, &turn));
    r = done(j, GOLDEN "hsds.json");
    assert_int_equal(r.same, 3);
    assert_ok(j, service_turn(j, &after));
    assert_true(turn == after);
    assert_int_equal(number(j, "SELECT COUNT(*) FROM directory_version"), 3);
    assert_int_equal(number(j, "SELECT COUNT(*) FROM directory_run_record"), 3);
}

static void
a_dirty_feed_of_oruk_1_becomes_services_with_reports(void **state)
{
    struct job *j = ready(state);
    struct import_run r = done(j, GOLDEN "dirty_oruk1.json");
    json_t *d = live(j, "Lighthouse drop-in");
    const struct import_record *one = record_of(j, r.id, 1);

    assert_int_equal(r.read, 6);
    assert_int_equal(r.added, 4);
    assert_int_equal(r.refused, 2);
    assert_string_equal(document_string(d, "description"), "Tea & talk.\n\nNo need to book.");
    assert_string_equal(document_string(d, "url"), "https://www.lighthouse.example.org");
    assert_string_equal(document_string(d, "organization.website"),
                        "https://lighthouse.example.org");
    assert_string_equal(document_string(d, "organization.description"), "Lighthouse Trust");
    assert_int_equal(json_integer_value(document_get(d, "minimum_age")), 11);
    assert_string_equal(document_string(d, "eligibility_description"), "Anyone");
    assert_string_equal(document_string(d, "schedules[0].byday"), "MO");
    assert_string_equal(document_string(d, "schedules[0].opens_at"), "09:30:00");
    assert_string_equal(document_string(d, "schedules[1].valid_from"), "2025-12-24");
    assert_string_equal(document_string(d, "schedules[1].notes"), "Closed");
    assert_string_equal(document_string(d, "languages[0].name"), "Polish");
    assert_string_equal(document_string(d, "attributes[0].taxonomy_term.taxonomy"),
                        "openEligibility");
    assert_string_equal(document_string(d, "attributes[1].value"), "Advice");
    assert_string_equal(document_string(d, "rooted.access"), "drop-in");
    assert_true(json_is_true(document_get(d, "rooted.in_person")));
    assert_true(json_number_value(document_get(d, "cost_options[0].amount")) == 2.5);
    assert_string_equal(
        document_string(d, "service_at_locations[0].location.addresses[0].postal_code"),
        "CH1 9ZX");
    assert_string_equal(one->outcome, "added");
    assert_string_equal(one->key, "101");
    assert_non_null(strstr(one->report, "\"rule\":\"html\""));
    assert_non_null(strstr(one->report, "\"path\":\"colour\""));
    assert_non_null(strstr(one->report, "\"rule\":\"place-swapped\""));
    assert_non_null(strstr(one->report, "\"rule\":\"ages-swapped\""));
    assert_non_null(strstr(record_of(j, r.id, 3)->report, "Record 2 of this feed"));
    assert_non_null(strstr(record_of(j, r.id, 4)->report, "no name"));
    r = done(j, GOLDEN "dirty_oruk1.json");
    assert_int_equal(r.same, 4);
    assert_int_equal(r.refused, 2);
}

static void
every_service_of_a_dirty_feed_keeps_to_the_table(void **state)
{
    struct job *j = ready(state);
    struct service *v;
    struct document_problem *wrong;
    size_t n, bad;
    json_t *d;

    done(j, GOLDEN "dirty_oruk1.json");
    assert_ok(j, service_list(j, &(struct service_filter){0}, &v, &n));
    for (size_t i = 0; i < n; i++) {
        assert_ok(j, service_live(j, v[i].uuid, NULL, &d));
        assert_ok(j, document_check(j, d, &wrong, &bad));
        assert_int_equal(bad, 0);
    }
    d = live(j, "No postcode");
    assert_non_null(document_get(d, "service_at_locations[0].location.addresses"));
    document_standard(d);
    assert_null(document_get(d, "service_at_locations[0].location.addresses"));
}

static void
a_record_a_line_is_read_and_a_broken_line_is_told(void **state)
{
    struct job *j = ready(state);
    struct import_run r = done(j, GOLDEN "lines.ndjson");

    assert_int_equal(r.read, 4);
    assert_int_equal(r.added, 3);
    assert_int_equal(r.refused, 1);
    assert_string_equal(document_string(live(j, "Second"), "fees"), "café – two pounds");
    assert_string_equal(record_of(j, r.id, 3)->outcome, "refused");
    assert_non_null(strstr(record_of(j, r.id, 3)->report, "no JSON"));
}

static void
the_csv_template_is_read_with_its_names_as_people_write_them(void **state)
{
    struct job *j = ready(state);
    struct import_run r = done(j, GOLDEN "template.csv");
    json_t *d = live(j, "Rowan");
    const char *text;

    assert_int_equal(r.added, 2);
    assert_string_equal(document_string(d, "schedules[0].byday"), "MO,WE");
    assert_string_equal(document_string(d, "assured_date"), "2025-06-02");
    assert_string_equal(document_string(d, "rooted.refer_by[1]"), "parent");
    assert_true(json_is_false(document_get(d, "rooted.free_to_family")));
    assert_non_null(strstr(record_of(j, r.id, 1)->report, "shoe_size"));
    text = document_text(j, document_public(j, d)).s;
    assert_null(strstr(text, "Kit Example"));
    text = document_text(j, document_public(j, live(j, "Willow"))).s;
    assert_non_null(strstr(text, "Jo Example"));
}

static void
change_file(struct job *j, const char *from, const char *to, const char *path)
{
    FILE *f = fopen(GOLDEN "hsds.json", "r");
    char all[8192] = "";
    const char *at;
    size_t n;

    assert_non_null(f);
    n = fread(all, 1, sizeof all - 1, f);
    fclose(f);
    at = memmem(all, n, from, strlen(from));
    assert_non_null(at);
    to = job_format(j, "%.*s%s%s", (int)(at - all), all, to, at + strlen(from));
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(to, f);
    fclose(f);
}

static void
what_a_source_changes_goes_live(void **state)
{
    struct job *j = ready(state);
    const char *path = support_path(j, "hsds.json");
    struct import_run r;

    done(j, GOLDEN "hsds.json");
    change_file(j, "A mentor for a term.", "A mentor for a year.", path);
    r = done(j, path);
    assert_int_equal(r.changed, 1);
    assert_int_equal(r.same, 2);
    assert_string_equal(document_string(live(j, "Bridge"), "description"),
                        "A mentor for a year.");
    r = done(j, path);
    assert_int_equal(r.same, 3);
}

/* A provider changes the description, and a manager approves it. */
static int64_t
provider_edits(struct job *j, const char *name)
{
    struct service *v;
    json_t *doc = live(j, name);
    int64_t no;
    size_t n;

    assert_ok(j, service_list(j, &(struct service_filter){.words = name}, &v, &n));
    assert_ok(j, document_set(j, doc, "description", json_string("As the provider says.")));
    assert_ok(j, db_begin(j));
    assert_ok(j, service_propose(j, v[0].id,
                                 &(struct service_proposal){doc, {.who = "provider"}, 0},
                                 SERVICE_SEND, &no));
    assert_ok(j, service_decide(j, v[0].id, no, SERVICE_APPROVE, NULL));
    assert_ok(j, db_commit(j));
    return v[0].id;
}

static void
an_import_proposes_what_a_provider_owns_and_changes_the_rest(void **state)
{
    struct job *j = ready(state);
    const char *path = support_path(j, "hsds.json");
    struct service_version *v;
    struct import_run r;
    json_t *doc;
    int64_t id;
    size_t n;

    done(j, GOLDEN "hsds.json");
    id = provider_edits(j, "Bridge");
    r = done(j, GOLDEN "hsds.json");
    assert_int_equal(r.same, 3);
    change_file(j, "\"A mentor for a term.\", \"status\": \"active\"",
                "\"A mentor for a year.\", \"status\": \"inactive\"", path);
    r = done(j, path);
    assert_int_equal(r.held, 1);
    assert_int_equal(r.same, 2);
    doc = live(j, "Bridge");
    assert_string_equal(document_string(doc, "description"), "As the provider says.");
    assert_string_equal(document_string(doc, "status"), "inactive");
    assert_ok(j, service_versions(j, id, &v, &n));
    assert_int_equal(v[0].state, SERVICE_WAITING);
    assert_ok(j, service_version(j, id, v[0].no, &v[0], &doc));
    assert_string_equal(document_string(doc, "description"), "A mentor for a year.");
    r = done(j, path);
    assert_int_equal(r.same, 3);
    assert_ok(j, db_begin(j));
    assert_ok(j, service_decide(j, id, v[0].no, SERVICE_APPROVE, NULL));
    assert_ok(j, db_commit(j));
    assert_string_equal(document_string(live(j, "Bridge"), "description"),
                        "A mentor for a year.");
}

static void
what_an_untrusted_source_says_waits(void **state)
{
    struct job *j = ready(state);
    struct import_order o = {.source = "test", .wait = true};
    const char *path = support_path(j, "hsds.json");
    struct service_counts n;
    struct import_run r;

    assert_ok(j, import(j, GOLDEN "hsds.json", &o, &r));
    assert_int_equal(r.held, 3);
    assert_ok(j, service_count(j, &n));
    assert_int_equal(n.shown, 0);
    assert_int_equal(n.waiting, 3);
    change_file(j, "A mentor for a term.", "A mentor for a year.", path);
    r = done(j, path);
    assert_int_equal(r.held, 1);
    assert_ok(j, service_count(j, &n));
    assert_int_equal(n.waiting, 3);
}

static void
a_feed_that_shrinks_waits_for_a_person(void **state)
{
    struct job *j = ready(state);
    struct import_order o = {.source = "test", .shrunk = true};
    const char *one = "[{\"id\": \"6e1f0c52-7a7a-4c11-9d3b-2a6f0f7b1002\", \"name\": \"Bridge\"}]";
    const char *path = file(j, "one.json", one, strlen(one));
    struct import_run r;
    struct service_counts n;

    done(j, GOLDEN "hsds.json");
    r = done(j, path);
    assert_string_equal(r.state, "held");
    assert_int_equal(r.held, 1);
    assert_int_equal(r.gone, 2);
    assert_non_null(strstr(r.message, "lacks 2"));
    assert_string_equal(document_string(live(j, "Bridge"), "name"), "Bridge mentoring");
    assert_ok(j, import(j, path, &o, &r));
    assert_string_equal(r.state, "done");
    assert_int_equal(r.changed, 1);
    assert_ok(j, service_count(j, &n));
    assert_int_equal(n.gone, 2);
    assert_int_equal(n.shown, 1);
    assert_int_equal(n.entries, 3);
    r = done(j, GOLDEN "hsds.json");
    assert_int_equal(r.changed, 3);
    assert_ok(j, service_count(j, &n));
    assert_int_equal(n.shown, 3);
}

static void
two_sources_that_use_one_id_have_two_services(void **state)
{
    struct job *j = ready(state);
    struct import_order o = {.source = "another"};
    struct import_run r;

    done(j, GOLDEN "hsds.json");
    assert_ok(j, import(j, GOLDEN "hsds.json", &o, &r));
    assert_int_equal(r.added, 3);
    assert_non_null(strstr(record_of(j, r.id, 1)->report, "id-taken"));
    assert_ok(j, import(j, GOLDEN "hsds.json", &o, &r));
    assert_int_equal(r.same, 3);
    assert_int_equal(number(j, "SELECT COUNT(*) FROM directory_entry"), 6);
}

static void
a_list_of_something_else_changes_nothing_and_says_so(void **state)
{
    struct job *j = ready(state);
    const char *text = "[{\"id\":\"1\",\"name\":\"Trust\",\"website\":\"https://a.example\"}]";
    struct service_counts n;
    struct import_run r;

    done(j, GOLDEN "hsds.json");
    r = done(j, file(j, "organizations.json", text, strlen(text)));
    assert_string_equal(r.state, "held");
    assert_int_equal(r.refused, 1);
    assert_non_null(strstr(record_of(j, r.id, 1)->report, "no service"));
    assert_ok(j, service_count(j, &n));
    assert_int_equal(n.shown, 3);
}

static enum err
dies(struct job *j, void *arg, struct feed_record *out, bool *more)
{
    int *left = arg;

    *more = true;
    if ((*left)-- == 0)
        return err_set(j, ERR_ENV, "the line is dead");
    *out = (struct feed_record){.value = document_own(
                                    j, json_pack("{s:i, s:s}", "id", *left, "name", "A"))};
    return OK;
}

static const char sql_killed_source[] =
    "INSERT INTO directory_source (area_id, source_id, name, kind, space, trusted, added) "
    "VALUES (1, 7, 'old', 'hsds', 'x', 1, 0)";
static const char sql_killed_run[] =
    "INSERT INTO directory_run (area_id, run_id, source_id, state, place, started, n_read, "
    "n_added, n_changed, n_same, n_held, n_refused, n_gone, n_repaired) "
    "VALUES (1, 1, 7, 'running', 'x', 0, 0, 0, 0, 0, 0, 0, 0, 0)";

static void
a_feed_that_breaks_off_leaves_the_directory_as_it_was_and_the_next_goes_on(void **state)
{
    struct job *j = ready(state);
    int left = 3;
    struct feed f = {"a line", FEED_HSDS, dies, &left};
    struct import_run r;
    struct service_counts n;

    assert_ok(j, db_run(j, sql_killed_source, NO_ARGS, NULL));
    assert_ok(j, db_run(j, sql_killed_run, NO_ARGS, NULL));
    assert_err(j, import_feed(j, &f, &(struct import_order){0}, &r), ERR_ENV);
    assert_says(j, "the line is dead");
    err_clear(j);
    assert_ok(j, service_count(j, &n));
    assert_int_equal(n.entries, 0);
    assert_int_equal(number(j, "SELECT COUNT(*) FROM directory_run WHERE state = 'failed'"), 2);
    assert_int_equal(done(j, GOLDEN "hsds.json").added, 3);
}

/* ---- killed ------------------------------------------------------------------------------ */

static enum err
import_other(struct job *j, void *path)
{
    struct import_run r;

    return import(j, path, &(struct import_order){.source = "test", .shrunk = true}, &r);
}

/* PostgreSQL notices a moment later that who held the lock is dead. */
static enum err
import_when_free(struct job *j, void *path)
{
    enum err e;
    int tries = 0;

    do {
        if (tries)
            err_clear(j);
        e = import_other(j, path);
    } while (e == ERR_BUSY && ++tries < 10000);
    return e;
}

/* A child that is killed when the Nth question to the database is due.  True: it came to its end
 * before. */
static bool
killed_at(struct job *j, int nth, void *path)
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (!child) {
        struct job own;

        job_init(&own, 64 * JOB_MB);
        own.now = SUPPORT_NOW + nth;
        own.today = SUPPORT_TODAY;
        own.area = j->area;
        if (db_open(&own, support_url(j), DB_WRITE, &own.db))
            _exit(9);
        db_fault = nth;
        if (job_run(&own, import_other, path))
            raise(SIGKILL);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return !WIFSIGNALED(status);
}

/* Every entry has one version in force, the one it points at. */
static const char sql_torn[] =
    "SELECT COUNT(*) FROM directory_entry e WHERE e.area_id = 1 AND 1 <> (SELECT COUNT(*) "
    "FROM directory_version v WHERE v.area_id = e.area_id AND v.entry_id = e.entry_id "
    "AND v.state = 'live' AND v.version_no = e.live_version)";

static void
killed_at_any_moment_no_service_is_torn_and_the_next_import_puts_all_right(void **state)
{
    struct job *j = ready(state);
    const char *other = "[{\"id\":\"6e1f0c52-7a7a-4c11-9d3b-2a6f0f7b1002\",\"name\":\"Bridge B\"},"
                        "{\"id\":\"new\",\"name\":\"New\"}]";
    char *path = job_copy(j, file(j, "other.json", other, strlen(other)));
    struct service_counts n;
    int nth = 1;

    done(j, GOLDEN "hsds.json");
    for (bool end = false; !end; nth++) {
        end = killed_at(j, nth, path);
        assert_int_equal(number(j, sql_torn), 0);
        j->now++;
        assert_ok(j, import_when_free(j, GOLDEN "hsds.json"));
        assert_string_equal(document_string(live(j, "Bridge"), "name"), "Bridge mentoring");
        assert_ok(j, service_count(j, &n));
        assert_int_equal(n.shown, 3);
    }
    assert_true(nth > 30);
}

/* ---- hostile ----------------------------------------------------------------------------- */

static const struct hostile {
    const char *name, *text, *says;
} hostile[] = {
    {"page.html", "<!DOCTYPE html><html><body>Sign in</body></html>", "web page"},
    {"feed.xml", "<?xml version=\"1.0\"?><a/>", "web page or XML"},
    {"nothing.json", "", "empty"},
    {"blank.json", " \n\n ", "empty"},
    {"none.json", "{\"contents\": [], \"total_items\": 0}", "no services"},
    {"cut.json", "[{\"id\":\"1\",\"name\":\"A\"},{\"id\":\"2\",\"na", "ends too early"},
    {"cut2.json", "{\"contents\":[{\"id\":\"1\",\"name\":\"A\"}]", "ends too early"},
    {"odd.json", "[{\"id\":\"1\"} {\"id\":\"2\"}]", "no JSON"},
    {"odd2.json", "{\"contents\":[{\"id\":\"1\"}]} trailing", "no JSON"},
    {"words.csv", "colour,size\nred,9\n", "column \"name\""},
    {"utf16.json", "\xff\xfe{", "UTF-16"},
    {"zip.zip", "PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", NULL},
    {"broken.zip", "PK\x03\x04 and then nothing", NULL},
};

static void
a_feed_that_is_none_leaves_the_directory_as_it_was(void **state)
{
    struct job *j = ready(state);
    struct service_counts n;

    done(j, GOLDEN "hsds.json");
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        const struct hostile *h = &hostile[i];
        size_t bytes = h->name[0] == 'z' ? 22 : strlen(h->text);
        const char *path = file(j, h->name, h->text, bytes);
        struct import_run r;

        assert_err(j, import(j, path, &(struct import_order){.source = "test"}, &r), ERR_INPUT);
        if (h->says)
            assert_says(j, h->says);
        err_clear(j);
        assert_ok(j, service_count(j, &n));
        assert_int_equal(n.shown, 3);
    }
    assert_true(number(j, "SELECT COUNT(*) FROM directory_run WHERE state = 'failed' "
                          "AND message IS NOT NULL") >= 5);
}

static void
one_record_of_a_hundred_megabytes_is_turned_away_alone(void **state)
{
    struct job *j = ready(state);
    const char *path = support_path(j, "large.json");
    FILE *f = fopen(path, "w");
    char *block = job_alloc(j, 1024 * 1024);
    struct import_run r;

    memset(block, 'x', 1024 * 1024);
    assert_non_null(f);
    fputs("[{\"id\":\"1\",\"name\":\"A\"},{\"id\":\"2\",\"name\":\"", f);
    for (int i = 0; i < 100; i++)
        assert_int_equal(fwrite(block, 1, 1024 * 1024, f), 1024 * 1024);
    fputs("\"},{\"id\":\"3\",\"name\":\"C\"}]", f);
    fclose(f);
    r = done(j, path);
    assert_int_equal(r.added, 2);
    assert_int_equal(r.refused, 1);
    assert_non_null(strstr(record_of(j, r.id, 2)->report, "larger than 1024 kB"));
}

/* ---- tables in a zip --------------------------------------------------------------------- */

static const char *const tables[][2] = {
    {"organizations.csv", "id,name,description\r\no1,Harbour Trust,\"Helps, a lot\"\r\n"},
    {"data/services.csv", "id,organization_id,name,status,minimum_age\r\n"
                          "s1,o1,Anchor,active,7\r\ns2,o1,Bridge,active,\r\n"},
    {"phones.csv", "id,service_id,contact_id,number\r\np1,s1,,01632 960001\r\n"
                   "p2,s1,c1,01632 960002\r\np3,s1,,01632 960003\r\n"},
    {"contacts.csv", "id,service_id,name\r\nc1,s1,Jo Example\r\n"},
    {"service_at_location.csv", "id,service_id,location_id\r\nx1,s1,l1\r\nx2,s2,l1\r\n"},
    {"locations.csv", "id,location_type,name\r\nl1,physical,The Mill\r\n"},
    {"addresses.csv", "id,location_id,address_1,city,state_province,postal_code,country\r\n"
                      "a1,l1,1 Low Street,Ashmere,Ashmere,CH1 9ZZ,GB\r\n"},
    {"attributes.csv", "id,link_id,taxonomy_term_id\r\nat1,s2,t1\r\n"},
    {"taxonomy_terms.csv", "id,name,description\r\nt1,Mentoring,Mentors\r\n"},
};

static const char *
zip_of(struct job *j)
{
    const char *path = support_path(j, "tables.zip");
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

    assert_non_null(z);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const char *text = tables[i][1];
        zip_source_t *s = zip_source_buffer(z, text, strlen(text), 0);

        assert_true(zip_file_add(z, tables[i][0], s, 0) >= 0);
    }
    assert_int_equal(zip_close(z), 0);
    return path;
}

static void
tables_in_a_zip_are_nested_by_their_ids(void **state)
{
    struct job *j = ready(state);
    const char *path = zip_of(j);
    struct import_run r = done(j, path);
    json_t *d = live(j, "Anchor");

    assert_int_equal(r.added, 2);
    assert_string_equal(document_string(d, "organization.description"), "Helps, a lot");
    assert_string_equal(document_string(d, "phones[0].number"), "01632 960001");
    assert_string_equal(document_string(d, "phones[1].number"), "01632 960003");
    assert_string_equal(document_string(d, "contacts[0].phones[0].number"), "01632 960002");
    assert_string_equal(
        document_string(d, "service_at_locations[0].location.addresses[0].postal_code"),
        "CH1 9ZZ");
    d = live(j, "Bridge");
    assert_string_equal(document_string(d, "attributes[0].taxonomy_term.name"), "Mentoring");
    assert_string_equal(document_string(d, "service_at_locations[0].location.name"), "The Mill");
    r = done(j, path);
    assert_int_equal(r.same, 2);
}

static void
special_schools_and_alternative_provision_of_gias_are_services(void **state)
{
    struct job *j = ready(state);
    struct feed f;
    struct import_run r;
    json_t *d;

    assert_err(j, feed_open_gias(j, &f), ERR_INPUT);
    assert_says(j, "Load GIAS");
    err_clear(j);
    assert_ok(j, db_run(j,
                        "INSERT INTO establishment_row (urn, la, name, type_code, type_name, "
                        "phase, status, low_age, high_age, postcode, district) VALUES "
                        "(100001, 1, 'Elm Centre', 14, 'Pupil referral unit', 'ap', 1, 11, 16, "
                        "'CH1 9ZZ', 'Ashmere'), (100002, 1, 'Fir School', 7, 'Special school', "
                        "'special', 2, 4, 19, 'CH1 9ZZ', 'Ashmere'), (100003, 1, 'Oak Primary', 1, "
                        "'Community school', 'primary', 1, 4, 11, 'CH1 9ZZ', 'Ashmere')",
                        NO_ARGS, NULL));
    assert_ok(j, feed_open_gias(j, &f));
    assert_ok(j, import_feed(j, &f, &(struct import_order){0}, &r));
    assert_int_equal(r.added, 1);
    d = live(j, "Elm Centre");
    assert_int_equal(json_integer_value(document_get(d, "rooted.urn")), 100001);
    assert_int_equal(json_integer_value(document_get(d, "maximum_age")), 16);
}

static void
a_page_says_where_its_records_are_and_how_many_follow(void **state)
{
    struct job *j = support_job(state);
    struct feed_page p;

    assert_ok(j, feed_page(j, "x", SPAN("{\"totalElements\":31,\"content\":[{\"a\":[1]}, {}],"
                                        "\"totalPages\":16,\"number\":\"2\"}"), &p));
    assert_int_equal(p.n, 2);
    assert_int_equal(p.record[0].n, 9);
    assert_int_equal(p.total_items, 31);
    assert_int_equal(p.total_pages, 16);
    assert_true(p.oruk1);
    assert_ok(j, feed_page(j, "x", SPAN("[{}]"), &p));
    assert_int_equal(p.total_items, -1);
    assert_err(j, feed_page(j, "x", SPAN("{\"version\":\"HSDS-UK-3.0\"}"), &p), ERR_INPUT);
    err_clear(j);
    assert_err(j, feed_page(j, "x", SPAN("{\"contents\":[{},"), &p), ERR_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_same_feed_twice_changes_nothing),
        SUPPORT_TEST(a_dirty_feed_of_oruk_1_becomes_services_with_reports),
        SUPPORT_TEST(every_service_of_a_dirty_feed_keeps_to_the_table),
        SUPPORT_TEST(a_record_a_line_is_read_and_a_broken_line_is_told),
        SUPPORT_TEST(the_csv_template_is_read_with_its_names_as_people_write_them),
        SUPPORT_TEST(what_a_source_changes_goes_live),
        SUPPORT_TEST(an_import_proposes_what_a_provider_owns_and_changes_the_rest),
        SUPPORT_TEST(what_an_untrusted_source_says_waits),
        SUPPORT_TEST(a_feed_that_shrinks_waits_for_a_person),
        SUPPORT_TEST(two_sources_that_use_one_id_have_two_services),
        SUPPORT_TEST(a_list_of_something_else_changes_nothing_and_says_so),
        SUPPORT_TEST(a_feed_that_breaks_off_leaves_the_directory_as_it_was_and_the_next_goes_on),
        SUPPORT_TEST(
            killed_at_any_moment_no_service_is_torn_and_the_next_import_puts_all_right),
        SUPPORT_TEST(a_feed_that_is_none_leaves_the_directory_as_it_was),
        SUPPORT_TEST(one_record_of_a_hundred_megabytes_is_turned_away_alone),
        SUPPORT_TEST(tables_in_a_zip_are_nested_by_their_ids),
        SUPPORT_TEST(special_schools_and_alternative_provision_of_gias_are_services),
        SUPPORT_TEST(a_page_says_where_its_records_are_and_how_many_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
