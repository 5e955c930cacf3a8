#ifndef LAB_CMSG_H
#define LAB_CMSG_H
#include <stdint.h>

enum { LAB_MAX_PASSED_FDS = 250 };

/// A connected pair of Unix stream sockets, close-on-exec; 0, or -1 with errno set.
int lab_socket_pair(int fds[2]);

/// Sends bytes, and with the first of them descriptors, without SIGPIPE: the bytes taken, or -1 with errno set.
int64_t lab_send_fds(int socket, const void *bytes, uint64_t count, const int *fds, int fd_count);

/// Receives bytes and the descriptors that came with them (close-on-exec): the bytes got, 0 at the end, or -1 with
/// errno set. `fd_count` holds the room in `fds` before and their number after; more than fit are closed, and the
/// call fails with EMSGSIZE.
int64_t lab_receive_fds(int socket, void *bytes, uint64_t count, int *fds, int *fd_count);

/// Waits until one of two descriptors (either may be -1) is readable or at its end: bit 0 and bit 1 tell which.
/// 0 after `timeout_ms` (negative: no limit); -1 with errno set.
int lab_poll_two(int first, int second, int timeout_ms);

/// Waits until a descriptor is readable or at its end, to the nanosecond: 1, 0 after the time, or -1 with errno set.
int lab_poll_one(int fd, int64_t timeout_ns);

/// Waits until the peer of a connected socket is gone, whatever is still unread; 0, or -1 with errno set.
int lab_await_hangup(int socket);
#endif
