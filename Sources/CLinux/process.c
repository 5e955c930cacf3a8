#define _GNU_SOURCE
#include "lab_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab_namespace.h"

struct failure {
    int stage;
    int error;
};

// Like fork, but with namespaces and a pidfd, and without glibc's fork handlers: the child execs or exits.
// clone3 is ENOSYS under some container filters, which then look at the flags of plain clone.
static long clone_process(uint64_t flags, int *pidfd) {
    struct clone_args args = {
        .flags = flags | CLONE_PIDFD, .pidfd = (uint64_t)(uintptr_t)pidfd, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0 && errno == ENOSYS) pid = syscall(SYS_clone, flags | CLONE_PIDFD | SIGCHLD, NULL, pidfd, NULL, NULL);
    return pid;
}

static int write_text(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t length = (ssize_t)strlen(text);
    ssize_t written = write(fd, text, (size_t)length);
    int saved = errno;
    close(fd);
    errno = saved;
    return written == length ? 0 : -1;
}

static int map_ids(const struct lab_program *program) {
    if (program->uid_map == NULL) return 0;
    // A kernel without the file (before 3.19) needs no refusal.
    if (write_text("/proc/self/setgroups", "deny") != 0 && errno != ENOENT) return -1;
    if (write_text("/proc/self/uid_map", program->uid_map) != 0) return -1;
    return write_text("/proc/self/gid_map", program->gid_map);
}

static int get_capabilities(struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    return (int)syscall(SYS_capget, &header, data);
}

static int set_capabilities(const struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    return (int)syscall(SYS_capset, &header, data);
}

static int raise_ambient(uint64_t capabilities) {
    for (unsigned cap = 0; cap < 64; cap++) {
        if (!(capabilities >> cap & 1)) continue;
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) != 0 && errno != EINVAL) return -1;
    }
    return 0;
}

static int hold_capabilities(uint64_t wanted, int all) {
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    if (get_capabilities(data) != 0) return -1;
    uint64_t held = (uint64_t)data[1].permitted << 32 | data[0].permitted;
    uint64_t kept = all ? held : held & wanted;
    for (int word = 0; word < 2; word++) {
        uint32_t part = (uint32_t)(kept >> (32 * word));
        data[word].permitted = data[word].effective = data[word].inheritable = part;
    }
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return -1;
    if (set_capabilities(data) != 0) return -1;
    return raise_ambient(kept);
}

static int limit_privileges(const struct lab_program *program) {
    for (unsigned cap = 0; cap < 64; cap++) {
        if ((program->capabilities | program->bounding) >> cap & 1) continue;
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0) continue;
        if (errno == EINVAL) break;   // past the last capability of this kernel
        if (errno != EPERM) return -1; // without CAP_SETPCAP: no_new_privs below holds instead
    }
    if (program->capabilities != 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return -1;
    if (program->gid >= 0) {
        gid_t gid = (gid_t)program->gid;
        // The raw calls: glibc's wrappers would signal threads which this child does not have.
        if (syscall(SYS_setgroups, 0, NULL) != 0 && errno != EPERM) return -1;
        if (syscall(SYS_setresgid, gid, gid, gid) != 0) return -1;
    }
    if (program->uid >= 0) {
        uid_t uid = (uid_t)program->uid;
        if (syscall(SYS_setresuid, uid, uid, uid) != 0) return -1;
    }
    if (hold_capabilities(program->capabilities, 0) != 0) return -1;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int join_namespaces(const struct lab_program *program) {
    if (program->user_fd >= 0 && setns(program->user_fd, CLONE_NEWUSER) != 0) return -1;
    if (program->net_fd >= 0 && setns(program->net_fd, CLONE_NEWNET) != 0) return -1;
    if (program->uts_fd >= 0 && setns(program->uts_fd, CLONE_NEWUTS) != 0) return -1;
    if (program->mount_fd >= 0 && setns(program->mount_fd, CLONE_NEWNS) != 0) return -1;
    return 0;
}

// Descriptor i becomes a copy of fds[i]; the report pipe moves to fd_count; all else is closed.
static int arrange_descriptors(const struct lab_program *program, int *report) {
    int count = program->fd_count;
    int moved[LAB_SPAWN_MAX_FDS];
    int pipe = fcntl(*report, F_DUPFD_CLOEXEC, count + 1);
    if (pipe < 0) return -1;
    for (int i = 0; i < count; i++) {
        int source = program->fds[i];
        if (source < 0) {
            int null = open("/dev/null", O_RDWR | O_CLOEXEC);
            if (null < 0) return -1;
            moved[i] = fcntl(null, F_DUPFD_CLOEXEC, count + 1);
            close(null);
        } else {
            moved[i] = fcntl(source, F_DUPFD_CLOEXEC, count + 1);
        }
        if (moved[i] < 0) return -1;
    }
    for (int i = 0; i < count; i++) {
        if (dup2(moved[i], i) < 0) return -1;
    }
    if (dup3(pipe, count, O_CLOEXEC) < 0) return -1;
    *report = count;
    if (lab_close_from(count + 1) != 0) return -1;
    if (program->controlling_terminal >= 0) return ioctl(program->controlling_terminal, TIOCSCTTY, 0);
    return 0;
}

static void reset_signals(void) {
    // The raw call with an empty structure, which is SIG_DFL: the C library keeps two signals to itself, which this
    // process may well have inherited as ignored.
    char action[64];
    memset(action, 0, sizeof action);
    for (int number = 1; number < 65; number++) syscall(SYS_rt_sigaction, number, action, NULL, 8);
}

static void run_child(const struct lab_program *program, int report) {
    struct failure failure;
#define STEP(number, call)                 \
    failure.stage = number;                \
    if ((call) != 0) goto failed
    reset_signals();
    STEP(LAB_SPAWN_ID_MAP, map_ids(program));
    STEP(LAB_SPAWN_SESSION, program->new_session && setsid() < 0);
    STEP(LAB_SPAWN_PRIVATE_MOUNTS, program->private_mounts && lab_make_mounts_private());
    STEP(LAB_SPAWN_NAMESPACE, join_namespaces(program));
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    STEP(LAB_SPAWN_DESCRIPTORS, arrange_descriptors(program, &report));
    // Before privileges go: a directory below a private home stays usable as the working directory.
    STEP(LAB_SPAWN_DIRECTORY, program->directory != NULL && chdir(program->directory) != 0);
    failure.stage = LAB_SPAWN_PRIVILEGES;
    if (program->privileges == LAB_PRIVILEGES_ALL && hold_capabilities(0, 1) != 0) goto failed;
    if (program->privileges == LAB_PRIVILEGES_LIMITED && limit_privileges(program) != 0) goto failed;
    if (program->death_signal != 0 && prctl(PR_SET_PDEATHSIG, program->death_signal, 0, 0, 0) != 0) goto failed;
    sigset_t empty;
    sigemptyset(&empty);
    sigprocmask(SIG_SETMASK, &empty, NULL);
    if (program->paths == NULL) _exit(0);
    failure.stage = LAB_SPAWN_EXEC;
    int best = ENOENT;
    for (int i = 0; program->paths[i] != NULL; i++) {
        execve(program->paths[i], (char *const *)program->arguments, (char *const *)program->environment);
        if (errno != ENOENT && errno != ENOTDIR) best = errno;
        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) break;
    }
    errno = best;
failed:
    failure.error = errno;
    while (write(report, &failure, sizeof failure) < 0 && errno == EINTR) {}
    _exit(127);
#undef STEP
}

static int await_exec(int report, struct failure *failure) {
    size_t filled = 0;
    while (filled < sizeof *failure) {
        ssize_t count = read(report, (char *)failure + filled, sizeof *failure - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        filled += (size_t)count;
    }
    return -1;
}

int lab_spawn(const struct lab_program *program, struct lab_spawned *spawned) {
    memset(spawned, 0, sizeof *spawned);
    spawned->pidfd = -1;
    spawned->stage = LAB_SPAWN_CLONE;
    if (program->fd_count < 3 || program->fd_count > LAB_SPAWN_MAX_FDS) {
        spawned->error = EINVAL;
        return -1;
    }
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) {
        spawned->error = errno;
        return -1;
    }
    // No handler of the parent may run in the child, which shares nothing with what the handler expects.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int pidfd = -1;
    long pid = clone_process(program->namespaces, &pidfd);
    if (pid == 0) run_child(program, report[1]);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (pid < 0) {
        close(report[0]);
        spawned->error = error;
        return -1;
    }
    struct failure failure;
    int failed = await_exec(report[0], &failure);
    close(report[0]);
    spawned->pid = (int)pid;
    spawned->pidfd = pidfd;
    if (failed == 0) {
        spawned->stage = 0;
        return 0;
    }
    int exited, value;
    lab_wait_pidfd(pidfd, &exited, &value);
    close(pidfd);
    spawned->pidfd = -1;
    spawned->stage = failure.stage;
    spawned->error = failure.error;
    return -1;
}

static void describe(const siginfo_t *info, int *exited, int *value) {
    *exited = info->si_code == CLD_EXITED;
    *value = info->si_status;
}

int lab_wait_pidfd(int pidfd, int *exited, int *value) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    while (waitid((idtype_t)3 /* P_PIDFD */, (id_t)pidfd, &info, WEXITED) != 0) {
        if (errno != EINTR) return -1;
    }
    describe(&info, exited, value);
    return 0;
}

int lab_reap(int *exited, int *value) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) != 0) return -1;
    if (info.si_pid != 0) describe(&info, exited, value);
    return info.si_pid;
}

int lab_signal_pidfd(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

uint64_t lab_namespace_flag(const char *name) {
    static const struct {
        const char *name;
        uint64_t flag;
    } flags[] = {{"user", CLONE_NEWUSER}, {"pid", CLONE_NEWPID}, {"mnt", CLONE_NEWNS},
                 {"net", CLONE_NEWNET},   {"uts", CLONE_NEWUTS}, {"ipc", CLONE_NEWIPC}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(flags[i].name, name) == 0) return flags[i].flag;
    }
    return 0;
}

int lab_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int lab_child_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

uint64_t lab_effective_capabilities(void) {
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    if (get_capabilities(data) != 0) return 0;
    return (uint64_t)data[1].effective << 32 | data[0].effective;
}
