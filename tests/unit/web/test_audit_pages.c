/* Every page of pages.def, opened by somebody who may, leaves exactly the entries in the audit that
 * its row declares; who has seen a child is told in words. */
#include "support/children.h"
#include "support/html.h"
#include "support/served.h"
#include "access/audit.h"
#include "access/audit_verify.h"
#include "access/key.h"
#include "risk/refresh.h"
#include "risk/sign_run.h"
#include "web/page.h"

static void
count(struct job *j)
{
    struct sign_run_made signs;
    struct refreshed made;

    assert_ok(j, figures_refresh(j, support_path(j, "."),
                                 &(struct refresh_order){.as_of = DATE_NONE}, &made));
    assert_ok(j, signs_refresh(j, support_path(j, "."), false, &signs));
}

static void
start(struct served *s, struct job *j)
{
    children_make(j);
    count(j);
    served_start(s, j, NULL);
}

/* ---- from a row to an address ---- */

/* What stands for a :word, in all rows or in one.  A page with a new word wants a line here. */
static const struct { const char *path, *word, *value; } words[] = {
    {"/tell/new/", "kind", "suspension"}, {"/agreement/", "kind", "school"},
    {"", "kind", "suspension"}, {"", "person", "1"}, {"", "urn", "100001"}, {"", "batch", "10"},
    {"/facts/", "batch", "11"}, {"/tell/suspensions/", "batch", "11"},
    {"", "file", "2"}, {"", "line", "9"}, {"", "view", "1"},
    {"", "rule", "ATT1"}, {"", "pack", "1"}, {"", "task", "1"}, {"", "correction", "1"},
    {"", "form", "1"}, {"", "layout", "census"}, {"", "opening", "1"}, {"", "version", "1"},
    {"", "account", "4"}, {"", "role", "1"}, {"", "token", "x"},
    {"", "authority", "1"}, {"", "agency", "1"},
    {"", "purpose", "panel"}, {"", "hold", "1"}, {"", "removal", "1"},
    {"/emergency", "person", "3"}, {"/sealed/", "person", "2"}};
enum { WORDS = sizeof words / sizeof *words };

static const char *
value_of(const char *path, const char *word, size_t n)
{
    const char *value = NULL;
    size_t best = 0;

    for (size_t i = 0; i < WORDS; i++) {
        size_t length = strlen(words[i].path);
        if (strlen(words[i].word) != n || memcmp(words[i].word, word, n) ||
            !strstr(path, words[i].path) || (value && length < best))
            continue;
        value = words[i].value;
        best = length;
    }
    if (!value)
        fail_msg("%s: what is to stand for :%.*s?", path, (int)n, word);
    return value;
}

static const char *
address_of(struct job *j, const char *path)
{
    const char *out = "", *colon, *at = path;

    while ((colon = strchr(at, ':'))) {
        size_t n = strcspn(colon + 1, "/.");
        out = job_format(j, "%s%.*s%s", out, (int)(colon - at), at, value_of(path, colon + 1, n));
        at = colon + 1 + n;
    }
    return job_format(j, "%s%s", out, at);
}

/* ---- the entries of one request ---- */

static const char sql_newest[] =
    "SELECT area_id, audit_id, event, outcome, act, subject FROM audit WHERE area_id >= 0 "
    "AND (area_id = 0 OR area_id = 1) ORDER BY area_id, audit_id";

struct events {
    int64_t seen[2];          /* the last entry of each area before */
    unsigned met;             /* bits by event */
    const char *all;          /* for a message */
};

static void
take(struct job *j, struct events *e)
{
    struct rows q;

    e->met = 0;
    e->all = "";
    db_ask(j, &q, sql_newest, NO_ARGS);
    while (db_next(&q)) {
        int64_t area = row_int(&q, 0), id = row_int(&q, 1);
        enum audit_event event;
        if (id <= e->seen[area])
            continue;
        e->seen[area] = id;
        assert_true(audit_event_find(row_text(&q, 2), &event));
        e->met |= 1u << event;
        e->all = job_format(j, "%s [%s %s %s %s]", e->all, row_text(&q, 2), row_text(&q, 4),
                            row_text(&q, 5) ? row_text(&q, 5) : "-", row_text(&q, 3));
    }
    assert_ok(j, db_done(&q));
}

/* ---- walking ---- */

static const enum role roles[] = {ROLE_ANALYST, ROLE_INCLUSION_LEAD, ROLE_GOVERNANCE,
                                  ROLE_ADMINISTRATOR, ROLE_DIRECTORY_MANAGER, ROLE_PROVIDER,
                                  ROLE_EVALUATOR};

/* Pages that leave more than the event of their row: they show one thing within another. */
static const struct { const char *path; enum audit_event event; } also[] = {
    {"/schools/:urn/meeting", EVENT_OPENED},      /* the school */
    {"/schools/:urn/meeting.csv", EVENT_OPENED}, {"/schools/:urn/meeting.csv", EVENT_LISTED},
    {"/early.csv", EVENT_LISTED}, {"/children.csv", EVENT_LISTED},
    {"/data/corrections.csv", EVENT_OPENED},
    {"/data/batches/:batch/findings.csv", EVENT_OPENED},
    {"/records", EVENT_LISTED},                   /* the children */
    {"/children/:person/seal", EVENT_OPENED},     /* the record, which is not sealed yet */
};

static unsigned
declared_by(const struct page *p)
{
    unsigned all = page_event(p) ? 1u << page_event(p) : 0;

    for (size_t i = 0; p->method == GET && i < sizeof also / sizeof *also; i++)
        if (!strcmp(also[i].path, p->path))
            all |= 1u << also[i].event;
    return all;
}

static struct answer_seen
ask(struct served *s, const struct page *p, const char *path, const char *csrf)
{
    if (p->method == GET)
        return client_get(&s->client, path);
    return client_post(&s->client, path, job_format(s->j, "csrf=%s", csrf));
}

static bool
is_sent_to_sign_in(struct served *s, const struct answer_seen *a)
{
    const char *to = a->status == 303 ? client_header(&s->client, a, "Location") : NULL;

    return to && !strncmp(to, "/sign-in", 8);
}

struct walk {
    struct served s;
    struct events e;
    const char *csrf, *role;
    int opened, absent;
};

static void
sign_in(struct walk *w)
{
    struct answer_seen a;

    served_sign_in(&w->s, w->role);
    a = client_get(&w->s.client, "/help");
    w->csrf = client_csrf(&w->s.client, &a);
    take(w->s.j, &w->e);
}

static void
holds(struct walk *w, const struct page *p, const char *path, const struct answer_seen *a)
{
    enum audit_event want = page_event(p);
    const unsigned while_refused = 1u << EVENT_DENIED | 1u << EVENT_LISTED | 1u << EVENT_OPENED;
    unsigned met = w->e.met, declared = declared_by(p);
    bool done = a->status < 400;

    w->opened += done;
    w->absent += a->status == 404;
    if (a->status >= 500)
        fail_msg("%s answers %d", path, a->status);
    if (done && met != declared)
        fail_msg("%s %s as %s (%d) declares \"%s\" and left:%s", p->method == GET ? "GET" : "POST",
                 path, w->role, a->status, audit_event_name(want), w->e.all);
    /* not done: refused, or begun and taken back, perhaps with its form shown again */
    if (!done && (met & ~(declared | while_refused)))
        fail_msg("%s (%d) declares \"%s\" and left:%s", path, a->status, audit_event_name(want),
                 w->e.all);
}

static void
walk_page(struct walk *w, const struct page *p)
{
    const char *path = address_of(w->s.j, p->path);
    struct answer_seen a = ask(&w->s, p, path, w->csrf);

    if (is_sent_to_sign_in(&w->s, &a) && !(p->method == POST && !strcmp(path, "/sign-out"))) {
        take(w->s.j, &w->e);
        sign_in(w); /* the page before ended the session */
        a = ask(&w->s, p, path, w->csrf);
    }
    take(w->s.j, &w->e);
    holds(w, p, path, &a);
}

/* So that most pages have something to show. */
static void
prepare(struct walk *w)
{
    struct client *c = &w->s.client;
    struct answer_seen a;
    int64_t before;

    w->role = "analyst";
    sign_in(w);
    client_post(c, "/tell/new/suspension", job_format(w->s.j, "csrf=%s&school=100001&person=none",
                                                      w->csrf));
    client_post(c, "/early/views", job_format(w->s.j, "csrf=%s&name=mine", w->csrf));
    client_post(c, "/children/1/facts/suspension/11/2/9/correct",
                job_format(w->s.j, "csrf=%s&field=sessions&value=9&why=typo", w->csrf));
    w->role = "inclusion-lead";
    sign_in(w);
    client_post(c, "/children/3/access",
                job_format(w->s.j, "csrf=%s&do=restrict&why=colleague", w->csrf));
    served_again(&w->s);
    a = client_get(c, "/help"); /* the session is another one now */
    w->csrf = client_csrf(c, &a);
    before = served_count(&w->s, "SELECT COUNT(*) FROM audit WHERE area_id = 1");
    client_post(c, "/children/2/seal", job_format(w->s.j, "csrf=%s&why=court", w->csrf));
    assert_int_equal(served_count(&w->s, "SELECT COUNT(*) FROM sealed_child"), 1);
    /* in the audit of sealed records alone */
    assert_int_equal(served_count(&w->s, "SELECT COUNT(*) FROM audit WHERE area_id = 1"), before);
    assert_int_equal(served_count(&w->s, "SELECT COUNT(*) FROM audit WHERE area_id = -1 AND "
                                         "event = 'permission' AND person_id = 2"), 1);
    count(w->s.j);
    w->role = "governance-officer";
    sign_in(w);
    client_post(c, "/agreement", job_format(w->s.j, "csrf=%s", w->csrf));
}

static void
walk_all(struct walk *w, enum method method)
{
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        const struct actor who = {.account = 1, .role = roles[r]};
        w->role = role_name(roles[r]);
        sign_in(w);
        for (const struct page *p = pages; p->path; p++)
            if (p->method == method && !(p->flags & PAGE_OPEN) && permit_act(&who, p->act))
                walk_page(w, p);
    }
}

static void
every_page_leaves_the_entries_that_its_row_declares(void **state)
{
    struct job *j = support_job(state);
    struct walk *w = job_alloc(j, sizeof *w);
    struct chain_check chain;

    start(&w->s, j);
    prepare(w);
    walk_all(w, GET);
    walk_all(w, POST);
    assert_true(w->opened > 120);
    assert_true(w->absent < 10 * (int)(sizeof roles / sizeof *roles));
    for (int64_t area = 0; area <= 1; area++) {
        assert_ok(j, audit_verify(j, area, NULL, &chain));
        assert_string_equal(chain.why, "");
        assert_true(chain.n > 3);
    }
    served_stop(&w->s);
}

/* ---- who has seen a child ---- */

static bool
has(const struct answer_seen *a, const char *text)
{
    return a->body && strstr(a->body, text) != NULL;
}

static void
who_has_seen_a_child_is_told_in_words(void **state)
{
    enum { HOUR = 3600 };
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    struct html o;

    start(&s, j); /* 16 June 2025, 10am in Britain */
    served_sign_in(&s, "inclusion-lead");
    client_get(&s.client, "/children/1");
    served_pass(INT64_C(65) * 60 * 1000000);
    served_sign_in(&s, "analyst");
    for (int i = 0; i < 3; i++) {
        client_get(&s.client, "/children/1");
        served_pass(INT64_C(60) * 1000000);
    }
    client_get(&s.client, "/children/2");
    served_pass(INT64_C(24) * HOUR * 1000000);
    served_sign_in(&s, "senco"); /* of another school */
    assert_int_equal(client_get(&s.client, "/children/2").status, 404);
    assert_int_equal(client_get(&s.client, "/children/1/seen").status, 404);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/children/1");
    assert_true(has(&a, "href=\"/children/1/seen\""));
    a = client_get(&s.client, "/children/1/seen");
    assert_int_equal(a.status, 200);
    html_begin(&o);
    html_lit(&o, a.body, a.n_body);
    html_sound(&o);
    html_done(&o);
    assert_true(has(&a, "Inclusion lead, inclusion lead, opened the record on 16 June 2025 at 10am")
                || has(&a, "inclusion lead, inclusion lead, opened the record on 16 June 2025 at "
                           "10am"));
    assert_true(has(&a, "data analyst, opened the record on 16 June 2025 at 11:05am, and 2 times "
                        "more until 11:07am"));
    assert_true(has(&a, "data analyst, opened the record on 17 June 2025 at "));
    assert_true(strstr(a.body, "17 June 2025") < strstr(a.body, "16 June 2025"));
    a = client_get(&s.client, "/children/2/seen");
    assert_true(has(&a, "tried to open a child&#39;s record and was refused on 17 June 2025"));
    a = client_get(&s.client, "/children/987654/seen");
    assert_int_equal(a.status, 404);
    served_stop(&s);
}

static void
older_entries_are_on_further_pages(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct notes n;
    struct served s;
    struct key key;

    start(&s, j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    audit_begin(j, &key, &n);
    for (int i = 0; i < 300; i++) {
        j->now = SUPPORT_NOW - (INT64_C(300) - i) * 24 * 3600 * 1000000;
        audit_put(j, (struct note){.act = ACT_CHILD, .person = 1,
                                   .subject = job_format(j, "child 1, look %d", i)});
    }
    assert_ok(j, db_begin(j));
    assert_ok(j, audit_write(j, &n));
    assert_ok(j, db_commit(j));
    j->notes = NULL;
    audit_end(&n);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/children/1/seen");
    assert_true(has(&a, "Somebody at the command line opened the record on 15 June 2025"));
    assert_false(has(&a, "on 20 August 2024"));
    assert_true(has(&a, "href=\"/children/1/seen?before="));
    a = client_get(&s.client, "/children/1/seen?before=50");
    assert_true(has(&a, "on 20 August 2024"));
    assert_true(has(&a, "The newest entries"));
    assert_false(has(&a, "on 15 June 2025"));
    a = client_get(&s.client, "/children/1/seen?before=1");
    assert_true(has(&a, "Nobody before that"));
    served_stop(&s);
}

static const char sql_cover[] =
    "INSERT INTO account_role (account_id, role_no, role, area, agency_id, since, why) "
    "SELECT account_id, 2, 'inclusion-lead', area, agency_id, 0, 'covers' "
    "FROM account_role WHERE role = 'analyst'";
static const char sql_before[] = "UPDATE audit SET role = NULL WHERE area_id = 1";

/* One person, two roles on one day: the page says in which each thing was done. */
static void
who_has_seen_a_child_is_told_with_the_role_of_that_moment(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    assert_ok(j, db_run(j, sql_cover, NO_ARGS, NULL));
    served_sign_in(&s, "analyst");
    client_get(&s.client, "/children/1/seen");
    served_post(&s, "/account/role", "&role=2", 303);
    client_get(&s.client, "/children/1/seen");
    a = client_get(&s.client, "/children/1/seen");
    assert_true(has(&a, "data analyst, opened the list of who has seen the record on 16 June"));
    assert_true(has(&a, "inclusion lead, opened the list of who has seen the record on 16 June"));
    /* of entries from before roles stood in them the first in force at that time is told */
    assert_ok(j, db_run(j, sql_before, NO_ARGS, NULL));
    served_post(&s, "/account/role", "&role=1", 303);
    a = client_get(&s.client, "/children/1/seen");
    assert_false(has(&a, "inclusion lead, opened"));
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_page_leaves_the_entries_that_its_row_declares),
        SUPPORT_TEST(who_has_seen_a_child_is_told_in_words),
        SUPPORT_TEST(who_has_seen_a_child_is_told_with_the_role_of_that_moment),
        SUPPORT_TEST(older_entries_are_on_further_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
