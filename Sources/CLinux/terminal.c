#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <termios.h>
#include <unistd.h>

#include "lab_process.h"

int lab_set_window_size(int fd, int rows, int columns) {
    struct winsize size;
    memset(&size, 0, sizeof size);
    size.ws_row = (unsigned short)rows;
    size.ws_col = (unsigned short)columns;
    return ioctl(fd, TIOCSWINSZ, &size);
}

int lab_window_size(int fd, int *rows, int *columns) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int lab_open_terminal(int rows, int columns, int *primary, int *secondary) {
    *primary = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*primary < 0) return -1;
    // By ioctl, not by name: the name may lead into another devpts than the one this end came from.
    int unlock = 0;
    *secondary = -1;
    if (ioctl(*primary, TIOCSPTLCK, &unlock) == 0)
        *secondary = ioctl(*primary, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*secondary >= 0 && lab_set_window_size(*primary, rows, columns) == 0) return 0;
    int saved = errno;
    if (*secondary >= 0) close(*secondary);
    close(*primary);
    errno = saved;
    return -1;
}

int lab_terminal_state_size(void) { return (int)sizeof(struct termios); }

int lab_terminal_raw(int fd, void *saved) {
    struct termios state;
    if (tcgetattr(fd, &state) != 0) return -1;
    memcpy(saved, &state, sizeof state);
    cfmakeraw(&state);
    return tcsetattr(fd, TCSADRAIN, &state);
}

int lab_terminal_restore(int fd, const void *saved) {
    struct termios state;
    memcpy(&state, saved, sizeof state);
    return tcsetattr(fd, TCSADRAIN, &state);
}

int lab_terminal_guard(int fd, int *guard, int *pid) {
    struct termios state;
    int ends[2];
    if (tcgetattr(fd, &state) != 0 || pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    if (child > 0) {
        close(ends[0]);
        *guard = ends[1];
        *pid = (int)child;
        return 0;
    }
    // Only async-signal-safe calls from here on: other threads of the parent may have held locks.
    signal(SIGTTOU, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    // Holding a copy of anything else would keep pipes of the parent open; the two that are needed move down.
    if (dup2(fd, 3) < 0 || dup2(ends[0], 4) < 0) _exit(1);
    close(0);
    close(1);
    close(2);
    close_range(5, ~0U, 0);
    char byte;
    ssize_t got;
    do got = read(4, &byte, 1);
    while (got < 0 && errno == EINTR);
    // A byte says that the parent has put the terminal right; the end of the pipe, that it is gone.
    if (got == 0) tcsetattr(3, TCSADRAIN, &state);
    _exit(0);
}

int lab_random(void *bytes, uint64_t count) {
    size_t filled = 0;
    while (filled < count) {
        ssize_t got = getrandom((char *)bytes + filled, count - filled, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        filled += (size_t)got;
    }
    return 0;
}

int lab_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

void lab_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

void lab_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
