/* A check of files that wrote nothing: what it found, and loading them then. */
#include "intake/file_check.h"
#include "returns/mapping.h"
#include "ui/words.h"
#include "web/data/check.html.h"
#include "web/data/data.h"
#include "web/data/files.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/upload.h"

static struct table
first_findings(struct job *j, const struct load_batch *b)
{
    static const struct column columns[] = {{"Where", false}, {"What", false}};
    struct cell *c = job_array(j, 2 * b->n_found + 1, sizeof *c);

    for (size_t i = 0; i < b->n_found; i++) {
        c[2 * i].text = job_format(j, "Line %s of %s", words_count(j, b->finding[i].line),
                                   b->finding[i].file);
        c[2 * i + 1].text = b->finding[i].message;
        c[2 * i + 1].note = b->finding[i].refused ? "Turned away" : NULL;
    }
    return (struct table){.name = "First findings", .columns = columns, .n_columns = 2,
                          .cells = c, .n_rows = b->n_found, .stack = true};
}

static struct checked_batch
checked_batch(struct job *j, const struct load_batch *b)
{
    struct checked_batch c = {.title = b->title,
        .refused = data_rules(j, b->rule, b->n_rules, true),
        .remarks = data_rules(j, b->rule, b->n_rules, false), .first = first_findings(j, b)};

    switch (b->outcome) {
    case LOAD_PUBLISHED:
        c.tag = "Would go in";
        c.tag_class = "govuk-tag--green";
        c.says = job_format(j, "%s of %s would go in, %s would be turned away.",
                            words_count(j, b->loaded),
                            words_counted(j, b->read, "record", "records"),
                            words_count(j, b->refused));
        break;
    case LOAD_KNOWN:
        c.tag = "Nothing new";
        c.tag_class = "govuk-tag--line";
        c.says = "These files are loaded already.";
        break;
    case LOAD_REFUSED:
        c.tag = "Would be refused";
        c.tag_class = "govuk-tag--clay";
        c.says = words_capital(j, b->message);
        break;
    }
    return c;
}

static const char *
check_lede(struct job *j, const struct load_result *r)
{
    return job_format(j, "Nothing was written. %s would go in, %s would be refused, %s loaded "
                         "already, and %s left aside.",
                      words_counted(j, (int64_t)r->published, "export", "exports"),
                      words_number(j, (int64_t)r->refused),
                      words_counted(j, (int64_t)r->known, "is", "are"),
                      words_counted(j, (int64_t)r->n_left, "file is", "files are"));
}

/* A file that is not recognised may be mapped, column by column. */
static void
fill_left(struct job *j, int64_t task, bool kept, const struct load_result *r,
          struct check_page *p)
{
    struct named *v = job_array(j, r->n_left + 1, sizeof *v);
    const char *map = job_format(j, "/data/checks/%lld/map", (long long)task);
    struct mapping_file of;

    for (size_t i = 0; i < r->n_left; i++) {
        v[i] = (struct named){.name = r->left[i].path, .value = r->left[i].why};
        if (kept && mapping_file_named(j, "", r->left[i].path, &of)) {
            v[i].href = frame_with(j, map, "file", r->left[i].path);
            v[i].note = r->left[i].why;
            v[i].value = job_format(j, "Say what the columns of %s mean", r->left[i].path);
        }
    }
    p->left = v;
    p->n_left = r->n_left;
}

enum err
page_check(struct job *j, const struct request *q, struct response *r)
{
    int64_t task = request_part_id(q, 0);
    struct view *view = frame_view(j, q, "What a load would do");
    struct check_page p = {.view = view, .heading = view->title};
    struct checked_batch *v;
    struct load_result found;
    const char *folder;
    enum err e = file_check_get(j, task, &found);
    bool kept = !e && !upload_checked(j, task, &folder);

    if (e)
        return e;
    err_clear(j);
    view->back = "/data/load";
    view->back_text = "Load files";
    v = job_array(j, found.n_batches + 1, sizeof *v);
    for (size_t i = 0; i < found.n_batches; i++)
        v[i] = checked_batch(j, &found.batch[i]);
    p.batches = v;
    p.n = found.n_batches;
    p.lede = check_lede(j, &found);
    if (kept && found.published)
        p.load = job_format(j, "/data/checks/%lld/load", (long long)task);
    fill_left(j, task, kept, &found, &p);
    view_check(&r->body, &p);
    return OK;
}

enum err
page_check_load(struct job *j, const struct request *q, struct response *r)
{
    int64_t task;
    enum err e = upload_again(j, request_part_id(q, 0), "load", &task);

    if (!e)
        r->location = job_format(j, "/data/loads/%lld", (long long)task);
    return e;
}
