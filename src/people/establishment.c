#include "people/establishment.h"

static const char sql_by_number[] =
    "SELECT urn FROM establishment WHERE la = $1 AND estab = $2 ORDER BY "
    "CASE WHEN coalesce(opened, $3) <= $3 AND coalesce(closed, $3 + 1) > $3 THEN 0 "
    "WHEN coalesce(opened, $3) <= $3 THEN 1 ELSE 2 END, "
    "CASE WHEN coalesce(opened, $3) <= $3 THEN -coalesce(opened, 0) ELSE opened END, urn DESC "
    "LIMIT 1";

enum err
establishment_by_number(struct job *j, int64_t la, int64_t estab, int32_t day, int64_t *urn)
{
    return db_int(j, sql_by_number,
                  ARGS(INT(la), INT(estab), INT(day == DATE_NONE ? j->today : day)), 0, urn);
}

static const char sql_edition[] = "SELECT edition FROM edition WHERE name = 'gias' AND $1 = 0";

enum err
establishment_edition(struct job *j, int64_t *out)
{
    return db_int_once(j, sql_edition, 0, out);
}

static const struct establishment_type types[] = {
#define TYPE(code, kind, state_funded, name) {code, ESTABLISHMENT_##kind, state_funded, name},
#include "people/school_types.def"
#undef TYPE
};

const struct establishment_type *
establishment_type(int64_t code)
{
    static const struct establishment_type unknown = {0, ESTABLISHMENT_MAINSTREAM, true, ""};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].code == code)
            return &types[i];
    return &unknown;
}

const char *
establishment_phase(int64_t type_code, int64_t phase_code)
{
    static const char *const phases[] = {"other",  "nursery", "primary", "middle",
                                         "secondary", "middle", "16 plus", "all-through"};

    switch (establishment_type(type_code)->kind) {
    case ESTABLISHMENT_AP:
        return "ap";
    case ESTABLISHMENT_SPECIAL:
        return "special";
    case ESTABLISHMENT_MAINSTREAM:
        break;
    }
    if (phase_code < 0 || phase_code >= (int64_t)(sizeof phases / sizeof *phases))
        return "other";
    return phases[phase_code];
}
