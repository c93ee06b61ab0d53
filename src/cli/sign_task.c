#include "cli/sign_task.h"
#include "base/text.h"
#include "risk/sign_packs.h"
#include "risk/sign_run.h"
#include "risk/sign_test.h"
#include <jansson.h>

enum err
sign_task(struct job *j, struct task *t, void *home)
{
    struct sign_run_made made;
    enum err e = signs_refresh(j, home, false, &made);

    if (!e)
        task_say(j, t, "The list of children is made again with the signs in force.");
    return e;
}

/* 0: the one in force. */
static int64_t
pack_of(const struct task *t)
{
    json_t *input = json_loads(t->input ? t->input : "{}", 0, NULL);
    int64_t id = json_integer_value(json_object_get(input, "pack"));

    json_decref(input);
    return id;
}

enum err
sign_test_task(struct job *j, struct task *t, void *home)
{
    struct sign_test_order o = {.home = home, .pack_id = pack_of(t)};
    struct sign_pack pack;
    struct sign_test test;
    char looked[TEXT_NUMBER];
    enum err e = o.pack_id ? sign_pack_load(j, o.pack_id, &pack)
                           : sign_pack_in_force(j, &pack, &o.pack_id);

    o.pack = &pack;
    if (!e)
        e = sign_test_make(j, &o, &test);
    if (!e)
        task_say(j, t, "The signs were tested on %lld Sundays, %s children and school years.",
                 (long long)test.dates, text_count(test.looked, looked));
    return e;
}
