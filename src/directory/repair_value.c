#include "directory/repair_in.h"
#include "directory/uuid.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A text that was repaired, or the value itself where nothing changed. */
static json_t *
text_or_same(json_t *v, const char *s)
{
    if (!s)
        return NULL;
    if (json_is_string(v) && !strcmp(json_string_value(v), s))
        return json_incref(v);
    return json_string(s);
}

/* A text of its own form: what stands there is kept for the note when it has to go. */
static json_t *
formed(struct mend *m, const struct place *at, const char *s, const char *form, int rules[2])
{
    if (form && strcmp(form, s))
        mend_note(m, (enum repair_rule)rules[0], at, s);
    if (!form)
        mend_note(m, (enum repair_rule)rules[1], at, s);
    return form ? json_string(form) : NULL;
}

static json_t *
uuid_value(struct mend *m, const struct place *at, const struct hsds_field *f, const char *s)
{
    char uuid[UUID_TEXT];
    const char *of = hsds_name(f->object);
    size_t n = strlen(f->name);

    if (uuid_fold(span_of(s), uuid))
        return json_string(uuid);
    /* "parent_organization_id" names an organisation: the same id as that has. */
    if (n > 3 && !strcmp(f->name + n - 3, "_id"))
        of = !strncmp(f->name, "parent_organization", 19) ? "organization"
             : !strncmp(f->name, "parent", 6)             ? of
                                                          : job_copy_n(m->j, f->name, n - 3);
    mend_note(m, REPAIR_UUID, at, s);
    return json_string(
        uuid_of_name(m->r->space, span_of(job_format(m->j, "%s/%s", of, s)), uuid));
}

static json_t *
text_value(struct mend *m, const struct place *at, const struct hsds_field *f, const char *given)
{
    const char *s = mend_text(m, at, given, f->type == HSDS_LONG);

    if (!s) {
        mend_note(m, REPAIR_EMPTY, at, NULL);
        return NULL;
    }
    switch (f->type) {
    case HSDS_UUID: return uuid_value(m, at, f, s);
    case HSDS_URI:
        return formed(m, at, s, form_uri(m->j, s), (int[]){REPAIR_URL, REPAIR_NOT_URL});
    case HSDS_EMAIL:
        return formed(m, at, s, form_email(m->j, s), (int[]){REPAIR_EMAIL, REPAIR_NOT_EMAIL});
    case HSDS_DATE:
        return formed(m, at, s, form_date(m->j, s), (int[]){REPAIR_DATE, REPAIR_NOT_DATE});
    case HSDS_TIME:
        return formed(m, at, s, form_time(m->j, s), (int[]){REPAIR_TIME, REPAIR_NOT_TIME});
    case HSDS_MOMENT:
        return document_form(f, s) ? formed(m, at, s, form_moment(m->j, s),
                                            (int[]){REPAIR_DATE, REPAIR_NOT_DATE})
                                   : json_string(s);
    case HSDS_CHOICE:
        return formed(m, at, s, form_choice(m->j, f, s), (int[]){REPAIR_CHOICE, REPAIR_NOT_CHOICE});
    default: return json_string(s);
    }
}

static json_t *
wrong_type(struct mend *m, const struct place *at, const json_t *v)
{
    mend_note(m, REPAIR_TYPE, at, mend_was(m, v));
    return NULL;
}

/* "12", "12.50", "£12.50", "1,200". */
static bool
number_of(const char *s, double *out)
{
    char plain[32];
    size_t n = 0;
    char *end;

    if (!strncmp(s, "£", strlen("£")))
        s += strlen("£");
    for (; *s && n < sizeof plain - 1; s++)
        if (*s != ',' && *s != ' ')
            plain[n++] = *s;
    plain[n] = '\0';
    if (*s || !n || strspn(plain, "+-.0123456789eE") != n)
        return false;
    *out = strtod(plain, &end);
    return !*end && isfinite(*out);
}

static json_t *
number_json(double d)
{
    return d == floor(d) && fabs(d) < 1e15 ? json_integer((json_int_t)d) : json_real(d);
}

static json_t *
number_value(struct mend *m, const struct place *at, const struct hsds_field *f, json_t *v)
{
    double d;

    if (json_is_number(v)) {
        d = json_number_value(v);
        if (json_is_integer(v) || (f->type == HSDS_NUMBER && isfinite(d)))
            return d == floor(d) ? number_json(d) : json_incref(v);
    } else if (!json_is_string(v)) {
        return wrong_type(m, at, v);
    } else if (!json_string_length(v)) {
        mend_note(m, REPAIR_EMPTY, at, NULL);
        return NULL;
    } else if (!number_of(json_string_value(v), &d)) {
        mend_note(m, REPAIR_NOT_NUMBER, at, json_string_value(v));
        return NULL;
    } else {
        mend_note(m, REPAIR_NUMBER, at, NULL);
    }
    if (f->type == HSDS_WHOLE && d != floor(d)) {
        mend_note(m, REPAIR_NOT_NUMBER, at, mend_was(m, v));
        return NULL;
    }
    return number_json(d);
}

static json_t *
yes_value(struct mend *m, const struct place *at, json_t *v)
{
    const char *s = json_is_integer(v) ? json_integer_value(v) ? "1" : "0" : json_string_value(v);
    bool yes;

    if (json_is_boolean(v))
        return json_incref(v);
    if (!s)
        return wrong_type(m, at, v);
    if (!*s) {
        mend_note(m, REPAIR_EMPTY, at, NULL);
        return NULL;
    }
    if (!text_to_bool(s, strlen(s), &yes)) {
        mend_note(m, REPAIR_NOT_CHOICE, at, s);
        return NULL;
    }
    mend_note(m, REPAIR_YES, at, NULL);
    return json_boolean(yes);
}

static bool
has_word(const json_t *list, const char *s)
{
    const json_t *v;
    size_t i;

    json_array_foreach(list, i, v)
        if (!strcmp(json_string_value(v), s))
            return true;
    return false;
}

static void
add_word(struct mend *m, const struct place *at, const struct hsds_field *f, const char *given,
         json_t *out)
{
    const char *s = mend_text(m, at, given, false);
    const char *is = s && f->values ? form_choice(m->j, f, s) : s;

    if (s && !is)
        mend_note(m, REPAIR_NOT_CHOICE, at, s);
    else if (s && strcmp(s, is))
        mend_note(m, REPAIR_CHOICE, at, s);
    if (is && !has_word(out, is))
        json_array_append_new(out, json_string(is));
}

/* A list of texts; also one text with commas or bars between. */
static json_t *
words_value(struct mend *m, const struct place *at, const struct hsds_field *f, json_t *v)
{
    json_t *out = json_array(), *w;
    const char *s = json_string_value(v);
    size_t i;

    if (!s && !json_is_array(v)) {
        json_decref(out);
        return wrong_type(m, at, v);
    }
    for (; s && *s; s += strcspn(s, ",;|"), s += *s != '\0')
        add_word(m, at, f, job_copy_n(m->j, s, strcspn(s, ",;|")), out);
    json_array_foreach(v, i, w)
        if (json_is_string(w))
            add_word(m, at, f, json_string_value(w), out);
        else
            mend_note(m, REPAIR_TYPE, at, mend_was(m, w));
    if (json_array_size(out))
        return out;
    json_decref(out);
    return NULL;
}

json_t *
mend_value(struct mend *m, const struct place *at, const struct hsds_field *f, json_t *v)
{
    json_t *out;

    if (json_is_null(v)) {
        mend_note(m, REPAIR_EMPTY, at, NULL);
        return NULL;
    }
    if (f->type == HSDS_NUMBER || f->type == HSDS_WHOLE)
        return number_value(m, at, f, v);
    if (f->type == HSDS_YES)
        return yes_value(m, at, v);
    if (f->type == HSDS_WORDS)
        return words_value(m, at, f, v);
    if (json_is_number(v) || json_is_boolean(v)) {
        mend_note(m, REPAIR_TEXT, at, NULL);
        return text_value(m, at, f, document_words(m->j, v));
    }
    if (!json_is_string(v))
        return wrong_type(m, at, v);
    out = text_value(m, at, f, json_string_value(v));
    if (out && json_equal(out, v)) {
        json_decref(out);
        return text_or_same(v, json_string_value(v));
    }
    return out;
}
