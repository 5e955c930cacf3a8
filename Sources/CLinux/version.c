#define _GNU_SOURCE
#include "lab_version.h"

#include <stdio.h>
#include <sys/utsname.h>

int lab_kernel_release(char *text, int size) {
    struct utsname name;
    if (uname(&name) != 0) return -1;
    snprintf(text, (size_t)size, "%s", name.release);
    return 0;
}
