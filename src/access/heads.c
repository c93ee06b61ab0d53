#include "access/heads.h"
#include "access/key.h"
#include "access/setting.h"
#include "store/db.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

enum err
heads_key(struct job *j, const char *home, bool make, unsigned char *public, unsigned char *secret)
{
    unsigned char seed[KEY_BYTES];
    enum err e = key_seed(j, job_format(j, "%s/audit-key", home), make, seed);

    if (!e)
        crypto_sign_seed_keypair(public, secret, seed);
    sodium_memzero(seed, sizeof seed);
    return e;
}

static const char *
folder(struct job *j, const char *home)
{
    return job_format(j, "%s/heads", home);
}

const char *
heads_path(struct job *j, const char *home)
{
    return job_format(j, "%s/audit.heads", folder(j, home));
}

/* ---- the file --------------------------------------------------------------------------- */

static void
close_fd(void *arg)
{
    close(*(int *)arg);
}

static enum err
cannot(struct job *j, const char *path)
{
    err_set(j, ERR_ENV, "the signed heads of the audit cannot be written to %s: %s", path,
            strerror(errno));
    return err_hint(j, "Only the account running rooted may write there; look for space on the "
                       "disk.");
}

/* A line whose writer was stopped half-way is taken away: its head was never told to anybody. */
static bool
end_is_whole(int fd)
{
    char tail[CHAIN_HEAD_LINE];
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = size > (off_t)sizeof tail ? size - (off_t)sizeof tail : 0;
    ssize_t n = size < 0 ? -1 : pread(fd, tail, sizeof tail, from);
    const char *last = n > 0 ? memrchr(tail, '\n', (size_t)n) : NULL;
    off_t whole = last ? from + (last - tail) + 1 : from;

    return n == 0 || (n > 0 && (whole == size || !ftruncate(fd, whole)));
}

static enum err
open_heads(struct job *j, const char *home, int *fd)
{
    const char *path = heads_path(j, home);
    int *kept = job_alloc(j, sizeof *kept);
    struct cleanup *end = job_on_end(j, close_fd);

    if (mkdir(folder(j, home), 0700) && errno != EEXIST)
        return cannot(j, path);
    *fd = *kept = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*fd < 0)
        return cannot(j, path);
    end->arg = kept;
    return end_is_whole(*fd) ? OK : cannot(j, path);
}

/* ---- signing ---------------------------------------------------------------------------- */

/* Is there something new in this area?  Then it is known from now on. */
static bool
is_new(struct heads_known *k, int64_t area, int64_t id)
{
    size_t i = 0;

    while (i < k->n && k->v[i].area != area)
        i++;
    if (i < k->n && k->v[i].id >= id)
        return false;
    if (i < sizeof k->v / sizeof *k->v) { /* an area too many is signed each time */
        k->v[i].area = area;
        k->v[i].id = id;
        k->n += i == k->n;
    }
    return true;
}

static void
time_now(const struct job *j, char *out)
{
    time_t seconds = (time_t)(j->now / 1000000);
    struct tm t;

    gmtime_r(&seconds, &t);
    strftime(out, CHAIN_TIME, "%Y-%m-%dT%H:%M:%SZ", &t);
}

static const char sql_heads[] =
    "SELECT area_id, next_id - 1, chain, hash FROM audit_head "
    "WHERE area_id > -1000000 AND next_id > 1 AND hash IS NOT NULL ORDER BY area_id";

struct signing {
    struct heads_known known; /* as it will be when the lines are on disk */
    unsigned char secret[CHAIN_SECRET];
    char *text;
    size_t n, lines;
};

static enum err
sign_all(struct job *j, struct signing *s)
{
    struct chain_head h = {.area = 0};
    struct rows q;

    time_now(j, h.time);
    db_ask(j, &q, sql_heads, NO_ARGS);
    while (db_next(&q)) {
        size_t length, n;
        const char *hash;
        h.area = row_int(&q, 0);
        h.id = row_int(&q, 1);
        snprintf(h.name, sizeof h.name, "%s", row_text(&q, 2));
        hash = row_peek(&q, 3, &length);
        if (length != CHAIN_HASH || !is_new(&s->known, h.area, h.id))
            continue;
        memcpy(h.hash, hash, CHAIN_HASH);
        s->text = job_grow(j, s->text, s->n, s->n + CHAIN_HEAD_LINE + 1);
        n = chain_head_sign(&h, s->secret, s->text + s->n);
        s->text[s->n + n] = '\n';
        s->n += n + 1;
        s->lines++;
    }
    return db_done(&q);
}

static void
tell_syslog(const struct signing *s)
{
    const char *at = s->text, *end;

    openlog("rooted", LOG_PID, LOG_AUTHPRIV);
    for (; at < s->text + s->n; at = end + 1) {
        end = memchr(at, '\n', (size_t)(s->text + s->n - at));
        syslog(LOG_NOTICE, "%.*s", (int)(end - at), at);
    }
    closelog();
}

enum err
heads_sign(struct job *j, const char *home, struct heads_known *known, size_t *n)
{
    struct signing *s = job_alloc(j, sizeof *s);
    unsigned char public[CHAIN_PUBLIC];
    struct settings all;
    int fd = -1;
    enum err e = heads_key(j, home, true, public, s->secret);

    s->known = *known;
    if (!e)
        e = sign_all(j, s);
    sodium_memzero(s->secret, sizeof s->secret);
    if (!e && s->lines)
        e = setting_list(j, &all);
    if (!e && s->lines && !(e = open_heads(j, home, &fd))) {
        if (write(fd, s->text, s->n) != (ssize_t)s->n || fsync(fd))
            return cannot(j, heads_path(j, home));
        if (!strcmp(setting_value(&all, SETTING_HEADS_SYSLOG), "yes"))
            tell_syslog(s);
    }
    if (e)
        return e;
    *known = s->known;
    if (n)
        *n = s->lines;
    return OK;
}
