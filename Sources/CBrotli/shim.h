// Exposes libbrotli's decoder.
#ifndef LAB_CBROTLI_SHIM_H
#define LAB_CBROTLI_SHIM_H

#include <brotli/decode.h>

#endif
