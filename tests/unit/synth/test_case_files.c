/* The files of the social care case system tell the same lives: who is in one is in the others,
 * and what is open at the end of a year comes again in the next. */
#include "base/csv.h"
#include "support/dump.h"
#include "synth/synth.h"

/* A column of a CSV, row by row. */
static const char **
column(struct job *j, const char *path, const char *name, size_t *n)
{
    struct span text = dump_load(j, path);
    struct csv *csv = csv_open_text(j, text.s, text.n, (struct csv_limits){0});
    const char **v = job_array(j, 100000, sizeof *v);
    struct csv_row row;
    size_t at = SIZE_MAX;
    bool more;

    *n = 0;
    assert_ok(j, csv_next(csv, &row, &more));
    for (size_t i = 0; i < row.n; i++)
        if (!strncmp(row.field[i].s, name, row.field[i].n) && strlen(name) == row.field[i].n)
            at = i;
    assert_true(at != SIZE_MAX);
    while (!csv_next(csv, &row, &more) && more) {
        assert_true(*n < 100000);
        v[(*n)++] = job_copy_n(j, row.field[at].s, row.field[at].n);
    }
    return v;
}

static bool
is_in(const char *id, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(id, list[i]))
            return true;
    return false;
}

static const char *
made(struct job *j)
{
    const char *out = support_path(j, "ashmere");
    struct synth_plan plan = {"small", 3, out, true, "none", 0};
    struct synth_done done;

    assert_ok(j, synth_write(j, &plan, &done));
    return out;
}

static void
who_is_in_one_file_is_in_the_others(void **state)
{
    static const char *const of[][3] = {
        {"safeguarding/ssd_cin_episodes.csv", "cine_person_id", "referrals"},
        {"safeguarding/ssd_early_help_episodes.csv", "earl_person_id", "early help"},
        {"safeguarding/ssd_cla_episodes.csv", "clae_person_id", "looked after"},
        {"safeguarding/ssd_sdq_scores.csv", "csdq_person_id", "scores"},
        {"people/case-system-person-list.csv", "LocalId", "person list"},
        {"ssda903/2023-24/header.csv", "CHILD", "903"}};
    struct job *j = support_job(state);
    const char *out = made(j);
    size_t n, n_ids;
    const char **ids = column(j, job_format(j, "%s/safeguarding/ssd_person.csv", out),
                              "pers_person_id", &n_ids);

    assert_true(n_ids > 500);
    for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
        const char **v = column(j, job_format(j, "%s/%s", out, of[k][0]), of[k][1], &n);
        assert_true(n > 5);
        for (size_t i = 0; i < n; i++)
            if (!is_in(v[i], ids, n_ids))
                fail_msg("%s: %s is no person of the dataset", of[k][2], v[i]);
    }
}

static void
an_episode_open_in_march_comes_again(void **state)
{
    struct job *j = support_job(state);
    const char *out = made(j);
    const char *now = job_format(j, "%s/ssda903/2022-23/episodes.csv", out);
    const char *next = job_format(j, "%s/ssda903/2023-24/episodes.csv", out);
    size_t n, n_next, open = 0;
    const char **child = column(j, now, "CHILD", &n), **from = column(j, now, "DECOM", &n);
    const char **to = column(j, now, "DEC", &n);
    const char **child2 = column(j, next, "CHILD", &n_next);
    const char **from2 = column(j, next, "DECOM", &n_next);

    for (size_t i = 0; i < n; i++) {
        bool again = false;
        for (size_t k = 0; k < n_next; k++)
            again |= !strcmp(child[i], child2[k]) && !strcmp(from[i], from2[k]);
        assert_int_equal(again, !*to[i]);
        open += !*to[i];
    }
    assert_true(open > 3);
}

static void
sex_is_coded_as_its_year_does(void **state)
{
    struct job *j = support_job(state);
    const char *out = made(j);
    size_t n;
    const char **sex =
        column(j, job_format(j, "%s/ssda903/2023-24/header.csv", out), "SEX", &n);

    for (size_t i = 0; i < n; i++)
        assert_true(!strcmp(sex[i], "1") || !strcmp(sex[i], "2"));
    sex = column(j, job_format(j, "%s/ssda903/2024-25/header.csv", out), "SEX", &n);
    for (size_t i = 0; i < n; i++)
        assert_true(!strcmp(sex[i], "M") || !strcmp(sex[i], "F"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(who_is_in_one_file_is_in_the_others),
        SUPPORT_TEST(an_episode_open_in_march_comes_again),
        SUPPORT_TEST(sex_is_coded_as_its_year_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
