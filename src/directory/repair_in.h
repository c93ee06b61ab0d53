/* directory/repair_in.h - what the files of repair share; for these alone. */
#pragma once
#include "directory/repair.h"

/* Where a repair is: a path is written only for a note. */
struct place {
    const struct place *up;
    const char *name;  /* NULL: a member of a list … */
    int64_t at;        /* … at this place */
};
struct mend {
    struct job *j;
    const struct repair *r;
    struct repaired *out;
};
enum {
    TEXT_MOST = 20000, /* bytes */
    PARTS_MOST = 500,
};
void mend_note(struct mend *m, enum repair_rule rule, const struct place *at, const char *was);
/* The value as a note has it. */
const char *mend_was(struct mend *m, const json_t *v);

/* repair_text.c: plain, tidy text; NULL when nothing is left. */
const char *mend_text(struct mend *m, const struct place *at, const char *s, bool paragraphs);
/* repair_value.c: what the field holds instead of v, a new reference; NULL: nothing. */
json_t *mend_value(struct mend *m, const struct place *at, const struct hsds_field *f, json_t *v);
/* repair_object.c: what an object needs beside its fields.  False: it cannot stand. */
bool mend_object(struct mend *m, const struct place *at, enum hsds_object o, json_t *v);
/* repair_form.c: texts in the forms of the standard, into the job; NULL: it is none. */
const char *form_date(struct job *j, const char *s);
const char *form_time(struct job *j, const char *s);
const char *form_moment(struct job *j, const char *s);
const char *form_uri(struct job *j, const char *s);
const char *form_email(struct job *j, const char *s);
const char *form_choice(struct job *j, const struct hsds_field *f, const char *s);
const char *form_days(struct job *j, const char *s); /* "Mondays and Thu" gives "MO,TH" */
