// Exposes libpcap.
#ifndef LAB_CPCAP_SHIM_H
#define LAB_CPCAP_SHIM_H

#include <pcap/pcap.h>

#endif
