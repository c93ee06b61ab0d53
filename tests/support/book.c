#include "support/book.h"
#include <stdlib.h>
#include <zip.h>

struct span
book_zip(struct job *j, const struct book_part *part, size_t n)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *z = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    zip_stat_t st;
    char *to;

    assert_non_null(z);
    zip_source_keep(source);
    for (size_t i = 0; i < n; i++) {
        size_t length = part[i].n ? part[i].n : strlen(part[i].text);
        zip_int64_t at = zip_file_add(z, part[i].name,
                                      zip_source_buffer(z, part[i].text, length, 0),
                                      ZIP_FL_ENC_UTF_8);
        assert_true(at >= 0);
        assert_int_equal(zip_file_set_mtime(z, (zip_uint64_t)at, 1750064400, 0), 0);
    }
    assert_int_equal(zip_close(z), 0);
    assert_int_equal(zip_source_open(source), 0);
    assert_int_equal(zip_source_stat(source, &st), 0);
    to = job_alloc(j, (size_t)st.size + 1);
    assert_int_equal(zip_source_read(source, to, st.size), (zip_int64_t)st.size);
    zip_source_close(source);
    zip_source_free(source);
    return (struct span){to, (size_t)st.size};
}

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct span
book_make(struct job *j, const struct book_of *b)
{
    struct book_part *part = job_array(j, b->n + 6, sizeof *part);
    const char *sheets = "", *relations = "";
    size_t n = 0;

    part[n++] = (struct book_part){"[Content_Types].xml", "<Types/>", 0};
    part[n++] = (struct book_part){
        "_rels/.rels", "<Relationships><Relationship Id=\"r\" Type=\"" OFFICE "/officeDocument\" "
        "Target=\"xl/workbook.xml\"/></Relationships>", 0};
    for (size_t i = 0; i < b->n; i++) {
        sheets = job_format(j, "%s<sheet name=\"%s\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", sheets,
                            b->sheet[i].name, i + 1, i + 1);
        relations = job_format(j, "%s<Relationship Id=\"rId%zu\" Type=\"" OFFICE "/worksheet\" "
                                  "Target=\"worksheets/sheet%zu.xml\"/>", relations, i + 1, i + 1);
        part[n++] = (struct book_part){
            job_format(j, "xl/worksheets/sheet%zu.xml", i + 1),
            job_format(j, "<worksheet>%s<sheetData>%s</sheetData></worksheet>",
                       b->before ? b->before : "", b->sheet[i].text), 0};
    }
    if (b->strings) {
        relations = job_format(j, "%s<Relationship Id=\"s\" Type=\"" OFFICE "/sharedStrings\" "
                                  "Target=\"sharedStrings.xml\"/>", relations);
        part[n++] = (struct book_part){"xl/sharedStrings.xml",
                                       job_format(j, "<sst>%s</sst>", b->strings), 0};
    }
    if (b->styles) {
        relations = job_format(j, "%s<Relationship Id=\"y\" Type=\"" OFFICE "/styles\" "
                                  "Target=\"/xl/styles.xml\"/>", relations);
        part[n++] = (struct book_part){"xl/styles.xml",
                                       job_format(j, "<styleSheet>%s</styleSheet>", b->styles), 0};
    }
    part[n++] = (struct book_part){
        "xl/workbook.xml",
        job_format(j, "<workbook xmlns:r=\"" OFFICE "\"><workbookPr %s/><sheets>%s</sheets>"
                      "</workbook>", b->workbook ? b->workbook : "", sheets), 0};
    part[n++] = (struct book_part){"xl/_rels/workbook.xml.rels",
                                   job_format(j, "<Relationships>%s</Relationships>", relations),
                                   0};
    return book_zip(j, part, n);
}

const char *
book_row(struct job *j, int row, const char *cells)
{
    const char *out = job_format(j, "<row r=\"%d\">", row);

    for (int column = 0; *cells; column++) {
        size_t n = strcspn(cells, "|");
        int value = (int)n - 1;
        const char *place = job_format(j, "r=\"%c%d\"", 'A' + column, row);
        if (*cells == '#')
            out = job_format(j, "%s<c %s><v>%.*s</v></c>", out, place, value, cells + 1);
        else if (*cells == '@')
            out = job_format(j, "%s<c %s s=\"1\"><v>%.*s</v></c>", out, place, value, cells + 1);
        else if (*cells == '!')
            out = job_format(j, "%s<c %s t=\"b\"><v>%.*s</v></c>", out, place, value, cells + 1);
        else if (n)
            out = job_format(j, "%s<c %s t=\"inlineStr\"><is><t>%.*s</t></is></c>", out, place,
                             (int)n, cells);
        cells += n + (cells[n] == '|');
    }
    return job_format(j, "%s</row>", out);
}
