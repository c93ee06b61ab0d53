#include "web/body.h"
#include "web/form.h"
#include "web/multipart.h"

struct body {
    struct job *j;
    enum body_state state;
    int64_t bytes, limit;
    struct multipart *multipart; /* NULL: a form in memory */
    char *text;
    size_t n, room;
};

static bool
type_is(const char *content_type, const char *type)
{
    size_t n = strlen(type);
    struct span s = span_of(content_type);

    if (s.n < n || !span_is_nocase((struct span){s.s, n}, type))
        return false;
    return s.n == n || strchr("; \t", s.s[n]);
}

enum body_kind
body_kind(const char *content_type)
{
    if (!content_type)
        return BODY_NONE;
    if (type_is(content_type, "application/x-www-form-urlencoded"))
        return BODY_FORM;
    if (type_is(content_type, "multipart/form-data"))
        return BODY_MULTIPART;
    return BODY_OTHER;
}

struct body *
body_open(struct job *j, const char *content_type, const char *folder, int64_t limit)
{
    struct body *b = job_alloc(j, sizeof *b);

    *b = (struct body){.j = j, .limit = limit};
    if (body_kind(content_type) != BODY_MULTIPART)
        return b;
    b->multipart = multipart_open(j, content_type, folder);
    if (!b->multipart)
        b->state = BODY_BROKEN;
    return b;
}

static void
add_text(struct body *b, const char *s, size_t n)
{
    if (b->n + n > b->room) {
        size_t room = 2 * (b->n + n);
        b->text = job_grow(b->j, b->text, b->n, room);
        b->room = room;
    }
    memcpy(b->text + b->n, s, n);
    b->n += n;
}

enum body_state
body_add(struct body *b, const char *s, size_t n)
{
    b->bytes += (int64_t)n;
    if (b->state == BODY_OK && b->bytes > b->limit)
        b->state = BODY_LARGE;
    if (b->state != BODY_OK)
        return b->state;
    if (b->multipart)
        b->state = multipart_add(b->multipart, s, n);
    else
        add_text(b, s, n);
    return b->state;
}

enum body_state
body_close(struct body *b, struct request *q)
{
    if (b->state != BODY_OK)
        return b->state;
    if (b->multipart)
        b->state = multipart_close(b->multipart, q);
    else if (!form_parse(b->j, (struct span){b->text, b->n}, &q->form, &q->n_form))
        b->state = BODY_BROKEN;
    return b->state;
}
