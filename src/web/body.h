/* web/body.h - the body of a POST as it comes in, piece by piece.
 *
 * A form is kept in memory up to a small limit; files of a multipart form go straight to
 * disk, into the folder of the installation, and are removed when the job ends unless the
 * page moved them away. */
#pragma once
#include "web/page.h"

enum body_kind { BODY_NONE, BODY_FORM, BODY_MULTIPART, BODY_OTHER };
/* By its Content-Type (NULL: none given). */
enum body_kind body_kind(const char *content_type);

enum body_state {
    BODY_OK,
    BODY_BROKEN,   /* 400: not what it says it is */
    BODY_LARGE,    /* 413: over the limit */
    BODY_NO_ROOM,  /* 503: the disk is full, or cannot be written */
};

struct body;
/* folder: for uploads; made when missing.  limit: of the whole body, in bytes. */
struct body *body_open(struct job *j, const char *content_type, const char *folder,
                       int64_t limit);
/* The next piece.  After anything but BODY_OK further pieces are ignored. */
enum body_state body_add(struct body *b, const char *s, size_t n);
/* All is there: fields and uploads into the request.  They live as long as the job. */
enum body_state body_close(struct body *b, struct request *q);
