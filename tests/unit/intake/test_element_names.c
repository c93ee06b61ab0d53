/* XML whose elements have other names than ours is read once the setting says which. */
#include "access/setting.h"
#include "intake/original.h"
#include "returns/xml_names.h"
#include "support/loads.h"

#define NAMES                                                                                  \
    "Learners=B2BStudents, Learners/Learner=Student, Learners/LearnerNo = UPN,"                \
    "Learners/Roll=AttendSessions"

/* tests/golden/returns/accept/b2b.0-0.reasons-3.72.xml as another program would write it: what
 * stands in a comment or as text is no element. */
static const char theirs[] =
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
    "<!-- <Learner> of a term -->\n"
    "<x:Learners xmlns:x=\"urn:y\">\n"
    "<Learner id=\"1\"><LearnerNo>Z896400419017</LearnerNo>"
    "<Surname><![CDATA[<LearnerNo>]]>Caf\xE9</Surname><Forename>Robin</Forename>"
    "<DOB>2011-05-09</DOB><URN>900001</URN>\n"
    "<Exclusion><Category>SUSP</Category><Reasons><Reason>DB</Reason></Reasons>"
    "<StartDate>2025-01-14</StartDate><EndDate>2025-01-15</EndDate>"
    "<SchoolDays>1.500000</SchoolDays></Exclusion>\n"
    "<Roll><AttendanceStartDate>2025-01-13</AttendanceStartDate>"
    "<AttendanceMarks>/\\/EE-####</AttendanceMarks></Roll><Empty/></Learner>\n"
    "</x:Learners>\n";

static struct load_result
load_it(struct job *j, const char *path)
{
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    (void)!load(j, &path, 1, &o, &r);
    return r;
}

static void
open_area(struct job *j)
{
    support_db(j);
    assert_int_equal(load_it(j, LOADS_COUNCIL "/people.csv").published, 1);
    j->area = 896;
}

static void
xml_with_other_names_is_read_once_an_authority_says_which(void **state)
{
    struct job *j = support_job(state);
    const char *path = loads_file(j, "learners.xml", theirs);
    struct original_record shown;
    struct load_result r;

    open_area(j);
    assert_int_equal(load_it(j, path).published, 0);
    assert_says(j, "its first element is Learners");
    err_clear(j);
    assert_ok(j, setting_local_choose(j, SETTING_ELEMENTS, NAMES));
    r = load_it(j, path);
    assert_int_equal(r.published, 1);
    assert_string_equal(r.batch[0].kind, "b2b");
    assert_int_equal(r.batch[0].refused, 0);
    j->area = 896;
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE area_id = 896 AND "
                                    "started = 20102 AND reason1 = 'DB'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE area_id = 896 AND "
                                    "note LIKE '%tags read by other names (element-names): 8%'"),
                     1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "upn = 'Z896400419017' AND surname = '<LearnerNo>Café'"), 1);
    /* and is shown again, by the name that is kept */
    assert_ok(j, original_get(j, (struct original_place){r.batch[0].id, 1, (int)loads_count(j,
                                     "SELECT line FROM suspension WHERE area_id = 896")},
                              &shown));
    assert_string_equal(shown.v[0].name, "Category");
}

static void
what_holds_for_all_is_overruled_by_an_authoritys_own(void **state)
{
    struct job *j = support_job(state);
    const char *path = loads_file(j, "learners.xml", theirs);

    open_area(j);
    assert_ok(j, setting_choose(j, SETTING_ELEMENTS, NAMES));
    assert_ok(j, setting_local_choose(j, SETTING_ELEMENTS, "Learners=CTfile"));
    assert_int_equal(load_it(j, path).published, 0);
    err_clear(j);
    j->area = 896;
    assert_ok(j, setting_local_choose(j, SETTING_ELEMENTS, ""));
    assert_int_equal(load_it(j, path).published, 1);
}

/* Files with another first element are read as they are, to the byte. */
static void
names_hold_for_files_with_that_first_element_alone(void **state)
{
    struct job *j = support_job(state);
    const char *path = "tests/golden/returns/accept/b2b.0-0.reasons-3.72.xml";
    struct xml_names names = {0};
    struct returns_set set = {.names = &names};

    assert_ok(j, xml_names_parse(j, "Learners/Student=Pupil, Learners/UPN=Surname", &names));
    assert_ok(j, returns_open_all(j, path, &set));
    assert_string_equal(set.file[0]->note, "");
    assert_memory_equal(set.file[0]->bytes, "<B2BStudents>", strlen("<B2BStudents>"));
}

static void
what_is_no_list_of_names_is_told(void **state)
{
    static const char *const wrong[] = {"Learners", "=UPN", "Learners=", "a/b/c=UPN", "a b=UPN",
                                        "Learners=<UPN>", "Learners/=UPN", "Learners=Nonsense"};
    struct job *j = support_job(state);
    struct xml_names names = {0};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(j, xml_names_parse(j, wrong[i], &names), ERR_INPUT);
        assert_says(j, "element-names");
        err_clear(j);
    }
    assert_int_equal(names.n, 0);
    assert_ok(j, xml_names_parse(j, " ,Message/Ap=APprovisionDetail, ", &names));
    assert_int_equal(names.n, 1);
    assert_ok(j, xml_names_parse(j, NULL, &names));
    assert_int_equal(names.n, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(xml_with_other_names_is_read_once_an_authority_says_which),
        SUPPORT_TEST(what_holds_for_all_is_overruled_by_an_authoritys_own),
        SUPPORT_TEST(names_hold_for_files_with_that_first_element_alone),
        SUPPORT_TEST(what_is_no_list_of_names_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
