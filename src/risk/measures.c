#include "risk/figures.h"

const struct measure_row measure_rows[MEASURES] = {
#define MEASURE(id, name, title, family, per, decimals, definition, sources) \
    [id] = {name, title, family, per, decimals, definition, sources},
#include "risk/measures.def"
#undef MEASURE
};

const struct dimension_row dimension_rows[DIMENSIONS] = {
#define DIMENSION(id, name, title, reference) [id] = {name, title, reference},
#include "risk/dimensions.def"
#undef DIMENSION
};

bool
measure_find(const char *name, enum measure *out)
{
    for (int m = 0; name && m < MEASURES; m++)
        if (!strcmp(measure_rows[m].name, name)) {
            *out = (enum measure)m;
            return true;
        }
    return false;
}

bool
dimension_find(const char *name, enum dimension *out)
{
    for (int d = 0; name && d < DIMENSIONS; d++)
        if (!strcmp(dimension_rows[d].name, name)) {
            *out = (enum dimension)d;
            return true;
        }
    return false;
}
