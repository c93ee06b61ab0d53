#include "people/codes.h"
#include "people/establishment.h"
#include "risk/members.h"
#include "store/db.h"

const struct measure_row measure_rows[MEASURES] = {
#define MEASURE(id, name, title, family, per, decimals, data, definition, sources)             \
    {name, title, family, per, decimals, definition, sources},
#include "risk/measures.def"
#undef MEASURE
};
const struct dimension_row dimension_rows[DIMENSIONS] = {
#define DIMENSION(id, name, title, reference) {name, title, reference},
#include "risk/dimensions.def"
#undef DIMENSION
};

/* Measures are bits of a 32-bit word in rows of a child's year. */
_Static_assert(MEASURES <= 32, "a bit for each measure");

bool
measure_find(const char *name, enum measure *out)
{
    for (int m = 0; name && m < MEASURES; m++)
        if (!strcmp(measure_rows[m].name, name)) {
            *out = (enum measure)m;
            return true;
        }
    return false;
}

bool
dimension_find(const char *name, enum dimension *out)
{
    for (int d = 0; name && d < DIMENSIONS; d++)
        if (!strcmp(dimension_rows[d].name, name)) {
            *out = (enum dimension)d;
            return true;
        }
    return false;
}

static const char sql_school_name[] = "SELECT name FROM establishment WHERE urn = $1";

static enum err
school_label(struct job *j, const char *member, const char **out)
{
    struct rows q;
    int64_t urn = 0, edition;
    enum err e;

    *out = job_format(j, "School %s", member);
    if (!text_to_int(member, strlen(member), &urn))
        return OK;
    if ((e = establishment_edition(j, &edition)))
        return e;
    db_ask_kept(j, &q, &(struct db_kept){sql_school_name, "t", edition}, ARGS(INT(urn)));
    if (db_next(&q))
        *out = row_text(&q, 0);
    return db_done(&q);
}

/* Labels of members that are not those of members.def, codes or schools. */
static const struct label {
    enum dimension dimension;
    const char *member, *label;
} labels[] = {
    {D_ALL, "all", "All pupils"},
    {D_SCHOOL, MEMBER_NO_SCHOOL, "On no school’s roll"},
    {D_YEAR_GROUP, "-1", "Before reception"},
    {D_YEAR_GROUP, "0", "Reception"},
    {D_IDACI, "1", "Most deprived tenth of areas"},
    {D_IDACI, "10", "Least deprived tenth of areas"},
};

enum err
dimension_label(struct job *j, enum dimension d, const char *member, const char **out)
{
    const struct member_row *m = member_find(d, member);

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (labels[i].dimension == d && !strcmp(labels[i].member, member)) {
            *out = labels[i].label;
            return OK;
        }
    if (m || !*member) {
        *out = m ? m->label : "Not known";
        return OK;
    }
    if (d == D_SCHOOL)
        return school_label(j, member, out);
    *out = d == D_YEAR_GROUP  ? job_format(j, "Year %s", member)
           : d == D_IDACI     ? job_format(j, "Decile %s", member)
           : d == D_ETHNICITY ? code_label(CODE_ETHNICITY, member)
                              : job_copy(j, member);
    return OK;
}
