/* What custodians see of a sealed record week by week, and the notes that they read and write. */
#include "web/children/child.h"
#include "web/sealed/sealed.h"

enum err
sealed_weeks(struct job *j, const struct child_page_facts *known, struct table *out)
{
    struct child_page_facts f = *known;
    struct child_page page;
    enum err e = child_weeks_read(j, &f);

    if (e)
        return e;
    child_weeks(j, &f, &page);
    *out = page.weeks;
    return OK;
}

enum err
sealed_notes(struct job *j, const struct request *q, struct notes_page *p)
{
    enum err e = notes_make(j, q, request_part_id(q, 0), p);

    p->sealed = true;
    p->n_reads = 0;
    p->visible = "Visible to: those who keep this record. When it is brought back: the inclusion "
                 "team.";
    return e;
}

/* To be read by nobody besides, whatever a form says: it does not ask. */
enum err
sealed_note_add(struct job *j, const struct request *q)
{
    static const struct note_audience nobody = {.may = {false}};
    struct note_order o = notes_order(q, request_part_id(q, 0), &nobody);
    int64_t id;

    return note_add(j, &o, &id);
}
