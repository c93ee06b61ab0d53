/* web/tell/tell.h - forms by which a school tells the authority, and what it told. */
#pragma once
#include "intake/school_form.h"
#include "people/child.h"
#include "ui/components.h"
#include "web/page.h"

enum field_look { LOOK_LINE, LOOK_DAY, LOOK_RADIOS, LOOK_LIST };
struct field {
    enum field_look look;
    const char *name, *label;
    const char *hint, *problem; /* NULL none */
    const char *about;          /* ids of both, for aria-describedby; NULL none */
    const char *value, *size;
    const char *digits;         /* inputmode; NULL: any text */
    bool places;                /* offers the schools of the area */
    const char *day, *month, *year;
    const struct option *options;
    const char *const *ids;     /* of radios */
    size_t n;
};

struct offered_form {
    const char *href, *title, *lede;
};
struct tell_page {
    const struct view *view;
    const char *heading, *lede, *told; /* told: path of all that was sent */
    const struct offered_form *forms;
    size_t n;
    struct table drafts, sent;         /* n_rows 0: none */
};

/* Whom is it about? */
struct choose_page {
    const struct view *view;
    struct problems problems;   /* field "person" */
    const char *heading, *lede, *action, *words, *none;
    struct choice schools;      /* n 0: the own school only */
    struct field pupils;        /* radios; n 0: nothing found */
    int64_t urn;                /* 0: a school is to be chosen first */
    const char *count;
};

struct form_page {
    const struct view *view;
    struct problems problems;
    const char *heading, *caption, *lede, *action, *drop, *saved;
    int64_t version;
    const struct named *known;  /* what is not asked again */
    size_t n_known;
    const struct field *fields;
    size_t n;
    const struct school_form_place *places;
    size_t n_places;
};

/* Somebody, or another page of one's own, saved it meanwhile. */
struct both_row {
    const char *label, *theirs, *mine;
};
struct both_page {
    const struct view *view;
    const char *heading, *lede, *action, *keep;
    int64_t version;            /* of what is saved */
    const struct both_row *rows;
    size_t n;
    const struct pair *mine;    /* fields as they came in */
    size_t n_mine;
};

struct answers_page {
    const struct view *view;
    const char *heading, *lede, *caption;
    const struct named *answers;
    size_t n;
    const char *const *remarks;
    size_t n_remarks;
    const char *same, *same_says; /* path of a form that says the same */
    const char *action, *change, *drop; /* send; back to the form; NULL: not to be changed */
    const char *button;
    int64_t version;
};

struct told_page {
    const struct view *view;
    bool fresh;                 /* it was sent just now */
    const char *heading, *reference, *state, *state_class, *says;
    const char *again;          /* this page, while the form waits to be read; NULL: it is read */
    const struct named *answers;
    size_t n;
    const char *next;
    const char *const *clocks;  /* sentences */
    size_t n_clocks;
    const char *const *remarks;
    size_t n_remarks;
    const char *change;         /* action of amend and cancel; NULL: cannot be changed */
    const char *other, *other_says; /* the form that it changes, or that changed it; NULL */
    const char *of;             /* about the fact of a file that it changes; NULL none */
    const char *child, *batch;  /* paths; NULL none */
};
struct told_list_page {
    const struct view *view;
    const char *heading, *lede, *tell, *none;
    struct table table;
    struct pages pages;
};

/* Suspensions that are known, whatever told of them. */
struct known_list_page {
    const struct view *view;
    const char *heading, *lede, *action, *words, *none;
    struct choice schools;      /* n 0: the own school only */
    struct table table;
    struct pages pages;
};
struct known_page {
    const struct view *view;
    const char *heading, *caption, *lede, *action; /* action NULL: it is cancelled */
    const struct named *told;
    size_t n;
};

/* tell.c: the schools of the area to choose from. */
MUST_CHECK enum err tell_schools(struct job *j, int64_t chosen, struct choice *out);
/* fields.c */
const char *tell_path(struct job *j, const struct school_form *f);
/* Is it asked, or known already (from the roll, or from the form that this one amends)? */
bool tell_is_asked(const struct school_form *f, const struct question *a);
void tell_fields(struct job *j, const struct school_form *f, const struct problems *p,
                 struct form_page *out);
/* Answers of the request over those of the form. */
void tell_take(struct job *j, const struct request *q, struct school_form *f);
MUST_CHECK enum err tell_answers(struct job *j, const struct school_form *f, bool known_only,
                                 const struct named **out, size_t *n);
/* told_words.c: how it stands, and the clocks of the law that it starts, in sentences. */
const char *tell_state(const struct school_form *f, const char **class_);
MUST_CHECK enum err tell_clocks(struct job *j, const struct school_form *f,
                                const char ***out, size_t *n);
struct table tell_sent_table(struct job *j, const struct school_form *v, size_t n, bool school);
