/* web/gzip.h - pages packed for the way. */
#pragma once
#include <stddef.h>

/* A gzip of n bytes, of malloc(); NULL: there was no memory. */
char *gzip_pack(const char *s, size_t n, size_t *n_out);
