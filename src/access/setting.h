/* access/setting.h - how this database is set up: a few named values, and what must be
 * recorded before it becomes live (settings.def). */
#pragma once
#include "base/job.h"

enum setting {
#define SETTING(id, name, kind, standard, about) id,
#define STATE(id, name, about) id,
#define RECORD(id, name, about) id,
#include "access/settings.def"
#undef SETTING
#undef STATE
#undef RECORD
    SETTINGS
};
enum setting_kind {
    KIND_TEXT,     /* 1 to 200 characters */
    KIND_LOCAL,    /* 1 to 2,000 characters; an authority may have its own */
    KIND_URL,      /* "https://rooted.council.gov.uk" */
    KIND_PER_CENT, /* 0 to 100 */
    KIND_COUNT,    /* 1 to 1,000 */
    KIND_YES,      /* yes or no */
    KIND_STATE,
    KIND_RECORD,
};
const char *setting_name(enum setting s);
const char *setting_about(enum setting s);
bool setting_is_record(enum setting s); /* one of the live checklist? */
bool setting_is_plain(enum setting s);  /* a value that people choose? */
bool setting_is_local(enum setting s);  /* may an authority have its own? */
bool setting_find(const char *name, enum setting *out);

/* All values at once, by enum setting, as they were set; NULL not set. */
struct settings { const char *value[SETTINGS]; };
MUST_CHECK enum err setting_list(struct job *j, struct settings *out);
/* What holds: the value, else the row's standard, else NULL. */
const char *setting_value(const struct settings *all, enum setting s);
int64_t setting_number(const struct settings *all, enum setting s); /* PER_CENT, COUNT */
MUST_CHECK enum err setting_change(struct job *j, enum setting s, const char *value);
/* The same for what somebody typed.  ERR_INPUT: it is not of the row's kind. */
MUST_CHECK enum err setting_choose(struct job *j, enum setting s, const char *value);
/* What j->area has of its own; NULL: nothing. */
MUST_CHECK enum err setting_local_get(struct job *j, enum setting s, const char **out);
/* "": nothing any more.  ERR_INPUT: no such text, or the setting holds for all. */
MUST_CHECK enum err setting_local_choose(struct job *j, enum setting s, const char *value);

/* A recorded decision, kept as one JSON object. */
struct recorded {
    const char *reference, *who; /* "DPIA-2026-12", "Jo Smith, data protection officer" */
    int32_t date;
    int32_t review; /* the day by which it is looked at again; 0: a year after `date` */
};
/* ERR_INPUT: the review lies before the decision. */
MUST_CHECK enum err setting_record(struct job *j, enum setting s, const struct recorded *r);
/* False: not recorded. */
bool setting_record_get(struct job *j, const struct settings *all, enum setting s,
                        struct recorded *out);

/* A database is a trial until it is live; a demonstration never becomes live. */
bool setting_is_live(const struct settings *all);
bool setting_is_demonstration(const struct settings *all);
/* Does nobody sign in with a passphrase alone?  Always in a live database and in a
 * demonstration; in a trial when the setting says so. */
bool setting_demands_factor(const struct settings *all);
/* Make an empty database a demonstration.  ERR_CONFLICT when it holds anything. */
MUST_CHECK enum err setting_make_demonstration(struct job *j);
/* Make it live.  ERR_INPUT with the list of what is missing, or in a demonstration. */
MUST_CHECK enum err setting_make_live(struct job *j);
