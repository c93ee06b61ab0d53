#include "directory/uuid.h"
#include <string.h>
#include <uuid/uuid.h>

const char uuid_rooted[UUID_TEXT] = "5d8ff9c4-3c0e-5b0e-9a3e-6f7b8f4d2c11";

bool
uuid_is(struct span s)
{
    if (s.n != UUID_TEXT - 1)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

bool
uuid_fold(struct span s, char out[UUID_TEXT])
{
    if (!uuid_is(s))
        return false;
    for (size_t i = 0; i < s.n; i++)
        out[i] = (char)(s.s[i] >= 'A' && s.s[i] <= 'F' ? s.s[i] + ('a' - 'A') : s.s[i]);
    out[s.n] = '\0';
    return true;
}

const char *
uuid_of_name(const char *space, struct span name, char out[UUID_TEXT])
{
    uuid_t from, made;

    uuid_clear(from);
    (void)!uuid_parse(space, from);
    uuid_generate_sha1(made, from, name.s ? name.s : "", name.n);
    uuid_unparse_lower(made, out);
    return out;
}

const char *
uuid_new(char out[UUID_TEXT])
{
    uuid_t made;

    uuid_generate_random(made);
    uuid_unparse_lower(made, out);
    return out;
}
