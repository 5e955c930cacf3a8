// X.509: keys, certificates, stores. Stacks, unions and variadics behind narrow functions.
#ifndef LAB_COPENSSL_SHIM_X509_H
#define LAB_COPENSSL_SHIM_X509_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

static inline EVP_PKEY *lab_pkey_generate_p256(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"); }

static inline EVP_PKEY *lab_pkey_generate_rsa(size_t bits) { return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits); }

// The bytes a memory BIO holds; they stay owned by the BIO.
static inline size_t lab_bio_bytes(BIO *bio, const unsigned char **bytes) {
    char *start = NULL;
    long count = BIO_get_mem_data(bio, &start);
    *bytes = (const unsigned char *)start;
    return count > 0 && start != NULL ? (size_t)count : 0;
}

// A passphrase callback that never asks: an encrypted key is an error here, not a prompt.
static inline int lab_no_passphrase(char *buffer, int size, int writing, void *context) {
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static inline EVP_PKEY *lab_pem_read_private_key(BIO *bio) {
    return PEM_read_bio_PrivateKey(bio, NULL, lab_no_passphrase, NULL);
}

// RFC 4514 text of a name, UTF-8 kept as it is, control characters escaped.
static inline int lab_x509_name_print(BIO *bio, const X509_NAME *name) {
    return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

// The last common name of `name` as UTF-8, to be freed with lab_openssl_free; NULL where there is none.
static inline unsigned char *lab_x509_common_name(const X509_NAME *name, int *length) {
    int index = -1, last = -1;
    while ((index = X509_NAME_get_index_by_NID(name, NID_commonName, index)) >= 0) last = index;
    if (last < 0) return NULL;
    unsigned char *text = NULL;
    *length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
    return *length < 0 ? NULL : text;
}

static inline void lab_openssl_free(void *memory) { OPENSSL_free(memory); }

// Seconds since 1970 of an ASN.1 time; returns 0 where it is malformed.
static inline int lab_asn1_time_seconds(const ASN1_TIME *from, int64_t *seconds) {
    struct tm parts;
    if (from == NULL || ASN1_TIME_to_tm(from, &parts) != 1) return 0;
    *seconds = (int64_t)timegm(&parts);
    return 1;
}

static inline int lab_x509_not_before(const X509 *certificate, int64_t *seconds) {
    return lab_asn1_time_seconds(X509_get0_notBefore(certificate), seconds);
}

static inline int lab_x509_not_after(const X509 *certificate, int64_t *seconds) {
    return lab_asn1_time_seconds(X509_get0_notAfter(certificate), seconds);
}

static inline int lab_x509_set_validity(X509 *certificate, int64_t not_before, int64_t not_after) {
    return ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)not_before) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)not_after) != NULL;
}

// Bytes of an ASN.1 string (serial numbers, key identifiers); owned by the string.
static inline const unsigned char *lab_asn1_bytes(const ASN1_STRING *string, int *length) {
    if (string == NULL) {
        *length = 0;
        return NULL;
    }
    *length = ASN1_STRING_length(string);
    return ASN1_STRING_get0_data(string);
}

static inline int lab_x509_serial_is_negative(const X509 *certificate) {
    return ASN1_STRING_type(X509_get0_serialNumber(certificate)) == V_ASN1_NEG_INTEGER;
}

static inline const unsigned char *lab_x509_serial(const X509 *certificate, int *length) {
    return lab_asn1_bytes(X509_get0_serialNumber(certificate), length);
}

static inline int lab_x509_set_serial(X509 *certificate, const unsigned char *bytes, int length) {
    BIGNUM *number = BN_bin2bn(bytes, length, NULL);
    if (number == NULL) return 0;
    ASN1_INTEGER *serial = BN_to_ASN1_INTEGER(number, NULL);
    BN_free(number);
    if (serial == NULL) return 0;
    int done = X509_set_serialNumber(certificate, serial);
    ASN1_INTEGER_free(serial);
    return done;
}

// The subject alternative names as an opaque list; NULL where the extension is absent or malformed.
static inline void *lab_x509_alternative_names(const X509 *certificate) {
    return X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline int lab_general_names_count(const void *names) { return sk_GENERAL_NAME_num((const GENERAL_NAMES *)names); }

// The kind (GEN_DNS, GEN_IPADD, ...) of a name and, for those two, GEN_EMAIL and GEN_URI, its bytes.
static inline int lab_general_name(const void *names, int index, const unsigned char **bytes, int *length) {
    GENERAL_NAME *name = sk_GENERAL_NAME_value((const GENERAL_NAMES *)names, index);
    int kind = -1;
    *bytes = NULL;
    *length = 0;
    if (name == NULL) return -1;
    void *value = GENERAL_NAME_get0_value(name, &kind);
    if (kind == GEN_DNS || kind == GEN_IPADD || kind == GEN_EMAIL || kind == GEN_URI)
        *bytes = lab_asn1_bytes((const ASN1_STRING *)value, length);
    return kind;
}

static inline void lab_general_names_free(void *names) { GENERAL_NAMES_free((GENERAL_NAMES *)names); }

// Dotted numbers of the extended key usage at `index`; 0 past the last.
static inline int lab_x509_extended_key_usage(const X509 *certificate, int index, char *text, int capacity) {
    EXTENDED_KEY_USAGE *usages = (EXTENDED_KEY_USAGE *)X509_get_ext_d2i(certificate, NID_ext_key_usage, NULL, NULL);
    int length = 0;
    if (usages != NULL && index < sk_ASN1_OBJECT_num(usages))
        length = OBJ_obj2txt(text, capacity, sk_ASN1_OBJECT_value(usages, index), 1);
    EXTENDED_KEY_USAGE_free(usages);
    return length;
}

// Basic constraints: 0 absent, 1 present; `is_authority` and `path_length` (-1: no limit) as they stand there.
static inline int lab_x509_basic_constraints(const X509 *certificate, int *is_authority, long *path_length, int *critical) {
    BASIC_CONSTRAINTS *found =
        (BASIC_CONSTRAINTS *)X509_get_ext_d2i(certificate, NID_basic_constraints, critical, NULL);
    *is_authority = 0;
    *path_length = -1;
    if (found == NULL) return 0;
    *is_authority = found->ca != 0;
    if (found->pathlen != NULL) *path_length = ASN1_INTEGER_get(found->pathlen);
    BASIC_CONSTRAINTS_free(found);
    return 1;
}

// Adds an extension given in OpenSSL's configuration words; the value must not come from outside.
static inline int lab_x509_add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (extension == NULL) return 0;
    int done = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return done;
}

// Adds an authority key identifier that holds exactly these bytes.
static inline int lab_x509_add_authority_key_identifier(X509 *certificate, const unsigned char *bytes, int length) {
    AUTHORITY_KEYID *identifier = AUTHORITY_KEYID_new();
    if (identifier == NULL) return 0;
    identifier->keyid = ASN1_OCTET_STRING_new();
    int done = identifier->keyid != NULL && ASN1_OCTET_STRING_set(identifier->keyid, bytes, length) &&
               X509_add1_ext_i2d(certificate, NID_authority_key_identifier, identifier, 0, X509V3_ADD_DEFAULT);
    AUTHORITY_KEYID_free(identifier);
    return done == 1;
}

static inline void *lab_general_names_new(void) { return GENERAL_NAMES_new(); }

// Appends a name of kind GEN_DNS, GEN_EMAIL, GEN_URI (IA5String) or GEN_IPADD (octets).
static inline int lab_general_names_add(void *names, int kind, const unsigned char *bytes, int length) {
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *value = ASN1_STRING_type_new(kind == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    if (name == NULL || value == NULL || !ASN1_STRING_set(value, bytes, length)) {
        GENERAL_NAME_free(name);
        ASN1_STRING_free(value);
        return 0;
    }
    GENERAL_NAME_set0_value(name, kind, value);
    if (sk_GENERAL_NAME_push((GENERAL_NAMES *)names, name) <= 0) {
        GENERAL_NAME_free(name);
        return 0;
    }
    return 1;
}

static inline int lab_x509_add_alternative_names(X509 *certificate, void *names, int critical) {
    return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, critical, X509V3_ADD_DEFAULT) == 1;
}

// Adds a permitted or excluded DNS name constraint list (RFC 5280, 4.2.1.10), critical; `subtrees` are GENERAL_NAMES.
static inline int lab_x509_add_permitted_names(X509 *certificate, void *subtrees) {
    NAME_CONSTRAINTS *constraints = NAME_CONSTRAINTS_new();
    if (constraints == NULL) return 0;
    constraints->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
    int done = constraints->permittedSubtrees != NULL;
    for (int index = 0; done && index < sk_GENERAL_NAME_num((GENERAL_NAMES *)subtrees); index++) {
        GENERAL_SUBTREE *subtree = GENERAL_SUBTREE_new();
        GENERAL_NAME *copy = GENERAL_NAME_dup(sk_GENERAL_NAME_value((GENERAL_NAMES *)subtrees, index));
        if (subtree == NULL || copy == NULL) {
            GENERAL_SUBTREE_free(subtree);
            GENERAL_NAME_free(copy);
            done = 0;
            break;
        }
        GENERAL_NAME_free(subtree->base);
        subtree->base = copy;
        done = sk_GENERAL_SUBTREE_push(constraints->permittedSubtrees, subtree) > 0;
    }
    done = done && X509_add1_ext_i2d(certificate, NID_name_constraints, constraints, 1, X509V3_ADD_DEFAULT) == 1;
    NAME_CONSTRAINTS_free(constraints);
    return done;
}

static inline int lab_x509_name_add(X509_NAME *name, int nid, const unsigned char *text, int length) {
    return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, text, length, -1, 0);
}

// Stacks of certificates as opaque pointers; the stack takes a reference of its own.
static inline void *lab_x509_stack_new(void) { return sk_X509_new_null(); }

static inline int lab_x509_stack_push(void *stack, X509 *certificate) {
    if (!X509_up_ref(certificate)) return 0;
    if (sk_X509_push((STACK_OF(X509) *)stack, certificate) > 0) return 1;
    X509_free(certificate);
    return 0;
}

static inline int lab_x509_stack_count(const void *stack) {
    return stack == NULL ? 0 : sk_X509_num((const STACK_OF(X509) *)stack);
}

static inline X509 *lab_x509_stack_at(const void *stack, int index) {
    return sk_X509_value((const STACK_OF(X509) *)stack, index);
}

static inline void lab_x509_stack_free(void *stack) { sk_X509_pop_free((STACK_OF(X509) *)stack, X509_free); }

static inline int lab_x509_store_ctx_init(X509_STORE_CTX *context, X509_STORE *store, X509 *leaf, void *untrusted) {
    return X509_STORE_CTX_init(context, store, leaf, (STACK_OF(X509) *)untrusted);
}

// The chain that was built, owned by the context.
static inline const void *lab_x509_store_ctx_chain(X509_STORE_CTX *context) {
    return X509_STORE_CTX_get0_chain(context);
}

// PKCS #12 as DER in a memory BIO: certificate alone, or with its key; `password` may be empty.
static inline int lab_pkcs12_write(
    BIO *bio, const char *name, const char *password, EVP_PKEY *key, X509 *certificate, void *others) {
    PKCS12 *bundle = NULL;
    if (key != NULL) {
        bundle = PKCS12_create(password, name, key, certificate, (STACK_OF(X509) *)others, 0, 0, 0, 0, 0);
    } else {
        STACK_OF(X509) *all = sk_X509_new_null();
        if (all == NULL) return 0;
        X509 *named = X509_dup(certificate);
        if (named != NULL && X509_alias_set1(named, (const unsigned char *)name, (int)strlen(name)) &&
            sk_X509_push(all, named) > 0)
            bundle = PKCS12_create(password, NULL, NULL, NULL, all, 0, 0, 0, 0, 0);
        X509_free(named);
        sk_X509_free(all);
    }
    if (bundle == NULL) return 0;
    int done = i2d_PKCS12_bio(bio, bundle);
    PKCS12_free(bundle);
    return done;
}

#endif
