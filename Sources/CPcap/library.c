#include "CPcap.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static struct lab_pcap library;
static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *open_library(void) {
    // Debian's name for the same ABI, then everybody else's.
    static const char *const names[] = {"libpcap.so.0.8", "libpcap.so.1"};
    for (size_t place = 0; place < sizeof names / sizeof *names; place++) {
        void *handle = dlopen(names[place], RTLD_NOW | RTLD_LOCAL);
        if (handle) return handle;
    }
    return NULL;
}

static void load(void) {
    void *handle = open_library();
    if (!handle) return;
#define FIND(function)                                                       \
    do {                                                                     \
        void *found = dlsym(handle, "pcap_" #function);                      \
        if (!found) return;                                                  \
        library.function = (__typeof__(library.function))found;              \
    } while (0)
    FIND(create);
    FIND(open_dead);
    FIND(close);
    FIND(activate);
    FIND(set_snaplen);
    FIND(set_promisc);
    FIND(set_immediate_mode);
    FIND(set_timeout);
    FIND(set_buffer_size);
    FIND(set_tstamp_precision);
    FIND(get_tstamp_precision);
    FIND(datalink);
    FIND(set_datalink);
    FIND(setnonblock);
    FIND(get_selectable_fd);
    FIND(compile);
    FIND(setfilter);
    FIND(freecode);
    FIND(dispatch);
    FIND(stats);
    FIND(geterr);
#undef FIND
    is_loaded = 1;
}

const struct lab_pcap *lab_pcap_library(void) {
    pthread_once(&once, load);
    return is_loaded ? &library : NULL;
}
