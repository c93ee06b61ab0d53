/* risk/watch_walk.h - what the law counts, found on a walk beside the signs.  Private. */
#pragma once
#include "risk/sign_walk.h"
#include "risk/watch.h"

/* The order stays until the end of the walk. */
struct watch_finding;
struct watch_finding *watch_finding_open(struct job *j, const struct watch_order *o,
                                         struct sign_looker *looker);
void watch_finding_end(const struct watch_finding *f, struct watched_list *out);
/* Written for a run that is being made.  j->db writes, no open transaction. */
MUST_CHECK enum err watch_write(struct job *j, const struct sign_run_order *o, int64_t run,
                                const struct watched_list *list);
/* The order for that day: calendars and amounts as known then. */
MUST_CHECK enum err watch_order_of(struct job *j, const struct sign_run_order *o,
                                   struct watch_order *out);
