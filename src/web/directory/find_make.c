#include "base/text.h"
#include "directory/fresh.h"
#include "directory/needs.h"
#include "directory/service.h"
#include "ui/words.h"
#include "web/directory/find.h"
#include "web/frame.h"

/* ---- the filter ------------------------------------------------------------------------------ */

enum { OPTIONS_SHOWN = 8 };
/* Groups in their order on the page; a wait is one of several, the others add up. */
static const enum facet_group shown[] = {FACET_REFER, FACET_WAIT,   FACET_COST,     FACET_HOW,
                                         FACET_DAY,   FACET_SEND,   FACET_ACCESS,   FACET_EVIDENCE,
                                         FACET_KIND};
enum { GROUPS_SHOWN = sizeof shown / sizeof *shown, ALL_GROUPS = GROUPS_SHOWN + 2 };

static struct find_group
facet_options(struct job *j, const struct find_asked *a, const struct search_found *f,
              enum facet_group g)
{
    struct find_option *v = job_array(j, FACETS + 1, sizeof *v);
    const char *name = facets_group_name(g);
    bool one = g == FACET_WAIT;
    size_t n = 0;

    if (one)
        v[n++] = (struct find_option){name, "", "Any", 0, !(a->search.facets & facets_of_group(g))};
    for (int x = 0; x < FACETS; x++) {
        bool on = a->search.facets & FACET_BIT(x);
        if (facets_group((enum facet)x) == g && (f->facet[x] || on))
            v[n++] = (struct find_option){name, facets_name((enum facet)x),
                                          facets_label((enum facet)x), f->facet[x], on};
    }
    return (struct find_group){facets_group_question(g), v, n > (size_t)one ? n : 0, one};
}

static bool
is_chosen(const struct find_asked *a, enum search_key_kind kind, const char *value)
{
    for (size_t i = 0; i < a->n_chosen; i++)
        if (a->keys[i].kind == kind && !strcmp(a->keys[i].value, value))
            return true;
    return false;
}

static struct find_group
need_options(struct job *j, const struct find_asked *a, const struct search_found *f)
{
    struct find_option *v = job_array(j, f->n_needs + 1, sizeof *v);
    size_t n = 0;

    for (size_t i = 0; i < f->n_needs; i++) {
        const struct need *need = needs_find(f->need[i].value);
        bool on = is_chosen(a, SEARCH_NEED, f->need[i].value);
        if (need && (on || (n < OPTIONS_SHOWN && need->under)))
            v[n++] = (struct find_option){"need", need->id, need->label, f->need[i].services, on};
    }
    return (struct find_group){"What it helps with", v, n, false};
}

static const struct { const char *code, *name; } languages[] = {
    {"ar", "Arabic"}, {"bfi", "British Sign Language"}, {"bn", "Bengali"}, {"cy", "Welsh"},
    {"fa", "Farsi"}, {"gu", "Gujarati"}, {"ku", "Kurdish"}, {"pa", "Punjabi"}, {"pl", "Polish"},
    {"ps", "Pashto"}, {"pt", "Portuguese"}, {"ro", "Romanian"}, {"so", "Somali"},
    {"uk", "Ukrainian"}, {"ur", "Urdu"}, {"zh", "Chinese"},
};

static const char *
language_name(const char *code)
{
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (!strcmp(languages[i].code, code))
            return languages[i].name;
    return code;
}

static struct find_group
language_options(struct job *j, const struct find_asked *a, const struct search_found *f)
{
    struct find_option *v = job_array(j, f->n_languages + 1, sizeof *v);
    size_t n = 0;

    for (size_t i = 0; i < f->n_languages && n < OPTIONS_SHOWN; i++)
        v[n++] = (struct find_option){"language", f->language[i].value,
                                      language_name(f->language[i].value), f->language[i].services,
                                      is_chosen(a, SEARCH_LANGUAGE, f->language[i].value)};
    return (struct find_group){"Languages besides English", v, n, false};
}

/* One value that all have narrows nothing. */
static bool
says_nothing(const struct find_group *g, const struct search_found *f)
{
    return g->n == 1 && !g->v[0].on && g->v[0].services == f->services;
}

static void
add_groups(struct job *j, const struct find_asked *a, const struct search_found *f,
           struct find *out)
{
    struct find_group *v = job_array(j, ALL_GROUPS, sizeof *v);
    struct find_group g = need_options(j, a, f);
    size_t n = 0;

    if (g.n)
        v[n++] = g;
    for (size_t i = 0; i < GROUPS_SHOWN; i++)
        if ((g = facet_options(j, a, f, shown[i])).n && !says_nothing(&g, f))
            v[n++] = g;
    if ((g = language_options(j, a, f)).n)
        v[n++] = g;
    out->groups = v;
    out->n_groups = n;
}

/* ---- what is chosen, as tags ----------------------------------------------------------------- */

static void
add_tag(struct job *j, const struct request *q, struct find *out, const struct find_option *o)
{
    const char *href = find_without(j, q, o->name, o->value);

    out->tags[out->n_tags++] = (struct link){href, o->label, false};
}

static void
add_tags(struct job *j, const struct request *q, const struct find_asked *a, struct find *out)
{
    out->tags = job_array(j, FACETS + FIND_KEYS + 4, sizeof *out->tags);
    for (size_t g = 0; g < out->n_groups; g++)
        for (size_t i = 0; i < out->groups[g].n; i++)
            if (out->groups[g].v[i].on && out->groups[g].v[i].value[0])
                add_tag(j, q, out, &out->groups[g].v[i]);
    if (a->search.metres)
        add_tag(j, q, out, &(struct find_option){"within", NULL,
                                                 job_format(j, "Within miles: %s", a->within),
                                                 0, true});
    if (a->area && a->outward)
        add_tag(j, q, out, &(struct find_option){"area", NULL, "Comes to my area", 0, true});
    out->filters = out->n_tags;
    out->clear = "/find-help";
    out->clear = frame_with(j, out->clear, "q", a->words[0] ? a->words : NULL);
    out->clear = frame_with(j, out->clear, "age", a->age[0] ? a->age : NULL);
    out->clear = frame_with(j, out->clear, "postcode", a->postcode[0] ? a->postcode : NULL);
}

/* What the question's form says goes along with the filter's. */
static void
add_kept(struct job *j, const struct find_asked *a, struct find *out)
{
    const struct pair all[] = {{"q", a->words}, {"age", a->age}, {"postcode", a->postcode},
                               {"sort", a->sort}};
    struct pair *v = job_array(j, sizeof all / sizeof *all, sizeof *v);

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].value[0])
            v[out->n_kept++] = all[i];
    out->kept = v;
}

static void
add_sorts(struct job *j, const struct request *q, const struct find_asked *a, struct find *out)
{
    static const struct { const char *value, *text; enum search_sort sort; } all[] = {
        {NULL, "Best match", SEARCH_BEST}, {"distance", "Nearest", SEARCH_NEAREST},
        {"wait", "Shortest wait", SEARCH_SOONEST}, {"checked", "Last checked", SEARCH_CHECKED},
        {"name", "A to Z", SEARCH_BY_NAME}};
    struct link *v = job_array(j, sizeof all / sizeof *all, sizeof *v);

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].sort != SEARCH_NEAREST || a->search.near)
            v[out->n_sorts++] = (struct link){find_with(j, q, "sort", all[i].value), all[i].text,
                                              a->search.sort == all[i].sort};
    out->sorts = v;
}

/* ---- results --------------------------------------------------------------------------------- */

static enum err
hit(struct job *j, const struct search_hit *h, const struct fresh_days *days, struct find_hit *out)
{
    static const enum fresh badges[CHECK_STATES] = {FRESH, FRESH_DUE, FRESH_STALE, FRESH_STALE};
    enum check_state state;
    json_t *doc;
    enum err e = service_live(j, h->uuid, NULL, &doc);

    if (e)
        return e;
    *out = (struct find_hit){.href = job_format(j, "/find-help/services/%s", h->uuid)};
    service_summarise(j, document_public(j, doc),
                      h->metres == SEARCH_NOWHERE ? NULL : distance_words(j, h->metres), &out->s);
    state = check_of(days, out->s.checked, j->today);
    out->fresh = check_words(j, state, out->s.checked, NULL);
    out->fresh_class = fresh_class(badges[state]);
    out->n_why = find_why(j, h, &out->why);
    return OK;
}

/* The index may be a moment older than the entries: one that is gone is passed over. */
static enum err
add_hits(struct job *j, const struct search_found *f, struct find *out)
{
    struct find_hit *v = job_array(j, f->n + 1, sizeof *v);
    struct fresh_days days;
    enum err e = fresh_days_get(j, &days);

    for (size_t i = 0; i < f->n && !e; i++) {
        e = hit(j, &f->hit[i], &days, &v[out->n_hits]);
        if (e == ERR_NOT_FOUND) {
            err_clear(j);
            e = OK;
        } else if (!e) {
            out->n_hits++;
        }
    }
    out->hits = v;
    return e;
}

static void
add_pages(struct job *j, const struct request *q, const struct find_asked *a,
          const struct search_found *f, struct find *out)
{
    uint32_t upto = a->search.first + FIND_AT_ONCE,
             left = f->services > upto ? f->services - upto : 0;

    if (left) {
        out->next = frame_with_int(j, find_without(j, q, "page", NULL), "page", a->page + 1);
        out->next_text = job_format(j, "Next %s", words_counted(j, left < FIND_AT_ONCE ? left
                                                                                     : FIND_AT_ONCE,
                                                                "service", "services"));
    }
    if (a->page > 1)
        out->previous = frame_with_int(j, find_without(j, q, "page", NULL), "page", a->page - 1);
}

/* ---- with no result -------------------------------------------------------------------------- */

static const char *
filter_name(unsigned filter, const char **words)
{
    static const struct { unsigned filter; const char *name, *words; } all[] = {
        {FILTER_WORDS, "q", "without the words"}, {FILTER_AGE, "age", "for every age"},
        {FILTER_DISTANCE, "within", "at any distance"}, {FILTER_TIME, "from", "at any time"},
        {FILTER_KEY + SEARCH_AREA, "area", "that do not come to your area"},
        {FILTER_KEY + SEARCH_NEED, "need", "whatever they help with"},
        {FILTER_KEY + SEARCH_LANGUAGE, "language", "in any language"}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].filter == filter) {
            *words = all[i].words;
            return all[i].name;
        }
    return NULL;
}

static void
add_looser(struct job *j, const struct request *q, const struct search_found *f, struct find *out)
{
    struct link *v = job_array(j, f->n_looser + 1, sizeof *v);

    for (size_t i = 0; i < f->n_looser; i++) {
        const struct search_looser *l = &f->looser[i];
        const char *words = NULL, *name = filter_name(l->filter, &words);
        if (l->filter >= FILTER_FACET && l->filter < FILTER_FACET + FACET_GROUPS) {
            enum facet_group g = (enum facet_group)(l->filter - FILTER_FACET);
            name = facets_group_name(g);
            words = job_format(j, "without the filter “%s”", facets_group_question(g));
        }
        if (name)
            v[out->n_looser++] = (struct link){
                find_without(j, q, name, NULL),
                job_format(j, "%s %s", words_counted(j, l->services, "service", "services"), words),
                false};
    }
    out->looser = v;
}

static void
add_needs(struct job *j, struct find *out)
{
    size_t n;
    const struct need *all = needs_list(&n);
    struct find_need *v = job_array(j, n, sizeof *v);

    for (size_t i = 0; i < n; i++)
        if (all[i].under)
            v[out->n_needs++] = (struct find_need){frame_with(j, "/find-help", "need", all[i].id),
                                                   all[i].label, needs_find(all[i].under)->label};
    out->needs = v;
}

static const char *
read_as(struct job *j, const struct search_found *f)
{
    const char *out = NULL;

    for (size_t i = 0; i < f->n_terms; i++) {
        const struct search_term *t = &f->term[i];
        const char *one = t->taken == TAKEN_SPELLING
                              ? job_format(j, "We read “%s” as “%s”.", t->asked, t->as)
                          : t->taken == TAKEN_NOWHERE
                              ? job_format(j, "No service has the word “%s”.", t->asked) : NULL;
        if (one)
            out = out ? job_format(j, "%s %s", out, one) : one;
    }
    return out;
}

enum err
find_make(struct job *j, const struct request *q, const struct find_asked *a,
          const struct search_found *found, struct find *out)
{
    enum err e;

    *out = (struct find){.view = frame_view(j, q, find_title(j, a, found->services)), .asked = a,
                         .title = find_title(j, a, found->services),
                         .read_as = read_as(j, found)};
    add_groups(j, a, found, out);
    add_tags(j, q, a, out);
    add_kept(j, a, out);
    add_sorts(j, q, a, out);
    e = add_hits(j, found, out);
    add_pages(j, q, a, found, out);
    add_looser(j, q, found, out);
    if (!a->asked)
        add_needs(j, out);
    out->caveat = "This is not a list of recommended providers. A rating is about one programme "
                  "and one outcome. Schools must make their own checks. Your postcode is looked up "
                  "here and not kept.";
    return e;
}
