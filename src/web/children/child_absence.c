#include "web/children/child.h"
#include "ui/words.h"

enum { TERMS_SHOWN = 12 };

static const char *
year_name(struct job *j, const struct child_term *t)
{
    char year[DATE_TEXT];

    return job_copy(j, date_year_name(t->school_year, year));
}

static const char *
term_name(struct job *j, const struct child_term *t)
{
    return job_format(j, "%s %s", words_capital(j, date_term_name(t->term)), year_name(j, t));
}

static struct point
share(const struct child_term *t)
{
    return (struct point){t->missed, t->possible, t->possible < 20};
}

static void
absence_steps(struct job *j, const struct child_term *t, size_t n, struct child_page *out)
{
    struct step *v = job_array(j, n, sizeof *v);
    size_t worst = n;

    for (size_t i = 0; i < n; i++)
        if (!share(&t[i]).no_data &&
            (worst == n || t[i].missed * t[worst].possible > t[worst].missed * t[i].possible))
            worst = i;
    for (size_t i = 0; i < n; i++)
        v[i] = (struct step){t[i].term == TERM_AUTUMN ? year_name(j, &t[i]) : NULL, share(&t[i]),
                             false, i == worst};
    out->absence = (struct steps){.name = "School sessions missed in each term", .unit = "Missed",
                                  .v = v, .n = n};
    out->absence_words = (struct figure_words){
        .says = worst == n ? "Absence is not known"
                           : job_format(j, "Missed most in the %s term of %s: %s",
                                        date_term_name(t[worst].term), year_name(j, &t[worst]),
                                        words_percent(j, share(&t[worst]), 0)),
        .what = "School sessions missed each term as a share of possible sessions, all schools "
                "together. Hatched: no totals, or fewer than 20 possible sessions. The table has "
                "every term, with the reasons."};
}

/* ---- the table ---- */

struct reason {
    int code;
    int64_t n;
};

static int
most_first(const void *a, const void *b)
{
    const struct reason *x = a, *y = b;

    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : x->code - y->code;
}

/* "illness 7, holiday not granted 2": sessions missed, by code. */
static const char *
reasons(struct job *j, const struct child_term *t)
{
    struct reason why[ATTENDANCE_CODES];
    const char *all = "";
    size_t n = 0;

    for (int c = 0; c < ATTENDANCE_CODES; c++)
        if (t->by_code.by_code[c] && attendance_is_absence(c, t->from))
            why[n++] = (struct reason){c, t->by_code.by_code[c]};
    if (n)
        qsort(why, n, sizeof *why, most_first);
    for (size_t i = 0; i < n; i++)
        all = job_format(j, "%s%s%s %lld", all, *all ? ", " : "", attendance_label(why[i].code),
                         (long long)why[i].n);
    return all;
}

enum { TERM, MISSED, POSSIBLE, SHARE, REASONS, COLUMNS };

static void
absence_row(struct job *j, const struct child_term *t, struct cell *row)
{
    row[TERM].text = term_name(j, t);
    if (t->missed)
        row[REASONS].text = reasons(j, t);
    else
        row[REASONS].absent = t->possible ? NONE : NO_DATA;
    if (t->possible || t->missed)
        row[MISSED].text = words_count(j, t->missed);
    else
        row[MISSED].absent = NO_DATA;
    if (t->possible)
        row[POSSIBLE].text = words_count(j, t->possible);
    else
        row[POSSIBLE].absent = NO_DATA;
    if (t->possible >= 20)
        row[SHARE].text = words_percent(j, share(t), 1);
    else
        row[SHARE].absent = t->possible ? SUPPRESSED : NO_DATA;
}

static void
absence_table(struct job *j, const struct child_term *t, size_t n, struct child_page *out)
{
    static const struct column columns[COLUMNS] = {
        {"Term", false}, {"Missed", true}, {"Possible", true}, {"Share", true},
        {"Reasons given", false}};
    struct cell *c = job_array(j, COLUMNS * n, sizeof *c);

    for (size_t i = 0; i < n; i++) /* newest first */
        absence_row(j, &t[n - 1 - i], &c[COLUMNS * i]);
    out->absence_table = (struct table){.name = "Sessions missed by term", .columns = columns,
                                        .n_columns = COLUMNS, .cells = c, .n_rows = n,
                                        .stack = true};
}

/* A term before autumn 2020 comes from censuses with codes of absence alone. */
static const char *
source_words(const struct child_term *t, size_t n)
{
    bool early = false;

    for (size_t i = 0; i < n; i++)
        early = early || (t[i].missed && t[i].school_year < ATTENDANCE_ALL_CODES);
    return early ? "School census attendance totals, each reported a term later. Before autumn "
                   "2020 the census gives absences only; what was possible is the school’s own "
                   "number, where it gave one."
                 : "School census attendance totals, each reported a term later.";
}

void
child_absence(struct job *j, const struct child_page_facts *f, struct child_page *out)
{
    size_t n, shown, known = 0;
    struct child_term *t = child_terms(j, f, &n);

    for (size_t i = 0; i < n; i++)
        known += t[i].possible || t[i].missed;
    if (!known)
        return;
    shown = n < TERMS_SHOWN ? n : TERMS_SHOWN;
    absence_steps(j, t + n - shown, shown, out);
    absence_table(j, t, n, out);
    out->absence_source = source_words(t, n);
}
