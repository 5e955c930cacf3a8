#define _GNU_SOURCE
#include "lab_cmsg.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * LAB_MAX_PASSED_FDS)];
};

int lab_socket_pair(int fds[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds); }

int64_t lab_send_fds(int socket, const void *bytes, uint64_t count, const int *fds, int fd_count) {
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    union control control;
    if (fd_count > LAB_MAX_PASSED_FDS) {
        errno = EINVAL;
        return -1;
    }
    if (fd_count > 0) {
        size_t length = sizeof(int) * (size_t)fd_count;
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(length);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(length);
        memcpy(CMSG_DATA(header), fds, length);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

int64_t lab_receive_fds(int socket, void *bytes, uint64_t count, int *fds, int *fd_count) {
    int room = *fd_count;
    *fd_count = 0;
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    union control control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t got;
    do got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0) return -1;
    int lost = (message.msg_flags & MSG_CTRUNC) != 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t number = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < number; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
            if (*fd_count < room) {
                fds[(*fd_count)++] = fd;
            } else {
                close(fd);
                lost = 1;
            }
        }
    }
    if (!lost) return got;
    for (int i = 0; i < *fd_count; i++) close(fds[i]);
    *fd_count = 0;
    errno = EMSGSIZE;
    return -1;
}

int lab_poll_two(int first, int second, int timeout_ms) {
    struct pollfd polled[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    int ready;
    do ready = poll(polled, 2, timeout_ms);
    while (ready < 0 && errno == EINTR);
    if (ready < 0) return -1;
    return (polled[0].revents != 0) | (polled[1].revents != 0) << 1;
}

int lab_poll_one(int fd, int64_t timeout_ns) {
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    struct timespec timeout = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
    int ready;
    do ready = ppoll(&polled, 1, &timeout, NULL);
    while (ready < 0 && errno == EINTR);
    return ready < 0 ? -1 : ready > 0;
}

int lab_await_hangup(int socket) {
    for (;;) {
        struct pollfd polled = {.fd = socket, .events = POLLRDHUP};
        int ready = poll(&polled, 1, -1);
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) return -1;
        if (polled.revents != 0) return 0;
    }
}
