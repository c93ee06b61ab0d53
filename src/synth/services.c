#include "synth/services.h"
#include "synth/service_parts.h"

static const struct provider providers[] = {
#define PROVIDER(name, kind, says) {name, says, kind},
#include "synth/services.def"
};
enum { PROVIDERS = sizeof providers / sizeof *providers };

static const struct offer offers[] = {
#define OFFER(copies, kind, names, summary, story, needs, from, to, send, refer, how, days, opens, \
              closes, school, family, wait)                                                        \
    {copies, kind, names, summary, story, needs, from, to, send, refer, how, days, opens, closes,  \
     school, family, wait},
#include "synth/services.def"
};
enum { OFFERS = sizeof offers / sizeof *offers };

/* The provider of a copy: one of its kind, the same for the same name. */
static const struct provider *
provider_of(const struct offer *o, int offer, int name)
{
    int of_kind = 0, n = offer * 3 + name;

    for (int i = 0; i < PROVIDERS; i++)
        of_kind += providers[i].kind == o->kind;
    n %= of_kind;
    for (int i = 0; i < PROVIDERS; i++)
        if (providers[i].kind == o->kind && n-- == 0)
            return &providers[i];
    return &providers[0];
}

static int
names_of(const char *names)
{
    int n = 1;

    for (const char *c = names; *c; c++)
        n += *c == '|';
    return n;
}

/* "Steady Ground"; from its second copy on "Steady Ground, Kiln Way". */
static const char *
name_of(struct job *j, const struct site *s)
{
    const char *from = s->offer->names;
    int which = s->copy % names_of(from), round = s->copy / names_of(from);
    size_t n;

    while (which-- > 0)
        from = strchr(from, '|') + 1;
    n = strcspn(from, "|");
    if (!round)
        return job_copy_n(j, from, n);
    return job_format(j, "%.*s, %s", (int)n, from, world_street(s->place + 5 * round));
}

static struct site
site_of(const struct world *w, const struct folder *in, int offer, int copy)
{
    struct site s = {.offer = &offers[offer], .copy = copy, .number = offer * 20 + copy,
                     .random = random_stream(w->seed, (uint64_t)(offer * 100 + copy),
                                             STREAM_SERVICE)};

    s.provider = provider_of(s.offer, offer, copy % names_of(s.offer->names));
    s.place = (int)random_below(&s.random, w->n_places);
    s.postcode = (int)random_below(&s.random, POSTCODES);
    s.name = name_of(in->j, &s);
    return s;
}

/* Sum of all copies, and of those that stand there twice. */
static int
add_all(struct service_file *f)
{
    int n = 0;

    for (int i = 0; i < OFFERS; i++)
        for (int k = 0; k < offers[i].copies; k++) {
            struct site s = site_of(f->w, f->in, i, k);
            json_t *v = service_make(f, &s);
            bool twice = n % 29 == 28;

            service_spoil(f, &s, v);
            json_array_append_new(f->list, v);
            if (twice)
                json_array_append_new(f->list, service_again(v));
            n += 1 + twice;
        }
    return n;
}

static enum err
write_page(const struct folder *in, json_t *list, int n)
{
    static const char path[] = "services.json";
    json_t *page = json_pack("{s:i, s:i, s:i, s:i, s:b, s:b, s:b, s:O}", "total_items", n,
                             "total_pages", 1, "page_number", 1, "size", n, "first_page", 1,
                             "last_page", 1, "empty", 0, "contents", list);
    FILE *f = NULL;
    enum err e = table_file(in, path, &f);

    if (!e && (!page || json_dumpf(page, f, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) != 0))
        e = err_set(in->j, ERR_ENV, "%s cannot be written", path);
    json_decref(page);
    return e ? e : table_flush(in, f, path);
}

enum err
services_write(const struct folder *in, const struct world *w, int32_t today)
{
    const struct folder beside = {in->j, job_format(in->j, "%s.directory", in->root)};
    struct service_file f = {&beside, w, today, json_array()};
    int n = add_all(&f);
    enum err e = write_page(&beside, f.list, n);

    json_decref(f.list);
    return e;
}
