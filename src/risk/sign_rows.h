/* risk/sign_rows.h - the children of a run with what they had a week before, in the order in
 * which they are listed, and counted.  Private to this room. */
#pragma once
#include "risk/sign_run.h"

/* What a child had on the day compared with. */
struct sign_before {
    int64_t person_id, urn;
    uint32_t met;
    int8_t year_group;
    uint8_t tier, tier_school;
};
struct sign_befores {
    struct sign_before *v; /* by person_id */
    size_t n;
    int32_t day;           /* DATE_NONE: not compared */
};
struct sign_row {
    uint32_t person, school; /* indices of the timeline */
    const struct sign_child *now; /* NULL: no sign any more */
    struct sign_before before;
    int64_t place;           /* 1, 2 …: by school, then name */
    int64_t kinds_place;     /* 1, 2 …: by tier */
    uint32_t met, met_school;
    int8_t year_group;
    uint8_t tier, tier_school;
};
struct sign_rows {
    struct sign_row *v;      /* by place */
    size_t n;
};
/* A list as what was before. */
struct sign_befores sign_befores_of(struct job *j, const struct timeline *t,
                                    const struct sign_list *list);
void sign_rows_of(struct job *j, const struct sign_run_order *o, const struct sign_list *list,
                  const struct sign_befores *before, struct sign_rows *out);
/* Newly listed, or listed and with a sign that it did not have. */
bool sign_is_changed(const struct sign_row *r, bool school);

/* Numbers that pages show without counting: of each school, and of all. */
enum { SIGN_YEARS = 16 };
struct sign_counts {
    int32_t listed, changed, left;
    int32_t tier[4], domain[SIGN_DOMAINS], rule[SIGNS_MOST], year[SIGN_YEARS];
};
void sign_count_row(const struct sign_pack *pack, const struct sign_row *r, bool school,
                    struct sign_counts *c);
/* By name as stored: "tier", its members and where they lie; ends with NULL. */
struct sign_counted {
    const char *what;
    size_t offset, members;
    int first;               /* the number of the first member */
};
extern const struct sign_counted sign_counted[];
