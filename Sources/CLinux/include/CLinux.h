// Linux calls that Swift cannot spell: narrow functions, one header per topic.
#ifndef LAB_CLINUX_H
#define LAB_CLINUX_H

#include "event_wait.h"
#include "icmp_socket.h"
#include "lab_cmsg.h"
#include "lab_namespace.h"
#include "lab_netlink.h"
#include "lab_process.h"
#include "icmp_socket.h"
#include "interruption.h"
#include "lab_version.h"
#include "packet_socket.h"

#endif
