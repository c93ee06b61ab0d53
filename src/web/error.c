#include "web/error.h"

static const struct error_page errors[] = {
#define STATUS(code, heading, message, hint) {code, heading, message, hint},
#include "web/errors.def"
#undef STATUS
};

struct error_page
error_of_status(int status)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].status == status)
            return errors[i];
    return error_of_status(500);
}

static int
status_of(enum err kind)
{
    switch (kind) {
    case ERR_NOT_FOUND:
    case ERR_DENIED:
        return 404;
    case ERR_INPUT:
        return 422;
    case ERR_USAGE:
        return 400;
    case ERR_CONFLICT:
        return 409;
    case ERR_BUSY:
    case ERR_ENV:
        return 503;
    case OK:
    case ERR_FAULT:
        break;
    }
    return 500;
}

struct error_page
error_of_job(const struct job *j)
{
    struct error_page p = error_of_status(status_of(j->err.kind));

    /* of a machine's troubles only the log tells more */
    if (p.status != 422 && p.status != 409)
        return p;
    p.message = j->err.message;
    if (j->err.hint[0])
        p.hint = j->err.hint;
    return p;
}
