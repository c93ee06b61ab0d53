#include "web/data/fresh.h"
#include "ui/words.h"

/* A census is taken in the first half of its term and leaves the authority some weeks later;
 * a children in need census ends on 31 March and is submitted by the end of July. */
enum { CENSUS_WEEKS = 8, NOTICE_DAYS = 31, TERM_DAYS = 124 };

static int32_t
term_number(int32_t school_year, int term)
{
    return 3 * school_year + term - 1;
}

/* The last census that can be expected by a day. */
static int32_t
census_due(int32_t today)
{
    int32_t day = today - 7 * CENSUS_WEEKS;
    int32_t year = date_school_year(day);

    if (day >= date_from_ymd(year + 1, 5, 15))
        return term_number(year, TERM_SUMMER);
    if (day >= date_from_ymd(year + 1, 1, 15))
        return term_number(year, TERM_SPRING);
    if (day >= date_from_ymd(year, 10, 1))
        return term_number(year, TERM_AUTUMN);
    return term_number(year - 1, TERM_SUMMER);
}

static void
late_by(struct freshness *f, int32_t behind, const char *what)
{
    f->fresh = behind <= 0 ? FRESH : behind == 1 ? FRESH_DUE : FRESH_STALE;
    f->state = behind <= 0 ? "Up to date" : behind == 1 ? what : "Out of date";
}

static void
census_row(struct job *j, const struct coverage_source *s, int32_t today, struct freshness *f)
{
    char year[DATE_TEXT];

    f->says = job_format(j, "%s term %s, %s.", words_capital(j, date_term_name(s->term)),
                         date_year_name(s->school_year, year), s->expected > s->schools
                         ? job_format(j, "%s of %s", words_count(j, s->schools),
                                      words_counted(j, s->expected, "school", "schools"))
                         : words_counted(j, s->schools, "school", "schools"));
    if (s->refused) {
        f->href = job_format(j, "/data/batches/%lld", (long long)s->batch);
        f->link = job_format(j, "%s turned away", words_counted(j, s->refused, "row", "rows"));
    }
    late_by(f, census_due(today) - term_number(s->school_year, (int)s->term), "A term late");
}

static void
notice_row(struct job *j, const struct coverage_source *s, int32_t today, struct freshness *f)
{
    char day[DATE_TEXT];

    if (s->until == DATE_NONE) {
        f->says = "A file is loaded; it holds no suspension.";
        late_by(f, 0, NULL);
        return;
    }
    f->says = job_format(j, "The last one began on %s.", date_words(s->until, day));
    late_by(f, today - s->until <= NOTICE_DAYS ? 0 : today - s->until <= 3 * NOTICE_DAYS ? 1 : 2,
            "Over a month old");
}

static void
entry_row(struct job *j, const struct coverage_source *s, int32_t today, struct freshness *f)
{
    char day[DATE_TEXT];

    if (s->until == DATE_NONE) {
        f->says = "A file is loaded; it holds no child.";
        late_by(f, 0, NULL);
        return;
    }
    f->says = job_format(j, "The last one is of %s.", date_words(s->until, day));
    late_by(f, (today - s->until) / (TERM_DAYS + 1), "A term late");
}

static void
care_row(struct job *j, const struct coverage_source *s, int32_t today, struct freshness *f)
{
    char day[DATE_TEXT];
    int32_t year = date_to_ymd(today).year,
            due = today >= date_from_ymd(year, 8, 1) ? year : year - 1;

    f->says = s->until == DATE_NONE ? "A file is loaded; it holds no child."
        : job_format(j, "To %s. What happened since is not known here.", date_words(s->until, day));
    late_by(f, s->until == DATE_NONE ? 0 : due - date_to_ymd(s->until).year, "A year late");
}

static struct freshness
fresh_row(struct job *j, const struct coverage_source *s, int32_t today)
{
    static const char *const name[] = {[SOURCE_CENSUS] = "School census",
                                       [SOURCE_SUSPENSIONS] = "Suspension notifications",
                                       [SOURCE_CARE] = "Social care",
                                       [SOURCE_LOOKED_AFTER] = "Looked after children",
                                       [SOURCE_PLANS] = "Education, health and care plans",
                                       [SOURCE_PEOPLE] = "Case-system person list",
                                       [SOURCE_SCHOOLS] = "Schools of England (GIAS)",
                                       [SOURCE_OUTCOMES] = "Outcomes of exclusion reviews",
                                       [SOURCE_LEAVERS] = "Leavers and deletions",
                                       [SOURCE_REGISTERS] = "Home education and other registers"};
    struct freshness f = {.source = name[s->kind], .says = s->title, .fresh = FRESH,
                          .state = "Loaded"};

    if (!s->loaded) {
        f.says = s->kind == SOURCE_PEOPLE
                     ? "Not loaded: social care is linked by UPN alone."
                     : "No file of this kind is loaded.";
        f.fresh = FRESH_ABSENT;
        f.absent = NO_DATA;
        return f;
    }
    if (s->kind == SOURCE_CENSUS)
        census_row(j, s, today, &f);
    else if (s->kind == SOURCE_SUSPENSIONS)
        notice_row(j, s, today, &f);
    else if (s->kind == SOURCE_CARE || s->kind == SOURCE_LOOKED_AFTER ||
             s->kind == SOURCE_PLANS)
        care_row(j, s, today, &f);
    else if (s->kind >= SOURCE_OUTCOMES)
        entry_row(j, s, today, &f);
    return f;
}

struct freshness *
fresh_rows(struct job *j, const struct coverage_source *s, int32_t today, size_t *n)
{
    struct freshness *f = job_array(j, SOURCES, sizeof *f);

    for (int k = 0; k < SOURCES; k++)
        f[k] = fresh_row(j, &s[k], today);
    *n = SOURCES;
    return f;
}
