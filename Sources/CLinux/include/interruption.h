#ifndef LAB_INTERRUPTION_H
#define LAB_INTERRUPTION_H
/// From now on SIGINT and SIGTERM do not end the process but make the returned descriptor readable; -1 with errno.
int lab_catch_interruptions(void);
#endif
