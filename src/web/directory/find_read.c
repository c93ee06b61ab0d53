#include "base/text.h"
#include "directory/ages.h"
#include "directory/needs.h"
#include "ui/words.h"
#include "web/directory/find.h"
#include "web/form.h"
#include "web/frame.h"

static const char path[] = "/find-help";

static const char *
typed(struct job *j, const struct request *q, const char *name)
{
    const char *v = request_query(q, name);
    struct span s = span_trim(span_of(v));

    return job_copy_n(j, s.s, s.n);
}

/* What the words say besides ("age 9", "near CH65") holds where no field says it. */
static void
read_words(struct job *j, struct find_asked *a)
{
    struct search_said said;

    search_read(j, a->words, &said);
    a->search.words = said.words;
    if (!a->age[0] && said.age) {
        a->search.age_from = said.age_from;
        a->search.age_to = said.age_to;
        a->age_words = a->search.age_to - a->search.age_from == 12
                           ? job_format(j, "age %d", a->search.age_from / 12) : said.age;
    }
    if (!a->postcode[0] && said.postcode[0])
        a->postcode = job_copy(j, said.postcode);
}

static void
add_unread(struct job *j, struct find_asked *a, const char *sentence)
{
    a->unread = a->unread ? job_format(j, "%s %s", a->unread, sentence) : sentence;
}

/* "9", or as the words of a search may say it: "Year 3", "KS2". */
static void
read_age(struct job *j, struct find_asked *a)
{
    const struct age_row *row = ages_find(a->age);
    struct search_said said;

    if (!a->age[0])
        return;
    if (ages_read(a->age, &a->search.age_from, &a->search.age_to)) {
        a->age_words = row ? row->label : job_format(j, "age %s", a->age);
        return;
    }
    search_read(j, a->age, &said);
    a->search.age_from = said.age_from;
    a->search.age_to = said.age_to;
    a->age_words = said.age;
    if (!said.age)
        add_unread(j, a, job_format(j, "We could not read “%s” as an age, so every age is shown. "
                                       "Write a number such as 9, or a school year.", a->age));
}

static enum err
read_place(struct job *j, struct find_asked *a)
{
    struct postcode p;
    enum err e = OK;
    int64_t miles = 0;

    if (!a->postcode[0])
        return OK;
    e = postcode_find(j, a->postcode, &p);
    if (e == ERR_INPUT || e == ERR_NOT_FOUND) {
        err_clear(j);
        add_unread(j, a, job_format(j, "We do not know the postcode “%s”, so services everywhere "
                                       "are shown. Check it, or write only its first half.",
                                    a->postcode));
        return OK;
    }
    if (e)
        return e;
    a->outward = p.outward;
    a->search.near = p.located;
    a->search.latitude = p.latitude;
    a->search.longitude = p.longitude;
    if (p.located && text_to_int(a->within, strlen(a->within), &miles) && miles > 0 && miles <= 500)
        a->search.metres = (uint32_t)(miles * 160934 / 100);
    for (size_t i = 0; a->area && i < p.n_codes && a->search.n_keys < FIND_KEYS; i++)
        a->keys[a->search.n_keys++] = (struct search_key){SEARCH_AREA, p.code[i]};
    return OK;
}

static void
choose(struct find_asked *a, enum search_key_kind kind, const char *value)
{
    if (a->n_chosen < FIND_KEYS - POSTCODE_CODES)
        a->keys[a->n_chosen++] = (struct search_key){kind, value};
}

/* Filters: values of facets, needs and languages; what is unknown is left out. */
static void
read_filters(const struct request *q, struct find_asked *a)
{
    enum facet_group group;
    enum facet facet;

    for (size_t i = 0; i < q->n_query; i++) {
        const struct pair *p = &q->query[i];
        if (!strcmp(p->name, "need") && needs_find(p->value))
            choose(a, SEARCH_NEED, needs_find(p->value)->id);
        else if (!strcmp(p->name, "language") && p->value[0])
            choose(a, SEARCH_LANGUAGE, p->value);
        else if (facets_find_group(p->name, &group) && facets_find(group, p->value, &facet))
            a->search.facets |= FACET_BIT(facet);
    }
    a->search.keys = a->keys;
    a->search.n_keys = a->n_chosen;
}

static uint16_t
minutes(const char *time)
{
    int hour = 0, minute = 0;

    if (sscanf(time, "%2d:%2d", &hour, &minute) < 1 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59)
        return 0;
    return (uint16_t)(hour * 60 + minute);
}

static const struct { const char *name; enum search_sort sort; } sorts[] = {
    {"distance", SEARCH_NEAREST}, {"wait", SEARCH_SOONEST}, {"name", SEARCH_BY_NAME},
    {"checked", SEARCH_CHECKED},
};

static void
read_order(const struct request *q, struct find_asked *a)
{
    int64_t page = request_int(q, "page", 1);

    a->page = page < 1 || page > 10000 ? 1 : (uint32_t)page;
    a->search.first = (a->page - 1) * FIND_AT_ONCE;
    a->search.most = FIND_AT_ONCE;
    a->search.counts = true;
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        if (!strcmp(a->sort, sorts[i].name) && (sorts[i].sort != SEARCH_NEAREST || a->search.near))
            a->search.sort = sorts[i].sort;
}

enum err
find_read(struct job *j, const struct request *q, struct find_asked *out)
{
    enum err e;

    *out = (struct find_asked){
        .words = typed(j, q, "q"), .age = typed(j, q, "age"), .postcode = typed(j, q, "postcode"),
        .within = typed(j, q, "within"), .from = typed(j, q, "from"), .to = typed(j, q, "to"),
        .sort = typed(j, q, "sort"), .area = !strcmp(typed(j, q, "area"), "yes")};
    read_words(j, out);
    read_age(j, out);
    read_filters(q, out);
    e = read_place(j, out);
    out->search.from = minutes(out->from);
    out->search.to = minutes(out->to);
    if (out->search.to && out->search.to <= out->search.from)
        out->search.from = out->search.to = 0;
    read_order(q, out);
    out->asked = out->words[0] || out->age_words || out->postcode[0] || out->n_chosen ||
                 out->search.facets || out->search.from || out->search.to;
    return e;
}

/* ---- addresses ------------------------------------------------------------------------------- */

static const char *
address(struct job *j, const struct request *q, const char *name, const char *value,
        const char *instead)
{
    const char *to = path;

    for (size_t i = 0; i < q->n_query; i++) {
        const struct pair *p = &q->query[i];
        bool gone = !strcmp(p->name, name) && (!value || !strcmp(p->value, value));
        if (!gone && p->value[0] && strcmp(p->name, "page"))
            to = frame_with(j, to, p->name, p->value);
    }
    return instead ? frame_with(j, to, name, instead) : to;
}

const char *
find_without(struct job *j, const struct request *q, const char *name, const char *value)
{
    return address(j, q, name, value, NULL);
}

const char *
find_with(struct job *j, const struct request *q, const char *name, const char *value)
{
    return address(j, q, name, NULL, value);
}
