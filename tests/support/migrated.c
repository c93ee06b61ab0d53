#include "support/migrated.h"
#include "base/embed.h"
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

void
migrated_digest(char digest[MIGRATED_DIGEST])
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash_state s;

    assert_int_equal(crypto_generichash_init(&s, NULL, 0, sizeof hash), 0);
    for (const struct embedded *m = embed_migrations; m->name; m++) {
        crypto_generichash_update(&s, (const unsigned char *)m->name, strlen(m->name) + 1);
        crypto_generichash_update(&s, m->bytes, m->n);
    }
    crypto_generichash_final(&s, hash, sizeof hash);
    sodium_bin2hex(digest, MIGRATED_DIGEST, hash, (MIGRATED_DIGEST - 1) / 2);
}

/* Two programs may make it side by side; either file is whole, and the later stays. */
static void
make_shared(struct job *j, const char *shared)
{
    const char *own = job_format(j, "%s.%d", shared, (int)getpid());

    assert_ok(j, db_migrate(j, job_format(j, "sqlite:%s", own)));
    assert_int_equal(access(job_format(j, "%s-wal", own), F_OK), -1);
    assert_int_equal(rename(own, shared), 0);
}

static void
copy_file(const char *from, const char *to)
{
    static char buf[1 << 16];
    int in = open(from, O_RDONLY | O_CLOEXEC), out;
    struct stat st;
    ssize_t n;

    assert_true(in >= 0);
    assert_int_equal(fstat(in, &st), 0);
    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0777);
    assert_true(out >= 0);
    while ((n = read(in, buf, sizeof buf)) > 0)
        assert_int_equal(write(out, buf, (size_t)n), n);
    assert_int_equal(n, 0);
    assert_int_equal(close(out), 0);
    close(in);
}

void
migrated_sqlite(struct job *j, const char *path)
{
    const char *folder = getenv("ROOTED_TEST_TMP"), *shared;
    char digest[MIGRATED_DIGEST];

    if (!folder || access(path, F_OK) == 0) {
        assert_ok(j, db_migrate(j, job_format(j, "sqlite:%s", path)));
        return;
    }
    migrated_digest(digest);
    shared = job_format(j, "%s/migrated-%s.db", folder, digest);
    if (access(shared, F_OK) != 0)
        make_shared(j, shared);
    copy_file(shared, path);
}
