#include "support/html.h"
#include "base/banned.h"
#include "ui/asset.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DEPTH = 64, MOST_IDS = 512, NAME = 96 };

const struct view *
html_view(const char *title, const char *here)
{
    static char css[128], icon[128];
    static struct link menu[] = {{"/overview", "Overview", 0}, {"/at-risk", "Who is at risk", 0},
        {"/cliff-edge", "Near the edge", 0}, {"/children", "Children", 0},
        {"/schools", "Schools", 0}, {"/data", "Data", 0}};
    static const struct link foot[] = {{"/help", "Help", 0},
        {"/information", "How we use information", 0}, {"/accessibility", "Accessibility", 0},
        {"/definitions", "Definitions", 0}};
    static struct view v;

    snprintf(css, sizeof css, "/assets/%s", asset_name("rooted", "css"));
    snprintf(icon, sizeof icon, "/assets/%s", asset_name("favicon", "svg"));
    for (size_t i = 0; i < 6; i++)
        menu[i].here = here && !strcmp(menu[i].href, here);
    v = (struct view){.title = title, .council = "Ashmere Council", .phone = "01632 960 140",
        .css = css, .icon = icon, .home = "/overview", .kind = VIEW_DEMONSTRATION,
        .who = "Priya Nair, data analyst", .csrf = "token", .menu = {menu, 6}, .foot = {foot, 4},
        .printed = "Printed by Priya Nair, 16 June 2025, 10am"};
    return &v;
}

void
html_begin(struct html *o)
{
    *o = (struct html){.max = 1 << 20};
}

void
html_done(struct html *o)
{
    free(o->buf);
    *o = (struct html){0};
}

static const char *
text_of(struct html *o)
{
    assert_false(o->cut);
    html_lit(o, "", 1);
    o->len--;
    return o->buf;
}

bool
html_has(struct html *o, const char *text)
{
    return strstr(text_of(o), text) != NULL;
}

size_t
html_count(struct html *o, const char *text)
{
    size_t n = 0;

    for (const char *s = text_of(o); (s = strstr(s, text)); s += strlen(text))
        n++;
    return n;
}

/* ---- soundness ---- */

struct ids {
    char v[MOST_IDS][NAME];
    size_t n;
};

static bool
is_void(const char *tag)
{
    static const char *const set[] = {"meta", "link", "br", "input", "hr", "img", "!doctype"};

    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        if (!strcmp(tag, set[i]))
            return true;
    return false;
}

static void
ids_add(struct ids *ids, const char *s, size_t n)
{
    assert_true(ids->n < MOST_IDS && n < NAME);
    memcpy(ids->v[ids->n], s, n);
    ids->v[ids->n++][n] = '\0';
}

static bool
ids_hold(const struct ids *ids, const char *id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (!strcmp(ids->v[i], id))
            return true;
    return false;
}

/* The attributes of one tag: forbidden ones, ids, and what refers to ids. */
static void
attributes(const char *s, const char *end, struct ids *have, struct ids *want)
{
    while (s < end) {
        char name[NAME] = "";
        size_t n = 0;
        while (s < end && !isalpha((unsigned char)*s))
            s++;
        while (s < end && (isalnum((unsigned char)*s) || *s == '-' || *s == ':') && n + 1 < NAME)
            name[n++] = (char)tolower((unsigned char)*s++);
        name[n] = '\0';
        if (s >= end || *s != '=')
            continue;
        if (s[1] != '"')
            fail_msg("attribute %s has no quotes", name);
        const char *v = s + 2, *close = strchr(v, '"');
        if (!close || close > end)
            fail_msg("attribute %s is not closed", name);
        if (!strcmp(name, "style") || !strncmp(name, "on", 2))
            fail_msg("attribute %s is not allowed", name);
        if (!strcmp(name, "id")) {
            ids_add(have, v, (size_t)(close - v));
            for (size_t i = 0; i + 1 < have->n; i++)
                if (!strcmp(have->v[i], have->v[have->n - 1]))
                    fail_msg("id %s stands twice", have->v[i]);
        } else if (!strcmp(name, "for") || !strcmp(name, "aria-describedby") ||
                   !strcmp(name, "aria-labelledby")) {
            for (size_t n_id; v < close; v += n_id + 1) {
                n_id = strcspn(v, " \"");
                ids_add(want, v, n_id);
            }
        } else if (!strcmp(name, "href") && *v == '#') {
            ids_add(want, v + 1, (size_t)(close - v - 1));
        }
        s = close + 1;
    }
}

/* One tag at s ("<…>"): keeps the stack of open ones.  Gives the place after it. */
static const char *
one_tag(const char *s, char stack[][NAME], size_t *depth)
{
    const char *end = s;
    char tag[NAME];
    size_t n = 0;
    bool quoted = false, closing = s[1] == '/';

    for (end = s; *end && (quoted || *end != '>'); end++)
        quoted ^= *end == '"';
    if (!*end)
        fail_msg("a tag is never closed: %.40s", s);
    for (const char *p = s + 1 + closing;
         (isalnum((unsigned char)*p) || *p == '!') && n + 1 < NAME; p++)
        tag[n++] = (char)tolower((unsigned char)*p);
    tag[n] = '\0';
    if (!strcmp(tag, "script") || !strcmp(tag, "style"))
        fail_msg("<%s> is not allowed", tag);
    if (closing) {
        if (!*depth || strcmp(stack[*depth - 1], tag))
            fail_msg("</%s> closes <%s>: %.60s", tag, *depth ? stack[*depth - 1] : "nothing",
                     s - 40);
        --*depth;
    } else if (!is_void(tag) && end[-1] != '/') {
        assert_true(*depth < MOST_DEPTH);
        snprintf(stack[(*depth)++], NAME, "%s", tag);
    }
    return end + 1;
}

void
html_sound(struct html *o)
{
    static struct ids have, want;
    static char stack[MOST_DEPTH][NAME];
    size_t depth = 0;
    const char *s = text_of(o);

    have.n = want.n = 0;
    assert_true(o->len > 8 && !strncmp(s + o->len - 8, "</html>\n", 8));
    while ((s = strchr(s, '<'))) {
        const char *next = one_tag(s, stack, &depth);
        if (s[1] != '/')
            attributes(s + 1 + strcspn(s + 1, " >"), next - 1, &have, &want);
        s = next;
    }
    assert_int_equal(depth, 0);
    for (size_t i = 0; i < want.n; i++)
        if (!ids_hold(&have, want.v[i]))
            fail_msg("nothing has the id %s", want.v[i]);
}

/* ---- kept ---- */

static void
write_file(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

void
html_keep(struct html *o, const char *name)
{
    const char *folder = getenv("ROOTED_PAGES");
    char path[1024];

    if (!folder)
        return;
    text_of(o);
    snprintf(path, sizeof path, "%s/%s.html", folder, name);
    write_file(path, o->buf, o->len);
}

void
html_golden(struct html *o, const char *name)
{
    char path[256], *want;
    const char *how = getenv("ROOTED_GOLDEN");
    FILE *f;
    long n;

    snprintf(path, sizeof path, "tests/golden/%s", name);
    text_of(o);
    if (how && !strcmp(how, "write")) {
        write_file(path, o->buf, o->len);
        return;
    }
    f = fopen(path, "rb");
    if (!f)
        fail_msg("%s is not there", path);
    fseek(f, 0, SEEK_END);
    n = ftell(f);
    rewind(f);
    want = calloc(1, (size_t)n + 1);
    assert_int_equal(fread(want, 1, (size_t)n, f), n);
    fclose(f);
    if ((size_t)n != o->len || memcmp(want, o->buf, o->len)) {
        size_t i = 0;
        while (want[i] && want[i] == o->buf[i])
            i++;
        fail_msg("%s differs at byte %zu:\n  want …%.90s\n  have …%.90s", path, i, want + i,
                 o->buf + i);
    }
    free(want);
}
