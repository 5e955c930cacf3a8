#ifndef LAB_PROBE_ADDRESS_H
#define LAB_PROBE_ADDRESS_H
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/// Fills in a socket address from 4 or 16 bytes, and gives its size.
static inline socklen_t probe_address(struct sockaddr_storage *storage, const uint8_t *address, int length,
                                      uint32_t scope, uint16_t port) {
    memset(storage, 0, sizeof *storage);
    if (length == 16) {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(port);
        in6->sin6_scope_id = scope;
        memcpy(&in6->sin6_addr, address, 16);
        return sizeof *in6;
    }
    struct sockaddr_in *in = (struct sockaddr_in *)storage;
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    memcpy(&in->sin_addr, address, 4);
    return sizeof *in;
}

#endif
