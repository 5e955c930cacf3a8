#ifndef LAB_PACKET_SOCKET_H
#define LAB_PACKET_SOCKET_H
#include <stdint.h>

/// What is known about one received frame.
struct lab_frame {
    /// Bytes in its slot; a longer frame was cut.
    int32_t length;
    /// Whether the sender left the transport checksum for its network card to finish.
    int32_t checksum_pending;
    /// CLOCK_REALTIME when the kernel took it, in nanoseconds; 0 when not stamped.
    int64_t arrival;
};

/// A non-blocking packet socket for all that arrives on an interface of the calling thread's network namespace, its own frames
/// left out. The descriptor, or -1 with errno set.
int lab_packet_open(int32_t interface_index);

/// Up to `count` (at most 64) waiting frames, each into a slot of `slot_size` bytes of `buffer`. How many; 0 when none waits;
/// -1 with errno set.
int lab_packet_receive(int fd, uint8_t *buffer, int32_t slot_size, struct lab_frame *frames, int count);

/// Sends one whole frame. 0, or -1 with errno set.
int lab_packet_send(int fd, const uint8_t *frame, int32_t length);

/// A frame in a buffer.
struct lab_span {
    int64_t offset;
    int32_t length;
};

/// Sends whole frames (at most 64) in order, with one call into the kernel where none is refused. How many were taken; the
/// others are lost.
int lab_packet_send_batch(int fd, const uint8_t *buffer, const struct lab_span *frames, int count);

/// Frames go to the interface at once, past its queue discipline and whoever captures what is sent on it. 0, or -1 with errno
/// set.
int lab_packet_bypass_queue(int fd);
#endif
