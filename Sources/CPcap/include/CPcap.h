#ifndef LAB_CPCAP_H
#define LAB_CPCAP_H

#include <pcap/pcap.h>

/// libpcap's functions, each with the type that its own header gives it.
struct lab_pcap {
    __typeof__(pcap_create) *_Nonnull create;
    __typeof__(pcap_open_dead) *_Nonnull open_dead;
    __typeof__(pcap_close) *_Nonnull close;
    __typeof__(pcap_activate) *_Nonnull activate;
    __typeof__(pcap_set_snaplen) *_Nonnull set_snaplen;
    __typeof__(pcap_set_promisc) *_Nonnull set_promisc;
    __typeof__(pcap_set_immediate_mode) *_Nonnull set_immediate_mode;
    __typeof__(pcap_set_timeout) *_Nonnull set_timeout;
    __typeof__(pcap_set_buffer_size) *_Nonnull set_buffer_size;
    __typeof__(pcap_set_tstamp_precision) *_Nonnull set_tstamp_precision;
    __typeof__(pcap_get_tstamp_precision) *_Nonnull get_tstamp_precision;
    __typeof__(pcap_datalink) *_Nonnull datalink;
    __typeof__(pcap_set_datalink) *_Nonnull set_datalink;
    __typeof__(pcap_setnonblock) *_Nonnull setnonblock;
    __typeof__(pcap_get_selectable_fd) *_Nonnull get_selectable_fd;
    __typeof__(pcap_compile) *_Nonnull compile;
    __typeof__(pcap_setfilter) *_Nonnull setfilter;
    __typeof__(pcap_freecode) *_Nonnull freecode;
    __typeof__(pcap_dispatch) *_Nonnull dispatch;
    __typeof__(pcap_stats) *_Nonnull stats;
    __typeof__(pcap_geterr) *_Nonnull geterr;
};

/// libpcap, loaded by the first call and never unloaded; NULL where there is none. Not linked, since it brings six more
/// libraries, and a program that captures nothing would wait for all of them at its start.
const struct lab_pcap *_Nullable lab_pcap_library(void);

#endif
