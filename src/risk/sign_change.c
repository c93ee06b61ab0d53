#include "risk/sign_change.h"
#include "risk/sign_words.h"
#include <jansson.h>

static const char *const limits[SIGN_KINDS] = {
#define SIGN(id, name, function, source, audience, limits, values) [id] = limits,
#include "risk/signs.def"
#undef SIGN
};

const char *
sign_limit_name(struct job *j, enum sign_kind kind, int i)
{
    const char *at = limits[kind];

    for (; i > 0 && *at; i--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return *at ? job_format(j, "%.*s", (int)strcspn(at, " "), at) : NULL;
}

static const struct sign_change *
change_of(const json_t *sign, const struct sign_changes *c)
{
    const char *id = json_string_value(json_object_get(sign, "id"));

    for (size_t i = 0; id && i < c->n; i++)
        if (!strcmp(c->v[i].id, id))
            return &c->v[i];
    return NULL;
}

static const struct sign_rule *
rule_of(const struct sign_pack *pack, const char *id)
{
    for (size_t i = 0; i < pack->n; i++)
        if (!strcmp(pack->rule[i].id, id))
            return &pack->rule[i];
    return NULL;
}

static void
change_sign(struct job *j, json_t *sign, const struct sign_rule *r, const struct sign_change *c)
{
    json_t *given = json_object_get(sign, "limits");
    const char *name;

    for (int i = 0; i < SIGN_LIMITS && (name = sign_limit_name(j, r->kind, i)); i++)
        json_object_set_new(given, name, json_integer(c->limit[i]));
}

static void
change_all(struct job *j, json_t *root, const struct sign_pack *pack,
           const struct sign_changes *all)
{
    json_t *signs = json_object_get(root, "signs");

    for (size_t i = json_array_size(signs); i-- > 0;) {
        json_t *sign = json_array_get(signs, i);
        const struct sign_change *c = change_of(sign, all);
        const struct sign_rule *r = c ? rule_of(pack, c->id) : NULL;
        if (!r)
            continue;
        if (c->off)
            json_array_remove(signs, i);
        else
            change_sign(j, sign, r, c);
    }
}

static enum err
write_text(struct job *j, const json_t *root, struct span *out)
{
    size_t n = json_dumpb(root, NULL, 0, JSON_INDENT(2));
    char *text = job_alloc(j, n + 1);

    *out = (struct span){text, json_dumpb(root, text, n, JSON_INDENT(2))};
    return n ? OK : err_set(j, ERR_FAULT, "the changed pack cannot be written");
}

enum err
sign_pack_change(struct job *j, struct span json, const struct sign_changes *c,
                 struct span *out)
{
    struct sign_pack pack, changed;
    json_t *root;
    enum err e = sign_pack_read(j, json, &pack);

    if (e)
        return e;
    root = json_loadb(json.s, json.n, 0, NULL);
    if (!root)
        return err_set(j, ERR_BUSY, "there is not enough memory to change the pack");
    json_object_set_new(root, "version", json_string(c->version));
    change_all(j, root, &pack, c);
    e = write_text(j, root, out);
    json_decref(root);
    return e ? e : sign_pack_read(j, *out, &changed);
}
