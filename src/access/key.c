#include "access/key.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

const char *
key_path(struct job *j, const char *home)
{
    return job_format(j, "%s/key", home);
}

static void
close_fd(void *arg)
{
    close(*(int *)arg);
}

/* The descriptor is closed when the job ends; -1 with errno when it cannot be opened. */
static int
open_file(struct job *j, const char *path, int flags)
{
    int *fd = job_alloc(j, sizeof *fd);
    struct cleanup *end = job_on_end(j, close_fd);

    *fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*fd >= 0)
        end->arg = fd;
    return *fd;
}

static enum err
cannot(struct job *j, const char *path, const char *what)
{
    err_set(j, ERR_ENV, "the key file %s %s", path, what);
    return err_hint(j, "It must be a file of 32 bytes that only the account running rooted may "
                       "read (chmod 600). Without the right key nobody stays signed in.");
}

/* Written under another name first: a kill half-way leaves no half key. */
static enum err
key_make(struct job *j, const char *path)
{
    const char *part = job_format(j, "%s.%ld", path, (long)getpid());
    unsigned char fresh[sizeof(struct key)];
    int fd = open_file(j, part, O_WRONLY | O_CREAT | O_TRUNC);
    bool ok;

    randombytes_buf(fresh, sizeof fresh);
    ok = fd >= 0 && write(fd, fresh, sizeof fresh) == (ssize_t)sizeof fresh && fsync(fd) == 0;
    sodium_memzero(fresh, sizeof fresh);
    /* link() and not rename(): of two programs starting at once the first wins */
    if (ok && link(part, path) && errno != EEXIST)
        ok = false;
    unlink(part);
    return ok ? OK : cannot(j, path, strerror(errno));
}

static enum err
key_read(struct job *j, const char *path, struct key *out, bool *missing)
{
    int fd = open_file(j, path, O_RDONLY);
    struct stat st;
    char more;

    *missing = fd < 0 && errno == ENOENT;
    if (*missing)
        return OK;
    if (fd < 0 || fstat(fd, &st))
        return cannot(j, path, strerror(errno));
    if (st.st_mode & 077)
        return cannot(j, path, "may be read by others");
    if (read(fd, out->bytes, sizeof out->bytes) != (ssize_t)sizeof out->bytes ||
        read(fd, &more, 1) != 0)
        return cannot(j, path, "has the wrong length");
    return OK;
}

enum err
key_load(struct job *j, const char *home, struct key *out)
{
    const char *path = key_path(j, home);
    bool missing;
    enum err e;

    if (sodium_init() < 0)
        return err_set(j, ERR_ENV, "the cryptographic library cannot start");
    e = key_read(j, path, out, &missing);
    if (e || !missing)
        return e;
    e = key_make(j, path);
    if (!e)
        e = key_read(j, path, out, &missing);
    return e ? e : missing ? cannot(j, path, "vanished") : OK;
}

void
key_hash(const struct key *k, const char *purpose, const char *s, char *out)
{
    crypto_generichash_state st;
    unsigned char hash[32];

    crypto_generichash_init(&st, k->bytes, sizeof k->bytes, sizeof hash);
    crypto_generichash_update(&st, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&st, (const unsigned char *)s, strlen(s));
    crypto_generichash_final(&st, hash, sizeof hash);
    sodium_bin2hex(out, KEY_HASH, hash, sizeof hash);
}

void
key_token(char *out)
{
    unsigned char bits[32];

    randombytes_buf(bits, sizeof bits);
    sodium_bin2base64(out, KEY_TOKEN, bits, sizeof bits, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bits, sizeof bits);
}

bool
key_same(const char *a, const char *b)
{
    size_t n = strlen(a);

    return strlen(b) == n && sodium_memcmp(a, b, n) == 0;
}
