/* web/reply.h - headers and bytes of an answer. */
#pragma once
#include "web/answer.h"
#include "web/error.h"

/* A header; the value lives as long as the answer. */
void reply_header(struct reply *r, const char *name, const char *value);
/* What every answer says about itself, and about how it may be used. */
void reply_secure(struct reply *r, bool tls);
/* From what a handler gave back; its body is taken over. */
void reply_page(struct answer *a, struct response *r);
/* The error page of this status; drops whatever was ready. */
void reply_error(struct answer *a, const struct error_page *p);
void reply_redirect(struct answer *a, const char *location);
/* A built-in file: "/assets/rooted-903d35af699a.css". */
void reply_asset(struct answer *a, const char *path);
