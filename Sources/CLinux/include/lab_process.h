#ifndef LAB_PROCESS_H
#define LAB_PROCESS_H
#include <stdint.h>

/// Where a spawn stopped: the steps of the child in their order.
enum lab_spawn_stage {
    LAB_SPAWN_CLONE = 1,
    LAB_SPAWN_ID_MAP = 2,
    LAB_SPAWN_SESSION = 3,
    LAB_SPAWN_PRIVATE_MOUNTS = 4,
    LAB_SPAWN_NAMESPACE = 5,
    LAB_SPAWN_DESCRIPTORS = 6,
    LAB_SPAWN_DIRECTORY = 7,
    LAB_SPAWN_PRIVILEGES = 8,
    LAB_SPAWN_EXEC = 9,
};

/// What happens to capabilities and identity before the program runs.
enum lab_spawn_privileges {
    LAB_PRIVILEGES_INHERIT = 0,  // nothing is touched
    LAB_PRIVILEGES_ALL = 1,      // everything held now is kept across exec (inheritable and ambient)
    LAB_PRIVILEGES_LIMITED = 2,  // only `capabilities`, in every set; bounding set cut down; no_new_privs
};

enum { LAB_SPAWN_MAX_FDS = 64 };

/// One program to start. Pointers are borrowed for the length of the call.
struct lab_program {
    const char *const *paths;     // candidates for execve, tried in order; NULL at the end; NULL: exit 0 instead of exec
    const char *const *arguments; // argv, NULL at the end
    const char *const *environment;
    const char *directory;        // NULL: where the parent is
    const int *fds;               // fds[i] becomes descriptor i; -1: /dev/null; everything else is closed
    int fd_count;                 // at least 3, at most LAB_SPAWN_MAX_FDS
    int new_session;              // setsid
    int controlling_terminal;     // the child's descriptor that becomes its controlling terminal, or -1
    int user_fd, net_fd, mount_fd, uts_fd; // namespaces to join, or -1
    uint64_t namespaces;          // CLONE_NEW… flags for the child
    const char *uid_map, *gid_map; // lines for a new user namespace, or NULL
    int private_mounts;           // make every mount private first: nothing we mount is seen outside
    int privileges;               // enum lab_spawn_privileges
    int64_t uid, gid;             // LIMITED only; -1: unchanged
    uint64_t capabilities;        // LIMITED only: bit per capability
    uint64_t bounding;            // LIMITED only: what stays in the bounding set beside these
    int death_signal;             // PR_SET_PDEATHSIG, or 0
};

struct lab_spawned {
    int pid;
    int pidfd;
    int stage; // enum lab_spawn_stage of a failure
    int error; // its errno
};

/// Starts a program as a child of the caller; safe in a process with many threads, since the child runs only
/// async-signal-safe code up to execve. 0, or -1 with stage and error filled in and nothing left behind.
int lab_spawn(const struct lab_program *program, struct lab_spawned *spawned);

/// Waits for a child by pidfd. `exited` is 1 with `value` an exit status, 0 with `value` a signal number.
/// 0, or -1 with errno set.
int lab_wait_pidfd(int pidfd, int *exited, int *value);

/// Reaps one child of any kind without waiting: its pid, 0 when none has ended, or -1 with errno set.
int lab_reap(int *exited, int *value);

/// Sends a signal through a pidfd; 0, or -1 with errno set.
int lab_signal_pidfd(int pidfd, int signal);

/// The namespace flags of clone, which Swift's Glibc module leaves out.
uint64_t lab_namespace_flag(const char *name);

/// Makes this process the parent of all that its descendants leave behind; 0, or -1 with errno set.
int lab_become_subreaper(void);

/// Blocks SIGCHLD in the calling thread (and those it starts) and returns a descriptor that tells of it; -1 with errno.
int lab_child_signals(void);

/// The effective capabilities of the calling thread as a bit set; 0 when they cannot be read.
uint64_t lab_effective_capabilities(void);

/// Opens a pseudoterminal of the given size, both ends close-on-exec; 0, or -1 with errno set.
int lab_open_terminal(int rows, int columns, int *primary, int *secondary);
int lab_set_window_size(int fd, int rows, int columns);
int lab_window_size(int fd, int *rows, int *columns);

/// Switches a terminal to raw mode and stores what it was into `saved` (lab_terminal_state_size bytes); 0 or -1.
int lab_terminal_raw(int fd, void *saved);
/// Stops a terminal echoing what is typed, but for the ends of lines; `saved` as above; 0 or -1.
int lab_terminal_unechoed(int fd, void *saved);
int lab_terminal_restore(int fd, const void *saved);
int lab_terminal_state_size(void);
/// What a program may have switched on a terminal, beside its termios.
enum lab_terminal_modes {
    LAB_MODE_ALTERNATE_SCREEN = 1,
    LAB_MODE_HIDDEN_CURSOR = 2,
    LAB_MODE_BRACKETED_PASTE = 4,
    LAB_MODE_MOUSE = 8,
    LAB_MODE_CURSOR_KEYS = 16,
    LAB_MODE_KEYPAD = 32,
    LAB_MODE_COLOUR = 64,
    /// No mode: a byte of modes is never 0.
    LAB_MODE_NONE = 128,
};
/// Writes what switches the modes off into `text` (128 bytes hold all of it); its length.
int lab_terminal_reset_text(int modes, char *text, int size);
/// Starts a process that puts the terminal back as it is now when this process ends in whatever way. A byte of
/// `lab_terminal_modes` to `guard` tells it what is on; write 0 to send it away, and wait for `pid`. 0 or -1.
int lab_terminal_guard(int input, int output, int *guard, int *pid);

/// Fills the buffer from the kernel's random source; 0, or -1 with errno set.
int lab_random(void *bytes, uint64_t count);

/// A pipe, both ends close-on-exec; 0, or -1 with errno set.
int lab_pipe(int ends[2]);

/// Makes every write to a closed peer an error instead of SIGPIPE, for the whole process.
void lab_ignore_broken_pipes(void);

/// The name the kernel shows for the calling thread (at most 15 bytes count).
void lab_name_thread(const char *name);
#endif
