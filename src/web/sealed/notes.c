/* The notes on a sealed record, as its custodians read them. */
#include "people/note.h"
#include "web/guard/guard.h"
#include "web/sealed/sealed.h"

enum err
sealed_notes(struct job *j, int64_t person, struct table *out)
{
    static const struct column columns[] = {{"Written", false}, {"Note", false}};
    struct child_note *v;
    struct cell *cell;
    size_t n;
    enum err e = note_list(j, person, &v, &n);

    if (e)
        return e;
    cell = job_array(j, 2 * n, sizeof *cell);
    for (size_t i = 0; i < n; i++) {
        cell[2 * i] = (struct cell){.text = guard_when(j, v[i].written), .note = v[i].author};
        cell[2 * i + 1].text = v[i].content;
    }
    *out = (struct table){.name = "Notes", .columns = columns, .n_columns = 2,
                          .cells = cell, .n_rows = n, .stack = true};
    return OK;
}
