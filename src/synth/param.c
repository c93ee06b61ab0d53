#include "synth/param.h"

const struct params param = {
#define PARAM(name, value, remark) .name = value,
#include "synth/parameters.def"
};

static const struct param_year years[] = {
#define YEAR(...) {__VA_ARGS__},
#include "synth/parameters.def"
};
static const struct param_age ages[] = {
#define AGE(...) {__VA_ARGS__},
#include "synth/parameters.def"
};
const struct param_ethnicity param_ethnicities[ETHNICITIES] = {
#define ETHNICITY(...) {__VA_ARGS__},
#include "synth/parameters.def"
};
static const struct need {
    const char *code;
    int weight[3]; /* by enum need_of */
} needs[] = {
#define NEED(code, support, plan, special) {code, {support, plan, special}},
#include "synth/parameters.def"
};
static const double months[13] = {
#define MONTH(month, weight) [month] = weight,
#include "synth/parameters.def"
};
static const struct length {
    int sessions, weight;
} lengths[] = {
#define LENGTH(...) {__VA_ARGS__},
#include "synth/parameters.def"
};
static const struct reason {
    const char *code;
    int weight[2]; /* suspension, permanent exclusion */
    int first, last;
} reasons[] = {
#define REASON(code, weight, permanent, first, last) {code, {weight, permanent}, first, last},
#include "synth/parameters.def"
};
static const struct forename {
    enum community community;
    char sex;
    const char *name;
    int weight;
    const char *called;
} forenames[] = {
#define FORENAME(...) {__VA_ARGS__},
#include "synth/names.def"
};
static const struct surname {
    enum community community;
    const char *name;
    int weight;
} surnames[] = {
#define SURNAME(...) {__VA_ARGS__},
#include "synth/names.def"
};
#define COUNT(a) (sizeof(a) / sizeof *(a))

const struct param_year *
param_year(int year)
{
    return &years[year - YEAR_FIRST];
}

const struct param_age *
param_age(int age)
{
    int last = ages[COUNT(ages) - 1].age;

    if (age < ages[0].age)
        age = ages[0].age;
    return &ages[(age > last ? last : age) - ages[0].age];
}

double
param_month(int month)
{
    return months[month];
}

const char *
param_need(struct random *r, enum need_of of)
{
    int64_t total = 0, at;
    size_t i;

    for (i = 0; i < COUNT(needs); i++)
        total += needs[i].weight[of];
    at = random_below(r, total);
    for (i = 0; at >= needs[i].weight[of]; i++)
        at -= needs[i].weight[of];
    return needs[i].code;
}

int
param_length(struct random *r)
{
    int64_t total = 0, at;
    size_t i;

    for (i = 0; i < COUNT(lengths); i++)
        total += lengths[i].weight;
    at = random_below(r, total);
    for (i = 0; at >= lengths[i].weight; i++)
        at -= lengths[i].weight;
    return lengths[i].sessions;
}

static bool
in_use(const struct reason *x, int year)
{
    return year >= x->first && (!x->last || year <= x->last);
}

const char *
param_reason(struct random *r, int year, bool permanent)
{
    int64_t total = 0, at;
    size_t i;

    for (i = 0; i < COUNT(reasons); i++)
        if (in_use(&reasons[i], year))
            total += reasons[i].weight[permanent];
    at = random_below(r, total);
    for (i = 0;; i++) {
        if (!in_use(&reasons[i], year))
            continue;
        if (at < reasons[i].weight[permanent])
            return reasons[i].code;
        at -= reasons[i].weight[permanent];
    }
}

struct param_name
param_forename(struct random *r, enum community c, char sex)
{
    int64_t total = 0, at;
    size_t i;

    for (i = 0; i < COUNT(forenames); i++)
        if (forenames[i].community == c && forenames[i].sex == sex)
            total += forenames[i].weight;
    at = random_below(r, total);
    for (i = 0;; i++) {
        if (forenames[i].community != c || forenames[i].sex != sex)
            continue;
        if (at < forenames[i].weight)
            return (struct param_name){forenames[i].name, forenames[i].called};
        at -= forenames[i].weight;
    }
}

const char *
param_surname(struct random *r, enum community c)
{
    int64_t total = 0, at;
    size_t i;

    for (i = 0; i < COUNT(surnames); i++)
        if (surnames[i].community == c)
            total += surnames[i].weight;
    at = random_below(r, total);
    for (i = 0;; i++) {
        if (surnames[i].community != c)
            continue;
        if (at < surnames[i].weight)
            return surnames[i].name;
        at -= surnames[i].weight;
    }
}
