#include "work/post.h"
#include "base/date.h"
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECONDS_MOST = 30, CONNECT_SECONDS = 10 };
#define DAY_US ((int64_t)24 * 3600 * 1000000)

/* ---- the message ---------------------------------------------------------------------------- */

/* "Mon, 16 Jun 2025 09:00:00 +0000", as RFC 5322 wants it. */
static const char *
date_of(struct job *j, int64_t at)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int32_t day = (int32_t)(at / DAY_US);
    int second = (int)(at % DAY_US / 1000000);
    struct ymd d = date_to_ymd(day);

    return job_format(j, "%s, %d %s %d %02d:%02d:%02d +0000", days[date_weekday(day)], (int)d.day,
                      months[d.month - 1], (int)d.year, second / 3600, second / 60 % 60,
                      second % 60);
}

static const char *
with_crlf(struct job *j, const char *text)
{
    char *out = job_alloc(j, 2 * strlen(text) + 1), *at = out;

    for (; *text; text++) {
        if (*text == '\n')
            *at++ = '\r';
        *at++ = *text;
    }
    return out;
}

const char *
post_message(struct job *j, const struct post_way *way, const struct letter *l)
{
    return job_format(j,
                      "Date: %s\r\nFrom: RootED <%s>\r\nTo: <%s>\r\nSubject: %s\r\n"
                      "Message-ID: <%s.%lld@rooted.invalid>\r\nAuto-Submitted: auto-generated\r\n"
                      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n"
                      "Content-Transfer-Encoding: 7bit\r\n\r\n%s",
                      date_of(j, l->at), way->from, l->to, l->subject, l->id, (long long)l->made,
                      with_crlf(j, l->text));
}

/* ---- into a folder --------------------------------------------------------------------------- */

static void
close_file(void *fd)
{
    close((int)(intptr_t)fd - 1);
}

static enum err
file_failed(struct job *j, const char *path)
{
    err_set(j, ERR_ENV, "the folder for mail could not be written: %s", strerror(errno));
    err_detail(j, "%s", path);
    return err_hint(j, "Is the disk full, or the folder another user's?");
}

static bool
write_all(int fd, const char *s, size_t n)
{
    while (n) {
        ssize_t went = write(fd, s, n);
        if (went < 0 && errno == EINTR)
            continue;
        if (went <= 0)
            return false;
        s += went;
        n -= (size_t)went;
    }
    return !fsync(fd);
}

/* Under another name until it is whole; one of that name from a try that died is written over. */
static enum err
into_folder(struct job *j, const struct post_way *way, const struct letter *l)
{
    const char *message = post_message(j, way, l);
    const char *path = job_format(j, "%s/%s.eml", way->folder, l->id);
    const char *part = job_format(j, "%s.part", path);
    struct cleanup *c = job_on_end(j, close_file);
    int fd;

    if (mkdir(way->folder, 0700) && errno != EEXIST)
        return file_failed(j, way->folder);
    fd = open(part, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return file_failed(j, part);
    c->arg = (void *)(intptr_t)(fd + 1);
    if (!write_all(fd, message, strlen(message)) || rename(part, path))
        return file_failed(j, path);
    return OK;
}

/* ---- to a server ----------------------------------------------------------------------------- */

struct sending {
    const char *at;
    size_t left;
};

/* callback of libcurl: no jump out of it */
static size_t
give(char *to, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    size_t most = size * n < s->left ? size * n : s->left;

    memcpy(to, s->at, most);
    s->at += most;
    s->left -= most;
    return most;
}

static void
end_curl(void *curl)
{
    curl_easy_cleanup(curl);
}

static void
end_list(void *list)
{
    curl_slist_free_all(list);
}

/* On this machine nobody listens between. */
static bool
is_here(const char *server)
{
    static const char *const here[] = {"smtp://127.0.0.1", "smtp://localhost", "smtp://[::1]"};

    for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
        size_t n = strlen(here[i]);
        if (!strncmp(server, here[i], n) && (!server[n] || server[n] == ':' || server[n] == '/'))
            return true;
    }
    return false;
}

static void
set_way(CURL *c, const struct post_way *way, struct sending *s)
{
    curl_easy_setopt(c, CURLOPT_URL, way->server);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_USE_SSL,
                     (long)(is_here(way->server) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)SECONDS_MOST);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    if (way->user)
        curl_easy_setopt(c, CURLOPT_USERNAME, way->user);
    if (way->user && way->password)
        curl_easy_setopt(c, CURLOPT_PASSWORD, way->password);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(c, CURLOPT_READDATA, (void *)s);
}

static enum err
did_not_go(struct job *j, const struct sending *s, CURLcode code, long answer)
{
    if (answer < 400 && !s->left) {
        err_set(j, ERR_CONFLICT, "The mail server had all of it and gave no answer");
        return err_hint(j, "Ask who runs that server whether it went.");
    }
    if (answer >= 400)
        err_set(j, ERR_ENV, "The mail server did not take it (it answered %ld)", answer);
    else
        err_set(j, ERR_ENV, "The mail server was not reached: %s", curl_easy_strerror(code));
    return err_hint(j, "See \"rooted setup\" for mail-server, and ask who runs that server.");
}

static enum err
to_server(struct job *j, const struct post_way *way, const struct letter *l)
{
    struct cleanup *on_curl = job_on_end(j, end_curl), *on_list = job_on_end(j, end_list);
    const char *message = post_message(j, way, l);
    struct sending s = {message, strlen(message)};
    const char *from = job_format(j, "<%s>", way->from), *to = job_format(j, "<%s>", l->to);
    CURLcode code;
    CURL *c = on_curl->arg = curl_easy_init();
    struct curl_slist *list = on_list->arg = curl_slist_append(NULL, to);
    long answer = 0;

    if (!c || !list)
        return err_set(j, ERR_BUSY, "There was no memory for a mail");
    set_way(c, way, &s);
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, list);
    code = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answer);
    return code == CURLE_OK ? OK : did_not_go(j, &s, code, answer);
}

enum err
post_carry(struct job *j, const struct post_way *way, const struct letter *l)
{
    struct scope s;
    enum err e;

    if (way->server && (strncmp(way->server, "smtp", 4) || !way->from || !strchr(way->from, '@'))) {
        err_set(j, ERR_INPUT, "Mail is not set up: it wants mail-server and mail-from");
        return err_hint(j, "rooted setup --mail-server smtp://… --mail-from address");
    }
    s = job_scope_begin(j);
    e = way->server ? to_server(j, way, l) : into_folder(j, way, l);
    job_scope_end(j, s);
    return e;
}
