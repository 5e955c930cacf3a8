#ifndef LAB_VERSION_H
#define LAB_VERSION_H
/// The kernel's release text, such as "6.1.0", written NUL-terminated into `text`; 0, or -1 with errno set.
int lab_kernel_release(char *text, int size);
#endif
