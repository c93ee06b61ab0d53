#include "access/kept_form.h"
#include "access/seal.h"
#include "store/db.h"

#define KEPT_FOR ((int64_t)24 * 3600 * 1000000)
#define PLACE(account) ((struct seal_place){"kept_form.form", 0, (account)})

static const char sql_save[] =
    "INSERT INTO kept_form (account_id, path, form, kept) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (account_id) DO UPDATE SET path = excluded.path, form = excluded.form, "
    "kept = excluded.kept";

enum err
kept_form_save(struct job *j, const struct key *k, int64_t account, const char *path,
               const char *form)
{
    const char *sealed;
    enum err e = seal_text(j, k, PLACE(account), form, &sealed);

    return e ? e : db_run(j, sql_save, ARGS(INT(account), TEXT(path), TEXT(sealed), INT(j->now)),
                          NULL);
}

static const char sql_get[] =
    "SELECT path, form FROM kept_form WHERE account_id = $1 AND kept > $2";

enum err
kept_form_get(struct job *j, const struct key *k, int64_t account, const char **path,
              const char **form)
{
    const char *sealed = NULL;
    struct rows q;
    enum err e;

    *path = *form = NULL;
    db_ask(j, &q, sql_get, ARGS(INT(account), INT(j->now - KEPT_FOR)));
    while (db_next(&q)) {
        *path = row_text(&q, 0);
        sealed = row_text(&q, 1);
    }
    e = db_done(&q);
    return e || !sealed ? e : seal_open(j, k, PLACE(account), sealed, form);
}

static const char sql_drop[] = "DELETE FROM kept_form WHERE account_id = $1";

enum err
kept_form_drop(struct job *j, int64_t account)
{
    return db_run(j, sql_drop, ARGS(INT(account)), NULL);
}

static const char sql_sweep[] = "DELETE FROM kept_form WHERE kept <= $1";

enum err
kept_form_sweep(struct job *j)
{
    return db_run(j, sql_sweep, ARGS(INT(j->now - KEPT_FOR)), NULL);
}
