/* work/post.h - one message out of the house: to a mail server (libcurl), or into a folder.
 *
 * Knows nothing of who it is for. To any server but one on this machine it goes encrypted or
 * not at all. Into a folder it goes as a file that mail programs open ("896-12.eml"), readable by
 * its owner alone. */
#pragma once
#include "base/job.h"

struct post_way {
    const char *server;         /* "smtp://mail.council.gov.uk:587", "smtps://…"; NULL: folder */
    const char *from;           /* address it comes from */
    const char *user, *password; /* of the server; NULL none */
    const char *folder;         /* made when missing */
};
struct letter {
    const char *id;             /* a name for a file: letters, digits, "-" */
    const char *to, *subject, *text; /* text: lines end with \n; ASCII, as is the subject */
    int64_t at, made;           /* made: stays when it goes again, and with it the Message-ID */
};
/* ERR_ENV: it did not go; its message is a sentence without an address. ERR_CONFLICT: the server
 * had all of it and did not answer, so that nobody knows. ERR_INPUT: the way is not set up. Waits
 * half a minute at most. */
MUST_CHECK enum err post_carry(struct job *j, const struct post_way *way, const struct letter *l);
/* The whole message, lines ending with \r\n. */
const char *post_message(struct job *j, const struct post_way *way, const struct letter *l);
