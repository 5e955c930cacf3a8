// Exposes libyaml.
#ifndef LAB_CLIBYAML_SHIM_H
#define LAB_CLIBYAML_SHIM_H

#include <yaml.h>

#endif
