/* web/risk/at_risk.h - who is at risk: concentration, four figures, ratios by group, girls. */
#pragma once
#include "ui/charts.h"
#include "web/figures.h"

struct at_risk_chosen {           /* by the form */
    enum measure outcome;
    int32_t first_year, last_year;
    enum care_window window;
};
struct at_risk_facts {
    struct at_risk_chosen asked;
    struct snapshot snapshot;
    int32_t full_year;           /* the last year that has ended */
    const struct concentration *concentration; /* NULL: not known */
    const struct ratio *ratios;  /* of the outcome, in order of dimension */
    size_t n_ratios;
    struct figures sexes;        /* M_SUSP and M_SA by sex, all years */
};
struct at_risk {
    const struct view *view;
    const char *caption, *heading, *lede;
    struct choice outcome, years, window;
    const struct at_risk_share *share;  /* NULL: another outcome, or not known */
    struct figure_words plot_words;
    struct intervals plot;
    const char *plot_source, *csv, *xlsx;
    const char *girls;           /* a sentence; NULL: not known */
};
struct at_risk_share {           /* the group's share of all pupils and of those suspended */
    struct figure_words words;
    struct point all, some;
    struct concentration_words bars;
    const char *source, *how, *list; /* list: path of the pupils behind it; NULL none */
    struct table table;
    struct key_figure four[4];
};
void at_risk_make(struct job *j, const struct at_risk_facts *f, const struct view *view,
                  struct at_risk *out);

/* The outcomes one may ask for, in the order of the form. */
struct at_risk_outcome {
    enum measure measure;
    const char *who;             /* "those suspended more than once" */
    const char *to;              /* "to be suspended more than once" */
    const char *head;            /* of the column: "Suspended" */
};
extern const struct at_risk_outcome at_risk_outcomes[];
extern const size_t at_risk_n_outcomes;
const struct at_risk_outcome *at_risk_outcome(enum measure m); /* the first when not one */
