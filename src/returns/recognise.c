#include "returns/recognise.h"
#include "returns/mapping.h"
#include "returns/reader.h"
#include "returns/tree_plan.h"

struct header {
    const char **name; /* as text_header() makes them */
    size_t n;
    bool paths; /* of JSON: no table of an export */
};

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

static bool
same(char pattern, char c)
{
    return pattern == '?' || lower(pattern) == lower(c) || (pattern == '_' && c == ' ') ||
           (pattern == '/' && c == '_');
}

/* File-name matching: after a star, the last one is tried again one character on. */
bool
name_means(struct span pattern, struct span name)
{
    const char *until = memchr(pattern.s, '<', pattern.n);
    size_t p = 0, at = 0, star = SIZE_MAX, tried = 0;

    if (until)
        pattern.n = (size_t)(until - pattern.s);
    while (at < name.n) {
        if (p < pattern.n && pattern.s[p] == '*') {
            star = p++;
            tried = at;
        } else if (p < pattern.n && same(pattern.s[p], name.s[at])) {
            p++;
            at++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            at = ++tried;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.s[p] == '*')
        p++;
    return p == pattern.n;
}

struct span
next_word(const char **list)
{
    struct span word = {NULL, 0};

    if (!*list)
        return word;
    *list += strspn(*list, " ");
    word = (struct span){*list, strcspn(*list, " ")};
    *list += word.n;
    return word;
}

static int
find_column(const struct header *h, struct span pattern)
{
    for (size_t c = 0; c < h->n; c++)
        if (name_means(pattern, span_of(h->name[c])))
            return (int)c;
    return -1;
}

static bool
is_key(const struct field *f)
{
    return f->type == FIELD_KEY || f->type == FIELD_PARENT;
}

/* The field's own name before the others. */
static int
column_of_field(const struct header *h, const struct layout *l, const struct field *f)
{
    char buf[LAYOUT_NAME];
    const char *also = f->also;
    int c = find_column(h, span_of(layout_column(l, f, 0, buf)));

    if (is_key(f))
        return c;
    for (struct span w = next_word(&also); c < 0 && w.n; w = next_word(&also))
        c = find_column(h, w);
    return c;
}

/* The four columns that every table of a COLLECT export has. */
static const char *const collect_columns[] = {"%stableid", "NativeId", "%sorderseqcolumn",
                                              "sourceid"};
enum { COLLECT_COLUMNS = 4 };

static const char *
collect_column(const char *prefix, size_t i, char *buf)
{
    const char *hole = strstr(collect_columns[i], "%s");

    if (hole)
        snprintf(buf, LAYOUT_NAME, "%s%s", prefix, hole + 2);
    else
        snprintf(buf, LAYOUT_NAME, "%s", collect_columns[i]);
    return buf;
}

/* How well a header fits a layout. */
struct fit {
    size_t matched;      /* columns that it knows */
    size_t marks, found; /* columns that must be there, and are */
    char missing[256];   /* those that are not */
};

static void
need(struct fit *fit, bool there, const char *name)
{
    size_t n = strlen(fit->missing);

    fit->marks++;
    fit->found += there;
    if (!there)
        snprintf(fit->missing + n, sizeof fit->missing - n, "%s%s", n ? ", " : "", name);
}

static void
fit_layout(const struct header *h, const struct layout *l, struct fit *fit)
{
    char buf[LAYOUT_NAME];

    *fit = (struct fit){0};
    for (size_t i = 0; l->prefix && !h->paths && i < COLLECT_COLUMNS; i++) {
        collect_column(l->prefix, i, buf);
        need(fit, find_column(h, span_of(buf)) >= 0, buf);
    }
    for (size_t i = 0; i < l->n_fields; i++) {
        bool there = column_of_field(h, l, &l->fields[i]) >= 0;
        fit->matched += there;
        if (l->fields[i].rules & FIELD_MARKS && !(l->prefix && l->fields[i].type == FIELD_RETURN))
            if (!(l->prefix && l->fields[i].type == FIELD_KEY))
                need(fit, there, layout_column(l, &l->fields[i], 0, buf));
    }
}

/* Does a lack fewer of the columns that mark it than b; as few, and know more columns; or as
 * many, and have more of its marks? */
static bool
nearer(const struct fit *a, const struct fit *b)
{
    size_t left = a->marks - a->found, right = b->marks - b->found;

    if (!a->found != !b->found)
        return a->found > 0;
    if (left != right)
        return left < right;
    return a->matched > b->matched || (a->matched == b->matched && a->found > b->found);
}

/* Is it a table of a COLLECT export that no layout knows?  Its name, into buf. */
static bool
strange_table(const struct header *h, char *buf)
{
    char key[LAYOUT_NAME];

    for (size_t c = 0; c < h->n; c++) {
        const char *end = strstr(h->name[c], "orderseqcolumn");
        if (!end || end == h->name[c] || end - h->name[c] > 60)
            continue;
        snprintf(buf, LAYOUT_NAME, "%.*s", (int)(end - h->name[c]), h->name[c]);
        if (find_column(h, span_of(collect_column(buf, 0, key))) < 0)
            continue;
        for (size_t i = 0; i < n_layouts; i++)
            if (layouts[i].prefix && name_means(span_of(layouts[i].prefix), span_of(buf)))
                return false;
        return true;
    }
    return false;
}

static bool
is_known(const struct layout *l, struct span name)
{
    const char *known = l->known;
    char buf[LAYOUT_NAME];

    for (struct span w = next_word(&known); w.n; w = next_word(&known))
        if (name_means(w, name))
            return true;
    for (size_t i = 0; l->prefix && i < COLLECT_COLUMNS; i++)
        if (name_means(span_of(collect_column(l->prefix, i, buf)), name))
            return true;
    return false;
}

/* Two fields never share a column: the first has it. */
static int *
columns(struct job *j, const struct header *h, const struct layout *l)
{
    int *column_of = job_alloc(j, l->n_fields * sizeof *column_of);

    for (size_t i = 0; i < l->n_fields; i++) {
        column_of[i] = column_of_field(h, l, &l->fields[i]);
        for (size_t before = 0; before < i; before++)
            if (column_of[before] == column_of[i])
                column_of[i] = -1;
    }
    return column_of;
}

/* "a, b and 3 more", for the columns that no field has taken; "" none. */
static const char *
unknown_to(struct job *j, const struct header *h, const struct layout *l, const int *column_of)
{
    enum { NAMED = 6 };
    bool *taken = job_alloc(j, h->n * sizeof *taken);
    char *list = job_copy(j, "");
    size_t n = 0;

    for (size_t i = 0; i < l->n_fields; i++)
        if (column_of[i] >= 0)
            taken[column_of[i]] = true;
    for (size_t c = 0; c < h->n; c++) {
        if (taken[c] || is_known(l, span_of(h->name[c])))
            continue;
        if (n++ < NAMED)
            list = job_format(j, "%s%s%.60s", list, *list ? ", " : "",
                              *h->name[c] ? h->name[c] : "(no name)");
    }
    return n > NAMED ? job_format(j, "%s and %zu more", list, n - NAMED) : list;
}

/* ---- which it is, or is nearest to ------------------------------------------------- */

struct best {
    const struct layout *l, *nearest;
    struct fit fit, nearest_fit;
};

static void
consider(struct best *b, const struct layout *l, const struct fit *fit)
{
    if (fit->found == fit->marks && (!b->l || fit->matched > b->fit.matched)) {
        b->l = l;
        b->fit = *fit;
    }
    if (nearer(fit, &b->nearest_fit)) {
        b->nearest = l;
        b->nearest_fit = *fit;
    }
}

static void
find_best(struct job *j, const struct csv_field *header, size_t n, struct header *h,
          struct best *b)
{
    struct fit fit;

    *b = (struct best){.nearest_fit = {.marks = 1}};
    *h = (struct header){job_array(j, n, sizeof *h->name), n, false};
    for (size_t c = 0; c < n; c++)
        h->name[c] = text_header(j, (struct span){header[c].s, header[c].n});
    for (const struct layout *l = layouts; l < layouts + n_layouts; l++)
        if (l->csv) {
            fit_layout(h, l, &fit);
            consider(b, l, &fit);
        }
}

static enum err
not_recognised(struct job *j, const struct header *h, const struct best *b)
{
    char table[LAYOUT_NAME];
    const char *unknown;

    if (strange_table(h, table)) {
        err_set(j, ERR_INPUT,
                "this is the table \"%s\" of a COLLECT export, which is not read here", table);
        return err_hint(j, "Leave this file out. \"rooted formats\" lists the tables that are "
                           "read.");
    }
    if (!b->nearest || b->nearest_fit.found == 0) {
        err_set(j, ERR_INPUT, "the columns of this file belong to no table that is known here");
        return err_hint(j, "The first line must hold the names of the columns. \"rooted formats\" "
                           "lists the files that are read.");
    }
    unknown = unknown_to(j, h, b->nearest, columns(j, h, b->nearest));
    err_set(j, ERR_INPUT,
            "this file is not recognised: it is nearest to \"%s\", but these columns are "
            "missing: %s%s%s",
            b->nearest->title, b->nearest_fit.missing, *unknown ? "; it does not know: " : "",
            unknown);
    return err_hint(j, "Export it again with these columns, or see \"rooted formats\" for the "
                       "files that are read.");
}

enum err
recognise(struct job *j, const struct csv_field *header, size_t n, struct recognised *out)
{
    struct header h;
    struct best b;
    const char *unknown;

    find_best(j, header, n, &h, &b);
    if (!b.l)
        return not_recognised(j, &h, &b);
    *out = (struct recognised){.layout = b.l, .column_of = columns(j, &h, b.l)};
    unknown = unknown_to(j, &h, b.l, out->column_of);
    out->note = *unknown ? job_format(j, "columns kept aside: %s", unknown) : "";
    return OK;
}

int *
recognise_columns(struct job *j, const struct layout *l, const struct csv_field *header, size_t n)
{
    struct header h = {job_array(j, n, sizeof *h.name), n, false};

    for (size_t c = 0; c < n; c++)
        h.name[c] = text_header(j, (struct span){header[c].s, header[c].n});
    return columns(j, &h, l);
}

void
recognise_nearest(struct job *j, const struct csv_field *header, size_t n,
                  struct mapping_sample *out)
{
    struct header h;
    struct best b;

    find_best(j, header, n, &h, &b);
    out->nearest = b.l ? b.l : b.nearest_fit.found ? b.nearest : NULL;
    out->missing = out->unknown = "";
    if (!out->nearest)
        return;
    if (!b.l)
        out->missing = job_copy(j, b.nearest_fit.missing);
    out->unknown = unknown_to(j, &h, out->nearest, columns(j, &h, out->nearest));
}

/* ---- JSON ------------------------------------------------------------------------ */

/* The names within this path ("data[]"), as columns; those of the outermost object, which
 * may stand once for all records, begin with '/'. */
static void
names_within(struct job *j, const struct header *all, struct span path, struct header *out)
{
    const char *prefix = "";
    size_t n;

    for (struct span part = tree_part(&path); part.n; part = tree_part(&path))
        prefix = job_format(j, "%s%.*s/", prefix, (int)part.n, part.s);
    n = strlen(prefix);
    *out = (struct header){job_array(j, 2 * all->n, sizeof *out->name), 0, true};
    for (size_t i = 0; i < all->n; i++) {
        if (!strncasecmp(all->name[i], prefix, n))
            out->name[out->n++] = all->name[i] + n;
        else if (!strchr(all->name[i], '/'))
            out->name[out->n++] = job_format(j, "/%s", all->name[i]);
    }
}

static bool
is_outermost(const struct layout *l)
{
    const char *list = l->element;

    for (struct span w = tree_next(&list, FORM_JSON); w.n; w = tree_next(&list, FORM_JSON))
        if (!memchr(w.s, '.', w.n))
            return true;
    return false;
}

static void
try_paths(struct job *j, const struct header *all, const struct layout *l, struct best *best)
{
    const char *list = l->element;

    for (struct span w = tree_next(&list, FORM_JSON); w.n; w = tree_next(&list, FORM_JSON)) {
        struct scope s = job_scope_begin(j);
        struct header h;
        struct fit fit;
        names_within(j, all, w, &h);
        fit_layout(&h, l, &fit);
        if (fit.marks)
            consider(best, l, &fit);
        job_scope_end(j, s);
    }
}

enum err
recognise_paths(struct job *j, const char *const *path, size_t n, const struct layout **out)
{
    struct header all = {job_array(j, n, sizeof *all.name), n, true};
    struct best best = {.nearest_fit = {.marks = 1}};

    for (size_t i = 0; i < n; i++)
        all.name[i] = path[i];
    for (const struct layout *l = layouts; l < layouts + n_layouts; l++)
        if (is_outermost(l))
            try_paths(j, &all, l, &best);
    *out = best.l;
    if (best.l)
        return OK;
    if (!best.nearest || best.nearest_fit.found == 0) {
        err_set(j, ERR_INPUT,
                "the names in this file belong to no kind of JSON that is known here");
        return err_hint(j, "\"rooted formats\" lists the files that are read.");
    }
    err_set(j, ERR_INPUT,
            "this file is not recognised: it is nearest to \"%s\", but these names are "
            "missing: %s",
            best.nearest->title, best.nearest_fit.missing);
    return err_hint(j, "Export it again with these, or see \"rooted formats\" for the files "
                       "that are read.");
}

const struct layout *
returns_layout_of(struct job *j, const struct layout *of_file, const struct original *v, size_t n)
{
    struct header h = {job_array(j, n, sizeof *h.name), n, true};
    const struct layout *best = of_file;
    size_t most = 0;

    for (size_t i = 0; i < n; i++)
        h.name[i] = v[i].name;
    for (const struct layout *l = layouts; l < layouts + n_layouts; l++) {
        struct fit fit;
        if (strcmp(l->family, of_file->family) != 0 || !tree_has(l, FORM_JSON))
            continue;
        fit_layout(&h, l, &fit);
        if (fit.matched > most) {
            best = l;
            most = fit.matched;
        }
    }
    return best;
}
