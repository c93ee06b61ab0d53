#include "base/log.h"
#include "base/date.h"
#include <stdarg.h>
#include <unistd.h>

enum { LINE_BYTES = 4096 };

/* Set once by main() before there is a second thread; read only after that. */
static enum log_level shown = LOG_INFO;

void
log_set_level(enum log_level most)
{
    shown = most;
}

static const char *
level_name(enum log_level level)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};

    return names[level];
}

/* "2026-11-24T10:15:02Z info event=" into buf; the bytes written. */
static size_t
put_head(char *buf, enum log_level level, const char *event)
{
    struct timespec t;
    char day[DATE_TEXT];
    int64_t second;
    int n;

    clock_gettime(CLOCK_REALTIME, &t);
    second = t.tv_sec % (24 * 60 * 60);
    date_iso((int32_t)(t.tv_sec / (24 * 60 * 60)), day);
    n = snprintf(buf, LINE_BYTES, "%sT%02d:%02d:%02dZ %s event=%s", day, (int)(second / 3600),
                 (int)(second / 60 % 60), (int)(second % 60), level_name(level), event);
    return n < 0 ? 0 : n < LINE_BYTES ? (size_t)n : LINE_BYTES - 1;
}

/* One write a line, so that lines of two threads do not mix; whatever came with a newline
 * or another control character in it stays one line. */
static void
put_line(char *line, size_t n)
{
    size_t at = 0;

    if (n > LINE_BYTES - 1)
        n = LINE_BYTES - 1;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7F)
            line[i] = ' ';
    line[n++] = '\n';
    while (at < n) {
        ssize_t done = write(STDERR_FILENO, line + at, n - at);
        if (done <= 0)
            return; /* nobody to tell */
        at += (size_t)done;
    }
}

void
log_event(enum log_level level, const char *event, const char *fmt, ...)
{
    char line[LINE_BYTES];
    size_t n;
    va_list ap;

    if (level > shown)
        return;
    n = put_head(line, level, event);
    if (fmt[0] && n + 2 < sizeof line) {
        int more;
        line[n++] = ' ';
        va_start(ap, fmt);
        more = vsnprintf(line + n, sizeof line - n, fmt, ap);
        va_end(ap);
        if (more > 0)
            n += (size_t)more < sizeof line - n ? (size_t)more : sizeof line - n - 1;
    }
    put_line(line, n);
}

static const char *
kind_name(enum err kind)
{
    switch (kind) {
    case OK:
        return "ok";
    case ERR_NOT_FOUND:
        return "not-found";
    case ERR_DENIED:
        return "denied";
    case ERR_INPUT:
        return "input";
    case ERR_USAGE:
        return "usage";
    case ERR_CONFLICT:
        return "conflict";
    case ERR_BUSY:
        return "busy";
    case ERR_ENV:
        return "environment";
    case ERR_FAULT:
        return "fault";
    }
    return "unknown";
}

/* ' key="value"', quotes inside as '. */
static size_t
put_value(char *line, size_t n, const char *key, const char *value)
{
    int more;

    if (!value[0] || n + 2 >= LINE_BYTES)
        return n;
    more = snprintf(line + n, LINE_BYTES - n, " %s=\"%s\"", key, value);
    more = more < 0 ? 0 : more < LINE_BYTES - (int)n ? more : LINE_BYTES - (int)n - 1;
    for (size_t i = n + strlen(key) + 3; i + 1 < n + (size_t)more; i++)
        if (line[i] == '"')
            line[i] = '\'';
    return n + (size_t)more;
}

/* The message may name a child or a value of the file, so that only faults of ours and of
 * the machine are told with it; the detail never holds personal data. */
void
log_error(const struct job *j, const char *event)
{
    char line[LINE_BYTES];
    bool ours = j->err.kind == ERR_FAULT || j->err.kind == ERR_ENV || j->err.kind == ERR_BUSY;
    size_t n = put_head(line, LOG_ERROR, event);

    n = put_value(line, n, "kind", kind_name(j->err.kind));
    if (j->area)
        n += (size_t)snprintf(line + n, sizeof line - n, " area=%lld", (long long)j->area);
    if (ours)
        n = put_value(line, n, "message", j->err.message);
    put_line(line, put_value(line, n, "detail", j->err.detail));
}
