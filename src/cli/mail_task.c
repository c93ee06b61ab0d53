#include "cli/mail_task.h"
#include "access/outbox.h"
#include "access/setting.h"
#include "base/log.h"
#include "store/db.h"
#include "work/post.h"

static enum err
carry(struct job *j, const struct mail *m, void *arg)
{
    const struct letter l = {.id = m->id, .to = m->to, .subject = m->subject, .text = m->text,
                             .at = m->at, .made = m->made};

    return post_carry(j, arg, &l);
}

static enum err
read_way(struct job *j, const char *home, struct post_way *way)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    if (e)
        return e;
    *way = (struct post_way){.server = setting_value(&all, SETTING_MAIL_SERVER),
                             .from = setting_value(&all, SETTING_MAIL_FROM),
                             .user = setting_value(&all, SETTING_MAIL_USER),
                             .password = getenv("ROOTED_MAIL_PASSWORD"),
                             .folder = job_format(j, "%s/mail", home)};
    if (!way->server && !way->from)
        way->from = "rooted@localhost";
    return OK;
}

enum err
mail_task(struct job *j, void *arg)
{
    const struct mail_task *t = arg;
    struct post_way way;
    struct key key;
    int sent = 0;
    enum err e = db_open(j, t->url, DB_WRITE, &j->db);

    if (!e)
        e = read_way(j, t->home, &way);
    if (!e)
        e = key_load(j, t->home, &key);
    if (!e)
        e = outbox_send(j, &key, carry, &way, &sent);
    if (sent)
        log_event(LOG_INFO, "mail", "sent=%d", sent);
    return e;
}
