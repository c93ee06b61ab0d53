/* Whatever sheet, texts and styles come, or bytes of a zip, what is read of them holds together.
 * Input that is no zip: the sheet's XML, the shared texts', the styles', with 0x1F between. */
#include "fuzz/records.h"
#include <zip.h>

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELATION(id, kind, target)                                             \
    "<Relationship Id=\"" id "\" Type=\"" OFFICE "/" kind "\" Target=\"" target "\"/>"

static void
add(zip_t *z, const char *name, struct span text)
{
    zip_int64_t at = zip_file_add(z, name, zip_source_buffer(z, text.s, text.n, 0), 0);

    fuzz_check(at >= 0);
    fuzz_check(!zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0));
}

static struct span
next_part(struct span *input)
{
    const char *end = input->n ? memchr(input->s, 0x1F, input->n) : NULL;
    struct span part = {input->n ? input->s : "", end ? (size_t)(end - input->s) : input->n};

    input->s += part.n + (end != NULL);
    input->n -= part.n + (end != NULL);
    return part;
}

static struct span
workbook(struct job *j, struct span input)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *z = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    zip_stat_t st;
    char *to;

    fuzz_check(z != NULL);
    zip_source_keep(source);
    add(z, "[Content_Types].xml", SPAN("<Types/>"));
    add(z, "_rels/.rels", SPAN("<R>" RELATION("r", "officeDocument", "xl/workbook.xml") "</R>"));
    add(z, "xl/workbook.xml", SPAN("<w><sheets><sheet name=\"S\" id=\"a\"/></sheets></w>"));
    add(z, "xl/_rels/workbook.xml.rels",
        SPAN("<R>" RELATION("a", "worksheet", "s.xml") RELATION("b", "sharedStrings", "t.xml")
             RELATION("c", "styles", "y.xml") "</R>"));
    add(z, "xl/s.xml", next_part(&input));
    add(z, "xl/t.xml", next_part(&input));
    add(z, "xl/y.xml", next_part(&input));
    fuzz_check(zip_close(z) == 0);
    fuzz_check(zip_source_open(source) == 0 && zip_source_stat(source, &st) == 0);
    to = job_alloc(j, (size_t)st.size + 1);
    fuzz_check(zip_source_read(source, to, st.size) == (zip_int64_t)st.size);
    zip_source_close(source);
    zip_source_free(source);
    return (struct span){to, (size_t)st.size};
}

static enum err
read_book(struct job *j, void *arg)
{
    struct span input = *(struct span *)arg;
    struct returns_set set = {.most = 16 * JOB_MB};
    enum err e;

    if (input.n < 2 || memcmp(input.s, "PK", 2) != 0)
        input = workbook(j, input);
    e = returns_open_all_bytes(j, "input.xlsx", input, &set);
    for (size_t i = 0; !e && i < set.n; i++) {
        struct scope s = job_scope_begin(j);
        e = records_read(j, set.file[i]);
        job_scope_end(j, s);
    }
    return e;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(read_book, data, size);
}
