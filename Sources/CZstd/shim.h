// Exposes libzstd.
#ifndef LAB_CZSTD_SHIM_H
#define LAB_CZSTD_SHIM_H

#include <zstd.h>

#endif
