#ifndef LAB_INTERRUPTION_H
#define LAB_INTERRUPTION_H
/// From now on SIGINT and SIGTERM do not end the process but make the returned descriptor readable; -1 with errno.
int lab_catch_interruptions(void);

/// From now on SIGINT and SIGTERM do not end the process but ring the bell (see lab_bell_open); -1: no bell any more. -1 with errno.
int lab_ring_on_interruption(int bell);

/// Whether one of them came since the last bell was set.
int lab_interruption_came(void);
#endif
