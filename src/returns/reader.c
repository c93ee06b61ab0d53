#include "returns/reader.h"
#include "returns/open.h"

enum file_form
returns_form(struct span start)
{
    size_t at = 0;

    while (at < start.n && strchr(" \t\r\n", start.s[at]))
        at++;
    if (at == start.n)
        return FORM_CSV;
    return start.s[at] == '<'                            ? FORM_XML
           : start.s[at] == '{' || start.s[at] == '[' ? FORM_JSON
                                                          : FORM_CSV;
}

enum err
returns_read(struct job *j, const struct returns_file *f, const struct receiver *to,
             struct returns_counts *counts)
{
    enum err e;

    *counts = (struct returns_counts){.note = ""};
    e = f->form == FORM_CSV    ? file_read_csv(j, f, to, counts)
        : f->form == FORM_JSON ? file_read_json(j, f, to, counts)
                               : file_read_xml(j, f, to, counts);
    file_let_go(f);
    return e;
}
