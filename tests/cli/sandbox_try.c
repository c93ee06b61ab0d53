/* sandbox-try WHAT: enter the sandbox as "rooted serve" does, then do what nobody should.  Prints
 * "refused" when the kernel said no, "allowed" when it did not, and dies where that is due. */
#include "cli/sandbox.h"
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int
try_execve(void)
{
    char *const argv[] = {(char[]){"/bin/true"}, NULL};

    return execve(argv[0], argv, NULL);
}

static int
try_ptrace(void)
{
    return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int
try_fork(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return child > 0 ? waitpid(child, NULL, 0) * 0 : -1;
}

static int
try_packet(void)
{
    return socket(AF_PACKET, SOCK_RAW, 0);
}

static int
try_vsock(void)
{
    return socket(AF_VSOCK, SOCK_STREAM, 0);
}

static int
try_written_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                   -1, 0);

    return p == MAP_FAILED ? -1 : 0;
}

static int
try_later_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? 0 : mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static int
try_kill(void)
{
    return (int)syscall(SYS_kill, getppid(), 0);
}

static int
try_clock(void)
{
    struct timespec t = {1, 0};

    return clock_settime(CLOCK_REALTIME, &t);
}

static int
try_device(void)
{
    return mknod("device", S_IFCHR | 0600, 0);
}

static void *
nothing(void *arg)
{
    return arg;
}

/* What the program lives on. */
static int
try_work(void)
{
    pthread_t t;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0), tcp = socket(AF_INET, SOCK_STREAM, 0);
    FILE *f = tmpfile();

    if (fd < 0 || tcp < 0 || !f || fputs("x", f) < 0 || fflush(f))
        return -1;
    fclose(f);
    return pthread_create(&t, NULL, nothing, NULL) ? -1 : pthread_join(t, NULL);
}

/* A mail server by its name, at a port where nobody listens: "could not connect" is as far as it
 * gets, and further than a call that is refused. */
static int
try_mail(void)
{
    CURL *c = curl_easy_init();
    CURLcode got;

    if (!c)
        return -1;
    curl_easy_setopt(c, CURLOPT_URL, "smtp://localhost:1");
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 20L);
    got = curl_easy_perform(c);
    curl_easy_cleanup(c);
    errno = EPERM;
    return got == CURLE_COULDNT_CONNECT ? 0 : -1;
}

static const struct { const char *name; int (*fn)(void); } all[] = {
    {"execve", try_execve}, {"ptrace", try_ptrace}, {"fork", try_fork}, {"packet", try_packet},
    {"vsock", try_vsock}, {"written-code", try_written_code}, {"later-code", try_later_code},
    {"kill", try_kill}, {"clock", try_clock}, {"device", try_device}, {"work", try_work},
    {"mail", try_mail}};

int
main(int argc, char **argv)
{
    struct job j;

    job_init(&j, JOB_MB);
    if (sandbox_enter(&j)) {
        fprintf(stderr, "%s %s\n", j.err.message, j.err.detail);
        return 2;
    }
    for (size_t i = 0; argc > 1 && i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, argv[1]))
            continue;
        errno = 0;
        if (all[i].fn() >= 0)
            puts("allowed");
        else
            puts(errno == EPERM ? "refused" : strerror(errno));
    }
    job_end(&j);
    return 0;
}
