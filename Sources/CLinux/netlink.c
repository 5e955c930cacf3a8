#define _GNU_SOURCE
#include "lab_netlink.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { room = 1024, address_generation_none = 1 };

struct request {
    struct nlmsghdr header;
    char body[room];
};

static void *begin(struct request *request, uint16_t type, uint16_t flags, size_t family_header) {
    memset(request, 0, sizeof *request);
    request->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(family_header);
    request->header.nlmsg_type = type;
    request->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
    return request->body;
}

// Appends an attribute, with `length` bytes of `value` or room for nested ones; what does not fit is left out, which
// cannot happen for the bounded names and addresses used here.
static struct rtattr *append(struct request *request, uint16_t type, const void *value, size_t length) {
    size_t offset = NLMSG_ALIGN(request->header.nlmsg_len);
    if (offset + RTA_SPACE(length) > sizeof *request) return NULL;
    struct rtattr *attribute = (struct rtattr *)((char *)request + offset);
    attribute->rta_type = type;
    attribute->rta_len = (uint16_t)RTA_LENGTH(length);
    if (length > 0) memcpy(RTA_DATA(attribute), value, length);
    request->header.nlmsg_len = (uint32_t)(offset + RTA_SPACE(length));
    return attribute;
}

static void finish(struct request *request, struct rtattr *nested) {
    if (nested != NULL) nested->rta_len = (uint16_t)((char *)request + request->header.nlmsg_len - (char *)nested);
}

// Sends the request and reads up to its acknowledgement. For RTM_GETLINK the index of the link is returned, for
// RTM_GETROUTE the type of the route.
static int exchange(int netlink, struct request *request) {
    static _Thread_local uint32_t sequence;
    request->header.nlmsg_seq = ++sequence;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    if (sendto(netlink, request, request->header.nlmsg_len, MSG_NOSIGNAL, (struct sockaddr *)&kernel, sizeof kernel) <
        0)
        return -errno;
    int result = 0;
    for (;;) {
        _Alignas(struct nlmsghdr) char answer[16384];
        ssize_t length = recv(netlink, answer, sizeof answer, 0);
        if (length < 0 && errno == EINTR) continue;
        if (length < 0) return -errno;
        struct nlmsghdr *header = (struct nlmsghdr *)answer;
        for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
            if (header->nlmsg_seq != request->header.nlmsg_seq) continue;
            if (header->nlmsg_type == RTM_NEWLINK) result = ((struct ifinfomsg *)NLMSG_DATA(header))->ifi_index;
            if (header->nlmsg_type == RTM_NEWROUTE) result = ((struct rtmsg *)NLMSG_DATA(header))->rtm_type;
            if (header->nlmsg_type != NLMSG_ERROR) continue;
            int error = ((struct nlmsgerr *)NLMSG_DATA(header))->error;
            return error != 0 ? error : result;
        }
    }
}

int lab_netlink_open(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    return fd < 0 ? -errno : fd;
}

static void append_link(struct request *request, const char *name, const uint8_t *mac, uint32_t mtu) {
    append(request, IFLA_IFNAME, name, strlen(name) + 1);
    if (mac != NULL) append(request, IFLA_ADDRESS, mac, 6);
    if (mtu != 0) append(request, IFLA_MTU, &mtu, sizeof mtu);
}

int lab_link_create_pair(int netlink, const char *name, const uint8_t *mac, const char *peer_name,
                         const uint8_t *peer_mac, int peer_namespace, uint32_t mtu) {
    if (strlen(name) >= IFNAMSIZ || strlen(peer_name) >= IFNAMSIZ) return -ENAMETOOLONG;
    struct request request;
    begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
    append_link(&request, name, mac, mtu);
    struct rtattr *info = append(&request, IFLA_LINKINFO, NULL, 0);
    append(&request, IFLA_INFO_KIND, "veth", 5);
    struct rtattr *data = append(&request, IFLA_INFO_DATA, NULL, 0);
    struct ifinfomsg nothing;
    memset(&nothing, 0, sizeof nothing);
    struct rtattr *peer = append(&request, VETH_INFO_PEER, &nothing, sizeof nothing);
    append_link(&request, peer_name, peer_mac, mtu);
    append(&request, IFLA_NET_NS_FD, &peer_namespace, sizeof peer_namespace);
    finish(&request, peer);
    finish(&request, data);
    finish(&request, info);
    return exchange(netlink, &request);
}

int lab_link_index(int netlink, const char *name) {
    if (strlen(name) >= IFNAMSIZ) return -ENAMETOOLONG;
    struct request request;
    begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
    append(&request, IFLA_IFNAME, name, strlen(name) + 1);
    return exchange(netlink, &request);
}

int lab_link_no_automatic_address(int netlink, int index) {
    struct request request;
    struct ifinfomsg *link = begin(&request, RTM_SETLINK, 0, sizeof *link);
    link->ifi_index = index;
    struct rtattr *families = append(&request, IFLA_AF_SPEC, NULL, 0);
    struct rtattr *inet6 = append(&request, AF_INET6, NULL, 0);
    uint8_t mode = address_generation_none;
    append(&request, IFLA_INET6_ADDR_GEN_MODE, &mode, sizeof mode);
    finish(&request, inet6);
    finish(&request, families);
    return exchange(netlink, &request);
}

int lab_link_up(int netlink, int index) {
    struct request request;
    struct ifinfomsg *link = begin(&request, RTM_SETLINK, 0, sizeof *link);
    link->ifi_index = index;
    link->ifi_flags = link->ifi_change = IFF_UP;
    return exchange(netlink, &request);
}

static uint8_t family_of(int family_bytes) { return family_bytes == 16 ? AF_INET6 : AF_INET; }

int lab_address_add(int netlink, int index, const uint8_t *address, int family_bytes, int prefix_length) {
    struct request request;
    struct ifaddrmsg *message = begin(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *message);
    message->ifa_family = family_of(family_bytes);
    message->ifa_prefixlen = (uint8_t)prefix_length;
    message->ifa_index = (uint32_t)index;
    message->ifa_flags = family_bytes == 16 ? IFA_F_NODAD : 0;
    append(&request, IFA_LOCAL, address, (size_t)family_bytes);
    append(&request, IFA_ADDRESS, address, (size_t)family_bytes);
    return exchange(netlink, &request);
}

int lab_netlink_open_monitor(void) {
    int fd = lab_netlink_open();
    if (fd < 0) return fd;
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_IPV6_ROUTE};
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    int error = -errno;
    close(fd);
    return error;
}

static int64_t milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int lab_address_settle(int netlink, int monitor, const uint8_t *address, int timeout_ms) {
    int64_t deadline = milliseconds_now() + timeout_ms;
    for (;;) {
        struct request request;
        struct rtmsg *route = begin(&request, RTM_GETROUTE, 0, sizeof *route);
        route->rtm_family = AF_INET6;
        route->rtm_dst_len = 128;
        append(&request, RTA_DST, address, 16);
        if (exchange(netlink, &request) == RTN_LOCAL) return 0;
        struct pollfd polled = {.fd = monitor, .events = POLLIN};
        int64_t left = deadline - milliseconds_now();
        if (left <= 0) return -ETIMEDOUT;
        // The route is asked for again after a while even without a change: nothing depends on a message that got lost.
        int ready = poll(&polled, 1, left < 200 ? (int)left : 200);
        if (ready < 0 && errno != EINTR) return -errno;
        if (ready <= 0) continue;
        char change[16384];
        // Only that something changed matters; so does not that too much did (ENOBUFS).
        (void)recv(monitor, change, sizeof change, MSG_DONTWAIT);
    }
}

int lab_route_add(int netlink, int index, const uint8_t *destination, int prefix_length, const uint8_t *gateway,
                  int family_bytes) {
    struct request request;
    struct rtmsg *route = begin(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, sizeof *route);
    route->rtm_family = family_of(family_bytes);
    route->rtm_table = RT_TABLE_MAIN;
    route->rtm_protocol = RTPROT_STATIC;
    route->rtm_scope = gateway != NULL || family_bytes == 16 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
    route->rtm_type = RTN_UNICAST;
    route->rtm_dst_len = (uint8_t)prefix_length;
    if (prefix_length > 0) append(&request, RTA_DST, destination, (size_t)family_bytes);
    if (gateway != NULL) {
        route->rtm_flags = RTNH_F_ONLINK;
        append(&request, RTA_GATEWAY, gateway, (size_t)family_bytes);
    }
    append(&request, RTA_OIF, &index, sizeof index);
    return exchange(netlink, &request);
}

int lab_neighbour_add(int netlink, int index, const uint8_t *address, int family_bytes, const uint8_t *mac) {
    struct request request;
    struct ndmsg *neighbour = begin(&request, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof *neighbour);
    neighbour->ndm_family = family_of(family_bytes);
    neighbour->ndm_ifindex = index;
    neighbour->ndm_state = NUD_PERMANENT;
    append(&request, NDA_DST, address, (size_t)family_bytes);
    append(&request, NDA_LLADDR, mac, 6);
    return exchange(netlink, &request);
}

static int ethtool(int fd, const char *name, uint32_t command) {
    struct ethtool_value value = {.cmd = command, .data = 0};
    struct ifreq interface;
    memset(&interface, 0, sizeof interface);
    strncpy(interface.ifr_name, name, IFNAMSIZ - 1);
    interface.ifr_data = (char *)&value;
    return ioctl(fd, SIOCETHTOOL, &interface) == 0 ? 0 : -errno;
}

int lab_link_offload_off(const char *name) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    static const uint32_t commands[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_STXCSUM};
    int result = 0;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        int refusal = ethtool(fd, name, commands[i]);
        if (refusal != 0) result = refusal;
    }
    close(fd);
    return result;
}

int lab_link_settle(const char *name) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    // Asking for the link first handles what is pending about it (ethtool_op_get_link, linkwatch_sync_dev).
    int result = ethtool(fd, name, ETHTOOL_GLINK);
    close(fd);
    return result;
}
