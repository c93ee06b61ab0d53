/* The key file and what is hashed under it. */
#include "support/support.h"
#include "access/key.h"
#include <sys/stat.h>
#include <unistd.h>

static const char *
home(struct job *j)
{
    return support_path(j, ".");
}

static void
the_key_is_made_once_for_its_owner_alone(void **state)
{
    struct job *j = support_job(state);
    struct key first, second;
    struct stat st;

    assert_ok(j, key_load(j, home(j), &first));
    assert_int_equal(stat(key_path(j, home(j)), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 32);
    assert_ok(j, key_load(j, home(j), &second));
    assert_memory_equal(&first, &second, sizeof first);
}

static void
a_key_that_others_may_read_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct key k;

    assert_ok(j, key_load(j, home(j), &k));
    assert_int_equal(chmod(key_path(j, home(j)), 0640), 0);
    assert_err(j, key_load(j, home(j), &k), ERR_ENV);
    assert_says(j, "may be read by others");
    assert_says(j, "chmod 600");
}

static void
a_key_of_the_wrong_length_is_refused_and_left_alone(void **state)
{
    struct job *j = support_job(state);
    struct key k;
    struct stat st;

    for (int length = 0; length < 70; length += 31) {
        FILE *f = fopen(key_path(j, home(j)), "w");
        assert_non_null(f);
        for (int i = 0; i < length; i++)
            fputc('x', f);
        fclose(f);
        assert_int_equal(chmod(key_path(j, home(j)), 0600), 0);
        assert_err(j, key_load(j, home(j), &k), ERR_ENV);
        assert_int_equal(stat(key_path(j, home(j)), &st), 0);
        assert_int_equal(st.st_size, length);
    }
}

static void
a_key_that_is_a_link_is_not_followed(void **state)
{
    struct job *j = support_job(state);
    struct key k;

    assert_int_equal(symlink("/etc/hostname", key_path(j, home(j))), 0);
    assert_err(j, key_load(j, home(j), &k), ERR_ENV);
}

static void
a_home_that_is_not_there_is_said(void **state)
{
    struct job *j = support_job(state);
    struct key k;

    assert_err(j, key_load(j, support_path(j, "nowhere"), &k), ERR_ENV);
}

static void
hashes_differ_by_words_purpose_and_key(void **state)
{
    struct job *j = support_job(state);
    struct key k, other;
    char a[KEY_HASH], b[KEY_HASH];

    assert_ok(j, key_load(j, home(j), &k));
    other = k;
    other.bytes[31] ^= 1;
    key_hash(&k, "search", "Smith", a);
    assert_int_equal(strlen(a), 64);
    key_hash(&k, "search", "Smith", b);
    assert_string_equal(a, b);
    key_hash(&k, "login", "Smith", b);
    assert_string_not_equal(a, b);
    key_hash(&k, "search", "Smyth", b);
    assert_string_not_equal(a, b);
    key_hash(&other, "search", "Smith", b);
    assert_string_not_equal(a, b);
    /* the purpose cannot run over into the words */
    key_hash(&k, "searchS", "mith", b);
    assert_string_not_equal(a, b);
}

static void
tokens_are_text_of_256_bits_and_never_the_same(void **state)
{
    char a[KEY_TOKEN], b[KEY_TOKEN];

    (void)state;
    key_token(a);
    key_token(b);
    assert_int_equal(strlen(a), 43);
    assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789-_"), 43);
    assert_string_not_equal(a, b);
    assert_true(key_same(a, a));
    assert_false(key_same(a, b));
    assert_false(key_same(a, ""));
    assert_false(key_same("", a));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_key_is_made_once_for_its_owner_alone),
        SUPPORT_TEST(a_key_that_others_may_read_is_refused),
        SUPPORT_TEST(a_key_of_the_wrong_length_is_refused_and_left_alone),
        SUPPORT_TEST(a_key_that_is_a_link_is_not_followed),
        SUPPORT_TEST(a_home_that_is_not_there_is_said),
        SUPPORT_TEST(hashes_differ_by_words_purpose_and_key),
        SUPPORT_TEST(tokens_are_text_of_256_bits_and_never_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
