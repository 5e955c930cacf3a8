#ifndef LAB_EVENT_WAIT_H
#define LAB_EVENT_WAIT_H
#include <stdint.h>

/// A set of descriptors to wait for. The descriptor of the set, or -1 with errno set.
int lab_wait_open(void);
/// Adds `fd` to the set, known by `tag`, for reading. 0, or -1 with errno set.
int lab_wait_add(int set, int fd, uint64_t tag);
/// Waits at most `timeout` nanoseconds (negative: for ever) and writes the tags of what is ready. How many (at most 64); 0 after the
/// timeout or a signal; -1 with errno set.
int lab_wait(int set, uint64_t *tags, int count, int64_t timeout);

/// Waits at most `timeout` nanoseconds (negative: for ever) until one of `count` (at most 64) descriptors can be read or has an error to
/// tell; writes 1 or 0 for each. How many; -1 with errno set.
int lab_poll_readable(const int32_t *descriptors, uint8_t *ready, int count, int64_t timeout);

/// A descriptor that becomes readable when lab_bell_ring was called; -1 with errno set.
int lab_bell_open(void);
void lab_bell_ring(int bell);
/// Makes it unreadable again.
void lab_bell_silence(int bell);

/// CLOCK_MONOTONIC and CLOCK_REALTIME, in nanoseconds.
int64_t lab_clock_monotonic(void);
int64_t lab_clock_realtime(void);
/// How late the kernel may wake the calling thread to save power, in nanoseconds.
void lab_timer_slack(uint64_t nanoseconds);
#endif
