#include "synth/entries.h"

enum { MONTH = 30, WEEK = 7, FULL_WEEK = 2500 /* hundredths of an hour */ };

static struct entry *
add(struct entries *x, enum entry_kind kind, int32_t start, int32_t end)
{
    struct entry *e = &x->v[x->n];

    x->n += x->n < MOST_ENTRIES;
    *e = (struct entry){.kind = kind, .start = start, .end = end, .review = DATE_NONE,
                        .spell = life_spell(x->l, start - 1), .provider = -1};
    return e;
}

static const char *
one_of(struct random *r, const char *const *list, int n)
{
    return list[random_below(r, n)];
}

/* ---- leaving ----------------------------------------------------------------------------- */

static void
educate_at_home(struct entries *x, const struct move *m)
{
    static const char *const pressed[] = {"school suggestion", "risk of school exclusion"};
    static const char *const reasons[] = {
        "mental health", "philosophical or preferential", "lifestyle or cultural",
        "dissatisfaction with school - SEND", "dissatisfaction with school - bullying",
        "physical health", "other", "no reason given"};
    int32_t grown = date_from_ymd(x->l->cohort + 12, 7, 1);
    struct entry *e;

    if (!random_chance(&x->r, param.register_ehe))
        return;
    e = add(x, ENTRY_EHE, m->date, grown > m->date ? grown : m->date + MONTH);
    e->review = m->date + 365;
    e->reason = random_chance(&x->r, param.register_ehe_pressed)
                    ? one_of(&x->r, pressed, 2)
                    : one_of(&x->r, reasons, sizeof reasons / sizeof *reasons);
    e->outcome = "of school leaving age";
}

static void
go_missing(struct entries *x, const struct move *m)
{
    int32_t start = m->date + 5 + (int32_t)random_below(&x->r, 15);
    struct entry *e;

    if (!random_chance(&x->r, param.register_cme))
        return;
    e = add(x, ENTRY_CME, start, start + MONTH + (int32_t)random_below(&x->r, 300));
    e->spell = life_spell(x->l, m->date - 1);
    e->reason = "not at the address";
    e->outcome = "found in another authority";
}

/* ---- moves and placements ---------------------------------------------------------------- */

static void
agree_move(struct entries *x, const struct move *m)
{
    bool failed = m->kind == MOVE_MANAGED_FAILED;
    struct entry *e;

    if (!random_chance(&x->r, param.register_mm))
        return;
    e = add(x, ENTRY_MM, m->date, m->until == DATE_NONE ? m->date + MONTH : m->until);
    e->provider = m->to;
    e->reason = random_chance(&x->r, param.register_mm_trial) ? "after a trial" : "behaviour";
    e->outcome = failed ? "failed" : "succeeded";
}

static void
place(struct entries *x, const struct move *m, enum entry_kind kind)
{
    const struct life *l = x->l;
    const struct calendar *c = world_calendar(l->w, l->spell[0].school);
    int32_t start = kind == ENTRY_D6 ? calendar_day(c, m->date, 6) : m->date;
    struct entry *e;

    if (!random_chance(&x->r, param.register_placed))
        return;
    e = add(x, kind, start, kind == ENTRY_D6 ? start + 8 * WEEK
                            : m->until == DATE_NONE ? start + 3 * MONTH
                                                    : m->until);
    e->spell = life_spell(l, m->date - 1);
    e->provider = m->to;
    e->hours = kind == ENTRY_AP ? 1500 : FULL_WEEK;
}

static void
from_moves(struct entries *x)
{
    for (int i = 0; i < x->l->n_moves; i++) {
        const struct move *m = &x->l->move[i];
        switch ((int)m->kind) {
        case MOVE_EXIT_EHE: educate_at_home(x, m); break;
        case MOVE_EXIT_UNKNOWN: go_missing(x, m); break;
        case MOVE_MANAGED_DIRECT:
        case MOVE_MANAGED_HELD:
        case MOVE_MANAGED_FAILED: agree_move(x, m); break;
        case MOVE_AP: place(x, m, ENTRY_AP); break;
        case MOVE_PERM: place(x, m, ENTRY_D6); break;
        case MOVE_BACK: place(x, m, ENTRY_FAP); break;
        default: break;
        }
    }
}

/* Hours that the school arranged: part-time, or off site with a provider. */
static void
from_arranged(struct entries *x)
{
    static const char *const reasons[] = {"anxiety", "reintegration", "medical mental",
                                          "medical physical", "other"};
    const struct life *l = x->l;

    for (int i = 0; i < l->n_arranged; i++) {
        const struct arranged *a = &l->arranged[i];
        struct entry *e;
        if (!random_chance(&x->r, param.register_arranged))
            continue;
        e = add(x, a->part_time ? ENTRY_PTT : ENTRY_OSD, a->from, a->to);
        e->spell = a->spell;
        e->hours = a->part_time ? FULL_WEEK - a->sessions * 250 : a->sessions * 250;
        e->review = random_chance(&x->r, param.register_reviewed)
                        ? a->from + 10 + (int32_t)random_below(&x->r, 8)
                        : DATE_NONE;
        e->reason = a->part_time ? one_of(&x->r, reasons, 5) : "behaviour";
        if (!a->part_time)
            e->provider = l->w->first[PHASE_AP] + (int)random_below(&x->r, l->w->size->ap);
    }
}

/* ---- help, youth justice, internal exclusion --------------------------------------------- */

static void
from_care(struct entries *x)
{
    for (int i = 0; i < x->l->n_help; i++) {
        const struct help *h = &x->l->help[i];
        struct entry *e;
        if (!random_chance(&x->r, param.register_help))
            continue;
        e = add(x, ENTRY_EH, h->from, h->to);
        e->reason = "family support";
        e->spell = -1;
    }
}

static void
from_exclusions(struct entries *x)
{
    const struct life *l = x->l;

    for (int i = 0; i < l->n_exclusions; i++) {
        const struct exclusion *s = &l->exclusion[i];
        int32_t before = s->start - 10 - (int32_t)random_below(&x->r, 20);
        struct entry *e;
        int school = l->spell[s->spell].school;
        bool supplies = school % 4 == 0 && random_chance(&x->r, param.register_internal);
        bool offends = life_year_group(l, date_school_year(s->start)) >= 9 &&
                       random_chance(&x->r, param.register_justice);

        if (supplies && calendar_is_open(world_calendar(l->w, school), before) &&
            life_spell(l, before) == s->spell) {
            e = add(x, ENTRY_INT, before, before + 1 + (int32_t)random_below(&x->r, 2));
            e->spell = s->spell;
        }
        if (!offends)
            continue;
        e = add(x, ENTRY_YJS, s->start + 20, s->start + 20 + 6 * MONTH);
        e->reason = "prevention";
        e->spell = -1;
    }
}

void
entries_make(struct entries *x)
{
    from_moves(x);
    from_arranged(x);
    from_care(x);
    from_exclusions(x);
}
