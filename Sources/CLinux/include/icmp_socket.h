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
    /// Of an error: the port the offender was sent to.
    uint16_t destination_port;
    /// 0 for a message; otherwise the errno of the error, its origin (1: this machine, 2: ICMP, 3: ICMPv6), ICMP type, code and MTU.
    int32_t error;
    uint8_t error_origin;
    uint8_t error_type;
    uint8_t error_code;
    uint32_t error_mtu;
};

/// A non-blocking socket for probes of `family` 4 or 6 in the calling thread's network namespace; -1 with errno set.
int lab_probe_open(enum lab_probe_kind kind, int family);

/// Sends to an address of 4 or 16 bytes (a link-local one in `scope`), with a TTL of its own when that is above 0. 0, or the errno.
int lab_probe_send(int fd, const uint8_t *address, int address_length, uint32_t scope, uint16_t port, int time_to_live,
                   const uint8_t *bytes, int32_t length);

/// The next message, or with `errors` the next error. 1, 0 when none waits, or -1 with errno set.
int lab_probe_receive(int fd, int errors, uint8_t *buffer, int32_t size, struct lab_probe_message *message);
#endif
