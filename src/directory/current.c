#include "directory/current.h"

static const char sql_area[] = "SELECT MIN(area_id) FROM area WHERE area_id > 0";

enum err
directory_area(struct job *j, int64_t *out)
{
    enum err e = db_int(j, sql_area, NO_ARGS, 0, out);

    if (e || *out)
        return e;
    return err_set(j, ERR_NOT_FOUND, "there is no directory here yet");
}
