/* directory/fresh.h - is what an entry says still true?  fresh, due, stale, hidden, by the days
 * since somebody last checked it.
 *
 * Open Referral UK recommends a check every three months; what follows is ours, and a setting.
 * An entry that nobody ever checked is stale: shown, lower, and said so. */
#pragma once
#include "directory/search_index.h"

enum check_state {
#define CHECK(id, name, badge) CHECK_##id,
#include "directory/fresh.def"
#undef CHECK
    CHECK_STATES
};
/* Days after the check on which it becomes due, stale and hidden. */
struct fresh_days {
    int32_t due, stale, hidden;
};
/* As settings say.  ERR_INPUT: they do not follow each other. */
MUST_CHECK enum err fresh_days_get(struct job *j, struct fresh_days *out);
/* checked 0: never. */
enum check_state check_of(const struct fresh_days *d, int32_t checked, int32_t today);
/* As the index ranks by it. */
enum search_fresh check_ranked(const struct fresh_days *d, int32_t checked, int32_t today);
const char *check_name(enum check_state f); /* "due" */
bool check_find(const char *name, enum check_state *out);
/* "Checked 2 November 2026 by the provider"; "Last checked 9 February 2026, may be wrong";
 * "Nobody has checked this yet".  by NULL: not known. */
const char *check_words(struct job *j, enum check_state f, int32_t checked, const char *by);
