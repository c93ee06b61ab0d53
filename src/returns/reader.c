#include "returns/reader.h"
#include "returns/open.h"

enum err
returns_read(struct job *j, const struct returns_file *f, const struct receiver *to,
             struct returns_counts *counts)
{
    enum err e;

    *counts = (struct returns_counts){.note = ""};
    e = f->form == FORM_CSV ? file_read_csv(j, f, to, counts) : file_read_xml(j, f, to, counts);
    file_let_go(f);
    return e;
}
