#ifndef LAB_NETLINK_H
#define LAB_NETLINK_H
#include <stdint.h>

// Each call sends one rtnetlink request and reads its answer: 0 (or what is said), or a negative errno.
// Addresses are 4 or 16 bytes in network order, `family_bytes` telling which.

/// An rtnetlink socket; it stays in the network namespace where the calling thread was.
int lab_netlink_open(void);

/// Creates a veth pair: `name` in the socket's namespace, `peer_name` in the namespace `peer_namespace`.
/// MAC addresses are 6 bytes or NULL for the kernel's choice; mtu 0 leaves the default.
int lab_link_create_pair(int netlink, const char *name, const uint8_t *mac, const char *peer_name,
                         const uint8_t *peer_mac, int peer_namespace, uint32_t mtu);

/// The index of the interface with that name.
int lab_link_index(int netlink, const char *name);

/// Keeps the kernel from giving the interface an IPv6 link-local address of its own choice.
int lab_link_no_automatic_address(int netlink, int index);
int lab_link_up(int netlink, int index);

/// Adds an address, without duplicate address detection.
int lab_address_add(int netlink, int index, const uint8_t *address, int family_bytes, int prefix_length);

/// A second rtnetlink socket, which is told of IPv6 routes; to be opened before the addresses are added.
int lab_netlink_open_monitor(void);

/// Waits until the kernel takes packets to an IPv6 address of its own: that begins in a work queue of the kernel, some time
/// after the address was added.
int lab_address_settle(int netlink, int monitor, const uint8_t *address, int timeout_ms);

/// Adds a route to destination/prefix_length (0: the default route) via a gateway on this link, or straight to the
/// link when `gateway` is NULL.
int lab_route_add(int netlink, int index, const uint8_t *destination, int prefix_length, const uint8_t *gateway,
                  int family_bytes);

/// Adds a permanent neighbour.
int lab_neighbour_add(int netlink, int index, const uint8_t *address, int family_bytes, const uint8_t *mac);

/// Waits until the kernel has taken notice of the interface's carrier: between that and a moment later, when a work queue
/// of the kernel gets to it, the interface drops what it is given. In the calling thread's network namespace.
int lab_link_settle(const char *name);

/// Turns off checksum and segmentation offload, so that frames on the wire are finished ones. Best effort; 0, or the
/// negative errno of the last refusal.
int lab_link_offload_off(const char *name);
#endif
