#include "directory/evidence.h"
#include "directory/service.h"
#include "support/support.h"
#include <string.h>

static const struct service_maker manager = {.who = "manager"};

static struct job *
ready(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    support_area(j);
    assert_ok(j, db_begin(j));
    return j;
}

static int64_t
entry(struct job *j, const char *name)
{
    json_t *d = document_own(j, json_object());
    struct service s;

    assert_ok(j, document_set(j, d, "name", json_string(name)));
    assert_ok(j, document_set(j, d, "status", json_string("active")));
    assert_ok(j, service_add(j, d, &manager, SERVICE_APPROVE, &s));
    return s.id;
}

static struct evidence_claim
claim(struct job *j, enum evidence_scale scale, const char *rating)
{
    return (struct evidence_claim){
        .kind = "programme", .subject = "Steady Steps",
        .rating = evidence_rating_find(scale, rating), .outcome = "conduct problems",
        .population = "ages 3 to 8", .source = "https://example.org/steady",
        .assessed = "third-party", .fidelity = "adapted", .rated = j->today - 400,
        .retrieved = j->today - 1, .next_review = j->today + 365};
}

static struct evidence_facets
facets(struct job *j, int64_t id)
{
    struct evidence_facets f;

    assert_ok(j, evidence_facets(j, id, &f));
    return f;
}

static void
refused(struct job *j, int64_t id, struct evidence_claim c)
{
    assert_err(j, evidence_add(j, id, &c), ERR_INPUT);
    err_clear(j);
}

static void
every_rating_belongs_to_its_scale_once_and_has_words(void **state)
{
    size_t n;
    const struct evidence_rating *r = evidence_ratings(&n);
    enum evidence_scale s;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(evidence_rating_find(r[i].scale, r[i].name), &r[i]);
        assert_true(strlen(r[i].words) > 10);
        assert_true(evidence_scale_find(evidence_scale(r[i].scale)->name, &s));
        assert_int_equal(s, r[i].scale);
    }
    assert_null(evidence_rating_find(SCALE_EIF, "harmful"));
    assert_null(evidence_sms(0));
    assert_null(evidence_sms(6));
    assert_non_null(evidence_sms(5));
}

static void
a_claim_comes_back_with_its_studies_and_says_what_is_adapted(void **state)
{
    struct job *j = ready(state);
    int64_t id = entry(j, "Anchor");
    struct evidence_study study = {.design = "randomised trial", .sms = 5, .participants = 210,
                                   .effect = "fewer problems", .source = "https://example.org/1"};
    struct evidence_claim c = claim(j, SCALE_EIF, "3"), *v;
    size_t n;

    c.study = &study;
    c.n_studies = 1;
    c.rated = 17897; /* 2019-01-01 */
    assert_ok(j, evidence_add(j, id, &c));
    assert_ok(j, evidence_list(j, id, false, &v, &n));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].n_studies, 1);
    assert_int_equal(v[0].study[0].participants, 210);
    assert_string_equal(v[0].study[0].country, "");
    assert_string_equal(evidence_sentence(j, &v[0]),
                        "EIF Guidebook 3 (2019) for conduct problems, ages 3 to 8. "
                        "This provider runs an adapted version.");
    assert_true(facets(j, id).rigorous);
    assert_false(facets(j, id).harmful);
}

static void
harm_and_no_effect_are_said_first(void **state)
{
    struct job *j = ready(state);
    int64_t a = entry(j, "Day visits"), b = entry(j, "Reading"), none = entry(j, "Unknown");
    struct evidence_claim harm = claim(j, SCALE_YEF_IMPACT, "harmful"),
                          nothing = claim(j, SCALE_EIF, "NE");
    struct evidence_facets *f;
    size_t n;

    assert_ok(j, evidence_add(j, a, &harm));
    assert_ok(j, evidence_add(j, b, &nothing));
    assert_ok(j, evidence_facets_all(j, &f, &n));
    assert_int_equal(n, 2); /* what is not assessed is not there */
    assert_true(f[0].entry == a && f[0].harmful && !f[0].ineffective && !f[0].rigorous);
    assert_true(f[1].entry == b && f[1].ineffective && !f[1].harmful);
    assert_true(strncmp(evidence_sentence(j, &harm), "Found harmful: YEF impact", 25) == 0);
    assert_string_equal(evidence_found(&nothing), "Found not effective");
    assert_false(facets(j, none).rigorous);
}

static void
only_a_third_party_with_a_comparison_study_is_rigorous(void **state)
{
    static const struct { const char *by; int32_t sms; bool rigorous; } v[] = {
        {"third-party", 3, true}, {"third-party", 2, false}, {"third-party", 0, false},
        {"commissioner", 5, false}};
    struct job *j = ready(state);

    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        int64_t id = entry(j, "Anchor");
        struct evidence_study s = {.design = "a study", .sms = v[i].sms, .effect = "a gain",
                                   .source = "https://example.org/1"};
        struct evidence_claim c = claim(j, SCALE_EIF, "3");
        c.assessed = v[i].by;
        c.study = &s;
        c.n_studies = 1;
        assert_ok(j, evidence_add(j, id, &c));
        assert_int_equal(facets(j, id).rigorous, v[i].rigorous);
    }
}

static void
what_is_withdrawn_is_kept_with_its_reason_and_counts_no_more(void **state)
{
    struct job *j = ready(state);
    int64_t id = entry(j, "Anchor"), before, after;
    struct evidence_claim c = claim(j, SCALE_YEF_IMPACT, "harmful"), *v;
    size_t n;

    assert_ok(j, evidence_add(j, id, &c));
    assert_ok(j, service_turn(j, &before));
    assert_err(j, evidence_withdraw(j, c.id, " "), ERR_INPUT);
    err_clear(j);
    assert_ok(j, evidence_withdraw(j, c.id, "It was about another programme"));
    assert_ok(j, service_turn(j, &after));
    assert_true(after > before); /* the search index is made again */
    assert_false(facets(j, id).harmful);
    assert_ok(j, evidence_list(j, id, false, &v, &n));
    assert_int_equal(n, 0);
    assert_ok(j, evidence_list(j, id, true, &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].why, "It was about another programme");
    assert_err(j, evidence_withdraw(j, c.id, "Again"), ERR_CONFLICT);
}

static void
several_entries_share_a_programme_but_not_a_claim_of_one_service(void **state)
{
    struct job *j = ready(state);
    int64_t a = entry(j, "Anchor"), b = entry(j, "Bridge");
    struct evidence_claim c = claim(j, SCALE_EIF, "NE"), own = claim(j, SCALE_NESTA, "2");

    own.kind = "service";
    assert_ok(j, evidence_add(j, a, &c));
    assert_ok(j, evidence_add(j, a, &own));
    assert_ok(j, evidence_link(j, c.id, b, "same"));
    assert_true(facets(j, b).ineffective);
    assert_err(j, evidence_link(j, own.id, b, "same"), ERR_NOT_FOUND);
}

static void
what_does_not_go_together_is_refused(void **state)
{
    struct job *j = ready(state);
    int64_t id = entry(j, "Anchor");
    struct evidence_claim good = claim(j, SCALE_NESTA, "2"), c = good;

    c.rating = evidence_rating_find(SCALE_NESTA, "3"), c.assessed = "self";
    refused(j, id, c);
    c = claim(j, SCALE_EIF, "2"), c.assessed = "self"; /* no scale of the provider's */
    refused(j, id, c);
    c = good, c.rating = NULL;
    refused(j, id, c);
    c = good, c.outcome = " ";
    refused(j, id, c);
    c = good, c.source = "javascript:alert(1)";
    refused(j, id, c);
    c = good, c.rated = j->today + 1;
    refused(j, id, c);
    c = good, c.fidelity = "nearly";
    refused(j, id, c);
    good.assessed = "self";
    assert_ok(j, evidence_add(j, id, &good));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_rating_belongs_to_its_scale_once_and_has_words),
        SUPPORT_TEST(a_claim_comes_back_with_its_studies_and_says_what_is_adapted),
        SUPPORT_TEST(harm_and_no_effect_are_said_first),
        SUPPORT_TEST(only_a_third_party_with_a_comparison_study_is_rigorous),
        SUPPORT_TEST(what_is_withdrawn_is_kept_with_its_reason_and_counts_no_more),
        SUPPORT_TEST(several_entries_share_a_programme_but_not_a_claim_of_one_service),
        SUPPORT_TEST(what_does_not_go_together_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
