/* SPDX-License-Identifier: MIT
 *
 * Starting pppd, so that its link belongs to the system: a session of its own, a parent that is gone,
 * and a log that it can lose. The program around us neither sees nor reaps it: the process between the
 * two ends without a signal, and no wait() but ours asks for it.
 */
#ifdef __linux__
#define _GNU_SOURCE

#include "pppd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal /* headers older than Linux 5.9; the numbers are the same everywhere */
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* The descriptors of the new pppd: nothing to read, its log twice, its options, news until exec. */
enum { NEWS_NUMBER = 4 };

/* Between fork and exec only system calls are made. */
struct birth {
    char *const *arguments;
    int null, log, options, go, go_in, news;
};

static void restore_signals(void)
{
    sigset_t none;
    int number;

    for (number = 1; number < NSIG; number++)
        signal(number, SIG_DFL); /* refused for some, which are as they should be */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int take(int descriptor, int number)
{
    return dup2(descriptor, number) == number ? 0 : -1;
}

/* pppd itself, as soon as its parent's parent has a hold of it. Tells errno where it can't begin. */
static void become_pppd(const struct birth *birth)
{
    static char *const environment[] = {"LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    int error;
    char go;

    close(birth->go_in); /* so that a parent's parent that has died ends this wait */
    if (read(birth->go, &go, 1) != 1)
        _exit(127);
    restore_signals();
    setpgid(0, 0); /* a group for process_end(); no session, or a tty would become the controlling one */
    umask(022);
    if (chdir("/") == 0 && take(birth->null, 0) == 0 && take(birth->log, 1) == 0 &&
        take(birth->log, 2) == 0 && take(birth->options, 3) == 0 &&
        take(birth->news, NEWS_NUMBER) == 0 && fcntl(NEWS_NUMBER, F_SETFD, FD_CLOEXEC) == 0 &&
        syscall(SYS_close_range, NEWS_NUMBER + 1, ~0u, 0) == 0)
        execve(PPPD, birth->arguments, environment);
    error = errno;
    (void)!write(NEWS_NUMBER, &error, sizeof error);
    _exit(127);
}

/* The system call itself: what fork() does beside it takes locks that another thread may hold.
 * With signal 0 the parent gets none when the child ends, and only a wait() with __WALL tells of it. */
static pid_t fork_bare(unsigned long signal)
{
    return (pid_t)syscall(SYS_clone, signal, NULL, NULL, NULL, NULL);
}

/* The process between: pppd gets another parent as this one ends. */
static void bear(const struct birth *birth)
{
    pid_t child;

    setsid();
    child = fork_bare(SIGCHLD);
    if (child == 0)
        become_pppd(birth);
    (void)!write(birth->news, &child, sizeof child);
    _exit(0);
}

static int read_all(int descriptor, void *to, size_t bytes)
{
    ssize_t got;

    do
        got = read(descriptor, to, bytes);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)bytes ? 0 : -1;
}

/* Descriptors above those that the child arranges. */
static int open_pipe(int ends[2])
{
    int low[2], i;

    if (pipe2(low, O_CLOEXEC) != 0)
        return -1;
    for (i = 0; i < 2; i++)
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 10);
    close(low[0]);
    close(low[1]);
    if (ends[0] >= 0 && ends[1] >= 0)
        return 0;
    close(ends[0]);
    close(ends[1]);
    ends[0] = ends[1] = -1;
    return -1;
}

static void close_all(int *descriptors, size_t count)
{
    while (count--)
        if (descriptors[count] >= 0)
            close(descriptors[count]);
}

static DWORD error_of(int error)
{
    return error == EACCES || error == EPERM ? ERROR_ACCESS_DENIED
           : error == ENOENT                 ? ERROR_RASMAN_CANNOT_INITIALIZE
                                             : ERROR_NOT_ENOUGH_MEMORY;
}

enum { LOG, LOG_IN, OPTIONS, OPTIONS_IN, GO, GO_IN, NEWS, NEWS_IN, PIPE_ENDS };

static DWORD run(struct launch *launch, int *ends, int null, pid_t *pid, int *pidfd)
{
    const struct birth birth = {
        .arguments = (char *const *)launch->arguments,
        .null = null,
        .log = ends[LOG_IN],
        .options = ends[OPTIONS],
        .go = ends[GO],
        .go_in = ends[GO_IN],
        .news = ends[NEWS_IN],
    };
    pid_t between;
    int error;

    /* The options fit into the pipe, so that nobody has to read them yet. */
    if (write(ends[OPTIONS_IN], launch->options, launch->option_bytes) !=
        (ssize_t)launch->option_bytes)
        return ERROR_NOT_ENOUGH_MEMORY;
    close(ends[OPTIONS_IN]);
    ends[OPTIONS_IN] = -1;
    between = fork_bare(0);
    if (between == 0)
        bear(&birth);
    if (between < 0)
        return ERROR_NOT_ENOUGH_MEMORY;
    while (waitpid(between, NULL, __WALL) < 0 && errno == EINTR)
        ;
    close(ends[NEWS_IN]);
    ends[NEWS_IN] = -1;
    if (read_all(ends[NEWS], pid, sizeof *pid) != 0 || *pid <= 0)
        return ERROR_NOT_ENOUGH_MEMORY;
    *pidfd = process_open(*pid); /* it waits for us, so this is no other process */
    if (*pidfd < 0)
        return ERROR_CALL_NOT_IMPLEMENTED; /* Linux before 5.3 */
    if (write(ends[GO_IN], "", 1) != 1)
        return ERROR_NOT_ENOUGH_MEMORY;
    return read_all(ends[NEWS], &error, sizeof error) == 0 ? error_of(error) : ERROR_SUCCESS;
}

DWORD process_start(struct launch *launch, pid_t *pid, int *pidfd, int *log)
{
    int ends[PIPE_ENDS] = {-1, -1, -1, -1, -1, -1, -1, -1};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    int i, opened = 1;

    *pidfd = *log = -1;
    for (i = 0; i < PIPE_ENDS; i += 2)
        opened = opened && open_pipe(&ends[i]) == 0;
    /* A log that nobody reads must not stop pppd: it loses lines, then it gives the log up. */
    if (null >= 0 && opened && fcntl(ends[LOG_IN], F_SETFL, O_NONBLOCK) == 0 &&
        fcntl(ends[LOG], F_SETFL, O_NONBLOCK) == 0)
        error = run(launch, ends, null, pid, pidfd);
    if (!error) {
        *log = ends[LOG];
        ends[LOG] = -1;
    } else if (*pidfd >= 0) {
        close(*pidfd);
        *pidfd = -1;
    }
    close_all(ends, PIPE_ENDS);
    if (null >= 0)
        close(null);
    return error;
}

int process_open(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* Linux's struct pidfd_info, as old as its answer to PIDFD_INFO_EXIT: 6.15. */
struct exit_info {
    uint64_t mask;
    uint64_t group;
    uint32_t ids[11];
    int32_t status;
};

int process_exit_status(int pidfd)
{
    const uint64_t wanted = 1 << 3; /* PIDFD_INFO_EXIT */
    struct exit_info info = {.mask = wanted};

    if (ioctl(pidfd, _IOWR(0xFF, 11, struct exit_info), &info) != 0 || !(info.mask & wanted) ||
        !WIFEXITED(info.status))
        return -1;
    return WEXITSTATUS(info.status);
}

int process_signal(const struct ppp_link *link, int signal)
{
    return (int)syscall(SYS_pidfd_send_signal, link->pidfd, signal, NULL, 0);
}

void process_end(const struct ppp_link *link, int signal)
{
    int is_connecting = !(link->announced & 1u << RASCS_DeviceConnected);

    /* An adopted pppd may be in the group of the shell that started it. As long as pppd lives, its number
     * is that of its group and of no other. */
    if (!link->adopted && (is_connecting || signal == SIGKILL) && process_signal(link, 0) == 0)
        kill(-link->pid, signal);
    else
        process_signal(link, signal);
}

#endif
