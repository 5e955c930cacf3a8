#define _GNU_SOURCE
#include "icmp_socket.h"
#include "probe_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/net_tstamp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_RECVERR_RFC4884
#define IP_RECVERR_RFC4884 26
#endif
#ifndef IPV6_RECVERR_RFC4884
#define IPV6_RECVERR_RFC4884 31
#endif
#ifndef ICMP_FILTER
#define ICMP_FILTER 1
#endif

/// Which ICMP messages a raw socket is woken for: echo replies and errors.
static void filter(int fd, int family) {
    if (family == 6) {
        struct icmp6_filter types;
        ICMP6_FILTER_SETBLOCKALL(&types);
        ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &types);
        ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &types);
        ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &types);
        ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &types);
        ICMP6_FILTER_SETPASS(ICMP6_PARAM_PROB, &types);
        setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &types, sizeof types);
    } else {
        uint32_t blocked = ~(1u << ICMP_ECHOREPLY | 1u << ICMP_DEST_UNREACH | 1u << ICMP_TIME_EXCEEDED |
                             1u << ICMP_PARAMETERPROB);
        setsockopt(fd, SOL_RAW, ICMP_FILTER, &blocked, sizeof blocked);
    }
}

int lab_probe_open(enum lab_probe_kind kind, int family) {
    int domain = family == 6 ? AF_INET6 : AF_INET;
    int type = kind == LAB_PROBE_RAW ? SOCK_RAW : kind == LAB_PROBE_TCP ? SOCK_STREAM : SOCK_DGRAM;
    int protocol = kind == LAB_PROBE_UDP   ? IPPROTO_UDP
                   : kind == LAB_PROBE_TCP ? IPPROTO_TCP
                   : family == 6           ? IPPROTO_ICMPV6
                                           : IPPROTO_ICMP;
    int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd < 0) return -1;
    int on = 1;
    int room = 1 << 20;
    if (kind != LAB_PROBE_TCP) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    if (family == 6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on);
        // Kernels before 5.9 give the quote without what routers add behind it.
        if (kind != LAB_PROBE_RAW) {
            setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
            setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR_RFC4884, &on, sizeof on);
        }
    } else {
        setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof on);
        if (kind != LAB_PROBE_RAW) {
            setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
            setsockopt(fd, IPPROTO_IP, IP_RECVERR_RFC4884, &on, sizeof on);
        }
    }
    if (kind == LAB_PROBE_RAW) filter(fd, family);
    return fd;
}

int lab_probe_bind_device(int fd, const char *name) {
    return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name) + 1) == 0 ? 0 : errno;
}

int lab_probe_fragmentation(int fd, int family, int mode) {
    int result = family == 6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &mode, sizeof mode)
                             : setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &mode, sizeof mode);
    return result == 0 ? 0 : errno;
}

int lab_probe_stamp_departures(int fd) {
    int flags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
                SOF_TIMESTAMPING_OPT_TSONLY;
    return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags) == 0 ? 0 : errno;
}

static int64_t nanoseconds(struct timespec time) { return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec; }

int lab_probe_bind_address(int fd, const uint8_t *address, int address_length) {
    struct sockaddr_storage own;
    socklen_t size = probe_address(&own, address, address_length, 0, 0);
    return bind(fd, (struct sockaddr *)&own, size) == 0 ? 0 : errno;
}

int lab_probe_source(const uint8_t *address, int address_length, uint32_t scope, uint8_t *source) {
    int fd = socket(address_length == 16 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return 0;
    struct sockaddr_storage name;
    socklen_t size = probe_address(&name, address, address_length, scope, 9);
    socklen_t room = sizeof name;
    int length = 0;
    if (connect(fd, (struct sockaddr *)&name, size) == 0 && getsockname(fd, (struct sockaddr *)&name, &room) == 0) {
        length = address_length;
        const void *bytes = address_length == 16 ? (void *)&((struct sockaddr_in6 *)&name)->sin6_addr
                                                 : (void *)&((struct sockaddr_in *)&name)->sin_addr;
        memcpy(source, bytes, (size_t)length);
    }
    close(fd);
    return length;
}

int lab_probe_send(int fd, const uint8_t *address, int address_length, uint32_t scope, uint16_t port, int time_to_live,
                   const uint8_t *bytes, int32_t length) {
    struct sockaddr_storage to;
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = (size_t)length};
    _Alignas(struct cmsghdr) char ancillary[CMSG_SPACE(sizeof(int))] = {0};
    struct msghdr message = {
        .msg_name = &to,
        .msg_namelen = probe_address(&to, address, address_length, scope, port),
        .msg_iov = &part,
        .msg_iovlen = 1,
    };
    if (time_to_live > 0) {
        message.msg_control = ancillary;
        message.msg_controllen = sizeof ancillary;
        struct cmsghdr *limit = CMSG_FIRSTHDR(&message);
        limit->cmsg_level = address_length == 16 ? IPPROTO_IPV6 : IPPROTO_IP;
        limit->cmsg_type = address_length == 16 ? IPV6_HOPLIMIT : IP_TTL;
        limit->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(limit), &time_to_live, sizeof time_to_live);
    }
    // An error about an earlier probe fails the next call once; it waits in the error queue as well.
    for (int attempt = 0;; attempt++) {
        int pending;
        socklen_t size = sizeof pending;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &size);
        if (sendmsg(fd, &message, MSG_NOSIGNAL) >= 0) return 0;
        if (attempt == 2 || errno == EAGAIN || errno == EMSGSIZE) return errno;
    }
}

static void take_address(const struct sockaddr *from, struct lab_probe_message *message) {
    if (from->sa_family == AF_INET) {
        message->address_length = 4;
        memcpy(message->address, &((const struct sockaddr_in *)from)->sin_addr, 4);
    } else if (from->sa_family == AF_INET6) {
        message->address_length = 16;
        memcpy(message->address, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
    }
}

static void take_error(const struct cmsghdr *part, struct lab_probe_message *message) {
    struct sock_extended_err error;
    if (part->cmsg_len < CMSG_LEN(sizeof error)) return;
    memcpy(&error, CMSG_DATA(part), sizeof error);
    message->error = (int32_t)error.ee_errno;
    message->error_origin = error.ee_origin;
    message->error_type = error.ee_type;
    message->error_code = error.ee_code;
    message->error_mtu = error.ee_info;
    message->departure_number = error.ee_data;
    if (error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6) {
        struct sockaddr_storage offender;
        size_t room = part->cmsg_len - CMSG_LEN(sizeof error);
        memset(&offender, 0, sizeof offender);
        memcpy(&offender, CMSG_DATA(part) + sizeof error, room < sizeof offender ? room : sizeof offender);
        take_address((struct sockaddr *)&offender, message);
    }
}

/// What the header of a received message and its ancillary data say.
static void take_message(struct msghdr *received, int32_t length, int errors, struct lab_probe_message *message) {
    const struct sockaddr_storage *from = received->msg_name;
    memset(message, 0, sizeof *message);
    message->time_to_live = -1;
    message->length = length;
    if (received->msg_namelen > 0) {
        take_address((const struct sockaddr *)from, message);
        if (from->ss_family == AF_INET) message->destination_port = ntohs(((const struct sockaddr_in *)from)->sin_port);
        if (from->ss_family == AF_INET6) message->destination_port = ntohs(((const struct sockaddr_in6 *)from)->sin6_port);
    }
    if (errors) {
        // The name beside an error is where the offender was sent to; who reports it stands in the ancillary data.
        message->destination_length = message->address_length;
        memcpy(message->destination, message->address, sizeof message->destination);
        message->address_length = 0;
    }
    struct timespec stamps[3] = {{0}};
    for (struct cmsghdr *part = CMSG_FIRSTHDR(received); part; part = CMSG_NXTHDR(received, part)) {
        int value;
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
            message->arrival = nanoseconds(stamp);
        } else if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPING &&
                   part->cmsg_len >= CMSG_LEN(sizeof stamps)) {
            memcpy(stamps, CMSG_DATA(part), sizeof stamps);
        } else if ((part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_TTL) ||
                   (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_HOPLIMIT)) {
            memcpy(&value, CMSG_DATA(part), sizeof value);
            message->time_to_live = value;
        } else if ((part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR) ||
                   (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR)) {
            take_error(part, message);
        }
    }
    if (message->error_origin == SO_EE_ORIGIN_TIMESTAMPING) message->departure = nanoseconds(stamps[0]);
}

enum { batch_limit = 32, ancillary_room = 512 };

int lab_probe_receive_many(int fd, int errors, uint8_t *buffer, int32_t size, struct lab_probe_message *messages,
                           int count) {
    struct mmsghdr headers[batch_limit];
    struct iovec slots[batch_limit];
    struct sockaddr_storage names[batch_limit];
    _Alignas(struct cmsghdr) char ancillary[batch_limit][ancillary_room];
    if (count > batch_limit) count = batch_limit;
    for (int i = 0; i < count; i++) {
        slots[i] = (struct iovec){.iov_base = buffer + (size_t)i * (size_t)size, .iov_len = (size_t)size};
        memset(&names[i], 0, sizeof names[i]);
        headers[i].msg_hdr = (struct msghdr){
            .msg_name = &names[i],
            .msg_namelen = sizeof names[i],
            .msg_iov = &slots[i],
            .msg_iovlen = 1,
            .msg_control = ancillary[i],
            .msg_controllen = ancillary_room,
        };
    }
    int received;
    do received = recvmmsg(fd, headers, (unsigned)count, MSG_DONTWAIT | (errors ? MSG_ERRQUEUE : 0), NULL);
    while (received < 0 && errno == EINTR);
    if (received < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    for (int i = 0; i < received; i++) {
        take_message(&headers[i].msg_hdr, (int32_t)headers[i].msg_len, errors, &messages[i]);
    }
    return received;
}

int lab_probe_receive(int fd, int errors, uint8_t *buffer, int32_t size, struct lab_probe_message *message) {
    return lab_probe_receive_many(fd, errors, buffer, size, message, 1);
}
