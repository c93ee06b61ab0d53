#include "intake/load.h"
#include "access/permit.h"
#include "base/log.h"
#include "base/worker.h"
#include "intake/plan.h"
#include "people/area.h"
#include <sodium.h>

const char *
load_outcome_name(enum load_outcome o)
{
    static const char *const names[] = {"published", "nothing new", "refused"};

    return names[o];
}

/* A load under way. */
struct load {
    const struct load_options *o;
    struct plan plan;
    struct loader loader;
    struct worker *hasher;
    int64_t *ticket; /* by batch: when its last file is hashed */
    int64_t bytes, told; /* read so far, and said to be */
    struct load_result *out;
};

/* ---- digests, ahead of their use ------------------------------------------------- */

static void
hash_file(void *arg)
{
    struct returns_file *f = arg;

    if (!*f->digest)
        returns_digest(f);
}

static enum err
hash_ahead(struct job *j, struct load *x)
{
    enum err e = worker_start(j, (int)x->plan.n_files + 1, &x->hasher);

    x->ticket = job_array(j, x->plan.n_batches, sizeof *x->ticket);
    for (size_t i = 0; !e && i < x->plan.n_batches; i++)
        for (size_t f = 0; f < x->plan.batch[i].n; f++)
            x->ticket[i] = worker_give(x->hasher, hash_file, x->plan.batch[i].file[f]->file);
    return e;
}

static int
by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

static const char *
batch_digest(struct job *j, const struct planned *b)
{
    const char **digest = job_array(j, b->n, sizeof *digest);
    unsigned char sum[crypto_hash_sha256_BYTES];
    char *hex = job_alloc(j, 2 * sizeof sum + 1);
    crypto_hash_sha256_state state;

    for (size_t i = 0; i < b->n; i++)
        digest[i] = b->file[i]->file->digest;
    qsort(digest, b->n, sizeof *digest, by_text);
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < b->n; i++)
        crypto_hash_sha256_update(&state, (const unsigned char *)digest[i], strlen(digest[i]));
    crypto_hash_sha256_final(&state, sum);
    sodium_bin2hex(hex, 2 * sizeof sum + 1, sum, sizeof sum);
    return hex;
}

/* ---- one batch ------------------------------------------------------------------- */

static void
on_bytes(void *arg, int64_t n)
{
    struct load *x = arg;

    x->bytes += n;
    if (x->bytes > x->told) /* as UTF-8 a file may be longer: no step back afterwards */
        x->told = x->bytes < x->plan.bytes ? x->bytes : x->plan.bytes;
    if (x->o->tell)
        x->o->tell(x->o->arg, x->told, x->plan.bytes);
}

static enum err
read_files(struct job *j, struct loading *l, const struct planned *b)
{
    const struct family *f = b->family;
    void *state = l;
    enum err e = f->begin ? f->begin(j, l, &state) : OK;

    for (size_t i = 0; !e && i < b->n; i++)
        e = loading_read(j, l, b->file[i]->file, f->record, state);
    return e || !f->end ? e : f->end(j, state);
}

static void
note_counts(const struct loading *l, struct load_batch *r)
{
    r->id = l->batch_id;
    r->findings = l->n_findings;
    snprintf(r->title, sizeof r->title, "%s", l->title);
    for (int64_t i = 0; i < l->file_id; i++) {
        r->read += l->file[i].counts.read;
        r->loaded += l->file[i].counts.loaded;
        r->refused += l->file[i].counts.refused;
    }
}

/* Registers are written week by week, school by school: they need no large cache beside all
 * the marks that wait. */
static bool
is_in_order(const struct planned *b)
{
    return !strncmp(b->family->name, "marks", 5);
}

static enum err
load_new(struct job *j, struct load *x, const struct planned *b, const struct batch *about,
         struct load_batch *r)
{
    struct loading *l;
    bool published = false;
    enum err e;

    if ((e = loading_begin(j, &x->loader, about, b->n, &l)) || (e = db_lean(j, is_in_order(b))))
        return e;
    e = read_files(j, l, b);
    if (e == ERR_INPUT)
        e = loading_refuse(j, l);
    else if (!e)
        e = loading_end(j, l, &published);
    if (e)
        return e;
    note_counts(l, r);
    r->outcome = published ? LOAD_PUBLISHED : LOAD_REFUSED;
    if (!published)
        snprintf(r->message, sizeof r->message, "%s", l->refusal);
    log_event(LOG_DEBUG, "batch", "id=%lld area=%lld kind=%s state=%s read=%lld refused=%lld",
              (long long)r->id, (long long)j->area, r->kind,
              published ? "published" : "refused", (long long)r->read, (long long)r->refused);
    return OK;
}

static int64_t
bytes_of(const struct planned *b)
{
    int64_t n = 0;

    for (size_t i = 0; i < b->n; i++)
        n += (int64_t)b->file[i]->file->n_bytes;
    return n;
}

static enum err
load_planned(struct job *j, struct load *x, size_t at, struct load_batch *r)
{
    const struct planned *b = &x->plan.batch[at];
    struct batch about = {.kind = b->family->name, .title = b->title, .made_on = b->newest,
                          .school_year = b->school_year, .term = b->term};
    int64_t before = x->bytes;
    enum err e = OK;

    *r = (struct load_batch){.area = b->area, .kind = b->family->name, .files = b->n};
    snprintf(r->title, sizeof r->title, "%s", b->title);
    j->area = b->area;
    worker_wait(x->hasher, x->ticket[at]);
    about.digest = batch_digest(j, b);
    if (b->refusal) {
        r->outcome = LOAD_REFUSED;
        snprintf(r->message, sizeof r->message, "%s", b->refusal);
    } else if (!(e = batch_find(j, about.digest, &r->id)) && r->id) {
        r->outcome = LOAD_KNOWN;
    } else if (!e) {
        e = load_new(j, x, b, &about, r);
    }
    on_bytes(x, before + bytes_of(b) - x->bytes); /* whatever was read of it, it is done */
    return e;
}

static enum err
load_all(struct job *j, struct load *x)
{
    struct load_result *out = x->out;
    enum err e = OK;

    for (size_t i = 0; !e && i < x->plan.n_batches; i++) {
        struct scope s = job_scope_begin(j);
        struct load_batch *r = &out->batch[out->n_batches];

        e = load_planned(j, x, i, r);
        job_scope_end(j, s);
        if (e)
            break;
        out->n_batches++;
        out->published += r->outcome == LOAD_PUBLISHED;
        out->known += r->outcome == LOAD_KNOWN;
        out->refused += r->outcome == LOAD_REFUSED;
    }
    return e;
}

/* ---- the whole ------------------------------------------------------------------- */

/* Each area of the load, once. */
static bool
is_first_of_area(const struct plan *p, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (p->batch[i].area == p->batch[at].area)
            return false;
    return true;
}

static enum err
take_areas(struct job *j, const struct plan *p)
{
    int64_t swept;
    enum err e = OK;

    for (size_t i = 0; !e && i < p->n_batches; i++) {
        j->area = p->batch[i].area;
        if (is_first_of_area(p, i) && !(e = area_add(j, j->area, NULL)) && !(e = batch_lock(j)))
            e = batch_sweep(j, &swept);
    }
    return e;
}

/* What follows, for each area that something was published for. */
static enum err
follow(struct job *j, const struct load *x)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < x->out->n_batches; i++) {
        bool done = false;
        for (size_t k = 0; k < i; k++)
            done = done || (x->out->batch[k].area == x->out->batch[i].area &&
                            x->out->batch[k].outcome == LOAD_PUBLISHED);
        j->area = x->out->batch[i].area;
        if (!done && x->out->batch[i].outcome == LOAD_PUBLISHED)
            e = after_load(j, x->o->after);
    }
    return e;
}

static void
end_loader(void *arg)
{
    loader_forget(arg);
}

static enum err
open_loader(struct job *j, struct load *x)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    x->loader = (struct loader){
        .chunk = chunk_open(j), .loaded_by = x->o->loaded_by, .home = x->o->home,
        .tell = on_bytes, .arg = x,
        .started_us = t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000,
    };
    job_on_end(j, end_loader)->arg = &x->loader;
    return keeper_open(j, &x->loader.keeper);
}

static enum err
run(struct job *j, struct load *x)
{
    enum err e, back;

    if ((e = take_areas(j, &x->plan)) || (e = hash_ahead(j, x)) || (e = open_loader(j, x)) ||
        (e = db_reloadable(j, true)))
        return e;
    e = load_all(j, x);
    x->out->longest_hold = db_longest_hold(j);
    if (e) /* the connection may be used further */
        db_rollback(j);
    back = db_reloadable(j, false);
    if (!back)
        back = db_lean(j, false);
    if (e || (e = back))
        return e;
    loader_forget(&x->loader);
    if (x->o->dry)
        return OK;
    if (x->out->published && (e = db_analyse(j)))
        return e;
    return follow(j, x);
}

/* What a dry run found, before it is lost; its batches have no number afterwards. */
static enum err
keep_findings(struct job *j, struct load_result *out)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < out->n_batches; i++) {
        struct load_batch *b = &out->batch[i];
        struct batch_page first = {b->id, 0, LOAD_FOUND};
        if (b->outcome == LOAD_KNOWN || !b->id)
            continue;
        j->area = b->area;
        if (!(e = batch_rules(j, b->id, &b->rule, &b->n_rules)))
            e = batch_findings(j, first, &b->finding, &b->n_found);
        b->id = 0;
    }
    return e;
}

static enum err
run_dry(struct job *j, struct load *x)
{
    struct db *real = j->db;
    struct scope s;
    enum err e = db_open_trial(j, NULL, &j->db);

    if (!e) {
        s = job_scope_begin(j);
        e = run(j, x);
        job_scope_end(j, s);
    }
    if (!e)
        e = keep_findings(j, x->out);
    if (j->db != real)
        db_rollback(j); /* whoever waits for rows of the trial need not wait on */
    j->db = real;
    return e;
}

/* The reason, after the file's name where it does not say it; never the folder, which may
 * be the program's own. */
static const char *
left_words(struct job *j, const struct load_left *l)
{
    const char *slash = strrchr(l->path, '/'), *name = slash ? slash + 1 : l->path;
    bool named = !strncmp(l->why, name, strlen(name));

    return named ? l->why : job_format(j, "%s: %s", name, l->why);
}

static enum err
nothing_recognised(struct job *j, const struct load_result *out)
{
    if (out->n_left)
        err_set(j, ERR_INPUT, "no file could be recognised; %s", left_words(j, &out->left[0]));
    else
        err_set(j, ERR_INPUT, "there is no file to load");
    return err_hint(j, "The files that are understood are listed in docs/formats.md.");
}

static enum err
load_plan(struct job *j, struct load *x)
{
    struct load_result *out = x->out;
    struct scope s;
    enum err e;

    if (!x->plan.n_files)
        return nothing_recognised(j, out);
    if ((e = plan_batches(j, &x->plan, x->o, out)))
        return e;
    if (!x->plan.n_batches)
        return nothing_recognised(j, out);
    for (size_t i = 0; x->o->title && i < x->plan.n_batches; i++)
        snprintf(x->plan.batch[i].title, sizeof x->plan.batch[i].title, "%s", x->o->title);
    out->batch = job_array(j, x->plan.n_batches, sizeof *out->batch);
    if (x->o->dry)
        return run_dry(j, x);
    s = job_scope_begin(j);
    e = run(j, x);
    job_scope_end(j, s); /* the locks, the threads and their memory go here */
    return e;
}

static enum err
begin_load(struct job *j, const struct load_options *o, struct load_result *out,
           struct load **x)
{
    *out = (struct load_result){0};
    *x = job_alloc(j, sizeof **x);
    (*x)->o = o;
    (*x)->out = out;
    return permit(j, ACT_LOAD, (struct subject){.what = "load"});
}

enum err
load(struct job *j, const char *const *paths, size_t n, const struct load_options *o,
     struct load_result *out)
{
    struct load *x;
    enum err e = begin_load(j, o, out, &x);

    if (!e)
        e = plan_files(j, &(struct load_paths){paths, n, o->area, o->copy}, &x->plan, out);
    return e ? e : load_plan(j, x);
}

enum err
load_text(struct job *j, const struct load_text *t, const struct load_options *o,
          struct load_result *out)
{
    struct load *x;
    enum err e = begin_load(j, o, out, &x);

    if (!e)
        e = plan_text(j, t, &x->plan, out);
    return e ? e : load_plan(j, x);
}
