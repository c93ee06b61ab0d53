#include "web/route.h"
#include "web/form.h"

enum { PARTS_MOST = 6 };

/* No empty, "." or ".." parts, no backslashes, nothing that cannot be printed. */
static bool
path_is_plain(const char *path)
{
    if (*path != '/')
        return false;
    for (const char *p = path; *p; p++) {
        size_t n = strcspn(p + 1, "/");
        if ((unsigned char)*p < ' ' || *p == 0x7f || *p == '\\')
            return false;
        if (*p != '/')
            continue;
        if ((n == 0 && p[1]) || (n == 1 && p[1] == '.') || (n == 2 && p[1] == '.' && p[2] == '.'))
            return false;
    }
    return true;
}

bool
route_parse(struct job *j, const char *raw, struct target *out)
{
    size_t n = strcspn(raw, "?");
    struct span query = raw[n] ? span_of(raw + n + 1) : span_of("");

    *out = (struct target){.path = form_decode(j, (struct span){raw, n}, false)};
    return out->path && path_is_plain(out->path) && !strchr(raw, '#') &&
           form_parse(j, query, &out->query, &out->n_query);
}

/* Does this path fit the row's?  part gets what stood for each :word. */
static bool
fits(struct job *j, const char *row, const char *path, const char **part, size_t *n)
{
    *n = 0;
    while (*row && *path) {
        size_t there = strcspn(row + 1, "/") + 1, here = strcspn(path + 1, "/") + 1;
        if (row[1] == ':') {
            if (here == 1 || *n == PARTS_MOST)
                return false;
            part[(*n)++] = job_copy_n(j, path + 1, here - 1);
        } else if (there != here || memcmp(row, path, here)) {
            return false;
        }
        row += there;
        path += here;
    }
    return !*row && !*path;
}

void
route_find(struct job *j, const char *method, const char *path, struct route *out)
{
    const char **part = job_array(j, PARTS_MOST, sizeof *part);
    bool get = !strcmp(method, "GET") || !strcmp(method, "HEAD"), post = !strcmp(method, "POST");
    bool other[2] = {false, false};
    size_t n;

    *out = (struct route){0};
    for (const struct page *p = pages; p->path; p++) {
        if (!fits(j, p->path, path, part, &n))
            continue;
        if (p->method == GET ? get : post) {
            *out = (struct route){p, part, n, NULL};
            return;
        }
        other[p->method] = true;
    }
    if (other[GET] && other[POST])
        out->allow = "GET, HEAD, POST";
    else if (other[GET])
        out->allow = "GET, HEAD";
    else if (other[POST])
        out->allow = "POST";
}
