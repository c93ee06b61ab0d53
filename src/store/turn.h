/* store/turn.h - writers of one SQLite file take turns.  Private.
 *
 * SQLite lets whoever asks at the right moment have the write lock, so a loader that
 * commits and begins again at once would keep all others out.  Who wants to write takes
 * this turn first and gives it away when it has the write lock: while somebody waits for
 * the lock, the turn is his, and the loader stands behind him.  Between processes, by
 * flock(), which ends with the process. */
#pragma once
#include "base/job.h"

enum { TURN_WAIT_US = 10 * 1000 * 1000, TURN_POLL_US = 500 };

/* The file PATH.writer.lock; -1 with the error set. */
int turn_open(struct job *j, const char *path);
MUST_CHECK enum err turn_take(struct job *j, int fd); /* ERR_BUSY after ten seconds */
void turn_give(int fd);
bool turn_is_taken(int fd); /* by somebody else: who then waits to write */

int64_t turn_clock(void);              /* microseconds, never set back */
enum err turn_busy_error(struct job *j); /* sets "another program kept the database …" */
