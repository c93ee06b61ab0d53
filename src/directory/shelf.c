#include "directory/shelf.h"
#include "directory/indexed.h"
#include <pthread.h>
#include <sys/stat.h>

/* An index that is open.  It lies in memory of its own, which goes when nobody reads it and
 * there is a newer one. */
struct book {
    struct book *next;
    struct job mem;
    struct search_index *x;
    int64_t area;
    dev_t dev;
    ino_t ino;
    struct timespec written;
    int readers;
    bool old;
};
enum { BOOK_MEMORY = 16 * JOB_MB, MAKING_MEMORY = 1024 * JOB_MB };

/* A search that found little, not written yet. */
struct little {
    int64_t area, times;
    int32_t day;
    uint32_t found;
    char words[SEARCHED_WORDS + 1], outward[8];
};
enum { LITTLES = 512 }; /* between two writings; more are not counted */

struct shelf {
    const char *home;
    pthread_mutex_t lock; /* of books, and of making one where there is none */
    struct book *books;
    pthread_mutex_t counting; /* of little */
    struct little little[LITTLES];
    size_t littles;
};

static void
throw_away(struct book *b)
{
    struct job mem = b->mem; /* b lies in it */

    job_end(&mem);
}

static void
shelf_end(void *arg)
{
    struct shelf *s = arg;

    while (s->books) {
        struct book *b = s->books;
        s->books = b->next;
        throw_away(b);
    }
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->counting);
}

enum err
shelf_open(struct job *j, const char *home, struct shelf **out)
{
    struct shelf *s = job_alloc(j, sizeof *s);
    struct cleanup *end = job_on_end(j, shelf_end);

    s->home = job_copy(j, home);
    if (pthread_mutex_init(&s->lock, NULL) || pthread_mutex_init(&s->counting, NULL))
        return err_set(j, ERR_ENV, "the machine has no lock left");
    end->arg = s;
    *out = s;
    return OK;
}

/* ---- books, with the lock ---------------------------------------------------------------- */

static void
drop_old(struct shelf *s)
{
    for (struct book **at = &s->books; *at;) {
        struct book *b = *at;
        if (b->old && !b->readers) {
            *at = b->next;
            throw_away(b);
        } else {
            at = &b->next;
        }
    }
}

static bool
is_of(const struct book *b, const struct stat *st)
{
    return b->dev == st->st_dev && b->ino == st->st_ino &&
           b->written.tv_sec == st->st_mtim.tv_sec && b->written.tv_nsec == st->st_mtim.tv_nsec;
}

/* The book of this area if it is of the file that is there now; older ones go. */
static struct book *
find(struct shelf *s, int64_t area, const char *path)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    struct book *found = NULL;

    for (struct book *b = s->books; b; b = b->next) {
        if (b->area != area || b->old)
            continue;
        if (there && is_of(b, &st))
            found = b;
        else
            b->old = true;
    }
    drop_old(s);
    return found;
}

static enum err
put_up(struct job *j, struct shelf *s, const char *path, struct book **out)
{
    struct job mem;
    struct book *b;
    struct stat st = {0};
    enum err e;

    if (stat(path, &st)) /* before it is opened: if another takes its place, it is opened again */
        return err_set(j, ERR_NOT_FOUND, "there is no search index %s yet", path);
    job_init(&mem, BOOK_MEMORY);
    b = job_try_alloc(&mem, sizeof *b);
    e = b ? search_index_open(&mem, path, &b->x) : ERR_BUSY;
    if (e) {
        j->err = mem.err;
        job_end(&mem);
        return e;
    }
    b->area = j->area;
    b->dev = st.st_dev;
    b->ino = st.st_ino;
    b->written = st.st_mtim;
    b->mem = mem;
    b->next = s->books;
    s->books = *out = b;
    return OK;
}

/* Where none is, or a damaged one, it is made: whoever comes first waits, and who comes then. */
static enum err
take(struct job *j, struct shelf *s, struct book **out)
{
    const char *path = indexed_path(j, s->home);
    enum err e = OK;

    *out = find(s, j->area, path);
    if (*out)
        return OK;
    e = put_up(j, s, path, out);
    if (e != ERR_NOT_FOUND && e != ERR_ENV)
        return e;
    err_clear(j);
    e = indexed_make(j, s->home);
    return e ? e : put_up(j, s, path, out);
}

/* ---- taking ------------------------------------------------------------------------------ */

struct loan {
    struct shelf *shelf;
    struct book *book;
};

static void
give_back(void *arg)
{
    struct loan *l = arg;

    pthread_mutex_lock(&l->shelf->lock);
    l->book->readers--;
    drop_old(l->shelf);
    pthread_mutex_unlock(&l->shelf->lock);
}

struct taking {
    struct shelf *shelf;
    struct book *book;
};

static enum err
take_within(struct job *j, void *arg)
{
    struct taking *t = arg;

    return take(j, t->shelf, &t->book);
}

enum err
shelf_take(struct job *j, struct shelf *s, struct search_index **out)
{
    struct loan *l = job_alloc(j, sizeof *l);
    struct cleanup *end = job_on_end(j, give_back);
    struct taking t = {.shelf = s};
    struct job work; /* its running out of memory must not leave the lock taken */
    enum err e;

    job_init_child(&work, j, MAKING_MEMORY);
    work.db = j->db;
    pthread_mutex_lock(&s->lock);
    e = job_run(&work, take_within, &t);
    if (!e) {
        t.book->readers++;
        *l = (struct loan){s, t.book};
        end->arg = l;
        *out = t.book->x;
    }
    pthread_mutex_unlock(&s->lock);
    if (e)
        j->err = work.err;
    job_end(&work);
    return e;
}

/* ---- searches that found little ---------------------------------------------------------- */

static struct little *
little_of(struct shelf *s, const struct little *what)
{
    for (size_t i = 0; i < s->littles; i++) {
        struct little *l = &s->little[i];
        if (l->area == what->area && l->day == what->day && !strcmp(l->words, what->words) &&
            !strcmp(l->outward, what->outward))
            return l;
    }
    if (s->littles == LITTLES)
        return NULL;
    s->little[s->littles] = *what;
    return &s->little[s->littles++];
}

void
shelf_note(struct job *j, struct shelf *s, const struct searched *what)
{
    struct little new = {.area = j->area, .day = j->today}, *l;

    snprintf(new.words, sizeof new.words, "%s", searched_fold(j, what->words));
    snprintf(new.outward, sizeof new.outward, "%s", what->outward);
    pthread_mutex_lock(&s->counting);
    if ((l = little_of(s, &new))) {
        l->times++;
        l->found = what->found;
    }
    pthread_mutex_unlock(&s->counting);
}

static enum err
write_little(struct job *j, const struct little *l)
{
    struct searched what = {.words = l->words, .outward = l->outward, .found = l->found,
                            .times = l->times};
    enum err e;

    j->area = l->area;
    e = db_begin(j);
    if (!e)
        e = searched_add(j, l->day, &what);
    return e ? e : db_commit(j);
}

enum err
shelf_tell(struct job *j, struct shelf *s)
{
    struct little *l = job_array(j, LITTLES, sizeof *l);
    size_t n;
    enum err e = OK;

    pthread_mutex_lock(&s->counting);
    n = s->littles;
    memcpy(l, s->little, n * sizeof *l);
    s->littles = 0;
    pthread_mutex_unlock(&s->counting);
    for (size_t i = 0; i < n && !e; i++)
        e = write_little(j, &l[i]);
    return e;
}
