#include "directory/ages.h"

static const struct age_row rows[] = {
#define AGE(id, label, from, to, spoken) {id, label, (from) * 12, (to) * 12, spoken},
#include "directory/ages.def"
#undef AGE
};

enum { OLDEST = 25 };

const struct age_row *
ages_list(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}

const struct age_row *
ages_find(const char *id)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
    return NULL;
}

bool
ages_read(const char *s, int32_t *from, int32_t *to)
{
    const struct age_row *row = ages_find(s);
    int64_t age = 0;

    if (row) {
        *from = row->from;
        *to = row->to;
        return true;
    }
    if (!text_to_int(s, strlen(s), &age) || age < 0 || age > OLDEST)
        return false;
    *from = (int32_t)age * 12;
    *to = *from + 12;
    return true;
}
