#include "access/governance.h"
#include "access/permit.h"
#include "base/date.h"

enum governance_state
governance_due(int32_t review, int32_t today)
{
    if (review == DATE_NONE)
        return GOVERNANCE_MISSING;
    if (review < today)
        return GOVERNANCE_OVERDUE;
    return review - today <= GOVERNANCE_SOON_DAYS ? GOVERNANCE_SOON : GOVERNANCE_GOOD;
}

static enum err
look_at_agreement(struct job *j, struct governance *out)
{
    struct agreement *g;
    enum err e;

    out->agreement = GOVERNANCE_GOOD;
    out->review_on = DATE_NONE;
    if (!j->area)
        return OK;
    g = job_alloc(j, sizeof *g);
    e = agreement_on(j, j->today, g);
    if (e)
        return e;
    out->version = g->version;
    out->review_on = g->review_on;
    out->agreement = g->version ? governance_due(g->review_on, j->today) : GOVERNANCE_MISSING;
    return OK;
}

enum err
governance_get(struct job *j, struct governance *out)
{
    enum err e = permit(j, ACT_GOVERNANCE, (struct subject){.what = "what must be settled"});

    *out = (struct governance){.review_on = DATE_NONE};
    if (!e)
        e = setting_list(j, &out->all);
    if (e)
        return e;
    out->council = out->all.value[SETTING_COUNCIL] != NULL;
    out->address = out->all.value[SETTING_ADDRESS] != NULL;
    for (int s = 0; s < SETTINGS && out->n < GOVERNANCE_MOST; s++) {
        struct governance_item *i = &out->item[out->n];
        if (!setting_is_record((enum setting)s))
            continue;
        i->setting = (enum setting)s;
        i->state = GOVERNANCE_MISSING;
        if (setting_record_get(j, &out->all, i->setting, &i->recorded))
            i->state = governance_due(i->recorded.review, j->today);
        out->n++;
    }
    return look_at_agreement(j, out);
}

bool
governance_is_complete(const struct governance *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->item[i].state == GOVERNANCE_MISSING)
            return false;
    return g->council && g->address;
}

enum err
governance_agreement_due(struct job *j, enum governance_state *out, int32_t *review_on)
{
    struct governance g = {.agreement = GOVERNANCE_GOOD, .review_on = DATE_NONE};
    enum err e = OK;

    if (permit_act(j->who, ACT_AGREEMENT_WRITE))
        e = look_at_agreement(j, &g);
    *out = g.agreement;
    *review_on = g.review_on;
    return e;
}
