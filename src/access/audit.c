#include "access/audit.h"
#include "store/db.h"

enum { NOTES_MEMORY = 4 * JOB_MB, LOOK_BACK = 32, SUBJECT_MOST = 400, SHOWN_MOST = 200 };

void
audit_begin(struct job *j, const struct key *key, struct notes *n)
{
    *n = (struct notes){.key = key};
    n->last = &n->first;
    job_init(&n->memory, NOTES_MEMORY);
    j->notes = n;
}

void
audit_end(struct notes *n)
{
    job_end(&n->memory);
    n->first = NULL;
    n->last = &n->first;
}

/* ---- events --------------------------------------------------------------------------- */

static const struct { const char *name, *words; } events[] = {
#define EVENT(id, name, words) [id] = {name, words},
#include "access/events.def"
#undef EVENT
};

const char *
audit_event_name(enum audit_event e)
{
    return events[e].name;
}

const char *
audit_event_words(enum audit_event e)
{
    return events[e].words;
}

bool
audit_event_find(const char *name, enum audit_event *out)
{
    for (int e = 0; e < AUDIT_EVENTS; e++) {
        if (strcmp(events[e].name, name))
            continue;
        *out = (enum audit_event)e;
        return true;
    }
    return false;
}

/* What a transaction is begun for is a change. */
static enum audit_event
event_of(const struct job *j, const struct note *what)
{
    enum audit_event e = act_event(what->act, db_in_transaction(j));

    if (what->outcome == NOTE_REFUSED)
        return EVENT_DENIED;
    if (what->event)
        return what->event;
    /* what is listed of one child is opened; a subject that was named is somebody's */
    return e == EVENT_NONE || (e == EVENT_LISTED && what->person) ? EVENT_OPENED : e;
}

static bool
is_change(enum audit_event e)
{
    return e == EVENT_CHANGED || e == EVENT_SHARED || e == EVENT_GLASS || e == EVENT_PERMISSION ||
           e == EVENT_CONFIGURATION;
}

/* ---- notes ---------------------------------------------------------------------------- */

static bool
is_same(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* A page whose parts each ask permit() about the same child looked once. */
static bool
is_noted(const struct job *j, const struct note *new)
{
    const struct note *n = j->notes->first;

    if (!new->subject || new->detail)
        return false;
    for (int i = 0; n && i < LOOK_BACK; n = n->next, i++)
        if (n->act == new->act && n->event == new->event && n->outcome == new->outcome &&
            n->at == new->at && n->account == new->account && n->area == new->area &&
            is_same(n->subject, new->subject))
            return true;
    return false;
}

/* NULL stays NULL; without memory for it the notes are lost. */
static const char *
keep_text(struct notes *n, const char *s, size_t most)
{
    size_t length = s ? strnlen(s, most) : 0;
    char *copy = s ? job_try_alloc(&n->memory, length + 1) : NULL;

    if (copy)
        memcpy(copy, s, length);
    n->lost = n->lost || (s && !copy);
    return copy;
}

void
audit_put(struct job *j, struct note what)
{
    struct notes *n = j->notes;
    struct note *note;

    if (!n)
        return;
    what.at = j->now;
    what.area = j->area;
    what.account = j->who ? j->who->account : 0;
    what.role = what.account && j->who->role < ROLES ? role_name(j->who->role) : NULL;
    what.event = event_of(j, &what);
    if (is_noted(j, &what))
        return;
    note = job_try_alloc(&n->memory, sizeof *note);
    if (!note) {
        n->lost = true;
        return;
    }
    what.subject = keep_text(n, what.subject, SUBJECT_MOST);
    what.detail = keep_text(n, what.detail, SIZE_MAX);
    what.next = NULL;
    *note = what;
    *n->last = note;
    n->last = &note->next;
}

void
audit_note(struct job *j, enum act act, const char *subject, bool refused)
{
    audit_put(j, (struct note){.act = act, .subject = subject,
                               .outcome = refused ? NOTE_REFUSED : NOTE_ALLOWED});
}

void
audit_words(struct job *j, enum act act, const char *what, const char *words, bool refused)
{
    char hash[KEY_HASH], subject[KEY_HASH + 40];

    if (!j->notes)
        return;
    key_hash(j->notes->key, what, words, hash);
    snprintf(subject, sizeof subject, "%.30s %s", what, hash);
    audit_put(j, (struct note){.act = act, .event = EVENT_SEARCHED, .subject = subject,
                               .outcome = refused ? NOTE_REFUSED : NOTE_ALLOWED});
}

static bool
is_list(enum audit_event e)
{
    return e == EVENT_SEARCHED || e == EVENT_LISTED;
}

/* The last note of this act and kind in which there is nothing yet of what is to be added. */
static struct note *
open_note(struct job *j, enum act act, bool (*kind)(enum audit_event))
{
    struct note *found = NULL;

    for (struct note *n = j->notes->first; n; n = n->next)
        if (n->act == act && n->outcome == NOTE_ALLOWED && !n->detail && n->at == j->now &&
            kind(n->event))
            found = n;
    return found;
}

static void
add_detail(struct job *j, struct note *to, struct note what)
{
    if (to)
        to->detail = keep_text(j->notes, what.detail, SIZE_MAX);
    else
        audit_put(j, what);
}

static int64_t
person_at(const struct audit_list *l, size_t i)
{
    int64_t person;

    memcpy(&person, (const char *)l->person + i * l->stride, sizeof person);
    return person;
}

/* Several rows of a child, one after the other, are one. */
static size_t
list_words(const struct audit_list *l, char *text, size_t room)
{
    size_t length = (size_t)snprintf(text, room, "shown"), i = 0;

    for (size_t shown = 0; i < l->n && shown < SHOWN_MOST; i++) {
        int64_t person = person_at(l, i);
        if (!person || (i && person == person_at(l, i - 1)))
            continue;
        length += (size_t)snprintf(text + length, room - length, " %lld", (long long)person);
        shown++;
    }
    if (i < l->n)
        length += (size_t)snprintf(text + length, room - length, " and %zu more", l->n - i);
    return length + (size_t)snprintf(text + length, room - length, " of %lld",
                                     (long long)l->total);
}

void
audit_shown(struct job *j, enum act act, const struct audit_list *l)
{
    char text[24 * SHOWN_MOST + 100];

    if (!j->notes || !l->n)
        return;
    list_words(l, text, sizeof text);
    add_detail(j, open_note(j, act, is_list),
               (struct note){.act = act, .event = EVENT_LISTED, .detail = text});
}

/* Half of a keyed hash tells values apart; "-" is nothing. */
static const char *
hash_of(const struct job *j, const char *name, const char *value, char *out)
{
    if (!value)
        return "-";
    key_hash(j->notes->key, name, value, out);
    out[KEY_HASH / 2] = '\0';
    return out;
}

void
audit_fields(struct job *j, enum act act, const struct audit_field *v, size_t n)
{
    char text[2000], before[KEY_HASH], after[KEY_HASH];
    size_t length = 0;

    if (!j->notes || !n)
        return;
    for (size_t i = 0; i < n && length + 2 * KEY_HASH + 60 < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%.40s %s>%s",
                                   i ? ", " : "", v[i].name,
                                   hash_of(j, v[i].name, v[i].before, before),
                                   hash_of(j, v[i].name, v[i].after, after));
    add_detail(j, open_note(j, act, is_change),
               (struct note){.act = act, .event = act_event(act, true), .detail = text});
}

void
audit_ensure(struct job *j, enum act act, enum audit_event event, const char *subject)
{
    const struct note *n = j->notes ? j->notes->first : NULL;

    while (n && n->event != event && !(event == EVENT_LISTED && n->event == EVENT_SEARCHED))
        n = n->next;
    if (!n && event)
        audit_put(j, (struct note){.act = act, .event = event, .subject = subject});
}

void
audit_taken_back(struct job *j)
{
    for (struct note *n = j->notes ? j->notes->first : NULL; n; n = n->next)
        if (n->outcome == NOTE_ALLOWED && is_change(n->event))
            n->outcome = NOTE_TAKEN_BACK;
}
