#include "report/out.h"

static void
drop(void *arg)
{
    struct out *o = arg;

    if (o->f)
        fclose(o->f);
    free(o->bytes);
    *o = (struct out){0};
}

enum err
out_open(struct job *j, struct out **o)
{
    struct cleanup *end = job_on_end(j, drop);

    *o = job_alloc(j, sizeof **o);
    end->arg = *o;
    (*o)->f = open_memstream(&(*o)->bytes, &(*o)->n);
    return (*o)->f ? OK : err_set(j, ERR_BUSY, "there is not enough memory to write this report");
}

enum err
out_close(struct job *j, struct out *o, struct span *bytes)
{
    bool bad = ferror(o->f) != 0;

    bad = fclose(o->f) != 0 || bad;
    o->f = NULL;
    if (bad)
        return err_set(j, ERR_BUSY, "there is not enough memory to write this report");
    *bytes = (struct span){job_copy_n(j, o->bytes, o->n), o->n};
    drop(o);
    return OK;
}
