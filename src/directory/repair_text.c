#include "directory/repair_in.h"
#include <stdlib.h>
#include <string.h>

/* ---- HTML -------------------------------------------------------------------------------- */

/* What a tag leaves in the text; one not listed leaves nothing of itself, and what it encloses
 * stays. */
static const struct tag {
    const char *name, *leaves;
    bool drops; /* what it encloses is no text for readers */
} tags[] = {
    {"p", "\n\n", false},     {"div", "\n\n", false},    {"br", "\n", false},
    {"li", "\n- ", false},    {"ul", "\n\n", false},     {"ol", "\n\n", false},
    {"h1", "\n\n", false},    {"h2", "\n\n", false},     {"h3", "\n\n", false},
    {"h4", "\n\n", false},    {"h5", "\n\n", false},     {"h6", "\n\n", false},
    {"tr", "\n", false},      {"td", " ", false},        {"th", " ", false},
    {"table", "\n\n", false}, {"section", "\n\n", false}, {"article", "\n\n", false},
    {"blockquote", "\n\n", false}, {"hr", "\n\n", false}, {"dt", "\n", false},
    {"dd", "\n", false},      {"script", "", true},      {"style", "", true},
    {"template", "", true},   {"iframe", "", true},      {"object", "", true},
    {"svg", "", true},        {"noscript", "", true},    {"head", "", true},
};
static const struct {
    const char *name, *is;
} entities[] = {
    {"amp", "&"},     {"lt", "<"},      {"gt", ">"},      {"quot", "\""},   {"apos", "'"},
    {"nbsp", " "},    {"pound", "£"},   {"ndash", "–"},   {"mdash", "—"},   {"hellip", "…"},
    {"lsquo", "‘"},   {"rsquo", "’"},   {"ldquo", "“"},   {"rdquo", "”"},   {"bull", "•"},
    {"eacute", "é"},  {"copy", "©"},    {"reg", "®"},     {"trade", "™"},   {"middot", "·"},
    {"frac12", "½"},  {"euro", "€"},
};
struct text {
    char *s;
    size_t n;
};

static void
put(struct text *t, const char *s, size_t n)
{
    memcpy(t->s + t->n, s, n);
    t->n += n;
}

static void
put_character(struct text *t, unsigned long c)
{
    char u[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    if ((c < 0x20 && c != '\n' && c != '\t') || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return;
    for (size_t i = n; i-- > 1; c >>= 6)
        u[i] = (char)(0x80 | (c & 0x3f));
    u[0] = (char)(n == 1 ? c : n == 2 ? 0xc0 | c : n == 3 ? 0xe0 | c : 0xf0 | c);
    put(t, u, n);
}

/* "&nbsp;" at s; the bytes it takes, 0: it is none.  What it means is never longer. */
static size_t
entity(struct text *t, const char *s)
{
    size_t n = strcspn(s, ";");

    if (s[n] != ';' || n < 2 || n > 10)
        return 0;
    if (s[1] == '#') {
        bool hex = s[2] == 'x' || s[2] == 'X';
        char *end;
        unsigned long c = strtoul(s + (hex ? 3 : 2), &end, hex ? 16 : 10);

        if (*end != ';' || end == s + (hex ? 3 : 2))
            return 0;
        put_character(t, c == 0xa0 ? ' ' : c);
        return n + 1;
    }
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strlen(entities[i].name) == n - 1 && !memcmp(entities[i].name, s + 1, n - 1)) {
            put(t, entities[i].is, strlen(entities[i].is));
            return n + 1;
        }
    return 0;
}

static bool
letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const struct tag *
tag_named(const char *s)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        size_t n = strlen(tags[i].name);

        if (!strncasecmp(tags[i].name, s, n) && !letter(s[n]) && !(s[n] >= '0' && s[n] <= '9'))
            return &tags[i];
    }
    return NULL;
}

/* Where "</name" closes; the end of the text when nothing does. */
static const char *
closing(const char *s, const char *name)
{
    size_t n = strlen(name);

    for (; *s; s++)
        if (s[0] == '<' && s[1] == '/' && !strncasecmp(s + 2, name, n)) {
            const char *end = strchr(s, '>');

            return end ? end + 1 : s + strlen(s);
        }
    return s;
}

/* "<b class=x>", "</p>", "<!-- … -->" at s; where it ends.  NULL: it is none. */
static const char *
tag(struct text *t, const char *s)
{
    const char *name = s + 1 + (s[1] == '/'), *end;
    const struct tag *g;

    if (!strncmp(s, "<!--", 4)) {
        end = strstr(s, "-->");
        return end ? end + 3 : s + strlen(s);
    }
    if (!letter(*name) && *name != '!' && *name != '?')
        return NULL;
    end = strchr(s, '>');
    if (end && (memchr(s, '@', (size_t)(end - s)) || !strncmp(name, "http", 4)) &&
        !memchr(s, ' ', (size_t)(end - s))) {
        put(t, s + 1, (size_t)(end - s - 1)); /* <jo@example.org> is an address */
        return end + 1;
    }
    end = end ? end + 1 : s + strlen(s);
    g = tag_named(name);
    if (g && (s[1] != '/' || strcmp(g->name, "li")))
        put(t, g->leaves, strlen(g->leaves));
    return g && g->drops && s[1] != '/' ? closing(end, g->name) : end;
}

/* Once through: what comes is no longer than what was. */
static bool
plain(struct text *t, const char *s)
{
    bool any = false;

    while (*s) {
        const char *end = *s == '<' ? tag(t, s) : NULL;
        size_t n = *s == '&' ? entity(t, s) : 0;

        any = any || end || n;
        if (end)
            s = end;
        else if (n)
            s += n;
        else
            put(t, s++, 1);
    }
    t->s[t->n] = '\0';
    return any;
}

bool
repair_html(struct job *j, const char *s, const char **out)
{
    bool any = false;

    /* Again: what was written twice over ("&lt;script&gt;") must not come out as a tag. */
    for (int round = 0; round < 4 && strpbrk(s, "<&"); round++) {
        struct text t = {job_alloc(j, 2 * strlen(s) + 8), 0};

        if (!plain(&t, s))
            break;
        any = true;
        s = t.s;
    }
    if (any)
        *out = s;
    return any;
}

/* ---- white space and control characters -------------------------------------------------- */

static bool
blank(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The white space at s as it stays: nothing, a blank, a line's end, an empty line. */
static const char *
gap(const char **s, bool paragraphs)
{
    int lines = 0;

    for (;; (*s)++) {
        if ((unsigned char)(*s)[0] == 0xc2 && (unsigned char)(*s)[1] == 0xa0)
            (*s)++; /* no-break space */
        else if (!blank((unsigned char)**s))
            break;
        lines += **s == '\n' || (**s == '\r' && (*s)[1] != '\n');
    }
    return !paragraphs || !lines ? " " : lines == 1 ? "\n" : "\n\n";
}

static bool
control(const char *s)
{
    return (unsigned char)*s < 0x20 || *s == 0x7f ||
           ((unsigned char)s[0] == 0xc2 && (unsigned char)s[1] >= 0x80 &&
            (unsigned char)s[1] < 0xa0) ||
           /* marks that turn the direction of text or cannot be seen */
           ((unsigned char)s[0] == 0xe2 && (unsigned char)s[1] == 0x80 &&
            (((unsigned char)s[2] >= 0x8b && (unsigned char)s[2] <= 0x8f) ||
             ((unsigned char)s[2] >= 0xaa && (unsigned char)s[2] <= 0xae))) ||
           ((unsigned char)s[0] == 0xef && (unsigned char)s[1] == 0xbb &&
            (unsigned char)s[2] == 0xbf);
}

static bool
spaces_at(const char *s)
{
    return blank((unsigned char)*s) ||
           ((unsigned char)s[0] == 0xc2 && (unsigned char)s[1] == 0xa0);
}

/* Tidied into out, which is as long as s; was there a control character? */
static bool
tidied(const char *s, bool paragraphs, struct text *out)
{
    bool any = false;

    while (*s) {
        if (spaces_at(s)) {
            const char *g = gap(&s, paragraphs);

            if (out->n && *s)
                put(out, g, strlen(g));
        } else if (control(s)) {
            any = true;
            s += (unsigned char)*s == 0xc2 ? 2 : (unsigned char)*s >= 0xe0 ? 3 : 1;
        } else {
            put(out, s++, 1);
        }
    }
    out->s[out->n] = '\0';
    return any;
}

/* Nothing to do for most texts: no byte of them is out of the ordinary. */
static bool
ordinary(const char *s)
{
    if (blank((unsigned char)*s))
        return false;
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == '<' || *s == '&' || *s == 0x7f ||
            (unsigned char)*s >= 0x80 || (*s == ' ' && (s[1] == ' ' || !s[1])))
            return false;
    return true;
}

const char *
mend_text(struct mend *m, const struct place *at, const char *s, bool paragraphs)
{
    const char *was = s;
    struct text t;

    if (strlen(s) > TEXT_MOST) {
        size_t n = TEXT_MOST;

        while (n && ((unsigned char)s[n] & 0xc0) == 0x80)
            n--;
        mend_note(m, REPAIR_LONG, at, s);
        was = s = job_copy_n(m->j, s, n);
    }
    if (ordinary(s))
        return *s ? s : NULL;
    if (repair_html(m->j, s, &s))
        mend_note(m, REPAIR_HTML, at, was);
    was = s;
    t = (struct text){job_alloc(m->j, strlen(s) + 3), 0};
    if (tidied(s, paragraphs, &t))
        mend_note(m, REPAIR_CONTROL, at, NULL);
    else if (strcmp(t.s, was))
        mend_note(m, REPAIR_SPACES, at, NULL);
    while (t.n && blank((unsigned char)t.s[t.n - 1]))
        t.s[--t.n] = '\0';
    return t.n ? t.s : NULL;
}
