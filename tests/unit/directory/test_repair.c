#include "directory/repair.h"
#include "directory/uuid.h"
#include "support/support.h"
#include <string.h>

static struct repair
a_source(struct job *j)
{
    return (struct repair){.space = uuid_rooted, .open = true, .today = j->today};
}

static struct repaired
mended(struct job *j, const char *text)
{
    struct repair r = a_source(j);
    struct repaired out;
    json_t *v = NULL;

    assert_ok(j, document_parse(j, span_of(text), &v));
    repair_record(j, &r, v, &out);
    return out;
}

static bool
noted(const struct repaired *r, const char *rule, const char *path)
{
    for (size_t i = 0; i < r->n; i++)
        if (!strcmp(repair_name(r->note[i].rule), rule) && strstr(r->note[i].path, path))
            return true;
    return false;
}

/* A record with one more member, and what the repair makes of it. */
struct example {
    const char *member; /* JSON of the member as it comes */
    const char *path;   /* where to look */
    const char *is;     /* what stands there; NULL nothing */
    const char *rule;   /* which rule says so; NULL none */
};
#define PLACE(inner)                                                                           \
    "\"service_at_locations\":[{\"id\":\"s\",\"location\":{\"id\":\"l\",\"name\":\"Hall\"," inner\
    "}}]"
#define LOC "service_at_locations[0].location."
#define ADR LOC "addresses[0]."
static const struct example examples[] = {
    {"\"fees\":\"\"", "fees", NULL, "empty"},
    {"\"fees\":null", "fees", NULL, "empty"},
    {"\"fees\":\"  Two \\u00a0 pounds \"", "fees", "Two pounds", "spaces"},
    {"\"fees\":\"<p>One</p><p>Two &amp; three<br/>four</p>\"", "fees",
     "One\n\nTwo & three\nfour", "html"},
    {"\"fees\":\"<ul><li>A</li><li>B</li></ul>\"", "fees", "- A\n- B", "html"},
    {"\"fees\":\"<script>alert(1)</script>Free\"", "fees", "Free", "html"},
    {"\"fees\":\"&lt;script&gt;alert(1)&lt;/script&gt;Free\"", "fees", "Free", "html"},
    {"\"fees\":\"&amp;lt;img src=x onerror=y&amp;gt;Free\"", "fees", "Free", "html"},
    {"\"fees\":\"<img src=x onerror=alert(1)\"", "fees", NULL, "html"},
    {"\"fees\":\"under 5 < 8 & > 3\"", "fees", "under 5 < 8 & > 3", NULL},
    {"\"fees\":\"ask <jo@example.org>\"", "fees", "ask jo@example.org", "html"},
    {"\"fees\":\"a\\u0007b\\u202ec\"", "fees", "abc", "control"},
    {"\"fees\":12", "fees", "12", "text"},
    {"\"fees\":{\"a\":1}", "fees", NULL, "type"},
    {"\"colour\":\"red\"", "colour", NULL, "unknown"},
    {"\"status\":\"Temporarily_Closed\"", "status", "temporarily closed", "choice"},
    {"\"status\":\"published\"", "status", "active", "choice"},
    {"\"status\":\"purple\"", "status", "active", "not-choice"},
    {"\"minimum_age\":\"8\"", "minimum_age", "8", "number"},
    {"\"minimum_age\":\"eight\"", "minimum_age", NULL, "not-number"},
    {"\"minimum_age\":16,\"maximum_age\":8", "minimum_age", "8", "ages-swapped"},
    {"\"maximum_age\":999", "maximum_age", NULL, "not-age"},
    {"\"assured_date\":\"01/02/2025\"", "assured_date", "2025-02-01", "date"},
    {"\"assured_date\":\"soon\"", "assured_date", NULL, "not-date"},
    {"\"assured_date\":\"2022-01-01\"", "assured_date", "2022-01-01", "old"},
    {"\"last_modified\":\"2024-12-18 10:30\"", "last_modified", "2024-12-18T10:30:00Z", "date"},
    {"\"url\":\"www.example.org/a b\"", "url", NULL, "not-url"},
    {"\"url\":\"www.example.org/a\"", "url", "https://www.example.org/a", "url"},
    {"\"url\":\"https://example.org/a b\"", "url", "https://example.org/a%20b", "url"},
    {"\"url\":\"javascript:alert(1)\"", "url", NULL, "not-url"},
    {"\"url\":\"none\"", "url", NULL, "not-url"},
    {"\"url\":\"https://name:word@example.org\"", "url", NULL, "not-url"},
    {"\"email\":\"mailto:Jo@example.org\"", "email", "Jo@example.org", "email"},
    {"\"email\":\"at the desk\"", "email", NULL, "not-email"},
    {"\"phones\":[{\"number\":\"ask\"},{\"number\":\"01244 000000\"}]", "phones[0].number",
     "01244 000000", "phone"},
    {"\"phones\":{\"number\":\"01244 000000\"}", "phones[0].number", "01244 000000", "listed"},
    {"\"schedules\":[{\"byday\":\"Mondays and Thursday\",\"opens_at\":\"9.30am\"}]",
     "schedules[0].byday", "MO,TH", "days"},
    {"\"schedules\":[{\"byday\":\"Mon-Fri\",\"opens_at\":\"9.30am\"}]", "schedules[0].opens_at",
     "09:30:00", "time"},
    {"\"schedules\":[{\"byday\":\"weekdays\"}]", "schedules[0].freq", "WEEKLY", "freq"},
    {"\"schedules\":[{\"byday\":\"sometimes\",\"notes\":\"x\"}]", "schedules[0].byday", NULL,
     "not-days"},
    {"\"schedules\":[{\"opens_at\":\"25:10\",\"notes\":\"x\"}]", "schedules[0].opens_at", NULL,
     "not-time"},
    {PLACE("\"location_type\":\"Venue\""), LOC "location_type", "physical", "choice"},
    {PLACE("\"latitude\":\"53.19\",\"longitude\":-2.89"), LOC "latitude", "53.19", "number"},
    {PLACE("\"latitude\":-2.89,\"longitude\":53.19"), LOC "latitude", "53.19", "place-swapped"},
    {PLACE("\"latitude\":0,\"longitude\":0"), LOC "latitude", NULL, "place"},
    {PLACE("\"addresses\":[{\"address_1\":\"1 Low St\",\"city\":\"Chester\",\"postal_code\":"
           "\"ch19zz\"}]"), ADR "postal_code", "CH1 9ZZ", "postcode"},
    {PLACE("\"addresses\":[{\"address_1\":\"1 Low St\",\"city\":\"CH1 9ZZ\"}]"),
     ADR "postal_code", "CH1 9ZZ", "named"},
    {PLACE("\"addresses\":[{\"postal_code\":\"CH1 9ZZ\",\"country\":\"United Kingdom\"}]"),
     ADR "country", "GB", "country"},
    {PLACE("\"addresses\":[{\"postal_code\":\"CH1 9ZZ\"}]"), ADR "address_1", "CH1 9ZZ",
     "address"},
    {PLACE("\"addresses\":[{\"address_1\":\"1 Low St\",\"postal_code\":\"soon\"}]"),
     ADR "postal_code", "soon", "not-postcode"},
    {"\"organization\":{\"id\":\"o\",\"name\":\"Trust\"}", "organization.description", "Trust",
     "description"},
    {"\"contacts\":[{\"name\":\"Jo Smith\"}]", "contacts[0].rooted.consent", "Yes", "consent"},
    {"\"attributes\":[{\"taxonomy_term\":{\"id\":\"t\",\"term\":\"Advice\"}}]",
     "attributes[0].taxonomy_term.description", "Advice", "named"},
    {"\"attributes\":[{\"id\":\"x\",\"taxonomy_term_id\":\"t\"}]", "attributes[0].id", NULL,
     "part"},
    {"\"languages\":[{\"id\":\"a\",\"name\":\"Polish\"},{\"id\":\"a\",\"name\":\"Polish\"}]",
     "languages[1].id", NULL, "twice"},
    {"\"rooted\":{\"refer_by\":\"Parents, SENCO; cats\"}", "rooted.refer_by", "parent, school",
     "not-choice"},
    {"\"rooted\":{\"free_to_family\":\"Y\"}", "rooted.free_to_family", "Yes", "yes"},
    {"\"rooted\":{\"school_years\":[\"Year 7\",\"8\"]}", "rooted.school_years", "7, 8", "choice"},
};

static void
each_fault_is_repaired_as_its_rule_says(void **state)
{
    struct job *j = support_job(state);

    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *x = &examples[i];
        struct repaired r =
            mended(j, job_format(j, "{\"id\":\"17\",\"name\":\"Anchor\",%s}", x->member));
        const json_t *v = document_get(r.doc, x->path);
        struct document_problem *wrong;
        size_t n;

        assert_null(r.refused);
        if (x->is ? !v || strcmp(document_words(j, v), x->is) : v != NULL)
            fail_msg("%s: %s is \"%s\"", x->member, x->path, v ? document_words(j, v) : "");
        if (x->rule && !noted(&r, x->rule, ""))
            fail_msg("%s: no note of %s in %s", x->member, x->rule, repair_report(j, &r));
        assert_ok(j, document_check(j, r.doc, &wrong, &n));
        if (n)
            fail_msg("%s: %s %s", x->member, wrong[0].path, wrong[0].message);
    }
}

static void
a_sound_record_stays_as_it_is(void **state)
{
    struct job *j = support_job(state);
    const char *text =
        "{\"assured_date\":\"2025-06-01\",\"id\":\"0b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\","
        "\"name\":\"Anchor\",\"organization\":{\"description\":\"Helps\",\"id\":"
        "\"1b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\",\"name\":\"Trust\"},\"status\":\"active\","
        "\"url\":\"https://example.org\"}";
    struct repaired r = mended(j, text);
    struct span s = document_text(j, r.doc);

    assert_int_equal(r.n, 0);
    assert_null(repair_report(j, &r));
    assert_int_equal(s.n, strlen(text));
    assert_memory_equal(s.s, text, s.n);
    assert_string_equal(r.key, "0b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10");
    assert_int_equal(r.filled, 25);
}

static void
what_was_repaired_needs_no_repair_again(void **state)
{
    struct job *j = support_job(state);
    struct repaired a, b;
    struct span s, t;

    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        a = mended(j, job_format(j, "{\"id\":\"17\",\"name\":\"A\",%s}", examples[i].member));
        s = document_text(j, a.doc);
        b = mended(j, job_copy_n(j, s.s, s.n));
        t = document_text(j, b.doc);
        assert_int_equal(s.n, t.n);
        assert_memory_equal(s.s, t.s, s.n);
    }
}

static void
the_same_ids_of_a_source_become_the_same_uuids(void **state)
{
    struct job *j = support_job(state);
    struct repaired a = mended(j, "{\"id\":17,\"name\":\"A\",\"organization\":{\"id\":\"9\","
                                  "\"name\":\"T\"},\"phones\":[{\"number\":\"1\"}]}");
    struct repaired b = mended(j, "{\"id\":\"18\",\"name\":\"B\",\"organization\":{\"id\":9,"
                                  "\"name\":\"T\"},\"phones\":[{\"number\":\"2\"}]}");

    assert_string_equal(a.key, "17");
    assert_string_equal(document_string(a.doc, "organization.id"),
                        document_string(b.doc, "organization.id"));
    assert_string_not_equal(document_string(a.doc, "id"), document_string(b.doc, "id"));
    assert_string_not_equal(document_string(a.doc, "phones[0].id"),
                            document_string(b.doc, "phones[0].id"));
    assert_true(noted(&a, "no-id", "phones[0]"));
}

static void
what_cannot_be_a_service_is_refused_with_a_sentence(void **state)
{
    struct job *j = support_job(state);
    struct repaired r = mended(j, "{\"fees\":\"x\"}");

    assert_null(r.doc);
    assert_string_equal(r.refused, "It has neither an id nor a name.");
    r = mended(j, "{\"id\":\"17\",\"name\":\"<script>x</script>\"}");
    assert_null(r.doc);
    assert_non_null(strstr(r.refused, "no name"));
    assert_string_equal(r.key, "17");
    r = mended(j, "{\"name\":\"A\"}");
    assert_non_null(r.doc);
    assert_string_equal(r.key, "A / ");
}

static void
script_in_every_field_leaves_none(void **state)
{
    struct job *j = support_job(state);
    const struct hsds_field *f;
    json_t *v = document_own(j, json_object());
    struct repair how = a_source(j);
    struct repaired r;
    struct span s;
    size_t n;

    f = hsds_fields(HSDS_SERVICE, &n);
    for (size_t i = 0; i < n; i++)
        json_object_set_new(v, f[i].name,
                            json_string("<script>alert(1)</script><b onclick=x>A</b>"));
    json_object_set_new(v, "id", json_string("\"><script>alert(1)</script>"));
    repair_record(j, &how, v, &r);
    assert_non_null(r.doc);
    s = document_text(j, r.doc);
    assert_null(memmem(s.s, s.n, "alert(", 6));
    assert_null(memchr(s.s, '<', s.n));
    assert_null(memmem(s.s, s.n, "onclick", 7));
}

static void
the_worst_record_has_a_report_of_a_bounded_length(void **state)
{
    struct job *j = support_job(state);
    json_t *v = document_own(j, json_object());
    struct repair how = a_source(j);
    struct repaired r;

    json_object_set_new(v, "id", json_string("1"));
    json_object_set_new(v, "name", json_string("A"));
    for (int i = 0; i < 5000; i++)
        json_object_set_new(v, job_format(j, "x%d", i), json_string("y"));
    repair_record(j, &how, v, &r);
    assert_int_equal(r.n, REPAIR_NOTES);
    assert_true(r.more > 4000);
    assert_non_null(strstr(repair_report(j, &r), "\"more\":4"));
    assert_int_equal(json_object_size(r.doc), 3);
}

static void
every_rule_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int r = 0; r < REPAIR_RULES; r++) {
        enum repair_rule found = REPAIR_RULES;

        assert_true(repair_find(repair_name((enum repair_rule)r), &found));
        assert_int_equal(found, r);
        assert_true(strlen(repair_words((enum repair_rule)r)) > 10);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(each_fault_is_repaired_as_its_rule_says),
        SUPPORT_TEST(a_sound_record_stays_as_it_is),
        SUPPORT_TEST(what_was_repaired_needs_no_repair_again),
        SUPPORT_TEST(the_same_ids_of_a_source_become_the_same_uuids),
        SUPPORT_TEST(what_cannot_be_a_service_is_refused_with_a_sentence),
        SUPPORT_TEST(script_in_every_field_leaves_none),
        SUPPORT_TEST(the_worst_record_has_a_report_of_a_bounded_length),
        SUPPORT_TEST(every_rule_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
