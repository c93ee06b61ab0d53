#include "web/about/about.h"
#include "ui/words.h"
#include "web/about/accessibility.html.h"
#include "web/about/definitions.html.h"
#include "web/about/help.html.h"
#include "web/about/information.html.h"
#include "web/frame.h"
#include "web/pages.h"

static size_t
add_family(struct job *j, enum family family, const struct definition **out)
{
    struct definition *v = job_array(j, MEASURES, sizeof *v);
    size_t n = 0;

    for (int m = 0; m < MEASURES; m++) {
        const struct measure_row *r = &measure_rows[m];
        if (r->family == family)
            v[n++] = (struct definition){r->name, r->title, r->definition,
                                         words_capital(j, r->sources), words_unit(r->per)};
    }
    *out = v;
    return n;
}

void
definitions_make(struct job *j, const struct view *view, struct definitions *out)
{
    *out = (struct definitions){.view = view};
    out->n_child = add_family(j, FAMILY_CHILD, &out->child);
    out->n_dfe = add_family(j, FAMILY_DFE, &out->dfe);
    out->needs = cliff_needs(j, EDGE_NEVER, &out->n_needs);
    out->thresholds = cliff_thresholds(j, EDGE_NEVER, &out->n_thresholds);
}

enum err
page_definitions(struct job *j, const struct request *q, struct response *r)
{
    struct definitions d;

    definitions_make(j, frame_view(j, q, "Definitions"), &d);
    view_definitions(&r->body, &d);
    return OK;
}

static struct about
about(struct job *j, const struct request *q, const char *title)
{
    return (struct about){.view = frame_view(j, q, title), .signed_in = j->who != NULL,
        .analyst = permit_act(j->who, ACT_LOAD),
        .definitions = page_offered(j->who, "/definitions") ? "/definitions" : NULL};
}

enum err
page_help(struct job *j, const struct request *q, struct response *r)
{
    struct about a = about(j, q, "Help");

    view_help(&r->body, &a);
    return OK;
}

enum err
page_information(struct job *j, const struct request *q, struct response *r)
{
    struct about a = about(j, q, "How we use information");

    view_information(&r->body, &a);
    return OK;
}

enum err
page_accessibility(struct job *j, const struct request *q, struct response *r)
{
    struct about a = about(j, q, "Accessibility");

    view_accessibility(&r->body, &a);
    return OK;
}
