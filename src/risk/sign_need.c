/* Signs about social care, early help, special educational needs and youth justice. */
#include "risk/sign_view.h"

/* The latest day on or before v->day on which spells of these kinds began; of a merged spell
 * the beginning of its last episode counts, where it had begun. */
static int32_t
last_began(const struct sign_view *v, unsigned kinds, const char *code)
{
    struct timeline_range r = timeline_of(v->t, TIMELINE_SPELL, v->p);
    int32_t last = DATE_NONE;

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &v->t->spell[r.from];
        int32_t began = s->last_start <= v->day ? s->last_start : s->start;
        if ((kinds >> s->kind & 1) && (!code || !strncmp(s->code, code, sizeof s->code)) &&
            began <= v->day && began > last)
            last = began;
    }
    return last;
}

static bool
found_on(struct sign_found *out, int variant, int32_t on)
{
    *out = (struct sign_found){.variant = (uint8_t)variant, .on = on, .data_day = on};
    return true;
}

/* limits: months.  Child in need, child protection plan or looked after. */
bool
sign_care_opened(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    unsigned kinds = 1u << SPELL_NEED | 1u << SPELL_PLAN | 1u << SPELL_PROTECTION |
                     1u << SPELL_LOOKED_AFTER;
    int32_t on = last_began(v, kinds, NULL);

    return on != DATE_NONE && on > sign_months_before(v->day, r->limit[0]) &&
           found_on(out, 0, on);
}

/* limits: months.  Open, or closed in the last months. */
bool
sign_early_help(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    int32_t since = sign_months_before(v->day, r->limit[0]), ended = DATE_NONE;
    uint32_t open = sign_spell_on(v, SPELL_EARLY_HELP, NULL);
    struct timeline_range s = timeline_of(v->t, TIMELINE_SPELL, v->p);

    if (open != TIMELINE_NONE)
        return found_on(out, 0, v->t->spell[open].start);
    for (; s.from < s.to; s.from++) {
        const struct timeline_spell *x = &v->t->spell[s.from];
        if (x->kind == SPELL_EARLY_HELP && x->end <= v->day && x->end > since && x->end > ended)
            ended = x->end;
    }
    return ended != DATE_NONE && found_on(out, 2, ended);
}

/* limits: months.  A need that every census since the first has shown is not new: what was
 * there when the data begin has no beginning. */
bool
sign_need_added(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    int32_t since = sign_months_before(v->day, r->limit[0]);
    int32_t support = last_began(v, 1u << SPELL_SEN_SUPPORT, NULL);
    int32_t semh = last_began(v, 1u << SPELL_SEN_NEED, "SEMH");
    int32_t first = v->t->person[v->p].first_seen;

    if (semh != DATE_NONE && semh > since && semh > first)
        return found_on(out, 1, semh);
    return support != DATE_NONE && support > since && support > first &&
           found_on(out, 0, support);
}

/* limits: months. */
bool
sign_need_and_suspended(const struct sign_view *v, const struct sign_rule *r,
                        struct sign_found *out)
{
    struct sign_events s = sign_events(v, sign_months_before(v->day, r->limit[0]), v->day);

    *out = (struct sign_found){.value = {(int16_t)s.n}, .on = s.last, .data_day = s.last};
    return s.n > 0 && sign_spell_on(v, SPELL_SEN_SUPPORT, NULL) != TIMELINE_NONE &&
           sign_spell_on(v, SPELL_SEN_NEED, "SEMH") != TIMELINE_NONE &&
           sign_spell_on(v, SPELL_EHC_PLAN, NULL) == TIMELINE_NONE;
}

/* limits: months since a missing episode. */
bool
sign_youth_justice(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    uint32_t open = sign_spell_on(v, SPELL_YOUTH_JUSTICE, NULL);
    int32_t missing = last_began(v, 1u << SPELL_MISSING, NULL);

    if (open != TIMELINE_NONE)
        return found_on(out, 0, v->t->spell[open].start);
    return missing != DATE_NONE && missing > sign_months_before(v->day, r->limit[0]) &&
           found_on(out, 1, missing);
}
