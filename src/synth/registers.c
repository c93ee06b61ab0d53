#include "synth/registers.h"
#include "synth/entries.h"

enum { FIRST_OUTSIDE_URN = 700001, OUTSIDE = 200 /* schools of other authorities */ };

static const char *
year_path(const char *name, int year, char *buf, size_t size)
{
    snprintf(buf, size, "%s-%d-%02d.csv", name, year, (year + 1) % 100);
    return buf;
}

static enum err
open_years(struct register_set *s, struct table *t, const char *name, const char *layout)
{
    enum err e = OK;

    for (int i = 0; i < REGISTER_YEARS && !e; i++) {
        char path[TABLE_PATH];
        e = table_open(s->in, &t[i], year_path(name, YEAR_SHOWN + i, path, sizeof path),
                       (struct table_kind){layout, 0, 0});
    }
    return e;
}

enum err
registers_open(struct register_set *s, const struct folder *in, struct truth *t)
{
    enum err e;

    *s = (struct register_set){.truth = t, .in = in};
    if ((e = open_years(s, s->leavers, "leavers/leavers", "leavers")) ||
        (e = open_years(s, s->entries, "register-entries/entries", "register-entries")))
        return e;
    return table_open(in, &s->outcomes, "exclusions/outcomes.csv",
                      (struct table_kind){"exclusion-outcomes", 0, 0});
}

/* The last day that a year's file knows. */
static int32_t
known_to(int year)
{
    int32_t end = date_year_end(year) - 1;

    return end < LAST_DAY ? end : LAST_DAY;
}

static bool
in_files(int32_t day)
{
    return day >= date_year_start(YEAR_SHOWN) && day <= LAST_DAY;
}

/* ---- registers --------------------------------------------------------------------------- */

static void
put_entry(const struct life *l, const struct entry *e, int32_t known, struct table *t)
{
    char postcode[PLACE_TEXT];
    const struct home *h = life_home(l, e->start);
    bool told = e->end <= known || e->kind == ENTRY_PTT; /* a timetable's end is planned */

    table_text(t, OWN_REGISTER_KIND, entry_rows[e->kind].code);
    table_text(t, OWN_REGISTER_UPN, e->spell >= 0 ? life_upn(l, e->spell, e->start).upn : l->upn);
    table_text(t, OWN_REGISTER_SURNAME, l->surname);
    table_text(t, OWN_REGISTER_FORENAME, l->forename);
    table_date(t, OWN_REGISTER_BORN, l->born);
    table_text(t, OWN_REGISTER_POSTCODE, world_postcode(h->place, h->postcode, postcode));
    table_date(t, OWN_REGISTER_STARTED, e->start);
    if (told && e->end != DATE_OPEN)
        table_date(t, OWN_REGISTER_ENDED, e->end - 1);
    table_text(t, OWN_REGISTER_REASON, e->reason);
    if (e->spell >= 0)
        table_int(t, OWN_REGISTER_URN,
                  world_urn(&l->w->school[l->spell[e->spell].school], e->start));
    if (e->provider >= 0)
        table_int(t, OWN_REGISTER_PROVIDER, world_urn(&l->w->school[e->provider], e->start));
    if (e->hours)
        table_format(t, OWN_REGISTER_HOURS, "%d.%d", e->hours / 100, e->hours % 100 / 10);
    table_date(t, OWN_REGISTER_REVIEW, e->review);
    if (told)
        table_text(t, OWN_REGISTER_OUTCOME, e->outcome);
    table_date(t, OWN_REGISTER_EXTRACTED, known);
    table_row(t);
}

static void
write_entries(struct register_set *s, const struct life *l, const struct entries *x)
{
    for (int i = 0; i < x->n; i++) {
        const struct entry *e = &x->v[i];
        for (int y = YEAR_SHOWN; y <= YEAR_LAST; y++)
            if (e->start <= known_to(y) && e->end > date_year_start(y))
                put_entry(l, e, known_to(y), &s->entries[y - YEAR_SHOWN]);
        if (e->end > date_year_start(YEAR_SHOWN) && e->start <= LAST_DAY)
            truth_entry(s->truth, l, e);
    }
}

/* ---- leavers ----------------------------------------------------------------------------- */

/* The letter of one meaning: its place in each of the two regulations. */
enum why { WHY_SCHOOL, WHY_HOME, WHY_FAR, WHY_ABSENT, WHY_EXCLUDED, WHYS };

static const char *
letter_of(enum why why, int32_t last)
{
    static const char *const letters[WHYS][2] = {
        [WHY_SCHOOL] = {"b", "a"}, [WHY_HOME] = {"d", "f"},     [WHY_FAR] = {"e", "g"},
        [WHY_ABSENT] = {"h", "i"}, [WHY_EXCLUDED] = {"m", "o"},
    };

    return letters[why][last >= date_from_ymd(2024, 8, 19)];
}

struct leaving {
    const struct spell *spell;
    int at;
    const char *ground;  /* NULL: not given */
    int64_t destination; /* 0 */
    bool moved;          /* a new address is told */
};

static void
put_leaver(struct register_set *s, const struct life *l, const struct leaving *v, struct random *r)
{
    int32_t last = v->spell->end - 1, told = last + 1 + (int32_t)random_below(r, 9);
    struct table *t = &s->leavers[date_school_year(last) - YEAR_SHOWN];
    char postcode[PLACE_TEXT];

    table_text(t, OWN_LEAVER_UPN, life_upn(l, v->at, last).upn);
    table_text(t, OWN_LEAVER_SURNAME, l->surname);
    table_text(t, OWN_LEAVER_FORENAME, l->forename);
    table_date(t, OWN_LEAVER_BORN, l->born);
    table_int(t, OWN_LEAVER_URN, world_urn(&l->w->school[v->spell->school], last));
    table_date(t, OWN_LEAVER_LEFT, last);
    table_text(t, OWN_LEAVER_GROUND, v->ground);
    if (v->destination)
        table_int(t, OWN_LEAVER_DESTINATION, v->destination);
    if (v->moved)
        table_text(t, OWN_LEAVER_POSTCODE, world_postcode((int)(l->person % l->w->n_places), 7,
                                                          postcode));
    table_date(t, OWN_LEAVER_NOTIFIED, told > LAST_DAY ? LAST_DAY : told);
    table_row(t);
    truth_leaver(s->truth, l, v->spell, v->ground);
}

static const struct move *
move_at(const struct life *l, enum move_kind kind, int32_t day)
{
    for (int i = 0; i < l->n_moves; i++)
        if (l->move[i].kind == kind && l->move[i].date == day)
            return &l->move[i];
    return NULL;
}

/* Off every roll here, for whatever reason the register of exits and the school give. */
static bool
why_gone(const struct life *l, const struct entries *x, struct leaving *v, struct random *r)
{
    int32_t last = v->spell->end - 1;
    double u = random_unit(r);

    if (v->spell->why == END_AREA) {
        v->moved = u < param.leaver_far;
        v->ground = letter_of(v->moved ? WHY_FAR : WHY_SCHOOL, last);
        if (!v->moved)
            v->destination = FIRST_OUTSIDE_URN + random_below(r, OUTSIDE);
        return true;
    }
    if (move_at(l, MOVE_EXIT_EHE, v->spell->end)) {
        v->ground = letter_of(WHY_HOME, last);
        return true;
    }
    for (int i = 0; i < x->n; i++)
        if (x->v[i].kind == ENTRY_CME && x->v[i].start > last && x->v[i].start < last + 30)
            v->ground = letter_of(WHY_ABSENT, last);
    if (!v->ground && u < param.leaver_school_unnamed)
        v->ground = letter_of(WHY_SCHOOL, last);
    return v->ground || u > param.leaver_silent;
}

static bool
why_left(const struct life *l, const struct entries *x, struct leaving *v, struct random *r)
{
    int32_t last = v->spell->end - 1;
    int next;

    switch (v->spell->why) {
    case END_PERM:
        v->ground = letter_of(WHY_EXCLUDED, last);
        return true;
    case END_AREA:
    case END_EXIT:
        return why_gone(l, x, v, r);
    case END_MOVE:
        next = life_spell(l, v->spell->end + 10);
        if (next < 0 || l->spell[next].school == v->spell->school)
            return false;
        v->ground = letter_of(WHY_SCHOOL, last);
        v->destination = world_urn(&l->w->school[l->spell[next].school], v->spell->end + 10);
        return true;
    default: /* at the end of a phase no return is made */
        return false;
    }
}

static void
write_leavers(struct register_set *s, const struct life *l, struct entries *x)
{
    for (int i = 0; i < l->n_spells; i++) {
        struct leaving v = {.spell = &l->spell[i], .at = i};
        bool made = random_chance(&x->r, param.leaver_made);
        int group = life_year_group(l, date_school_year(v.spell->end));
        if (in_files(v.spell->end - 1) && group <= 11 &&
            why_left(l, x, &v, &x->r) && (made || v.spell->why == END_EXIT))
            put_leaver(s, l, &v, &x->r);
    }
}

/* ---- outcomes ---------------------------------------------------------------------------- */

static void
put_outcome(struct register_set *s, const struct life *l, const struct exclusion *x,
            struct decision d)
{
    struct table *t = &s->outcomes;

    if (d.day > LAST_DAY)
        return;
    table_text(t, OWN_OUTCOME_UPN, life_upn(l, x->spell, x->start).upn);
    table_text(t, OWN_OUTCOME_SURNAME, l->surname);
    table_text(t, OWN_OUTCOME_FORENAME, l->forename);
    table_date(t, OWN_OUTCOME_BORN, l->born);
    table_int(t, OWN_OUTCOME_URN, world_urn(&l->w->school[l->spell[x->spell].school], x->start));
    table_date(t, OWN_OUTCOME_STARTED, x->start);
    table_text(t, OWN_OUTCOME_STAGE, d.panel ? "review panel" : "governors");
    table_date(t, OWN_OUTCOME_DECIDED, d.day);
    table_text(t, OWN_OUTCOME_RESULT, d.result);
    table_row(t);
}

/* The board meets within fifteen school days; now and then a panel follows, and upholds. */
static void
write_outcomes(struct register_set *s, const struct life *l, struct random *r)
{
    for (int i = 0; i < l->n_exclusions; i++) {
        const struct exclusion *x = &l->exclusion[i];
        const struct calendar *c = world_calendar(l->w, l->spell[x->spell].school);
        int32_t board = calendar_day(c, x->start, 10 + (int)random_below(r, 6));
        bool panel = random_chance(r, param.outcome_panel);

        if (strcmp(x->category, "PERM") != 0 || !in_files(x->start))
            continue;
        if (x->mistakes & REINSTATED) {
            put_outcome(s, l, x, (struct decision){board, "FRE", false});
            continue;
        }
        put_outcome(s, l, x, (struct decision){board, panel ? "GNO" : "ANO", false});
        if (panel)
            put_outcome(s, l, x, (struct decision){calendar_day(c, board, 30), "INO", true});
    }
}

/* ---- */

void
registers_write(struct register_set *s, const struct life *l)
{
    struct entries x = {.l = l, .r = random_stream(l->w->seed, (uint64_t)l->person,
                                                   STREAM_REGISTER)};

    entries_make(&x);
    write_entries(s, l, &x);
    write_leavers(s, l, &x);
    write_outcomes(s, l, &x.r);
}

static enum err
close_years(struct register_set *s, struct table *t)
{
    enum err e = OK;

    for (int i = 0; i < REGISTER_YEARS && !e; i++)
        e = table_flush(s->in, t[i].out.f, t[i].path);
    return e;
}

enum err
registers_close(struct register_set *s)
{
    enum err e;

    if ((e = close_years(s, s->leavers)) || (e = close_years(s, s->entries)))
        return e;
    return table_flush(s->in, s->outcomes.out.f, s->outcomes.path);
}
