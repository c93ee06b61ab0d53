#include "web/children/child.h"
#include "people/codes.h"
#include "ui/words.h"

/* ---- who ---- */

static void
make_identity(struct job *j, const struct child_page_facts *p, struct child_page *out)
{
    const struct child *c = p->child;
    char day[DATE_TEXT];
    size_t n = 0;

    if (c->born != DATE_NONE)
        out->identity[n++] = job_format(j, "Born %s, age %d", date_words(c->born, day),
                                        (int)date_age(c->born, p->today));
    if (c->school)
        out->identity[n++] = job_format(j, "%s%s%s%s", child_year_group(j, c->year_group),
            child_year_group(j, c->year_group)[0] ? ", " : "", c->school,
            c->on_roll ? "" : " (has left)");
    if (c->upn)
        out->identity[n++] = job_format(j, "UPN %s", c->upn);
    if (c->former_upn)
        out->identity[n++] = job_format(j, "Former UPN %s", c->former_upn);
    out->n_identity = n;
    out->name = c->name;
}

/* ---- the sentence ---- */

static int
suspensions_since(const struct child_page_facts *p, int32_t from)
{
    int n = 0;

    for (size_t i = 0; i < p->n; i++)
        n += child_is_exclusion(&p->facts[i], "SUSP") && p->facts[i].from >= from &&
             !child_is_repeat(p, i);
    return n;
}

static const char *
last_absence(struct job *j, const struct child_page_facts *p, const char **before)
{
    size_t n;
    struct child_term *t = child_terms(j, p, &n);

    *before = NULL;
    while (n && t[n - 1].possible < 20)
        n--;
    if (!n)
        return NULL;
    if (n > 1 && t[n - 2].possible >= 20)
        *before = words_percent(j, (struct point){t[n - 2].missed, t[n - 2].possible, false}, 0);
    return job_format(
        j, "missed %s of the %s term %s",
        words_percent(j, (struct point){t[n - 1].missed, t[n - 1].possible, false}, 0),
        date_term_name(t[n - 1].term),
        job_format(j, "%d", (int)date_to_ymd(t[n - 1].to - 1).year));
}

static const char *
times_words(struct job *j, int n)
{
    return n == 1 ? "once" : n == 2 ? "twice" : job_format(j, "%s times", words_number(j, n));
}

static void
make_heading(struct job *j, const struct child_page_facts *p, struct child_page *out)
{
    int32_t year = date_year_start(date_school_year(p->today));
    int now = suspensions_since(p, year), ever = suspensions_since(p, DATE_NONE + 1);
    const char *before, *absence = last_absence(j, p, &before);
    char name[DATE_TEXT];
    const char *suspended = now ? job_format(j, "suspended %s in %s", times_words(j, now),
                                             date_year_name(date_school_year(p->today), name))
                                : NULL;

    if (suspended && absence)
        out->heading = words_capital(j, job_format(j, "%s, %s", suspended, absence));
    else if (suspended || absence)
        out->heading = words_capital(j, suspended ? suspended : absence);
    else
        out->heading = p->child->school ? job_format(j, "On the records of %s", p->child->school)
                                        : "Known from the council’s own list only";
    out->lede = job_format(j, "%s%s%s",
        ever > now ? job_format(j, "Suspended %s in all. ", times_words(j, ever)) : "",
        !ever ? "No suspension in the files loaded. " : "",
        before ? job_format(j, "In the term before, %s missed %s of sessions.",
                            p->child->forename[0] ? p->child->forename : "the child", before) : "");
}

/* ---- what is known now ---- */

static const struct fact *
latest(const struct child_page_facts *p, enum fact_kind kind)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->facts[i].kind == kind)
            return &p->facts[i];
    return NULL;
}

static struct named
now_sen(struct job *j, const struct child_page_facts *p)
{
    const char *sen = p->child->sen;
    const struct fact *need = latest(p, FACT_NEED);
    struct named n = {.name = "Special educational needs"};

    if (!sen)
        n.absent = NO_DATA;
    else if (!strcmp(sen, "N"))
        n.absent = NONE;
    else
        n.value = words_capital(j, code_label(CODE_SEN_PROVISION, sen));
    if (need && sen && strcmp(sen, "N"))
        n.note = child_fact_words(j, need);
    return n;
}

static struct named
now_meals(struct job *j, const struct child_page_facts *p)
{
    const struct fact *f = latest(p, FACT_FSM);
    struct named n = {.name = "Free school meals", .absent = NONE};
    char day[DATE_TEXT];

    if (!latest(p, FACT_CENSUS))
        n.absent = NO_DATA;
    if (!f)
        return n;
    if (f->to == DATE_NONE)
        return (struct named){n.name, job_format(j, "Eligible since %s", date_words(f->from, day)),
                              NULL, NULL, PRESENT};
    n.note = job_format(j, "Eligible until %s", date_words(f->to, day));
    return n;
}

/* The open thing of most weight, else what closed last. */
static struct named
now_care(struct job *j, const struct child_page_facts *p)
{
    struct named n = {.name = "Social care", .absent = NONE};
    const struct fact *open = NULL, *closed = NULL;
    char day[DATE_TEXT];

    if (p->school_view) {
        n.absent = NOT_SHARED;
        n.note = "Ask your school’s designated safeguarding lead";
        return n;
    }
    if (p->care_until == DATE_NONE) {
        n.absent = NO_DATA;
        n.note = "No file of social care is loaded";
        return n;
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct fact *f = &p->facts[i];
        if (!child_is_care_time(f) || f->number == 1 ||
            (f->to == DATE_NONE && child_care_is_ended(p, f)))
            continue;
        if (f->to == DATE_NONE)
            open = !open || !strcmp(f->code, "care") || !strcmp(f->code, "protection") ? f : open;
        else if (!closed || f->to > closed->to)
            closed = f;
    }
    n.note = job_format(j, "Known to %s", date_words(p->care_until - 1, day));
    if (open) {
        n.absent = PRESENT;
        n.value = job_format(j, "%s, open since %s", child_fact_words(j, open),
                             date_words(open->from, day));
    } else if (closed) {
        n.note = job_format(j, "%s closed %s. %s", child_fact_words(j, closed),
                            date_words(closed->to, day), n.note);
    }
    return n;
}

static void
make_now(struct job *j, const struct child_page_facts *p, struct child_page *out)
{
    struct named *v = job_array(j, 6, sizeof *v);
    const struct child *c = p->child;
    char year[DATE_TEXT];
    size_t n = 0;

    if (c->school)
        v[n++] = (struct named){"School", c->school, job_format(j, "%s at the census of the %s "
            "term %s", c->on_roll ? "On roll" : "No longer on roll", date_term_name(c->term),
            date_year_name(c->school_year, year)),
            job_format(j, "/schools/%lld", (long long)c->urn), PRESENT};
    else
        v[n++] = (struct named){.name = "School", .absent = NO_DATA};
    v[n++] = now_sen(j, p);
    v[n++] = now_meals(j, p);
    v[n++] = now_care(j, p);
    if (c->ethnicity)
        v[n++] = (struct named){"Ethnic group",
                                words_capital(j, code_label(CODE_ETHNICITY, c->ethnicity)), NULL,
                                NULL, PRESENT};
    out->now = v;
    out->n_now = n;
}

/* ---- tables ---- */

static struct cell
source_cell(struct job *j, const struct child_page_facts *p, const struct fact *f)
{
    struct cell c = {.text = f->source};

    if (p->originals) {
        c.href = child_fact_path(j, p->child->person, f);
        c.hidden = job_format(j, "line %lld", (long long)f->line);
    }
    return c;
}

static struct table
table_of(struct job *j, const struct child_page_facts *p, bool events_only, const char *name)
{
    static const struct column columns[] = {{"When", false}, {"What the file says", false},
                                            {"Where", false}, {"Source", false}};
    struct cell *c = job_array(j, 4 * p->n, sizeof *c);
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        const struct fact *f = &p->facts[i];
        struct cell *row = &c[4 * n];
        if (events_only && (f->kind == FACT_CENSUS || f->kind == FACT_NEED ||
                            (f->kind == FACT_SUSPENSION && child_is_repeat(p, i))))
            continue;
        row[0].text = child_fact_when(j, f);
        row[1].text = child_fact_words(j, f);
        if (f->school)
            row[2].text = f->school;
        else if (f->urn)
            row[2].text = job_format(j, "School %lld", (long long)f->urn);
        row[3] = source_cell(j, p, f);
        n++;
    }
    return (struct table){.name = name, .columns = columns, .n_columns = 4, .cells = c, .n_rows = n,
                          .stack = true};
}

static struct table
types_table(struct job *j, const struct child_page_facts *p)
{
    static const struct column columns[] = {{"School year", false}, {"Type", false},
                                            {"Why it counts", false}, {"Where", false}};
    struct cell *c = job_array(j, 4 * p->n_types + 1, sizeof *c);
    char year[DATE_TEXT];

    for (size_t i = 0; i < p->n_types; i++) {
        const struct type_line *t = &p->types[i];
        c[4 * i].text = job_copy(j, date_year_name(t->school_year, year));
        c[4 * i + 1].text = t->title;
        c[4 * i + 2].text = t->words;
        if (t->school)
            c[4 * i + 3].text = t->school;
    }
    return (struct table){.name = "Types of exclusion by school year, newest first",
                          .columns = columns, .n_columns = 4, .cells = c, .n_rows = p->n_types,
                          .stack = true};
}

static const char *
picture_says(struct job *j, const struct child_page_facts *p)
{
    int n = suspensions_since(p, DATE_NONE + 1);
    size_t n_terms, high = 0;
    struct child_term *t = child_terms(j, p, &n_terms);

    for (size_t i = 0; i < n_terms; i++)
        high += t[i].possible >= 20 && t[i].missed * 10 >= t[i].possible;
    return job_format(
        j, "%s; missed a tenth or more in %s of %s",
        n ? words_capital(j, job_format(j, "%s in the files",
                                        words_counted(j, n, "suspension", "suspensions")))
          : "No suspension in the files",
        words_number(j, (int64_t)high), words_counted(j, (int64_t)n_terms, "term", "terms"));
}

static void
make_picture(struct job *j, const struct child_page_facts *p, struct child_page *out)
{
    char a[DATE_TEXT], b[DATE_TEXT], c[DATE_TEXT];

    child_picture(j, p, out);
    out->picture_words = (struct figure_words){.says = picture_says(j, p),
        .what = job_format(j, "What the loaded files say, by school year, from %s to %s",
                           date_words(out->picture.from, a), date_words(p->today, b))};
    if (p->school_view)
        out->picture_source = "Your school’s own census rows and notifications. Social care is not "
                              "shown to schools here.";
    else
        out->picture_source = job_format(j, "School census, suspension notifications%s%s.",
            p->care_until == DATE_NONE ? ". No social care is loaded" : ", social care to ",
            p->care_until == DATE_NONE ? "" : date_words(p->care_until - 1, c));
    out->events = table_of(j, p, true, "What happened, newest first");
}

void
child_page_make(struct job *j, const struct child_page_facts *p, const struct view *view,
                struct child_page *out)
{
    char day[DATE_TEXT];

    *out = (struct child_page){.view = view};
    make_identity(j, p, out);
    make_heading(j, p, out);
    make_now(j, p, out);
    make_picture(j, p, out);
    child_absence(j, p, out);
    child_weeks(j, p, out);
    out->signs = p->signs;
    out->n_signs = p->n_signs;
    out->signs_day = p->n_signs ? job_copy(j, date_words(p->signs_day, day)) : NULL;
    out->types = types_table(j, p);
    out->lines = table_of(j, p, false, "Every line of the files about this child");
    out->lines_name = job_format(j, "All %s of the files",
                                 words_counted(j, (int64_t)p->n, "line", "lines"));
}
