/* The canary crawl: a restricted child has names and a number that stand nowhere else; whoever
 * may not open the record follows every link of the site, and no byte of any answer holds one. */
#include "intake/after.h"
#include "intake/sealing.h"
#include "support/loads.h"
#include "support/served.h"
#include <string.h>

enum { PAGES_MOST = 400, PATH_MOST = 400 };
enum level { NORMAL, RESTRICTED, SEALED, SAFE };

/* The pupil of whom most is known: with a suspension, on the roll of the SENCO's school. */
static const char sql_pick[] =
    "SELECT i.person_id FROM identity i JOIN census_pupil c ON c.area_id = i.area_id "
    "AND c.identity_id = i.identity_id WHERE i.area_id = 896 AND c.urn = 900001 "
    "AND i.person_id IN (SELECT o.person_id FROM identity o JOIN suspension s "
    "ON s.area_id = o.area_id AND s.identity_id = o.identity_id WHERE o.area_id = 896) "
    "GROUP BY i.person_id ORDER BY COUNT(*) DESC, i.person_id LIMIT 1";
static const char sql_name[] =
    "UPDATE identity SET surname = 'Zzcanary', forename = 'Qqcanary', surname_key = 'ZZCANARY', "
    "forename_key = 'QQCANARY', upn = 'Y111222333444' WHERE area_id = 896 AND person_id = $1";
static const char sql_restrict[] =
    "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
    "SELECT 896, $1, account_id, 'canary reason', 1, account_id FROM account_role "
    "WHERE role = 'inclusion-lead'";
/* Of the child; and of where it lives, as a leaver return and an inclusion lead tell it.  What is
 * written on a sealed record stands nowhere else. */
static const char *const of_child[] = {"Zzcanary", "Qqcanary", "ZZCANARY", "Y111222333444",
                                       "canary reason", "Notecanary before", NULL};
static const char *const of_sealed[] = {"Zzcanary", "Qqcanary", "ZZCANARY", "Y111222333444",
                                        "canary reason", "Notecanary before",
                                        "Notecanary while sealed", "Notecanary added",
                                        "Holdcanary", NULL};
static const char *const of_home[] = {"QQ7 7QQ", "QQ77QQ", "Mill Lane", NULL};
static const char leaver[] =
    "UPN,Surname,Forename,DOB,SchoolURN,LeavingDate,Ground,DestinationURN,NewAddressPostcode,"
    "Notified\n"
    "M896400120001,Shaw,Amy,2010-03-01,900001,2025-02-14,f,,QQ7 7QQ,2025-02-17\n";

/* Two half days of a week that no other child of the council has in any register. */
static const char register_head[] = "UPN,SchoolURN,Date,Session,Mark,MinutesLate,Extracted\n";
static const char sql_upn[] =
    "SELECT i.upn FROM identity i JOIN census_pupil c ON c.area_id = i.area_id "
    "AND c.identity_id = i.identity_id WHERE i.area_id = 896 AND i.person_id = $1 "
    "AND i.upn IS NOT NULL ORDER BY i.identity_id LIMIT 1";
static const char sql_note[] =
    "INSERT INTO note (area_id, note_id, person_id, account_id, agency_kind, content, written) "
    "VALUES (896, 999, $1, 1, 'inclusion-team', 'Notecanary before', 1)";

static void
add_week_and_note(struct job *j, int64_t person)
{
    const char *upn = NULL;
    struct rows q;

    db_ask(j, &q, sql_upn, ARGS(INT(person)));
    if (db_next(&q))
        upn = row_text(&q, 0);
    assert_ok(j, db_done(&q));
    assert_non_null(upn);
    loads_expect(j, loads_file(j, "more/marks.csv", job_format(j,
        "%s%s,900001,2025-03-12,AM,I,,2025-03-20\n%s,900001,2025-03-12,PM,/,,2025-03-20\n",
        register_head, upn, upn)), LOAD_PUBLISHED);
    j->area = 896;
    assert_ok(j, db_run(j, sql_note, ARGS(INT(person)), NULL));
}

static void
seal(struct job *j, int64_t person)
{
    static const char *const keeper = "inclusion-lead";
    const struct seal_order o = {.person = person, .why = "canary reason", .custodian = &keeper,
                                 .n = 1};
    struct scope scope = job_scope_begin(j);
    struct key key;

    assert_ok(j, key_load(j, support_path(j, "."), &key));
    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_seal(j, &key, &o));
    assert_ok(j, db_commit(j));
    job_scope_end(j, scope);
}

static void
mark_address(struct job *j, int64_t person)
{
    const struct safe_order o = {person, "The Old House, Mill Lane", "canary reason"};
    struct key key;

    assert_ok(j, key_load(j, support_path(j, "."), &key));
    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_address(j, &key, &o));
    assert_ok(j, db_commit(j));
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
}

static int64_t
start(struct served *s, struct job *j, enum level level)
{
    int64_t person = 0;

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    loads_run(j, loads_file(j, "more/leavers.csv", leaver));
    j->area = 896;
    assert_ok(j, db_int(j, sql_pick, NO_ARGS, 0, &person));
    assert_true(person > 0);
    add_week_and_note(j, person);
    assert_ok(j, db_run(j, sql_name, ARGS(INT(person)), NULL));
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    served_start(s, j, NULL);
    support_move(j, 896, 900001);
    if (level == RESTRICTED)
        assert_ok(j, db_run(j, sql_restrict, ARGS(INT(person)), NULL));
    if (level == SEALED)
        seal(j, person);
    if (level == SAFE)
        mark_address(j, person);
    return person;
}

/* ---- following every link ------------------------------------------------------------------ */

struct crawl {
    struct served *s;
    const char *const *canaries; /* ends with NULL */
    char (*path)[PATH_MOST];
    size_t n, found; /* pages; answers with a canary */
};

static void
add(struct crawl *c, const char *path, size_t len)
{
    if (!len || len >= PATH_MOST || path[0] != '/' || !strncmp(path, "/assets/", 8))
        return;
    for (size_t i = 0; i < c->n; i++)
        if (!strncmp(c->path[i], path, len) && !c->path[i][len])
            return;
    if (c->n == PAGES_MOST)
        return;
    memcpy(c->path[c->n], path, len);
    c->path[c->n++][len] = '\0';
}

/* "&amp;" is what an address in a page holds where the address has "&". */
static void
add_link(struct crawl *c, const char *href, size_t len)
{
    char path[PATH_MOST];
    size_t n = 0;

    for (size_t i = 0; i < len && href[i] != '#' && n + 1 < sizeof path; i++) {
        path[n++] = href[i];
        if (!strncmp(href + i, "&amp;", 5))
            i += 4;
    }
    add(c, path, n);
}

/* What somebody typed stands in the search box again: that tells nothing. */
static bool
has_canary(const struct answer_seen *a, const char *path, const char *const *canaries)
{
    for (; *canaries; canaries++) {
        const char *canary = *canaries;
        if (strstr(path, canary))
            continue;
        if (strstr(a->head, canary) || memmem(a->body, a->n_body, canary, strlen(canary)))
            return true;
    }
    return false;
}

static void
look(struct crawl *c, size_t at, bool allowed)
{
    struct answer_seen a = client_get(&c->s->client, c->path[at]);
    const char *end, *p = a.body;

    if (has_canary(&a, c->path[at], c->canaries)) {
        c->found++;
        if (!allowed)
            fail_msg("%s shows a canary", c->path[at]);
    }
    while ((p = strstr(p, "href=\""))) {
        p += 6;
        if (!(end = strchr(p, '"')))
            break;
        add_link(c, p, (size_t)(end - p));
    }
}

/* How many pages were seen; *found of them with a canary. */
static size_t
crawl_for(struct served *s, const char *role, int64_t person, const char *const *canaries,
          size_t *found)
{
    bool allowed = found != NULL;
    struct crawl c = {.s = s, .canaries = canaries,
                      .path = job_array(s->j, PAGES_MOST, sizeof *c.path)};
    const char *more[] = {"/", "/overview", "/children?q=zzcan", "/children?q=Y111222333444",
        "/children?q=qqcan", "/children?school=900001", "/schools/900001",
        "/schools/900001/meeting", "/data/quality/list", "/tell/new/leaver?q=zzcan",
        "/early", "/early.csv", "/agreement", "/openings", "/records", "/sealed", "/retention",
        job_format(s->j, "/children/%lld", (long long)person),
        job_format(s->j, "/children/%lld/seen", (long long)person),
        job_format(s->j, "/sealed/%lld", (long long)person)};

    served_sign_in(s, role);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        add(&c, more[i], strlen(more[i]));
    for (size_t i = 0; i < c.n; i++)
        look(&c, i, allowed);
    if (found)
        *found = c.found;
    return c.n;
}

static size_t
crawl(struct served *s, const char *role, int64_t person, bool allowed, size_t *found)
{
    *found = 0;
    return crawl_for(s, role, person, of_child, allowed ? found : NULL);
}

/* For whoever reads the output of the tests: what was looked for, and in how much. */
static void
tell(const char *whose, const char *const *canaries, size_t pages)
{
    size_t n = 0;

    while (canaries[n])
        n++;
    print_message("canary crawl, %s: %zu protected strings looked for in each of %zu answers, "
                  "%zu looks, none met\n", whose, n, pages, n * pages);
}

static void
whoever_is_not_named_meets_no_trace_of_a_restricted_child(void **state)
{
    static const char *const roles[] = {"analyst", "senco", "attendance-lead", "administrator",
                                        "governance-officer", "directory-manager",
                                        "provider", "evaluator"};
    struct job *j = support_job(state);
    struct served s;
    int64_t person = start(&s, j, RESTRICTED);
    size_t pages = 0, found;

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        pages += crawl(&s, roles[i], person, false, &found);
    tell("a restricted child", of_child, pages);
    assert_true(pages > 150);
    served_stop(&s);
}

/* ---- a sealed child ------------------------------------------------------------------------ */

static const char *const everybody[] = {"analyst", "senco", "attendance-lead", "administrator",
                                        "governance-officer", "directory-manager",
                                        "provider", "evaluator"};

/* By its custodian, signed in: one of its own, and one that adds to what was there before. */
static void
write_notes(struct served *s, int64_t person)
{
    const char *path = job_format(s->j, "/sealed/%lld", (long long)person);
    struct answer_seen a;

    served_post(s, path, "&do=note&content=", 422);
    served_post(s, path, "&do=note&content=Notecanary+while+sealed&reads-school=yes", 303);
    a = served_get(s, job_format(s->j, "%s?add=999", path), 200);
    assert_true(client_has(&a, "Add to the note of"));
    served_post(s, path, "&do=note&content=Notecanary+added&follows=999", 303);
    served_post(s, path, "&do=hold&hold=", 422);
    served_post(s, path, "&do=hold&hold=Holdcanary", 303);
    served_post(s, path, "&end=12", 422);
    served_post(s, path, "&end=12&end-12=over", 404);
    a = served_get(s, path, 200);
    for (const char *const *c = of_sealed + 5; *c; c++)
        assert_true(client_has(&a, *c));
    assert_true(client_has(&a, "adds to the note of"));
    assert_true(client_has(&a, "Visible to: those who keep this record."));
    assert_true(client_has(&a, "It is held. Its time is over on "));
    assert_true(client_has(&a, "Marks week by week"));
    assert_true(client_has(&a, "10 March 2025"));
    assert_true(client_has(&a, ">I /\n"));
    /* nobody else is named as a reader, and the entries are of the sealed area alone */
    assert_int_equal(served_count(s, "SELECT COUNT(*) FROM note_audience"), 0);
    assert_int_equal(served_count(s, "SELECT COUNT(*) FROM note WHERE area_id = -896"), 3);
}

/* Before the figures are made again, and after. */
static void
nobody_but_the_custodian_meets_a_trace_of_a_sealed_child(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int64_t person = start(&s, j, SEALED);
    size_t pages = 0, found;
    int64_t entries;

    served_sign_in(&s, "inclusion-lead");
    entries = served_count(&s, "SELECT COUNT(*) FROM audit WHERE area_id = 896");
    write_notes(&s, person);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM audit WHERE area_id = 896"), entries);
    for (int made = 0; made < 2; made++) {
        for (size_t i = 0; i < sizeof everybody / sizeof *everybody; i++)
            pages += crawl_for(&s, everybody[i], person, of_sealed, NULL);
        if (!made)
            assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    }
    tell("a sealed child", of_sealed, pages);
    assert_true(pages > 300);
    crawl(&s, "inclusion-lead", person, true, &found);
    assert_true(found >= 2); /* the list of what is kept, and the record */
    served_stop(&s);
}

/* Each answer says when it was given. */
static const char *
without_date(struct job *j, const char *head)
{
    char *copy = job_copy(j, head), *at = strstr(copy, "\r\nDate: ");

    for (at = at ? at + 8 : NULL; at && *at && *at != '\r'; at++)
        *at = '.';
    return copy;
}

/* The number where the star is. */
static const char *
put_in(struct job *j, const char *form, const char *number)
{
    const char *star = strchr(form, '*');

    return job_format(j, "%.*s%s%s", (int)(star - form), form, number, star + 1);
}

static void
same_answers(struct served *s, const char *role, const char *form, int64_t person, int64_t none)
{
    const char *number = job_format(s->j, "%lld", (long long)person);
    const char *other = job_format(s->j, "%lld", (long long)none);
    struct answer_seen a, b;

    a = client_get(&s->client, put_in(s->j, form, number));
    b = client_get(&s->client, put_in(s->j, form, other));
    if (a.status != b.status)
        fail_msg("%s as %s: %d, and %d", form, role, a.status, b.status);
    assert_string_equal(without_date(s->j, a.head), without_date(s->j, b.head));
    assert_string_equal(a.body, b.body);
}

/* A search for the child and one for nobody differ in what was typed alone. */
static void
same_searches(struct served *s, const char *role)
{
    static const char *const forms[] = {"/children?q=*", "/tell/new/leaver?q=*",
                                        "/children?q=*&school=900001"};
    static const char *const typed[][2] = {{"zzcanary", "zzcanarx"}, {"Y111222333444",
                                           "Y111222333445"}};

    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
        for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
            struct answer_seen a, b;
            const char *body;
            char *at;

            a = client_get(&s->client, put_in(s->j, forms[f], typed[i][0]));
            body = job_copy(s->j, a.body);
            b = client_get(&s->client, put_in(s->j, forms[f], typed[i][1]));
            while ((at = strstr(body, typed[i][0])))
                memcpy(at, typed[i][1], strlen(typed[i][1]));
            if (a.status != b.status || strcmp(body, b.body) != 0)
                fail_msg("%s as %s for %s", forms[f], role, typed[i][0]);
        }
}

static void
sealed_is_answered_as_what_is_not_there_byte_for_byte(void **state)
{
    static const char *const forms[] = {"/children/*", "/children/*/seen",
        "/children/*/access", "/children/*/emergency", "/children/*/notes",
        "/children/*/seal", "/sealed/*", "/sealed/*/open",
        "/children/*/facts/census/8/3/2", "/children/*/facts/suspension/7/7/2",
        "/children/*/facts/census/8/3/2/correct"};
    struct job *j = support_job(state);
    struct served s;
    int64_t person = start(&s, j, SEALED);

    for (size_t i = 0; i < sizeof everybody / sizeof *everybody; i++) {
        served_sign_in(&s, everybody[i]);
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
            same_answers(&s, everybody[i], forms[f], person, 7000000 + person % 10);
        same_searches(&s, everybody[i]);
    }
    served_sign_in(&s, "inclusion-lead");
    for (size_t f = 0; f < 6; f++)
        same_answers(&s, "inclusion-lead", forms[f], person, 7000000 + person % 10);
    served_stop(&s);
}

/* ---- a safe address ------------------------------------------------------------------------- */

static void
inclusion_leads_alone_meet_a_safe_address(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int64_t person = start(&s, j, SAFE);
    size_t found, pages = 0;

    for (size_t i = 0; i < sizeof everybody / sizeof *everybody; i++)
        pages += crawl_for(&s, everybody[i], person, of_home, NULL);
    tell("a safe address", of_home, pages);
    crawl_for(&s, "inclusion-lead", person, of_home, &found);
    assert_int_equal(found, 1); /* the page that it was written on */
    served_stop(&s);
}

static void
an_address_that_is_not_marked_is_met(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int64_t person = start(&s, j, NORMAL);
    size_t found;

    crawl_for(&s, "analyst", person, of_home, &found);
    assert_true(found >= 1);
    served_stop(&s);
}

/* The same crawl meets the canaries where it should: else it would prove nothing. */
static void
the_crawl_sees_what_is_to_be_seen(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int64_t person = start(&s, j, NORMAL);
    size_t found;

    crawl(&s, "analyst", person, true, &found);
    assert_true(found >= 8);
    crawl(&s, "senco", person, true, &found);
    assert_true(found >= 4);
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(whoever_is_not_named_meets_no_trace_of_a_restricted_child),
        SUPPORT_TEST(nobody_but_the_custodian_meets_a_trace_of_a_sealed_child),
        SUPPORT_TEST(sealed_is_answered_as_what_is_not_there_byte_for_byte),
        SUPPORT_TEST(inclusion_leads_alone_meet_a_safe_address),
        SUPPORT_TEST(an_address_that_is_not_marked_is_met),
        SUPPORT_TEST(the_crawl_sees_what_is_to_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
