#include "web/schools/meeting.h"
#include "people/child.h"
#include "ui/words.h"
#include "web/download/sheet.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/schools/meeting.html.h"
#include "web/states/empty.h"

static struct table
list_table(struct job *j, const struct watched_page *w, enum watch list, bool children)
{
    static const struct column columns[] = {{"Name", false}, {"Year", false}, {"Why", false},
                                            {"Due", false}};
    size_t wide = list == WATCH_GOVERNORS || list == WATCH_SIXTH_DAY ? 4 : 3, n = 0;
    struct cell *c = job_array(j, wide * w->of[list] + 1, sizeof *c);
    char day[DATE_TEXT];

    for (size_t i = 0; i < w->n; i++) {
        const struct watched_pupil *p = &w->v[i];
        struct cell *row;
        if (p->watch != list)
            continue;
        row = &c[wide * n++];
        row[0].text = p->name;
        row[0].href = children ? job_format(j, "/children/%lld", (long long)p->person) : NULL;
        row[1].text = child_year_group(j, p->year_group);
        row[2].text = p->words;
        if (wide < 4)
            continue;
        row[3].text = p->due == DATE_NONE ? NULL : job_copy(j, date_words(p->due, day));
        row[3].absent = p->due == DATE_NONE ? NO_DATA : PRESENT;
    }
    return (struct table){.name = watches[list].title, .columns = columns, .n_columns = wide,
                          .cells = c, .n_rows = n, .stack = true};
}

void
meeting_make(struct job *j, const struct school *s, const struct watched_page *w,
             const struct view *view, struct meeting_page *out)
{
    struct meeting_list *lists = job_array(j, WATCHES, sizeof *lists);
    bool children = page_offered(j->who, "/children/:person");
    const char *nobody[WATCHES];
    size_t none = 0;
    char day[DATE_TEXT], to[DATE_TEXT];

    *out = (struct meeting_page){
        .view = view, .lists = lists,
        .caption = job_format(j, "%s · %s", s->name, date_words(w->day, day)),
        .heading = "Targeting support meeting",
        .lede = w->n ? "The pupils to go through together, each with the fact that puts the name "
                       "here. A pupil may be on several lists."
                     : "No pupil of this school is on any list today.",
        .source = job_format(j, "Sources: registers%s%s, suspensions, returns of the school, term "
                                "dates. Amounts: Working together to improve school attendance, "
                                "2024, and the exclusion regulations.",
                             w->registers_to == DATE_NONE ? " (not loaded)" : " to ",
                             w->registers_to == DATE_NONE ? ""
                                                          : date_words(w->registers_to, to)),
    };
    for (int k = 0; k < WATCHES; k++)
        if (w->of[k])
            lists[out->n_lists++] = (struct meeting_list){
                watches[k].name, watches[k].title, watches[k].about,
                list_table(j, w, (enum watch)k, children)};
        else
            nobody[none++] = watches[k].title;
    out->nobody = none ? job_format(j, "%s.", words_list(j, nobody, none)) : NULL;
    if (page_offered(j->who, "/schools/:urn/meeting.csv"))
        out->csv = job_format(j, "/schools/%lld/meeting.csv", (long long)s->urn);
}

enum err
page_meeting(struct job *j, const struct request *q, struct response *r)
{
    struct school s;
    struct watched_page w;
    struct meeting_page p;
    struct view *view;
    enum err e = school_get(j, request_part_id(q, 0), &s);

    if (e)
        return e;
    e = watch_school(j, s.urn, &w);
    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Targeting support meeting");
    if (e)
        return e;
    view = frame_view(j, q, job_format(j, "Support meeting, %s", s.name));
    view->back = job_format(j, "/schools/%lld", (long long)s.urn);
    view->back_text = s.name;
    meeting_make(j, &s, &w, view, &p);
    view_meeting(&r->body, &p);
    return OK;
}

static struct sheet
meeting_sheet(struct job *j, const struct watched_page *w)
{
    static const struct sheet_column columns[] = {{.name = "list"}, {.name = "name"},
        {.name = "year_group"}, {.name = "reason"}, {.name = "due"}};
    struct sheet_cell *c = job_array(j, 5 * w->n + 1, sizeof *c);
    char day[DATE_TEXT];

    for (size_t i = 0; i < w->n; i++) {
        struct sheet_cell *row = &c[5 * i];
        row[0] = sheet_text(watches[w->v[i].watch].title);
        row[1] = sheet_text(w->v[i].name);
        row[2] = sheet_text(child_year_group(j, w->v[i].year_group));
        row[3] = sheet_text(w->v[i].words);
        row[4] = sheet_text(job_copy(j, date_iso(w->v[i].due, day)));
    }
    return (struct sheet){.name = "lists", .title = "Targeting support meeting",
                          .columns = columns, .n_columns = 5, .cells = c, .n_rows = w->n,
                          .total = -1};
}

enum err
page_meeting_csv(struct job *j, const struct request *q, struct response *r)
{
    struct school school;
    struct watched_page w;
    struct sheet s;
    char day[DATE_TEXT];
    enum err e = school_get(j, request_part_id(q, 0), &school);

    if (e || (e = watch_school(j, school.urn, &w)))
        return e;
    s = meeting_sheet(j, &w);
    return download_csv(j, r, &s, job_format(j, "rooted-meeting-%lld-%s.csv",
                                             (long long)school.urn, date_iso(w.day, day)));
}
