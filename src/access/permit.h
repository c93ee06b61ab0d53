/* access/permit.h - the only place that decides who may do what.
 *
 * An act is a row of acts.def: name, sentence, roles.  The page row asks for the act; the
 * domain function asks again with the subject.  Every answer about a child is audited,
 * and the entry is committed before a byte of the page leaves (audit.h). */
#pragma once
#include "access/actor.h"

enum act {
#define ACT(id, name, about, roles, read, change) id,
#include "access/acts.def"
#undef ACT
    ACTS
};
/* What an entry of the audit tells of; EVENT_NONE is not kept. */
enum audit_event {
#define EVENT(id, name, words) id,
#include "access/events.def"
#undef EVENT
    AUDIT_EVENTS
};

/* What the act is about.  A field that does not matter is 0. */
struct subject {
    int64_t person; /* person_id */
    int64_t urn;    /* the school whose fact or pupil it is */
    const char *what; /* for the audit: "batch 12"; search terms are hashed by audit.h */
};

/* Why not.  Pages show no difference between "not there" and "not yours", save that whoever
 * works for the whole area is told of a restricted record that it exists. */
enum permit_reason {
    PERMIT_YES,
    PERMIT_ROLE,       /* the role never does this */
    PERMIT_AREA,       /* another authority's */
    PERMIT_SCHOOL,     /* another school's */
    PERMIT_BARRED,     /* this person is kept from this child (guard.h) */
    PERMIT_RESTRICTED, /* the record is restricted, and this person is not named for it */
};

/* May this role ever?  For the page row, menus and the command line. */
bool permit_act(const struct actor *who, enum act act);
/* OK, or ERR_DENIED.  A school role is allowed a person only where that person has been
 * on roll of its school.  Notes the answer for the audit.  j->who NULL: the program. */
MUST_CHECK enum err permit(struct job *j, enum act act, struct subject s);
/* The same question, asked without a note and without an error. */
MUST_CHECK enum err permit_ask(struct job *j, enum act act, struct subject s,
                               enum permit_reason *out);
/* The set form: lists are restricted to this school in SQL; 0: the whole area. */
int64_t permit_school(const struct actor *who);
const char *act_name(enum act a);  /* "child", as the audit stores it */
const char *act_about(enum act a); /* "open a child's record" */
enum audit_event act_event(enum act a, bool changes); /* what it is to look, or to change, by it */
