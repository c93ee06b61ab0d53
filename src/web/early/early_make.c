#include "people/child.h"
#include "ui/words.h"
#include "web/early/early.h"
#include "web/frame.h"

/* ---- the address ----------------------------------------------------------------- */

const char *
early_path(struct job *j, const char *path, const struct early_asked *a)
{
    const struct sign_filter *f = &a->of;

    if (f->urn)
        path = frame_with_int(j, path, "school", f->urn);
    if (f->changed)
        path = frame_with(j, path, "changed", "1");
    for (int d = 0; d < SIGN_DOMAINS; d++)
        if (f->domains >> d & 1)
            path = frame_with(j, path, "kind", sign_domain_name((enum sign_domain)d));
    if (f->tier > 1)
        path = frame_with_int(j, path, "kinds", f->tier);
    if (f->year_group != SIGN_ANY)
        path = frame_with_int(j, path, "year", f->year_group);
    if (f->sort == SIGN_SORT_NAME)
        path = frame_with(j, path, "sort", "name");
    return a->page > 1 ? frame_with_int(j, path, "page", a->page) : path;
}

/* Of the first page, with one filter changed. */
static const char *
path_of(struct job *j, struct sign_filter f)
{
    struct early_asked a = {f, 1};

    return early_path(j, "/early", &a);
}

/* ---- filters --------------------------------------------------------------------- */

/* The address with one filter less, and the words of that filter. */
static struct link
without(struct job *j, struct sign_filter less, const char *text)
{
    return (struct link){path_of(j, less), text, false};
}

static void
filters_on(struct job *j, const struct early_facts *f, struct early_page *out)
{
    const struct sign_filter *on = &f->asked.of;
    struct sign_filter less = *on;
    struct link *v = job_array(j, SIGN_DOMAINS + 3, sizeof *v);
    size_t n = 0;

    if (on->changed) {
        less.changed = false;
        v[n++] = without(j, less, "New or worse this week");
        less = *on;
    }
    for (int d = 0; d < SIGN_DOMAINS; d++)
        if (on->domains >> d & 1) {
            less.domains &= ~(1u << d);
            v[n++] = without(j, less, sign_domain_words((enum sign_domain)d));
            less = *on;
        }
    if (on->tier > 1) {
        less.tier = 0;
        v[n++] = without(j, less, job_format(j, "%d kinds or more", on->tier));
        less = *on;
    }
    if (on->year_group != SIGN_ANY) {
        less.year_group = SIGN_ANY;
        v[n++] = without(j, less, child_year_group(j, on->year_group));
    }
    out->on = (struct links){v, n};
    if (out->on.n) {
        less = (struct sign_filter){.urn = on->urn, .year_group = SIGN_ANY, .rule = SIGN_ANY,
                                    .sort = on->sort};
        out->clear = path_of(j, less);
    }
}

static const char *
counted(struct job *j, const char *text, int64_t n)
{
    return job_format(j, "%s (%s)", text, words_count(j, n));
}

static void
make_options(struct job *j, const struct early_facts *f, struct early_page *out)
{
    const struct sign_filter *on = &f->asked.of;
    struct early_option *what = job_array(j, 2, sizeof *what);
    struct early_option *kinds = job_array(j, SIGN_DOMAINS, sizeof *kinds);
    struct early_option *tiers = job_array(j, 3, sizeof *tiers);
    int64_t three = f->facets.tier[3], two = f->facets.tier[2] + three;

    what[0] = (struct early_option){"changed", "", "Anyone on the list", !on->changed};
    what[1] = (struct early_option){
        "changed", "1", counted(j, "New or worse this week", f->facets.changed), on->changed};
    for (int d = 0; d < SIGN_DOMAINS; d++)
        kinds[d] = (struct early_option){
            "kind", sign_domain_name((enum sign_domain)d),
            counted(j, sign_domain_words((enum sign_domain)d), f->facets.domain[d]),
            on->domains >> d & 1};
    tiers[0] = (struct early_option){"kinds", "", "Any number", on->tier < 2};
    tiers[1] = (struct early_option){"kinds", "2", counted(j, "2 or more", two), on->tier == 2};
    tiers[2] = (struct early_option){"kinds", "3", counted(j, "3 or more", three), on->tier == 3};
    out->what = what;
    out->n_what = 2;
    out->kinds = kinds;
    out->n_kinds = SIGN_DOMAINS;
    out->tiers = tiers;
    out->n_tiers = 3;
    out->sort = on->sort == SIGN_SORT_NAME ? "name" : NULL;
}

static struct choice
year_choice(struct job *j, const struct early_facts *f)
{
    int first = f->run->pack.first_year, last = f->run->pack.last_year;
    struct option *o = job_array(j, 17, sizeof *o);
    size_t n = 1;

    o[0] = (struct option){"", "All years", f->asked.of.year_group == SIGN_ANY};
    for (int year = first; year <= last; year++)
        if (f->all.year[year + 1] || f->asked.of.year_group == year)
            o[n++] = (struct option){job_format(j, "%d", year), child_year_group(j, year),
                                     f->asked.of.year_group == year};
    return (struct choice){"year", "Year group", o, n};
}

/* ---- one pupil ------------------------------------------------------------------- */

/* What is beside the signs and is none: said so that nobody takes it for one. */
static const char *
context_words(struct job *j, const struct sign_listed *k, bool school_view)
{
    const char *plan = k->context & CONTEXT_PLAN ? "Has an education, health and care plan."
                                                 : NULL;
    const char *care = !school_view && (k->context & CONTEXT_CARE)
                           ? "Social care is involved." : NULL;
    bool fsm = k->context & CONTEXT_FSM, place = k->context & CONTEXT_DEPRIVED;
    const char *poor = NULL;

    if (fsm || place)
        poor = job_format(j, "%s%s%s, which is not a sign by itself.",
                          fsm ? "Eligible for free school meals" : "",
                          fsm && place ? "; lives" : place ? "Lives" : "",
                          place ? " in one of the most deprived fifth of areas" : "");
    if (!plan && !care && !poor)
        return NULL;
    return job_format(j, "%s%s%s%s%s", plan ? plan : "", plan && (care || poor) ? " " : "",
                      care ? care : "", care && poor ? " " : "", poor ? poor : "");
}

static const char *
titles_of(struct job *j, const struct sign_pack *pack, uint32_t rules)
{
    const char *title[SIGNS_MOST];
    size_t n = 0;

    for (size_t i = 0; i < pack->n; i++)
        if (rules >> i & 1)
            title[n++] = pack->rule[i].title;
    return words_list(j, title, n);
}

static void
change_words(struct job *j, const struct early_facts *f, const struct sign_listed *k,
             struct early_pupil *out)
{
    const struct sign_run *run = f->run;
    char day[DATE_TEXT];

    if (run->compared_day == DATE_NONE)
        return;
    out->since = job_format(j, "Since %s", date_words(run->compared_day, day));
    if (!k->tier_before) {
        out->changed = "New on the list.";
        out->change = k->is_new ? titles_of(j, &run->pack, k->is_new) : NULL;
    } else if (k->is_new) {
        out->changed = "New sign:";
        out->change = titles_of(j, &run->pack, k->is_new);
    } else if (k->gone)
        out->change = job_format(j, "No longer: %s", titles_of(j, &run->pack, k->gone));
    else
        out->change = "No change";
}

static void
make_pupil(struct job *j, const struct early_facts *f, const struct sign_listed *k,
           struct early_pupil *out)
{
    const char **reasons = job_array(j, k->n + 1, sizeof *reasons);

    if (k->hidden) {
        *out = (struct early_pupil){
            .name = k->name, .year = "", .tag = "not shared", .reasons = reasons,
            .href = f->children ? job_format(j, "/children/%lld", (long long)k->person) : NULL};
        return;
    }
    for (size_t i = 0; i < k->n; i++)
        reasons[i] = k->reason[i].words;
    *out = (struct early_pupil){
        .name = k->name, .year = child_year_group(j, k->year_group),
        .href = f->children ? job_format(j, "/children/%lld", (long long)k->person) : NULL,
        .school = f->school ? NULL : k->school,
        .tag = k->tier == 1 ? "1 kind of sign"
                            : job_format(j, "%d%s kinds of sign", k->tier,
                                         k->tier == 3 ? " or more" : ""),
        .dark = k->tier >= 3, .reasons = reasons, .n_reasons = k->n,
        .context = context_words(j, k, f->school_view),
    };
    change_words(j, f, k, out);
}

/* ---- the page -------------------------------------------------------------------- */

static const char *
lede(struct job *j, const struct early_facts *f)
{
    const struct sign_facets *a = &f->all;
    char day[DATE_TEXT];
    const char *changed = "";

    if (!a->listed)
        return "No pupil has a warning sign about attendance, suspension or changing schools.";
    if (f->run->compared_day != DATE_NONE)
        changed = job_format(j, "%s %s new or %s a new sign since %s. ",
                             words_capital(j, words_number(j, a->changed)),
                             a->changed == 1 ? "is" : "are", a->changed == 1 ? "has" : "have",
                             date_words(f->run->compared_day, day));
    return job_format(j, "%s%s %s three or more kinds of sign, where a referral is usually worth "
                         "a conversation.", changed,
                      words_capital(j, words_number(j, a->tier[3])),
                      a->tier[3] == 1 ? "shows" : "show");
}

static const char *
caption(struct job *j, const struct early_facts *f)
{
    char day[DATE_TEXT];
    const char *who = f->school ? f->school : "All schools";

    if (f->run->registers_to == DATE_NONE)
        return job_format(j, "%s · facts to %s, without registers", who,
                          date_words(f->run->day, day));
    return job_format(j, "%s · attendance to %s", who, date_words(f->run->registers_to, day));
}

static void
make_pages(struct job *j, const struct early_facts *f, struct early_page *out)
{
    struct early_asked a = f->asked;
    int64_t from = (a.page - 1) * EARLY_PAGE, to = from + (int64_t)f->list.n;
    int64_t rest = f->list.total - to < EARLY_PAGE ? f->list.total - to : EARLY_PAGE;

    out->showing = f->list.total <= EARLY_PAGE
                       ? words_counted(j, f->list.total, "pupil", "pupils")
                       : job_format(j, "Showing %s to %s of %s pupils", words_count(j, from + 1),
                                    words_count(j, to), words_count(j, f->list.total));
    if (a.page > 1) {
        a.page = f->asked.page - 1;
        out->pages.previous = early_path(j, "/early", &a);
        out->pages.previous_text = job_format(j, "Previous %d pupils", EARLY_PAGE);
    }
    if (rest > 0) {
        a.page = f->asked.page + 1;
        out->pages.next = early_path(j, "/early", &a);
        out->pages.next_text = job_format(j, "Next %s", words_counted(j, rest, "pupil", "pupils"));
    }
}

static void
make_order(struct job *j, const struct early_facts *f, struct early_page *out)
{
    struct sign_filter other = f->asked.of;
    bool by_name = other.sort == SIGN_SORT_NAME;

    other.sort = by_name ? SIGN_SORT_KINDS : SIGN_SORT_NAME;
    out->order = by_name ? "By school and name." : "Most kinds of sign first.";
    out->other_order = path_of(j, other);
    out->other_order_text = by_name ? "Most kinds first" : "Sort by name";
}

static const char *
no_data_words(struct job *j, const struct sign_run *run)
{
    if (!run->no_data)
        return NULL;
    return job_format(j, "No data is loaded for: %s. Nothing can be said about these, which is "
                         "not the same as none.", titles_of(j, &run->pack, run->no_data));
}

static void
make_views(struct job *j, const struct early_facts *f, struct early_page *out)
{
    struct early_view *v = job_array(j, f->n_views + 1, sizeof *v);
    const char *now = early_path(j, "", &(struct early_asked){f->asked.of, 1});

    for (size_t i = 0; i < f->n_views; i++)
        v[i] = (struct early_view){
            f->views[i].name, job_format(j, "/early%s", f->views[i].query),
            job_format(j, "/early/views/%lld/drop", (long long)f->views[i].id)};
    out->views = v;
    out->n_views = f->n_views;
    out->query = *now ? now : NULL;
    out->view_name = "";
}

void
early_make(struct job *j, const struct early_facts *f, const struct view *view,
           struct early_page *out)
{
    struct early_pupil *pupils = job_array(j, f->list.n + 1, sizeof *pupils);

    *out = (struct early_page){
        .view = view, .caption = caption(j, f), .lede = lede(j, f),
        .heading = job_format(j, "%s to talk about",
                              words_counted(j, f->all.listed, "pupil", "pupils")),
        .schools = {"school", "School", f->schools, f->n_schools}, .years = year_choice(j, f),
        .none = f->all.listed ? "Nobody on the list fits these filters. Take one off."
                              : "Nobody is on the list today.",
        .no_data = no_data_words(j, f->run), .school_view = f->school_view,
    };
    filters_on(j, f, out);
    make_options(j, f, out);
    for (size_t i = 0; i < f->list.n; i++)
        make_pupil(j, f, &f->list.row[i], &pupils[i]);
    out->pupils = pupils;
    out->n_pupils = f->list.n;
    make_pages(j, f, out);
    make_order(j, f, out);
    make_views(j, f, out);
    if (page_offered(j->who, "/early.csv"))
        out->csv = early_path(j, "/early.csv", &(struct early_asked){f->asked.of, 1});
    if (page_offered(j->who, "/early/signs"))
        out->signs = "/early/signs";
}
