#define _GNU_SOURCE
#include "event_wait.h"
#include "interruption.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int written = -1;
static volatile sig_atomic_t rung = -1;
static volatile sig_atomic_t came = 0;

static void interrupted(int number) {
    int saved = errno;
    char byte = (char)number;
    came = 1;
    if (written >= 0 && write(written, &byte, 1) < 0) {}
    if (rung >= 0) lab_bell_ring((int)rung);
    errno = saved;
}

static int handle_interruptions(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupted;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0 ? -1 : 0;
}

int lab_catch_interruptions(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    written = ends[1];
    return handle_interruptions() == 0 ? ends[0] : -1;
}

int lab_ring_on_interruption(int bell) {
    rung = bell;
    if (bell < 0) return 0;
    came = 0;
    return handle_interruptions();
}

int lab_interruption_came(void) { return came; }
