#include "web/multipart.h"
#include "web/form.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BOUNDARY_MOST = 70, HEAD_MOST = 4096, PARTS_MOST = 100, FIELD_MOST = 256 * 1024 };

enum place {
    PART_BODY,  /* a part's content, or what stands before the first one */
    PART_AFTER, /* two bytes behind a delimiter: "--" ends all, CRLF begins a part */
    PART_HEAD,
    ALL_DONE,   /* what stands behind the last delimiter means nothing */
};

struct multipart {
    struct job *j;
    const char *folder;
    char delimiter[BOUNDARY_MOST + 5]; /* "\r\n--boundary" */
    size_t n_delimiter, matched;
    enum place place;
    char head[HEAD_MOST + 1];
    size_t n_head;
    char after[2];
    size_t n_after;
    size_t parts;

    bool skip;      /* before the first part, or a file field left empty */
    FILE *file;     /* of the part, when it is a file */
    struct cleanup *close;
    char *text;     /* of the part, when it is a field */
    size_t n_text, room;
    const char *name;
    struct upload upload;

    struct pair *form;
    struct upload *uploads;
    size_t n_form, n_uploads;
    enum body_state state;
};

/* ---- beginning --------------------------------------------------------------------- */

/* boundary=abc or boundary="a b"; the first parameter of that name. */
static struct span
boundary_of(const char *content_type)
{
    const char *at = strcasestr(content_type, "boundary=");
    const char *end;

    if (!at)
        return span_of("");
    at += strlen("boundary=");
    if (*at == '"') {
        end = strchr(++at, '"');
        return end ? (struct span){at, (size_t)(end - at)} : span_of("");
    }
    return (struct span){at, strcspn(at, "; \t\r\n")};
}

struct multipart *
multipart_open(struct job *j, const char *content_type, const char *folder)
{
    struct span b = boundary_of(content_type);
    struct multipart *m;

    if (!b.n || b.n > BOUNDARY_MOST)
        return NULL;
    for (size_t i = 0; i < b.n; i++)
        if (b.s[i] < ' ' || b.s[i] > '~')
            return NULL;
    m = job_alloc(j, sizeof *m);
    *m = (struct multipart){.j = j, .folder = folder, .skip = true};
    snprintf(m->delimiter, sizeof m->delimiter, "\r\n--%.*s", (int)b.n, b.s);
    m->n_delimiter = strlen(m->delimiter);
    m->matched = 2; /* the very first delimiter needs no line end before it */
    m->form = job_array(j, PARTS_MOST, sizeof *m->form);
    m->uploads = job_array(j, PARTS_MOST, sizeof *m->uploads);
    return m;
}

/* ---- a part's head -------------------------------------------------------------------- */

/* name="…" of Content-Disposition.  Browsers write a quote within as %22.  NULL: none. */
static const char *
parameter(struct job *j, const char *line, const char *name)
{
    char key[32];
    const char *at = line, *end;

    snprintf(key, sizeof key, "%s=\"", name);
    while ((at = strcasestr(at, key)) && !strchr("; \t", at[-1]))
        at++;
    if (!at)
        return NULL;
    at += strlen(key);
    end = strchr(at, '"');
    return end ? job_copy_n(j, at, (size_t)(end - at)) : NULL;
}

/* Some browsers give the whole path of the file. */
static const char *
without_folders(const char *name)
{
    const char *at = name;

    for (const char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            at = p + 1;
    return at;
}

static void
close_file(void *arg)
{
    struct multipart *m = arg;

    if (m->file)
        fclose(m->file);
    m->file = NULL;
}

static void
remove_file(void *arg)
{
    unlink(arg);
}

static enum body_state
begin_file(struct multipart *m)
{
    char *path = job_format(m->j, "%s/upload-XXXXXX", m->folder);
    struct cleanup *gone = job_on_end(m->j, remove_file);
    int fd;

    m->close = job_on_end(m->j, close_file);
    if (mkdir(m->folder, 0700) && errno != EEXIST)
        return BODY_NO_ROOM;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return BODY_NO_ROOM;
    gone->arg = path;
    m->close->arg = m;
    m->upload.path = path;
    m->file = fdopen(fd, "wb");
    if (!m->file)
        close(fd);
    return m->file ? BODY_OK : BODY_NO_ROOM;
}

static const char *
disposition(char *head)
{
    for (char *line = head; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (!strncasecmp(line, "content-disposition:", 20)) {
            line[strcspn(line, "\r\n")] = '\0';
            return line;
        }
    }
    return NULL;
}

static enum body_state
begin_part(struct multipart *m)
{
    const char *line, *file;
    size_t bad_at;

    m->head[m->n_head] = '\0';
    if (strlen(m->head) != m->n_head || !text_is_utf8(m->head, m->n_head, &bad_at))
        return BODY_BROKEN;
    line = disposition(m->head);
    m->name = line ? parameter(m->j, line, "name") : NULL;
    if (!m->name || ++m->parts > PARTS_MOST)
        return BODY_BROKEN;
    file = parameter(m->j, line, "filename");
    m->skip = file && !*without_folders(file);
    m->n_text = 0;
    m->text = NULL;
    m->room = 0;
    if (!file || m->skip)
        return BODY_OK;
    m->upload = (struct upload){.field = m->name, .name = without_folders(file)};
    return begin_file(m);
}

/* ---- a part's content -------------------------------------------------------------------- */

static enum body_state
put(struct multipart *m, const char *s, size_t n)
{
    if (m->skip || !n)
        return BODY_OK;
    if (m->file) {
        m->upload.bytes += (int64_t)n;
        return fwrite(s, 1, n, m->file) == n ? BODY_OK : BODY_NO_ROOM;
    }
    if (m->n_text + n > FIELD_MOST)
        return BODY_LARGE;
    if (m->n_text + n + 1 > m->room) {
        m->room = 2 * (m->n_text + n + 1);
        m->text = job_grow(m->j, m->text, m->n_text, m->room);
    }
    memcpy(m->text + m->n_text, s, n);
    m->n_text += n;
    return BODY_OK;
}

static enum body_state
end_part(struct multipart *m)
{
    size_t bad_at;

    if (m->file) {
        bool failed = fclose(m->file) != 0;
        m->file = NULL;
        m->uploads[m->n_uploads++] = m->upload;
        return failed ? BODY_NO_ROOM : BODY_OK;
    }
    if (m->skip)
        return BODY_OK;
    if (!m->text)
        m->text = job_copy(m->j, "");
    m->text[m->n_text] = '\0';
    if (strlen(m->text) != m->n_text || !text_is_utf8(m->text, m->n_text, &bad_at))
        return BODY_BROKEN;
    m->form[m->n_form++] = (struct pair){m->name, m->text};
    return BODY_OK;
}

/* ---- the stream ------------------------------------------------------------------------------ */

/* A carriage return stands only at the start of the delimiter, so a failed match can begin
 * again at nothing but the byte that broke it. */
static enum body_state
take_content(struct multipart *m, const char **s, const char *end)
{
    const char *at = *s, *stop;
    enum body_state e;

    if (m->matched == 0) {
        stop = memchr(at, '\r', (size_t)(end - at));
        e = put(m, at, (size_t)((stop ? stop : end) - at));
        *s = stop ? stop : end;
        if (e || !stop)
            return e;
    }
    while (*s < end && m->matched < m->n_delimiter && **s == m->delimiter[m->matched]) {
        m->matched++;
        ++*s;
    }
    if (m->matched == m->n_delimiter) {
        m->matched = m->n_after = 0;
        m->place = PART_AFTER;
        return end_part(m);
    }
    if (*s == end)
        return BODY_OK;
    e = put(m, m->delimiter, m->matched);
    m->matched = 0;
    return e;
}

static enum body_state
take_after(struct multipart *m, char c)
{
    m->after[m->n_after++] = c;
    if (m->n_after < 2)
        return BODY_OK;
    m->n_head = 0;
    m->place = !memcmp(m->after, "--", 2) ? ALL_DONE : PART_HEAD;
    return m->place == ALL_DONE || !memcmp(m->after, "\r\n", 2) ? BODY_OK : BODY_BROKEN;
}

static enum body_state
take_head(struct multipart *m, char c)
{
    if (m->n_head == HEAD_MOST)
        return BODY_BROKEN;
    m->head[m->n_head++] = c;
    if (m->n_head < 4 || memcmp(m->head + m->n_head - 4, "\r\n\r\n", 4))
        return BODY_OK;
    m->place = PART_BODY;
    return begin_part(m);
}

enum body_state
multipart_add(struct multipart *m, const char *s, size_t n)
{
    const char *end = s + n;

    while (s < end && m->state == BODY_OK && m->place != ALL_DONE) {
        if (m->place == PART_BODY)
            m->state = take_content(m, &s, end);
        else if (m->place == PART_AFTER)
            m->state = take_after(m, *s++);
        else
            m->state = take_head(m, *s++);
    }
    return m->state;
}

enum body_state
multipart_close(struct multipart *m, struct request *q)
{
    if (m->state == BODY_OK && m->place != ALL_DONE)
        m->state = BODY_BROKEN;
    if (m->state != BODY_OK)
        return m->state;
    q->form = m->form;
    q->n_form = m->n_form;
    q->uploads = m->uploads;
    q->n_uploads = m->n_uploads;
    return BODY_OK;
}
