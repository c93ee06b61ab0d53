#include "directory/service.h"
#include "directory/uuid.h"
#include "support/support.h"
#include <string.h>

static json_t *
service_named(struct job *j, const char *uuid, const char *name)
{
    json_t *d = document_own(j, json_object());

    assert_ok(j, document_set(j, d, "id", json_string(uuid)));
    assert_ok(j, document_set(j, d, "name", json_string(name)));
    assert_ok(j, document_set(j, d, "status", json_string("active")));
    return d;
}

#define ID_A "aaaaaaaa-0000-4000-8000-000000000001"
#define ID_B "aaaaaaaa-0000-4000-8000-000000000000"
static const struct service_maker manager = {.who = "manager"}, provider = {.who = "provider"},
                                  source = {.who = "source", .source = 1, .run = 1};

static struct job *
ready(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    support_area(j);
    assert_ok(j, db_begin(j));
    return j;
}

static int64_t
number(struct job *j, const char *sql)
{
    int64_t n = -1;

    assert_ok(j, db_int(j, sql, NO_ARGS, -1, &n));
    return n;
}

/* Every state by every act: what it becomes; "" refused. */
static const char *const cells[SERVICE_STATES][SERVICE_ACTS] = {
    /*             SAVE     SEND       APPROVE RETURN     TAKE_BACK     SUPERSEDE */
    /* new */      {"draft", "waiting", "live", "", "", ""},
    /* draft */    {"draft", "waiting", "", "", "taken-back", ""},
    /* waiting */  {"", "waiting", "live", "returned", "taken-back", ""},
    /* returned */ {"draft", "waiting", "", "", "taken-back", ""},
    /* live */     {"", "", "", "", "", "past"},
    /* past */     {"", "", "", "", "", ""},
    /* taken */    {"", "", "", "", "", ""},
};

static void
every_cell_of_the_approval_table_is_as_written_down(void **state)
{
    (void)state;
    for (int s = 0; s < SERVICE_STATES; s++)
        for (int a = 0; a < SERVICE_ACTS; a++) {
            enum service_state to = SERVICE_NEW;
            bool moves = service_move((enum service_state)s, (enum service_act)a, &to);

            assert_string_equal(moves ? service_state_name(to) : "", cells[s][a]);
        }
}

static void
an_entry_is_there_for_the_public_once_it_is_approved(void **state)
{
    struct job *j = ready(state);
    struct service s;
    json_t *doc;
    int64_t turn, later;

    assert_ok(j, service_add(j, service_named(j, ID_A, "Anchor"), &provider, SERVICE_SEND, &s));
    assert_err(j, service_live(j, ID_A, NULL, &doc), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, service_turn(j, &turn));
    assert_err(j, service_decide(j, s.id, 1, SERVICE_RETURN, "  "), ERR_INPUT);
    err_clear(j);
    assert_ok(j, service_decide(j, s.id, 1, SERVICE_APPROVE, NULL));
    assert_ok(j, service_live(j, ID_A, &s, &doc));
    assert_string_equal(document_string(doc, "name"), "Anchor");
    assert_true(service_is_public(&s));
    assert_ok(j, service_turn(j, &later));
    assert_true(later > turn);
    assert_err(j, service_decide(j, s.id, 1, SERVICE_APPROVE, NULL), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, service_hide(j, s.id, "Closed for the summer"));
    assert_err(j, service_live(j, ID_A, NULL, &doc), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, service_hide(j, s.id, NULL));
    assert_ok(j, service_live(j, ID_A, NULL, &doc));
}

static void
the_last_approved_version_is_served_while_edits_wait(void **state)
{
    struct job *j = ready(state);
    struct service s;
    struct service_version *v;
    json_t *doc, *edit = service_named(j, ID_A, "Anchor group");
    int64_t no;
    size_t n;

    assert_ok(j, service_add(j, service_named(j, ID_A, "Anchor"), &source, SERVICE_APPROVE, &s));
    assert_int_equal(number(j, "SELECT COUNT(*) FROM directory_owner"), 0);
    assert_ok(j, service_propose(j, s.id, &(struct service_proposal){edit, provider, 1},
                                 SERVICE_SEND, &no));
    assert_ok(j, service_live(j, ID_A, &s, &doc));
    assert_string_equal(document_string(doc, "name"), "Anchor");
    assert_ok(j, service_decide(j, s.id, no, SERVICE_APPROVE, NULL));
    assert_ok(j, service_live(j, ID_A, &s, &doc));
    assert_string_equal(s.name, "Anchor group");
    assert_ok(j, service_versions(j, s.id, &v, &n));
    assert_int_equal(n, 2);
    assert_int_equal(v[0].state, SERVICE_LIVE);
    assert_int_equal(v[1].state, SERVICE_PAST);
    assert_int_equal(number(j, "SELECT COUNT(*) FROM directory_owner WHERE field = 'name' "
                               "AND owner = 'provider'"), 1);
}

static void
two_edits_of_different_fields_both_come_into_force(void **state)
{
    struct job *j = ready(state);
    struct service s;
    json_t *doc, *one = service_named(j, ID_A, "Anchor"), *two = service_named(j, ID_A, "Anchor");
    json_t *three = service_named(j, ID_A, "Anchor");
    int64_t a, b, c;

    assert_ok(j, service_add(j, service_named(j, ID_A, "Anchor"), &manager, SERVICE_APPROVE, &s));
    assert_ok(j, document_set(j, one, "fees", json_string("None")));
    assert_ok(j, document_set(j, two, "rooted.wait.weeks", json_integer(2)));
    assert_ok(j, document_set(j, three, "fees", json_string("Five pounds")));
    assert_ok(j, service_propose(j, s.id, &(struct service_proposal){one, provider, 0},
                                 SERVICE_SEND, &a));
    assert_ok(j, service_propose(j, s.id, &(struct service_proposal){two, provider, 0},
                                 SERVICE_SEND, &b));
    assert_ok(j, service_propose(j, s.id, &(struct service_proposal){three, provider, 0},
                                 SERVICE_SEND, &c));
    assert_ok(j, service_decide(j, s.id, a, SERVICE_APPROVE, NULL));
    assert_ok(j, service_decide(j, s.id, b, SERVICE_APPROVE, NULL));
    assert_ok(j, service_live(j, ID_A, &s, &doc));
    assert_string_equal(document_string(doc, "fees"), "None");
    assert_int_equal(json_integer_value(document_get(doc, "rooted.wait.weeks")), 2);
    assert_err(j, service_decide(j, s.id, c, SERVICE_APPROVE, NULL), ERR_CONFLICT);
    assert_says(j, "Fees");
}

static void
an_edit_of_what_was_replaced_is_refused(void **state)
{
    struct job *j = ready(state);
    struct service s;
    struct service_version v;
    json_t *d = service_named(j, ID_A, "Anchor");
    int64_t no;

    assert_ok(j, service_add(j, d, &manager, SERVICE_APPROVE, &s));
    assert_ok(j, service_propose(j, s.id, &(struct service_proposal){d, manager, 1},
                                 SERVICE_APPROVE, &no));
    assert_err(j, service_propose(j, s.id, &(struct service_proposal){d, provider, 1},
                                  SERVICE_SEND, &no), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, service_version(j, s.id, 2, &v, NULL));
    assert_err(j, service_change(j, &v, d, SERVICE_SAVE), ERR_CONFLICT);
}

static void
a_draft_may_be_anything_and_what_is_sent_may_not(void **state)
{
    struct job *j = ready(state);
    struct service s;
    struct service_version v;
    json_t *d = service_named(j, ID_A, "Anchor"), *doc;

    assert_ok(j, document_set(j, d, "url", json_string("javascript:alert(1)")));
    assert_ok(j, service_add(j, d, &provider, SERVICE_SAVE, &s));
    assert_ok(j, service_version(j, s.id, 1, &v, &doc));
    assert_err(j, service_change(j, &v, NULL, SERVICE_SEND), ERR_INPUT);
    assert_says(j, "Web page");
    err_clear(j);
    assert_ok(j, document_set(j, doc, "url", NULL));
    assert_ok(j, service_change(j, &v, doc, SERVICE_SEND));
    assert_ok(j, service_version(j, s.id, 1, &v, &doc));
    assert_int_equal(v.state, SERVICE_WAITING);
    assert_null(document_get(doc, "url"));
}

static enum err
gather(struct job *j, void *arg, const struct service_step *step)
{
    char *end = (char *)arg + strlen(arg);
    bool whole = memmem(step->text.s, step->text.n, step->service->uuid, 36) != NULL;

    (void)j;
    snprintf(end, 20, "%s%s", step->service->name, whole ? ";" : "?");
    return OK;
}

static void
a_walk_gives_what_is_in_force_in_the_order_of_ids(void **state)
{
    struct job *j = ready(state);
    struct service a, b, c;
    struct service_counts n;
    struct service *list;
    size_t found;
    char all[200] = "";

    assert_ok(j, service_add(j, service_named(j, ID_A, "One"), &manager, SERVICE_APPROVE, &a));
    assert_ok(j, service_add(j, service_named(j, ID_B, "Two"), &manager, SERVICE_APPROVE, &b));
    assert_ok(j, service_add(j, service_named(j, "x", "Three"), &provider, SERVICE_SEND, &c));
    assert_true(uuid_is(span_of(c.uuid)));
    assert_ok(j, service_walk(j, gather, all));
    assert_string_equal(all, "Two;One;");
    assert_ok(j, service_count(j, &n));
    assert_int_equal(n.entries, 3);
    assert_int_equal(n.shown, 2);
    assert_int_equal(n.waiting, 1);
    assert_ok(j, service_list(j, &(struct service_filter){.words = "tW"}, &list, &found));
    assert_int_equal(found, 1);
    assert_string_equal(list[0].name, "Two");
    assert_err(j, service_add(j, service_named(j, ID_A, "Again"), &manager, SERVICE_SEND, &a),
               ERR_CONFLICT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_cell_of_the_approval_table_is_as_written_down),
        SUPPORT_TEST(an_entry_is_there_for_the_public_once_it_is_approved),
        SUPPORT_TEST(the_last_approved_version_is_served_while_edits_wait),
        SUPPORT_TEST(two_edits_of_different_fields_both_come_into_force),
        SUPPORT_TEST(an_edit_of_what_was_replaced_is_refused),
        SUPPORT_TEST(a_draft_may_be_anything_and_what_is_sent_may_not),
        SUPPORT_TEST(a_walk_gives_what_is_in_force_in_the_order_of_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
