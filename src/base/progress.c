#include "base/progress.h"
#include "base/text.h"
#include <sys/ioctl.h>
#include <unistd.h>

enum { TENTH = 100 * 1000, BAR = 24, SECOND = 1000 * 1000 };

/* Microseconds.  The coarse clock is read in a few nanoseconds, so every row may ask. */
static int64_t
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * SECOND + t.tv_nsec / 1000;
}

void
progress_begin(struct progress *p, const char *what, const char *unit, int64_t total)
{
    p->what = what;
    p->unit = unit;
    p->done = 0;
    p->total = total;
    p->started = now();
    p->shown = 0;
    p->terminal = isatty(STDERR_FILENO) != 0;
}

/* "4 s", "2 min 5 s", "1 h 4 min". */
static const char *
duration(int64_t us, char *buf)
{
    long long s = us / SECOND;

    if (s < 60)
        snprintf(buf, TEXT_NUMBER, "%lld s", s);
    else if (s < 3600)
        snprintf(buf, TEXT_NUMBER, "%lld min %lld s", s / 60, s % 60);
    else
        snprintf(buf, TEXT_NUMBER, "%lld h %lld min", s / 3600, s / 60 % 60);
    return buf;
}

static int
terminal_width(void)
{
    struct winsize w;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40 ? w.ws_col : 80;
}

/* "[#####.....] 40 %  20,000 rows, 12,000 a second, 3 s left", no wider than the line. */
static void
draw_bar(const struct progress *p, int64_t at)
{
    char line[512], done[TEXT_NUMBER], rate[TEXT_NUMBER], left[TEXT_NUMBER], bar[BAR + 1];
    int64_t spent = at - p->started;
    int64_t a_second = spent > 0 ? (int64_t)((double)p->done * SECOND / (double)spent) : 0;
    int64_t part = p->total > 0 && p->done < p->total ? p->done : p->total;
    int filled = p->total > 0 ? (int)((double)part / (double)p->total * BAR) : 0;

    text_count(p->done, done);
    text_count(a_second, rate);
    memset(bar, '.', BAR);
    memset(bar, '#', (size_t)filled);
    bar[BAR] = '\0';
    if (p->total > 0)
        snprintf(line, sizeof line, "%s [%s] %d %%  %s %s, %s a second, %s left", p->what, bar,
                 (int)((double)part * 100 / (double)p->total), done, p->unit, rate,
                 a_second > 0 ? duration((p->total - part) * SECOND / a_second, left) : "?");
    else
        snprintf(line, sizeof line, "%s  %s %s, %s a second", p->what, done, p->unit, rate);
    fprintf(stderr, "\r%.*s\033[K", terminal_width() - 1, line);
}

static int64_t
tenths(const struct progress *p, int64_t done)
{
    return p->total > 0 ? (int64_t)((double)done * 10 / (double)p->total) : 0;
}

static void
print_tenth(const struct progress *p)
{
    char done[TEXT_NUMBER], total[TEXT_NUMBER];

    fprintf(stderr, "%s: %d %%, %s of %s %s\n", p->what, (int)tenths(p, p->done) * 10,
            text_count(p->done, done), text_count(p->total, total), p->unit);
}

void
progress_add(struct progress *p, int64_t n)
{
    int64_t before = p->done, at;

    p->done += n;
    if (p->quiet && !p->tell)
        return;
    if (!p->tell && !p->terminal) {
        if (tenths(p, p->done) > tenths(p, before) && p->done < p->total)
            print_tenth(p);
        return;
    }
    at = now();
    if (at - p->shown < TENTH)
        return;
    p->shown = at;
    if (p->tell)
        p->tell(p->arg, p->done, p->total);
    else
        draw_bar(p, at);
}

void
progress_end(struct progress *p)
{
    char done[TEXT_NUMBER], spent[TEXT_NUMBER];

    if (p->tell)
        p->tell(p->arg, p->done, p->total);
    else if (!p->quiet)
        fprintf(stderr, "%s%s: %s %s in %s%s\n", p->terminal ? "\r" : "", p->what,
                text_count(p->done, done), p->unit, duration(now() - p->started, spent),
                p->terminal ? "\033[K" : "");
}
