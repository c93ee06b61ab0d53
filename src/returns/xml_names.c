#include "returns/xml_names.h"
#include "returns/open.h"
#include "returns/recognise.h"
#include "returns/tree_plan.h"
#include "returns/unpacked.h"
#include <strings.h>

/* ---- what the setting says --------------------------------------------------------- */

static bool
same(struct span a, struct span b)
{
    return a.n == b.n && strncasecmp(a.s, b.s, a.n) == 0;
}

static bool
in_list(const char *list, struct span name)
{
    for (struct span w = next_word(&list); w.n; w = next_word(&list))
        for (size_t from = 0, i = 0; i <= w.n; i++) /* "A/B<2020": A and B */
            if (i == w.n || w.s[i] == '/' || w.s[i] == '<') {
                if (same((struct span){w.s + from, i - from}, name))
                    return true;
                from = i + 1;
            }
    return false;
}

/* Does any file that is read have an element of this name? */
static bool
is_known(struct span name)
{
    for (size_t i = 0; i < n_xml_roots; i++)
        if (span_is_nocase(name, xml_roots[i].root) || span_is_nocase(name, xml_roots[i].body))
            return true;
    for (const struct layout *l = layouts; l < layouts + n_layouts; l++) {
        if (!tree_has(l, FORM_XML))
            continue;
        if (layout_is_element(l, name) || in_list(l->within, name))
            return true;
        for (size_t i = 0; i < l->n_fields; i++)
            if (in_list(l->fields[i].name, name) || in_list(l->fields[i].also, name))
                return true;
    }
    return false;
}

static bool
is_name(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", s.s[i]))
            return false;
    return s.n > 0;
}

/* "Learners/Learner=Student" */
static bool
take_item(struct span item, struct xml_alias *out)
{
    const char *equals = memchr(item.s, '=', item.n), *slash;
    struct span left = {item.s, equals ? (size_t)(equals - item.s) : item.n};

    *out = (struct xml_alias){0};
    if (!equals)
        return false;
    out->ours = span_trim((struct span){equals + 1, item.n - left.n - 1});
    slash = memchr(left.s, '/', left.n);
    out->root = span_trim((struct span){left.s, slash ? (size_t)(slash - left.s) : left.n});
    if (slash)
        out->theirs = span_trim((struct span){slash + 1, left.n - (size_t)(slash - left.s) - 1});
    return is_name(out->root) && is_name(out->ours) && (!slash || is_name(out->theirs));
}

static enum err
refuse(struct job *j, struct span item, const char *why)
{
    err_set(j, ERR_INPUT, "the setting \"element-names\" says \"%.*s\"%s", (int)item.n, item.s,
            why);
    return err_hint(j, "Write for example Learners=B2BStudents for the first element of a file, "
                       "Learners/Learner=Student for one within it, with commas between. Our "
                       "names are in \"rooted formats\".");
}

enum err
xml_names_parse(struct job *j, const char *text, struct xml_names *out)
{
    const char *at = job_copy(j, text ? text : "");
    struct xml_alias *all;
    size_t most = out->n + 1;

    for (const char *p = at; *p; p++)
        most += *p == ',';
    all = job_array(j, most, sizeof *all);
    if (out->n)
        memcpy(all, out->alias, out->n * sizeof *all);
    out->alias = all;
    while (*at) {
        size_t n = strcspn(at, ",");
        struct span item = span_trim((struct span){at, n});
        if (item.n && !take_item(item, &all[out->n]))
            return refuse(j, item, ", which is not a name of an element and ours");
        if (item.n && !is_known(all[out->n].ours))
            return refuse(j, item, ", and no file that is read has an element of that name");
        out->n += item.n > 0;
        at += at[n] ? n + 1 : n;
    }
    return OK;
}

/* ---- a copy with our names --------------------------------------------------------- */

struct renaming {
    struct job *j;
    const struct xml_names *names;
    struct span root;    /* of this file */
    struct span text;
    size_t told;         /* of the text, what is written */
    struct unpacked *to;
    char *buf;
    size_t n;
    int64_t changed;
};
enum { BUF = 256 * 1024 };

static bool
flush(struct renaming *r)
{
    bool ok = !r->n || unpacked_write(r->to, r->buf, r->n);

    r->n = 0;
    return ok;
}

static bool
put(struct renaming *r, const char *s, size_t n)
{
    if (r->n + n > BUF && !flush(r))
        return false;
    if (n > BUF)
        return unpacked_write(r->to, s, n);
    memcpy(r->buf + r->n, s, n);
    r->n += n;
    return true;
}

static const struct xml_alias *
alias_of(const struct renaming *r, struct span name)
{
    for (size_t i = r->names->n; i-- > 0;) {
        const struct xml_alias *a = &r->names->alias[i];
        if (same(a->root, r->root) && same(a->theirs.n ? a->theirs : a->root, name))
            return a;
    }
    return NULL;
}

/* Behind a comment, CDATA, declaration or instruction that begins here; 0: it is none. */
static size_t
behind_other(struct span s, size_t at)
{
    static const struct {
        const char *begins, *ends;
    } others[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<!", ">"}, {"<?", "?>"}};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        size_t n = strlen(others[i].begins);
        const char *end;
        if (s.n - at < n || memcmp(s.s + at, others[i].begins, n) != 0)
            continue;
        end = memmem(s.s + at, s.n - at, others[i].ends, strlen(others[i].ends));
        return end ? (size_t)(end - s.s) + strlen(others[i].ends) : s.n;
    }
    return 0;
}

/* The next tag from there on: where it begins, and its name without prefix; empty: none. */
static struct span
next_tag(struct span s, size_t from)
{
    const char *lt;

    while (from < s.n && (lt = memchr(s.s + from, '<', s.n - from))) {
        size_t at = (size_t)(lt - s.s), behind = behind_other(s, at), end;
        if (behind) {
            from = behind;
            continue;
        }
        at += at + 1 < s.n && s.s[at + 1] == '/' ? 2 : 1;
        for (end = at; end < s.n && !strchr(" \t\r\n/>", s.s[end]); end++)
            if (s.s[end] == ':')
                at = end + 1;
        if (end > at)
            return (struct span){s.s + at, end - at};
        from = end + 1;
    }
    return (struct span){s.s + s.n, 0};
}

static enum err
write_renamed(struct renaming *r)
{
    struct span tag = next_tag(r->text, 0);
    bool ok = true;

    for (; ok && tag.n; tag = next_tag(r->text, (size_t)(tag.s - r->text.s) + tag.n)) {
        const struct xml_alias *a = alias_of(r, tag);
        size_t at = (size_t)(tag.s - r->text.s);
        if (!a)
            continue;
        ok = put(r, r->text.s + r->told, at - r->told) && put(r, a->ours.s, a->ours.n);
        r->told = at + tag.n;
        r->changed++;
    }
    ok = ok && put(r, r->text.s + r->told, r->text.n - r->told) && flush(r);
    return ok ? OK : r->j->err.kind;
}

/* The text as UTF-8 in memory: the map itself, or a copy on disk. */
static enum err
as_utf8(struct job *j, const struct returns_file *f, struct span *out)
{
    struct encoding_reader reader = {.s = f->bytes, .n = f->n_bytes, .from = f->encoding};
    struct unpacked *u;
    char *buf;
    size_t n = 0;
    enum err e = OK;

    *out = (struct span){f->bytes, f->n_bytes};
    if (f->encoding == ENC_UTF8)
        return OK;
    if ((e = unpacked_open(j, f->name, INT64_MAX, &u)))
        return e;
    buf = job_alloc(j, BUF);
    do
        if ((e = encoding_read(j, &reader, buf, BUF, &n)) || !unpacked_write(u, buf, n))
            return j->err.kind;
    while (n);
    return unpacked_map(j, u, out);
}

/* The name of the first element, if it is one of the setting's. */
static struct span
root_of(struct job *j, const struct returns_file *f, const struct xml_names *names)
{
    enum { START = 4096 };
    struct encoding_reader reader = {.s = f->bytes, .n = f->n_bytes, .from = f->encoding};
    char *start = job_alloc(j, START);
    size_t n = 0;
    struct span root = {"", 0};

    if (!encoding_read(j, &reader, start, START, &n))
        root = next_tag((struct span){start, n}, 0);
    for (size_t i = 0; i < names->n; i++)
        if (same(names->alias[i].root, root))
            return root;
    return (struct span){"", 0};
}

enum err
file_rename(struct job *j, struct returns_file *f)
{
    struct renaming r = {.j = j, .names = f->names};
    struct span copy;
    enum err e;

    if (!f->names || !f->names->n || !(r.root = root_of(j, f, f->names)).n)
        return OK;
    if ((e = as_utf8(j, f, &r.text)) || (e = unpacked_open(j, f->name, INT64_MAX, &r.to)))
        return e;
    r.buf = job_alloc(j, BUF);
    if ((e = write_renamed(&r)) || (e = unpacked_map(j, r.to, &copy)))
        return e;
    f->bytes = copy.s;
    f->n_bytes = copy.n;
    f->mapped = true;
    f->encoding = ENC_UTF8;
    f->note = job_format(j, "tags read by other names (element-names): %lld",
                         (long long)r.changed);
    return OK;
}
