#include "cli/sandbox.h"
#include <asm/ioctls.h>
#include <errno.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* By name: a name that this machine's kind does not have is passed over. */
static const char *const allowed[] = {
    /* files below the folders that the unit leaves writable */
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2",
    "pwritev2", "lseek", "_llseek", "open", "openat", "close", "close_range", "stat", "stat64",
    "fstat", "fstat64", "lstat", "lstat64", "newfstatat", "fstatat64", "statx", "access",
    "faccessat", "faccessat2", "getdents64", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat",
    "rename", "renameat", "renameat2", "link", "linkat", "readlink", "readlinkat", "chmod",
    "fchmod", "fchmodat", "fchown", "fchown32", "ftruncate", "ftruncate64", "fallocate", "fsync",
    "fdatasync", "utimensat", "fcntl", "fcntl64", "flock", "dup", "dup2", "dup3", "statfs",
    "statfs64", "fstatfs", "fstatfs64", "getcwd", "umask", "fadvise64", "copy_file_range",
    "sendfile", "sendfile64",
    /* waiting */
    "poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6", "epoll_create1",
    "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2", "pipe", "pipe2", "nanosleep",
    "clock_nanosleep", "clock_nanosleep_time64", "restart_syscall",
    /* memory, time, numbers by chance */
    "brk", "munmap", "mremap", "madvise", "msync", "mincore", "membarrier", "clock_gettime",
    "clock_gettime64", "clock_getres", "gettimeofday", "time", "times", "getrandom", "sysinfo",
    "uname", "getrlimit", "ugetrlimit", "getrusage",
    /* threads and signals of one's own */
    "futex", "futex_time64", "set_robust_list", "get_robust_list", "rseq", "set_tid_address",
    "sched_yield", "sched_getaffinity", "getcpu", "setpriority", "exit", "exit_group", "gettid",
    "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getuid32", "geteuid32",
    "getgid32", "getegid32", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait",
    "rt_sigtimedwait_time64", "sigaltstack",
    /* connections: of browsers, to the database, the mail server, syslog */
    "connect", "bind", "accept", "accept4", "getsockname", "getpeername", "getsockopt",
    "setsockopt", "shutdown", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg",
    "listen",
};

/* None of these is an accident. */
static const char *const fatal[] = {
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
    "mount", "umount2", "pivot_root", "chroot", "setns", "unshare", "init_module", "finit_module",
    "delete_module", "kexec_load", "kexec_file_load", "bpf", "perf_event_open", "userfaultfd",
    "keyctl", "add_key", "request_key", "setuid", "setgid", "setreuid", "setresuid", "personality",
    "io_uring_setup", "reboot", "swapon", "swapoff", "iopl", "ioperm",
};

static void
let_go(void *arg)
{
    seccomp_release(arg);
}

static int
add_names(scmp_filter_ctx f, uint32_t action, const char *const *v, size_t n)
{
    int wrong = 0;

    for (size_t i = 0; i < n && !wrong; i++) {
        int call = seccomp_syscall_resolve_name(v[i]);
        if (call != __NR_SCMP_ERROR)
            wrong = seccomp_rule_add(f, action, call, 0);
        if (wrong == -EDOM) /* not of this machine's kind */
            wrong = 0;
    }
    return wrong;
}

/* Allowed where argument `at` is `value` in the bits of `mask`. */
static int
add_where(scmp_filter_ctx f, const char *name, unsigned at, uint64_t mask, uint64_t value)
{
    int call = seccomp_syscall_resolve_name(name), wrong;

    if (call == __NR_SCMP_ERROR)
        return 0;
    wrong = seccomp_rule_add(f, SCMP_ACT_ALLOW, call, 1,
                             SCMP_CMP(at, SCMP_CMP_MASKED_EQ, mask, value));
    return wrong == -EDOM ? 0 : wrong;
}

/* A thread is of this process; glibc takes "clone" where "clone3" is not known. */
static int
add_threads(scmp_filter_ctx f)
{
    int wrong = add_where(f, "clone", 0, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM);

    if (!wrong)
        wrong = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (!wrong)
        wrong = add_where(f, "tgkill", 0, UINT64_MAX, (uint64_t)getpid());
    if (!wrong)
        wrong = add_where(f, "prlimit64", 0, UINT64_MAX, 0);
    return wrong ? wrong : add_where(f, "prctl", 0, UINT64_MAX, PR_SET_NAME);
}

/* Libraries are mapped to be run, never to be written and run. */
static int
add_memory(scmp_filter_ctx f)
{
    static const char *const maps[] = {"mmap", "mmap2"};
    int wrong = add_where(f, "mprotect", 2, PROT_EXEC, 0);

    for (size_t i = 0; i < sizeof maps / sizeof *maps && !wrong; i++) {
        wrong = add_where(f, maps[i], 2, PROT_EXEC, 0);
        if (!wrong)
            wrong = add_where(f, maps[i], 2, PROT_EXEC | PROT_WRITE, PROT_EXEC);
    }
    return wrong;
}

/* Netlink is how the resolver asks which addresses there are; other kinds nobody needs. */
static int
add_sockets(scmp_filter_ctx f)
{
    static const uint64_t families[] = {AF_UNIX, AF_INET, AF_INET6};
    static const uint64_t controls[] = {FIONREAD, FIONBIO, TCGETS};
    int wrong = add_where(f, "socketpair", 0, UINT64_MAX, AF_UNIX);

    for (size_t i = 0; i < sizeof families / sizeof *families && !wrong; i++)
        wrong = add_where(f, "socket", 0, UINT64_MAX, families[i]);
    if (!wrong)
        wrong = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2,
                                 SCMP_CMP(0, SCMP_CMP_MASKED_EQ, UINT64_MAX, AF_NETLINK),
                                 SCMP_CMP(2, SCMP_CMP_MASKED_EQ, UINT64_MAX, NETLINK_ROUTE));
    for (size_t i = 0; i < sizeof controls / sizeof *controls && !wrong; i++)
        wrong = add_where(f, "ioctl", 1, UINT32_MAX, controls[i]);
    return wrong;
}

static int
load(scmp_filter_ctx f)
{
    int wrong = seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1);

    if (!wrong)
        wrong = add_names(f, SCMP_ACT_ALLOW, allowed, sizeof allowed / sizeof *allowed);
    if (!wrong)
        wrong = add_names(f, SCMP_ACT_KILL_PROCESS, fatal, sizeof fatal / sizeof *fatal);
    if (!wrong)
        wrong = add_threads(f);
    if (!wrong)
        wrong = add_memory(f);
    if (!wrong)
        wrong = add_sockets(f);
    return wrong ? wrong : seccomp_load(f);
}

bool
sandbox_is_built(void)
{
    return !SANITIZED;
}

enum err
sandbox_enter(struct job *j)
{
    struct cleanup *end;
    scmp_filter_ctx f;
    int wrong;

    if (!sandbox_is_built())
        return OK;
    end = job_on_end(j, let_go);
    f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    end->arg = f;
    wrong = f ? load(f) : -ENOMEM;
    if (!wrong)
        return OK;
    err_set(j, ERR_ENV, "the calls to the kernel cannot be restricted");
    err_hint(j, "A kernel with seccomp is needed; Debian's has it.");
    return err_detail(j, "seccomp: %s", strerror(-wrong));
}
