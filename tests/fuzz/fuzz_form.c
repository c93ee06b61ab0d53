/* Addresses, forms, cookies and multipart bodies, whatever comes: what is taken is text
 * without zero bytes, and a body is the same in pieces of any size. */
#include "fuzz/fuzz.h"
#include "web/body.h"
#include "web/cookie.h"
#include "web/form.h"
#include "web/route.h"

static void
check_pairs(const struct pair *v, size_t n)
{
    size_t bad_at;

    fuzz_check(n <= FORM_FIELDS);
    for (size_t i = 0; i < n; i++) {
        fuzz_check(text_is_utf8(v[i].name, strlen(v[i].name), &bad_at));
        fuzz_check(text_is_utf8(v[i].value, strlen(v[i].value), &bad_at));
    }
}

static void
try_target(struct job *j, const char *text)
{
    struct target t;
    struct route r;

    if (!route_parse(j, text, &t))
        return;
    fuzz_check(t.path[0] == '/' && t.path[1] != '/' && !strchr(t.path, '\\'));
    fuzz_check(!strstr(t.path, "/../") && !strstr(t.path, "//"));
    check_pairs(t.query, t.n_query);
    route_find(j, "GET", t.path, &r);
    fuzz_check(!r.page || r.page->method == GET);
}

static enum body_state
take(struct job *j, struct span s, size_t piece, struct request *q)
{
    struct body *b = body_open(j, "multipart/form-data; boundary=b", "/nonexistent/x", 1 << 20);

    while (s.n) {
        size_t n = s.n < piece ? s.n : piece;
        body_add(b, s.s, n);
        s.s += n;
        s.n -= n;
    }
    return body_close(b, q);
}

/* Files have nowhere to go here, so a body with one is refused, in one piece or many. */
static void
try_multipart(struct job *j, struct span s)
{
    struct request whole = {0}, pieces = {0};
    enum body_state a = take(j, s, SIZE_MAX, &whole), b;
    struct scope scope = job_scope_begin(j);

    b = take(j, s, s.n ? 1 + (unsigned char)s.s[0] % 7 : 1, &pieces);
    fuzz_check(a == b);
    fuzz_check(whole.n_form == pieces.n_form);
    for (size_t i = 0; i < whole.n_form; i++) {
        fuzz_check(!strcmp(whole.form[i].name, pieces.form[i].name));
        fuzz_check(!strcmp(whole.form[i].value, pieces.form[i].value));
    }
    check_pairs(whole.form, whole.n_form);
    job_scope_end(j, scope);
}

static enum err
read_form(struct job *j, void *arg)
{
    struct span s = *(const struct span *)arg;
    const struct site plain = {.tls = false};
    const char *text = job_copy_n(j, s.s, s.n), *token;
    const struct pair *v;
    size_t n;

    if (form_parse(j, s, &v, &n))
        check_pairs(v, n);
    try_target(j, text);
    try_multipart(j, s);
    token = cookie_token(j, &plain, text);
    fuzz_check(!token || strlen(token) == 43);
    return OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(read_form, data, size);
}
