#include "web/frame.h"
#include "access/custody.h"
#include "access/glass.h"
#include "base/date.h"
#include "ui/asset.h"
#include "ui/words.h"
#include "web/governance/due.h"

struct row {
    const char *path, *title, *school_title;
};
static const struct row menu[] = {
#define PUBLIC(path, title)
#define MENU(path, title, school_title) {path, title, school_title},
#define FOOT(path, title)
#include "web/menu.def"
#undef PUBLIC
#undef MENU
#undef FOOT
};
static const struct row foot[] = {
#define PUBLIC(path, title)
#define MENU(path, title, school_title)
#define FOOT(path, title) {path, title, title},
#include "web/menu.def"
#undef PUBLIC
#undef MENU
#undef FOOT
};
static const struct row everybody[] = {
#define PUBLIC(path, title) {path, title, title},
#define MENU(path, title, school_title)
#define FOOT(path, title)
#include "web/menu.def"
#undef PUBLIC
#undef MENU
#undef FOOT
};
enum {
    MENU_ROWS = sizeof menu / sizeof *menu,
    FOOT_ROWS = sizeof foot / sizeof *foot,
    PUBLIC_ROWS = sizeof everybody / sizeof *everybody
};

/* "/children/12" lies below "/children". */
static bool
lies_below(const char *path, const char *row)
{
    size_t n = strlen(row);

    return !strncmp(path, row, n) && (path[n] == '\0' || path[n] == '/');
}

static struct links
links_for(struct job *j, const struct request *q, const struct row *v, size_t n)
{
    struct link *l = job_array(j, n, sizeof *l);
    bool school = j->who && role_scope(j->who->role) == SCOPE_SCHOOL;
    size_t n_l = 0;

    for (size_t i = 0; i < n; i++) {
        const char *title = school ? v[i].school_title : v[i].title;
        if (title && page_offered(j->who, v[i].path))
            l[n_l++] = (struct link){v[i].path, title, lies_below(q->path, v[i].path)};
    }
    return (struct links){l, n_l};
}

const char *
frame_start(const struct actor *who)
{
    if (who->role == ROLE_NONE)
        return "/account/role";
    if (role_scope(who->role) == SCOPE_SCHOOL && page_offered(who, "/schools"))
        return "/schools"; /* which leads on to its own */
    for (size_t i = 0; i < MENU_ROWS; i++)
        if (page_offered(who, menu[i].path))
            return menu[i].path;
    return "/";
}

/* A demonstration and a trial are told apart from the real thing on every page. */
static enum view_kind
kind_of(const struct site *s)
{
    return s->demonstration ? VIEW_DEMONSTRATION : s->trial ? VIEW_TRIAL : VIEW_LIVE;
}

static const char *
asset_url(struct job *j, const char *stem, const char *suffix)
{
    const char *name = asset_name(stem, suffix);

    return name ? job_format(j, "/assets/%s", name) : "";
}

/* What came for a sealed record is told to who keeps it. */
static void
sealed_notice(struct job *j, struct view *v)
{
    int64_t n = 0;

    if (!permit_act(j->who, ACT_SEAL))
        return;
    if (custody_count(j, &n))
        err_clear(j);
    if (!n)
        return;
    v->notice_href = "/sealed";
    v->notice = "Something came for a record that you keep: see what.";
}

/* Openings in an emergency wait for the officer, or for whom the record belongs to. */
static void
notice(struct job *j, struct view *v)
{
    bool officer = permit_act(j->who, ACT_GLASS_REVIEW);
    size_t n = 0;

    if (!j->db || (!officer && !permit_act(j->who, ACT_LEVEL)))
        return;
    if (glass_count(j, &n)) /* the page itself says that the database fails */
        err_clear(j);
    if (!n) {
        v->notice = governance_overdue(j);
        v->notice_href = "/agreement";
        if (!v->notice)
            sealed_notice(j, v);
        return;
    }
    v->notice_href = officer ? "/openings" : "/records";
    v->notice = job_format(j, "%s opened in an emergency: see who and why.",
                           words_counted(j, (int64_t)n, "restricted record was",
                                         "restricted records were"));
}

/* Whether any record is protected or none, these say the same. */
static bool
shows_figures(const char *path)
{
    static const char *const all[] = {"/overview", "/at-risk", "/cliff-edge", "/early",
        "/published", "/pandemic", "/schools", "/children", "/data/coverage", "/data/quality"};
    const char *below = lies_below(path, "/children") ? strchr(path + 1, '/') : NULL;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (lies_below(path, all[i]))
            return !below; /* a child's own pages hold none */
    return false;
}

struct view *
frame_view(struct job *j, const struct request *q, const char *title)
{
    struct view *v = job_alloc(j, sizeof *v);
    const char *council = q->site->council;
    char when[DATE_TEXT + 16];

    *v = (struct view){
        .title = title,
        .council = council && council[0] ? council : "Your council",
        .phone = q->site->phone ? q->site->phone : "",
        .css = asset_url(j, "rooted", "css"),
        .icon = asset_url(j, "favicon", "svg"),
        .kind = kind_of(q->site),
        .home = j->who ? frame_start(j->who) : "/",
        .foot = links_for(j, q, foot, FOOT_ROWS),
    };
    if (!j->who) {
        bool signing_in = lies_below(q->path, "/sign-in");
        v->sign_in = signing_in ? NULL : "/sign-in";
        v->leave = !signing_in;
        v->menu = links_for(j, q, everybody, PUBLIC_ROWS);
        return v;
    }
    v->menu = links_for(j, q, menu, MENU_ROWS);
    v->who = job_format(j, "%s, %s", j->who->name, role_title(j->who->role));
    v->roles = j->who->roles > 1 ? "/account/role" : NULL;
    v->csrf = j->who->csrf;
    notice(j, v);
    v->figures = shows_figures(q->path);
    v->printed = job_format(j, "Printed by %s, %s", j->who->name, time_words(j->now, when));
    return v;
}

const char *
frame_with(struct job *j, const char *path, const char *name, const char *value)
{
    static const char hex[] = "0123456789ABCDEF";
    char *all, *at;

    if (!value)
        return path;
    at = all = job_alloc(j, strlen(path) + strlen(name) + 3 * strlen(value) + 3);
    at += snprintf(at, strlen(path) + strlen(name) + 3, "%s%c%s=", path,
                   strchr(path, '?') ? '&' : '?', name);
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     strchr("-._~", c);
        if (plain) {
            *at++ = (char)c;
        } else {
            *at++ = '%';
            *at++ = hex[c >> 4];
            *at++ = hex[c & 15];
        }
    }
    return all;
}

const char *
frame_with_int(struct job *j, const char *path, const char *name, int64_t value)
{
    return frame_with(j, path, name, job_format(j, "%lld", (long long)value));
}
