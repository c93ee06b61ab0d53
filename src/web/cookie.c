#include "web/cookie.h"
#include "access/key.h"

static const char *
cookie_name(const struct site *s)
{
    return s->tls ? "__Host-rooted" : "rooted";
}

static bool
is_token(const char *s, size_t n)
{
    if (n != KEY_TOKEN - 1)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool letter = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z');
        if (!letter && !(s[i] >= '0' && s[i] <= '9') && s[i] != '-' && s[i] != '_')
            return false;
    }
    return true;
}

const char *
cookie_token(struct job *j, const struct site *s, const char *header)
{
    const char *name = cookie_name(s), *at = header;
    size_t n_name = strlen(name);

    while (at && *at) {
        size_t n = strcspn(at, ";");
        if (n > n_name && !strncmp(at, name, n_name) && at[n_name] == '=' &&
            is_token(at + n_name + 1, n - n_name - 1))
            return job_copy_n(j, at + n_name + 1, n - n_name - 1);
        at += n;
        at += strspn(at, "; ");
    }
    return NULL;
}

const char *
cookie_set(struct job *j, const struct site *s, const char *token)
{
    return job_format(j, "%s=%s; Path=/; HttpOnly; SameSite=%s%s%s", cookie_name(s), token,
                      s->tls ? "Lax" : "Strict", s->tls ? "; Secure" : "",
                      *token ? "" : "; Max-Age=0");
}
