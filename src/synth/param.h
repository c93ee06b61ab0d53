/* synth/param.h - the numbers of parameters.def and names.def as C sees them. */
#pragma once
#include "base/random.h"

struct params {
#define PARAM(name, value, remark) double name;
#include "synth/parameters.def"
};
extern const struct params param;

enum { YEAR_FIRST = 2016, YEAR_SHOWN = 2018, YEAR_LAST = 2025, YEARS = YEAR_LAST - YEAR_FIRST + 1 };
struct param_year {
    short from;
    double suspend, again, exclude, absent, chronic, severe, fsm, sen, plan;
};
const struct param_year *param_year(int year); /* YEAR_FIRST … YEAR_LAST */
struct param_age {
    short age;
    double suspended, absent; /* suspended: per 1,000 */
};
const struct param_age *param_age(int age); /* outside the table: its nearest end */

enum community { WHITE, MUSLIM, INDIAN, BLACK, EUROPEAN, COMMUNITIES };
struct param_ethnicity {
    const char *code;
    enum community community;
    int share;
    double suspend, absent;
};
extern const struct param_ethnicity param_ethnicities[];
enum { ETHNICITIES = 20 };

enum need_of { NEED_SUPPORT, NEED_PLAN, NEED_SPECIAL };
/* "MLD": a primary need that is not SEMH. */
const char *param_need(struct random *r, enum need_of of);
double param_month(int month); /* 0 in August */
int param_length(struct random *r);
/* A reason valid in that school year. */
const char *param_reason(struct random *r, int year, bool permanent);

struct param_name {
    const char *name, *called; /* called: "" the same */
};
struct param_name param_forename(struct random *r, enum community c, char sex);
const char *param_surname(struct random *r, enum community c);
