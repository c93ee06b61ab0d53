#include "directory/repair_in.h"
#include "directory/uuid.h"
#include <string.h>

static const struct {
    const char *name, *words;
    int weight;
} rules[] = {
#define RULE(id, name, weight, words) {name, words, weight},
#include "directory/repair.def"
#undef RULE
};

const char *
repair_name(enum repair_rule r)
{
    return rules[r].name;
}

const char *
repair_words(enum repair_rule r)
{
    return rules[r].words;
}

int
repair_weight(enum repair_rule r)
{
    return rules[r].weight;
}

bool
repair_find(const char *name, enum repair_rule *out)
{
    for (size_t i = 0; i < REPAIR_RULES; i++)
        if (!strcmp(rules[i].name, name)) {
            *out = (enum repair_rule)i;
            return true;
        }
    return false;
}

/* ---- notes ------------------------------------------------------------------------------- */

static const char *
path_of(struct job *j, const struct place *at)
{
    const char *up = at && at->up ? path_of(j, at->up) : "";

    if (!at)
        return "";
    if (!at->name)
        return job_format(j, "%s[%lld]", up, (long long)at->at);
    return job_format(j, "%s%s%s", up, *up ? "." : "", at->name);
}

static const char *
cut(struct job *j, const char *s)
{
    size_t n = s ? strlen(s) : 0;

    if (n <= REPAIR_WAS)
        return job_copy(j, s);
    for (n = REPAIR_WAS; n && ((unsigned char)s[n] & 0xc0) == 0x80;)
        n--;
    return job_format(j, "%.*s…", (int)n, s);
}

void
mend_note(struct mend *m, enum repair_rule rule, const struct place *at, const char *was)
{
    struct repaired *out = m->out;

    for (size_t i = 0; !rules[rule].weight && i < out->n; i++)
        if (out->note[i].rule == rule) {
            out->note[i].count++;
            return;
        }
    if (out->n == REPAIR_NOTES) {
        out->more++;
        return;
    }
    if (out->n % 16 == 0)
        out->note = job_grow(m->j, out->note, out->n * sizeof *out->note,
                             (out->n + 16) * sizeof *out->note);
    out->note[out->n++] = (struct repair_note){
        rule, 1, path_of(m->j, at), rules[rule].weight ? cut(m->j, was) : NULL};
}

const char *
mend_was(struct mend *m, const json_t *v)
{
    struct span s;

    if (!json_is_object(v) && !json_is_array(v))
        return document_words(m->j, v);
    s = document_text(m->j, v);
    return job_copy_n(m->j, s.s, s.n);
}

const char *
repair_report(struct job *j, const struct repaired *r)
{
    json_t *all = r->n ? document_own(j, json_array()) : NULL;
    struct span s;

    for (size_t i = 0; i < r->n; i++) {
        const struct repair_note *n = &r->note[i];
        json_t *one = json_pack("{s:s, s:s}", "rule", rules[n->rule].name, "path", n->path);

        if (n->count > 1)
            json_object_set_new(one, "n", json_integer(n->count));
        if (n->was)
            json_object_set_new(one, "was", json_string(n->was));
        json_array_append_new(all, one);
    }
    if (!all)
        return NULL;
    if (r->more)
        json_array_append_new(all, json_pack("{s:I}", "more", (json_int_t)r->more));
    s = document_text(j, all);
    return job_copy_n(j, s.s, s.n);
}

/* ---- one object -------------------------------------------------------------------------- */

static bool mend_part(struct mend *m, const struct place *at, enum hsds_object o, json_t *v);

/* An id that says what it is of: nothing is lost where that stands beside it. */
static void
drop_link(struct mend *m, const struct place *at, const struct hsds_field *f, json_t *v)
{
    size_t n = strlen(f->name) - 3;
    const json_t *was = json_object_get(v, f->name);
    const struct hsds_field *part =
        strcmp(f->name + n, "_id") ? NULL : hsds_find(f->object, job_copy_n(m->j, f->name, n));

    if (part && part->type == HSDS_ONE && !json_object_get(v, part->name) &&
        json_is_string(was) && json_string_length(was))
        mend_note(m, REPAIR_PART, at, json_string_value(was));
    json_object_del(v, f->name);
}

/* Two of a list with one id: the same thing told twice. */
static bool
stands_before(const json_t *list, size_t i)
{
    const char *id = document_string(json_array_get(list, i), "id");

    for (size_t k = 0; id && k < i; k++) {
        const char *other = document_string(json_array_get(list, k), "id");

        if (other && !strcmp(other, id))
            return true;
    }
    return false;
}

static void
mend_list(struct mend *m, const struct place *at, const struct hsds_field *f, json_t *list)
{
    if (json_array_size(list) > PARTS_MOST) {
        mend_note(m, REPAIR_MANY, at, NULL);
        while (json_array_size(list) > PARTS_MOST)
            json_array_remove(list, json_array_size(list) - 1);
    }
    for (size_t i = 0; i < json_array_size(list);) {
        struct place here = {at, NULL, (int64_t)i};
        json_t *in = json_array_get(list, i);
        bool stands = mend_part(m, &here, f->of, in);

        if (stands && stands_before(list, i)) {
            mend_note(m, REPAIR_TWICE, &here, NULL);
            stands = false;
        }
        if (stands)
            i++;
        else
            json_array_remove(list, i);
    }
}

static void
mend_member(struct mend *m, const struct place *at, const struct hsds_field *f, json_t *v)
{
    json_t *in = json_object_get(v, f->name), *now;

    if (f->type == HSDS_MANY && json_is_object(in)) {
        mend_note(m, REPAIR_LISTED, at, NULL);
        now = json_array();
        json_array_append(now, in);
        json_object_set_new(v, f->name, now);
        in = now;
    }
    if (f->type == HSDS_ONE ? !mend_part(m, at, f->of, in) : false)
        json_object_del(v, f->name);
    if (f->type == HSDS_ONE)
        return;
    if (f->type == HSDS_MANY && json_is_array(in)) {
        mend_list(m, at, f, in);
        if (!json_array_size(in))
            json_object_del(v, f->name);
    } else if (f->type == HSDS_MANY) {
        mend_note(m, json_is_null(in) || (json_is_string(in) && !json_string_length(in))
                         ? REPAIR_EMPTY : REPAIR_TYPE, at, mend_was(m, in));
        json_object_del(v, f->name);
    } else if ((now = mend_value(m, at, f, in)) != in) {
        if (now)
            json_object_set_new(v, f->name, now);
        else
            json_object_del(v, f->name);
    } else {
        json_decref(now);
    }
}

static bool
empty(const json_t *v)
{
    return json_is_null(v) || (json_is_string(v) && !json_string_length(v)) ||
           (json_is_array(v) && !json_array_size(v)) ||
           (json_is_object(v) && !json_object_size(v));
}

static void
mend_members(struct mend *m, const struct place *at, enum hsds_object o, json_t *v)
{
    const char *name;
    json_t *in;
    void *next;

    json_object_foreach_safe(v, next, name, in) {
        const struct hsds_field *f = hsds_find(o, name);
        struct place here = {at, f ? f->name : job_copy(m->j, name), -1};

        if (!f) {
            mend_note(m, empty(in) ? REPAIR_EMPTY : REPAIR_UNKNOWN, &here, mend_was(m, in));
            json_object_del(v, name);
        } else if (f->flags & HSDS_LINK) {
            drop_link(m, &here, f, v);
        } else {
            mend_member(m, &here, f, v);
        }
    }
}

/* The same record has the same parts at the same places, so their ids stay. */
static void
give_id(struct mend *m, const struct place *at, enum hsds_object o, json_t *v)
{
    char uuid[UUID_TEXT];
    const char *of = document_string(m->out->doc, "id"), *name = document_string(v, "name");
    bool shared = o == HSDS_ORGANIZATION || o == HSDS_TAXONOMY_TERM; /* many services have it */

    if (!hsds_find(o, "id") || json_object_get(v, "id") || !at)
        return;
    mend_note(m, REPAIR_NO_ID, at, NULL);
    name = shared && name ? job_format(m->j, "%s/%s", hsds_name(o), name)
                          : job_format(m->j, "%s/%s", of ? of : "", path_of(m->j, at));
    uuid_of_name(m->r->space, span_of(name), uuid);
    json_object_set_new(v, "id", json_string(uuid));
}

/* Nothing but an id: it tells nothing. */
static bool
says_nothing(enum hsds_object o, const json_t *v)
{
    return !json_object_size(v) ||
           (hsds_find(o, "id") && json_object_size(v) == 1 && json_object_get(v, "id"));
}

static bool
lacks_required(enum hsds_object o, const json_t *v)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);

    for (size_t i = 0; i < n; i++)
        if (f[i].flags & HSDS_REQUIRED && !json_object_get(v, f[i].name))
            return true;
    return false;
}

static bool
mend_part(struct mend *m, const struct place *at, enum hsds_object o, json_t *v)
{
    if (empty(v)) {
        mend_note(m, REPAIR_EMPTY, at, NULL);
        return false;
    }
    if (!json_is_object(v)) {
        mend_note(m, REPAIR_TYPE, at, mend_was(m, v));
        return false;
    }
    mend_members(m, at, o, v);
    give_id(m, at, o, v);
    if (says_nothing(o, v)) {
        mend_note(m, REPAIR_EMPTY, at, NULL);
        return false;
    }
    /* what was left out last may have been all that it told */
    if (mend_object(m, at, o, v) && !lacks_required(o, v) && !says_nothing(o, v))
        return true;
    if (o != HSDS_PHONE && o != HSDS_SERVICE)
        mend_note(m, REPAIR_PART, at, mend_was(m, v));
    return false;
}

/* ---- one record -------------------------------------------------------------------------- */

/* By what it goes in its source: its id, else its name and whose it is. */
static const char *
key_of(struct mend *m, const json_t *v)
{
    const json_t *id = json_object_get(v, "id");
    const char *name = document_string(v, "name"), *s;
    const char *whose = document_string(v, "organization.name");

    s = json_is_string(id) || json_is_integer(id) ? document_words(m->j, id) : "";
    if (span_trim(span_of(s)).n) {
        struct span t = span_trim(span_of(s));

        return job_copy_n(m->j, t.s, t.n < 200 ? t.n : 200);
    }
    if (!name || !span_trim(span_of(name)).n)
        return NULL;
    mend_note(m, REPAIR_NO_ID, NULL, NULL);
    return job_format(m->j, "%.150s / %.150s", name, whose ? whose : "");
}

static void
set_id(struct mend *m, json_t *v)
{
    char uuid[UUID_TEXT];

    if (!uuid_fold(span_of(m->out->key), uuid)) {
        mend_note(m, REPAIR_UUID, &(struct place){NULL, "id", -1}, m->out->key);
        uuid_of_name(m->r->space, span_of(job_format(m->j, "service/%s", m->out->key)), uuid);
    }
    json_object_set_new(v, "id", json_string(uuid));
}

void
repair_record(struct job *j, const struct repair *r, json_t *v, struct repaired *out)
{
    struct mend m = {j, r, out};

    *out = (struct repaired){.doc = v};
    out->key = key_of(&m, v);
    if (!out->key) {
        out->refused = "It has neither an id nor a name.";
    } else {
        set_id(&m, v);
        if (!mend_part(&m, NULL, HSDS_SERVICE, v))
            out->refused = "It has no name that can be read.";
        out->name = job_copy(j, document_string(v, "name"));
    }
    if (out->refused)
        out->doc = NULL;
    else
        out->filled = repair_filled(v);
}
