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

/* GIAS TypeOfEstablishment (formats.md §6): pupil referral units, AP academies, AP free
 * schools; special schools of every kind. */
static bool
is_in(int64_t code, const uint8_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == code)
            return true;
    return false;
}

const char *
establishment_phase(int64_t type_code, int64_t phase_code)
{
    static const uint8_t special[] = {7, 8, 10, 12, 33, 36, 44}, ap[] = {14, 38, 42, 43};
    static const char *const phases[] = {"other",  "nursery", "primary", "middle",
                                         "secondary", "middle", "16 plus", "all-through"};

    if (is_in(type_code, ap, sizeof ap))
        return "ap";
    if (is_in(type_code, special, sizeof special))
        return "special";
    if (phase_code < 0 || phase_code >= (int64_t)(sizeof phases / sizeof *phases))
        return "other";
    return phases[phase_code];
}
