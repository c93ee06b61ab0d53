#include "returns/cut_short.h"
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Within a signal only plain system calls are allowed: the list of maps is read byte by byte,
 * and nothing is allocated. */

/* A line of /proc/self/maps: "7f00-7f08 r--p 00000000 08:01 1234   /path". */
struct map_line {
    uintptr_t from, to;
    char rights[4];
    char file[64]; /* device and inode */
};
struct map_list {
    int fd;
    size_t at, n;
    char bytes[4096];
};

static int
next_byte(struct map_list *l)
{
    if (l->at == l->n) {
        ssize_t n = read(l->fd, l->bytes, sizeof l->bytes);
        if (n <= 0)
            return -1;
        l->n = (size_t)n;
        l->at = 0;
    }
    return (unsigned char)l->bytes[l->at++];
}

/* A number in hexadecimal, and the byte behind it. */
static uintptr_t
next_address(struct map_list *l)
{
    uintptr_t x = 0;

    for (;;) {
        int c = next_byte(l);
        if (c >= '0' && c <= '9')
            x = x << 4 | (uintptr_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            x = x << 4 | (uintptr_t)(c - 'a' + 10);
        else
            return x;
    }
}

static bool
next_line(struct map_list *l, struct map_line *out)
{
    size_t n = 0;
    int c, words = 0;

    memset(out, 0, sizeof *out);
    out->from = next_address(l);
    out->to = next_address(l);
    for (size_t i = 0; i < sizeof out->rights; i++)
        out->rights[i] = (char)next_byte(l);
    next_byte(l);
    while ((c = next_byte(l)) >= 0 && c != '\n') {
        words += c == ' '; /* the first of three is the place in the file */
        if (words && words < 3 && n + 1 < sizeof out->file)
            out->file[n++] = (char)c;
    }
    return c == '\n';
}

static bool
list_again(struct map_list *l)
{
    l->at = l->n = 0;
    return lseek(l->fd, 0, SEEK_SET) == 0;
}

/* The map that this address lies in, if it is one of ours. */
static bool
find_ours(struct map_list *l, uintptr_t at, struct map_line *out)
{
    struct map_line x;

    do
        if (!next_line(l, out))
            return false;
    while (at < out->from || at >= out->to);
    if (memcmp(out->rights, "r--p", sizeof out->rights) != 0 || !list_again(l))
        return false;
    while (next_line(l, &x))
        if (x.rights[2] == 'x' && !strcmp(x.file, out->file))
            return false; /* a program or a library */
    return true;
}

static bool
put_zeros(uintptr_t at)
{
    struct map_list list = {.fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct map_line map;
    bool ours = list.fd >= 0 && find_ours(&list, at, &map);

    if (list.fd >= 0)
        close(list.fd);
    at = at / page * page;
    return ours && mmap((void *)at, map.to - at, PROT_READ,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

static void
on_bus(int number, siginfo_t *what, void *context)
{
    (void)context;
    if (what->si_code == BUS_ADRERR && put_zeros((uintptr_t)what->si_addr))
        return;
    signal(number, SIG_DFL);
    raise(number);
}

void
returns_outlive_cuts(void)
{
    struct sigaction a = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};

    sigemptyset(&a.sa_mask);
    sigaction(SIGBUS, &a, NULL);
}
