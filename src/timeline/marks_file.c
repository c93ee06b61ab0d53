#include "people/attendance.h"
#include "timeline/marks_file.h"
#include "timeline/pack.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- writing ---------------------------------------------------------------------- */

static enum err
failed(struct job *j, const char *path)
{
    err_set(j, ERR_ENV, "the file of a week's marks, %s, cannot be written: %s", path,
            strerror(errno));
    return err_hint(j, "Free some space or check who may write there; nothing else was "
                       "changed.");
}

static void
close_file(void *arg)
{
    fclose(arg);
}

static struct marks_head
head_of(const struct job *j, const struct marks_wanted *w, const struct marks_week *week)
{
    struct marks_head h = {
        .magic = "rootedM", .version = MARKS_VERSION, .order = 0x01020304, .area = j->area,
        .first_person = week->first_person, .monday = week->monday, .rows = week->rows,
        .patterns = week->patterns, .schools = week->schools,
    };
    size_t rows = week->rows * sizeof *week->row;
    size_t patterns = week->patterns * sizeof *week->pattern;
    size_t schools = week->schools * sizeof *week->school;

    h.magic[7] = 'W';
    memcpy(h.digest, w->digest, sizeof h.digest);
    h.bytes = sizeof h + rows + patterns + schools;
    h.checksum = file_checksum(0, week->row, rows);
    h.checksum = file_checksum(h.checksum, week->pattern, patterns);
    h.checksum = file_checksum(h.checksum, week->school, schools);
    h.head_checksum = file_checksum(0, &h, sizeof h);
    return h;
}

static bool
put(FILE *f, const void *p, size_t n)
{
    return n == 0 || fwrite(p, n, 1, f) == 1;
}

enum err
marks_write_file(struct job *j, const char *folder, const struct marks_wanted *w,
                 const struct marks_week *week)
{
    char name[MARKS_NAME];
    const char *path = job_format(j, "%s/%s", folder, marks_file_name(w, name));
    const char *aside = job_format(j, "%s.new", path);
    struct marks_head h = head_of(j, w, week);
    struct cleanup *end = job_on_end(j, close_file);
    FILE *f = fopen(aside, "we");
    bool good;

    if (!f)
        return failed(j, aside);
    end->arg = f;
    good = put(f, &h, sizeof h) && put(f, week->row, week->rows * sizeof *week->row) &&
           put(f, week->pattern, week->patterns * sizeof *week->pattern) &&
           put(f, week->school, week->schools * sizeof *week->school) && fflush(f) == 0;
    end->arg = NULL;
    good = fclose(f) == 0 && good;
    if (!good || rename(aside, path) < 0) {
        enum err e = failed(j, aside);
        unlink(aside);
        return e;
    }
    return OK;
}

/* ---- reading ---------------------------------------------------------------------- */

struct map {
    void *at;
    size_t bytes;
};

static void
unmap(void *arg)
{
    struct map *m = arg;

    munmap(m->at, m->bytes);
}

static enum err
damaged(struct job *j, const char *path)
{
    err_set(j, ERR_ENV, "the file of a week's marks, %s, is damaged", path);
    return err_hint(j, "It is made again from the database when figures are: rooted figures");
}

static enum err
map_path(struct job *j, const char *path, struct map *m)
{
    struct cleanup *end = job_on_end(j, unmap);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 && errno == ENOENT)
        return err_set(j, ERR_NOT_FOUND, "the marks of a week are not derived yet (%s)", path);
    if (fd < 0)
        return err_set(j, ERR_ENV, "the file of a week's marks, %s, cannot be read: %s", path,
                       strerror(errno));
    m->bytes = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (size_t)st.st_size : 0;
    m->at = m->bytes >= sizeof(struct marks_head)
                ? mmap(NULL, m->bytes, PROT_READ, MAP_SHARED, fd, 0)
                : MAP_FAILED;
    close(fd);
    if (m->at == MAP_FAILED)
        return damaged(j, path);
    end->arg = m;
    return OK;
}

static bool
head_is_right(const struct job *j, const struct marks_wanted *w, const struct marks_head *h,
              size_t bytes)
{
    struct marks_head bare = *h;
    uint64_t want;

    bare.head_checksum = 0;
    want = sizeof *h + (uint64_t)h->rows * sizeof(struct marks_row) +
           (uint64_t)h->patterns * sizeof(struct marks_pattern) +
           (uint64_t)h->schools * sizeof(struct marks_school);
    return !memcmp(h->magic, "rootedMW", sizeof h->magic) && h->version == MARKS_VERSION &&
           h->order == 0x01020304 && h->area == j->area && h->monday == w->monday &&
           !memcmp(h->digest, w->digest, sizeof h->digest) && h->bytes == bytes &&
           want == bytes && h->head_checksum == file_checksum(0, &bare, sizeof bare);
}

enum err
marks_is_there(struct job *j, const char *folder, const struct marks_wanted *w)
{
    char name[MARKS_NAME];
    const char *path = job_format(j, "%s/%s", folder, marks_file_name(w, name));
    struct marks_head h = {.version = 0};
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool right = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
                 read(fd, &h, sizeof h) == (ssize_t)sizeof h &&
                 head_is_right(j, w, &h, (size_t)st.st_size);

    if (fd >= 0)
        close(fd);
    return right ? OK : err_set(j, ERR_NOT_FOUND, "the marks of a week are not derived yet (%s)",
                                path);
}

enum err
marks_is_damaged(struct job *j, const char *folder, const struct marks_wanted *w)
{
    char name[MARKS_NAME];

    return damaged(j, job_format(j, "%s/%s", folder, marks_file_name(w, name)));
}

enum err
marks_map_file(struct job *j, const char *folder, const struct marks_wanted *w,
               struct marks_week *out)
{
    struct map *m = job_alloc(j, sizeof *m);
    char name[MARKS_NAME];
    const char *path = job_format(j, "%s/%s", folder, marks_file_name(w, name));
    const struct marks_head *h;
    enum err e = map_path(j, path, m);

    if (e)
        return e;
    h = m->at;
    if (!head_is_right(j, w, h, m->bytes))
        return damaged(j, path);
    *out = (struct marks_week){.monday = h->monday, .first_person = h->first_person,
                               .rows = h->rows, .patterns = h->patterns, .schools = h->schools,
                               .mapped = true};
    memcpy(&out->digest, h->digest, sizeof out->digest);
    out->row = (const void *)(h + 1);
    out->pattern = (const void *)(out->row + out->rows);
    out->school = (const void *)(out->pattern + out->patterns);
    return OK;
}

/* Every number that is used as a place lies within; persons rise. */
static bool
places_are_right(const struct marks_week *w)
{
    uint32_t person = 0, bad = 0;

    for (uint32_t i = 0; i < w->rows; i++) {
        const struct marks_row *r = &w->row[i];
        bad |= r->person < person || r->pattern >= w->patterns || r->school >= w->schools;
        person = r->person;
    }
    for (uint32_t i = 0; i < w->patterns; i++)
        for (int k = 0; k < REGISTER_SLOTS; k++)
            bad |= w->pattern[i].mark[k] > ATTENDANCE_CODES;
    for (uint32_t i = 1; i < w->schools; i++)
        bad |= w->school[i].urn <= w->school[i - 1].urn;
    return !bad;
}

bool
marks_rows_are_right(const struct marks_week *w)
{
    const struct marks_head *h = (const void *)((const char *)w->row - sizeof *h);
    uint64_t sum = file_checksum(0, w->row, w->rows * sizeof *w->row);
    bool right;

    sum = file_checksum(sum, w->pattern, w->patterns * sizeof *w->pattern);
    sum = file_checksum(sum, w->school, w->schools * sizeof *w->school);
    right = sum == h->checksum && places_are_right(w);
    /* what was checked need not stay in memory */
    madvise((void *)(uintptr_t)h, h->bytes, MADV_DONTNEED);
    return right;
}
