/* What families, schools and workers type, and what must be among the first results: on made-up
 * services (support/services.c), each of which names the one need that it is about. */
#include "directory/search.h"
#include "support/services.h"
#include "support/support.h"

enum { SERVICES = 300, FIVE = 5 };

static const struct {
    const char *words;
    const char *need; /* of the first, and of three of the first five */
} asked[] = {
    {"school refusal", "school-worry"},
    {"refusing school", "school-worry"},
    {"my daughter wont go to school", "school-worry"},
    {"won't go to school", "school-worry"},
    {"EBSA", "school-worry"},
    {"worried about going to school", "school-worry"},
    {"persistent absence", "school-missing"},
    {"bunking off", "school-missing"},
    {"attendance officer", "school-missing"},
    {"anger management", "behaviour-fighting"},
    {"falling out, fighting, anger", "behaviour-fighting"},
    {"he lashes out", "behaviour-fighting"},
    {"pru", "behaviour-elsewhere"},
    {"alternative provision", "behaviour-elsewhere"},
    {"pupil referral unit", "behaviour-elsewhere"},
    {"alternitive provison", "behaviour-elsewhere"},
    {"suspended", "behaviour-suspended"},
    {"permanent exclusion advice", "behaviour-suspended"},
    {"excluded", "behaviour-suspended"},
    {"independent review panel", "behaviour-suspended"},
    {"bullied", "behaviour-bullying"},
    {"bulying", "behaviour-bullying"},
    {"moving up to secondary", "moving-up"},
    {"big school", "moving-up"},
    {"neet", "moving-on"},
    {"apprenticeships", "moving-on"},
    {"panic attacks", "feelings-anxiety"},
    {"cbt", "feelings-anxiety"},
    {"anxeity", "feelings-anxiety"},
    {"counseling", "feelings-talk"},
    {"someone to talk to", "feelings-talk"},
    {"bereavement", "feelings-loss"},
    {"her dad died", "feelings-loss"},
    {"speech and language", "learning-talking"},
    {"SALT", "learning-talking"},
    {"stammering", "learning-talking"},
    {"adhd", "learning-attention"},
    {"can't sit still", "learning-attention"},
    {"autistic", "learning-autism"},
    {"autisum", "learning-autism"},
    {"dyslexa", "learning-reading"},
    {"cant read", "learning-reading"},
    {"ehcp", "learning-plan"},
    {"sendiass", "learning-plan"},
    {"parenting course", "home-parenting"},
    {"domestic violence", "home-conflict"},
    {"young carer", "home-carer"},
    {"lac", "home-care"},
    {"knife crime", "safety-crime"},
    {"county lines", "safety-crime"},
    {"cannabis", "safety-drugs"},
    {"smoking weed", "safety-drugs"},
    {"football", "out-clubs"},
    {"mentor", "out-mentor"},
    {"food bank", "home-money"},
    {"cant afford uniform", "home-money"},
};

struct needs {
    const char *of[SERVICES + 1]; /* by entry */
};

static enum err
keep_need(struct job *j, const struct search_row *row, void *arg)
{
    struct needs *n = arg;

    (void)j;
    n->of[row->entry] = row->keys[0].value;
    return OK;
}

static void
what_is_meant_is_among_the_first_five(void **state)
{
    struct job *j = support_job(state);
    struct needs *needs = job_alloc(j, sizeof *needs);
    struct search_index *x = NULL;
    size_t wrong = 0;

    assert_ok(j, services_index(j, SERVICES, support_path(j, "index")));
    assert_ok(j, services_each(j, SERVICES, 7, keep_need, needs));
    assert_ok(j, search_index_open(j, support_path(j, "index"), &x));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct search s = {.words = asked[i].words, .most = FIVE};
        struct search_found f;
        size_t right = 0;
        assert_ok(j, search_run(j, x, &s, &f));
        for (size_t k = 0; k < f.n; k++)
            right += strcmp(needs->of[f.hit[k].entry], asked[i].need) == 0;
        if (right >= 3 && strcmp(needs->of[f.hit[0].entry], asked[i].need) == 0)
            continue;
        wrong++;
        print_error("\"%s\": %zu of %zu for %s, first %s\n", asked[i].words, right, f.n,
                    asked[i].need, f.n ? needs->of[f.hit[0].entry] : "none");
    }
    assert_int_equal(wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {SUPPORT_TEST(what_is_meant_is_among_the_first_five)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
