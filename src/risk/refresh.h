/* risk/refresh.h - figures brought up to date after the published batches changed. */
#pragma once
#include "risk/now.h"
#include "risk/snapshot.h"

struct refresh_order {
    int32_t as_of;    /* DATE_NONE: the last day with data, not after today */
    int64_t known_at; /* 0: everything published so far */
    bool again;       /* make a snapshot even when nothing changed */
};
struct refreshed {
    bool made;              /* false: nothing changed, or nothing to count yet */
    struct cost column_file;
    struct figures_made figures;
};
/* Column file under home, then figures of j->area; j->db writes.  Nothing happens when the
 * current snapshot is of these batches, this day and this program already.  When no census is
 * left (the last was withdrawn), no figures stay in force; an order about the past leaves them. */
MUST_CHECK enum err figures_refresh(struct job *j, const char *home,
                                    const struct refresh_order *order, struct refreshed *out);
/* The same of what is known now, with what was opened for all that follows a load. */
MUST_CHECK enum err figures_due(struct job *j, const struct risk_now *now, bool *due);
MUST_CHECK enum err figures_refresh_now(struct job *j, const struct risk_now *now, bool again,
                                        struct refreshed *out);
/* The column file that such figures are of, open; built where it is not there. */
MUST_CHECK enum err figures_timeline(struct job *j, const char *home,
                                     const struct refresh_order *order, struct timeline **out);
/* The last day that any published fact of the area tells of; DATE_NONE: no facts. */
MUST_CHECK enum err figures_last_day(struct job *j, int32_t *out);
/* Apart: of what the column file is made from, and of registers; neither after today. */
MUST_CHECK enum err figures_days(struct job *j, int32_t *columns, int32_t *registers);
/* The moment after which nothing of the area was published or withdrawn, registers included
 * (the column file's own may be earlier). */
MUST_CHECK enum err figures_known_at(struct job *j, int64_t *out);
