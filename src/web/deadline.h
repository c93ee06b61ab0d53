/* web/deadline.h - connections that must be done by a certain moment, whatever they send.
 *
 * The HTTP library's own time-out begins anew with every byte, so a client that sends one
 * byte a second could hold a thread for ever.  A thread of ours shuts such sockets. */
#pragma once
#include "base/job.h"

struct deadlines;
/* Starts the thread; it ends with the job. */
MUST_CHECK enum err deadlines_open(struct job *j, struct deadlines **out);

struct deadline;
/* A connection that begins; ms 0: no deadline.  NULL: no memory. */
struct deadline *deadline_add(struct deadlines *d, int fd, int64_t ms);
/* From now on it has this long; 0: no deadline. */
void deadline_set(struct deadlines *d, struct deadline *c, int64_t ms);
/* It ended; before its socket is closed. */
void deadline_remove(struct deadlines *d, struct deadline *c);
int deadline_count(struct deadlines *d); /* connections open */
