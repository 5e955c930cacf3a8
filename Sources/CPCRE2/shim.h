// Exposes libpcre2 with 8-bit code units.
#ifndef LAB_CPCRE2_SHIM_H
#define LAB_CPCRE2_SHIM_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
