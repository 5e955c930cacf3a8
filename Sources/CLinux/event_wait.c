#define _GNU_SOURCE
#include "event_wait.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { event_limit = 64 };

int lab_wait_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

int lab_wait_add(int set, int fd, uint64_t tag) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = tag};
    return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

static struct timespec interval(int64_t nanoseconds) {
    return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

int lab_wait(int set, uint64_t *tags, int count, int64_t timeout) {
    struct epoll_event events[event_limit];
    struct timespec limit = interval(timeout < 0 ? 0 : timeout);
    if (count > event_limit) count = event_limit;
    int ready = epoll_pwait2(set, events, count, timeout < 0 ? NULL : &limit, NULL);
    if (ready < 0 && (errno == ENOSYS || errno == EPERM)) {
        // Kernels before 5.11, and filters that do not know the call: milliseconds, rounded up.
        int64_t rounded = timeout < 0 ? -1 : (timeout + 999999) / 1000000;
        ready = epoll_wait(set, events, count, rounded > 1000000 ? 1000000 : (int)rounded);
    }
    if (ready < 0) return errno == EINTR ? 0 : -1;
    for (int i = 0; i < ready; i++) tags[i] = events[i].data.u64;
    return ready;
}

int lab_poll_readable(const int32_t *descriptors, uint8_t *ready, int count, int64_t timeout) {
    struct pollfd polled[event_limit];
    struct timespec limit = interval(timeout < 0 ? 0 : timeout);
    if (count > event_limit) count = event_limit;
    for (int i = 0; i < count; i++) polled[i] = (struct pollfd){.fd = descriptors[i], .events = POLLIN};
    int result = ppoll(polled, (nfds_t)count, timeout < 0 ? NULL : &limit, NULL);
    if (result < 0 && errno != EINTR) return -1;
    for (int i = 0; i < count; i++) ready[i] = result > 0 && polled[i].revents != 0;
    return result < 0 ? 0 : result;
}

int lab_bell_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void lab_bell_ring(int bell) { eventfd_write(bell, 1); }

void lab_bell_silence(int bell) {
    eventfd_t value;
    eventfd_read(bell, &value);
}

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t lab_clock_monotonic(void) { return now(CLOCK_MONOTONIC); }
int64_t lab_clock_realtime(void) { return now(CLOCK_REALTIME); }
void lab_timer_slack(uint64_t nanoseconds) { prctl(PR_SET_TIMERSLACK, (unsigned long)nanoseconds, 0, 0, 0); }
