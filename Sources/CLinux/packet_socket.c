#define _GNU_SOURCE
#include "packet_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef PACKET_QDISC_BYPASS
#define PACKET_QDISC_BYPASS 20
#endif
#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

enum { batch_limit = 64 };

int lab_packet_open(int32_t interface_index) {
    // Protocol 0: nothing arrives before the bind names the interface.
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int on = 1;
    int room = 4 << 20;
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET,
        .sll_protocol = htons(ETH_P_ALL),
        .sll_ifindex = interface_index,
    };
    // Room and stamps make it better, not possible: their failure is no error.
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on);
    if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static void read_ancillary(struct msghdr *message, struct lab_frame *frame) {
    frame->arrival = 0;
    frame->checksum_pending = 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
            frame->arrival = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        } else if (part->cmsg_level == SOL_PACKET && part->cmsg_type == PACKET_AUXDATA) {
            struct tpacket_auxdata data;
            memcpy(&data, CMSG_DATA(part), sizeof data);
            frame->checksum_pending = (data.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
        }
    }
}

int lab_packet_receive(int fd, uint8_t *buffer, int32_t slot_size, struct lab_frame *frames, int count) {
    struct mmsghdr messages[batch_limit];
    struct iovec slots[batch_limit];
    _Alignas(struct cmsghdr) char ancillary[batch_limit][128];
    if (count > batch_limit) count = batch_limit;
    memset(messages, 0, sizeof messages[0] * (size_t)(count > 0 ? count : 0));
    for (int i = 0; i < count; i++) {
        slots[i] = (struct iovec){.iov_base = buffer + (size_t)i * (size_t)slot_size, .iov_len = (size_t)slot_size};
        messages[i].msg_hdr.msg_iov = &slots[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_control = ancillary[i];
        messages[i].msg_hdr.msg_controllen = sizeof ancillary[i];
    }
    int received;
    do received = recvmmsg(fd, messages, (unsigned)count, MSG_DONTWAIT, NULL);
    while (received < 0 && errno == EINTR);
    if (received < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    for (int i = 0; i < received; i++) {
        frames[i].length = (int32_t)messages[i].msg_len;
        read_ancillary(&messages[i].msg_hdr, &frames[i]);
    }
    return received;
}

int lab_packet_send(int fd, const uint8_t *frame, int32_t length) {
    ssize_t sent;
    do sent = send(fd, frame, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

int lab_packet_send_batch(int fd, const uint8_t *buffer, const struct lab_span *frames, int count) {
    struct mmsghdr messages[batch_limit];
    struct iovec parts[batch_limit];
    if (count > batch_limit) count = batch_limit;
    if (count <= 0) return 0;
    memset(messages, 0, sizeof messages[0] * (size_t)count);
    for (int i = 0; i < count; i++) {
        parts[i] = (struct iovec){.iov_base = (void *)(buffer + frames[i].offset), .iov_len = (size_t)frames[i].length};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int taken = 0;
    for (int next = 0; next < count;) {
        int sent = sendmmsg(fd, messages + next, (unsigned)(count - next), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            taken += sent;
            next += sent;
        } else if (sent == 0 || errno != EINTR) {
            // The call ends before the frame that is refused, and says why only when asked for that one first.
            next += 1;
        }
    }
    return taken;
}

int lab_packet_bypass_queue(int fd) {
    int on = 1;
    return setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
}
