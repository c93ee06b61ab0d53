#include "returns/archive.h"
#include <stdlib.h>
#include <zip.h>

enum { PIECE = 64 * 1024, TAIL = 66 * 1024 };

bool
archive_is(const char *s, size_t n)
{
    return n >= 4 && (!memcmp(s, "PK\3\4", 4) || !memcmp(s, "PK\5\6", 4));
}

static uint64_t
little(const char *s, size_t bytes)
{
    uint64_t v = 0;

    for (size_t i = 0; i < bytes; i++)
        v |= (uint64_t)(unsigned char)s[i] << (8 * i);
    return v;
}

/* How many members the end of the archive tells of, before anything is made of them. */
static uint64_t
members_told(struct span bytes)
{
    enum { END = 22, LOCATOR = 20, END_64 = 56, UNKNOWN = 0xFFFF };
    size_t tail = bytes.n < TAIL ? bytes.n : TAIL, at = bytes.n;
    uint64_t n, far;

    for (size_t back = END; back <= tail; back++)
        if (!memcmp(bytes.s + bytes.n - back, "PK\5\6", 4)) {
            at = bytes.n - back;
            break;
        }
    if (at == bytes.n)
        return 0;
    n = little(bytes.s + at + 10, 2);
    if (n != UNKNOWN || at < LOCATOR || memcmp(bytes.s + at - LOCATOR, "PK\6\7", 4) != 0)
        return n;
    far = little(bytes.s + at - LOCATOR + 8, 8);
    if (bytes.n < END_64 || far > bytes.n - END_64 || memcmp(bytes.s + far, "PK\6\6", 4) != 0)
        return n;
    return little(bytes.s + far + 32, 8);
}

static enum err
too_many(struct job *j, const char *name)
{
    char most[TEXT_NUMBER];

    err_set(j, ERR_INPUT, "%s holds more than %s files", name, text_count(ARCHIVE_MEMBERS, most));
    return err_hint(j, "Pack them into several, or unpack it and load the folder.");
}

static enum err
broken(struct job *j, const char *name, const char *why)
{
    err_set(j, ERR_INPUT, "%s is damaged: it cannot be unpacked", name);
    err_hint(j, "The file may not be whole. Copy or export it again.");
    return err_detail(j, "%s", why);
}

static void
close_zip(void *arg)
{
    zip_discard(arg);
}

/* Members that overlap hold more, all together and with what is said of each in two places,
 * than the file has bytes. */
static enum err
check_members(struct job *j, const struct archive *a, struct span bytes)
{
    enum { LOCAL = 30, LISTED = 46 };
    int64_t packed = 0;

    for (size_t i = 0; i < a->n; i++) {
        zip_stat_t st;
        if (zip_stat_index(a->zip, i, ZIP_FL_ENC_RAW, &st) || !(st.valid & ZIP_STAT_COMP_SIZE) ||
            !(st.valid & ZIP_STAT_NAME))
            continue;
        packed += st.comp_size > bytes.n ? (int64_t)bytes.n + 1 : (int64_t)st.comp_size;
        packed += LOCAL + LISTED + 2 * (int64_t)strlen(st.name);
        if (packed > (int64_t)bytes.n) {
            err_set(j, ERR_INPUT, "%s is not read: its members overlap, as in no honest archive",
                    a->name);
            return err_hint(j, "Look where the file comes from.");
        }
    }
    return OK;
}

enum err
archive_open(struct job *j, const char *name, struct span bytes, int64_t most,
             struct archive **out)
{
    struct cleanup *end = job_on_end(j, close_zip);
    struct archive *a = job_alloc(j, sizeof *a);
    zip_source_t *source;
    zip_error_t why;
    enum err e;

    *a = (struct archive){.name = name, .left = most};
    *out = a;
    if (members_told(bytes) > ARCHIVE_MEMBERS)
        return too_many(j, name);
    zip_error_init(&why);
    source = zip_source_buffer_create(bytes.s, bytes.n, 0, &why);
    if (source)
        a->zip = zip_open_from_source(source, ZIP_RDONLY, &why);
    if (!a->zip) {
        if (source)
            zip_source_free(source);
        e = broken(j, name, zip_error_strerror(&why));
        zip_error_fini(&why);
        return e;
    }
    end->arg = a->zip;
    zip_error_fini(&why);
    a->n = (size_t)zip_get_num_entries(a->zip, 0);
    return a->n > ARCHIVE_MEMBERS ? too_many(j, name) : check_members(j, a, bytes);
}

bool
archive_member(const struct archive *a, size_t i, struct archive_member *out)
{
    zip_stat_t st;
    size_t n;

    if (zip_stat_index(a->zip, i, 0, &st) || !(st.valid & ZIP_STAT_NAME) || !*st.name)
        return false;
    n = strlen(st.name);
    *out = (struct archive_member){
        .name = st.name,
        .packed = st.valid & ZIP_STAT_COMP_SIZE ? (int64_t)st.comp_size : 0,
        .unpacked = st.valid & ZIP_STAT_SIZE ? (int64_t)st.size : 0,
        .folder = st.name[n - 1] == '/' || st.name[n - 1] == '\\',
        .locked = st.valid & ZIP_STAT_ENCRYPTION_METHOD &&
                  st.encryption_method != ZIP_EM_NONE,
    };
    return true;
}

int64_t
archive_find(const struct archive *a, const char *name)
{
    return zip_name_locate(a->zip, name, ZIP_FL_NOCASE);
}

static void
close_member(void *arg)
{
    zip_fclose(arg);
}

static enum err
too_large(struct job *j, const struct archive *a, const char *member, bool tight)
{
    if (tight)
        err_set(j, ERR_INPUT,
                "%s: %s is not unpacked: it would grow to more than %d times its size, as no "
                "honest file does", a->name, member, ARCHIVE_RATIO);
    else
        err_set(j, ERR_INPUT, "%s: %s is larger unpacked than may be", a->name, member);
    return err_hint(j, "Look where the file comes from.");
}

static enum err
pass_on(struct job *j, struct archive *a, zip_file_t *f, const struct archive_member *m,
        struct archive_sink to)
{
    char *piece = job_alloc(j, PIECE);
    int64_t total = 0;
    zip_int64_t n;

    while ((n = zip_fread(f, piece, PIECE)) > 0) {
        total += n;
        a->left -= n;
        if (total > ARCHIVE_RATIO_FROM && total / ARCHIVE_RATIO > m->packed)
            return too_large(j, a, m->name, true);
        if (total > to.most || a->left < 0)
            return too_large(j, a, m->name, false);
        if (!to.take(to.arg, piece, (size_t)n))
            return OK;
    }
    return n < 0 ? broken(j, a->name, zip_file_strerror(f)) : OK;
}

enum err
archive_read(struct job *j, struct archive *a, size_t i, struct archive_sink to)
{
    struct scope s = job_scope_begin(j);
    struct cleanup *end = job_on_end(j, close_member);
    struct archive_member m;
    zip_file_t *f;
    enum err e;

    if (!archive_member(a, i, &m))
        return broken(j, a->name, "a member without a name");
    if (m.locked) {
        err_set(j, ERR_INPUT, "%s: %s is locked with a password", a->name, m.name);
        return err_hint(j, "Pack it again without a password.");
    }
    f = zip_fopen_index(a->zip, i, 0);
    if (!f)
        return broken(j, a->name, zip_strerror(a->zip));
    end->arg = f;
    e = pass_on(j, a, f, &m, to);
    job_scope_end(j, s);
    return e;
}
