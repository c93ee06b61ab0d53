#include "returns/open.h"
#include "returns/mapping.h"
#include "returns/unpacked.h"
#include "returns/recognise.h"
#include "base/csv.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1024 * 1024 };

struct mapped {
    int fd;
    void *at;
    size_t n;
};

static void
unmap(void *arg)
{
    struct mapped *m = arg;

    if (m->at)
        munmap(m->at, m->n);
    if (m->fd >= 0)
        close(m->fd);
}

static enum err
cannot(struct job *j, const char *path, int why)
{
    err_set(j, ERR_ENV, "the file %s cannot be read", path);
    err_hint(j, why == ENOENT ? "There is no such file: look at the name again."
                              : "Look whether it may be read by this user and is whole.");
    return err_detail(j, "%s", strerrorname_np(why));
}

/* Open, and what it is now. */
static enum err
open_file(struct job *j, const char *path, struct returns_file *f, int *fd)
{
    struct stat st;

    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0)
        return cannot(j, path, errno);
    if (fstat(*fd, &st) < 0)
        return cannot(j, path, errno);
    if (!S_ISREG(st.st_mode)) {
        err_set(j, ERR_INPUT, "%s is not a file", path);
        return err_hint(j, "Name the files themselves.");
    }
    f->changed = (struct file_state){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
    return OK;
}

static void
close_now(struct mapped *m)
{
    if (m->fd >= 0)
        close(m->fd); /* a folder has more files than may be open at once */
    m->fd = -1;
}

enum err
file_map(struct job *j, const char *path, struct returns_file *f)
{
    struct cleanup *end = job_on_end(j, unmap);
    struct mapped *m = job_alloc(j, sizeof *m);
    enum err e;

    m->fd = -1;
    end->arg = m;
    e = open_file(j, path, f, &m->fd);
    m->n = (size_t)f->changed.size;
    if (!e && m->n) {
        m->at = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, m->fd, 0);
        if (m->at == MAP_FAILED) {
            m->at = NULL;
            e = cannot(j, path, errno);
        }
    }
    close_now(m);
    if (e || !m->n)
        return e;
    madvise(m->at, m->n, MADV_SEQUENTIAL);
    f->bytes = m->at;
    f->n_bytes = m->n;
    f->mapped = true;
    return OK;
}

static enum err
copy_bytes(struct job *j, int fd, const char *path, struct unpacked *to)
{
    struct scope s = job_scope_begin(j);
    char *block = job_alloc(j, BLOCK);
    ssize_t n;

    while ((n = read(fd, block, BLOCK)) > 0)
        if (!unpacked_write(to, block, (size_t)n))
            return j->err.kind;
    job_scope_end(j, s);
    return n < 0 ? cannot(j, path, errno) : OK;
}

enum err
file_copy(struct job *j, const char *path, struct returns_file *f)
{
    struct cleanup *end = job_on_end(j, unmap);
    struct mapped *m = job_alloc(j, sizeof *m);
    struct unpacked *to;
    struct span text;
    enum err e;

    m->fd = -1;
    end->arg = m;
    if ((e = open_file(j, path, f, &m->fd)) ||
        (e = unpacked_open(j, f->name, INT64_MAX, &to)) ||
        (e = copy_bytes(j, m->fd, path, to)) || (e = unpacked_map(j, to, &text)))
        return e;
    close_now(m);
    f->bytes = text.s;
    f->n_bytes = text.n;
    f->mapped = text.n > 0;
    return OK;
}

enum err
returns_still(struct job *j, const struct returns_file *f)
{
    struct stat st;

    if (!f->mapped || !f->changed.dev)
        return OK;
    if (stat(f->path, &st) == 0 && st.st_size == f->changed.size &&
        st.st_mtim.tv_sec == f->changed.at.tv_sec && st.st_mtim.tv_nsec == f->changed.at.tv_nsec &&
        st.st_dev == f->changed.dev && st.st_ino == f->changed.ino)
        return OK;
    err_set(j, ERR_INPUT, "%s is still being written: load it again when it is complete", f->name);
    return err_hint(j, "It changed while it was read.");
}

/* Read pages of the map are given back, so that a long file needs little memory. */
static void
let_go(const struct returns_file *f, size_t from, size_t to)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)f->bytes;

    if (f->mapped)
        madvise((void *)((start + from) / page * page), to - from, MADV_DONTNEED);
}

void
file_let_go(const struct returns_file *f)
{
    let_go(f, 0, f->n_bytes);
}

static void
hex(const unsigned char *bytes, size_t n, char *to)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        to[2 * i] = digits[bytes[i] >> 4];
        to[2 * i + 1] = digits[bytes[i] & 15];
    }
    to[2 * n] = '\0';
}

void
returns_digest(struct returns_file *f)
{
    crypto_hash_sha256_state state;
    unsigned char sum[crypto_hash_sha256_BYTES];

    crypto_hash_sha256_init(&state);
    for (size_t at = 0; at < f->n_bytes; at += BLOCK) {
        size_t n = f->n_bytes - at < BLOCK ? f->n_bytes - at : BLOCK;
        crypto_hash_sha256_update(&state, (const unsigned char *)f->bytes + at, n);
        let_go(f, at, at + n);
    }
    crypto_hash_sha256_final(&state, sum);
    hex(sum, sizeof sum, f->digest);
}

static void
let_go_passed(void *arg, size_t from, size_t at)
{
    let_go(arg, from, at);
}

enum err
file_judge(struct job *j, struct returns_file *f)
{
    f->encoding = encoding_judge(f->bytes, f->n_bytes, let_go_passed, f);
    file_let_go(f);
    if (f->encoding != ENC_BINARY)
        return OK;
    err_set(j, ERR_INPUT, "%s cannot be read as text: this is %s", f->name,
            encoding_binary_name(f->bytes, f->n_bytes));
    return err_hint(j, "Export it as CSV or XML.");
}

/* The encoding as far as the beginning tells: up to its last line end, for a character may be
 * cut in two.  ENC_BINARY: it does not tell. */
static enum encoding
first_guess(const struct returns_file *f)
{
    size_t n = f->n_bytes < HEADER_TEXT ? f->n_bytes : HEADER_TEXT;
    const char *end = n < f->n_bytes ? memrchr(f->bytes, '\n', n) : f->bytes + n;

    return end ? encoding_of(f->bytes, (size_t)(end - f->bytes)) : ENC_BINARY;
}

/* The first bytes as UTF-8, to look at. */
static size_t
peek(struct job *j, const struct returns_file *f, char *buf, size_t size)
{
    struct encoding_reader r = {.s = f->bytes, .n = f->n_bytes, .from = f->encoding};
    size_t n = 0;

    if (encoding_read(j, &r, buf, size, &n))
        n = 0;
    return n;
}

enum err
file_named(struct job *j, const struct returns_file *f, enum err e)
{
    struct error was = j->err;

    if (e != ERR_INPUT)
        return e;
    err_set(j, e, "%s: %s", f->name, was.message);
    return err_hint(j, "%s", was.hint);
}

static bool
all_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (span_trim((struct span){row->field[i].s, row->field[i].n}).n)
            return false;
    return true;
}

enum err
file_header(struct job *j, struct returns_file *f, const struct csv_row *row)
{
    const struct mapping *m = mapping_find(j, f->saved, f->n_saved, row->field, row->n);
    struct recognised found;
    enum err e = OK;

    if (m) {
        f->mapping = mapping_for(j, m, row->field, row->n);
        found = (struct recognised){
            m->layout, f->mapping->column_of,
            job_format(j, "read by the saved layout \"%s\"", m->name)};
    } else if ((e = recognise(j, row->field, row->n, &found))) {
        return e;
    }
    f->form = FORM_CSV;
    f->layout = found.layout;
    f->family = found.layout->family;
    f->column_of = found.column_of;
    f->n_columns = row->n;
    f->note = found.note;
    return OK;
}

/* Where in the file's bytes this place of its text is. */
static size_t
bytes_before(struct job *j, const struct returns_file *f, int64_t offset)
{
    struct encoding_reader r = {.s = f->bytes, .n = f->n_bytes, .from = f->encoding};
    char buf[4096];
    size_t n = 1;

    for (size_t left = (size_t)offset; left && n; left -= n)
        if (encoding_read(j, &r, buf, left < sizeof buf ? left : sizeof buf, &n))
            break;
    return r.at;
}

/* The names of the columns of a saved mapping may stand below titles; *above: bytes before. */
static bool
find_mapped(struct job *j, struct returns_file *f, struct csv *csv, size_t *above)
{
    struct error was = j->err;
    struct csv_row row;
    bool more;

    for (int i = 1; f->n_saved && i < HEADER_ROWS && !csv_next(csv, &row, &more) && more; i++) {
        if (!mapping_find(j, f->saved, f->n_saved, row.field, row.n))
            continue;
        *above = bytes_before(j, f, row.offset);
        f->first_line = row.line;
        err_clear(j);
        return file_header(j, f, &row) == OK;
    }
    j->err = was;
    return false;
}

/* What stands above is not looked at again. */
static void
leave_above(struct job *j, struct returns_file *f, size_t above)
{
    if (!above)
        return;
    if (f->encoding == ENC_UTF16LE || f->encoding == ENC_UTF16BE)
        above -= 2; /* its reader takes the first two bytes for the mark */
    if (f->encoding == ENC_UTF8_BOM)
        f->encoding = ENC_UTF8;
    f->bytes += above;
    f->n_bytes -= above;
    f->note = job_format(j, "%s, without the %lld %s above the names of the columns", f->note,
                         (long long)f->first_line - 1, f->first_line == 2 ? "line" : "lines");
}

static enum err
open_csv(struct job *j, struct returns_file *f, size_t *above)
{
    struct csv_row row;
    struct file_text text;
    struct csv *csv;
    bool more;
    enum err e;

    file_text_open(j, f, 0, &text);
    csv = file_text_csv(j, &text, HEADER_TEXT);
    if ((e = csv_next(csv, &row, &more)))
        return file_named(j, f, e);
    if (!more || (row.n == 1 && all_blank(&row))) {
        err_set(j, ERR_INPUT, "%s is empty", f->name);
        return err_hint(j, "Export it again.");
    }
    e = file_header(j, f, &row);
    if (e == ERR_INPUT && find_mapped(j, f, csv, above))
        return OK;
    return file_named(j, f, e);
}

enum err
file_look(struct job *j, struct returns_file *f)
{
    char start[256];
    size_t n, above = 0;
    enum file_form form;
    bool guessed;
    enum err e;

    f->note = "";
    if (f->n_bytes == 0) {
        err_set(j, ERR_INPUT, "%s is empty", f->name);
        return err_hint(j, "Export it again.");
    }
    f->encoding = first_guess(f);
    guessed = f->encoding != ENC_BINARY;
    if (!guessed && (e = file_judge(j, f)))
        return e;
    n = peek(j, f, start, sizeof start);
    form = returns_form((struct span){start, n});
    /* a CSV is told by its first line: one that is none of ours need not be read through */
    if (form == FORM_CSV && (e = open_csv(j, f, &above)))
        return e;
    e = guessed ? file_judge(j, f) : OK;
    if (!e && form == FORM_XML)
        e = file_rename(j, f);
    if (!e && form != FORM_CSV)
        e = form == FORM_XML ? file_open_xml(j, f) : file_open_json(j, f);
    if (!e && form != FORM_CSV)
        returns_digest(f); /* names the return within the batch */
    if (e)
        return e;
    leave_above(j, f, above);
    if (f->encoding != ENC_UTF8 && f->encoding != ENC_UTF8_BOM)
        f->note = job_format(j, "read as %s%s%s", encoding_name(f->encoding),
                             *f->note ? "; " : "", f->note);
    return OK;
}

enum err
returns_open_bytes(struct job *j, const char *name, const char *s, size_t n,
                   struct returns_file **out)
{
    struct returns_file *f = job_alloc(j, sizeof *f);

    *f = (struct returns_file){.path = name, .name = name, .base = name, .bytes = s, .n_bytes = n};
    *out = f;
    return file_look(j, f);
}

enum err
returns_open(struct job *j, const char *path, struct returns_file **out)
{
    struct returns_file *f = job_alloc(j, sizeof *f);
    const char *slash = strrchr(path, '/');
    enum err e;

    f->path = job_copy(j, path);
    f->base = f->name = job_copy(j, slash ? slash + 1 : path);
    e = file_map(j, path, f);
    if (e)
        return e;
    *out = f;
    return file_look(j, f);
}
