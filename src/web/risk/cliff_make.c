#include "base/text.h"
#include "ui/words.h"
#include "web/frame.h"
#include "web/risk/cliff.h"

struct looked_at {
    const char *name;
    unsigned sources;
};
static const struct looked_at needs[] = {
#define NEED(id, short_name, sentence, signal, sources) {sentence, sources},
#include "risk/needs.def"
#undef NEED
};
static const struct looked_at thresholds[] = {
#define THRESHOLD(id, sentence, sources) {sentence, sources},
#include "risk/thresholds.def"
#undef THRESHOLD
};

static const struct cliff_need *
named(struct job *j, const struct looked_at *of, size_t n, unsigned missing)
{
    struct cliff_need *out = job_array(j, n, sizeof *out);

    for (size_t i = 0; i < n; i++)
        out[i] = (struct cliff_need){of[i].name, of[i].sources & missing
                                                     ? edge_words(j, of[i].sources & missing)
                                                     : NULL};
    return out;
}

const struct cliff_need *
cliff_needs(struct job *j, unsigned missing, size_t *n)
{
    *n = sizeof needs / sizeof *needs;
    return named(j, needs, *n, missing);
}

const struct cliff_need *
cliff_thresholds(struct job *j, unsigned missing, size_t *n)
{
    *n = sizeof thresholds / sizeof *thresholds;
    return named(j, thresholds, *n, missing);
}

static struct point
at_least(const struct cliff *c, int needs_met)
{
    return (struct point){c->at_least[needs_met], c->pupils, c->pupils <= 0};
}

static void
make_keys(struct job *j, const struct cliff_facts *f, struct cliff_page *out)
{
    static const char *const name[] = {"Three or more needs", "Two or more needs",
                                       "Four or more needs"};
    static const int k[] = {3, 2, 4};
    const struct cliff *c = f->cliff;
    struct point now = at_least(c, 3), before = figures_all(f->figures, M_CLIFF, f->year - 1);
    char a[TEXT_NUMBER], b[TEXT_NUMBER], r[TEXT_NUMBER];

    for (size_t i = 0; i < 3; i++)
        out->keys[i] = (struct key_figure){.name = name[i], .accent = i == 0,
            .figure = words_percent(j, at_least(c, k[i]), 1),
            .base = words_of(j, at_least(c, k[i]), "pupils")};
    out->keys[0].href = figures_list(j, M_CLIFF, f->year, D_ALL, NULL);
    if (f->year > f->snapshot.first_year)
        out->keys[0].change = words_change(j, now, before, figures_year(j, f->year - 1), 1);
    out->keys[3] = (struct key_figure){.name = "Suspended later that year"};
    if (c->ratio <= 0 || c->later_cliff.whole <= 0) {
        out->keys[3].base = "Known when the school year is over";
        return;
    }
    out->keys[3].figure = words_percent(j, (struct point){c->later_cliff.part, c->later_cliff.whole,
                                                          false}, 1);
    out->keys[3].base =
        words_of(j, (struct point){c->later_cliff.part, c->later_cliff.whole, false}, "pupils");
    out->keys[3].change = job_format(j, "%s times as many as of pupils with neither (95%% interval "
        "%s to %s)", text_decimal(c->ratio, 1, r), text_decimal(c->low, 1, a),
        text_decimal(c->high, 1, b));
}

static void
make_bars(struct job *j, const struct cliff_facts *f, struct cliff_page *out)
{
    static const struct column columns[] = {{"Needs", false}, {"Pupils", true},
                                            {"% of pupils", true}};
    static const char *const name[] = {"2 or more", "3 or more, the headline", "4 or more"};
    const struct cliff *c = f->cliff;
    struct cell *cells = job_array(j, 9, sizeof *cells);

    for (int i = 0; i < 3; i++) {
        struct point p = at_least(c, i + 2);
        out->bars[i] = (struct bar){name[i], words_count(j, p.part), p.part, i == 1};
        cells[3 * i].text = name[i];
        cells[3 * i + 1].text = words_count(j, p.part);
        cells[3 * i + 2].text = words_rate(j, p, 100, 1);
    }
    out->table = (struct table){.name = "Pupils near the edge by number of needs",
        .columns = columns, .n_columns = 3, .cells = cells, .n_rows = 3};
    out->words = (struct figure_words){
        .says = "The count depends on where the line is drawn, so we show three",
        .what = "Pupils with no threshold met, by number of needs just below one"};
    out->source = figures_source(
        j,
        job_format(j,
                   "Leaving out any one need changes the headline to "
                   "between %s and %s%s%s. School census, suspension notifications, "
                   "files of social care and early help",
                   words_count(j, c->leave_one_out_low), words_count(j, c->leave_one_out_high),
                   c->not_loaded[0] ? ". Not looked at, because no file is loaded: " : "",
                   c->not_loaded),
        &f->snapshot);
}

static void
make_years(struct job *j, const struct cliff_facts *f, struct cliff_page *out)
{
    int32_t first = f->snapshot.first_year, last = f->snapshot.last_year;
    struct link *l = job_array(j, (size_t)(last - first + 1), sizeof *l);
    size_t n = 0;

    for (int32_t y = last; y >= first; y--)
        if (y != f->year)
            l[n++] = (struct link){frame_with_int(j, "/cliff-edge", "year", y), figures_year(j, y),
                                   false};
    out->years = (struct links){l, n};
}

void
cliff_page_make(struct job *j, const struct cliff_facts *f, const struct view *view,
                struct cliff_page *out)
{
    const struct cliff *c = f->cliff;

    *out = (struct cliff_page){.view = view,
        .caption = job_format(j, "Near the edge · school year %s", figures_year(j, f->year)),
        .heading = c->pupils <= 0 ? "Who is near the edge is not known for this year"
                   : job_format(j, "%s near the edge and nobody’s duty",
                                words_counted(j, c->at_least[3], "pupil is", "pupils are")),
        .lede = "They have three or more needs that fall just below a threshold, and meet none. No "
                "plan, no social worker and no service has to act for them.",
        .list = figures_list(j, M_CLIFF, f->year, D_ALL, NULL)};
    if (c->plans > 0)
        out->plans = job_format(j,
            "%s an education, health and care plan and %s never counted as near the edge. %s of "
            "them %s two or more of these needs: ask the case officer for an early review of the "
            "plan, before the yearly one is due.",
            words_counted(j, c->plans, "pupil has", "pupils have"), c->plans == 1 ? "is" : "are",
            words_count(j, c->plans2), c->plans2 == 1 ? "has" : "have");
    make_keys(j, f, out);
    make_bars(j, f, out);
    out->needs = cliff_needs(j, c->missing, &out->n_needs);
    out->thresholds = cliff_thresholds(j, c->missing, &out->n_thresholds);
    cliff_tables(j, f, out);
    make_years(j, f, out);
}
