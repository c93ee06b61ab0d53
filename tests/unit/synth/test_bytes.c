/* The same size and seed give the same bytes: twice here, and as recorded once. */
#include "support/support.h"
#include "synth/synth.h"
#include <dirent.h>
#include <sodium.h>
#include <sys/stat.h>

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void
digest_file(crypto_hash_sha256_state *s, const char *path)
{
    unsigned char buf[65536];
    FILE *f = fopen(path, "re");
    size_t n;

    assert_non_null(f);
    while ((n = fread(buf, 1, sizeof buf, f)))
        crypto_hash_sha256_update(s, buf, n);
    fclose(f);
}

/* Names and contents of all files, in the order of their bytes. */
static void
digest_folder(crypto_hash_sha256_state *s, const char *path, const char *name)
{
    struct dirent **list;
    int n = scandir(path, &list, NULL, by_bytes);

    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        char below[512], full[512];
        struct stat st;
        snprintf(full, sizeof full, "%s/%s", path, list[i]->d_name);
        snprintf(below, sizeof below, "%s/%s", name, list[i]->d_name);
        if (list[i]->d_name[0] != '.' && stat(full, &st) == 0) {
            crypto_hash_sha256_update(s, (const unsigned char *)below, strlen(below) + 1);
            if (S_ISDIR(st.st_mode))
                digest_folder(s, full, below);
            else
                digest_file(s, full);
        }
        free(list[i]);
    }
    free(list);
}

static void
write_and_digest(struct job *j, uint64_t seed, const char *name, char *hex)
{
    struct scope scope = job_scope_begin(j);
    const char *out = support_path(j, name);
    struct synth_plan plan = {"small", seed, out, true, NULL, 0};
    struct synth_done done;
    crypto_hash_sha256_state s;
    unsigned char hash[crypto_hash_sha256_BYTES];

    assert_ok(j, synth_write(j, &plan, &done));
    assert_true(done.on_roll > 1800 && done.on_roll < 2300 && done.schools == 9);
    crypto_hash_sha256_init(&s);
    digest_folder(&s, out, "");
    digest_folder(&s, job_format(j, "%s.truth", out), "truth");
    digest_folder(&s, job_format(j, "%s.directory", out), "directory");
    crypto_hash_sha256_final(&s, hash);
    sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
    job_scope_end(j, scope);
}

/* When the generator is meant to change: put the new digest into the file. */
static void
the_same_seed_gives_the_same_bytes_here_and_anywhere(void **state)
{
    struct job *j = support_job(state);
    char one[65], two[65], other[65], recorded[80] = "";
    FILE *f = fopen("tests/golden/synth/small-1.sha256", "re");

    assert_non_null(f);
    assert_non_null(fgets(recorded, sizeof recorded, f));
    fclose(f);
    write_and_digest(j, 1, "one", one);
    write_and_digest(j, 1, "two", two);
    write_and_digest(j, 2, "other", other);
    assert_string_equal(one, two);
    assert_string_not_equal(one, other);
    recorded[strcspn(recorded, "\n")] = '\0';
    assert_string_equal(one, recorded);
}

static void
a_folder_with_files_is_left_alone(void **state)
{
    struct job *j = support_job(state);
    const char *out = support_path(j, "full");
    struct synth_plan plan = {"small", 1, out, true, NULL, 0};
    struct synth_done done;
    FILE *f;

    assert_int_equal(mkdir(out, 0777), 0);
    f = fopen(job_format(j, "%s/mine.csv", out), "we");
    assert_non_null(f);
    fclose(f);
    assert_err(j, synth_write(j, &plan, &done), ERR_INPUT);
    assert_says(j, "already has files");
}

static void
an_unknown_size_is_a_usage_error(void **state)
{
    struct job *j = support_job(state);
    struct synth_plan plan = {"huge", 1, support_path(j, "huge"), true, NULL, 0};
    struct synth_done done;

    assert_err(j, synth_write(j, &plan, &done), ERR_USAGE);
    assert_says(j, "small, town, la and region");
}

static void
a_place_that_cannot_be_written_is_told(void **state)
{
    struct job *j = support_job(state);
    struct synth_plan plan = {"small", 1, "/dev/null/nowhere", true, NULL, 0};
    struct synth_done done;

    assert_err(j, synth_write(j, &plan, &done), ERR_ENV);
    assert_says(j, "/dev/null/nowhere");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_same_seed_gives_the_same_bytes_here_and_anywhere),
        SUPPORT_TEST(a_folder_with_files_is_left_alone),
        SUPPORT_TEST(an_unknown_size_is_a_usage_error),
        SUPPORT_TEST(a_place_that_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
