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

int lab_terminal_unechoed(int fd, void *saved) {
    struct termios state;
    if (tcgetattr(fd, &state) != 0) return -1;
    memcpy(saved, &state, sizeof state);
    state.c_lflag &= ~(tcflag_t)ECHO;
    state.c_lflag |= ICANON | ECHONL;
    return tcsetattr(fd, TCSADRAIN, &state);
}

int lab_terminal_restore(int fd, const void *saved) {
    struct termios state;
    memcpy(&state, saved, sizeof state);
    // At once: a terminal that was stopped (Ctrl-S) never drains.
    return tcsetattr(fd, TCSANOW, &state);
}

int lab_terminal_reset_text(int modes, char *text, int size) {
    static const struct { int mode; const char *reset; } resets[] = {
        {LAB_MODE_ALTERNATE_SCREEN, "\033[?1049l"},
        {LAB_MODE_HIDDEN_CURSOR, "\033[?25h"},
        {LAB_MODE_BRACKETED_PASTE, "\033[?2004l"},
        {LAB_MODE_MOUSE, "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1015l"},
        {LAB_MODE_CURSOR_KEYS, "\033[?1l"},
        {LAB_MODE_KEYPAD, "\033>"},
        {LAB_MODE_COLOUR, "\033[0m"},
    };
    int length = 0;
    for (unsigned i = 0; i < sizeof resets / sizeof *resets; i++) {
        if ((modes & resets[i].mode) == 0) continue;
        for (const char *from = resets[i].reset; *from != 0 && length < size; from++) text[length++] = *from;
    }
    return length;
}

// Puts a terminal right for a process that is gone. Only async-signal-safe calls.
static void put_right(int input, int output, const struct termios *before, int modes) {
    struct termios raw = *before, now;
    cfmakeraw(&raw);
    // Whoever has the terminal by now, a shell with its prompt, may have set it as it likes: that stays.
    if (tcgetattr(input, &now) == 0 && now.c_lflag == raw.c_lflag && now.c_iflag == raw.c_iflag
        && now.c_oflag == raw.c_oflag)
        tcsetattr(input, TCSANOW, before);
    char text[128];
    int length = lab_terminal_reset_text(modes, text, (int)sizeof text);
    // A terminal that takes nothing any more must not hold the guard.
    int flags = fcntl(output, F_GETFL);
    if (flags >= 0) fcntl(output, F_SETFL, flags | O_NONBLOCK);
    if (length > 0 && write(output, text, (size_t)length) < 0) length = 0;
    if (flags >= 0) fcntl(output, F_SETFL, flags);
}

int lab_terminal_guard(int input, int output, int *guard, int *pid) {
    struct termios state;
    int ends[2];
    if (tcgetattr(input, &state) != 0 || pipe2(ends, O_CLOEXEC) != 0) return -1;
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
    signal(SIGTSTP, SIG_IGN);
    // Holding a copy of anything else would keep pipes of the parent open; the three that are needed move up first, so
    // that none lands on another, and then down.
    int up[3] = {fcntl(input, F_DUPFD, 16), fcntl(output, F_DUPFD, 16), fcntl(ends[0], F_DUPFD, 16)};
    for (int i = 0; i < 3; i++)
        if (up[i] < 0 || dup2(up[i], i) < 0) _exit(1);
    close_range(3, ~0U, 0);
    unsigned char modes = 0, byte;
    for (;;) {
        ssize_t got = read(2, &byte, 1);
        if (got < 0 && errno == EINTR) continue;
        // The end of the pipe: the parent is gone and the terminal as it left it.
        if (got <= 0) put_right(0, 1, &state, modes);
        if (got <= 0 || byte == 0) _exit(0);
        modes = byte;
    }
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
