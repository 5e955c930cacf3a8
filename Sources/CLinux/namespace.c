#define _GNU_SOURCE
#include "lab_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// By number where the C library has no wrapper yet; the numbers are the same on every architecture.
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
enum { tree_clone = 1, move_from_empty_path = 4 };

int lab_make_mounts_private(void) { return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL); }

int lab_unshare_host(void) { return unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS); }

int lab_join_network(int fd) { return setns(fd, CLONE_NEWNET); }

int lab_set_hostname(const char *name) { return sethostname(name, strlen(name)); }

int lab_mount(const char *type, const char *target, const char *options) {
    return mount(type, target, type, MS_NOSUID | MS_NODEV, options);
}

int lab_bind(const char *source, const char *target, int recursive) {
    return mount(source, target, NULL, MS_BIND | (recursive ? MS_REC : 0), NULL);
}

int lab_detach_tree(const char *path) {
    return (int)syscall(SYS_open_tree, AT_FDCWD, path, tree_clone | O_CLOEXEC | AT_RECURSIVE);
}

int lab_attach_tree(int tree, const char *target) {
    return (int)syscall(SYS_move_mount, tree, "", AT_FDCWD, target, move_from_empty_path);
}

int lab_close_from(int first) {
    if (syscall(SYS_close_range, first, UINT_MAX, 0) == 0) return 0;
    if (errno != ENOSYS && errno != EPERM) return -1;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    int end = limit.rlim_cur > 65536 ? 65536 : (int)limit.rlim_cur;
    for (int fd = first; fd < end; fd++) close(fd);
    return 0;
}
