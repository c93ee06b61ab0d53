#include "risk/sources.h"
#include "access/permit.h"
#include "risk/sessions.h"
#include "risk/statistics.h"
#include "store/db.h"

const struct source_row source_rows[RISK_SOURCES] = {
#define SOURCE(id, name, title) {name, title},
#define TYPE_SOURCE(measure, source, what)
#include "risk/sources.def"
#undef SOURCE
#undef TYPE_SOURCE
};
const struct type_source type_sources[] = {
#define SOURCE(id, name, title)
#define TYPE_SOURCE(measure, source, what) {measure, source, what},
#include "risk/sources.def"
#undef SOURCE
#undef TYPE_SOURCE
};
const size_t n_type_sources = sizeof type_sources / sizeof *type_sources;

static bool
any_return(const struct timeline *t, struct timeline_wanted w)
{
    w.school = TIMELINE_NONE;
    return timeline_has(t, &w);
}

/* Between the first and the last year of its entries there may be one without any; and after
 * the last, while other registers go on, a short register may well have none for a while. */
static bool
register_has(const struct timeline *t, int what, int32_t school_year)
{
    enum { QUIET_YEARS = 2 };
    int32_t first = INT32_MAX, last = INT32_MIN, others = INT32_MIN;

    for (uint32_t i = 0; i < t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &t->returns[i];
        if (r->kind != RETURN_REGISTER)
            continue;
        others = r->school_year > others ? r->school_year : others;
        if (r->what != what)
            continue;
        first = r->school_year < first ? r->school_year : first;
        last = r->school_year > last ? r->school_year : last;
    }
    if (first == INT32_MAX || school_year < first || school_year > others)
        return false;
    return school_year <= last + QUIET_YEARS;
}

bool
source_has(const struct timeline *t, enum source s, int32_t year)
{
    switch (s) {
    case SRC_CENSUS:
        return any_return(t, (struct timeline_wanted){.kind = RETURN_CENSUS, .school_year = year});
    case SRC_SUSPENSIONS: /* told in the two terms after */
        return any_return(t, (struct timeline_wanted){.kind = RETURN_CENSUS, .school_year = year,
                                                      .holds = HOLDS_SUSPENSIONS}) ||
               any_return(t, (struct timeline_wanted){.kind = RETURN_CENSUS,
                                                      .school_year = year + 1,
                                                      .term = TERM_AUTUMN,
                                                      .holds = HOLDS_SUSPENSIONS});
    case SRC_ABSENCE:
        return any_return(t, (struct timeline_wanted){.kind = RETURN_CENSUS, .school_year = year,
                                                      .term = TERM_SPRING,
                                                      .holds = HOLDS_ABSENCE});
    case SRC_MARKS: /* derived beside the column file: sources_count() */
        return false;
    case SRC_NOTICES:
        return any_return(t, (struct timeline_wanted){.kind = RETURN_NOTIFICATION,
                                                      .school_year = year});
    case SRC_OUTCOMES:
        return any_return(t, (struct timeline_wanted){.kind = RETURN_OUTCOMES,
                                                      .school_year = year});
    case SRC_LEAVERS:
        return any_return(t, (struct timeline_wanted){.kind = RETURN_LEAVERS,
                                                      .school_year = year});
    default:
        return register_has(t, (int)(s - SRC_REGISTERS) + 1, year);
    }
}

void
sources_count(struct job *j, const struct years *y, struct statistics *out)
{
    for (int32_t year = y->first; year <= y->last; year++)
        for (int s = 0; s < RISK_SOURCES; s++) {
            bool has = s == SRC_MARKS ? sessions_any_register(y, year)
                                      : source_has(y->t, (enum source)s, year);
            statistic_put(j, out, (struct statistic){"source", year, source_rows[s].name, has});
        }
}

static const char sql_sources[] =
    "SELECT c.item, c.value FROM snapshot_year s JOIN statistic c ON c.area_id = s.area_id "
    "AND c.snapshot_id = s.rows_of AND c.school_year = s.school_year "
    "WHERE s.area_id = $1 AND s.snapshot_id = $2 AND s.school_year = $3 AND c.name = 'source'";

enum err
sources_used(struct job *j, int32_t school_year, struct sources_used *out)
{
    struct snapshot snapshot;
    struct rows q;
    enum err e = permit(j, ACT_FIGURES, (struct subject){0});

    *out = (struct sources_used){{false}};
    if (e || (e = snapshot_current(j, &snapshot)))
        return e;
    db_ask_kept(j, &q, &(struct db_kept){sql_sources, "ti", 0},
                ARGS(INT(j->area), INT(snapshot.id), INT(school_year)));
    while (db_next(&q)) {
        const char *name = row_text(&q, 0);
        for (int s = 0; s < RISK_SOURCES; s++)
            if (!strcmp(name, source_rows[s].name))
                out->of[s] = row_int(&q, 1) != 0;
    }
    return db_done(&q);
}

/* "suspension notifications"; names of systems keep their capitals. */
static const char *
in_sentence(struct job *j, const char *title)
{
    char *s = job_copy(j, title);

    if (s[0] && s[1] >= 'a' && s[1] <= 'z')
        s[0] = (char)(s[0] | 32);
    return s;
}

static const char *
list(struct job *j, enum measure m, const struct sources_used *used, bool loaded)
{
    const char *words = "";

    for (size_t i = 0; i < n_type_sources; i++) {
        const struct type_source *x = &type_sources[i];
        if (x->measure == m && used->of[x->source] == loaded)
            words = job_format(j, "%s%s%s (%s)", words, *words ? "; " : "",
                               in_sentence(j, source_rows[x->source].title), x->what);
    }
    return words;
}

const char *
sources_words(struct job *j, enum measure m, const struct sources_used *used)
{
    const char *has = list(j, m, used, true), *lacks = list(j, m, used, false);

    return job_format(j, "%s%s%s%s%s%s%s", *has ? "Uses " : "", has, *has ? "." : "",
                      *has && *lacks ? " " : "", *lacks ? "Not loaded: " : "", lacks,
                      *lacks ? "." : "");
}
