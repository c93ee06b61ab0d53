#include "synth/truth.h"

static enum err
begin(struct truth *t, struct csv_out *o, const char *name, const char *const *columns)
{
    enum err e = table_file(&t->in, name, &o->f);

    if (e)
        return e;
    for (; *columns; columns++)
        csv_put(o, *columns);
    csv_end_row(o);
    return OK;
}

static const struct list {
    size_t at;
    const char *name, *columns[14];
} lists[] = {
    {offsetof(struct truth, children), "children.csv",
     {"Person", "Surname", "Forename", "DOB", "Sex", "Ethnicity", "UPN", "Family"}},
    {offsetof(struct truth, identifiers), "identifiers.csv", {"Person", "Kind", "Value"}},
    {offsetof(struct truth, moves), "moves.csv",
     {"Person", "Kind", "FromURN", "ToURN", "Date", "Until", "SchoolYear"}},
    {offsetof(struct truth, cliff), "cliff-edge.csv", {"AsOf", "Person", "Needs", "Count"}},
    {offsetof(struct truth, suspensions), "suspensions.csv",
     {"Person", "SchoolURN", "StartDate", "Sessions", "Category", "Mistakes"}},
    {offsetof(struct truth, registers), "registers.csv",
     {"Person", "Register", "StartDate", "End", "SchoolURN", "ProviderURN", "Reason"}},
    {offsetof(struct truth, care), "care.csv", {"Person", "Kind", "From", "Until"}},
    {offsetof(struct truth, leavers), "leavers.csv",
     {"Person", "SchoolURN", "LeavingDate", "Ground"}},
    {offsetof(struct truth, errors), "errors.csv", {"Kind", "File", "Id", "Person"}},
    {offsetof(struct truth, realised), "realised.csv",
     {"SchoolYear", "Dimension", "Member", "Headcount", "Suspensions", "Suspended",
      "SuspendedTwice", "PermanentExclusions", "Enrolments", "SessionsPossible",
      "SessionsAbsent", "PersistentlyAbsent", "SeverelyAbsent"}},
};
enum { LISTS = sizeof lists / sizeof *lists };

static struct csv_out *
list_of(struct truth *t, int i)
{
    return (struct csv_out *)(void *)((char *)t + lists[i].at);
}

enum err
truth_open(struct truth *t, struct job *j, const char *root, const struct world *w)
{
    enum err e = OK;

    *t = (struct truth){.in = {j, job_format(j, "%s.truth", root)}};
    t->tally.school = job_array(j, (size_t)w->n_schools * YEARS * 2, sizeof(int64_t));
    for (int i = 0; i < LISTS && !e; i++)
        e = begin(t, list_of(t, i), lists[i].name, lists[i].columns);
    return e;
}

static void
put_date(struct csv_out *o, int32_t date)
{
    char buf[DATE_TEXT];

    csv_put(o, date == DATE_OPEN ? "" : date_iso(date, buf));
}

static void
put_urn(struct csv_out *o, const struct life *l, int school, int32_t date)
{
    if (school < 0)
        csv_put(o, "");
    else
        csv_put_int(o, world_urn(&l->w->school[school], date));
}

static void
identifier(struct truth *t, const struct life *l, const char *kind, const char *value)
{
    csv_put_int(&t->identifiers, l->person);
    csv_put(&t->identifiers, kind);
    csv_put(&t->identifiers, value);
    csv_end_row(&t->identifiers);
}

static void
put_child(struct truth *t, const struct life *l)
{
    static const char *const kinds[] = {
        [UPN_DUPLICATE] = "another-childs-upn", [UPN_LETTER] = "wrong-letter-upn",
        [UPN_TEMPORARY_FIRST] = "temporary-upn", [UPN_CHANGED] = "later-upn"};
    struct csv_out *o = &t->children;
    char text[16];

    csv_put_int(o, l->person);
    csv_put(o, l->surname);
    csv_put(o, l->forename);
    put_date(o, l->born);
    csv_put(o, l->sex == 'M' ? "M" : "F");
    csv_put(o, l->ethnicity->code);
    csv_put(o, l->upn);
    csv_put_int(o, (l->person - 1) / FAMILY_MOST);
    csv_end_row(o);
    identifier(t, l, "upn", l->upn);
    if (l->upn_mistake >= UPN_DUPLICATE)
        identifier(t, l, kinds[l->upn_mistake], l->second_upn);
    if (l->n_care || l->n_help) {
        snprintf(text, sizeof text, "%s", life_local_id(l).text);
        identifier(t, l, "local-id", text);
    }
}

static void
put_spell(struct truth *t, const struct life *l, const char *kind, struct dates d)
{
    struct csv_out *o = &t->care;

    if (d.from == DATE_NONE || d.from > LAST_DAY)
        return;
    csv_put_int(o, l->person);
    csv_put(o, kind);
    put_date(o, d.from);
    put_date(o, d.to);
    csv_end_row(o);
}

static void
put_care(struct truth *t, const struct life *l)
{
    for (int i = 0; i < l->n_help; i++)
        put_spell(t, l, "early-help", (struct dates){l->help[i].from, l->help[i].to});
    for (int i = 0; i < l->n_care; i++) {
        const struct care *c = &l->care[i];
        struct episode e;
        put_spell(t, l, "looked-after", (struct dates){c->looked_after, c->looked_after_ends});
        if (c->looked_after == DATE_NONE && life_short_break(c, &e))
            put_spell(t, l, "short-break", (struct dates){e.from, e.to});
    }
}

static void
put_moves(struct truth *t, const struct life *l)
{
    struct csv_out *o = &t->moves;

    for (int i = 0; i < l->n_moves; i++) {
        const struct move *m = &l->move[i];
        if (m->date > LAST_DAY)
            continue;
        csv_put_int(o, l->person);
        csv_put(o, life_moves[m->kind]);
        put_urn(o, l, m->from, m->date);
        put_urn(o, l, m->to, m->date);
        put_date(o, m->date);
        put_date(o, m->until);
        csv_put_int(o, date_school_year(m->date));
        csv_end_row(o);
    }
}

static void
put_cliff(struct truth *t, const struct life *l, int year)
{
    unsigned needs = l->needs[year - YEAR_FIRST];
    char text[32] = "";
    size_t n = 0;

    if (!life_cliff(l, year, 2) || life_spell(l, date_from_ymd(year, 10, 1)) < 0)
        return;
    for (int i = 1; i < 10; i++)
        if (needs >> i & 1U)
            n += (size_t)snprintf(text + n, sizeof text - n, n ? " N%d" : "N%d", i);
    put_date(&t->cliff, date_from_ymd(year, 9, 1));
    csv_put_int(&t->cliff, l->person);
    csv_put(&t->cliff, text);
    csv_put_int(&t->cliff, __builtin_popcount(needs));
    csv_end_row(&t->cliff);
}

static void
put_suspension(struct truth *t, const struct life *l, const struct exclusion *x)
{
    struct csv_out *o = &t->suspensions;
    const struct school *s = &l->w->school[l->spell[x->spell].school];

    csv_put_int(o, l->person);
    csv_put_int(o, world_urn(s, x->start));
    put_date(o, x->start);
    csv_put_int(o, x->sessions);
    csv_put(o, x->category);
    csv_put(o, x->mistakes & REINSTATED  ? "reinstated"
               : x->mistakes & WITHDRAWN ? "withdrawn"
               : x->mistakes & LATE    ? "late"
               : x->mistakes & AMENDED ? "amended"
                                       : "");
    csv_end_row(o);
}

void
truth_entry(struct truth *t, const struct life *l, const struct entry *e)
{
    struct csv_out *o = &t->registers;

    csv_put_int(o, l->person);
    csv_put(o, entry_rows[e->kind].code);
    put_date(o, e->start);
    put_date(o, e->end);
    put_urn(o, l, e->spell < 0 ? -1 : l->spell[e->spell].school, e->start);
    put_urn(o, l, e->provider, e->start);
    csv_put(o, e->reason);
    csv_end_row(o);
}

void
truth_leaver(struct truth *t, const struct life *l, const struct spell *s, const char *ground)
{
    struct csv_out *o = &t->leavers;

    csv_put_int(o, l->person);
    put_urn(o, l, s->school, s->end - 1);
    put_date(o, s->end - 1);
    csv_put(o, ground);
    csv_end_row(o);
}

void
truth_life(struct truth *t, const struct life *l)
{
    put_child(t, l);
    put_care(t, l);
    put_moves(t, l);
    for (int y = YEAR_SHOWN; y <= YEAR_LAST; y++)
        put_cliff(t, l, y);
    for (int i = 0; i < l->n_exclusions; i++)
        if (l->exclusion[i].start <= LAST_DAY)
            put_suspension(t, l, &l->exclusion[i]);
    tally_add(&t->tally, l);
}

void
truth_error(struct truth *t, const char *kind, const char *file, const char *id,
            const struct life *l)
{
    csv_put(&t->errors, kind);
    csv_put(&t->errors, file);
    csv_put(&t->errors, id);
    csv_put_int(&t->errors, l->person);
    csv_end_row(&t->errors);
}

static void
put_realised(struct truth *t)
{
    char name[16];

    for (int y = YEAR_SHOWN; y <= YEAR_LAST; y++)
        for (int g = 0; g < GROUPS; g++) {
            csv_put_int(&t->realised, y);
            csv_put(&t->realised, tally_dimension(g));
            csv_put(&t->realised, tally_member(g, name));
            for (int m = 0; m < MEASURES; m++)
                csv_put_int(&t->realised, t->tally.n[y - YEAR_FIRST][g][m]);
            csv_end_row(&t->realised);
        }
}

enum err
truth_close(struct truth *t)
{
    enum err e = OK;

    put_realised(t);
    for (int i = 0; i < LISTS && !e; i++)
        e = table_flush(&t->in, list_of(t, i)->f, lists[i].name);
    return e;
}
