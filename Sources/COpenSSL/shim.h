// Exposes libssl and libcrypto. Macros, casts and variadics that Swift cannot import stand, one narrow function each,
// in the header of their topic.
#ifndef LAB_COPENSSL_SHIM_H
#define LAB_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "shim_evp.h"
#include "shim_ssl.h"
#include "shim_x509.h"

#endif
