#include "access/mask.h"
#include "people/safe_address.h"
#include "intake/original.h"
#include "ui/words.h"
#include "web/children/child.h"
#include "web/children/original.html.h"
#include "web/data/correct.h"
#include "web/frame.h"
#include "web/pages.h"

static void
make_where(struct job *j, const struct fact *f, const struct original_record *o,
           struct original_page *out)
{
    struct named *v = job_array(j, 6, sizeof *v);
    char when[DATE_TEXT + 16];
    size_t n = 0;

    v[n++] = (struct named){.name = "When", .value = child_fact_when(j, f)};
    if (o->file)
        v[n++] = (struct named){.name = "File", .value = o->file, .note = o->layout};
    v[n++] = (struct named){.name = "Line", .value = words_count(j, f->line)};
    v[n++] = (struct named){.name = "Batch", .value = f->source,
        .href = page_offered(j->who, "/data/batches/:batch")
                    ? job_format(j, "/data/batches/%lld", (long long)f->batch) : NULL};
    v[n++] =
        (struct named){.name = "Known since", .value = job_copy(j, time_words(f->known, when))};
    if (o->digest)
        v[n++] = (struct named){.name = "Fingerprint of the file",
                                .value = job_format(j, "%.16s…", o->digest), .note = "SHA-256"};
    out->where = v;
    out->n_where = n;
}

static void
make_values(struct job *j, const struct original_record *o, struct original_page *out)
{
    struct original_value *v = job_array(j, o->n, sizeof *v);

    for (size_t i = 0; i < o->n; i++)
        v[i] = (struct original_value){o->v[i].name, o->v[i].value[0] ? o->v[i].value : NULL};
    out->values = v;
    out->n_values = o->n;
    out->raw = o->raw;
    out->cut = o->cut;
    out->rebuilt = o->rebuilt;
}

/* "/children/:person/facts/:kind/:batch/:file/:line" */
static enum err
asked(struct job *j, const struct request *q, int64_t *person, struct fact_key *k)
{
    *person = request_part_id(q, 0);
    *k = (struct fact_key){.batch = request_part_id(q, 2), .file = request_part_id(q, 3),
                           .line = request_part_id(q, 4)};
    if (fact_kind_find(q->part[1], &k->kind))
        return OK;
    return err_set(j, ERR_NOT_FOUND, "there is no such fact");
}

/* Columns and elements that tell where somebody lives, by a part of their name. */
static bool
tells_where(const char *name)
{
    static const char *const parts[] = {"postcode", "post code", "address", "street", "town",
        "saon", "paon", "locality", "uniqueproperty", "uprn", "county", "easting", "northing"};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcasestr(name, parts[i]))
            return true;
    return false;
}

/* Of a child whose address is marked as safe the file's own stays in the file. */
static enum err
mask_original(struct job *j, int64_t person, struct original_record *o)
{
    struct original *v = job_array(j, o->n, sizeof *v);
    struct safe_address safe;
    enum err e = safe_address_get(j, NULL, person, &safe);

    if (e || !safe.marked || mask_sees(j->who, MASK_ADDRESS))
        return e;
    for (size_t i = 0; i < o->n; i++) {
        v[i] = o->v[i];
        if (tells_where(v[i].name))
            v[i].value = "Not shown to you";
    }
    o->v = v;
    o->raw = "The line itself is not shown to you: the address of this child is a safe one.";
    o->cut = false;
    return OK;
}

static enum err
read_original(struct job *j, const struct fact_key *k, struct original_record *o,
              struct original_page *p)
{
    enum err e = original_get(j, (struct original_place){k->batch, k->file, k->line}, o);

    if (e == ERR_NOT_FOUND) {
        p->gone = job_format(j, "%s. %s", words_capital(j, j->err.message), j->err.hint);
        err_clear(j);
        return OK;
    }
    return e;
}

/* What was corrected in it, and the way to correct it. */
static enum err
make_corrections(struct job *j, const struct request *q, const struct fact_key *k,
                 const struct fact *f, struct original_page *out)
{
    struct correction *v = NULL;
    size_t n = 0;
    enum err e;

    if (!correct_any(f))
        return OK;
    if (page_offered(j->who, "/children/:person/facts/:kind/:batch/:file/:line/correct"))
        out->correct = job_format(j, "%s/correct", q->path);
    if (!page_offered(j->who, "/data/corrections"))
        return OK;
    e = correct_list(j, k, &v, &n);
    if (!e)
        out->corrections = correct_table(j, v, n);
    return e;
}

enum err
page_original(struct job *j, const struct request *q, struct response *r)
{
    struct original_page p = {0};
    struct original_record o = {0};
    struct fact_key k;
    struct child c;
    struct fact f;
    struct view *view;
    int64_t person;
    enum err e = asked(j, q, &person, &k);

    if (!e)
        e = child_get(j, person, &c);
    if (!e)
        e = fact_get(j, person, k, &f);
    if (!e)
        e = read_original(j, &k, &o, &p);
    if (!e)
        e = mask_original(j, person, &o);
    if (!e)
        e = make_corrections(j, q, &k, &f, &p);
    if (e)
        return e;
    view = frame_view(j, q, "Where this comes from");
    view->back = p.child_path = job_format(j, "/children/%lld", (long long)person);
    view->back_text = c.name;
    p.view = view;
    p.child = c.name;
    p.heading = child_fact_words(j, &f);
    make_where(j, &f, &o, &p);
    make_values(j, &o, &p);
    view_original(&r->body, &p);
    return OK;
}
