#include "web/server_private.h"
#include "web/session/sign_in.h"

/* Hashing takes 64 MB: one at a time.  Places in the queue, and of them to one client that is
 * known to stand behind the proxy. */
enum { MOST_OF_ONE = 4 };

static int
count_of(const struct server *s, const char *address)
{
    int n = 0;

    for (int i = 0; i < HASHES_MOST; i++)
        n += s->hashing_for[i].taken && !strcmp(s->hashing_for[i].address, address);
    return n;
}

/* -1: no place. */
static int
take_place(struct server *s, const char *address)
{
    bool one_of_many = s->o.socket && *address;
    int place = -1;

    pthread_mutex_lock(&s->lock);
    if (!one_of_many || count_of(s, address) < MOST_OF_ONE)
        for (int i = 0; i < HASHES_MOST && place < 0; i++)
            if (!s->hashing_for[i].taken)
                place = i;
    if (place >= 0) {
        s->hashing_for[place].taken = true;
        snprintf(s->hashing_for[place].address, ADDRESS_TEXT, "%s", address);
    }
    pthread_mutex_unlock(&s->lock);
    return place;
}

enum err
sign_in_turn(struct job *j, const struct request *q, struct sign_in *in)
{
    struct server *s = q->server;
    int place = take_place(s, q->address ? q->address : "");

    if (place < 0) {
        err_set(j, ERR_BUSY, "Too many people are signing in at this moment");
        return err_hint(j, "Nothing is wrong with what you typed. Wait ten seconds and try again.");
    }
    pthread_mutex_lock(&s->hashing);
    sign_in_hash(in);
    pthread_mutex_unlock(&s->hashing);
    pthread_mutex_lock(&s->lock);
    s->hashing_for[place].taken = false;
    pthread_mutex_unlock(&s->lock);
    return OK;
}
