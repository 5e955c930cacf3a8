#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "icmp_socket.h"
#include "probe_address.h"

int lab_probe_connect(int fd, const uint8_t *address, int address_length, uint32_t scope, uint16_t port,
                      int time_to_live) {
    struct sockaddr_storage to;
    socklen_t size = probe_address(&to, address, address_length, scope, port);
    if (time_to_live > 0) {
        int result = address_length == 16
                         ? setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &time_to_live, sizeof time_to_live)
                         : setsockopt(fd, IPPROTO_IP, IP_TTL, &time_to_live, sizeof time_to_live);
        if (result != 0) return errno;
    }
    // Whoever listens there is to see an attempt that was given up, not a visitor who says nothing.
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(fd, (struct sockaddr *)&to, size) == 0 || errno == EINPROGRESS) return 0;
    return errno;
}

int lab_probe_connected(int fd) {
    struct pollfd polled = {.fd = fd, .events = POLLOUT};
    if (poll(&polled, 1, 0) <= 0 || polled.revents == 0) return -1;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    if (error != 0) return error;
    struct tcp_info info;
    size = sizeof info;
    // An error that came with an entry of the error queue may have been told by that already.
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_state == TCP_CLOSE) return ECONNABORTED;
    return 0;
}

enum { attempt_limit = 512 };

int lab_poll_connecting(int bell, const int32_t *descriptors, uint8_t *ready, int count, int64_t timeout) {
    struct pollfd polled[attempt_limit + 1];
    struct timespec limit = {.tv_sec = timeout / 1000000000, .tv_nsec = timeout % 1000000000};
    if (count > attempt_limit) count = attempt_limit;
    for (int i = 0; i < count; i++) polled[i] = (struct pollfd){.fd = descriptors[i], .events = POLLOUT};
    polled[count] = (struct pollfd){.fd = bell, .events = POLLIN};
    int result = ppoll(polled, (nfds_t)count + 1, timeout < 0 ? NULL : &limit, NULL);
    if (result < 0 && errno != EINTR) return -1;
    for (int i = 0; i < count; i++) ready[i] = result > 0 && polled[i].revents != 0;
    return result < 0 ? 0 : result;
}
