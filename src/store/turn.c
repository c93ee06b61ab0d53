#include "store/turn.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int
turn_open(struct job *j, const char *path)
{
    char name[4096];
    int fd = -1;

    if (snprintf(name, sizeof name, "%s.writer.lock", path) < (int)sizeof name)
        fd = open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_set(j, ERR_ENV, "the database %.300s cannot be written", path);
        err_hint(j, "Check that you may write in its folder.");
        err_detail(j, "writer.lock: %s", strerror(errno));
    }
    return fd;
}

int64_t
turn_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

enum err
turn_busy_error(struct job *j)
{
    err_set(j, ERR_BUSY, "another program kept the database for more than ten seconds");
    return err_hint(j, "Try again; if it stays so, look for a load that hangs.");
}

/* Asked again and again rather than waited for: a wait by flock() knows no end. */
enum err
turn_take(struct job *j, int fd)
{
    int64_t until = 0;

    while (flock(fd, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return OK; /* no locks here: then without turns, as SQLite alone has it */
        if (!until)
            until = turn_clock() + TURN_WAIT_US;
        if (turn_clock() > until)
            return turn_busy_error(j);
        usleep(TURN_POLL_US);
    }
    return OK;
}

bool
turn_is_taken(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB))
        return errno == EWOULDBLOCK;
    turn_give(fd);
    return false;
}

void
turn_give(int fd)
{
    flock(fd, LOCK_UN);
}
