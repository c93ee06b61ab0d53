/* A pack of signs: the text that an authority changes, read and checked. */
#include "base/embed.h"
#include "base/text.h"
#include "risk/signs.h"
#include "risk/sign_words.h"
#include <jansson.h>

static const char *const domain_names[SIGN_DOMAINS] = {"attendance", "behaviour", "need",
                                                       "mobility", "transition"};
static const char *const domain_words[SIGN_DOMAINS] = {
    "Attendance", "Suspension or moved out", "Need or social work support", "Changing schools",
    "Changing phase"};
static const struct {
    const char *name, *limits;
    bool schools;
} kinds[SIGN_KINDS] = {
#define SCHOOL_TOO true
#define AUTHORITY_ONLY false
#define SIGN(id, name, function, source, audience, limits, values) [id] = {name, limits, audience},
#include "risk/signs.def"
#undef SIGN
};

const char *
sign_domain_name(enum sign_domain d)
{
    return domain_names[d];
}

const char *
sign_domain_words(enum sign_domain d)
{
    return domain_words[d];
}

struct span
sign_pack_default(void)
{
    for (const struct embedded *e = embed_packs; e->name; e++)
        if (!strcmp(e->name, "signs.json"))
            return (struct span){(const char *)e->bytes, e->n};
    return (struct span){"", 0};
}

/* ---- one sign -------------------------------------------------------------------- */

static enum err
wrong(struct job *j, const char *id, const char *what, const char *which)
{
    err_set(j, ERR_INPUT, "sign \"%.40s\" %s \"%.60s\"", id, what, which);
    return err_hint(j, "The kinds of sign, their limits and their values are in the table of "
                       "src/risk/signs.def.");
}

/* A text of the sign, copied; NULL: it is not there. */
static const char *
text_of(struct job *j, const json_t *sign, const char *name)
{
    const char *s = json_string_value(json_object_get(sign, name));

    return s && *s ? job_copy(j, s) : NULL;
}

static enum err
take_limits(struct job *j, json_t *limits, struct sign_rule *r)
{
    const char *name;
    json_t *value;

    for (int i = 0; i < SIGN_LIMITS; i++)
        r->limit[i] = INT32_MIN;
    json_object_foreach(limits, name, value) {
        int at = names_find(kinds[r->kind].limits, span_of(name));
        if (at < 0)
            return wrong(j, r->id, "has no limit", name);
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_integer_value(value) > 1000)
            return wrong(j, r->id, "wants a whole number from 0 to 1000 as", name);
        r->limit[at] = (int)json_integer_value(value);
    }
    for (int i = 0; i < names_count(kinds[r->kind].limits); i++)
        if (r->limit[i] == INT32_MIN)
            return wrong(j, r->id, "lacks limits; it wants", kinds[r->kind].limits);
    return OK;
}

static int
name_in(const char *name, const char *const *list, int n)
{
    for (int i = 0; name && i < n; i++)
        if (!strcmp(list[i], name))
            return i;
    return -1;
}

static int
kind_of(const char *name)
{
    for (int k = 0; name && k < SIGN_KINDS; k++)
        if (!strcmp(kinds[k].name, name))
            return k;
    return -1;
}

static enum err
take_words(struct job *j, const json_t *sign, struct sign_rule *r)
{
    static const char *const names[SIGN_VARIANTS] = {"words", "words_since", "words_ended"};
    const char *bad;

    for (int i = 0; i < SIGN_VARIANTS; i++) {
        r->words[i] = text_of(j, sign, names[i]);
        if (r->words[i] && (bad = sign_words_check(j, r, r->words[i])))
            return wrong(j, r->id, "does not know", bad);
    }
    return r->words[0] ? OK : wrong(j, r->id, "lacks", "words");
}

static enum err
take_sign(struct job *j, const json_t *sign, struct sign_rule *r)
{
    const char *kind = json_string_value(json_object_get(sign, "kind"));
    const char *domain = json_string_value(json_object_get(sign, "domain"));
    const json_t *schools = json_object_get(sign, "schools");
    int k = kind_of(kind), d = name_in(domain, domain_names, SIGN_DOMAINS);
    enum err e;

    r->id = text_of(j, sign, "id");
    r->title = text_of(j, sign, "title");
    r->evidence = text_of(j, sign, "evidence");
    if (!r->id || strlen(r->id) > 8)
        return wrong(j, r->id ? r->id : "", "wants an id of at most 8 characters, not",
                     r->id ? r->id : "");
    if (!r->title || !r->evidence)
        return wrong(j, r->id, "lacks", r->title ? "evidence" : "title");
    if (k < 0)
        return wrong(j, r->id, "is of no known kind:", kind ? kind : "");
    if (d < 0)
        return wrong(j, r->id, "is in no known domain:", domain ? domain : "");
    r->kind = (enum sign_kind)k;
    r->domain = (enum sign_domain)d;
    /* a pack can keep a sign from schools, never show them what the kind keeps back */
    r->schools = kinds[k].schools && !json_is_false(schools);
    if ((e = take_limits(j, json_object_get(sign, "limits"), r)))
        return e;
    return take_words(j, sign, r);
}

/* ---- the pack -------------------------------------------------------------------- */

static enum err
take_years(struct job *j, const json_t *root, struct sign_pack *out)
{
    const json_t *years = json_object_get(root, "years");
    int64_t first = json_integer_value(json_array_get(years, 0));
    int64_t last = json_integer_value(json_array_get(years, 1));

    if (json_array_size(years) != 2 || first < -1 || last > 14 || first > last)
        return err_set(j, ERR_INPUT, "the pack of signs wants \"years\" as two year groups, "
                                     "such as [0, 11]");
    out->first_year = (int)first;
    out->last_year = (int)last;
    return OK;
}

static enum err
take_pack(struct job *j, const json_t *root, struct sign_pack *out)
{
    const json_t *signs = json_object_get(root, "signs");
    enum err e;

    *out = (struct sign_pack){.version = text_of(j, root, "version"),
                              .title = text_of(j, root, "title"), .n = json_array_size(signs)};
    if (!out->version || !out->title || !out->n || out->n > SIGNS_MOST)
        return err_set(j, ERR_INPUT, "a pack of signs has \"version\", \"title\" and 1 to %d "
                                     "\"signs\"", SIGNS_MOST);
    if ((e = take_years(j, root, out)))
        return e;
    out->rule = job_array(j, out->n, sizeof *out->rule);
    for (size_t i = 0; i < out->n; i++) {
        if ((e = take_sign(j, json_array_get(signs, i), &out->rule[i])))
            return e;
        for (size_t k = 0; k < i; k++)
            if (!strcmp(out->rule[k].id, out->rule[i].id))
                return wrong(j, out->rule[i].id, "is there twice:", out->rule[i].title);
    }
    return OK;
}

static void
drop_json(void *root)
{
    json_decref(root);
}

enum err
sign_pack_read(struct job *j, struct span json, struct sign_pack *out)
{
    json_error_t where;
    struct cleanup *c = job_on_end(j, drop_json);
    json_t *root = json_loadb(json.s, json.n, JSON_REJECT_DUPLICATES, &where);
    enum err e;

    if (!root) {
        err_set(j, ERR_INPUT, "the pack of signs is not JSON: line %d, column %d: %s",
                where.line, where.column, where.text);
        return err_hint(j, "A comma or a quotation mark may be missing there.");
    }
    c->arg = root;
    e = take_pack(j, root, out);
    c->arg = NULL;
    json_decref(root);
    return e;
}
