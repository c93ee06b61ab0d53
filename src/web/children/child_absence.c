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
                "together. Hatched: no totals, or fewer than 20 possible sessions."};
}

static void
absence_table(struct job *j, const struct child_term *t, size_t n, struct child_page *out)
{
    static const struct column columns[] = {{"Term", false}, {"Missed", true}, {"Possible", true},
                                            {"Share", true}};
    struct cell *c = job_array(j, 4 * n, sizeof *c);

    for (size_t i = 0; i < n; i++) {
        const struct child_term *x = &t[n - 1 - i]; /* newest first */
        struct cell *row = &c[4 * i];
        row[0].text = term_name(j, x);
        if (!x->possible) {
            row[1].absent = row[2].absent = row[3].absent = NO_DATA;
            continue;
        }
        row[1].text = words_count(j, x->missed);
        row[2].text = words_count(j, x->possible);
        if (x->possible < 20)
            row[3].absent = SUPPRESSED;
        else
            row[3].text = words_percent(j, share(x), 1);
    }
    out->absence_table = (struct table){.name = "Sessions missed by term", .columns = columns,
                                        .n_columns = 4, .cells = c, .n_rows = n};
}

void
child_absence(struct job *j, const struct child_page_facts *f, struct child_page *out)
{
    size_t n, known = 0;
    struct child_term *t = child_terms(j, f, &n);

    if (n > TERMS_SHOWN) {
        t += n - TERMS_SHOWN;
        n = TERMS_SHOWN;
    }
    for (size_t i = 0; i < n; i++)
        known += t[i].possible > 0;
    if (!known)
        return;
    absence_steps(j, t, n, out);
    absence_table(j, t, n, out);
    out->absence_source = "School census attendance totals, each reported a term later.";
}
