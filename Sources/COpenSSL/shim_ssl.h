// What libssl offers as macros and casts: one narrow function each.
#ifndef LAB_COPENSSL_SHIM_SSL_H
#define LAB_COPENSSL_SHIM_SSL_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdint.h>

static inline int lab_ssl_ctx_set_version_range(SSL_CTX *ctx, int min, int max) {
    return (int)SSL_CTX_set_min_proto_version(ctx, min) == 1 && (int)SSL_CTX_set_max_proto_version(ctx, max) == 1;
}

static inline int lab_ssl_ctx_set_groups(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_groups_list(ctx, list);
}

// Buffers given back between records, writes from memory that may move, no renegotiation, no compression.
static inline void lab_ssl_ctx_set_defaults(SSL_CTX *ctx) {
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_read_ahead(ctx, 1);
}

// Neither session identifiers nor tickets: every handshake is a full one.
static inline void lab_ssl_ctx_disable_resumption(SSL_CTX *ctx) {
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(ctx, 0);
}

static inline int lab_ssl_set_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline void lab_ssl_set_app_data(SSL *ssl, void *data) { SSL_set_app_data(ssl, data); }
static inline void *lab_ssl_get_app_data(const SSL *ssl) { return SSL_get_app_data(ssl); }

// The connection that a certificate verification belongs to.
static inline SSL *lab_ssl_of_store_ctx(X509_STORE_CTX *ctx) {
    return (SSL *)X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
}

static inline int lab_ssl_negotiated_group(SSL *ssl) { return (int)SSL_get_negotiated_group(ssl); }

static inline void lab_ssl_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline void lab_ssl_bio_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

#endif
