#ifndef LAB_NAMESPACE_H
#define LAB_NAMESPACE_H
#include <stdint.h>

/// Makes every mount of the calling process private: nothing mounted from now on is seen elsewhere. 0 or -1 with errno.
int lab_make_mounts_private(void);

/// Gives the calling thread new network, mount and UTS namespaces of its own; 0, or -1 with errno set.
int lab_unshare_host(void);

/// Puts the calling thread into the network namespace; 0, or -1 with errno set.
int lab_join_network(int fd);

int lab_set_hostname(const char *name);

/// Mounts a new file system of `type` (with `options` or NULL); nosuid and nodev. 0, or -1 with errno set.
int lab_mount(const char *type, const char *target, const char *options);

/// Binds `source` over `target`, with everything mounted below it when `recursive`. 0, or -1 with errno set.
int lab_bind(const char *source, const char *target, int recursive);

/// A detached copy of the tree at `path` as a descriptor, to be attached with lab_attach_tree; -1 with errno set.
int lab_detach_tree(const char *path);
int lab_attach_tree(int tree, const char *target);

/// Closes every descriptor from `first` on; 0, or -1 with errno set. Async-signal-safe.
int lab_close_from(int first);
#endif
