#include "web/directory/current.h"
#include "directory/shelf.h"
#include "people/area.h"
#include "web/server.h"

enum err
directory_here(struct job *j)
{
    struct area *all;
    size_t n, first = 0;
    enum err e = area_list(j, &all, &n);

    if (e)
        return e;
    while (first < n && all[first].area_id < 1) /* where sealed records lie */
        first++;
    j->area = first < n ? all[first].area_id : 0;
    return server_today(j, &j->today);
}

enum err
directory_search(struct job *j, const struct request *q, const struct search *s,
                 struct search_found *out)
{
    struct shelf *shelf = server_shelf(q->server);
    struct search_index *x;
    enum err e;

    *out = (struct search_found){0};
    if (!shelf || !j->area)
        return OK;
    e = shelf_take(j, shelf, &x);
    return e ? e : search_run(j, x, s, out);
}

void
directory_note(struct job *j, const struct request *q, const char *words, const char *outward,
               uint32_t found)
{
    struct shelf *shelf = server_shelf(q->server);
    const struct searched s = {.words = words, .outward = outward ? outward : "", .found = found};

    if (shelf && j->area && words && words[0] && found <= SEARCHED_FEW)
        shelf_note(j, shelf, &s);
}
