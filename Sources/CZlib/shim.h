// Exposes zlib.
#ifndef LAB_CZLIB_SHIM_H
#define LAB_CZLIB_SHIM_H

#include <zlib.h>

#endif
