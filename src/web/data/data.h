/* web/data/data.h - what is loaded: batches, why rows were turned away, coverage. */
#pragma once
#include "intake/coverage.h"
#include "ui/components.h"
#include "web/page.h"
#include "work/task.h"

struct matrix_cell {
    const char *class, *text; /* "cm--full", "412" */
    const char *hidden;       /* more, for a screen reader; NULL none */
    const char *href;         /* what is there; NULL none */
};
struct matrix_row {
    const char *name, *href;
    const struct matrix_cell *cells;
};
struct matrix {
    const char *name;
    const char *const *columns;
    size_t n_columns;
    const struct matrix_row *rows;
    size_t n_rows;
};
struct data_page {
    const struct view *view;
    const char *caption, *heading, *lede;
    const char *load;         /* path of the form; NULL: not for this person */
    const char *told;         /* path of what schools told by form */
    struct table tasks;       /* loads under way and the last ones; n_rows 0: none */
    const char *rejected_of;  /* "School census, autumn 2024. 412 of 49,794 rows" */
    struct table rejected;    /* n_rows 0: nothing was turned away */
    const char *csv;
    struct figure_words coverage_words;
    struct matrix coverage;   /* n_rows 0: no census */
    const char *coverage_note, *all_schools; /* path; NULL: all are shown */
    struct table batches;
    const char *all_batches;  /* path; NULL: all are shown */
    const char *all_batches_text;
};
enum { SCHOOLS_SHOWN = 12 }; /* of the coverage, unless all are asked for */
struct data_facts {
    const struct batch *batches; /* newest first */
    size_t n;
    const struct batch_rule *rules; /* of the newest batch with rows turned away */
    size_t n_rules;
    const struct batch *rules_of;
    const struct coverage *coverage;
    const struct task *tasks;
    size_t n_tasks;
    bool every_school, every_batch;
    int32_t today;
};
void data_page_make(struct job *j, const struct data_facts *f, const struct view *view,
                    struct data_page *out);
/* The table of batches; also of the page of one. */
struct table data_batches(struct job *j, const struct batch *v, size_t n);
/* Why rows were turned away, or remarked on. */
struct table data_rules(struct job *j, const struct batch_rule *v, size_t n, bool refused);
/* A tag for the state of a batch. */
const char *data_state_words(enum batch_state s);
const char *data_when(struct job *j, int64_t us); /* "23 November 2026, 9:12am" */

struct batch_page_view {
    const struct view *view;
    const char *heading, *state, *state_class, *lede;
    const struct named *about;
    size_t n_about;
    struct table files, refused, remarks;
    const char *findings, *findings_text, *csv;
    const char *withdraw;     /* path of the form; NULL: not this batch, or not for this person */
};
void batch_view_make(struct job *j, const struct batch *b, const struct view *view,
                     struct batch_page_view *out);

struct findings_page {
    const struct view *view;
    const char *heading, *lede, *csv;
    struct table table;
    struct pages pages;
};

/* Withdrawing a batch: first why, then whether it is sure. */
enum { WHY_MOST = 500 }; /* bytes */
struct withdraw_page {
    const struct view *view;
    struct problems problems; /* field "why" */
    const char *heading, *lede;
    const char *action, *back, *why; /* paths; what was typed */
    bool sure;                /* the reason is given: ask once more */
    const char *amended;      /* forms that name what it told; NULL none */
};

struct load_form {
    const struct view *view;
    struct problems problems; /* field "files" */
};
struct load_progress {
    const struct view *view;
    const char *heading, *says;
    const char *failed_says;  /* "Nothing went in." */
    int64_t done, total;      /* total 0: not known */
    bool running, failed;
    const char *back;
    const char *still, *again; /* running: this page without and with asking again */
};
void load_progress_make(struct job *j, const struct task *t, struct load_progress *out);
