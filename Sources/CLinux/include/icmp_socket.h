#ifndef LAB_ICMP_SOCKET_H
#define LAB_ICMP_SOCKET_H
#include <stdint.h>

enum lab_probe_kind {
    /// ICMP echo without privilege, where net.ipv4.ping_group_range allows it; the kernel sets the identifier.
    LAB_PROBE_DATAGRAM = 0,
    /// All of ICMP; takes CAP_NET_RAW.
    LAB_PROBE_RAW = 1,
    /// UDP whose errors come back by the error queue; anybody may.
    LAB_PROBE_UDP = 2,
    /// TCP whose connection attempt is the probe: one socket for one probe; errors come back by the error queue; anybody may.
    LAB_PROBE_TCP = 3,
};

/// One message, or one error about a message sent before.
struct lab_probe_message {
    /// Bytes written into the buffer: an IPv4 header first where the kind is raw and the family IPv4; the bytes that the error
    /// quotes where it is one.
    int32_t length;
    /// The TTL or hop limit it arrived with; -1 when not told.
    int32_t time_to_live;
    /// CLOCK_REALTIME of its arrival in nanoseconds; 0 when not stamped.
    int64_t arrival;
    /// The sender; of an error, who reports it. Four or sixteen bytes; 0 when not told.
    int32_t address_length;
    uint8_t address[16];
    /// Of an error: where the offender was sent to; the length is 0 when not told.
    int32_t destination_length;
    uint8_t destination[16];
    uint16_t destination_port;
    /// 0 for a message; otherwise the errno of the error, its origin (1: this machine, 2: ICMP, 3: ICMPv6, 4: no error but the stamp of a
    /// sent packet), ICMP type, code and MTU.
    int32_t error;
    uint8_t error_origin;
    uint8_t error_type;
    uint8_t error_code;
    uint32_t error_mtu;
    /// Of a stamp: when the packet left, on CLOCK_REALTIME, and which of the socket's packets it was, from 0. Of an error: where the
    /// extension structure (RFC 4884) begins in the buffer, in the lower 16 bits; 0 without one.
    int64_t departure;
    uint32_t departure_number;
};

/// A non-blocking socket for probes of `family` 4 or 6 in the calling thread's network namespace; -1 with errno set.
int lab_probe_open(enum lab_probe_kind kind, int family);

/// Ties a socket to an interface, or to an address of this machine with 4 or 16 bytes. 0, or the errno.
int lab_probe_bind_device(int fd, const char *name);
int lab_probe_bind_address(int fd, const uint8_t *address, int address_length);

/// What happens to packets larger than a link, in the numbers of IP_MTU_DISCOVER: 0 may be cut up, 1 the kernel's choice, 2 never and the
/// path's MTU is kept to, 3 never and what the kernel knows of the path is ignored. 0, or the errno.
int lab_probe_fragmentation(int fd, int family, int mode);

/// Asks for a stamp in the error queue for every packet sent from now on. 0, or the errno.
int lab_probe_stamp_departures(int fd);

/// The address of this machine from which packets to `address` leave: 4 or 16 bytes, or 0 where there is no route.
int lab_probe_source(const uint8_t *address, int address_length, uint32_t scope, uint8_t *source);

/// Sends to an address of 4 or 16 bytes (a link-local one in `scope`), with a TTL of its own when that is above 0. 0, or the errno.
int lab_probe_send(int fd, const uint8_t *address, int address_length, uint32_t scope, uint16_t port, int time_to_live,
                   const uint8_t *bytes, int32_t length);

/// Begins to connect a TCP socket, with a TTL of its own when that is above 0. The connection, if it comes about, is reset when the socket
/// is closed. 0, or the errno.
int lab_probe_connect(int fd, const uint8_t *address, int address_length, uint32_t scope, uint16_t port, int time_to_live);

/// What became of a connection attempt. -1: nothing yet; 0: it is there; or the errno that it failed with.
int lab_probe_connected(int fd);

/// Waits at most `timeout` nanoseconds (negative: for ever) until `bell` can be read or something became of one of `count` (at most 512)
/// connection attempts; writes 1 or 0 for each of these. How many; -1 with errno set.
int lab_poll_connecting(int bell, const int32_t *descriptors, uint8_t *ready, int count, int64_t timeout);

/// The next message, or with `errors` the next error. 1, 0 when none waits, or -1 with errno set.
int lab_probe_receive(int fd, int errors, uint8_t *buffer, int32_t size, struct lab_probe_message *message);

/// Up to `count` (at most 32) messages or errors at once; the bytes of the nth begin at n * size. How many, or -1 with errno set.
int lab_probe_receive_many(int fd, int errors, uint8_t *buffer, int32_t size, struct lab_probe_message *messages, int count);
#endif
