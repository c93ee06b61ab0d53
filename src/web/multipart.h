/* web/multipart.h - multipart/form-data (RFC 7578) as a stream; keeps no file in memory. */
#pragma once
#include "web/body.h"

struct multipart;
/* NULL: the Content-Type has no usable boundary. */
struct multipart *multipart_open(struct job *j, const char *content_type, const char *folder);
enum body_state multipart_add(struct multipart *m, const char *s, size_t n);
enum body_state multipart_close(struct multipart *m, struct request *q);
