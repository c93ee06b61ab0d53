#include "returns/xlsx.h"
#include <stdlib.h>
#include <strings.h>

/* ---- relations: which part an id means -------------------------------------------- */

struct relation {
    const char *id, *type, *target;
};
struct relations {
    struct pile *list; /* of struct relation */
};
enum { MOST_RELATIONS = 10000 };

static char *
keep(struct xlsx_part *p, struct pile *pile, const char *s)
{
    char *kept = pile_keep(p->j, pile, s ? s : "", s ? strlen(s) : 0);

    if (!kept)
        xlsx_part_stop(p);
    return kept;
}

static void
relation_start(struct xlsx_part *p, const char *element, const char **attributes)
{
    struct relations *r = p->arg;
    const char *mode = xlsx_attribute(attributes, "TargetMode");
    const char *target = xlsx_attribute(attributes, "Target");
    struct relation *one;

    /* what lies outside the file is not looked at */
    if (strcmp(element, "Relationship") || !target || (mode && strcasecmp(mode, "Internal")))
        return;
    if (pile_count(r->list) == MOST_RELATIONS) {
        xlsx_part_refuse(p, "it has more parts than a workbook may have");
        return;
    }
    one = pile_add(p->j, r->list);
    if (!one) {
        xlsx_part_stop(p);
        return;
    }
    one->id = keep(p, r->list, xlsx_attribute(attributes, "Id"));
    one->type = keep(p, r->list, xlsx_attribute(attributes, "Type"));
    one->target = keep(p, r->list, target);
}

static enum err
read_relations(struct job *j, struct xlsx *x, const char *path, struct relations *out)
{
    int64_t at = archive_find(x->archive, path);
    struct xlsx_part p = {.j = j, .book = x, .name = "its list of parts", .arg = out,
                          .start = relation_start, .most = XLSX_SMALL};
    enum err e = pile_open(j, sizeof(struct relation), &out->list);

    return e || at < 0 ? e : xlsx_part_read(&p, (size_t)at);
}

static const struct relation *
relation_of(const struct relations *r, const char *id, const char *type)
{
    for (size_t i = 0; i < pile_count(r->list); i++) {
        const struct relation *one = pile_at(r->list, i);
        const char *slash = strrchr(one->type, '/');
        if ((!id || !strcmp(one->id, id)) && slash && !strcmp(slash + 1, type))
            return one;
    }
    return NULL;
}

/* The place in the archive: from the root, or from the folder of the part that names it. */
static int64_t
part_at(struct job *j, const struct xlsx *x, const char *folder, const char *target)
{
    if (*target == '/')
        return archive_find(x->archive, target + 1);
    return archive_find(x->archive, job_format(j, "%s%s", folder, target));
}

/* ---- workbook --------------------------------------------------------------------- */

static void
workbook_start(struct xlsx_part *p, const char *element, const char **attributes)
{
    struct xlsx *x = p->book;
    const char *since = xlsx_attribute(attributes, "date1904");

    if (!strcmp(element, "workbookPr") && since)
        x->from_1904 = !strcmp(since, "1") || !strcasecmp(since, "true");
    if (strcmp(element, "sheet") != 0)
        return;
    if (x->n_sheets == XLSX_SHEETS) {
        xlsx_part_refuse(p, "it has more sheets than are read");
        return;
    }
    x->sheet[x->n_sheets++] = (struct xlsx_sheet){
        .name = keep(p, x->strings, xlsx_attribute(attributes, "name")),
        .relation = keep(p, x->strings, xlsx_attribute(attributes, "id")),
        .part = -1,
    };
}

/* ---- styles ----------------------------------------------------------------------- */

enum { MOST_FORMATS = 2000 };

struct styles {
    struct pile *dates; /* of int: numbers of own formats that show dates */
    bool in_cells;
};

bool
xlsx_format_is_date(const char *format)
{
    for (const char *s = format; *s; s++) {
        if (*s == '"')
            s += strcspn(s + 1, "\"") + 1;
        else if (*s == '[' && strchr("hmsHMS", s[1]) && strspn(s + 1, "hmsHMS") ==
                 strcspn(s + 1, "]"))
            return true; /* hours or minutes that have passed */
        else if (*s == '[')
            s += strcspn(s, "]");
        else if ((*s == '\\' || *s == '_' || *s == '*') && s[1])
            s++;
        else if (*s == ';')
            return false; /* the form of negative numbers follows */
        else if (strchr("dmyhsDMYHS", *s))
            return true;
        if (!*s)
            break;
    }
    return false;
}

/* Formats that Excel has without naming them. */
static bool
built_in_is_date(long id)
{
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

static bool
is_date_format(const struct styles *s, long id)
{
    for (size_t i = 0; i < pile_count(s->dates); i++)
        if (*(const long *)pile_at(s->dates, i) == id)
            return true;
    return built_in_is_date(id);
}

static void
style_start(struct xlsx_part *p, const char *element, const char **attributes)
{
    struct styles *s = p->arg;
    struct xlsx *x = p->book;
    const char *id = xlsx_attribute(attributes, "numFmtId");
    const char *format = xlsx_attribute(attributes, "formatCode");
    long *date;

    if (!strcmp(element, "cellXfs")) {
        s->in_cells = true;
    } else if (!strcmp(element, "numFmt") && id && format && xlsx_format_is_date(format)) {
        date = pile_count(s->dates) < MOST_FORMATS ? pile_add(p->j, s->dates) : NULL;
        if (date)
            *date = strtol(id, NULL, 10);
        else
            xlsx_part_refuse(p, "it has more formats than a workbook may have");
    } else if (!strcmp(element, "xf") && s->in_cells) {
        if (x->n_styles == XLSX_STYLES)
            xlsx_part_refuse(p, "it has more styles than a workbook may have");
        else
            x->is_date[x->n_styles++] = id && is_date_format(s, strtol(id, NULL, 10));
    }
}

static void
style_end(struct xlsx_part *p, const char *element)
{
    struct styles *s = p->arg;

    if (!strcmp(element, "cellXfs"))
        s->in_cells = false;
}

static enum err
read_styles(struct job *j, struct xlsx *x, int64_t at)
{
    struct styles s = {0};
    struct xlsx_part p = {.j = j, .book = x, .name = "its styles", .arg = &s,
                          .start = style_start, .end = style_end, .most = XLSX_SMALL};
    enum err e;

    x->is_date = job_array(j, XLSX_STYLES, sizeof *x->is_date);
    if (at < 0)
        return OK;
    e = pile_open(j, sizeof(long), &s.dates);
    return e ? e : xlsx_part_read(&p, (size_t)at);
}

/* ---- shared strings --------------------------------------------------------------- */

struct strings {
    char *text;     /* of the present one; XLSX_ROW_BYTES */
    size_t n;
    int phonetic;   /* within hints how to say it */
    bool in_text;
};

static void
string_start(struct xlsx_part *p, const char *element, const char **attributes)
{
    struct strings *s = p->arg;

    (void)attributes;
    if (!strcmp(element, "si"))
        s->n = 0;
    s->phonetic += !strcmp(element, "rPh");
    s->in_text = !strcmp(element, "t") && !s->phonetic;
}

static void
string_end(struct xlsx_part *p, const char *element)
{
    struct strings *s = p->arg;
    struct span *one;
    char *kept;

    s->in_text = false;
    s->phonetic -= !strcmp(element, "rPh");
    if (strcmp(element, "si") != 0)
        return;
    if (pile_count(p->book->strings) == XLSX_STRINGS) {
        xlsx_part_refuse(p, "it holds more texts than are read");
        return;
    }
    one = pile_add(p->j, p->book->strings);
    kept = one ? pile_keep(p->j, p->book->strings, s->text, s->n) : NULL;
    if (kept)
        *one = (struct span){kept, s->n};
    else
        xlsx_part_stop(p);
}

static void
string_text(struct xlsx_part *p, const char *text, size_t n)
{
    struct strings *s = p->arg;

    if (!s->in_text)
        return;
    if (s->n + n > XLSX_ROW_BYTES) {
        xlsx_part_refuse(p, "a text is longer than a cell may hold");
        return;
    }
    memcpy(s->text + s->n, text, n);
    s->n += n;
}

static enum err
read_strings(struct job *j, struct xlsx *x, int64_t at)
{
    struct scope scope = job_scope_begin(j);
    struct strings s = {.text = job_alloc(j, XLSX_ROW_BYTES)};
    struct xlsx_part p = {.j = j, .book = x, .name = "its texts", .arg = &s,
                          .start = string_start, .end = string_end, .text = string_text,
                          .most = XLSX_STRING_BYTES};
    enum err e = at < 0 ? OK : xlsx_part_read(&p, (size_t)at);

    job_scope_end(j, scope);
    return e;
}

/* ---- the whole -------------------------------------------------------------------- */

bool
xlsx_is(const struct archive *a)
{
    return archive_find(a, "[Content_Types].xml") >= 0 && archive_find(a, "_rels/.rels") >= 0;
}

static enum err
no_workbook(struct job *j, const struct xlsx *x)
{
    bool binary = archive_find(x->archive, "xl/workbook.bin") >= 0;

    err_set(j, ERR_INPUT, binary ? "%s is a workbook in Excel's binary form, which is not read"
                                 : "%s is a document of Office, but not a workbook", x->name);
    return err_hint(j, binary ? "Save it as .xlsx or CSV."
                              : "Look whether this is the file that was meant.");
}

static enum err
find_parts(struct job *j, struct xlsx *x, const struct relation *workbook)
{
    const char *target = workbook->target + (*workbook->target == '/');
    const char *slash = strrchr(target, '/'), *base = slash ? slash + 1 : target;
    const char *folder = job_copy_n(j, target, (size_t)(base - target));
    const struct relation *r;
    struct relations parts;
    enum err e;

    if ((e = read_relations(j, x, job_format(j, "%s_rels/%s.rels", folder, base), &parts)))
        return e;
    for (size_t i = 0; i < x->n_sheets; i++)
        if ((r = relation_of(&parts, x->sheet[i].relation, "worksheet")))
            x->sheet[i].part = part_at(j, x, folder, r->target);
    r = relation_of(&parts, NULL, "styles");
    if ((e = read_styles(j, x, r ? part_at(j, x, folder, r->target) : -1)))
        return e;
    r = relation_of(&parts, NULL, "sharedStrings");
    if ((e = pile_open(j, sizeof(struct span), &x->strings)))
        return e;
    return read_strings(j, x, r ? part_at(j, x, folder, r->target) : -1);
}

enum err
xlsx_open(struct job *j, struct archive *a, struct xlsx *out)
{
    struct xlsx_part p = {.j = j, .book = out, .name = "its list of sheets",
                          .start = workbook_start, .most = XLSX_SMALL};
    const struct relation *workbook;
    struct relations top;
    int64_t at;
    enum err e;

    *out = (struct xlsx){
        .archive = a, .name = a->name,
        .sheet = job_array(j, XLSX_SHEETS, sizeof *out->sheet),
        .value = job_alloc(j, XLSX_ROW_BYTES), .text = job_alloc(j, XLSX_ROW_BYTES),
        .out = job_alloc(j, XLSX_OUT), .cell = job_array(j, XLSX_COLUMNS, sizeof *out->cell),
    };
    if ((e = pile_open(j, sizeof(struct span), &out->strings)) ||
        (e = read_relations(j, out, "_rels/.rels", &top)))
        return e;
    workbook = relation_of(&top, NULL, "officeDocument");
    at = workbook ? part_at(j, out, "", workbook->target) : -1;
    if (at < 0 || archive_find(a, "xl/workbook.bin") >= 0 || !strstr(workbook->target, "workbook"))
        return no_workbook(j, out);
    if ((e = xlsx_part_read(&p, (size_t)at)))
        return e;
    return find_parts(j, out, workbook);
}
