#include "access/audit.h"
#include "access/custody.h"
#include "access/relation.h"
#include "store/db.h"

static const struct act_row {
    const char *name, *about;
    unsigned roles;
    enum audit_event read, change;
} acts[] = {
#define ACT(id, name, about, roles, read, change)                                              \
    [id] = {name, about, roles, EVENT_##read, EVENT_##change},
#include "access/acts.def"
#undef ACT
};

const char *
act_name(enum act a)
{
    return acts[a].name;
}

const char *
act_about(enum act a)
{
    return acts[a].about;
}

enum audit_event
act_event(enum act a, bool changes)
{
    return changes ? acts[a].change : acts[a].read;
}

bool
permit_act(const struct actor *who, enum act act)
{
    if (!who)
        return act == ACT_PUBLIC;
    if (who->role == ROLE_NONE)
        return act == ACT_PUBLIC || act == ACT_SIGN_IN || act == ACT_SELF;
    return who->account == 0 || (acts[act].roles & (1u << who->role));
}

int64_t
permit_school(const struct actor *who)
{
    if (!who || who->account == 0 || role_scope(who->role) != SCOPE_SCHOOL)
        return 0;
    /* a school role without its school sees no school at all */
    return who->urn ? who->urn : -1;
}

/* An emergency opens a record to read. */
static bool
only_reads(enum act act)
{
    return act == ACT_CHILD || act == ACT_SIGNS || act == ACT_ORIGINAL;
}

/* Who is not named must not name themselves; the owner's account closed, somebody has to. */
static enum permit_reason
of_guard(enum act act, const struct guard *g)
{
    if (g->barred)
        return PERMIT_BARRED;
    if (!g->restricted || g->named || act == ACT_GLASS || (act == ACT_LEVEL && g->orphan))
        return PERMIT_YES;
    return g->glass && only_reads(act) ? PERMIT_YES : PERMIT_RESTRICTED;
}

/* Of a child: what this person is to it, and the child to the school. */
static enum err
of_child(struct job *j, enum act act, int64_t person, enum permit_reason *out)
{
    struct relation r;
    enum err e = relation_get(j, person, permit_school(j->who), &r);

    if (!e && act == ACT_LEVEL && r.guard.restricted && !r.guard.named)
        e = guard_get(j, person, &r.guard); /* is the owner's account closed? */
    if (e)
        return e;
    if (!r.on_roll)
        *out = PERMIT_SCHOOL;
    else if (j->who->account)
        *out = of_guard(act, &r.guard);
    return OK;
}

/* Where sealed children lie, their custodians alone go, and a bar keeps out even them. */
static enum err
of_sealed(struct job *j, enum act act, struct subject s, enum permit_reason *out)
{
    struct guard g = {0};
    bool keeps = false;
    enum err e = OK;

    if (s.person && permit_act(j->who, act) && permit_act(j->who, ACT_SEAL))
        e = custody_ask(j, s.person, &keeps);
    if (!e && keeps)
        e = guard_get(j, s.person, &g);
    *out = keeps && !g.barred ? PERMIT_YES : PERMIT_AREA;
    return e;
}

enum err
permit_ask(struct job *j, enum act act, struct subject s, enum permit_reason *out)
{
    int64_t school = permit_school(j->who);

    *out = PERMIT_YES;
    if (!j->who)
        return OK;
    if (j->area < 0 && j->area == custody_area(j->who->area))
        return of_sealed(j, act, s, out);
    if (j->area != j->who->area)
        *out = PERMIT_AREA;
    else if (!permit_act(j->who, act))
        *out = PERMIT_ROLE;
    else if (school && s.urn && s.urn != school)
        *out = PERMIT_SCHOOL;
    else if (s.person)
        return of_child(j, act, s.person, out);
    return OK;
}

static void
note(struct job *j, enum act act, struct subject s, bool refused)
{
    char text[120];
    int n = 0;

    /* figures about nobody in particular are not a look at anybody */
    if (!refused && !s.person && !s.urn && !s.what)
        return;
    text[0] = '\0';
    if (s.person)
        n += snprintf(text, sizeof text, "child %lld", (long long)s.person);
    if (s.urn)
        n += snprintf(text + n, sizeof text - (size_t)n, "%sschool %lld", n ? ", " : "",
                      (long long)s.urn);
    if (s.what)
        snprintf(text + n, sizeof text - (size_t)n, "%s%s", n ? ", " : "", s.what);
    audit_put(j, (struct note){.act = act, .person = s.person, .subject = text[0] ? text : NULL,
                               .outcome = refused ? NOTE_REFUSED : NOTE_ALLOWED});
}

enum err
permit(struct job *j, enum act act, struct subject s)
{
    enum permit_reason reason;
    enum err e = permit_ask(j, act, s, &reason);

    if (e || !j->who)
        return e;
    note(j, act, s, reason != PERMIT_YES);
    if (reason == PERMIT_YES)
        return OK;
    err_set(j, ERR_DENIED, "you may not see this, or it is not there");
    return err_hint(j, "Ask the person who runs the program for your council if you need it.");
}
