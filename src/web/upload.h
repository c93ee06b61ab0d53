/* web/upload.h - files that a form brought, kept for work behind the pages.
 *
 * They come into a quarantine folder (0700, names by chance, as large as server_limits says, while
 * the disk has room), written by multipart.c.  Only when the whole form is there, came from us and
 * may be acted on, and each file begins like a table, are they moved to where loads find them.
 * What is left in quarantine goes with its request, and at the start of the program. */
#pragma once
#include "web/page.h"

/* Keep the uploads and put "load them" into the queue of j->area; *task is its id there.
 * ERR_INPUT: the form brought no file. */
MUST_CHECK enum err upload_load(struct job *j, const struct request *q, int64_t *task);
/* The same for "check them": nothing is written, and the files stay for upload_again(). */
MUST_CHECK enum err upload_check(struct job *j, const struct request *q, int64_t *task);
/* The files of a check that is done, loaded ("load") or checked once more ("check").
 * ERR_NOT_FOUND: they are not kept any more. */
MUST_CHECK enum err upload_again(struct job *j, int64_t check, const char *kind, int64_t *task);
/* The folder with the files of a check.  permit(ACT_LOAD); ERR_NOT_FOUND as above. */
MUST_CHECK enum err upload_checked(struct job *j, int64_t check, const char **folder);
/* Does the disk keep its least free space after so many bytes more? */
bool upload_has_room(const struct server *s, int64_t bytes);
/* The folder that such a task names; NULL: none. */
const char *upload_folder(struct job *j, const char *input);

/* Move the uploads of this request into a folder of their own below the installation's,
 * under their own names (made different and harmless); *folder is its path.  Whoever works
 * on them removes it with upload_drop(). */
MUST_CHECK enum err upload_keep(struct job *j, const struct request *q, const char **folder);
/* Remove such a folder and what is in it; nothing else can be removed this way. */
void upload_drop(const char *home, const char *folder);
/* At the start of the program: what no waiting task names was left by a kill.  Uses j->db. */
MUST_CHECK enum err upload_sweep(struct job *j, const char *home);
