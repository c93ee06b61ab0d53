/* Who has seen a child's record. */
#include "access/seen.h"
#include "base/date.h"
#include "people/child.h"
#include "web/children/seen.h"
#include "web/children/seen.html.h"
#include "web/frame.h"
#include "web/pages.h"

enum { SEEN_PAGE = 200 };

/* ---- what somebody did, in words ---------------------------------------------------------- */

static const struct { enum act act; const char *what; } things[] = {
    {ACT_CHILD, "the record"}, {ACT_SIGNS, "the record"}, {ACT_GLASS, "the record"},
    {ACT_LEVEL, "the record"}, {ACT_CORRECT, "a fact of the record"},
    {ACT_ORIGINAL, "a fact of the record as the file had it"},
    {ACT_TELL, "a form about the child"}, {ACT_EXPORT, "the record"},
    {ACT_NOTE, "notes on the record"}, {ACT_SEEN, "the list of who has seen the record"}};

static const char *
thing_of(struct job *j, enum act act)
{
    for (size_t i = 0; i < sizeof things / sizeof *things; i++)
        if (things[i].act == act)
            return things[i].what;
    return act < ACTS ? job_format(j, "something of the record (%s)", act_about(act))
                      : "something of the record";
}

/* "opened the record". */
static const char *
phrase_of(struct job *j, const struct seen *s)
{
    if (s->outcome == NOTE_REFUSED)
        return job_format(j, "tried to %s and was refused",
                          s->act < ACTS ? act_about(s->act) : "open the record");
    if (s->event == EVENT_GLASS)
        return job_format(j, "%s in an emergency",
                          s->outcome == NOTE_TAKEN_BACK ? "tried to open the record"
                                                        : "opened or left the record");
    if (s->outcome == NOTE_TAKEN_BACK)
        return job_format(j, "began to change %s, which did not come about", thing_of(j, s->act));
    return job_format(j, "%s %s", audit_event_words(s->event), thing_of(j, s->act));
}

static const char *
who_of(struct job *j, const struct seen *s)
{
    if (!s->account)
        return "Somebody at the command line";
    if (!s->name)
        return job_format(j, "Account %lld, which is gone,", (long long)s->account);
    return job_format(j, "%s, %s,", s->name, s->role ? s->role : "whose role is gone");
}

/* ---- by day and person --------------------------------------------------------------------- */

struct done {                /* the same thing, on one day, by one person in one role */
    int32_t day;
    int64_t account, first, last; /* times */
    const char *role, *who, *phrase;
    int times;
};

static const char *
clock_words(struct job *j, int64_t at)
{
    char words[DATE_TEXT];
    const char *comma = strchr(time_words(at, words), ',');

    return job_copy(j, comma ? comma + 2 : words);
}

static const char *
sentence(struct job *j, const struct done *d)
{
    char day[DATE_TEXT];
    const char *once = job_format(j, "%s %s on %s at %s", d->who, d->phrase,
                                  date_words(d->day, day), clock_words(j, d->first));

    if (d->times == 1)
        return once;
    return job_format(j, "%s, and %s until %s", once,
                      d->times == 2 ? "once more"
                                    : job_format(j, "%d times more", d->times - 1),
                      clock_words(j, d->last));
}

static bool
is_same_actor(int64_t a, const char *a_role, int64_t b, const char *b_role)
{
    return a == b && !strcmp(a_role ? a_role : "", b_role ? b_role : "");
}

/* Entries come newest first; what one page noted at one moment is one. */
static size_t
gather(struct job *j, const struct seen_page *s, struct done *d)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const char *phrase = phrase_of(j, &s->v[i]);
        int32_t minute, day = date_of_time(s->v[i].at, &minute);
        size_t at = 0;
        const struct seen *v = &s->v[i];
        while (at < n && (d[at].day != day || strcmp(d[at].phrase, phrase) ||
                          !is_same_actor(d[at].account, d[at].role, v->account, v->role)))
            at++;
        if (at == n)
            d[n++] = (struct done){day, v->account, 0, v->at, v->role, who_of(j, v), phrase, 0};
        d[at].times += d[at].first != s->v[i].at;
        d[at].first = s->v[i].at;
    }
    return n;
}

struct days {
    const struct done *done;
    size_t n_done;
    struct seen_group *v;
    size_t n;
};

static bool
is_of_group(const struct days *d, size_t i, size_t of)
{
    const struct done *a = &d->done[i], *b = &d->done[of];

    return a->day == b->day && is_same_actor(a->account, a->role, b->account, b->role);
}

static void
add_group(struct job *j, struct days *d, size_t from)
{
    struct seen_group *g = &d->v[d->n];
    const char **says = job_array(j, d->n_done, sizeof *says);
    char day[DATE_TEXT];

    for (size_t i = from; i < d->n_done; i++)
        if (is_of_group(d, i, from))
            says[g->n++] = sentence(j, &d->done[i]);
    g->says = says;
    g->day = job_copy(j, date_words(d->done[from].day, day));
    if (!d->n || strcmp(d->v[d->n - 1].day, g->day))
        g->first = g->day;
    d->n++;
}

static void
make_groups(struct job *j, const struct seen_page *s, struct seen_view *p)
{
    struct done *done = job_array(j, s->n + 1, sizeof *done);
    struct days d = {.done = done, .n_done = gather(j, s, done)};

    d.v = job_array(j, d.n_done + 1, sizeof *d.v);
    for (size_t i = 0; i < d.n_done; i++) {
        size_t k = 0;
        while (k < i && !is_of_group(&d, k, i))
            k++;
        if (k == i)
            add_group(j, &d, i);
    }
    p->groups = d.v;
    p->n = d.n;
}

enum err
page_seen(struct job *j, const struct request *q, struct response *r)
{
    int64_t person = request_part_id(q, 0), before = request_int(q, "before", 0);
    struct seen_view p = {.view = frame_view(j, q, "Who has seen this record")};
    struct seen_page s;
    struct child c;
    enum err e = child_get(j, person, &c);

    if (!e)
        e = seen_list(j, person, before > 0 ? before : 0, SEEN_PAGE, &s);
    if (e)
        return e;
    p.child = c.name;
    p.child_path = job_format(j, "/children/%lld", (long long)person);
    make_groups(j, &s, &p);
    if (before > 0) {
        p.pages.previous = q->path;
        p.pages.previous_text = "The newest entries";
    }
    if (s.more) {
        p.pages.next = frame_with_int(j, q->path, "before", s.v[s.n - 1].id);
        p.pages.next_text = "Older entries";
    }
    view_seen(&r->body, &p);
    return OK;
}
