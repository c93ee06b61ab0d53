/* intake/school_form.h - what a school tells by a form instead of by an export.
 *
 * A form is a draft until it is sent: saved as typed, right or wrong, for the person who writes
 * it.  What is sent becomes a batch of one record, through the layout, the checks and the
 * loading that a file with the same columns takes, so where it came from, what was found, who
 * the child is and taking it back are as of any file.  Who may: permit(ACT_TELL); a school for
 * itself only.  A form of somebody else's drafts, or of another school, is not there. */
#pragma once
#include "base/date.h"
#include "intake/after.h"
#include "people/codes.h"
#include "people/fact.h"
#include "store/db.h"

enum school_form_kind {
#define SCHOOL_FORM(id, name, layout, reg, title, thing, lede, next) SCHOOL_FORM_##id,
#define ASK(...)
#include "intake/forms.def"
#undef SCHOOL_FORM
#undef ASK
    SCHOOL_FORM_KINDS
};
enum ask_kind { ASK_TEXT, ASK_UPN, ASK_DATE, ASK_NUMBER, ASK_HOURS, ASK_RADIO, ASK_SELECT,
                ASK_SCHOOL, ASK_GROUND };
enum { ASK_NEEDED = 1, ASK_FIXED = 2, ASK_PUPIL = 4, ASK_AFTER = 8, ASK_FROM = 16 };
struct question {
    enum school_form_kind form;
    const char *column; /* of the layout */
    enum ask_kind kind;
    enum code_set codes;
    unsigned rules;     /* ASK_NEEDED … */
    const char *label, *hint; /* hint "": none */
};
enum { QUESTIONS_MOST = 16, ANSWER_MOST = 200 /* bytes */ };
struct school_form_about {
    const char *name, *layout, *reg, *title, *thing, *lede, *next;
    const struct question *ask;
    size_t n;
};
struct school_form_about school_form_about(enum school_form_kind kind);
bool school_form_kind_find(const char *name, enum school_form_kind *out);

struct school_form {
    int64_t id, urn, person; /* person 0: typed, not chosen from the roll */
    enum school_form_kind kind;
    const char *author, *school; /* names */
    int64_t account;
    const char *status;      /* new, amended, cancelled */
    int64_t changes;         /* the form that it amends or cancels; 0 none */
    int64_t changed_by;      /* the sent form that amends or cancels it; 0 none */
    struct fact_key of; /* the fact of a file that it amends or cancels; batch 0: none */
    const char *of_title;    /* of that batch; NULL: it is not there any more */
    bool of_withdrawn;       /* that batch was taken back */
    const char *state;       /* draft, sent, taken, refused, dropped */
    int64_t version, saved, sent; /* times; sent 0: not yet */
    int32_t told;            /* the day on which it was sent; DATE_NONE */
    int64_t batch;           /* 0: not taken yet */
    bool withdrawn;          /* that batch was taken back */
    const char *message;     /* why it was refused; NULL */
    /* As typed, in the order of the questions; "" none.  A day is "16/11/2026", its parts as they
     * were typed. */
    const char *answer[QUESTIONS_MOST];
};
/* The place of the question of that column; QUESTIONS_MOST: it is not asked. */
size_t school_form_ask(enum school_form_kind kind, const char *column);
/* The answer to it; "" none, or it is not asked. */
const char *school_form_answer(const struct school_form *f, const char *column);
/* A day as typed; DATE_NONE: it is none. */
int32_t school_form_day(const char *typed);
const char *school_form_pupil(struct job *j, const struct school_form *f); /* "Kai Whitlock" */
/* The answer in words: labels for codes, the name of a school. */
MUST_CHECK enum err school_form_words(struct job *j, const struct school_form *f, size_t ask,
                                      const char **out);

/* Begin one for a school (of a school role: its own, whatever urn says).  person: chosen from
 * that school's roll, 0 typed. */
struct school_form_start {
    enum school_form_kind kind;
    int64_t urn, person;
};
MUST_CHECK enum err school_form_start(struct job *j, struct school_form_start s, int64_t *id);
/* ERR_NOT_FOUND, ERR_DENIED: not there, or not yours. */
MUST_CHECK enum err school_form_get(struct job *j, int64_t id, struct school_form *out);
/* The same for the program itself, with the login of who wrote it. */
MUST_CHECK enum err school_form_get_any(struct job *j, int64_t id, struct school_form *out,
                                        const char **login);
/* Keep the answers of a draft, right or wrong.  ERR_CONFLICT: it was saved or sent elsewhere
 * since f->version. */
MUST_CHECK enum err school_form_save(struct job *j, const struct school_form *f);

struct school_form_problem {
    size_t ask;           /* index of the question */
    const char *text;
};
/* What must be mended before it can be sent, and what is only to be thought about; both by the
 * checks that a file gets. */
struct school_form_checked {
    struct school_form_problem problem[2 * QUESTIONS_MOST];
    size_t n;
    const char *remark[2 * QUESTIONS_MOST];
    size_t n_remarks;
    int64_t same;         /* a sent form that tells the same of the same child; 0 none */
};
MUST_CHECK enum err school_form_check(struct job *j, const struct school_form *f,
                               struct school_form_checked *out);
/* A sent form that stands and tells the same of the same child; 0 none. */
MUST_CHECK enum err school_form_same(struct job *j, const struct school_form *f, int64_t *out);
/* Send a draft without problems; *task is loading it.  Sent already: nothing more happens, *task
 * is 0.  ERR_CONFLICT: saved elsewhere since, or what it changes was changed meanwhile;
 * ERR_INPUT: it has problems. */
MUST_CHECK enum err school_form_send(struct job *j, const struct school_form *f, int64_t *task);
MUST_CHECK enum err school_form_drop(struct job *j, int64_t id); /* a draft */
/* May this suspension still be amended or cancelled? */
bool school_form_may_change(const struct school_form *f);
/* A draft that amends or cancels it, with its answers. */
MUST_CHECK enum err school_form_change(struct job *j, const struct school_form *f, bool cancel,
                                int64_t *id);
/* Does it change what was told before, by a form or by a file (school_form_known.h)? */
bool school_form_changes(const struct school_form *f);
bool school_form_cancels(const struct school_form *f); /* then nothing is asked */
/* Answers to questions, by column; NULL stays as it is. */
void school_form_set(struct school_form *f, const char *column, const char *text);
void school_form_set_day(struct job *j, struct school_form *f, const char *column, int32_t day);
/* A draft of what f has, with the child's names where f->person is not 0.  Asks nothing. */
MUST_CHECK enum err school_form_add(struct job *j, struct school_form *f, int64_t *id);

/* What loading it found, in sentences. */
MUST_CHECK enum err school_form_remarks(struct job *j, const struct school_form *f,
                                        const char ***out, size_t *n);

/* My drafts, newest first; or what was sent, of one school or (urn 0) of all that may be seen. */
struct school_form_filter {
    bool drafts;
    int64_t urn;
    size_t most, skip;
};
MUST_CHECK enum err school_form_list(struct job *j, struct school_form_filter f,
                                     struct school_form **out, size_t *n);

/* Schools of the area, by name, to choose one from. */
struct school_form_place {
    int64_t urn;
    const char *name;
};
MUST_CHECK enum err school_form_places(struct job *j, struct school_form_place **out, size_t *n);

/* Work behind the pages ("school-form" {"form": id}): what the form says becomes a batch, and
 * figures are made again once all waiting forms are in.  home: of the key file.  ERR_BUSY:
 * another load is under way. */
MUST_CHECK enum err school_form_load(struct job *j, int64_t id, const char *home);
MUST_CHECK enum err school_form_load_task(struct job *j, const char *input,
                                          const char *home);
/* The text that is loaded, as a CSV of the form's layout. */
const char *school_form_text(struct job *j, const struct school_form *f);
