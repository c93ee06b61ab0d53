#include "base/date.h"
#include "base/text.h"
#include "directory/needs.h"
#include "directory/open_terms.h"
#include "directory/uuid.h"
#include "people/postcode.h"
#include "web/directory/api.h"

static enum err
unreadable(struct job *j, const char *name, const char *value, const char *like)
{
    err_set(j, ERR_INPUT, "%s is \"%.40s\", which cannot be read", name, value);
    return err_hint(j, "Write it like %s.", like);
}

/* A whole number from `least` to `most`; absent: as it was. */
static enum err
whole(struct job *j, const struct request *q, const char *name, int64_t most, int64_t *out)
{
    const char *value = request_query(q, name);
    int64_t n;

    if (!value || !value[0])
        return OK;
    if (!text_to_int(value, strlen(value), &n) || n < 0 || n > most)
        return unreadable(j, name, value, "5");
    *out = n;
    return OK;
}

static enum err
read_pages(struct job *j, const struct request *q, struct api_asked *a)
{
    enum err e;

    a->page = 1;
    a->per_page = API_PER_PAGE;
    e = whole(j, q, "page", 1000000, &a->page);
    if (!e)
        e = whole(j, q, "per_page", 1000000, &a->per_page);
    if (e)
        return e;
    a->page = a->page < 1 ? 1 : a->page;
    a->per_page = a->per_page < 1 ? 1 : a->per_page > API_MOST ? API_MOST : a->per_page;
    a->search.first = (uint32_t)((a->page - 1) * a->per_page);
    a->search.most = (uint32_t)a->per_page;
    return OK;
}

/* The standard says "at least" and "at or below"; read as any overlap, which also takes in all that
 * either says, and is what families mean. */
static enum err
read_ages(struct job *j, const struct request *q, struct api_asked *a)
{
    enum { MOST_YEARS = 150 };
    int64_t from = -1, to = -1;
    enum err e = whole(j, q, "minimum_age", MOST_YEARS, &from);

    if (!e)
        e = whole(j, q, "maximum_age", MOST_YEARS, &to);
    if (e || (from < 0 && to < 0))
        return e;
    a->search.age_from = from < 0 ? 0 : (int32_t)(from * 12);
    a->search.age_to = to < 0 ? (MOST_YEARS + 1) * 12 : (int32_t)(to * 12 + 12);
    if (a->search.age_to <= a->search.age_from)
        a->search.age_to = a->search.age_from + 1;
    return OK;
}

/* "15:30", "15:30:00", "15:30Z". */
static enum err
time_of(struct job *j, const struct request *q, const char *name, uint16_t *out)
{
    const char *value = request_query(q, name);
    int hour, minute;

    if (!value || !value[0])
        return OK;
    if (sscanf(value, "%2d:%2d", &hour, &minute) != 2 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59)
        return unreadable(j, name, value, "15:30");
    *out = (uint16_t)(hour * 60 + minute);
    return OK;
}

static enum err
read_times(struct job *j, const struct request *q, struct api_asked *a)
{
    enum { LAST_MINUTE = 24 * 60 - 1 };
    const char *day = request_query(q, "day");
    enum facet f;
    enum err e = time_of(j, q, "start_time", &a->search.from);

    if (!e)
        e = time_of(j, q, "end_time", &a->search.to);
    if (e)
        return e;
    if (a->search.from && !a->search.to)
        a->search.to = LAST_MINUTE;
    if (!day || !day[0])
        return OK;
    {
        char two[3] = {(char)(day[0] & ~32), (char)(day[1] & ~32), '\0'}; /* "Monday" too */
        if (!facets_find(FACET_DAY, two, &f))
            return unreadable(j, "day", day, "MO");
    }
    a->search.facets |= FACET_BIT(f);
    return OK;
}

static void
add_key(struct api_asked *a, enum search_key_kind kind, const char *value)
{
    if (a->search.n_keys < API_KEYS)
        a->keys[a->search.n_keys++] = (struct search_key){kind, value};
}

/* Our own vocabulary is kept as needs; all of it is any of those at the top. */
static bool
add_needs(struct job *j, struct api_asked *a, enum search_key_kind kind, const char *id)
{
    const char *need = kind == SEARCH_TERM ? open_need_of(j, id) : NULL;
    size_t n;
    const struct need *all = needs_list(&n);

    if (need)
        add_key(a, SEARCH_NEED, need);
    if (kind != SEARCH_TAXONOMY || !open_is_needs(id))
        return need != NULL;
    for (size_t i = 0; i < n; i++)
        if (!all[i].under)
            add_key(a, SEARCH_NEED, all[i].id);
    return true;
}

static enum err
read_keys(struct job *j, const struct request *q, struct api_asked *a)
{
    static const struct { const char *name; enum search_key_kind kind; } all[] = {
        {"taxonomy_term_id", SEARCH_TERM}, {"taxonomy_id", SEARCH_TAXONOMY},
        {"organization_id", SEARCH_ORGANISATION_ID}};
    char id[UUID_TEXT];

    a->search.keys = a->keys;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *value = request_query(q, all[i].name);
        if (!value || !value[0])
            continue;
        if (!uuid_fold(span_of(value), id))
            return unreadable(j, all[i].name, value, "5d5d0e6b-2f43-5a0e-9d30-6b9b1b7a3c11");
        if (!add_needs(j, a, all[i].kind, id))
            add_key(a, all[i].kind, job_copy(j, id));
    }
    return OK;
}

/* Within so many metres of the postcode's middle; without a distance, what serves its area. */
static enum err
read_place(struct job *j, const struct request *q, struct api_asked *a)
{
    const char *text = request_query(q, "postcode");
    int64_t metres = 0;
    struct postcode p;
    enum err e = whole(j, q, "proximity", 1000000, &metres);

    if (e || !text || !text[0])
        return e;
    e = postcode_find(j, text, &p);
    if (e == ERR_NOT_FOUND) {
        e = ERR_INPUT; /* the address exists; its parameter is of no use */
        j->err.kind = e;
    }
    if (e)
        return e;
    if (metres) {
        a->search.near = p.located;
        a->search.latitude = p.latitude;
        a->search.longitude = p.longitude;
        a->search.metres = (uint32_t)metres;
    }
    for (size_t i = 0; !metres && i < p.n_codes; i++)
        add_key(a, SEARCH_AREA, p.code[i]);
    return OK;
}

static bool
is_true(const struct request *q, const char *name)
{
    const char *value = request_query(q, name);

    return value && !strcmp(value, "true");
}

static enum err
read_form(struct job *j, const struct request *q, struct api_asked *a)
{
    const char *format = request_query(q, "format"), *after = request_query(q, "modified_after");
    int32_t day;

    a->form = is_true(q, "full") ? OPEN_FULL : is_true(q, "minimal") ? OPEN_MINIMAL : OPEN_LIST;
    a->lines = format && !strcmp(format, "ndjson");
    if (format && format[0] && !a->lines && strcmp(format, "json") != 0)
        return unreadable(j, "format", format, "ndjson");
    if (!after || !after[0])
        return OK;
    if (!date_parse(after, strlen(after), &day))
        return unreadable(j, "modified_after", after, "2026-11-25");
    a->search.modified_after = (int64_t)day * 86400 * 1000000;
    return OK;
}

enum err
api_read(struct job *j, const struct request *q, struct api_asked *out)
{
    enum err e;

    *out = (struct api_asked){.search = {.words = request_query(q, "search"),
                                         .sort = SEARCH_BY_UUID}};
    e = read_pages(j, q, out);
    if (!e)
        e = read_ages(j, q, out);
    if (!e)
        e = read_times(j, q, out);
    if (!e)
        e = read_keys(j, q, out);
    if (!e)
        e = read_place(j, q, out);
    return e ? e : read_form(j, q, out);
}
