#include "intake/family.h"

const struct family families[] = {
#define FAMILY(name, title, whole_folder, root, functions)                     \
    {name, title, whole_folder, root, functions##_begin, functions##_record, functions##_end},
#define RECORDS(name, title, function) {name, title, false, NULL, NULL, function##_record, NULL},
#include "intake/families.def"
#undef FAMILY
#undef RECORDS
};
const size_t n_families = sizeof families / sizeof *families;

const struct family *
family_find(const char *name)
{
    for (size_t i = 0; i < n_families; i++)
        if (!strcmp(families[i].name, name))
            return &families[i];
    return NULL;
}

struct arg
value_text(const struct value *v)
{
    return v->given && v->n ? TEXT_N(v->s, v->n) : NUL;
}

struct arg
value_int(const struct value *v)
{
    return v->given ? INT(v->i) : NUL;
}

struct arg
value_end(const struct value *v)
{
    return v->given ? INT(v->i + 1) : NUL;
}

int32_t
value_date(const struct value *v)
{
    return v->given ? (int32_t)v->i : DATE_NONE;
}

struct span
value_span(const struct value *v)
{
    return v->given ? (struct span){v->s, v->n} : (struct span){"", 0};
}
