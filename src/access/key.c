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
    return err_hint(j, "It must be the file that rooted made, and only the account running rooted "
                       "may read it (chmod 600). Without the right key nobody stays signed in.");
}

static unsigned char *
version_at(struct key *k, int version)
{
    return k->seal[version % KEY_VERSIONS];
}

/* ---- what is in the file --------------------------------------------------------- */

static const char heading[] = "rooted key\n";
enum { FILE_MOST = 4096 };

/* Version 1 of a file of 32 bytes: no other use of them gives the same. */
static void
derive_first(struct key *k)
{
    static const char purpose[] = "seal 1";

    crypto_generichash(version_at(k, 1), KEY_BYTES, (const unsigned char *)purpose,
                       sizeof purpose, k->bytes, KEY_BYTES);
    k->oldest = k->newest = 1;
}

/* 64 hexadecimal digits and the end of the line; *at moves behind it. */
static bool
take_hex(const char **at, unsigned char *out)
{
    size_t n = 0;

    if (strlen(*at) <= 2 * KEY_BYTES ||
        sodium_hex2bin(out, KEY_BYTES, *at, (size_t)2 * KEY_BYTES, NULL, &n, NULL) ||
        n != KEY_BYTES || (*at)[2 * KEY_BYTES] != '\n')
        return false;
    *at += 2 * KEY_BYTES + 1;
    return true;
}

/* "seal 3 <hex>": versions follow each other. */
static bool
take_version(const char **at, struct key *k)
{
    char *end;
    long version;

    if (strncmp(*at, "seal ", 5))
        return false;
    version = strtol(*at + 5, &end, 10);
    if (*end != ' ' || version < 1 || version > INT32_MAX ||
        (k->newest && (version != k->newest + 1 || version - k->oldest >= KEY_VERSIONS)))
        return false;
    *at = end + 1;
    if (!k->newest)
        k->oldest = (int)version;
    k->newest = (int)version;
    return take_hex(at, version_at(k, k->newest));
}

static bool
parse(const char *text, size_t n, struct key *k)
{
    const char *at = text + strlen(heading);

    if (n == KEY_BYTES) {
        memcpy(k->bytes, text, KEY_BYTES);
        derive_first(k);
        return true;
    }
    if (strlen(text) != n || strncmp(text, heading, strlen(heading)) || strncmp(at, "hash ", 5))
        return false;
    at += 5;
    if (!take_hex(&at, k->bytes))
        return false;
    while (*at)
        if (!take_version(&at, k))
            return false;
    return k->newest > 0;
}

static size_t
print(struct key *k, char *text)
{
    char hex[2 * KEY_BYTES + 1];
    size_t n;

    sodium_bin2hex(hex, sizeof hex, k->bytes, KEY_BYTES);
    n = (size_t)snprintf(text, FILE_MOST, "%shash %s\n", heading, hex);
    for (int v = k->oldest; v <= k->newest; v++) {
        sodium_bin2hex(hex, sizeof hex, version_at(k, v), KEY_BYTES);
        n += (size_t)snprintf(text + n, FILE_MOST - n, "seal %d %s\n", v, hex);
    }
    sodium_memzero(hex, sizeof hex);
    return n;
}

/* ---- reading and writing it ------------------------------------------------------- */

/* Written under another name first: a kill half-way leaves no half key. */
static bool
write_part(struct job *j, const char *part, const void *bytes, size_t n)
{
    int fd = open_file(j, part, O_WRONLY | O_CREAT | O_TRUNC);

    return fd >= 0 && write(fd, bytes, n) == (ssize_t)n && fsync(fd) == 0;
}

static const char *
part_of(struct job *j, const char *path)
{
    return job_format(j, "%s.%ld", path, (long)getpid());
}

static enum err
key_make(struct job *j, const char *path)
{
    const char *part = part_of(j, path);
    unsigned char fresh[KEY_BYTES];
    bool ok;

    randombytes_buf(fresh, sizeof fresh);
    ok = write_part(j, part, fresh, sizeof fresh);
    sodium_memzero(fresh, sizeof fresh);
    /* link() and not rename(): of two programs starting at once the first wins */
    if (ok && link(part, path) && errno != EEXIST)
        ok = false;
    unlink(part);
    return ok ? OK : cannot(j, path, strerror(errno));
}

/* The name is on disk too when this returns: what is sealed with it afterwards can be read. */
static enum err
key_write(struct job *j, struct key *k)
{
    const char *path = key_path(j, k->home), *part = part_of(j, path);
    char text[FILE_MOST];
    size_t n = print(k, text);
    int folder = open_file(j, k->home, O_RDONLY | O_DIRECTORY);
    bool ok = folder >= 0 && write_part(j, part, text, n) && !rename(part, path) &&
              !fsync(folder);

    sodium_memzero(text, sizeof text);
    return ok ? OK : cannot(j, path, strerror(errno));
}

/* All of a file of at most FILE_MOST bytes, and a closing NUL; *n 0: it holds something else. */
static enum err
read_secret(struct job *j, const char *path, char *text, size_t *n, bool *missing)
{
    int fd = open_file(j, path, O_RDONLY);
    struct stat st;
    ssize_t got;

    *n = 0;
    *missing = fd < 0 && errno == ENOENT;
    if (*missing)
        return OK;
    if (fd < 0 || fstat(fd, &st))
        return cannot(j, path, strerror(errno));
    if (st.st_mode & 077)
        return cannot(j, path, "may be read by others");
    got = read(fd, text, FILE_MOST);
    *n = got > 0 && got == st.st_size ? (size_t)got : 0;
    text[*n] = '\0';
    return OK;
}

static enum err
key_read(struct job *j, const char *path, struct key *out, bool *missing)
{
    char text[FILE_MOST + 1];
    size_t n;
    enum err e = read_secret(j, path, text, &n, missing);
    bool ok = !e && n && parse(text, n, out);

    sodium_memzero(text, sizeof text);
    return e || *missing || ok ? e : cannot(j, path, "does not hold a key");
}

enum err
key_seed(struct job *j, const char *path, bool make, unsigned char *out)
{
    char text[FILE_MOST + 1];
    size_t n = 0;
    bool missing = false;
    enum err e = sodium_init() < 0 ? err_set(j, ERR_ENV, "the cryptographic library cannot start")
                                   : read_secret(j, path, text, &n, &missing);

    if (!e && missing && make && !(e = key_make(j, path)))
        e = read_secret(j, path, text, &n, &missing);
    if (!e && n == KEY_BYTES)
        memcpy(out, text, KEY_BYTES);
    sodium_memzero(text, sizeof text);
    if (!e && missing)
        return err_set(j, ERR_NOT_FOUND, "there is no key file %s", path);
    return e || n == KEY_BYTES ? e : cannot(j, path, "does not hold a key");
}

enum err
key_load(struct job *j, const char *home, struct key *out)
{
    const char *path = key_path(j, home);
    bool missing;
    enum err e;

    memset(out, 0, sizeof *out);
    if (sodium_init() < 0)
        return err_set(j, ERR_ENV, "the cryptographic library cannot start");
    if (strlen(home) >= sizeof out->home)
        return cannot(j, path, "has too long a name");
    snprintf(out->home, sizeof out->home, "%s", home);
    e = key_read(j, path, out, &missing);
    if (e || !missing)
        return e;
    e = key_make(j, path);
    if (!e)
        e = key_read(j, path, out, &missing);
    return e ? e : missing ? cannot(j, path, "vanished") : OK;
}

enum err
key_add_version(struct job *j, struct key *k)
{
    if (k->newest - k->oldest + 1 >= KEY_VERSIONS) {
        err_set(j, ERR_CONFLICT, "the key file holds %d versions already", KEY_VERSIONS);
        return err_hint(j, "\"rooted key forget\" drops those that this database does not need.");
    }
    k->newest++;
    randombytes_buf(version_at(k, k->newest), KEY_BYTES);
    return key_write(j, k);
}

enum err
key_forget(struct job *j, struct key *k, int oldest)
{
    for (; k->oldest < oldest && k->oldest < k->newest; k->oldest++)
        sodium_memzero(version_at(k, k->oldest), KEY_BYTES);
    return key_write(j, k);
}

/* ---- using it ------------------------------------------------------------------------ */

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
