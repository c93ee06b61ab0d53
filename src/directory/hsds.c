#include "directory/hsds.h"
#include <string.h>

static const struct hsds_field fields[] = {
#define OBJECT(id, name, file, label)
#define FIELD(object, name, type, values, flags, label)                                        \
    {HSDS_##object, name, HSDS_##type, values, HSDS_OBJECTS, flags, label},
#define PART(object, name, type, of, flags, label)                                             \
    {HSDS_##object, name, HSDS_##type, NULL, HSDS_##of, flags, label},
#include "directory/hsds.def"
#undef OBJECT
#undef FIELD
#undef PART
};
enum { FIELDS = sizeof fields / sizeof *fields };

/* Where the fields of each object begin: counted by the compiler, a name a line of the table. */
#define PASTE(a, b) a##b
#define AT_LINE(line) PASTE(AT_, line)
enum {
#define OBJECT(id, name, file, label) FIRST_##id, BEFORE_##id = FIRST_##id - 1,
#define FIELD(object, name, type, values, flags, label) AT_LINE(__LINE__),
#define PART(object, name, type, of, flags, label) AT_LINE(__LINE__),
#include "directory/hsds.def"
#undef OBJECT
#undef FIELD
#undef PART
};
static const struct {
    const char *name, *file, *label;
    size_t first;
} objects[] = {
#define OBJECT(id, name, file, label) {name, file, label, FIRST_##id},
#define FIELD(object, name, type, values, flags, label)
#define PART(object, name, type, of, flags, label)
#include "directory/hsds.def"
#undef OBJECT
#undef FIELD
#undef PART
};

const struct hsds_field *
hsds_fields(enum hsds_object o, size_t *n)
{
    size_t end = o + 1 == HSDS_OBJECTS ? (size_t)FIELDS : objects[o + 1].first;

    *n = end - objects[o].first;
    return fields + objects[o].first;
}

const struct hsds_field *
hsds_find(enum hsds_object o, const char *name)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);

    for (size_t i = 0; i < n; i++)
        if (f[i].name[0] == name[0] && !strcmp(f[i].name, name))
            return f + i;
    return NULL;
}

const char *
hsds_name(enum hsds_object o)
{
    return objects[o].name;
}

const char *
hsds_file(enum hsds_object o)
{
    return objects[o].file;
}

const char *
hsds_label(enum hsds_object o)
{
    return objects[o].label;
}

bool
hsds_allows(const struct hsds_field *f, const char *value)
{
    size_t n = strlen(value);
    const char *at = f->values;

    if (!at)
        return true;
    while (*at) {
        size_t len = strcspn(at, "|");

        if (len == n && !memcmp(at, value, n))
            return true;
        at += len + (at[len] == '|');
    }
    return false;
}

const char *
hsds_value(struct job *j, const struct hsds_field *f, size_t *at)
{
    const char *from;
    size_t len;

    if (!f->values || !f->values[*at])
        return NULL;
    from = f->values + *at;
    len = strcspn(from, "|");
    *at += len + (from[len] == '|');
    return job_copy_n(j, from, len);
}
