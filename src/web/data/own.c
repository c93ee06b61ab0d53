/* One layout of the authority's own: what it reads, and taking it away. */
#include "intake/saved_layout.h"
#include "access/permit.h"
#include "ui/words.h"
#include "web/data/files.h"
#include "web/data/own.html.h"
#include "web/frame.h"
#include "web/pages.h"

/* NULL: the job's error says why. */
static const struct saved_layout *
find_own(struct job *j, const char *name)
{
    struct saved_layout *v;
    size_t n;

    if (saved_layout_list(j, &v, &n))
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (!strcmp(v[i].m.name, name))
            return &v[i];
    err_set(j, ERR_NOT_FOUND, "there is no saved layout of this name");
    return NULL;
}

static const char *
part_words(struct job *j, const struct mapping_part *p)
{
    switch (p->kind) {
    case MAPPING_COLUMN:
        return job_format(j, "the column “%s”", p->source);
    case MAPPING_CONSTANT:
        return job_format(j, "“%s” in every row", p->value);
    case MAPPING_VALUE:
        return job_format(j, "“%s” is read as %s", p->source, p->value);
    case MAPPING_KINDS:
        break;
    }
    return "";
}

static struct table
parts_table(struct job *j, const struct mapping *m)
{
    static const struct column columns[] = {{"Field", false}, {"Comes from", false}};
    struct cell *c = job_array(j, 2 * m->n_parts + 1, sizeof *c);

    for (size_t i = 0; i < m->n_parts; i++) {
        c[2 * i].text = m->part[i].field;
        c[2 * i + 1].text = part_words(j, &m->part[i]);
    }
    return (struct table){.name = "What it reads", .columns = columns, .n_columns = 2, .cells = c,
                          .n_rows = m->n_parts, .stack = true};
}

enum err
page_own_layout(struct job *j, const struct request *q, struct response *r)
{
    const char *name = request_query(q, "name");
    struct own_page p = {0};
    const struct saved_layout *own;
    struct view *view;

    if (!name || !*name) {
        r->location = "/data/formats"; /* where all of them are */
        return OK;
    }
    if (!(own = find_own(j, name)))
        return j->err.kind;
    view = frame_view(j, q, own->m.name);
    view->back = "/data/formats";
    view->back_text = "Files that are understood";
    p.view = view;
    p.heading = p.name = own->m.name;
    p.lede = job_format(j, "A layout of your own, made by %s. Files with exactly its columns are "
                           "read as: %s.", own->made_by,
                        own->m.layout ? own->m.layout->title : "a format that is no longer known");
    p.unusable = *own->unusable ? words_capital(j, own->unusable) : NULL;
    p.parts = parts_table(j, &own->m);
    p.action = permit_act(j->who, ACT_LOAD) ? "/data/layout" : NULL;
    view_own_layout(&r->body, &p);
    return OK;
}

enum err
page_own_layout_remove(struct job *j, const struct request *q, struct response *r)
{
    const char *name = request_form(q, "name");
    enum err e;

    if (!name || !*name)
        return err_set(j, ERR_INPUT, "which layout is to be removed was not said");
    if (!(e = saved_layout_remove(j, name)))
        r->location = "/data/formats";
    return e;
}
