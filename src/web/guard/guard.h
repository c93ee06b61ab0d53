/* web/guard/guard.h - restricted records: who may open one, and one opened in an emergency. */
#pragma once
#include "access/glass.h"
#include "access/guard.h"
#include "people/child.h"
#include "ui/components.h"
#include "web/page.h"

/* Instead of a child's page, for whoever works for the whole area and is not named. */
struct restricted_page {
    const struct view *view;
    const char *owner, *phone;  /* phone "" none */
    const char *since;          /* "3 November 2025" */
    const char *emergency;      /* path; NULL: not for this person */
    const char *access;         /* path of taking it over; NULL: its owner is there */
};
void guard_restricted(struct job *j, const struct request *q, struct response *r, int64_t person);

/* What stands on a child's page: NULL texts are left out. */
struct guard_line {
    const char *says;           /* "Restricted: …"; NULL: nothing to say */
    const char *access;         /* path of who may open it; NULL: not for this person */
    const char *notes;          /* path of the notes; NULL: not for this person */
    const char *safe;           /* what is said of an address that is marked; NULL: nothing */
    const char *address;        /* path of its form; NULL: not for this person */
    const char *leave;          /* path to post to, when it is open in an emergency */
};
MUST_CHECK enum err guard_line_of(struct job *j, int64_t person, struct guard_line *out);

struct access_person {
    const struct view *view;
    const char *name, *login, *says; /* "until 3 May 2026", "her nephew" */
    const char *action, *undo;  /* what the form sends in "do" */
    const char *button;
};
struct access_page {
    const struct view *view;
    struct problems problems;   /* fields "why", "name", "until", "bar", "bar-why" */
    const char *heading, *lede, *action, *back;
    bool restricted;
    const char *seal;           /* path of sealing it; NULL: not for this person */
    const struct access_person *named, *barred;
    size_t n_named, n_barred;
    const char *why, *name, *until, *bar, *bar_why; /* as typed */
};

struct address_page {
    const struct view *view;
    struct problems problems;   /* fields "address", "why" */
    const char *heading, *lede, *action, *address, *why; /* as kept, or as typed */
    bool marked;
};

struct emergency_page {
    const struct view *view;
    struct problems problems;   /* fields "reason", "why" */
    const char *action, *back, *owner, *why;
    const struct option *reasons;
    size_t n_reasons;
};

struct openings_page {
    const struct view *view;
    const char *heading, *lede;
    struct table waiting, closed;
    const struct named *month;
    size_t n_month;
    const char *month_name, *earlier, *later; /* later NULL: this is the current month */
};
struct opening_page {
    const struct view *view;
    struct problems problems;   /* fields "verdict", "why" */
    const char *heading, *action, *why;
    const struct named *about;
    size_t n_about;
    bool open;                  /* to be judged, and not this person's own */
    bool justified, not_justified; /* as chosen */
};
struct own_records_page {
    const struct view *view;
    const char *heading, *lede;
    struct table records, openings;
    bool unseen;                /* some opening was not acknowledged */
};
/* "3 November 2025, 2:05pm". */
const char *guard_when(struct job *j, int64_t at);
