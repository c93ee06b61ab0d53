#include "link/identity.h"
#include "people/area.h"
#include "support/support.h"

/* Writes each row at once, as a load would a chunk later. */
static enum err
write_row(struct job *j, void *arg, const struct db_table *t, const struct arg *v)
{
    struct bulk *b;

    (void)arg;
    if (db_begin(j) || db_bulk_begin(j, t->name, t->columns, t->types, &b) ||
        db_bulk_row(b, v) || db_bulk_end(b, NULL) || db_commit(j))
        return j->err.kind;
    return OK;
}

static struct identities *
identities_open(struct job *j)
{
    struct identities *ids;

    assert_ok(j, identity_open(j, (struct identity_sink){NULL, write_row, NULL}, &ids));
    identity_for_batch(ids, 1);
    return ids;
}

static struct identities *
identities_new(struct job *j)
{
    support_db(j);
    support_area(j);
    return identities_open(j);
}

/* "UPN former surname forename date postcode"; "-" not given. */
static struct span
part(const char *s)
{
    return strcmp(s, "-") ? span_of(s) : (struct span){"", 0};
}

static struct description
school(const char *upn, const char *surname, const char *forename, const char *born,
       const char *postcode)
{
    struct description d = {.source = IDENTITY_SCHOOL, .upn = part(upn),
                            .surname = part(surname), .forename = part(forename),
                            .born = DATE_NONE, .sex = SPAN("F"), .postcode = part(postcode)};

    date_parse(born, strlen(born), &d.born);
    return d;
}

static struct description
care(const char *local_id, const char *upn, const char *born)
{
    struct description d = school(upn, "-", "-", born, "-");

    d.source = IDENTITY_CARE;
    d.local_id = part(local_id);
    return d;
}

static struct identity
find(struct job *j, struct identities *ids, struct description d)
{
    struct identity i;

    assert_ok(j, identity_find(j, ids, &d, &i));
    return i;
}

static void
settle(struct job *j, struct identities *ids)
{
    bool left = true;

    assert_ok(j, db_begin(j));
    assert_ok(j, identity_settle(j, ids));
    while (left)
        assert_ok(j, identity_link(j, ids, 1, &left));
    assert_ok(j, db_commit(j));
}

#define UPN_A "H801200001001"
#define UPN_B "X845212818005"
#define UPN_TEMPORARY_A "G80120000101A"

static void
the_same_description_is_one_identity(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));
    struct identity b = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));

    assert_false(a.seen);
    assert_true(b.seen);
    assert_int_equal(a.identity_id, b.identity_id);
    assert_int_equal(a.person_id, b.person_id);
    ids = identities_open(j); /* another load */
    b = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));
    assert_true(b.seen);
    assert_int_equal(a.identity_id, b.identity_id);
    assert_int_equal(a.person_id, b.person_id);
}

static void
a_child_who_moved_house_is_the_same_by_upn(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));
    struct identity b = find(j, ids, school(UPN_A, "Shaw-Hill", "Amy", "2010-03-01", "GL1 1AA"));

    assert_int_equal(a.person_id, b.person_id);
    assert_true(a.identity_id != b.identity_id);
    assert_int_equal(b.doubt, 0);
}

static void
a_former_upn_leads_to_the_child(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct description d = school(UPN_A, "Shaw", "Amy", "2010-03-01", "-");
    struct identity a = find(j, ids, school(UPN_TEMPORARY_A, "Shaw", "Amy", "2010-03-01", "-"));

    d.former_upn = span_of(UPN_TEMPORARY_A);
    assert_int_equal(find(j, ids, d).person_id, a.person_id);
    ids = identities_open(j);
    assert_int_equal(find(j, ids, school(UPN_A, "Hill", "Amy", "2010-03-01", "-")).person_id,
                     a.person_id);
    assert_int_equal(
        find(j, ids, school(UPN_TEMPORARY_A, "Shaw", "Amelia", "2010-03-01", "-")).person_id,
        a.person_id);
}

static void
a_child_without_upn_is_found_by_name_birth_and_postcode(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school("-", "O'Brien", "Zoë", "2012-05-06", "CH1 9ZZ"));
    struct identity b = find(j, ids, school("-", "OBRIEN", "ZOE", "2012-05-06", "CH1 9ZZ"));
    struct identity c = find(j, ids, school("-", "OBrien", "Zoe", "2012-05-06", "CH2 9ZZ"));
    struct identity d = find(j, ids, school(UPN_A, "O Brien", "Zoe", "2012-05-06", "CH1 9ZZ"));

    assert_true(a.person_id > 0);
    assert_int_equal(a.person_id, b.person_id);
    assert_true(a.person_id != c.person_id); /* elsewhere: exact rules do not guess */
    assert_int_equal(a.person_id, d.person_id);
    assert_int_equal(d.doubt, 0); /* a UPN where there was none is no doubt */
    d = find(j, ids, school(UPN_B, "O Brien", "Zoe", "2012-05-06", "CH1 9ZZ"));
    assert_int_equal(a.person_id, d.person_id);
    assert_int_equal(d.doubt, DOUBT_UPN_CHANGED);
}

static void
twins_are_never_joined(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school("-", "Khan", "Adam", "2011-01-02", "CH1 9ZZ"));
    struct identity b = find(j, ids, school("-", "Khan", "Amir", "2011-01-02", "CH1 9ZZ"));
    struct identity c = find(j, ids, school(UPN_A, "Khan", "Aziz", "2011-01-02", "CH1 9ZZ"));

    assert_true(a.person_id != b.person_id && b.person_id != c.person_id &&
                a.person_id != c.person_id);
}

static void
a_upn_that_two_children_share_does_not_join_them(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "-"));
    struct identity b = find(j, ids, school(UPN_A, "Patel", "Ravi", "2014-11-30", "-"));
    struct identity c = find(j, ids, school(UPN_A, "Shaw", "Amy Jo", "2010-03-01", "-"));
    struct identity d = find(j, ids, school(UPN_A, "Patel", "Ravi", "2014-11-03", "-"));

    assert_true(a.person_id != b.person_id);
    assert_int_equal(b.doubt, DOUBT_UPN_SHARED);
    assert_int_equal(c.person_id, a.person_id); /* each goes to its own */
    assert_int_equal(d.person_id, b.person_id); /* one of name and birth may be mistyped */
}

static void
social_care_joins_by_upn_only_when_the_birth_agrees(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "-"));
    struct identity b = find(j, ids, care("77", UPN_A, "2010-03-01"));
    struct identity c = find(j, ids, care("78", UPN_A, "2013-03-01"));
    struct identity d = find(j, ids, care("77", "-", "2010-03-01"));

    assert_int_equal(b.person_id, a.person_id);
    assert_int_equal(c.person_id, 0);
    assert_int_equal(c.doubt, DOUBT_UPN_SHARED | DOUBT_NOT_LINKABLE);
    assert_int_equal(d.person_id, a.person_id); /* its id was seen with the UPN */
}

static void
social_care_without_upn_is_found_through_the_person_list(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity child = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));
    struct identity before = find(j, ids, care("501", "-", "2010-03-01"));
    struct identity nobody = find(j, ids, care("502", "-", "2010-03-01"));
    struct description row = school("-", "Shaw", "Amy", "2010-03-01", "CH1 9ZZ");
    int64_t person;

    assert_int_equal(before.person_id, 0);
    row.source = IDENTITY_LIST;
    row.local_id = SPAN("501");
    assert_int_equal(find(j, ids, row).person_id, child.person_id);
    settle(j, ids);
    assert_int_equal(find(j, ids, care("501", "-", "2010-03-01")).person_id, child.person_id);
    assert_ok(j, db_int(j, "SELECT person_id FROM identity WHERE area_id = 1 AND identity_id = $1",
                        ARGS(INT(before.identity_id)), 0, &person));
    assert_int_equal(person, child.person_id);
    assert_ok(j, db_int(j, "SELECT count(*) FROM identity_change WHERE area_id = 1 "
                           "AND identity_id = $1 AND was_person_id IS NULL",
                        ARGS(INT(before.identity_id)), 0, &person));
    assert_int_equal(person, 1);
    assert_int_equal(find(j, ids, care("502", "-", "2010-03-01")).person_id, 0);
    assert_int_equal(nobody.doubt, DOUBT_NOT_LINKABLE);
}

static void
a_child_who_moves_to_where_the_person_list_has_it_is_that_person(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct description row = school("-", "Shaw", "Amy", "2010-03-01", "CH1 9ZZ");
    struct identity list, child;

    row.source = IDENTITY_LIST;
    row.local_id = SPAN("501");
    list = find(j, ids, row);
    child = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "GL1 1AA"));
    assert_true(child.person_id != list.person_id);
    assert_true(find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "GL1 1AB")).person_id ==
                child.person_id);
    /* the same description, another postcode */
    child = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));
    assert_true(child.seen);
    assert_int_equal(child.person_id, list.person_id);
    settle(j, ids);
    ids = identities_open(j);
    assert_int_equal(
        find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "GL1 1AA")).person_id,
        list.person_id);
    /* twins of one home are two still */
    assert_true(find(j, ids, school(UPN_B, "Shaw", "Eve", "2010-03-01", "CH1 9ZZ")).person_id !=
                list.person_id);
}

static void
two_rules_that_find_two_persons_make_them_one(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school("-", "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));
    struct identity b = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "GL1 1AA"));
    struct identity c = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));
    int64_t left;

    assert_true(a.person_id != b.person_id);
    /* the same description but for the postcode, which is no part of it beside a UPN */
    assert_int_equal(c.identity_id, b.identity_id);
    c = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));
    struct description preferred = school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ");
    preferred.preferred_surname = SPAN("Hill");
    c = find(j, ids, preferred);
    assert_int_equal(c.person_id, a.person_id); /* the older number stays */
    settle(j, ids);
    assert_ok(j, db_int(j, "SELECT count(*) FROM identity WHERE area_id = 1 AND person_id = $1",
                        ARGS(INT(b.person_id)), 0, &left));
    assert_int_equal(left, 0);
    /* who it was stays known */
    assert_ok(j, db_int(j, "SELECT was_person_id FROM identity_change WHERE area_id = 1 "
                           "AND identity_id = $1", ARGS(INT(b.identity_id)), 0, &left));
    assert_int_equal(left, b.person_id);
    assert_int_equal(
        find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "GL1 1AA")).person_id,
        a.person_id);
    ids = identities_open(j);
    assert_int_equal(
        find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "GL1 1AA")).person_id,
        a.person_id);
}

static void
an_earlier_census_tells_where_a_child_lived(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "CH1 9ZZ"));

    assert_ok(j, db_run(j, "INSERT INTO census_pupil (area_id, batch_id, file_id, line, "
                           "identity_id, urn, school_year, term, on_roll, postcode) "
                           "VALUES (1, 1, 1, 2, $1, 900001, 2023, 1, 1, 'CH1 9ZZ')",
                        ARGS(INT(a.identity_id)), NULL));
    ids = identities_open(j);
    assert_int_equal(find(j, ids, school("-", "Shaw", "Amy", "2010-03-01", "CH1 9ZZ")).person_id,
                     a.person_id);
    assert_true(find(j, ids, school("-", "Shaw", "Amy", "2010-03-01", "CH1 9ZY")).person_id !=
                a.person_id);
}

static void
a_notification_makes_a_person_only_by_upn(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct description d = school("-", "Shaw", "Amy", "2010-03-01", "-");
    struct identity i;

    d.source = IDENTITY_NOTIFICATION;
    i = find(j, ids, d);
    assert_int_equal(i.person_id, 0);
    assert_int_equal(i.doubt, DOUBT_NOT_LINKABLE);
    d.upn = span_of(UPN_B);
    i = find(j, ids, d);
    assert_true(i.person_id > 0);
    assert_int_equal(find(j, ids, school(UPN_B, "Shaw", "Amy", "2010-03-01", "-")).person_id,
                     i.person_id);
}

static void
what_is_no_number_joins_nobody(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school("UNKNOWN", "Shaw", "Amy", "2010-03-01", "-"));
    struct identity b = find(j, ids, school("UNKNOWN", "Shaw", "Amy", "2010-03-02", "-"));
    /* a wrong check letter does not matter where the text is the same */
    struct identity c = find(j, ids, school("Z801200001001", "Li", "Bo", "2010-03-01", "-"));
    struct identity d = find(j, ids, school("Z801200001001", "Li", "Bob", "2010-03-01", "-"));

    assert_true(a.person_id != b.person_id);
    assert_int_equal(c.person_id, d.person_id);
}

static void
identities_of_a_batch_that_came_to_nothing_are_removed(void **state)
{
    struct job *j = support_job(state);
    struct identities *ids = identities_new(j);
    struct identity a = find(j, ids, school(UPN_A, "Shaw", "Amy", "2010-03-01", "-")), b;
    bool left = true;
    int64_t n;

    identity_for_batch(ids, 2);
    b = find(j, ids, school(UPN_A, "Hill", "Amy", "2010-03-01", "-"));
    assert_int_equal(b.person_id, a.person_id);
    for (int i = 0; i < 7; i++) {
        char name[8] = "Name ";
        name[4] = (char)('a' + i);
        find(j, ids, school("-", name, "New", "2010-03-01", "-"));
    }
    for (int i = 0; left; i++) {
        assert_true(i < 20);
        assert_ok(j, db_begin(j));
        assert_ok(j, identity_drop(j, 2, 3, &left));
        assert_ok(j, db_commit(j));
    }
    assert_ok(j, db_int(j, "SELECT count(*) FROM identity WHERE area_id = 1", NO_ARGS, 0, &n));
    assert_int_equal(n, 1);
    assert_ok(j, db_int(j, "SELECT count(*) FROM person WHERE area_id = 1", NO_ARGS, 0, &n));
    assert_int_equal(n, 1);
}

static void
a_failing_database_is_told_at_every_call(void **state)
{
    struct job *j = support_job(state);
    struct description d = school(UPN_A, "Shaw", "Amy", "2010-03-01", "-");
    int at;

    support_db(j);
    support_area(j);
    for (at = 1; at < 100; at++) {
        struct scope s = job_scope_begin(j);
        struct identities *ids;
        struct identity i;
        enum err e;

        db_fault = at;
        e = identity_open(j, (struct identity_sink){NULL, write_row, NULL}, &ids);
        if (!e)
            e = identity_find(j, ids, &d, &i);
        job_scope_end(j, s);
        if (db_fault > 0)
            break; /* fewer calls than that */
        assert_int_equal(e, ERR_ENV);
        db_rollback(j);
        err_clear(j);
    }
    db_fault = 0;
    assert_true(at > 5 && at < 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_same_description_is_one_identity),
        SUPPORT_TEST(a_child_who_moved_house_is_the_same_by_upn),
        SUPPORT_TEST(a_former_upn_leads_to_the_child),
        SUPPORT_TEST(a_child_without_upn_is_found_by_name_birth_and_postcode),
        SUPPORT_TEST(twins_are_never_joined),
        SUPPORT_TEST(a_upn_that_two_children_share_does_not_join_them),
        SUPPORT_TEST(social_care_joins_by_upn_only_when_the_birth_agrees),
        SUPPORT_TEST(social_care_without_upn_is_found_through_the_person_list),
        SUPPORT_TEST(a_child_who_moves_to_where_the_person_list_has_it_is_that_person),
        SUPPORT_TEST(two_rules_that_find_two_persons_make_them_one),
        SUPPORT_TEST(an_earlier_census_tells_where_a_child_lived),
        SUPPORT_TEST(a_notification_makes_a_person_only_by_upn),
        SUPPORT_TEST(what_is_no_number_joins_nobody),
        SUPPORT_TEST(identities_of_a_batch_that_came_to_nothing_are_removed),
        SUPPORT_TEST(a_failing_database_is_told_at_every_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
